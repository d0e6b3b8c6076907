"""What stands on the study screen: the question, what was typed, and how far the learner is.

Kept apart from the screen, so that leaving it and coming back loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from studykit.memory import Grade

if TYPE_CHECKING:
    from studykit.study.question import Outcome, Question
    from studykit.study.session import Session

Phase = Literal["ask", "tick", "grade"]


@dataclass(slots=True)
class Showing:
    """One question as it stands on the screen."""

    question: Question
    outcome: Outcome | None = None
    """The verdict, once there is one."""
    attempt: Outcome | None = None
    """What came of the last text that was no answer yet: unreadable, or too few digits."""
    typed: str = ""
    hints: list[str] = field(default_factory=list)
    ticks: set[int] = field(default_factory=set)
    ticked: bool = False
    """Whether ticking the rubric is done."""
    message: str = ""
    """One sentence under the question: "There is no further hint."."""

    @property
    def phase(self) -> Phase:
        """`ask` until settled, `tick` while an open card's points are ticked, then `grade`."""
        if self.outcome is None:
            return "ask"
        return "tick" if self.question.asks == "rubric" and not self.ticked else "grade"

    @property
    def has_field(self) -> bool:
        return self.question.asks in ("line", "matrix")

    @property
    def proposed(self) -> Grade:
        """The grade that Enter gives."""
        if self.outcome is None or self.outcome.suggested is None:
            return Grade.GOOD
        return self.outcome.suggested


@dataclass(slots=True)
class Sitting:
    """A session and what it shows at the moment; survives going back to the decks."""

    session: Session
    decks: tuple[str, ...] = ()
    showing: Showing | None = None
    aside: bool = False
    """Practice beside the schedule; it is not taken up again."""

    def advance(self) -> Showing | None:
        """The current question or the next one; None when nothing is left."""
        question = self.session.next()
        if question is None:
            self.showing = None
        elif self.showing is None or self.showing.question is not question:
            self.showing = Showing(question, self.session.outcome)
        return self.showing

    def undo(self) -> bool:
        """Take back the last review; False when there is none."""
        question = self.session.undo()
        if question is None:
            return False
        self.showing = Showing(question)
        return True
