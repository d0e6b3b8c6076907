"""Multi-head attention: projections, heads side by side, W_O, and every gradient back to X.

O = concat(head_1 … head_H) W_O with head_i = attention(X W_Q^i, M W_K^i, M W_V^i); M is X itself
(self-attention) or a memory (cross-attention). Vaswani et al. 2017, §3.2.2. With fewer key heads
than query heads, query head i uses key head i // (H / H_kv): grouped-query attention (Ainslie et
al. 2023); with one key head, multi-query attention.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studykit.attention.backward import Gradients, attend_backward
from studykit.attention.linear import linear, linear_backward
from studykit.attention.scaled_dot import AttentionError, Trace, attend

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class HeadWeights:
    """The four matrices; the heads' blocks stand side by side in the columns (rows of W_O)."""

    W_Q: Array  # (d, H·d_k)
    W_K: Array  # (d_m, H_kv·d_k)
    W_V: Array  # (d_m, H_kv·d_v)
    W_O: Array  # (H·d_v, d_out)


@dataclass(frozen=True, slots=True, eq=False)
class HeadsTrace:
    """One run of multi-head attention; `attention` holds what happens inside the heads."""

    x: Array  # (..., n_q, d)
    memory: Array  # (..., n_k, d_m)
    weights: HeadWeights
    heads: int
    kv_heads: int
    attention: Trace  # arrays with a head axis: (..., H, n, ·)
    concat: Array  # (..., n_q, H·d_v)
    output: Array  # (..., n_q, d_out)


@dataclass(frozen=True, slots=True, eq=False)
class HeadsGradients:
    """∂L/∂ of every weight and input. In self-attention `d_x` is the sum over all three paths
    (query, key, value) and `d_memory` is None."""

    d_weights: HeadWeights
    d_x: Array
    d_memory: Array | None
    d_concat: Array
    attention: Gradients


def split_heads(x: ArrayLike, heads: int) -> Array:
    """(..., n, H·d) → (..., H, n, d): head i takes the columns i·d … (i+1)·d − 1."""
    X = np.asarray(x, dtype=np.float64)
    *lead, n, width = X.shape
    if width % heads:
        raise AttentionError(f"a width of {width} does not split into {heads} heads")
    split: Array = np.moveaxis(X.reshape(*lead, n, heads, width // heads), -2, -3)
    return split


def merge_heads(x: ArrayLike) -> Array:
    """(..., H, n, d) → (..., n, H·d), the inverse of `split_heads`."""
    X = np.asarray(x, dtype=np.float64)
    *lead, heads, n, d = X.shape
    return np.moveaxis(X, -3, -2).reshape(*lead, n, heads * d)


def multi_head(
    x: ArrayLike,
    weights: HeadWeights,
    heads: int,
    *,
    kv_heads: int | None = None,
    memory: ArrayLike | None = None,
    **options: Any,
) -> HeadsTrace:
    """Attention of the tokens x (..., n_q, d) over themselves or a memory (..., n_k, d_m).

    `options` go to `attend` (mask, causal, window, softcap, …); a mask has the axes of one head's
    scores, (n_q, n_k), or broadcasts to (..., H, n_q, n_k). Raises AttentionError.
    """
    X = np.asarray(x, dtype=np.float64)
    M = X if memory is None else np.asarray(memory, dtype=np.float64)
    kv = heads if kv_heads is None else kv_heads
    Q = split_heads(linear(X, weights.W_Q), heads)
    K = split_heads(linear(M, weights.W_K), kv)
    V = split_heads(linear(M, weights.W_V), kv)
    inside = attend(Q, K, V, **options)
    concat = merge_heads(inside.output)
    output = linear(concat, weights.W_O)
    return HeadsTrace(X, M, weights, heads, kv, inside, concat, output)


def multi_head_backward(trace: HeadsTrace, d_output: ArrayLike) -> HeadsGradients:
    """Gradients of all four matrices and of the inputs, given ∂L/∂output (..., n_q, d_out)."""
    W = trace.weights
    out = linear_backward(trace.concat, W.W_O, d_output)
    inside = attend_backward(trace.attention, split_heads(out.d_x, trace.heads))
    query = linear_backward(trace.x, W.W_Q, merge_heads(inside.d_query))
    key = linear_backward(trace.memory, W.W_K, merge_heads(inside.d_key))
    value = linear_backward(trace.memory, W.W_V, merge_heads(inside.d_value))
    own = trace.memory is trace.x
    through_memory = key.d_x + value.d_x
    return HeadsGradients(
        d_weights=HeadWeights(query.d_weight, key.d_weight, value.d_weight, out.d_weight),
        d_x=query.d_x + through_memory if own else query.d_x,
        d_memory=None if own else through_memory,
        d_concat=out.d_x,
        attention=inside,
    )


def head_contributions(trace: HeadsTrace) -> Array:
    """What each head adds to the output, (..., H, n_q, d_out): they sum to it.

    concat(O_1 … O_H) W_O = Σ O_i W_O^i, with W_O^i the head's own rows of W_O.
    """
    d_v = trace.concat.shape[-1] // trace.heads
    blocks = trace.weights.W_O.reshape(trace.heads, d_v, -1)
    parts: Array = trace.attention.output @ blocks
    return parts
