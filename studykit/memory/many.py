"""FSRS-6 for many cards at once: the formulas of `model` over arrays, for plans and simulations.

A plan tries many futures of thousands of cards; one call of the `fsrs` package a review would take
minutes. Tests hold every function equal to `Model`. Arrays have one entry a card; days are whole.
Source: the FSRS-6 algorithm page of open-spaced-repetition.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studykit.memory.curve import STABILITY_MAX, STABILITY_MIN, curve_factor
from studykit.memory.model import DIFFICULTY_MAX, DIFFICULTY_MIN
from studykit.memory.weights import DEFAULT_WEIGHTS, Weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Many:
    """The memory model of `Model`, with one learner's weights, for arrays of cards."""

    weights: Weights = DEFAULT_WEIGHTS

    def recall(self, stability: Floats, elapsed: Ints) -> Floats:
        """R after `elapsed` study days, 0 to 1."""
        decay = self.weights[20]
        result: Floats = (1.0 + curve_factor(decay) * elapsed / stability) ** -decay
        return result

    def intervals(self, stability: Floats, retention: float) -> Ints:
        """Whole days, at least 1, until recall falls to `retention`."""
        decay = self.weights[20]
        growth = (retention ** (-1.0 / decay) - 1.0) / curve_factor(decay)
        days: Ints = np.maximum(1, np.floor(stability * growth + 0.5)).astype(np.int64)
        return days

    def first(self, grades: Ints) -> tuple[Floats, Floats]:
        """Stability and difficulty after the first answers, grades 1 to 4."""
        w = self.weights
        return np.asarray(w[:4])[grades - 1], _bounded(w[4] - np.exp(w[5] * (grades - 1)) + 1.0)

    def next(
        self, stability: Floats, difficulty: Floats, grades: Ints, elapsed: Ints
    ) -> tuple[Floats, Floats]:
        """Stability and difficulty after answers `elapsed` study days after the last ones."""
        w, S, D = self.weights, stability, difficulty
        R = self.recall(S, elapsed)
        again = grades == 1
        same_day = np.exp(w[17] * (grades - 3 + w[18])) * S ** -w[19]
        short = S * np.where(again, same_day, np.maximum(same_day, 1.0))
        bonus = np.asarray([1.0, w[15], 1.0, w[16]])[grades - 1]
        growth = np.exp(w[8]) * (11.0 - D) * S ** -w[9] * (np.exp(w[10] * (1.0 - R)) - 1.0)
        recalled = S * (1.0 + growth * bonus)
        forgotten = np.minimum(
            w[11] * D ** -w[12] * ((S + 1.0) ** w[13] - 1.0) * np.exp(w[14] * (1.0 - R)),
            S / np.exp(w[17] * w[18]),
        )
        after = np.where(elapsed == 0, short, np.where(again, forgotten, recalled))
        easiest = w[4] - np.exp(w[5] * 3) + 1.0
        damped = D - w[6] * (grades - 3) * (10.0 - D) / 9.0
        return (
            np.clip(after, STABILITY_MIN, STABILITY_MAX),
            _bounded(w[7] * easiest + (1.0 - w[7]) * damped),
        )


def _bounded(difficulty: Floats) -> Floats:
    bounded: Floats = np.clip(difficulty, DIFFICULTY_MIN, DIFFICULTY_MAX)
    return bounded
