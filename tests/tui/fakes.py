"""A collection and a session that follow a script, for what a real one cannot be made to do."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from studykit.memory import Grade
from studykit.study.errors import StudyError
from studykit.study.home import Home
from studykit.study.outlook import Outlook, Slipped, Weak
from studykit.study.question import (
    Interval,
    Outcome,
    Question,
    Remaining,
    Step,
    StepDone,
    Summary,
)
from studykit.study.reading import NOTHING, Reading
from studykit.study.scratch import Scratchpad
from studykit.study.settings import Settings

INTERVALS = tuple(Interval(grade, days) for grade, days in zip(Grade, (0, 2, 5, 11), strict=True))


def question(card: str = "one", **changes: Any) -> Question:
    """A plain question to reveal, changed as asked."""
    plain = Question(
        card=card,
        deck="scaling",
        deck_title="Scaling",
        kind="basic",
        asks="reveal",
        text=f"Question {card}?",
        status="review",
    )
    return replace(plain, **changes)


def outcome(result: str = "self", **changes: Any) -> Outcome:
    """A settled outcome with intervals, changed as asked."""
    plain = Outcome(
        result=result,  # type: ignore[arg-type]  # a literal in the tests
        back="The answer.",
        suggested=None if result == "self" else Grade.GOOD if result == "right" else Grade.AGAIN,
        intervals=INTERVALS,
    )
    return replace(plain, **changes)


def outlook(**changes: Any) -> Outlook:
    """What stands beside the decks of somebody who has studied for ten weeks."""
    day = 739_948
    plain = Outlook(
        day=day,
        week=(26, 8, 0, 13, 2, 40, 5),
        answers={day - back: 5 + back * 7 % 60 for back in range(70) if back % 6},
        weak=(
            Weak("scaling", "Why divide by the square root of d_k", 0.71, 12),
            Weak("softmax", "Softmax", 0.883, 20),
        ),
        slips=(
            Slipped("no-scale", "attention-output", 4),
            Slipped("row-sum-missing", "attention-backward", 1),
        ),
        interview=day + 12,
        mock=False,
    )
    return replace(plain, **changes)


def done_today(**changes: Any) -> Any:
    """What was done today, changed as asked."""
    plain = {"reviews": 12, "new": 3, "seconds": 540, "right": 5, "judged": 6}
    return SimpleNamespace(**{**plain, "streak": 4, "new_left": 10, **changes})


@dataclass
class Scripted:
    """One card of the script: what is asked, and what comes back for which text."""

    question: Question
    revealed: Outcome = field(default_factory=outcome)
    answers: dict[str, Outcome] = field(default_factory=dict)
    chosen: Sequence[Outcome] = ()
    readings: dict[str, Reading] = field(default_factory=dict)
    hints: Sequence[str] = ()
    worked: str = "Step by step."


class FakeSession:
    """Asks its cards in order and remembers what was done."""

    def __init__(self, cards: Sequence[Scripted]) -> None:
        self.cards = list(cards)
        self.at = 0
        self.outcome: Outcome | None = None
        self.done: list[tuple[str, str]] = []
        self.hinted = 0
        self.full_disk = False
        self.notice = ""
        self.counted = 0
        self.notes = ""
        self.typed: Mapping[str, str] = {}
        self.pad = Scratchpad({"Q": [[1.0, 2.0]]})
        self.step: Step | None = None
        self.steps_done: tuple[StepDone, ...] = ()

    auto = final = practising = False
    named = True
    hints: tuple[str, ...] = ()
    ticks: frozenset[int] = frozenset()

    def heading(self) -> str:
        return ""

    @property
    def _card(self) -> Scripted:
        return self.cards[self.at]

    @property
    def question(self) -> Question | None:
        return self._card.question if self.at < len(self.cards) else None

    def next(self) -> Question | None:
        return self.question

    def reveal(self) -> Outcome:
        return self._settle(self._card.revealed)

    def answer(self, text: str) -> Outcome:
        found = self._card.answers.get(text) or self._card.answers["*"]
        return self._settle(found) if found.settled else found

    def reading(self, text: str) -> Reading:
        return self._card.readings.get(text, NOTHING)

    def scratchpad(self) -> Scratchpad:
        return self.pad

    def note(self, text: str) -> None:
        self.notes = text

    def put_down(self, typed: Mapping[str, str]) -> None:
        self.typed = typed

    def choose(self, index: int) -> Outcome:
        return self._settle(self._card.chosen[index])

    def tick(self, ticks: Several[int]) -> Outcome:
        points = len(self._card.question.rubric)
        grade = Grade.GOOD if len(ticks) == points else Grade.AGAIN
        return self._settle(replace(self._card.revealed, suggested=grade))

    def _settle(self, outcome: Outcome) -> Outcome:
        self.outcome = outcome
        return outcome

    def hint(self) -> str | None:
        hints = self._card.hints
        self.hinted += 1
        return hints[self.hinted - 1] if self.hinted <= len(hints) else None

    def solution(self) -> str:
        return self._card.worked

    def grade(self, grade: Grade) -> None:
        if self.full_disk:
            raise StudyError("The disk is full; the grade was not saved.")
        if self.outcome is None:
            raise AssertionError("graded before it was answered")
        self._move(grade.name.lower())

    def bury(self) -> None:
        self._move("bury")

    def suspend(self) -> None:
        self._move("suspend")

    def _move(self, what: str) -> None:
        self.done.append((self._card.question.card, what))
        self.at += 1
        self.outcome, self.hinted = None, 0

    def refresh(self) -> Question | None:
        return self.question

    def undo(self) -> Question | None:
        if not self.done:
            return None
        self.done.pop()
        self.at -= 1
        self.outcome, self.hinted = None, 0
        return self.question

    def why(self) -> str:
        return "Due because it is **time**."

    def remaining(self) -> Remaining:
        self.counted += 1
        left = [card.question.status for card in self.cards[self.at :]]
        return Remaining(left.count("new"), left.count("learning"), left.count("review"))

    def nothing(self) -> str:
        return "Today's **10** new cards are done; 9 more wait here."

    def summary(self) -> Summary:
        names = ("again", "hard", "good", "easy")
        grades = [what for _, what in self.done if what in names]
        return Summary(
            reviews=len(grades),
            by_grade=tuple(grades.count(name) for name in names),  # type: ignore[arg-type]  # four
            right=1,
            judged=2,
            seconds=125,
            new=1,
            mistakes=(("The scores were not divided by $\\sqrt{d_k}$.", 2),),
            due_tomorrow=7,
        )


class FakeCollection:
    """Decks, faults and one session."""

    def __init__(self, root: Path, cards: Sequence[Scripted] = ()) -> None:
        self.home = Home(root)
        self.settings = Settings()
        self.read_only = False
        self.cards = list(cards)
        self.sessions: list[tuple[tuple[str, ...], FakeSession]] = []
        self.rows = [
            SimpleNamespace(
                id="scaling",
                title="Scaling",
                total=20,
                new=10,
                learning=2,
                due=14,
                suspended=0,
                order=1,
                path=root / "scaling.yaml",
                broken=False,
                off=False,
            )
        ]
        self.faults: tuple[Any, ...] = ()
        self.asked: list[Any] = []
        self.decided: list[tuple[str, bool]] = []
        self.refreshed: list[Path] = []
        self.rested = 0
        self.first_time = False
        self.summed_up: Any = None
        self.stopped = 0
        self.ahead = outlook()
        self.done = done_today()

    def decks(self) -> tuple[Any, ...]:
        return tuple(self.rows)

    def asked_for(self, start: Any) -> tuple[str, ...]:
        return tuple(start.decks)

    def rest(self) -> None:
        self.rested += 1

    def change(self, settings: Settings) -> None:
        self.settings = settings

    def today(self) -> Any:
        return self.done

    def outlook(self) -> Outlook:
        return self.ahead

    def statistics(self) -> Any:
        if self.summed_up is None:
            raise StudyError("The progress file cannot be read.")
        return self.summed_up

    def stop_statistics(self) -> None:
        self.stopped += 1

    def questions(self) -> tuple[Any, ...]:
        return tuple(self.asked)

    def decide(self, question: Any, keep: bool) -> None:
        self.decided.append((question.new_text, keep))
        self.asked.remove(question)

    def session(self, *, decks: Sequence[str] = (), **_: Any) -> FakeSession:
        made = FakeSession(self.cards)
        self.sessions.append((tuple(decks), made))
        return made

    def to_edit(self, path: Path) -> Path:
        return path

    def refresh(self, path: Path) -> tuple[Any, ...]:
        self.refreshed.append(path)
        return self.faults

    def place(self, card_id: str) -> tuple[Path, int]:
        return self.home.root / "scaling.yaml", 7
