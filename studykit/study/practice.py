"""What a session asks outside the schedule: chosen cards, or problems drawn for the occasion.

Its answers stand in the log as `cram` (or interview, rapid), with the ticket of what was drawn; no
due day moves.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from studykit.progress import Review
from studykit.study.kinds import Asked, Showing, ask

if TYPE_CHECKING:
    from studykit.decks.schema import Card
    from studykit.study.question import Question

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
        """The exercise that a ticket names. Raises ProblemError, also for one of an earlier
        version, which would draw something else today."""
        from studykit.problems import ProblemError, family_named, read_ticket

        family, version, level, seed = read_ticket(ticket)
        if family_named(family).version != version:
            raise ProblemError(f"{ticket} is of a version that is not drawn any more")
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


@dataclass(frozen=True, slots=True)
class Posed:
    """A card asked in a given way, whatever was asked of it before."""

    card: str
    drawn: int
    """The seed of its problem, or of the order of its options."""
    follow_up: int | None = None
    """Which follow-up of an open card to ask instead of it."""

    def of(self, card: Card) -> Card:
        """What is asked: the card without its follow-ups, or one of them as a question."""
        from studykit.decks.schema import Basic, Open

        if self.follow_up is None:
            # Shown with the answer, they would be given away before they are asked.
            return replace(card, follow_ups=()) if isinstance(card, Open) else card
        if not isinstance(card, Open) or self.follow_up >= len(card.follow_ups):
            raise KeyError(self.card)
        one = card.follow_ups[self.follow_up]
        return Basic(front=one.ask, back=one.answer, sources=card.sources)


class Practice:
    """Where a session takes its questions from, in place of the queue."""

    kind = "cram"
    """How its answers are called in the log."""
    session = ""
    """The id of the session in the log; a new one unless given."""
    final = False
    """Whether an answer stands once it is graded."""
    auto = False
    """Whether a judged answer is graded as suggested, without asking."""
    named = True
    """Whether it is said from which deck or family a question is."""
    beat = 10
    """Seconds after which its clock is worth another look."""

    def next(self) -> str | Exercise | Posed | None:
        """A card's id, or a problem to draw; None at the end."""
        raise NotImplementedError

    def left(self) -> int | None:
        """How many are still to come; None where there is no end."""
        return None

    def kept(self, question: Question, elapsed_ms: int) -> dict[str, Any]:
        """What the log keeps with the answer besides the usual."""
        return {}

    def answered(self, review: Review) -> str:
        """Told of every answer once it is in the log; a sentence for the learner, or nothing."""
        return ""

    def heading(self, open_ms: int) -> str:
        """Where one stands, while a question has been open for so long; empty: the usual counts."""
        return ""


class Cards(Practice):
    """Some cards, each once."""

    def __init__(self, cards: Iterable[str]) -> None:
        self._cards = list(cards)

    def next(self) -> str | None:
        return self._cards.pop(0) if self._cards else None

    def left(self) -> int:
        return len(self._cards)


class Endless(Practice):
    """Fresh problems until the learner has had enough."""

    def __init__(self) -> None:
        self._answered = 0

    def answered(self, review: Review) -> str:
        self._answered += 1
        return ""

    def heading(self, open_ms: int) -> str:
        return f"{self._answered} practised"


class Drill(Endless):
    """Problems of one family and level."""

    def __init__(self, family: str, level: int, *, seed: int) -> None:
        super().__init__()
        self._family = family
        self._level = level
        self._random = random.Random(seed)  # noqa: S311

    def next(self) -> Exercise:
        return Exercise(self._family, self._level, self._random.randrange(SEEDS))
