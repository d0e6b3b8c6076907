"""Softmax over the last axis, with the rows that a mask leaves empty.

An entry of −∞ gets weight 0; a row that is −∞ throughout has nothing to attend to and stays 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def softmax(scores: ArrayLike) -> Array:
    """`exp(s − max s) / Σ exp(s − max s)` along the last axis; shape (..., n) in and out.

    Subtracting the row's maximum changes nothing in the result and keeps `exp` below overflow.
    """
    s = np.asarray(scores, dtype=np.float64)
    top = s.max(axis=-1, keepdims=True, initial=-np.inf)
    shifted = s - np.where(np.isneginf(top), 0.0, top)  # an empty row: −∞ − 0, never −∞ − −∞
    powers = np.exp(shifted)
    total = powers.sum(axis=-1, keepdims=True)
    weights: Array = powers / np.where(total == 0.0, 1.0, total)
    return weights


def softmax_backward(weights: ArrayLike, d_weights: ArrayLike) -> Array:
    """The vector–Jacobian product `p ∘ (g − ⟨g, p⟩)` along the last axis; shape (..., n).

    It is `g J` with `J = diag(p) − p pᵀ`, without ever building J. Each row of the result sums
    to 0, and an entry with weight 0 (masked) gets no gradient.
    """
    p = np.asarray(weights, dtype=np.float64)
    g = np.asarray(d_weights, dtype=np.float64)
    d_scores: Array = p * (g - (g * p).sum(axis=-1, keepdims=True))
    return d_scores
