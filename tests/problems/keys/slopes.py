"""Derivatives from the definition of the loss alone, for the keys of gradients.

A complex step gives a derivative to the last digit with no formula for it: L(x + ih) = L + ih L'.
The losses are plain loops over the forward pass and take whatever numbers they are given.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

from tests.problems.keys.tools import Givens

Loss = Callable[[Any], Any]
Forward = Callable[[Givens], tuple[Any, Loss]]
"""From a problem's givens: where the gradient is taken, and the loss as a function of that."""

TINY = 1e-30


def slopes(start: Any, loss: Loss) -> Any:
    """The derivative of the loss by every entry of a number, vector or matrix."""
    return _by_entry(start, lambda moved: loss(moved).imag / TINY, 1j * TINY)


def differences(start: Any, loss: Loss, h: float = 1e-5) -> Any:
    """The same by central differences."""
    up = _by_entry(start, lambda moved: loss(moved).real, h)
    down = _by_entry(start, lambda moved: loss(moved).real, -h)
    return _paired(up, down, h)


def _paired(up: Any, down: Any, h: float) -> Any:
    if isinstance(up, list):
        return [_paired(a, b, h) for a, b in zip(up, down, strict=True)]
    return (up - down) / (2 * h)


def _by_entry(start: Any, measure: Callable[[Any], float], move: complex) -> Any:
    if not isinstance(start, list):
        return measure(start + move)
    if not isinstance(start[0], list):
        return [
            measure([x + move if j == i else x for j, x in enumerate(start)])
            for i in range(len(start))
        ]
    return [
        [
            measure(
                [
                    [x + move if (r, c) == (i, j) else x for c, x in enumerate(row)]
                    for r, row in enumerate(start)
                ]
            )
            for j in range(len(start[0]))
        ]
        for i in range(len(start))
    ]


def plain(M: Any) -> Any:
    """Floats all the way down: fractions and logarithms do not mix with complex numbers."""
    if isinstance(M, list):
        return [plain(x) for x in M]
    return M if isinstance(M, complex) else float(M)


def zeros(rows: int, columns: int) -> list[list[float]]:
    return [[0.0] * columns for _ in range(rows)]


def times(A: Any, B: Any) -> Any:
    """The product of two matrices, by loops."""
    A, B = plain(A), plain(B)
    out: Any = zeros(len(A), len(B[0]))
    for i in range(len(A)):
        for j in range(len(B[0])):
            for k in range(len(B)):
                out[i][j] = out[i][j] + A[i][k] * B[k][j]
    return out


def turned(A: Any) -> Any:
    return [[A[i][j] for i in range(len(A))] for j in range(len(A[0]))]


def meet(G: Any, Y: Any) -> Any:
    """Σ G∘Y: a loss whose gradient by Y is G."""
    total: Any = 0.0
    for g_row, y_row in zip(G, Y, strict=True):
        for g, y in zip(g_row, y_row, strict=True):
            total = total + float(g) * y
    return total


def softmaxed(row: Any, open_: Any) -> Any:
    """Over the open entries of one row; the others weigh 0."""
    top = max(s.real for s, seen in zip(row, open_, strict=True) if seen)
    powers = [cmath.exp(s - top) if seen else 0.0 for s, seen in zip(row, open_, strict=True)]
    total = sum(powers)
    return [p / total for p in powers]


def logs(A: Any) -> tuple[Any, Any]:
    """Scores whose softmax are these weights, and which pairs are open."""
    return (
        [[math.log(a) if a else 0.0 for a in row] for row in A],
        [[bool(a) for a in row] for row in A],
    )


def attended(S: Any, open_: Any, V: Any) -> Any:
    weights = [softmaxed(row, seen) for row, seen in zip(S, open_, strict=True)]
    return times(weights, V)


def key(forward: Forward) -> Callable[[Givens], Any]:
    return lambda givens: slopes(*forward(givens))
