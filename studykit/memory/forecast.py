"""What a day will bring: how likely each card is recalled on it, and how many are due.

Readiness is the mean of those probabilities with unlearned cards counted as unknown, beside the
tenth percentile, because a mean hides the cards that would fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from studykit.memory.curve import curve_factor
from studykit.memory.days import elapsed_days
from studykit.memory.weights import DEFAULT_WEIGHTS, Weights


class Remembered(Protocol):
    """What a forecast reads of a memory."""

    @property
    def stability(self) -> float: ...
    @property
    def last(self) -> int: ...


class Readiness(NamedTuple):
    """Predicted recall over a set of cards; 0 to 1."""

    mean: float
    tenth: float
    """The value that nine cards of ten reach."""
    cards: int


def recall_on(
    day: int, memories: Iterable[Remembered | None], weights: Weights = DEFAULT_WEIGHTS
) -> list[float]:
    """R of every memory on study day `day`, in their order; 0 for a card never answered."""
    decay = weights[20]
    factor = curve_factor(decay)
    return [
        (1.0 + factor * elapsed_days(memory.last, day) / memory.stability) ** -decay
        if memory is not None
        else 0.0
        for memory in memories
    ]


def readiness(recalls: Sequence[float]) -> Readiness:
    """Mean and tenth percentile (nearest rank); all 0 for no cards."""
    if not recalls:
        return Readiness(0.0, 0.0, 0)
    ordered = sorted(recalls)
    return Readiness(
        mean=sum(ordered) / len(ordered),
        tenth=ordered[(len(ordered) - 1) // 10],
        cards=len(ordered),
    )


def due_by_day(dues: Iterable[int], first: int, days: int) -> list[int]:
    """How many cards are due on each of `days` study days from `first`; overdue ones on `first`."""
    counts = [0] * days
    for due in dues:
        index = max(due, first) - first
        if index < days:
            counts[index] += 1
    return counts
