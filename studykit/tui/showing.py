"""What stands on the study screen: the question, what was typed, and how far the learner is.

Kept apart from the screen, so that leaving it and coming back loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from studykit.memory import Grade

if TYPE_CHECKING:
    from studykit.study.question import Outcome, Question, Step, StepDone
    from studykit.study.session import Session
    from studykit.tui.screens.base import Page

Phase = Literal["ask", "tick", "grade"]
Entry = Literal["", "line", "rows", "grid", "notes"]


@dataclass(slots=True)
class Draft:
    """What stands under one question, or under one step of it."""

    typed: str = ""
    cells: tuple[tuple[str, ...], ...] = ()
    """What was typed into the grid, while that is where it is typed."""
    as_grid: bool = False
    hints: list[str] = field(default_factory=list)
    attempt: Outcome | None = None
    """What came of the last text that was no answer yet: unreadable, or too few digits."""

    def text(self, *, decimal_comma: bool) -> str:
        """What was typed, as one text; empty where every cell is."""
        if not self.as_grid or not self.cells:
            return self.typed
        if not any(text.strip() for row in self.cells for text in row):
            return ""
        from studykit.answers.grids import join_cells

        return join_cells(self.cells, decimal_comma=decimal_comma)


@dataclass(slots=True)
class Showing:
    """One question as it stands on the screen, or a step of it."""

    question: Question
    outcome: Outcome | None = None
    """The verdict, once there is one."""
    step: Step | None = None
    """The step that is asked instead of the whole."""
    done: tuple[StepDone, ...] = ()
    ticks: set[int] = field(default_factory=set)
    ticked: bool = False
    """Whether ticking the rubric is done."""
    notes: str = ""
    """What was typed while thinking aloud."""
    message: str = ""
    """One sentence under the question: "There is no further hint."."""
    _drafts: dict[str, Draft] = field(default_factory=dict)

    @property
    def asked(self) -> Question | Step:
        """What is to be answered at the moment."""
        return self.step or self.question

    @property
    def draft(self) -> Draft:
        """What stands under it."""
        return self._draft_of(self.asked, self.step.name if self.step else "")

    def _draft_of(self, asked: Question | Step, name: str) -> Draft:
        if name not in self._drafts:
            self._drafts[name] = Draft(as_grid=asked.asks == "matrix" and asked.grid)
        return self._drafts[name]

    def typed(self, *, decimal_comma: bool) -> dict[str, str]:
        """What stands in every field of this question: by step, "" for the whole."""
        return {
            name: draft.text(decimal_comma=decimal_comma) for name, draft in self._drafts.items()
        }

    def put_back(self, typed: Mapping[str, str], hints: Sequence[str]) -> None:
        """Go on from what was typed and given before. A grid is filled from text that was typed as
        rows."""
        asked: dict[str, Question | Step] = {step.name: step for step in self.question.steps}
        asked[""] = self.question
        for name in typed.keys() & asked.keys():
            self._draft_of(asked[name], name).typed = typed[name]
        self._draft_of(self.question, "").hints = list(hints)

    @property
    def phase(self) -> Phase:
        """`ask` until settled, `tick` while an open card's points are ticked, then `grade`."""
        if self.outcome is None or self.step is not None:
            return "ask"
        return "tick" if self.question.asks == "rubric" and not self.ticked else "grade"

    @property
    def has_field(self) -> bool:
        """Whether an answer is typed."""
        return self.asked.asks in ("line", "matrix")

    @property
    def entry(self) -> Entry:
        """The field that is typed into at the moment."""
        if self.phase != "ask":
            return ""
        if self.asked.asks == "rubric":
            return "notes"
        if not self.has_field:
            return ""
        if self.draft.as_grid:
            return "grid"
        return "rows" if self.asked.asks == "matrix" else "line"

    @property
    def proposed(self) -> Grade:
        """The grade that Enter gives."""
        if self.outcome is None or self.outcome.suggested is None:
            return Grade.GOOD
        return self.outcome.suggested

    def graded_by(self, session: Session) -> bool:
        """Whether the session grades this answer itself."""
        return session.auto and self.outcome is not None and self.outcome.suggested is not None

    def take_over(self, other: Showing) -> None:
        """Keep what was typed for the same card when it is shown again."""
        self._drafts, self.notes = other._drafts, other.notes

    def follow(self, session: Session) -> None:
        """See how far the session is."""
        self.outcome, self.step, self.done = session.outcome, session.step, session.steps_done


@dataclass(slots=True)
class Sitting:
    """A session and what it shows at the moment; survives going back to the decks."""

    session: Session
    decks: tuple[str, ...] = ()
    showing: Showing | None = None
    aside: bool = False
    """Practice beside the schedule; it is not taken up again."""
    closing: Callable[[], Page[None]] | None = None
    """Makes the screen that stands at the end; the summary unless given."""

    def advance(self) -> Showing | None:
        """The current question or the next one; None when nothing is left."""
        question = self.session.next()
        if question is None:
            self.showing = None
        elif self.showing is None or self.showing.question is not question:
            self.showing = self._shown(question)
        return self.showing

    def undo(self) -> bool:
        """Take back the last review; False when there is none."""
        question = self.session.undo()
        if question is None:
            return False
        self.showing = self._shown(question)
        return True

    def _shown(self, question: Question) -> Showing:
        showing = Showing(question)
        showing.follow(self.session)
        showing.notes, showing.ticks = self.session.notes, set(self.session.ticks)
        showing.put_back(self.session.typed, self.session.hints)
        return showing
