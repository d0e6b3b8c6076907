"""Givens that many families draw alike: small matrices of weights with one denominator."""

from __future__ import annotations

from fractions import Fraction

from studykit.problems.arithmetic import Matrix, Vector
from studykit.problems.dice import Dice

SHARES: dict[int, dict[int, tuple[tuple[int, ...], ...]]] = {
    4: {2: ((1, 3), (3, 1), (2, 2)), 3: ((1, 1, 2), (1, 2, 1), (2, 1, 1))},
    5: {
        2: ((1, 4), (4, 1), (2, 3), (3, 2)),
        3: ((1, 1, 3), (1, 3, 1), (3, 1, 1), (1, 2, 2), (2, 1, 2), (2, 2, 1)),
    },
}
"""Quarters and fifths that make a row of weights over two or three keys."""


def weights(dice: Dice, n_q: int, n_k: int) -> Matrix:
    """Rows of fractions that sum to 1, over two or three keys."""
    whole = dice.pick([4, 5])
    return [_row(dice, whole, n_k) for _ in range(n_q)]


def causal_weights(dice: Dice, n: int) -> Matrix:
    """The same for up to three tokens, each of which sees itself and those before it."""
    whole = dice.pick([4, 5])
    rows: Matrix = [[1], *(_row(dice, whole, i) for i in range(2, n + 1))]
    return [[*row, *[0] * (n - len(row))] for row in rows]


def _row(dice: Dice, whole: int, n: int) -> Vector:
    return [Fraction(a, whole) for a in dice.pick(SHARES[whole][n])]
