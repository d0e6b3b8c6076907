"""Residual blocks: attention and feed-forward network, each with a norm before or after it.

Pre-norm: x + f(norm(x)); post-norm, as in the original: norm(x + f(x)). A decoder block has
cross-attention to a memory between the two. Vaswani et al. 2017, §3.1; Xiong et al. 2020.
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
    feed_forward,
    feed_forward_backward,
)
from studykit.attention.heads import (
    HeadsGradients,
    HeadsTrace,
    HeadWeights,
    multi_head,
    multi_head_backward,
)
from studykit.attention.norms import NormGradients, NormTrace, layer_norm, layer_norm_backward

Array = NDArray[np.float64]
Order = Literal["pre", "post"]


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """Gain and bias of a LayerNorm."""

    gain: Array  # (d,)
    bias: Array  # (d,)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The weights of an encoder block, or of a decoder block if `cross` is there."""

    attention: HeadWeights
    attention_norm: Norm
    network: FeedForward
    network_norm: Norm
    heads: int
    cross: HeadWeights | None = None
    cross_norm: Norm | None = None
    order: Order = "pre"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One residual part of a block: what went in, its norm, what it computed, what came out."""

    x: Array
    norm: NormTrace
    inside: HeadsTrace | FeedForwardTrace
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
            lambda h: multi_head(h, weights.attention, weights.heads, **options),
        )
    ]
    if weights.cross is not None and weights.cross_norm is not None:
        cross = weights.cross
        parts.append(
            _part(
                parts[-1].output,
                weights.cross_norm,
                weights.order,
                lambda h: multi_head(h, cross, weights.heads, memory=memory),
            )
        )
    parts.append(
        _part(
            parts[-1].output,
            weights.network_norm,
            weights.order,
            lambda h: feed_forward(h, weights.network),
        )
    )
    return BlockTrace(weights, tuple(parts), parts[-1].output)


def block_backward(trace: BlockTrace, d_output: ArrayLike) -> BlockGradients:
    """All gradients of a block, from ∂L/∂output (..., n, d)."""
    W = trace.weights
    *attentions, last = trace.parts
    G = np.asarray(d_output, dtype=np.float64)

    G, network, network_norm = _part_backward(last, W.order, G, _network_backward)
    cross, cross_norm, d_memory = None, None, None
    if len(attentions) == 2:
        G, cross, cross_norm = _part_backward(attentions[1], W.order, G, _heads_backward)
        d_memory = cross.d_memory
    G, attention, attention_norm = _part_backward(attentions[0], W.order, G, _heads_backward)
    d_weights = Block(
        attention=attention.d_weights,
        attention_norm=Norm(attention_norm.d_gain, attention_norm.d_bias),
        network=network,
        network_norm=Norm(network_norm.d_gain, network_norm.d_bias),
        heads=W.heads,
        cross=None if cross is None else cross.d_weights,
        cross_norm=None if cross_norm is None else Norm(cross_norm.d_gain, cross_norm.d_bias),
        order=W.order,
    )
    return BlockGradients(G, d_memory, d_weights)


def _part(
    x: Array,
    norm: Norm,
    order: Order,
    inside: Callable[[Array], HeadsTrace | FeedForwardTrace],
) -> Part:
    """x + f(norm(x)), or norm(x + f(x))."""
    if order == "pre":
        normed = layer_norm(x, norm.gain, norm.bias)
        result = inside(normed.output)
        return Part(x, normed, result, x + result.output)
    result = inside(x)
    normed = layer_norm(x + result.output, norm.gain, norm.bias)
    return Part(x, normed, result, normed.output)


def _part_backward(
    part: Part,
    order: Order,
    G: Array,
    backward: Callable[[Any, Array], tuple[Array, Any]],
) -> tuple[Array, Any, NormGradients]:
    """∂L/∂x of one part (past f and through f), the gradients of f and those of the norm."""
    if order == "pre":
        d_inside, gradients = backward(part.inside, G)
        norm = layer_norm_backward(part.norm, d_inside)
        return G + norm.d_x, gradients, norm
    norm = layer_norm_backward(part.norm, G)
    d_inside, gradients = backward(part.inside, norm.d_x)
    return norm.d_x + d_inside, gradients, norm


def _heads_backward(trace: HeadsTrace, G: Array) -> tuple[Array, HeadsGradients]:
    gradients = multi_head_backward(trace, G)
    return gradients.d_x, gradients


def _network_backward(trace: FeedForwardTrace, G: Array) -> tuple[Array, FeedForward]:
    return feed_forward_backward(trace, G)
