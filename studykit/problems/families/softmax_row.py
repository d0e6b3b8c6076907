"""The softmax: one row of logarithms exactly, one row of decimals, then scaled rows of scores."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector
from studykit.problems.attention_steps import (
    DIVIDED,
    POWERS,
    SCALED,
    SHIFTED,
    TOTAL,
    WEIGHTS,
    steps_at,
)
from studykit.problems.degenerate import small_denominators
from studykit.problems.dice import Dice
from studykit.problems.exact import ln
from studykit.problems.family import Family, Mistake, at_levels, named
from studykit.problems.mistakes.scores import SCALE
from studykit.problems.mistakes.weights import row_mistakes, weight_mistakes
from studykit.problems.wording import matrix, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        odds = [dice.between(1, 6) for _ in range(dice.pick([3, 3, 4]))]
        shift = dice.pick([0, 0, 1, -2, 3])
        return {"scores": [ln(a) + shift for a in odds]}
    if level == 2:
        return {"scores": [dice.between(-25, 25) / 10 for _ in range(dice.pick([3, 4]))]}
    n_q, n_k, d_k = dice.pick([2, 3]), dice.pick([2, 3]), dice.pick([2, 3, 4, 9])
    return {"scores": dice.matrix(n_q, n_k, -5, 5), "d_k": d_k}


def fine(weights: Any, level: int) -> bool:
    """No row near one-hot or uniform, none there twice; at level 1 small denominators."""
    if level == 1 and not small_denominators(weights):
        return False
    rows = weights if level == 3 else [weights]
    return all(max(r) <= 0.95 and min(r) >= 0.01 and max(r) - min(r) >= 0.05 for r in rows) and (
        all(r != s for r, s in combinations(rows, 2))
    )


def question(scores: Vector) -> str:
    return (
        r"Compute the softmax $p_j=e^{s_j}/\sum_i e^{s_i}$ of this row of scores."
        rf"$$s={row(scores, 1)}$$"
    )


def question_of_matrix(scores: Matrix, d_k: int) -> str:
    return (
        r"These are raw scores, not yet scaled; rows are queries and "
        rf"the width of queries and keys is $d_k={d_k}$. "
        r"Compute the attention weights $A=\mathrm{softmax}(QK^\top/\sqrt{d_k})$."
        rf"$$QK^\top={matrix(scores)}$$"
    )


STEPS = (
    *steps_at((1, 2), SHIFTED, POWERS, TOTAL, DIVIDED),
    *steps_at((3,), SCALED, WEIGHTS),
)

COLUMNS = Mistake(
    "softmax-over-columns",
    "total",
    lambda scores: [1 for _ in scores],
    "You normalised every entry by itself: a softmax down columns of one entry gives only ones.",
    levels=(1, 2),
    gives="weights",
    cause="axis",
)

FAMILIES = (
    Family(
        name="softmax-row",
        version=1,
        title="Softmax of scores",
        topic="softmax",
        says="Turn scores into weights that are positive and sum to 1.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1, 2), (COLUMNS, *row_mistakes("scores", "powers"))),
            *at_levels((3,), (*named(SCALE, "no-scale", "divided-by-d", "times-root"),)),
            *at_levels((3,), weight_mistakes("scaled")),
        ),
        question={1: question, 2: question, 3: question_of_matrix},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="in the order of the scores",
        fine=fine,
        items=("N2.9", "N3.13", "N3.19", "N3.20", "N4.12", "N4.20"),
    ),
)
