"""The gradient of scaled dot-product attention, step by step from the output to Q, K and V.

dZ stands for ∂L/∂Z and has the shape of Z. With G = dO:
dV = AᵀG, dA = GVᵀ, dS = A ∘ (dA − rowsum(dA ∘ A)), dQ = dS K·scale, dK = dSᵀ Q·scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from studykit.attention.scaled_dot import Trace, repeat_heads
from studykit.attention.softmax import Array, softmax_backward


@dataclass(frozen=True, slots=True, eq=False)
class Gradients:
    """∂L/∂Z for every Z of the trace; `d_key` and `d_value` include the cached rows."""

    d_output: Array  # (..., n_q, d_v)
    d_weights: Array  # (..., n_q, n_k)   G Vᵀ
    d_masked: Array  # (..., n_q, n_k)   through the softmax; also the gradient of an added mask
    d_scaled: Array  # (..., n_q, n_k)   through the softcap
    d_scores: Array  # (..., n_q, n_k)   · scale
    d_query: Array  # (..., n_q, d_k)
    d_key: Array  # (..., n_k, d_k)
    d_value: Array  # (..., n_k, d_v)


def attend_backward(trace: Trace, d_output: ArrayLike) -> Gradients:
    """Gradients of L with respect to query, key and value, given G = ∂L/∂O (..., n_q, d_v).

    A closed pair has weight 0 and so no gradient; a row that may see nothing passes none on.
    Where heads are grouped or leading axes were broadcast, gradients of the copies are summed.
    """
    G = np.asarray(d_output, dtype=np.float64)
    K, V = repeat_heads(trace.key, trace.group), repeat_heads(trace.value, trace.group)

    d_weights = G @ V.mT
    d_masked = softmax_backward(trace.weights, d_weights)
    d_scaled = d_masked
    if trace.softcap is not None:  # d/dx cap·tanh(x/cap) = 1 − tanh²(x/cap)
        d_scaled = d_masked * (1.0 - (trace.capped / trace.softcap) ** 2)
    d_scores = d_scaled * trace.scale

    return Gradients(
        d_output=G,
        d_weights=d_weights,
        d_masked=d_masked,
        d_scaled=d_scaled,
        d_scores=d_scores,
        d_query=_sum_to(d_scores @ K, trace.query, 1),
        d_key=_sum_to(d_scores.mT @ trace.query, trace.key, trace.group),
        d_value=_sum_to(trace.weights.mT @ G, trace.value, trace.group),
    )


def _sum_to(gradient: Array, like: Array, group: int) -> Array:
    """Add up the gradients of copies: of grouped heads, then of broadcast axes."""
    if group > 1:  # (..., H, n, d) → (..., H/group, group, n, d) → (..., H/group, n, d)
        *lead, heads, n, d = gradient.shape
        gradient = gradient.reshape(*lead, heads // group, group, n, d).sum(axis=-3)
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - like.ndim)))
    copied = [i for i, n in enumerate(like.shape) if n == 1 and gradient.shape[i] > 1]
    summed: Array = gradient.sum(axis=tuple(copied), keepdims=True)
    return summed
