"""FSRS-6 in plain floats, for going through a whole log: what was predicted before each answer.

The schedule itself is made by `model.py` and the `fsrs` package; that takes some fifteen times as
long, and a log of a million answers is only read to be summed up. Tests hold both equal. Formulas:
the FSRS-6 algorithm page of open-spaced-repetition.
"""

from __future__ import annotations

from math import exp

from studykit.memory.curve import STABILITY_MAX, STABILITY_MIN, curve_factor
from studykit.memory.model import DIFFICULTY_MAX, DIFFICULTY_MIN
from studykit.memory.weights import DEFAULT_WEIGHTS, Weights, checked


class Replay:
    """One learner's weights, made ready. Days are whole study days, grades 1 to 4."""

    def __init__(self, weights: Weights = DEFAULT_WEIGHTS) -> None:
        w = checked(weights)
        self._w = w
        self._factor = curve_factor(w[20])
        self._kept = 1.0 - w[7]
        self._decay = -w[20]
        self._easiest = w[7] * (w[4] - exp(3 * w[5]) + 1)
        self._growth = exp(w[8])
        self._steepest = exp(w[17] * w[18])
        self._bonus = (0.0, 0.0, w[15], 1.0, w[16])
        self._same_day = tuple(exp(w[17] * (grade - 3 + w[18])) for grade in range(5))
        firsts = [w[4] - exp(w[5] * (grade - 1)) + 1 for grade in range(1, 5)]
        self._first = tuple(
            (w[grade], min(max(firsts[grade], DIFFICULTY_MIN), DIFFICULTY_MAX))
            for grade in range(4)
        )

    def recall(self, stability: float, days: int) -> float:
        """R: probability of recall so many days after the last answer."""
        return float((1.0 + self._factor * days / stability) ** self._decay)

    def first(self, grade: int) -> tuple[float, float]:
        """Stability and difficulty after the first answer."""
        return self._first[grade - 1]

    def next(
        self, stability: float, difficulty: float, grade: int, days: int, recall: float
    ) -> tuple[float, float]:
        """Stability and difficulty after an answer so many days after the last one.

        `recall` is what `recall(stability, days)` gives: whoever goes through a log has it already.
        """
        w = self._w
        S, D = stability, difficulty
        damped = D - w[6] * (grade - 3) * (10.0 - D) / 9.0
        harder = self._easiest + self._kept * damped
        if days <= 0:
            rise = self._same_day[grade] * S ** -w[19]
            S *= 1.0 if rise < 1.0 and grade > 1 else rise
        elif grade == 1:
            forgotten = (
                w[11] * D ** -w[12] * ((S + 1.0) ** w[13] - 1.0) * exp(w[14] * (1.0 - recall))
            )
            S = min(forgotten, S / self._steepest)
        else:
            rise = self._growth * (11.0 - D) * S ** -w[9] * (exp(w[10] * (1.0 - recall)) - 1.0)
            S *= 1.0 + rise * self._bonus[grade]
        # Comparisons, for calls of min and max would take as long as all the rest.
        if not STABILITY_MIN <= S <= STABILITY_MAX:
            S = min(max(S, STABILITY_MIN), STABILITY_MAX)
        if not DIFFICULTY_MIN <= harder <= DIFFICULTY_MAX:
            harder = min(max(harder, DIFFICULTY_MIN), DIFFICULTY_MAX)
        return S, harder
