"""Activations and the feed-forward network of a block, with their gradients.

FFN(x) = act(x W_1 + b_1) W_2 + b_2 (Vaswani et al. 2017, eq. 2);
SwiGLU(x) = (silu(x W_gate) ∘ x W_up) W_down (Shazeer 2020).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studykit.attention.linear import linear, linear_backward

Array = NDArray[np.float64]

_erf = np.vectorize(math.erf, otypes=[np.float64])
_ROOT = math.sqrt(2.0 / math.pi)


def sigmoid(x: ArrayLike) -> Array:
    """1 / (1 + e^−x), without overflow on either side."""
    X = np.asarray(x, dtype=np.float64)
    power = np.exp(-np.abs(X))
    result: Array = np.where(X >= 0, 1.0, power) / (1.0 + power)
    return result


def relu(x: ArrayLike) -> Array:
    return np.maximum(0.0, np.asarray(x, dtype=np.float64))


def relu_slope(x: ArrayLike) -> Array:
    """1 where x > 0, else 0 (also at 0)."""
    return (np.asarray(x, dtype=np.float64) > 0.0).astype(np.float64)


def gelu(x: ArrayLike) -> Array:
    """x Φ(x) with the normal distribution's Φ, exactly: x/2 · (1 + erf(x/√2))."""
    X = np.asarray(x, dtype=np.float64)
    result: Array = 0.5 * X * (1.0 + _erf(X / math.sqrt(2.0)))
    return result


def gelu_slope(x: ArrayLike) -> Array:
    """Φ(x) + x φ(x)."""
    X = np.asarray(x, dtype=np.float64)
    density = np.exp(-0.5 * X * X) / math.sqrt(2.0 * math.pi)
    slope: Array = 0.5 * (1.0 + _erf(X / math.sqrt(2.0))) + X * density
    return slope


def gelu_tanh(x: ArrayLike) -> Array:
    """The usual approximation x/2 · (1 + tanh(√(2/π)(x + 0.044715 x³)))."""
    X = np.asarray(x, dtype=np.float64)
    result: Array = 0.5 * X * (1.0 + np.tanh(_ROOT * (X + 0.044715 * X**3)))
    return result


def gelu_tanh_slope(x: ArrayLike) -> Array:
    X = np.asarray(x, dtype=np.float64)
    t = np.tanh(_ROOT * (X + 0.044715 * X**3))
    inner = _ROOT * (1.0 + 3 * 0.044715 * X * X)
    slope: Array = 0.5 * (1.0 + t) + 0.5 * X * (1.0 - t * t) * inner
    return slope


def silu(x: ArrayLike) -> Array:
    """x σ(x), also called swish."""
    return np.asarray(x, dtype=np.float64) * sigmoid(x)


def silu_slope(x: ArrayLike) -> Array:
    """σ(x) (1 + x (1 − σ(x)))."""
    X, s = np.asarray(x, dtype=np.float64), sigmoid(x)
    slope: Array = s * (1.0 + X * (1.0 - s))
    return slope


def sigmoid_slope(x: ArrayLike) -> Array:
    """σ(x) (1 − σ(x)), at most 1/4."""
    s = sigmoid(x)
    slope: Array = s * (1.0 - s)
    return slope


def tanh(x: ArrayLike) -> Array:
    result: Array = np.tanh(np.asarray(x, dtype=np.float64))
    return result


def tanh_slope(x: ArrayLike) -> Array:
    """1 − tanh² x."""
    slope: Array = 1.0 - tanh(x) ** 2
    return slope


def softplus(x: ArrayLike) -> Array:
    """ln(1 + e^x), a smooth ReLU, without overflow: max(x, 0) + ln(1 + e^−|x|)."""
    X = np.asarray(x, dtype=np.float64)
    result: Array = np.maximum(X, 0.0) + np.log1p(np.exp(-np.abs(X)))
    return result


@dataclass(frozen=True, slots=True)
class Activation:
    """A function applied entry by entry, and its derivative."""

    value: Callable[[ArrayLike], Array]
    slope: Callable[[ArrayLike], Array]


