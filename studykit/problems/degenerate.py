"""Numbers that make a problem test nothing: rows of zeros, columns that are all one number.

Families ask these questions in `fine`; a draw for which one is answered yes is thrown away.
"""

from __future__ import annotations

from functools import cache
from itertools import product

from studykit.problems.arithmetic import Matrix, Vector


def some_zero_row(*matrices: Matrix) -> bool:
    """Whether a row of one of the matrices is all zero."""
    return any(not any(row) for matrix in matrices for row in matrix)


def parallel(u: Vector, v: Vector) -> bool:
    """Whether one vector is a multiple of the other."""
    pairs = list(zip(u, v, strict=True))
    return all(a * d == b * c for a, b in pairs for c, d in pairs)


def some_constant_column(*matrices: Matrix) -> bool:
    """Whether a column holds one number throughout: its weighted mean is that number, always."""
    return any(
        len(matrix) > 1 and any(len(set(column)) == 1 for column in zip(*matrix, strict=True))
        for matrix in matrices
    )


def small_denominators(weights: Vector, largest: int = 15) -> bool:
    """Whether all weights are multiples of 1/n for one n that is not too large."""
    return any(
        all(abs(w * n - round(w * n)) < 1e-9 for w in weights) for n in range(2, largest + 1)
    )


@cache
def plain_squares(largest: int) -> tuple[Matrix, ...]:
    """All 2×2 matrices of whole numbers up to this size that are invertible and not symmetric.

    Drawing a projection from these spares most draws of small numbers that would be thrown away.
    """
    entries = product(range(-largest, largest + 1), repeat=4)
    return tuple([[a, b], [c, d]] for a, b, c, d in entries if b != c and a * d != b * c)
