"""LayerNorm and RMSNorm over the last axis, with their gradients.

LayerNorm: γ ∘ (x − mean)/√(var + ε) + β, with the population variance (Ba et al. 2016).
RMSNorm: γ ∘ x/√(mean(x²) + ε), neither centred nor shifted (Zhang and Sennrich 2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class NormTrace:
    """`normal` is x brought to scale, before gain and bias; `inverse` is 1/√(· + ε)."""

    x: Array  # (..., d)
    gain: Array  # (d,)
    mean: Array  # (..., 1)   0 for RMSNorm
    inverse: Array  # (..., 1)
    normal: Array  # (..., d)
    output: Array  # (..., d)


@dataclass(frozen=True, slots=True, eq=False)
class NormGradients:
    d_x: Array  # (..., d)
    d_gain: Array  # (d,)
    d_bias: Array  # (d,)


def layer_norm(
    x: ArrayLike, gain: ArrayLike, bias: ArrayLike | None = None, epsilon: float = 1e-5
) -> NormTrace:
    """Every token to mean 0 and variance 1, then gain and bias; (..., d) in and out."""
    X, g = np.asarray(x, dtype=np.float64), np.asarray(gain, dtype=np.float64)
    mean = X.mean(axis=-1, keepdims=True)
    inverse = 1.0 / np.sqrt(X.var(axis=-1, keepdims=True) + epsilon)
    normal = (X - mean) * inverse
    output = g * normal
    if bias is not None:
        output = output + np.asarray(bias, dtype=np.float64)
    return NormTrace(X, g, mean, inverse, normal, output)


def layer_norm_backward(trace: NormTrace, d_output: ArrayLike) -> NormGradients:
    """dx = inverse · (h − mean(h) − x̂ mean(h ∘ x̂)) with h = γ ∘ dY: the parts along the constant
    and along x̂ are taken out, because moving or stretching x there changes nothing."""
    G = np.asarray(d_output, dtype=np.float64)
    h = G * trace.gain
    along = (h * trace.normal).mean(axis=-1, keepdims=True)
    d_x = trace.inverse * (h - h.mean(axis=-1, keepdims=True) - trace.normal * along)
    return NormGradients(d_x, _per_feature(G * trace.normal), _per_feature(G))


def rms_norm(x: ArrayLike, gain: ArrayLike, epsilon: float = 1e-5) -> NormTrace:
    """Every token to mean square 1, then gain; (..., d) in and out."""
    X, g = np.asarray(x, dtype=np.float64), np.asarray(gain, dtype=np.float64)
    inverse = 1.0 / np.sqrt((X * X).mean(axis=-1, keepdims=True) + epsilon)
    normal = X * inverse
    return NormTrace(X, g, np.zeros_like(inverse), inverse, normal, g * normal)


def rms_norm_backward(trace: NormTrace, d_output: ArrayLike) -> NormGradients:
    """dx = inverse · (h − x̂ mean(h ∘ x̂)) with h = γ ∘ dY; `d_bias` is that of an added bias."""
    G = np.asarray(d_output, dtype=np.float64)
    h = G * trace.gain
    along = (h * trace.normal).mean(axis=-1, keepdims=True)
    d_x = trace.inverse * (h - trace.normal * along)
    return NormGradients(d_x, _per_feature(G * trace.normal), _per_feature(G))


def _per_feature(x: Array) -> Array:
    total: Array = x.reshape(-1, x.shape[-1]).sum(axis=0)
    return total