ACTIVATIONS = {
    "relu": Activation(relu, relu_slope),
    "gelu": Activation(gelu, gelu_slope),
    "gelu-tanh": Activation(gelu_tanh, gelu_tanh_slope),
    "silu": Activation(silu, silu_slope),
    "sigmoid": Activation(sigmoid, sigmoid_slope),
    "tanh": Activation(tanh, tanh_slope),
    "softplus": Activation(softplus, sigmoid),
}


@dataclass(frozen=True, slots=True, eq=False)
class FeedForward:
    """The weights of act(x W_1 + b_1) W_2 + b_2."""

    W_1: Array  # (d, d_ff)
    b_1: Array  # (d_ff,)
    W_2: Array  # (d_ff, d)
    b_2: Array  # (d,)
    activation: str = "relu"


@dataclass(frozen=True, slots=True, eq=False)
class FeedForwardTrace:
    x: Array  # (..., n, d)
    weights: FeedForward
    before: Array  # (..., n, d_ff)   x W_1 + b_1
    hidden: Array  # (..., n, d_ff)   act(before)
    output: Array  # (..., n, d)


def feed_forward(x: ArrayLike, weights: FeedForward) -> FeedForwardTrace:
    """The network on every token by itself; (..., n, d) in and out."""
    X = np.asarray(x, dtype=np.float64)
    before = linear(X, weights.W_1, weights.b_1)
    hidden = ACTIVATIONS[weights.activation].value(before)
    return FeedForwardTrace(X, weights, before, hidden, linear(hidden, weights.W_2, weights.b_2))


def feed_forward_backward(
    trace: FeedForwardTrace, d_output: ArrayLike
) -> tuple[Array, FeedForward]:
    """∂L/∂x, and the gradients of the weights in their own places."""
    W = trace.weights
    second = linear_backward(trace.hidden, W.W_2, d_output)
    d_before = second.d_x * ACTIVATIONS[W.activation].slope(trace.before)
    first = linear_backward(trace.x, W.W_1, d_before)
    gradients = FeedForward(
        first.d_weight, first.d_bias, second.d_weight, second.d_bias, W.activation
    )
    return first.d_x, gradients


@dataclass(frozen=True, slots=True, eq=False)
class SwiGLU:
    """The weights of (silu(x W_gate) ∘ x W_up) W_down; no biases."""

    W_gate: Array  # (d, d_ff)
    W_up: Array  # (d, d_ff)
    W_down: Array  # (d_ff, d)


def gated(gate: ArrayLike, up: ArrayLike) -> Array:
    """silu(gate) ∘ up."""
    return silu(gate) * np.asarray(up, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class SwiGLUTrace:
    x: Array  # (..., n, d)
    weights: SwiGLU
    gate: Array  # (..., n, d_ff)   x W_gate
    up: Array  # (..., n, d_ff)   x W_up
    hidden: Array  # (..., n, d_ff)   silu(gate) ∘ up
    output: Array  # (..., n, d)


def swiglu(x: ArrayLike, weights: SwiGLU) -> SwiGLUTrace:
    """The gated network on every token by itself; (..., n, d) in and out."""
    X = np.asarray(x, dtype=np.float64)
    gate, up = linear(X, weights.W_gate), linear(X, weights.W_up)
    hidden = gated(gate, up)
    return SwiGLUTrace(X, weights, gate, up, hidden, linear(hidden, weights.W_down))


def swiglu_backward(trace: SwiGLUTrace, d_output: ArrayLike) -> tuple[Array, SwiGLU]:
    """∂L/∂x, and the gradients of the three matrices in their own places."""
    W, gate = trace.weights, trace.gate
    down = linear_backward(trace.hidden, W.W_down, d_output)
    through_gate = linear_backward(trace.x, W.W_gate, down.d_x * trace.up * silu_slope(gate))
    through_up = linear_backward(trace.x, W.W_up, down.d_x * silu(gate))
    gradients = SwiGLU(through_gate.d_weight, through_up.d_weight, down.d_weight)
    return through_gate.d_x + through_up.d_x, gradients
