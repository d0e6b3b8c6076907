"""Scaled dot-product attention with every intermediate kept: softmax(QKᵀ/√d_k + M) V.

Rows are tokens. All arrays are float64 with any leading axes: query (..., n_q, d_k),
key (..., n_k, d_k), value (..., n_k, d_v). Vaswani et al. 2017, eq. 1; the order of scale, cap
and mask, and the meaning of causal with a cache, are those of the ONNX operator Attention.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from studykit.attention.masks import Allowed, additive, causal_mask, padding_mask, window_mask
from studykit.attention.softmax import Array, softmax


class AttentionError(ValueError):
    """Shapes or settings that do not fit together; says which and why."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One run of attention, from the inputs to the output. Nothing in it is changed afterwards.

    `key` and `value` hold the cached rows first. With grouped heads they keep their own, smaller
    number of heads; everything from `scores` on has the heads of the query.
    """

    query: Array  # (..., n_q, d_k)
    key: Array  # (..., n_k, d_k), cached keys included
    value: Array  # (..., n_k, d_v)
    scale: float
    softcap: float | None
    group: int  # query heads that share one key/value head; 1 without grouping
    scores: Array  # (..., n_q, n_k)   Q Kᵀ
    scaled: Array  # (..., n_q, n_k)   Q Kᵀ · scale
    capped: Array  # (..., n_q, n_k)   cap · tanh(scaled / cap), or scaled
    masked: Array  # (..., n_q, n_k)   capped + M, −∞ where closed
    weights: Array  # (..., n_q, n_k)   softmax over the keys; a closed row is 0
    output: Array  # (..., n_q, d_v)   A V


def attend(
    query: ArrayLike,
    key: ArrayLike,
    value: ArrayLike,
    *,
    scale: float | None = None,
    mask: ArrayLike | None = None,
    causal: bool = False,
    window: int | tuple[int | None, int | None] | None = None,
    softcap: float | None = None,
    past_key: ArrayLike | None = None,
    past_value: ArrayLike | None = None,
    key_lengths: ArrayLike | None = None,
) -> Trace:
    """Attention of every query over the keys it may see, with all intermediates.

    query (..., n_q, d_k), key (..., n_k, d_k), value (..., n_k, d_v); leading axes broadcast.
    If the last leading axis (the heads) is larger for the query by a whole factor g, query head
    i uses key/value head i // g (grouped-query attention).

    scale        factor on QKᵀ; 1/√d_k unless given
    mask         broadcast to (..., n_q, n_k): boolean, True = may attend, or numbers to add;
                 if it covers fewer keys than there are, the rest is closed
    causal       query i sees key j ≤ i + offset; the offset is the number of cached keys, else
                 0 (top-left aligned), or length − n_q where `key_lengths` is given
    window       keys back, or (keys back, keys ahead); None is no bound
    softcap      cap · tanh(scaled / cap), before the mask
    past_key, past_value   rows put before key and value
    key_lengths  real keys of each sequence, shape of the leading axes from the left; the keys
                 after them are padding

    A query that may see nothing gets weights and output 0. Raises AttentionError.
    """
    Q, K, V = (np.asarray(x, dtype=np.float64) for x in (query, key, value))
    if (past_key is None) != (past_value is None):
        raise AttentionError("past_key and past_value come together")
    n_past = 0
    if past_key is not None and past_value is not None:
        if key_lengths is not None:
            raise AttentionError("key_lengths and past_key are two ways to say the same: give one")
        K_past, V_past = (np.asarray(x, dtype=np.float64) for x in (past_key, past_value))
        n_past = K_past.shape[-2]
        K = np.concatenate((K_past, K), axis=-2)
        V = np.concatenate((V_past, V), axis=-2)
    group = _group(Q, K, V)

    factor = 1.0 / sqrt(Q.shape[-1]) if scale is None else float(scale)
    scores = Q @ repeat_heads(K, group).mT  # (..., n_q, n_k)
    scaled = scores * factor
    capped = scaled if softcap is None else softcap * np.tanh(scaled / softcap)

    bias = _bias(capped, mask, causal, window, n_past, key_lengths)
    closed = np.isneginf(bias)
    masked = np.where(closed, -np.inf, capped + np.where(closed, 0.0, bias))

    weights = softmax(masked)
    output = weights @ repeat_heads(V, group)  # (..., n_q, d_v)
    return Trace(
        query=Q,
        key=K,
        value=V,
        scale=factor,
        softcap=softcap,
        group=group,
        scores=scores,
        scaled=scaled,
        capped=capped,
        masked=masked,
        weights=weights,
        output=output,
    )


def repeat_heads(x: Array, group: int) -> Array:
    """(..., H_kv, n, d) → (..., H_kv·group, n, d): head i of the result is head i // group."""
    return x if group == 1 else np.repeat(x, group, axis=-3)


def _group(Q: Array, K: Array, V: Array) -> int:
    """How many query heads share a key/value head; checks that the shapes fit."""
    if min(Q.ndim, K.ndim, V.ndim) < 2:
        raise AttentionError("query, key and value need at least the axes (tokens, width)")
    if Q.shape[-1] != K.shape[-1]:
        raise AttentionError(f"query has width {Q.shape[-1]}, key has width {K.shape[-1]}")
    if K.shape[-2] != V.shape[-2]:
        raise AttentionError(f"there are {K.shape[-2]} keys but {V.shape[-2]} values")
    if min(Q.ndim, K.ndim) < 3:
        return 1
    heads, heads_kv = Q.shape[-3], K.shape[-3]
    if heads == heads_kv or 1 in (heads, heads_kv):
        return 1
    if heads % heads_kv:
        raise AttentionError(f"{heads} query heads cannot share {heads_kv} key heads evenly")
    return int(heads // heads_kv)


def _bias(
    scores: Array,
    mask: ArrayLike | None,
    causal: bool,
    window: int | tuple[int | None, int | None] | None,
    n_past: int,
    key_lengths: ArrayLike | None,
) -> Array:
    """Everything that is added to the scores before the softmax, (..., n_q, n_k)."""
    n_q, n_k = scores.shape[-2:]
    bias = np.zeros(scores.shape) if mask is None else _padded(mask, n_k) + np.zeros(scores.shape)
    offset = np.asarray(n_past)
    allowed: list[Allowed] = []
    if key_lengths is not None:
        lengths = np.asarray(key_lengths, dtype=np.int64)
        lengths = lengths.reshape(lengths.shape + (1,) * (scores.ndim - 2 - lengths.ndim))
        offset = lengths - n_q
        allowed.append(padding_mask(lengths, n_k))
    if causal:
        allowed.append(causal_mask(n_q, n_k, offset))
    if window is not None:
        left, right = window if isinstance(window, tuple) else (window, None)
        allowed.append(window_mask(n_q, n_k, left, right, offset))
    for may in allowed:
        bias = np.where(may, bias, -np.inf)
    return bias


def _padded(mask: ArrayLike, n_k: int) -> Array:
    """The mask as numbers to add, over all n_k keys: keys it does not reach are closed."""
    M = np.asarray(mask)
    M = additive(M) if M.dtype == np.bool_ else M.astype(np.float64)
    missing = n_k - M.shape[-1]
    if missing <= 0 or M.shape[-1] == 1:
        return M
    return np.pad(M, [(0, 0)] * (M.ndim - 1) + [(0, missing)], constant_values=-np.inf)
