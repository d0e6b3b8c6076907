"""Positions: sinusoidal encodings, rotary embeddings (RoPE), linear biases (ALiBi)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Pairs = Literal["neighbours", "halves"]


def sinusoidal(positions: ArrayLike, width: int, base: float = 10_000.0) -> Array:
    """PE(p, 2i) = sin(p / base^(2i/d)), PE(p, 2i+1) = cos of the same; (n,) → (n, d), d even.

    Vaswani et al. 2017, §3.5: sine and cosine alternate along the width.
    """
    angles = rotary_angles(positions, width, base)
    encoding = np.empty((*angles.shape[:-1], width))
    encoding[..., 0::2] = np.sin(angles)
    encoding[..., 1::2] = np.cos(angles)
    return encoding


def rotary_angles(positions: ArrayLike, width: int, base: float = 10_000.0) -> Array:
    """θ(p, i) = p · base^(−2i/d) for the d/2 pairs; (n,) → (n, d/2)."""
    frequencies = base ** (-np.arange(0, width, 2) / width)
    angles: Array = np.asarray(positions, dtype=np.float64)[..., None] * frequencies
    return angles


def rotate(x: ArrayLike, cos: ArrayLike, sin: ArrayLike, pairs: Pairs = "neighbours") -> Array:
    """Turn each pair of components: (a, b) → (a cos − b sin, a sin + b cos).

    x (..., n, d); cos and sin (..., n, r/2) turn the first r components, the rest stays. A pair
    is two neighbours (2i, 2i+1), as in the RoFormer paper, or one from each half (i, i + r/2),
    as in Llama's code. Turning by −θ (sin negated) undoes it, and is also its gradient.
    """
    X = np.array(x, dtype=np.float64)
    c, s = np.asarray(cos, dtype=np.float64), np.asarray(sin, dtype=np.float64)
    half = c.shape[-1]
    columns = np.arange(2 * half)
    pair = columns.reshape(half, 2).T if pairs == "neighbours" else columns.reshape(2, half)
    a, b = X[..., pair[0]], X[..., pair[1]]  # copies: the columns are picked by index
    X[..., pair[0]] = a * c - b * s
    X[..., pair[1]] = a * s + b * c
    return X


def rope(
    x: ArrayLike, positions: ArrayLike, base: float = 10_000.0, pairs: Pairs = "neighbours"
) -> Array:
    """Rotary embedding of queries or keys (..., n, d) standing at positions (n,).

    The score of two rotated vectors depends on their positions only through the difference
    (Su et al. 2021). Values are not rotated.
    """
    angles = rotary_angles(positions, np.shape(x)[-1], base)
    return rotate(x, np.cos(angles), np.sin(angles), pairs)


def rope_backward(
    d_rotated: ArrayLike,
    positions: ArrayLike,
    base: float = 10_000.0,
    pairs: Pairs = "neighbours",
) -> Array:
    """The gradient of `rope`: the rotation the other way round."""
    angles = rotary_angles(positions, np.shape(d_rotated)[-1], base)
    return rotate(d_rotated, np.cos(angles), -np.sin(angles), pairs)


def alibi_slopes(heads: int) -> Array:
    """2^(−8/H), 2^(−16/H), …, 2^(−8): one slope a head, for H a power of two.

    Press et al. 2022, §3.
    """
    slopes: Array = 2.0 ** (-8.0 * np.arange(1, heads + 1) / heads)
    return slopes


def alibi_bias(n_q: int, n_k: int, heads: int, offset: int = 0) -> Array:
    """−slope · distance to add to the scaled scores, (H, n_q, n_k); keys ahead get 0.

    Query i stands at position i + offset. Used with a causal mask.
    """
    distance = np.maximum(0, np.arange(n_q)[:, None] + offset - np.arange(n_k))
    bias: Array = -alibi_slopes(heads)[:, None, None] * distance
    return bias
