"""Softmax along the last axis: with temperature, in logarithms, its Jacobian, its entropy.

An entry of −∞ gets weight 0; a row that is −∞ throughout has nothing to attend to and stays 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def softmax(scores: ArrayLike, temperature: float = 1.0) -> Array:
    """`exp((s − max s)/T) / Σ exp((s − max s)/T)` along the last axis; (..., n) in and out.

    Subtracting the row's maximum changes nothing in the result and keeps `exp` below overflow.
    """
    s = np.asarray(scores, dtype=np.float64) / temperature
    top = s.max(axis=-1, keepdims=True, initial=-np.inf)
    shifted = s - np.where(np.isneginf(top), 0.0, top)  # an empty row: −∞ − 0, never −∞ − −∞
    powers = np.exp(shifted)
    total = powers.sum(axis=-1, keepdims=True)
    weights: Array = powers / np.where(total == 0.0, 1.0, total)
    return weights


def log_softmax(scores: ArrayLike) -> Array:
    """`s − max s − ln Σ exp(s − max s)`, without the detour over tiny weights; (..., n)."""
    s = np.asarray(scores, dtype=np.float64)
    shifted = s - s.max(axis=-1, keepdims=True)
    result: Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def softmax_backward(weights: ArrayLike, d_weights: ArrayLike, temperature: float = 1.0) -> Array:
    """The vector–Jacobian product `p ∘ (g − ⟨g, p⟩)/T` along the last axis; (..., n).

    It is `g J` with `J = (diag(p) − p pᵀ)/T`, without ever building J. Each row of the result sums
    to 0, and an entry with weight 0 (masked) gets no gradient.
    """
    p = np.asarray(weights, dtype=np.float64)
    g = np.asarray(d_weights, dtype=np.float64)
    d_scores: Array = p * (g - (g * p).sum(axis=-1, keepdims=True)) / temperature
    return d_scores


def temperature_backward(
    scores: ArrayLike, weights: ArrayLike, d_weights: ArrayLike, temperature: float = 1.0
) -> Array:
    """∂L/∂T of each row, `−Σ g p (s − ⟨s, p⟩)/T²`; (..., n) → (...).

    A closed entry (score −∞, weight 0) adds nothing.
    """
    p = np.asarray(weights, dtype=np.float64)
    s = np.where(p > 0.0, np.asarray(scores, dtype=np.float64), 0.0)
    above = s - (s * p).sum(axis=-1, keepdims=True)
    d_temperature: Array = -(np.asarray(d_weights) * p * above).sum(axis=-1) / temperature**2
    return d_temperature


def log_softmax_backward(log_weights: ArrayLike, d_log: ArrayLike) -> Array:
    """`g − p Σ g` along the last axis, with p the weights; (..., n)."""
    p = np.exp(np.asarray(log_weights, dtype=np.float64))
    g = np.asarray(d_log, dtype=np.float64)
    d_scores: Array = g - p * g.sum(axis=-1, keepdims=True)
    return d_scores


def softmax_jacobian(weights: ArrayLike) -> Array:
    """`∂p_i/∂s_j = p_i (δ_ij − p_j)`: (..., n) → (..., n, n), symmetric, rows summing to 0."""
    p = np.asarray(weights, dtype=np.float64)
    jacobian: Array = p[..., None] * (np.eye(p.shape[-1]) - p[..., None, :])
    return jacobian


def entropy(weights: ArrayLike) -> Array:
    """`−Σ p ln p` in nats along the last axis, with 0 ln 0 = 0; (..., n) → (...).

    0 for a one-hot row, ln n for a uniform one; exp of it is the effective number of keys.
    """
    p = np.asarray(weights, dtype=np.float64)
    result: Array = -(p * np.log(np.where(p > 0.0, p, 1.0))).sum(axis=-1)
    return result


def entropy_backward(weights: ArrayLike, d_entropy: ArrayLike) -> Array:
    """∂L/∂s of the scores behind the weights, `−g p (ln p + H)`; (..., n), g of shape (...).

    Through the softmax: by the weights alone it would be −(ln p + 1). Rows sum to 0.
    """
    p = np.asarray(weights, dtype=np.float64)
    logs = np.log(np.where(p > 0.0, p, 1.0))
    g, h = np.asarray(d_entropy, dtype=np.float64)[..., None], entropy(p)[..., None]
    d_scores: Array = -g * p * (logs + h)
    return d_scores
