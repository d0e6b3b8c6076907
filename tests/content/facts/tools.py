"""Small mathematics shared by the facts: softmax by its definition, finite differences."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def soft(scores: Any) -> Any:
    """Softmax of one list of scores, by its definition."""
    powers = [math.exp(score) for score in np.ravel(scores)]
    return np.array([power / sum(powers) for power in powers])


def soft_rows(scores: Any) -> Any:
    """Softmax of every row of a matrix."""
    return np.array([soft(row) for row in scores])


def logistic(x: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-x))


def slope(f: Callable[[float], Any], x: float, step: float = 1e-5) -> Any:
    """Derivative of a function of one number, by a fourth-order difference."""
    near = (f(x + step) - f(x - step)) * 8
    return (near - (f(x + 2 * step) - f(x - 2 * step))) / (12 * step)


def gradient(f: Callable[[Any], float], at: Any, step: float = 1e-5) -> Any:
    """Gradient of a scalar function of an array, entry by entry."""
    at = np.asarray(at, dtype=float)
    result = np.zeros_like(at)
    for index in np.ndindex(at.shape):

        def moved(value: float, index: tuple[int, ...] = index) -> float:
            point = at.copy()
            point[index] = value
            return f(point)

        result[index] = slope(moved, float(at[index]), step)
    return result


def entropy(p: Any) -> float:
    """Entropy in nats."""
    return -sum(float(x) * math.log(x) for x in p if x > 0)
