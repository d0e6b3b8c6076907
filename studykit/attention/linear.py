"""The linear layer on tokens in rows, Y = XW + b, and its gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LinearGradients:
    d_x: Array  # (..., n, d_in)   dY Wᵀ
    d_weight: Array  # (d_in, d_out)    Xᵀ dY, summed over all tokens
    d_bias: Array  # (d_out,)         dY summed over all tokens


def linear(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Array:
    """X W + b: (..., n, d_in) and (d_in, d_out) → (..., n, d_out).

    Tokens are rows and the weights stand on the right; PyTorch's nn.Linear stores Wᵀ.
    """
    y: Array = np.asarray(x, dtype=np.float64) @ np.asarray(weight, dtype=np.float64)
    return y if bias is None else y + np.asarray(bias, dtype=np.float64)


def linear_backward(x: ArrayLike, weight: ArrayLike, d_y: ArrayLike) -> LinearGradients:
    """The gradients of input, weight and bias from dY (..., n, d_out)."""
    X, W, G = (np.asarray(a, dtype=np.float64) for a in (x, weight, d_y))
    rows, grads = X.reshape(-1, X.shape[-1]), G.reshape(-1, G.shape[-1])
    return LinearGradients(d_x=G @ W.T, d_weight=rows.T @ grads, d_bias=grads.sum(axis=0))
