"""The card on the table: what was asked when, what came of it, and its way through the steps.

A session holds one turn at a time. What a turn keeps beside its grade goes into the log as JSON,
and comes back from there when the grade is taken back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from studykit.memory import Choice, Grade, Memory, Sort
from studykit.study.drafts import Draft
from studykit.study.errors import StudyError
from studykit.study.kinds import Asked
from studykit.study.question import Outcome, Step, StepDone
from studykit.study.reading import Reading

if TYPE_CHECKING:
    from studykit.progress import Review
    from studykit.study.kinds.steps import Walk
    from studykit.study.scratch import Scratchpad

LONGEST_MS = 10 * 60 * 1000
"""A question left open longer than this was left alone, not thought about."""
LONGEST_NOTES = 20_000
"""Characters of notes that are kept."""


def ticks_of(answer: str | None) -> frozenset[int]:
    """Rubric points, numbered from 0, of the answer that keeps them: "1,3" is {0, 2}."""
    words = (answer or "").split(",")
    return frozenset(int(word) - 1 for word in words if word.isdecimal())


@dataclass(slots=True)
class Turn:
    """The card that is being asked: what was asked when, and what came of it."""

    asked: Asked
    sort: Sort
    day: int
    shown_ms: int
    seen: int
    before: Memory | None
    walk: Walk | None = None
    """The way through the steps, once it was begun."""
    walking: bool = False
    """Whether a step is asked at the moment, and not the whole."""
    typed: dict[str, str] = field(default_factory=dict)
    """What stands in the fields: by the name of the step, "" for the whole."""
    notes: str = ""
    pad: Scratchpad | None = None
    answer: str | None = None
    hints: int = 0
    """All that were given, those of steps included."""
    hints_of_whole: int = 0
    last_help: str = ""
    """What the last text that could not be judged gave away."""
    elapsed_ms: int = 0
    outcome: Outcome | None = None
    choices: dict[Grade, Choice] | None = None
    within: str = ""
    """The interview it belongs to: there a verdict stands, and time is limited."""

    @property
    def step(self) -> Step | None:
        """The step that is asked instead of the whole."""
        return self.walk.step if self.walking and self.walk is not None else None

    @property
    def done(self) -> tuple[StepDone, ...]:
        """The steps that are behind."""
        return self.walk.done if self.walk is not None else ()

    @property
    def ticks(self) -> frozenset[int]:
        """The rubric points that were made, numbered from 0."""
        return ticks_of(self.answer) if self.asked.question.asks == "rubric" else frozenset()

    @property
    def name(self) -> str:
        """Names this asking. The next showing of the card, or another wording, has another name."""
        question = self.asked.question
        parts = (question.card, question.ticket, str(self.seen), question.text, self.within)
        return "\n".join(parts)

    def elapsed(self, at_ms: int) -> int:
        """Time since it was shown, up to this moment."""
        return min(LONGEST_MS, max(0, at_ms - self.shown_ms))

    def spent(self, at_ms: int) -> int:
        """Time on this question so far; reading its verdict takes none."""
        return self.elapsed_ms if self.outcome else self.elapsed(at_ms)

    def begin_steps(self) -> Step:
        """Ask the steps one by one, from where they were left."""
        settled = self.outcome
        if settled is not None and settled.result == "right":
            raise StudyError("The answer was right; there is no step to look into. Grade it.")
        if self.walk is None:
            self.walk = self.asked.walk()
        step = self.walk.step
        if step is None:
            raise StudyError("Every step is done. Grade it.")
        self.walking = True
        return step

    def take_step(self, act: Callable[[Walk], Outcome]) -> Outcome:
        """Answer the step that is asked, or have it shown."""
        if self.walk is None or self.step is None:
            raise StudyError("No step is asked.")
        outcome = act(self.walk)
        self.helped_by(outcome)
        return outcome

    @property
    def hints_shown(self) -> tuple[str, ...]:
        """The hints for the whole that were given."""
        given = (self.asked.hint(number) for number in range(self.hints_of_whole))
        return tuple(text for text in given if text is not None)

    def helped_by(self, outcome: Outcome) -> None:
        """Count what a text brought to light as a hint, once however often it is sent."""
        self.hints += outcome.helped and outcome.says != self.last_help
        if outcome.helped:
            self.last_help = outcome.says

    def hint(self) -> str | None:
        """The next hint for what is asked: the whole, or a step."""
        if self.walk is not None and self.walking:
            text = self.walk.hint()
        else:
            text = self.asked.hint(self.hints_of_whole)
            self.hints_of_whole += text is not None
        self.hints += text is not None
        return text

    def reading(self, text: str) -> Reading:
        """What a text that is being typed reads as, for the whole or for the step."""
        asked = self.walk if self.walk is not None and self.walking else self.asked
        return asked.reading(text)

    def scratchpad(self) -> Scratchpad:
        """The pad of this question, which knows its givens and the learner's own steps."""
        from studykit.study.scratch import Scratchpad, numbers_of, shown_in

        if self.pad is None:
            shown, givens = shown_in(self.asked.question.text), numbers_of(self.asked.givens())
            self.pad = Scratchpad({**shown, **givens})
        if self.walk is not None:
            self.pad.know(numbers_of(self.walk.values()))
        return self.pad

    def kept(self, more: Mapping[str, Any]) -> str | None:
        """Notes, steps and what else is given as JSON for the log; None where there is nothing."""
        kept: dict[str, Any] = dict(more)
        if self.notes.strip():
            kept["notes"] = self.notes[:LONGEST_NOTES]
        if self.done:
            kept["steps"] = [
                {"step": one.step.name, "typed": one.typed, "result": one.outcome.result}
                for one in self.done
            ]
            kept["whole_first"] = self.outcome is not None and not self.outcome.by_steps
        return json.dumps(kept, ensure_ascii=False) if kept else None

    def draft(self, spent_ms: int) -> Draft:
        """How far the learner is after so long, to be put down outside the log."""
        walking = self.walking and self.outcome is None
        if self.within and self.outcome is not None:
            walking = self.outcome.by_steps  # Its verdict comes back from the last step.
        return Draft(
            typed={name: text for name, text in self.typed.items() if text.strip()},
            notes=self.notes[:LONGEST_NOTES],
            steps=tuple(one.typed for one in self.done),
            walking=walking,
            hints=self.hints,
            hints_of_whole=self.hints_of_whole,
            spent_ms=spent_ms if self.within else 0,
            judged=(self.answer or "") if self.within and self.outcome else None,
        )

    def resume(self, draft: Draft) -> None:
        """Go on from a draft, so that nothing is typed twice.

        The last of all steps stays open: what was typed for it stands in its field.
        """
        question = self.asked.question
        self.notes, self.hints = draft.notes, draft.hints
        self.hints_of_whole = draft.hints_of_whole
        self.shown_ms -= draft.spent_ms
        self.typed = dict(draft.typed)
        if not question.steps or not (draft.steps or draft.walking):
            return
        self.walk = self.asked.walk()
        last = self.walk.again(draft.steps)
        self.walking = draft.walking
        if last and self.walk.step is not None:
            self.typed[self.walk.step.name] = last

    def restore(self, review: Review) -> None:
        """Put back what was typed for a grade that was taken back: a draft, to be checked again."""
        question = self.asked.question
        if question.card != (review.card or "") or question.ticket != (review.ticket or ""):
            return
        kept = json.loads(review.detail) if review.detail else {}
        steps = tuple(one["typed"] for one in kept.get("steps", ()))
        typed = review.answer if question.asks in ("line", "matrix") else None
        self.resume(
            Draft(
                typed={"": typed} if typed else {},
                notes=kept.get("notes", ""),
                steps=steps,
                walking=bool(steps) and not kept.get("whole_first"),
            )
        )


def notes_of(history: Sequence[Review]) -> str:
    """The newest notes among the answers of a card, oldest answer first; "" if there are none."""
    kept = (json.loads(review.detail) for review in reversed(history) if review.detail)
    return next((one["notes"] for one in kept if one.get("notes")), "")


@dataclass(frozen=True, slots=True)
class Done:
    """One graded answer of this session."""

    review: str
    card: str
    grade: Grade
    result: str
    elapsed_ms: int
    new: bool
    slips: tuple[str, ...]
