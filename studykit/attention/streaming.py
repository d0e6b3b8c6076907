"""Attention over keys that come in tiles: running maximum, sum and output, and how tiles merge.

For the scores s and values V seen so far, m = max s, ℓ = Σ e^(s−m), o = Σ e^(s−m) v / ℓ. Milakov
and Gimelshein 2018; FlashAttention, Dao et al. 2022, §3.1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Partial:
    """What is known after some tiles; with nothing seen yet m = −∞, ℓ = 0, o = 0."""

    maximum: Array  # (..., n_q, 1)
    total: Array  # (..., n_q, 1)
    output: Array  # (..., n_q, d_v)


def tile(scores: ArrayLike, values: ArrayLike) -> Partial:
    """One tile by itself: scores (..., n_q, t) as they enter the softmax, values (..., t, d_v)."""
    s, V = np.asarray(scores, dtype=np.float64), np.asarray(values, dtype=np.float64)
    m = s.max(axis=-1, keepdims=True)
    powers = np.exp(s - np.where(np.isneginf(m), 0.0, m))
    total = powers.sum(axis=-1, keepdims=True)
    return Partial(m, total, powers @ V / np.where(total == 0.0, 1.0, total))


def merge(a: Partial, b: Partial) -> Partial:
    """Both tiles as one, in any order: each sum is brought to the common maximum first."""
    m = np.maximum(a.maximum, b.maximum)
    safe = np.where(np.isneginf(m), 0.0, m)
    share_a = a.total * np.exp(a.maximum - safe)
    share_b = b.total * np.exp(b.maximum - safe)
    total = share_a + share_b
    output = (share_a * a.output + share_b * b.output) / np.where(total == 0.0, 1.0, total)
    return Partial(m, total, output)


def streamed(scores: ArrayLike, values: ArrayLike, size: int) -> Partial:
    """softmax(S)V in tiles of `size` keys; `.output` is that of the whole."""
    s, V = np.asarray(scores, dtype=np.float64), np.asarray(values, dtype=np.float64)
    result = tile(s[..., :size], V[..., :size, :])
    for start in range(size, s.shape[-1], size):
        result = merge(result, tile(s[..., start : start + size], V[..., start : start + size, :]))
    return result
