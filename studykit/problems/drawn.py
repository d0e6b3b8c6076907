"""Givens that many families draw alike: small rows of weights that are exact fractions."""

from __future__ import annotations

from fractions import Fraction

from studykit.problems.arithmetic import Matrix
from studykit.problems.dice import Dice

ODDS = {2: ((1, 2), (1, 3), (3, 1), (2, 3)), 3: ((1, 1, 2), (1, 2, 1), (2, 1, 1), (1, 1, 3))}
"""Rows of weights over two or three keys, before they are divided by their sum."""


def weights(dice: Dice, n_q: int, n_k: int) -> Matrix:
    """Rows of fractions that sum to 1, over two or three keys."""
    return [_weights(dice, n_k) for _ in range(n_q)]


def causal_weights(dice: Dice, n: int) -> Matrix:
    """The same for up to three tokens, each of which sees itself and those before it."""
    rows: Matrix = [[1], *(_weights(dice, i, 3) for i in range(2, n + 1))]
    return [[*row, *[0] * (n - len(row))] for row in rows]


def _weights(dice: Dice, n: int, options: int = 4) -> list[Fraction | int]:
    odds = dice.pick(ODDS[n][:options])
    return [Fraction(a, sum(odds)) for a in odds]
