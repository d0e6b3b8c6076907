"""Residual blocks: attention and feed-forward network, each with a norm before or after it.

Pre-norm: x + f(norm(x)); post-norm, as in the original: norm(x + f(x)). A decoder block has
cross-attention to a memory between the two. Vaswani et al. 2017, §3.1; Xiong et al. 2020. With
RMSNorm, grouped heads and SwiGLU it is the block of Llama (Touvron et al. 2023).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studykit.attention.feed_forward import (
    FeedForward,
    FeedForwardTrace,
    SwiGLU,
    SwiGLUTrace,
    feed_forward,
    feed_forward_backward,
    swiglu,
    swiglu_backward,
)
from studykit.attention.heads import (
    HeadsGradients,
    HeadsTrace,
    HeadWeights,
    multi_head,
    multi_head_backward,
)
from studykit.attention.norms import (
    NormGradients,
    NormTrace,
    layer_norm,
    layer_norm_backward,
    rms_norm,
    rms_norm_backward,
)

Array = NDArray[np.float64]
Order = Literal["pre", "post"]
Inside = HeadsTrace | FeedForwardTrace | SwiGLUTrace


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """Gain and bias of a LayerNorm; without a bias, the gain of an RMSNorm."""

    gain: Array  # (d,)
    bias: Array | None = None  # (d,)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The weights of an encoder block, or of a decoder block if `cross` is there."""

    attention: HeadWeights
    attention_norm: Norm
    network: FeedForward | SwiGLU
    network_norm: Norm
    heads: int
    kv_heads: int | None = None
    """Key and value heads, in both attentions; as many as `heads` unless given."""
    cross: HeadWeights | None = None
    cross_norm: Norm | None = None
    order: Order = "pre"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One residual part of a block: what went in, its norm, what it computed, what came out."""

    x: Array
    norm: NormTrace
    inside: Inside
    output: Array


@dataclass(frozen=True, slots=True, eq=False)
class BlockTrace:
    weights: Block
    parts: tuple[Part, ...]  # attention, (cross-attention,) network
    output: Array  # (..., n, d)


@dataclass(frozen=True, slots=True, eq=False)
class BlockGradients:
    """∂L/∂x, ∂L/∂memory (None without one), and the gradients of the weights in their places."""

    d_x: Array
    d_memory: Array | None
    d_weights: Block


def block(
    x: ArrayLike, weights: Block, *, memory: ArrayLike | None = None, **options: Any
) -> BlockTrace:
    """A block on the tokens x (..., n, d); `options` (mask, causal …) are for self-attention."""
    X = np.asarray(x, dtype=np.float64)
    parts = [
        _part(
            X,
            weights.attention_norm,
            weights.order,
            lambda h: multi_head(
                h, weights.attention, weights.heads, kv_heads=weights.kv_heads, **options
            ),
        )
    ]
    if weights.cross is not None and weights.cross_norm is not None:
        cross = weights.cross
        parts.append(
            _part(
                parts[-1].output,
                weights.cross_norm,
                weights.order,
                lambda h: multi_head(
                    h, cross, weights.heads, kv_heads=weights.kv_heads, memory=memory
                ),
            )
        )
    parts.append(
        _part(
            parts[-1].output,
            weights.network_norm,
            weights.order,
            lambda h: _network(h, weights.network),
        )
    )
    return BlockTrace(weights, tuple(parts), parts[-1].output)


def block_backward(trace: BlockTrace, d_output: ArrayLike) -> BlockGradients:
    """All gradients of a block, from ∂L/∂output (..., n, d)."""
    W = trace.weights
    *attentions, last = trace.parts
    G = np.asarray(d_output, dtype=np.float64)

    G, network, network_norm = _part_backward(last, W.network_norm, W.order, G, _network_backward)
    cross, cross_norm, d_memory = None, None, None
    if W.cross_norm is not None and len(attentions) == 2:
        G, cross, cross_norm = _part_backward(
            attentions[1], W.cross_norm, W.order, G, _heads_backward
        )
        d_memory = cross.d_memory
    G, attention, attention_norm = _part_backward(
        attentions[0], W.attention_norm, W.order, G, _heads_backward
    )
    d_weights = Block(
        attention=attention.d_weights,
        attention_norm=attention_norm,
        network=network,
        network_norm=network_norm,
        heads=W.heads,
        kv_heads=W.kv_heads,
        cross=None if cross is None else cross.d_weights,
        cross_norm=cross_norm,
        order=W.order,
    )
    return BlockGradients(G, d_memory, d_weights)


def _part(
    x: Array,
    norm: Norm,
    order: Order,
    inside: Callable[[Array], Inside],
) -> Part:
    """x + f(norm(x)), or norm(x + f(x))."""
    if order == "pre":
        normed = _normed(x, norm)
        result = inside(normed.output)
        return Part(x, normed, result, x + result.output)
    result = inside(x)
    normed = _normed(x + result.output, norm)
    return Part(x, normed, result, normed.output)


def _part_backward(
    part: Part,
    kind: Norm,
    order: Order,
    G: Array,
    backward: Callable[[Any, Array], tuple[Array, Any]],
) -> tuple[Array, Any, Norm]:
    """∂L/∂x of one part (past f and through f), the gradients of f and those of the norm."""
    if order == "pre":
        d_inside, gradients = backward(part.inside, G)
        norm = _normed_backward(part.norm, kind, d_inside)
        return G + norm.d_x, gradients, _like(kind, norm)
    norm = _normed_backward(part.norm, kind, G)
    d_inside, gradients = backward(part.inside, norm.d_x)
    return norm.d_x + d_inside, gradients, _like(kind, norm)


def _heads_backward(trace: HeadsTrace, G: Array) -> tuple[Array, HeadsGradients]:
    gradients = multi_head_backward(trace, G)
    return gradients.d_x, gradients


def _network(x: Array, weights: FeedForward | SwiGLU) -> FeedForwardTrace | SwiGLUTrace:
    return swiglu(x, weights) if isinstance(weights, SwiGLU) else feed_forward(x, weights)


def _network_backward(
    trace: FeedForwardTrace | SwiGLUTrace, G: Array
) -> tuple[Array, FeedForward | SwiGLU]:
    if isinstance(trace, SwiGLUTrace):
        return swiglu_backward(trace, G)
    return feed_forward_backward(trace, G)


def _normed(x: Array, norm: Norm) -> NormTrace:
    return rms_norm(x, norm.gain) if norm.bias is None else layer_norm(x, norm.gain, norm.bias)


def _normed_backward(trace: NormTrace, norm: Norm, G: Array) -> NormGradients:
    return rms_norm_backward(trace, G) if norm.bias is None else layer_norm_backward(trace, G)


def _like(norm: Norm, gradients: NormGradients) -> Norm:
    """The gradients of a norm's weights in its own form."""
    return Norm(gradients.d_gain, None if norm.bias is None else gradients.d_bias)
