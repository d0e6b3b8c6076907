"""Small matrices as lists, computed in whatever numbers they hold: exact or float.

At the sizes of a problem (a few rows) plain lists beat arrays and, unlike them, keep fractions
and logarithms exact. Rows are tokens, as everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from operator import add as add_
from operator import mul, sub
from typing import Any

from studykit.problems.exact import divide, exp, sqrt

# Any: one formula serves int, Fraction, Log and float, and they mix freely.
Vector = list[Any]
Matrix = list[list[Any]]

NEVER = -math.inf
"""The score of a closed pair: its weight is 0."""


class ShapeError(ValueError):
    """Two matrices that cannot be combined; a mistake that meets it cannot be made."""


def _fit(a: int, b: int) -> None:
    if a != b:
        raise ShapeError(f"{a} does not fit {b}")


def dot(u: Sequence[Any], v: Sequence[Any]) -> Any:
    _fit(len(u), len(v))
    return sum(map(mul, u, v))


def transpose(A: Matrix) -> Matrix:
    return [list(column) for column in zip(*A, strict=True)]


def matmul(A: Matrix, B: Matrix) -> Matrix:
    """A (n×m) times B (m×p)."""
    _fit(len(A[0]), len(B))
    columns = list(zip(*B, strict=True))
    return [[sum(map(mul, row, column)) for column in columns] for row in A]


def matmul_t(A: Matrix, B: Matrix) -> Matrix:
    """A Bᵀ: every row of A with every row of B."""
    _fit(len(A[0]), len(B[0]))
    return [[sum(map(mul, row, other)) for other in B] for row in A]


def column(A: Matrix, j: int = 0) -> Vector:
    return [row[j] for row in A]


def outer(u: Sequence[Any], v: Sequence[Any]) -> Matrix:
    """uᵀv of two rows: every entry with every entry."""
    return [[a * b for b in v] for a in u]


def times(u: Vector, M: Matrix) -> Vector:
    """u M for one row u."""
    return matmul([u], M)[0]


def plus(u: Vector, v: Vector) -> Vector:
    _fit(len(u), len(v))
    return list(map(add_, u, v))


def to_one(terms: Vector) -> Vector:
    """Each divided by the sum of all."""
    total = sum(terms)
    return [divide(t, total) for t in terms]


def scale(A: Any, factor: Any) -> Any:
    """A number, vector or matrix times a number."""
    if isinstance(A, list):
        return [scale(x, factor) for x in A]
    return A * factor


def shrink(A: Any, by: Any) -> Any:
    """A number, vector or matrix divided by a number; exact where both are."""
    if isinstance(A, list):
        return [shrink(x, by) for x in A]
    return divide(A, by)


def each(A: Matrix, f: Callable[[Any], Any]) -> Matrix:
    return [[f(x) for x in row] for row in A]


def add(A: Matrix, B: Matrix) -> Matrix:
    return _paired(add_, A, B)


def subtract(A: Matrix, B: Matrix) -> Matrix:
    return _paired(sub, A, B)


def hadamard(A: Matrix, B: Matrix) -> Matrix:
    """A ∘ B, entry by entry."""
    return _paired(mul, A, B)


def _paired(f: Callable[[Any, Any], Any], A: Matrix, B: Matrix) -> Matrix:
    _fit(len(A), len(B))
    _fit(len(A[0]), len(B[0]))
    return [list(map(f, r, s)) for r, s in zip(A, B, strict=True)]


def add_row(A: Matrix, row: Vector) -> Matrix:
    """The same row added to every row: a bias."""
    _fit(len(A[0]), len(row))
    return [list(map(add_, r, row)) for r in A]


def softmax(row: Sequence[Any]) -> Vector:
    """exp(s)/Σ exp(s); a row that is −∞ throughout gives zeros.

    Exact when the differences of the scores are logarithms of rationals.
    """
    top = max(row)
    if top == NEVER:
        return [0 for _ in row]
    if type(top) is float:
        powers = [math.exp(x - top) for x in row]
        total = sum(powers)
        return [p / total for p in powers]
    terms: Vector = [exp(x - top) if x != NEVER else 0 for x in row]
    total = sum(terms)
    return [divide(t, total) for t in terms]


def softmax_rows(S: Matrix) -> Matrix:
    return [softmax(row) for row in S]


def softmax_columns(S: Matrix) -> Matrix:
    return transpose([softmax(column) for column in zip(*S, strict=True)])


def softmax_all(S: Matrix) -> Matrix:
    """One softmax over all entries of the matrix."""
    flat = softmax([x for row in S for x in row])
    width = len(S[0])
    return [flat[i : i + width] for i in range(0, len(flat), width)]


def softmax_backward(A: Matrix, dA: Matrix) -> Matrix:
    """The gradient of the scores from that of the weights: A ∘ (dA − rowsum(A ∘ dA))."""
    return [
        [a * (g - dot(p, d)) for a, g in zip(p, d, strict=True)] for p, d in zip(A, dA, strict=True)
    ]


def sigmoid(z: Any) -> Any:
    """1/(1 + e^−z); rational at logarithms of rationals."""
    return divide(1, 1 + exp(-z))


def masked(scores: Any, may: Any) -> Any:
    """A row or matrix of scores, −∞ where `may`, of the same form, has 0."""
    if isinstance(scores, list):
        return [masked(s, m) for s, m in zip(scores, may, strict=True)]
    return scores if may else NEVER


def norm(v: Sequence[Any]) -> Any:
    return sqrt(dot(v, v))


def mean_row(A: Matrix) -> Vector:
    return [divide(sum(column), len(A)) for column in zip(*A, strict=True)]


def sum_rows(A: Matrix) -> Vector:
    """All rows added up: one number for each column."""
    return [sum(column) for column in zip(*A, strict=True)]
