"""The memory model: FSRS-6 from the `fsrs` package, and the only file that knows the package.

It turns a grade and whole study days into a stability and a difficulty. Steps, fuzz and calendar
of the package stay off: they mix the clock into the model, and are policy here (`policy.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from studykit.memory import curve
from studykit.memory.errors import ScheduleError
from studykit.memory.weights import DEFAULT_WEIGHTS, Weights, checked

if TYPE_CHECKING:
    from fsrs import Scheduler

DIFFICULTY_MIN, DIFFICULTY_MAX = 1.0, 10.0

# The package counts 24-hour spans between instants. Noon to noon in UTC is always a whole number
# of them, so elapsed days come out as the difference of study days.
_NOON = datetime(2000, 1, 1, 12, tzinfo=UTC)

# A clock may say anything; after a few thousand years nothing more is forgotten.
_LONGEST = 1_000_000


class Grade(IntEnum):
    """How well a card was known, as FSRS counts it."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Strength(NamedTuple):
    """What FSRS knows of one card: S in days (recall is 0.9 after S days), D from 1 to 10."""

    stability: float
    difficulty: float


@dataclass(frozen=True)
class Model:
    """FSRS-6 with one learner's weights. Days are whole study days.

    Raises ScheduleError on first use when a weight is out of its bounds.
    """

    weights: Weights = DEFAULT_WEIGHTS

    def __post_init__(self) -> None:
        checked(self.weights)

    @property
    def decay(self) -> float:
        """w₂₀, the only weight of the forgetting curve."""
        return self.weights[20]

    def first(self, grade: int) -> Strength:
        """Strength after the first answer ever."""
        return self._step(None, grade, 0)

    def next(self, strength: Strength, grade: int, elapsed: int) -> Strength:
        """Strength after an answer `elapsed` study days after the last one; below 0 counts as 0."""
        return self._step(strength, grade, min(max(0, elapsed), _LONGEST))

    def retrievability(self, stability: float, elapsed: int) -> float:
        """Probability of recall `elapsed` study days after the last answer."""
        return curve.recall(elapsed, stability, self.decay)

    def interval(self, stability: float, retention: float) -> float:
        """Days, not rounded, until recall falls to `retention` (0.70 to 0.97)."""
        return curve.days_until(retention, stability, self.decay)

    @cached_property
    def _scheduler(self) -> Scheduler:
        from fsrs import Scheduler

        try:
            return Scheduler(
                parameters=self.weights,
                learning_steps=(),
                relearning_steps=(),
                enable_fuzzing=False,
            )
        except ValueError as error:
            listed = str(error).partition("\n")[2].replace("parameters", "w") or str(error)
            raise ScheduleError(f"FSRS weights out of bounds: {listed}.") from error

    def _step(self, strength: Strength | None, grade: int, elapsed: int) -> Strength:
        from fsrs import Card, Rating, State

        rating = Rating(int(check_grade(grade)))
        # Always with a card_id: without one the package sleeps a millisecond to invent it.
        if strength is None:
            card = Card(card_id=1, due=_NOON)
        else:
            check_strength(strength)
            card = Card(
                card_id=1,
                state=State.Review,
                stability=strength.stability,
                difficulty=strength.difficulty,
                due=_NOON,
                last_review=_NOON,
            )
        card, _ = self._scheduler.review_card(card, rating, _NOON + timedelta(days=elapsed))
        if card.stability is None or card.difficulty is None:
            raise ScheduleError("The fsrs package returned a card without strength.")
        bounded = min(max(card.stability, curve.STABILITY_MIN), curve.STABILITY_MAX)
        return Strength(bounded, card.difficulty)


@lru_cache(maxsize=8)
def model_for(weights: Weights) -> Model:
    """The model with these weights, built once: its scheduler is checked and kept."""
    return Model(weights)


def check_grade(grade: int) -> Grade:
    """1 to 4 as a Grade. Raises ScheduleError."""
    try:
        return Grade(grade)
    except ValueError:
        raise ScheduleError(f"A grade is 1, 2, 3 or 4, not {grade!r}.") from None


def check_strength(strength: Strength) -> Strength:
    """The same strength if S is finite and above 0 and 1 ≤ D ≤ 10. Raises ScheduleError."""
    curve.check_stability(strength.stability)
    difficulty = strength.difficulty
    if not (math.isfinite(difficulty) and DIFFICULTY_MIN <= difficulty <= DIFFICULTY_MAX):
        raise ScheduleError(f"A difficulty lies between 1 and 10, not {difficulty:g}.")
    return strength
