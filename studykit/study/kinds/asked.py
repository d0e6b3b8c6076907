"""One card while it is being asked: what every kind can do, and what it refuses.

A kind gives a Question and turns what the learner does into an Outcome. It knows nothing of grades,
intervals or storage: the session adds those.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from studykit.study.errors import StudyError
from studykit.study.question import Outcome, Question, Status


@dataclass(frozen=True, slots=True)
class Showing:
    """The circumstances of one showing of a card."""

    card: str
    deck: str
    deck_title: str
    status: Status
    turn: int
    """How often the card was answered before: it decides the drawn problem and the order of
    options, so that an undo or a restart shows the same again."""

    def seed(self) -> int:
        """A number below a million that depends on card and turn alone."""
        digest = hashlib.sha256(f"{self.card}\n{self.turn}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % 1_000_000


class Asked(Protocol):
    """A card being asked."""

    @property
    def question(self) -> Question: ...

    def reveal(self) -> Outcome:
        """The answer, without one given."""
        ...

    def answer(self, text: str) -> Outcome: ...

    def choose(self, index: int) -> Outcome: ...

    def tick(self, ticks: Collection[int]) -> Outcome: ...

    def hint(self, number: int) -> str | None:
        """The hint with this number, from 0; None after the last."""
        ...

    def solution(self) -> str: ...


class Shown:
    """A card that is thought about and revealed; the base of all kinds."""

    def __init__(self, question: Question, back: str, explain: str = "") -> None:
        self.question = question
        self._back = back
        self._explain = explain

    def reveal(self) -> Outcome:
        return Outcome(result="self", back=self._back, explain=self._explain)

    def answer(self, text: str) -> Outcome:
        raise StudyError("This card is not answered by typing; reveal it and grade yourself.")

    def choose(self, index: int) -> Outcome:
        raise StudyError("This card has no options to choose from.")

    def tick(self, ticks: Collection[int]) -> Outcome:
        raise StudyError("This card has no rubric to tick.")

    def hint(self, number: int) -> str | None:
        return None

    def solution(self) -> str:
        raise StudyError("This card has no worked solution.")


def with_note(explain: str, note: str) -> str:
    """The explanation, and below it what the source note claims where the card corrects it."""
    if not note:
        return explain
    return f"{explain.rstrip()}\n\n*On the source.* {note.strip()}".strip()
