"""Slips in the softmax that turns scores into weights, for a matrix and for one row.

`over` is the name of the step the softmax is taken of ("scaled", "masked").
"""

from __future__ import annotations

from typing import Any

from studykit.problems.arithmetic import (
    NEVER,
    Matrix,
    Vector,
    shrink,
    softmax_all,
    softmax_columns,
    softmax_rows,
    to_one,
)
from studykit.problems.exact import divide, exp, sqrt
from studykit.problems.family import Mistake


def weight_mistakes(over: str) -> tuple[Mistake, ...]:
    """For a step `weights` = row-wise softmax of the matrix `over`."""
    return (
        Mistake(
            "softmax-over-columns",
            "weights",
            softmax_columns,
            "You took the softmax down the columns; each query's row has to sum to 1.",
            takes=(over,),
            cause="axis",
        ),
        Mistake(
            "softmax-over-everything",
            "weights",
            softmax_all,
            "You took one softmax over the whole matrix; every row has its own.",
            takes=(over,),
            when=_several_rows,
            cause="axis",
        ),
        Mistake(
            "scaled-after-softmax",
            "weights",
            lambda scores, d_k: shrink(softmax_rows(scores), sqrt(d_k)),
            r"You divided by $\sqrt{d_k}$ after the softmax; the scale acts on the scores.",
            when=lambda d_k: d_k != 1,
            cause="scale",
        ),
        *(
            Mistake(m.name, "weights", _by_row(m.does), m.says, takes=(over,), cause=m.cause)
            for m in row_mistakes(over)
        ),
    )


def row_mistakes(over: str, powers: str = "weights") -> tuple[Mistake, ...]:
    """For a step `weights` = softmax of one row, the vector `over`.

    `powers` names the step that takes the exponentials, where the family has one.
    """
    return (
        Mistake(
            "no-softmax",
            "weights",
            lambda row: [0 if s == NEVER else s for s in row],
            "You used the scores themselves as weights: the softmax is missing.",
            takes=(over,),
            cause="normalisation",
        ),
        Mistake(
            "not-normalised",
            "weights",
            lambda row: [exp(s) for s in row],
            "You took the exponentials but did not divide by their sum.",
            takes=(over,),
            cause="normalisation",
        ),
        Mistake(
            "score-over-sum",
            "weights",
            _score_over_sum,
            "You divided each score by the sum of the scores, without exponentials.",
            takes=(over,),
            cause="normalisation",
        ),
        Mistake(
            "base-two",
            powers,
            lambda row: to_one([_power(2.0, s) for s in row]),
            "You used powers of 2; the softmax uses powers of e.",
            gives="weights",
            takes=(over,),
            cause="base",
        ),
        Mistake(
            "base-ten",
            powers,
            lambda row: to_one([_power(10.0, s) for s in row]),
            "You used powers of 10; the softmax uses powers of e.",
            gives="weights",
            takes=(over,),
            cause="base",
        ),
        Mistake(
            "winner-takes-all",
            "weights",
            lambda row: [1 if s == max(row) else 0 for s in row],
            "You gave all the weight to the largest score: that is argmax, not softmax.",
            takes=(over,),
            cause="normalisation",
        ),
        Mistake(
            "negated-scores",
            powers,
            lambda row: to_one([0 if s == NEVER else exp(-s) for s in row]),
            r"You took $e^{-s}$: the smallest score got the largest weight.",
            gives="weights",
            takes=(over,),
            cause="sign",
        ),
        Mistake(
            "maximum-only-above",
            powers,
            lambda row: [divide(exp(s - max(row)), sum(map(exp, row))) for s in row],
            "You subtracted the maximum in the numerator but not in the sum below it.",
            gives="weights",
            takes=(over,),
            cause="normalisation",
        ),
    )


def _score_over_sum(row: Vector) -> Vector:
    visible = [0 if s == NEVER else s for s in row]
    return [divide(s, sum(visible)) for s in visible]


def _power(base: float, exponent: Any) -> float:
    return float(base ** float(exponent)) if exponent != NEVER else 0.0


def _by_row(row_wise: Any) -> Any:
    def every(S: Matrix) -> Matrix:
        return [row_wise(row) for row in S]

    return every


def _several_rows(scaled: Matrix) -> bool:
    return len(scaled) > 1
