"""A break without a mountain after it: what falls due meanwhile is spread over the days after.

A card of long interval bears a week's delay, one of two days does not; so cards are taken in the
order in which the delay would weigh most, |day − due| / interval, as many a day as the rest of that
day leaves room for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Waiting(NamedTuple):
    """A card that falls due in the break."""

    card: str
    due: int
    interval: int
    """Days between its last answer and its due day, at least 1."""


def spread(waiting: Iterable[Waiting], first: int, load: Sequence[int]) -> dict[str, int]:
    """The new due day of every card: `first` or one of the days after it.

    `load[i]` is how many other cards are due on day first + i; the days are filled to one level.
    """
    left = list(waiting)
    level = _level(load, len(left))
    dues: dict[str, int] = {}
    for after, others in enumerate(load):
        day = first + after
        last = after == len(load) - 1
        room = len(left) if last else min(len(left), max(0, level - others))
        left.sort(key=lambda one: (-(day - one.due) / max(1, one.interval), one.card))
        for one in left[:room]:
            dues[one.card] = day
        del left[:room]
    return dues


def _level(load: Sequence[int], more: int) -> int:
    """The height to which `more` cards fill up the days."""
    level = min(load) + 1
    while sum(max(0, level - others) for others in load) < more:
        level += 1
    return level
