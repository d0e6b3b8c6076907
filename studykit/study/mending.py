"""Practice of one's own mistakes: fresh problems on which exactly these mistakes are possible."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from studykit.study.mistakes import MENDED_AFTER, Group, Weight, groups, possible, weights_of
from studykit.study.practice import SEEDS, Endless, Exercise

if TYPE_CHECKING:
    from studykit.progress import Review
    from studykit.progress.reading import Reading

TRIES = 100
"""Draws in search of one on which the mistake is possible; most families give it in every draw."""


class Mending(Endless):
    """Draws by the weights of the log, which are read again after every answer.

    `only`: one mistake instead of all. Goes on until the learner stops; ends by itself only where
    no family knows any of the mistakes.
    """

    def __init__(
        self, store: Reading, day: Callable[[], int], *, seed: int, only: str = ""
    ) -> None:
        super().__init__()
        self._store = store
        self._day = day
        self._random = random.Random(seed)  # noqa: S311
        self._only = only
        self._aim = ""
        """The mistake that the problem on the table was drawn for."""
        self._groups: dict[str, Group] = {}
        self._read()

    def _read(self) -> None:
        found = groups(self._store, self._day())
        self._groups = {one.mistake: one for one in found if self._only in ("", one.mistake)}
        self._weights = [
            weight for one in self._groups.values() for weight in weights_of(one, self._day())
        ]

    def next(self) -> str | Exercise | None:
        weights = list(self._weights)
        while weights:
            chosen = self._random.choices(weights, [one.weight for one in weights])[0]
            exercise = self._drawn(chosen)
            if exercise is not None:
                self._aim = chosen.mistake
                return exercise
            weights.remove(chosen)
        # Slips in formulas belong to no family: the cards themselves are asked again.
        cards = [(card, one.mistake) for one in self._groups.values() for card in one.cards]
        if not cards:
            return None
        card, self._aim = self._random.choice(cards)
        return card

    def _drawn(self, weight: Weight) -> Exercise | None:
        from studykit.problems import family_named

        version = family_named(weight.family).version
        for _ in range(TRIES):
            seed = self._random.randrange(SEEDS)
            if possible(weight.mistake, f"{weight.family}@{version}/{weight.level}#{seed}"):
                return Exercise(weight.family, weight.level, seed)
        return None

    def answered(self, review: Review) -> str:
        """How far the mistake aimed at is mended by this answer."""
        super().answered(review)
        before = self._groups.get(self._aim)
        self._read()
        after = self._groups.get(self._aim)
        if before is None or after is None or after.avoided <= before.avoided:
            return ""
        if after.mended:
            return f"Mended: {self._aim}, avoided {MENDED_AFTER} times since it was last made."
        return f"Avoided: {self._aim}, {after.avoided} of {MENDED_AFTER}."
