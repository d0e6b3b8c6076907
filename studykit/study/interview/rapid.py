"""Rapid fire: two minutes, as many shapes, definitions and one-step questions as possible."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studykit.decks.schema import Choice, Formula
from studykit.progress import Review
from studykit.study.interview.interviewer import clock
from studykit.study.practice import SEEDS, Exercise, Posed, Practice
from studykit.study.question import Question

if TYPE_CHECKING:
    from studykit.study.collection import Collection

SECONDS = 120
SHAPES = (
    ("attention-shapes", 1),
    ("attention-shapes", 2),
    ("product-shape", 1),
)
"""Families whose answer is a shape, with the level at which one sees it."""
LONGEST_CHOICE = 160
"""Characters of a question that can be read in a few seconds."""


@dataclass(frozen=True, slots=True)
class Rapid:
    """What a round came to."""

    right: int
    asked: int
    best: int
    """The most right answers in an earlier round; 0 before the first."""

    @property
    def record(self) -> bool:
        """Whether this is more than ever before."""
        return self.right > self.best


@dataclass(slots=True)
class Tally:
    """The answers of one round so far."""

    spent_ms: int = 0
    right: int = 0
    asked: int = 0

    @property
    def over(self) -> bool:
        """Whether the two minutes are."""
        return self.spent_ms >= SECONDS * 1000

    def add(self, review: Review) -> bool:
        """Count an answer; whether it came in time, as it must to count as right."""
        self.spent_ms += review.elapsed_ms
        self.asked += 1
        in_time = self.spent_ms <= SECONDS * 1000
        self.right += in_time and review.result == "right"
        return in_time


class RapidFire(Practice):
    """Questions until two minutes have gone into answers. Judged answers grade themselves."""

    kind = "rapid"
    final = True
    auto = True
    named = False
    beat = 1

    def __init__(self, items: Sequence[Posed | Exercise], seed: int, session: str) -> None:
        self.session = session
        self._random = random.Random(seed)  # noqa: S311
        self._items = list(items)
        self._random.shuffle(self._items)
        self._at = 0
        self.tally = Tally()

    def next(self) -> Posed | Exercise | None:
        if self.tally.over or not self._items:
            return None
        item = self._items[self._at % len(self._items)]
        self._at += 1
        drawn = self._random.randrange(SEEDS)
        if isinstance(item, Exercise):
            return Exercise(item.family, item.level, drawn)
        return Posed(item.card, drawn)

    def left(self) -> int:
        return 0

    def kept(self, question: Question, elapsed_ms: int) -> dict[str, Any]:
        return {}

    def answered(self, review: Review) -> str:
        return "" if self.tally.add(review) else "The two minutes were over: it does not count."

    def heading(self, open_ms: int) -> str:
        """ "Rapid fire · 0:42 left · 9 right"."""
        left = max(0, SECONDS - (self.tally.spent_ms + open_ms) // 1000)
        return f"Rapid fire · {clock(left)} left · {self.tally.right} right"


def rapid_fire(collection: Collection, seed: int | None = None) -> RapidFire:
    """A new round."""
    begun = collection.clock()
    return RapidFire(
        _items(collection), begun % SEEDS if seed is None else seed, session=f"r{begun:x}"
    )


def result(collection: Collection, round_: RapidFire) -> Rapid:
    """What a round came to, beside the best one before it."""
    earlier: dict[str, Tally] = {}
    for review in collection.store.of_kind(RapidFire.kind):
        if review.session != round_.session:
            earlier.setdefault(review.session or "", Tally()).add(review)
    best = max((one.right for one in earlier.values()), default=0)
    return Rapid(round_.tally.right, round_.tally.asked, best)


def _items(collection: Collection) -> list[Posed | Exercise]:
    """Short choices, easy formulas, and shapes; about as many of each."""
    library = collection.shelf.library
    items: list[Posed | Exercise] = []
    for info in library.decks():
        for name, card in library.cards(info.id):
            short = isinstance(card, Choice) and len(card.front) <= LONGEST_CHOICE
            easy = isinstance(card, Formula) and card.accepts and card.difficulty == 1
            if short or easy:
                items.append(Posed(name, 0))
    shapes = [Exercise(family, level, 0) for family, level in SHAPES]
    return items + shapes * max(1, len(items) // (2 * len(shapes)))
