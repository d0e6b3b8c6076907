"""Who may attend to whom: boolean masks (True = may attend) and their additive form.

Rows are queries, columns are keys. `offset` is the number of keys that come before the first
query, so that query i stands at position i + offset: 0 for plain self-attention, the length of
the cache when decoding.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Allowed = NDArray[np.bool_]


def _gaps(n_q: int, n_k: int, offset: ArrayLike) -> NDArray[np.int64]:
    """Query position − key position, (..., n_q, n_k), for an offset of shape (...)."""
    start = np.asarray(offset, dtype=np.int64)[..., None, None]
    gaps: NDArray[np.int64] = start + np.arange(n_q)[:, None] - np.arange(n_k)[None, :]
    return gaps


def causal_mask(n_q: int, n_k: int, offset: ArrayLike = 0) -> Allowed:
    """Key j is open to query i if j ≤ i + offset; (..., n_q, n_k) for an offset of shape (...).

    With offset 0 the open triangle starts in the top left corner; with offset n_k − n_q (keys
    cached, the queries the last ones) it ends in the bottom right one.
    """
    allowed: Allowed = _gaps(n_q, n_k, offset) >= 0
    return allowed


def window_mask(
    n_q: int, n_k: int, left: int | None, right: int | None, offset: ArrayLike = 0
) -> Allowed:
    """At most `left` keys back and `right` keys ahead (None: no bound); (..., n_q, n_k)."""
    gaps = _gaps(n_q, n_k, offset)
    allowed = np.ones(gaps.shape, dtype=np.bool_)
    if left is not None:
        allowed &= gaps <= left
    if right is not None:
        allowed &= -gaps <= right
    return allowed


def padding_mask(lengths: ArrayLike, n_k: int) -> Allowed:
    """The first `lengths` keys are real, the rest is padding; (..., 1, n_k) for lengths (...)."""
    allowed: Allowed = np.arange(n_k) < np.asarray(lengths, dtype=np.int64)[..., None, None]
    return allowed


def additive(allowed: ArrayLike) -> NDArray[np.float64]:
    """0 where a key is open, −∞ where it is closed; added to the scores before the softmax."""
    return np.where(np.asarray(allowed, dtype=np.bool_), 0.0, -np.inf)


def open_pairs(allowed: ArrayLike) -> int:
    """How many query–key pairs are open; n(n + 1)/2 for a causal n × n mask."""
    return int(np.asarray(allowed, dtype=np.bool_).sum())
