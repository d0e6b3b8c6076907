"""What a session asks outside the schedule: chosen cards, or problems drawn for the occasion.

Its answers stand in the log as `cram`, with the ticket of what was drawn; no due day moves.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from studykit.progress import Review
from studykit.study.kinds import Asked, Showing, ask

SEEDS = 1_000_000
"""Tickets are short numbers that a learner may type again."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """A problem that belongs to no card."""

    family: str
    level: int
    seed: int

    @classmethod
    def of(cls, ticket: str) -> Exercise:
        """The exercise that a ticket names. Raises ProblemError."""
        from studykit.problems import read_ticket

        family, _, level, seed = read_ticket(ticket)
        return cls(family, level, seed)

    def asked(self, decimal_comma: bool = False) -> Asked:
        """The problem, put to the learner."""
        from studykit.decks.schema import ProblemCard
        from studykit.problems import family_named

        title = family_named(self.family).title
        showing = Showing(
            card="",
            deck="",
            deck_title=title,
            status="review",
            turn=0,
            drawn=self.seed,
            decimal_comma=decimal_comma,
        )
        return ask(ProblemCard(family=self.family, level=self.level), showing)


class Practice(Protocol):
    """Where a session takes its questions from, in place of the queue."""

    def next(self) -> str | Exercise | None:
        """A card's id, or a problem to draw; None at the end."""
        ...

    def left(self) -> int | None:
        """How many are still to come; None where there is no end."""
        ...

    def answered(self, review: Review) -> str:
        """Told of every answer once it is in the log; a sentence for the learner, or nothing."""
        ...


class Cards:
    """Some cards, each once."""

    def __init__(self, cards: Iterable[str]) -> None:
        self._cards = list(cards)

    def next(self) -> str | None:
        return self._cards.pop(0) if self._cards else None

    def left(self) -> int:
        return len(self._cards)

    def answered(self, review: Review) -> str:
        return ""


class Drill:
    """Fresh problems of one family and level, until the learner has had enough."""

    def __init__(self, family: str, level: int, *, seed: int) -> None:
        self._family = family
        self._level = level
        self._random = random.Random(seed)  # noqa: S311

    def next(self) -> Exercise:
        return Exercise(self._family, self._level, self._random.randrange(SEEDS))

    def left(self) -> None:
        return None

    def answered(self, review: Review) -> str:
        return ""
