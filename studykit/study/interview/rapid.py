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


class RapidFire(Practice):
    """Questions until two minutes have gone into answers. Judged answers grade themselves."""

    kind = "rapid"
    final = True
    auto = True

    def __init__(self, items: Sequence[Posed | Exercise], seed: int, session: str) -> None:
        self.session = session
        self._random = random.Random(seed)  # noqa: S311
        self._items = list(items)
        self._random.shuffle(self._items)
        self._at = 0
        self._spent_ms = 0
        self.right = 0
        self.asked = 0

    def next(self) -> Posed | Exercise | None:
        if self._spent_ms >= SECONDS * 1000 or not self._items:
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
        self._spent_ms += review.elapsed_ms
        self.asked += 1
        self.right += review.result == "right"
        return "✓ right" if review.result == "right" else "✗ wrong"

    def heading(self, open_ms: int) -> str:
        """ "Rapid fire · 0:42 left · 9 right"."""
        left = max(0, SECONDS - (self._spent_ms + open_ms) // 1000)
        return f"Rapid fire · {clock(left)} left · {self.right} right"


def rapid_fire(collection: Collection, seed: int | None = None) -> RapidFire:
    """A new round."""
    begun = collection.clock()
    return RapidFire(
        _items(collection), begun % SEEDS if seed is None else seed, session=f"r{begun:x}"
    )


def result(collection: Collection, round_: RapidFire) -> Rapid:
    """What a round came to, beside the best one before it."""
    rounds: dict[str, int] = {}
    for review in collection.store.of_kind(RapidFire.kind):
        if review.session != round_.session:
            rounds[review.session or ""] = rounds.get(review.session or "", 0) + (
                review.result == "right"
            )
    return Rapid(round_.right, round_.asked, max(rounds.values(), default=0))


def _items(collection: Collection) -> list[Posed | Exercise]:
    """Short choices, easy formulas, and shapes; about as many of each."""
    from studykit.problems import families

    library = collection.shelf.library
    items: list[Posed | Exercise] = []
    for info in library.decks():
        for name, card in library.cards(info.id):
            short = isinstance(card, Choice) and len(card.front) <= LONGEST_CHOICE
            easy = isinstance(card, Formula) and card.accepts and card.difficulty == 1
            if short or easy:
                items.append(Posed(name, 0))
    known = families()
    shapes = [
        Exercise(name, level, 0)
        for name, level in SHAPES
        if name in known and level in known[name].levels
    ]
    return items + shapes * max(1, len(items) // (2 * max(1, len(shapes))))
