"""Central differences: the outside reference of every backward pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def numeric_gradient(loss: Callable[[Array], float], at: Array, step: float = 1e-6) -> Array:
    """∂loss/∂at by (f(x + h) − f(x − h)) / 2h, entry by entry; the shape of `at`."""
    gradient = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (loss(up) - loss(down)) / (2 * step)
    return gradient


def assert_gradient(loss: Callable[[Array], float], at: Array, claimed: Array) -> None:
    np.testing.assert_allclose(claimed, numeric_gradient(loss, at), rtol=1e-6, atol=1e-8)
