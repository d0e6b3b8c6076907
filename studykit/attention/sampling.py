"""From logits to the distribution that is sampled from: temperature, top-k, top-p, min-p.

Each cut keeps the likeliest tokens and brings the rest of the mass to 0; what is kept sums to 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studykit.attention.softmax import softmax

Array = NDArray[np.float64]


def top_k(probabilities: ArrayLike, k: int) -> Array:
    """The k likeliest entries of the last axis, renormalised; the first of equals is kept."""
    p = np.asarray(probabilities, dtype=np.float64)
    order = np.argsort(-p, axis=-1, kind="stable")
    kept = np.zeros_like(p)
    np.put_along_axis(kept, order[..., :k], np.take_along_axis(p, order[..., :k], -1), -1)
    return _renormalised(kept)


def top_p(probabilities: ArrayLike, mass: float) -> Array:
    """The fewest likeliest entries whose sum reaches `mass`, renormalised (Holtzman et al. 2020).

    The entry that crosses the mark is kept, so at least one always is.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    order = np.argsort(-p, axis=-1, kind="stable")
    ordered = np.take_along_axis(p, order, -1)
    before = np.cumsum(ordered, axis=-1) - ordered
    kept = np.zeros_like(p)
    np.put_along_axis(kept, order, np.where(before < mass, ordered, 0.0), -1)
    return _renormalised(kept)


def min_p(probabilities: ArrayLike, share: float) -> Array:
    """The entries of at least `share` times the likeliest, renormalised (Nguyen et al. 2024)."""
    p = np.asarray(probabilities, dtype=np.float64)
    return _renormalised(np.where(p >= share * p.max(axis=-1, keepdims=True), p, 0.0))


def distribution(
    logits: ArrayLike, temperature: float = 1.0, k: int | None = None, mass: float | None = None
) -> Array:
    """softmax(z/T), then top-k, then top-p; (..., C) in and out."""
    p = softmax(logits, temperature)
    if k is not None:
        p = top_k(p, k)
    return p if mass is None else top_p(p, mass)


def _renormalised(kept: Array) -> Array:
    result: Array = kept / kept.sum(axis=-1, keepdims=True)
    return result
