"""One step of gradient descent, momentum, Adam and AdamW: pure functions of state and gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def gradient_descent(x: ArrayLike, gradient: ArrayLike, rate: float) -> Array:
    """x − η g."""
    step: Array = np.asarray(x, dtype=np.float64) - rate * np.asarray(gradient, dtype=np.float64)
    return step


def momentum(
    x: ArrayLike,
    gradient: ArrayLike,
    velocity: ArrayLike,
    rate: float,
    decay: float = 0.9,
    *,
    share: float = 1.0,
    nesterov: bool = False,
) -> tuple[Array, Array]:
    """v ← decay · v + share · g;  x ← x − η v, or x − η (g + decay · v) with Nesterov.

    `share` is 1 in the classical form (Polyak), 1 − decay for a running mean. Returns x and v.
    """
    X, g, v = (np.asarray(a, dtype=np.float64) for a in (x, gradient, velocity))
    v = decay * v + share * g
    return X - rate * (g + decay * v if nesterov else v), v


@dataclass(frozen=True, slots=True, eq=False)
class AdamState:
    """x, the running means of g and g², and the number of steps taken."""

    x: Array
    mean: Array
    square: Array
    steps: int = 0


def adam_start(x: ArrayLike) -> AdamState:
    X = np.asarray(x, dtype=np.float64)
    return AdamState(X, np.zeros_like(X), np.zeros_like(X))


def adam(
    state: AdamState,
    gradient: ArrayLike,
    rate: float = 1e-3,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-8,
    *,
    decay: float = 0.0,
) -> AdamState:
    """m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ), x ← x − η m̂/(√v̂ + ε), with t counted from 1.

    Kingma and Ba 2015, algorithm 1. `decay` > 0 is AdamW (Loshchilov and Hutter 2019): x is
    first shrunk by the factor 1 − η · decay, apart from the gradient's running means.
    """
    g, t = np.asarray(gradient, dtype=np.float64), state.steps + 1
    m = beta_1 * state.mean + (1.0 - beta_1) * g
    v = beta_2 * state.square + (1.0 - beta_2) * g * g
    m_hat, v_hat = m / (1.0 - beta_1**t), v / (1.0 - beta_2**t)
    x = state.x * (1.0 - rate * decay) - rate * m_hat / (np.sqrt(v_hat) + epsilon)
    return AdamState(x, m, v, t)


def clipped(gradients: list[Array], limit: float) -> list[Array]:
    """All gradients scaled by one factor so that their common norm is at most `limit`."""
    norm = float(np.sqrt(sum(float((g * g).sum()) for g in gradients)))
    return gradients if norm <= limit else [g * (limit / norm) for g in gradients]
