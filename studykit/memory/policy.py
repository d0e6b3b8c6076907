"""When to ask again: intervals out of strengths, as a learner wants them.

Fuzz after Anki's rule, Hard < Good < Easy, days with less load preferred, siblings kept apart,
leeches named. Everything is computed before an answer is given, so what a button shows is what
happens, and it is the same again after an undo.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from studykit.memory.curve import check_retention
from studykit.memory.errors import ScheduleError
from studykit.memory.model import Grade, Model, model_for
from studykit.memory.seeded import fraction
from studykit.memory.state import Memory, answered, strengthened
from studykit.memory.weights import DEFAULT_WEIGHTS, Weights, checked

Load = Callable[[int], int]
"""Study day → how many cards are due on it already."""

BALANCE_UP_TO = 90
LEAST_SHARE = 0.0001
SIBLINGS_APART = 5
FUZZ_FROM = 2.5
_FUZZ_SHARES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, math.inf, 0.05))


@dataclass(frozen=True)
class Settings:
    """How one learner is scheduled. Raises ScheduleError for values out of range."""

    retention: float = 0.9
    """Probability of recall at which a card is asked again, 0.70 to 0.97."""
    weights: Weights = DEFAULT_WEIGHTS
    maximum_interval: int = 36500
    """Longest interval in days; at least 3, so that three intervals can differ."""
    fuzz: bool = True
    leech_at: int = 8
    leech_every: int = 4
    easy: tuple[float, ...] = (1.0,) * 7
    """The share of reviews that Monday to Sunday take, 0 to 1: `fuzz` avoids the low ones."""

    def __post_init__(self) -> None:
        check_retention(self.retention)
        checked(self.weights)
        if not 3 <= self.maximum_interval <= 36500:
            raise ScheduleError(
                f"The longest interval must be 3 to 36500 days, not {self.maximum_interval}."
            )
        if self.leech_at < 1 or self.leech_every < 1:
            raise ScheduleError("Leeches are counted from 1 lapse upwards.")
        if len(self.easy) != 7 or not all(0 <= share <= 1 for share in self.easy):
            raise ScheduleError("Easy days are seven shares between 0 and 1, from Monday on.")

    @property
    def model(self) -> Model:
        """The memory model with these weights."""
        return model_for(self.weights)


class Choice(NamedTuple):
    """What one of the four grades does: the memory it leaves, and the days until it is asked."""

    memory: Memory
    days: int
    """0 means again today."""


def choices(
    memory: Memory | None,
    card_id: str,
    day: int,
    settings: Settings,
    load: Load | None = None,
    siblings: Iterable[int] = (),
) -> dict[Grade, Choice]:
    """The four grades on study day `day`, with what each would do.

    `load` tells how many cards are due on a day; `siblings` are the due days of cards that would
    give this one away. Again stays on the same day, as a matter of policy and not of the model.
    """
    model = settings.model
    strengths = {grade: strengthened(memory, grade, day, model) for grade in Grade}
    draw = fraction(card_id, memory.reps if memory else 0)
    previous = memory.interval if memory else 0
    near = tuple(siblings)
    result = {
        Grade.AGAIN: Choice(answered(memory, Grade.AGAIN, day, day, strengths[Grade.AGAIN]), 0)
    }
    lowest = 1
    for grade in (Grade.HARD, Grade.GOOD, Grade.EASY):
        # The longest interval leaves room for the better grades: at 100 days, 98 < 99 < 100.
        highest = settings.maximum_interval - (Grade.EASY - grade)
        ideal = model.interval(strengths[grade].stability, settings.retention)
        floor = max(lowest, previous + 1) if _whole(ideal) > previous else lowest
        floor = min(floor, highest)
        if settings.fuzz:
            low, high = fuzz_range(ideal, floor, highest)
            days = _pick(draw, low, high, day, load, near, settings.easy)
        else:
            days = min(max(_whole(ideal), floor), highest)
        result[grade] = Choice(answered(memory, grade, day, day + days, strengths[grade]), days)
        lowest = days + 1
    return result


def fuzz_range(ideal: float, lowest: int, highest: int) -> tuple[int, int]:
    """First and last interval that fuzz may choose, in days (Anki's rule).

    Below 2.5 days none; 3 days become 2 to 4, 10 become 8 to 12, 100 become 93 to 107.
    """
    ideal = min(max(ideal, float(lowest)), float(highest))
    delta = 0.0
    if ideal >= FUZZ_FROM:
        delta = 1.0 + sum(
            share * max(0.0, min(ideal, end) - start) for start, end, share in _FUZZ_SHARES
        )
    low = min(max(_whole(ideal - delta), lowest), highest)
    high = min(max(_whole(ideal + delta), lowest), highest)
    if low == high and 2 < high < highest:
        high += 1
    return low, high


def is_leech(before: Memory | None, after: Memory, settings: Settings) -> bool:
    """Whether this answer made the card a leech: at the 8th lapse, and every 4 after it."""
    if before is None or after.lapses <= before.lapses or after.lapses < settings.leech_at:
        return False
    return (after.lapses - settings.leech_at) % settings.leech_every == 0


def _pick(
    draw: float,
    low: int,
    high: int,
    day: int,
    load: Load | None,
    siblings: tuple[int, ...],
    easy: tuple[float, ...],
) -> int:
    """The interval in [low, high] that `draw` in [0, 1) falls on, quiet days weighing more.

    Weight of an interval I, as in Anki's load balancer: 1/(cards that day)² · 1/I up to 90 days,
    times the share that its day of the week takes. A share of 0 leaves a little, so that a range
    of nothing but closed days still has an interval.
    """
    weights = []
    for days in range(low, high + 1):
        weight = max(LEAST_SHARE, easy[(day + days - 1) % 7])  # day 1 was a Monday
        if load is not None and days <= BALANCE_UP_TO:
            weight /= max(1, load(day + days)) ** 2 * days
        if siblings:
            apart = min(abs(day + days - other) for other in siblings)
            weight *= max(0.001, min(1.0, apart / SIBLINGS_APART))
        weights.append(weight)
    mark = draw * sum(weights)
    for days, weight in zip(range(low, high + 1), weights, strict=True):
        mark -= weight
        if mark < 0:
            return days
    return high


def _whole(days: float) -> int:
    """Rounded half up, as Anki rounds: Python's own rounding sends 2.5 to 2 and 3.5 to 4."""
    return math.floor(days + 0.5)
