"""A learned bias for each distance: back from one query, in both directions, and clipped."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    add,
    plus,
    shrink,
    softmax,
    softmax_rows,
    subtract,
)
from studykit.problems.attention_steps import SCORES, steps_at, telling, telling_row
from studykit.problems.degenerate import small_denominators, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import ln, sqrt
from studykit.problems.family import Family, Mistake, Step, at_levels, named
from studykit.problems.mistakes.weights import row_mistakes, weight_mistakes
from studykit.problems.wording import cell, factor, matrix, row, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n = dice.pick([3, 3, 4])
        return {
            "scaled": [ln(dice.between(1, 4)) for _ in range(n)],
            "table": [ln(dice.between(1, 4)) for _ in range(n)],
        }
    if level == 2:
        return {
            "scaled": [[dice.between(-12, 12) / 10 for _ in range(3)] for _ in range(3)],
            "table": [dice.between(-15, 15) / 10 for _ in range(5)],
            "reach": 2,
        }
    return {
        "Q": dice.matrix(3, 2, -1, 2),
        "K": dice.matrix(3, 2, -1, 2),
        "table": [dice.between(-20, 20) / 10 for _ in range(3)],
        "reach": 1,
    }


def fine(level: int, weights: Any, table: Vector, givens: dict[str, Any]) -> bool:
    """Biases that differ and count, weights told apart."""
    if level == 1:
        return table != table[::-1] and telling_row(weights) and small_denominators(weights, 20)
    if len({round(b, 9) for b in table}) < len(table) or not all(table):
        return False
    return telling(weights) and (level == 2 or not some_zero_row(givens["Q"], givens["K"]))


def question_row(scaled: Vector, table: Vector) -> str:
    n = len(scaled)
    return (
        rf"A model adds a learned bias $b_t$ to each scaled score, with $t=i-j$ the distance from "
        rf"query $i$ back to key $j$; $b=(b_0,\ b_1,\ \dots)$. These are the scaled scores of the "
        rf"query at position {n} with the keys at positions 1 to {n}. Give the attention weights."
        rf"$$s={row(scaled)}\qquad b={row(table)}$$"
    )


def _table(table: Vector, reach: int) -> str:
    offsets = r",\ ".join(f"b_{{{t}}}" for t in range(-reach, reach + 1))
    return rf"$$({offsets})={row(table, 1)}$$"


def question_both_ways(scaled: Matrix, table: Vector, reach: int) -> str:
    return (
        r"A model adds a learned bias $b_{j-i}$ to the scaled score of query $i$ for key $j$ "
        r"(no mask). $S$ holds the scaled scores of three tokens; rows are queries. Give the "
        rf"attention weights.$$S={matrix(scaled, 1)}$$" + _table(table, reach)
    )


def question_clipped(Q: Matrix, K: Matrix, table: Vector, reach: int) -> str:
    return (
        r"As in T5, a bias $b_t$ is added to the product $q_i\cdot k_j$, which is not scaled; "
        r"$t=j-i$, and distances beyond $\pm 1$ share the bias of $\pm 1$. There is no mask. Give "
        r"the attention weights; rows are tokens."
        rf"$$Q={matrix(Q)}\qquad K={matrix(K)}$$" + _table(table, reach)
    )


def biases(n: int, table: Vector, reach: int) -> Matrix:
    """The bias of every pair; offsets beyond the reach share the outermost one."""
    return [[table[max(-reach, min(reach, j - i)) + reach] for j in range(n)] for i in range(n)]


STEPS = (
    *steps_at((3,), SCORES),
    Step(
        "bias",
        "Biases in the order of the keys: the query's own key has distance 0",
        "B",
        r"b_{i-j}",
        lambda table: table[::-1],
        levels=(1,),
        entry=r"B_j",
    ),
    Step(
        "bias",
        "The bias of every pair: constant along the diagonals",
        "B",
        r"b_{j-i}",
        lambda scaled, table, reach: biases(len(scaled), table, reach),
        levels=(2,),
        entry=r"B_{ij}",
    ),
    Step(
        "bias",
        "The bias of every pair, distances clipped",
        "B",
        r"b_{\max(-1,\min(1,j-i))}",
        lambda Q, table, reach: biases(len(Q), table, reach),
        levels=(3,),
        entry=r"B_{ij}",
    ),
    Step(
        "biased",
        "Scores with their biases",
        "s+B",
        "s+B",
        lambda scaled, bias: plus(scaled, bias),
        lambda scaled, bias: rf"{cell(scaled[0])}+{factor(bias[0])}",
        levels=(1,),
    ),
    Step(
        "biased",
        "Scores with their biases",
        "S+B",
        "S+B",
        lambda scaled, bias: add(scaled, bias),
        lambda scaled, bias: rf"{cell(scaled[0][0], 1)}+{factor(bias[0][0], 1)}",
        levels=(2,),
    ),
    Step(
        "biased",
        "Scores with their biases",
        r"QK^\top+B",
        r"QK^\top+B",
        lambda scores, bias: add(scores, bias),
        lambda scores, bias: rf"{cell(scores[0][0])}+{factor(bias[0][0], 1)}",
        levels=(3,),
    ),
    Step(
        "weights",
        "Weights",
        "p",
        r"\mathrm{softmax}(s+B)",
        lambda biased: softmax(biased),
        lambda biased: softmax_working(biased),
        levels=(1,),
    ),
    *(
        Step(
            "weights",
            "Weights: softmax along each row",
            "A",
            rf"\mathrm{{softmax}}({biased})",
            lambda biased: softmax_rows(biased),
            lambda biased: softmax_working(biased[0]),
            levels=(level,),
        )
        for level, biased in ((2, "S+B"), (3, r"QK^\top+B"))
    ),
)

ROW = (
    Mistake(
        "bias-left-out",
        "biased",
        lambda scaled: scaled,
        "You left out the bias.",
        cause="bias",
    ),
    Mistake(
        "counted-from-the-start",
        "bias",
        lambda table: table,
        "You took the biases in the order of the keys; the distance is counted back from the "
        "query.",
        cause="distance",
    ),
    Mistake(
        "bias-subtracted",
        "biased",
        lambda scaled, bias: plus(scaled, [-b for b in bias]),
        "You subtracted the bias; it is added.",
        cause="sign",
    ),
    Mistake(
        "bias-multiplied",
        "biased",
        lambda scaled, bias: [s * b for s, b in zip(scaled, bias, strict=True)],
        "You multiplied by the bias; it is added to the scores.",
        cause="bias",
    ),
    Mistake(
        "bias-after-softmax",
        "weights",
        lambda scaled, bias: plus(softmax(scaled), bias),
        "You added the bias to the weights; it is added to the scores, before the softmax.",
        cause="order",
    ),
)

CLIPPED = (
    Mistake(
        "scaled-from-habit",
        "biased",
        lambda scores, bias: add(shrink(scores, sqrt(2)), bias),
        r"You divided the products by $\sqrt{d_k}$; here they are not scaled.",
        cause="scale",
    ),
    Mistake(
        "not-clipped",
        "bias",
        lambda Q, table, reach: [
            [b if abs(i - j) <= reach else 0 for j, b in enumerate(r)]
            for i, r in enumerate(biases(len(Q), table, reach))
        ],
        r"You gave distances beyond $\pm 1$ no bias; they share that of $\pm 1$.",
        cause="distance",
    ),
    Mistake(
        "doubled-beyond",
        "bias",
        lambda Q, table, reach: [
            [b * max(1, abs(i - j)) for j, b in enumerate(r)]
            for i, r in enumerate(biases(len(Q), table, reach))
        ],
        r"You let the bias grow with the distance; beyond $\pm 1$ it stays that of $\pm 1$.",
        cause="distance",
    ),
)


def bias_mistakes(over: str) -> tuple[Mistake, ...]:
    """For matrices: the bias is added to the step `over`."""
    return (
        Mistake(
            "bias-left-out",
            "biased",
            lambda scores: scores,
            "You left out the bias.",
            takes=(over,),
            cause="bias",
        ),
        Mistake(
            "bias-subtracted",
            "biased",
            lambda scores, bias: subtract(scores, bias),
            "You subtracted the bias; it is added.",
            takes=(over, "bias"),
            cause="sign",
        ),
        Mistake(
            "bias-after-softmax",
            "weights",
            lambda scores, bias: add(softmax_rows(scores), bias),
            "You added the bias to the weights; it is added to the scores, before the softmax.",
            takes=(over, "bias"),
            cause="order",
        ),
    )


DIRECTION = (
    Mistake(
        "direction-exchanged",
        "bias",
        lambda bias, table, reach: biases(len(bias), table[::-1], reach),
        r"You took $b_{i-j}$: a key after the query has a positive offset $j-i$.",
        cause="distance",
    ),
    Mistake(
        "distance-without-sign",
        "bias",
        lambda bias, table: [
            [table[min(len(table) // 2 + abs(i - j), len(table) - 1)] for j in range(len(bias))]
            for i in range(len(bias))
        ],
        "You used the biases of positive offsets for both directions; the sign counts.",
        cause="distance",
    ),
)

FAMILIES = (
    Family(
        name="relative-bias",
        version=1,
        title="A bias for each distance",
        topic="embeddings and positions",
        says="Relative positions as a learned number added to the score.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1,), ROW),
            *at_levels((2,), bias_mistakes("scaled")),
            *at_levels((3,), bias_mistakes("scores")),
            *at_levels((3,), CLIPPED),
            *at_levels((2, 3), DIRECTION),
            *at_levels((1,), named(row_mistakes("biased"), "base-two", "negated-scores")),
            *at_levels(
                (2, 3), named(weight_mistakes("biased"), "softmax-over-columns", "base-two")
            ),
        ),
        question={1: question_row, 2: question_both_ways, 3: question_clipped},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={
            1: "in the order of the keys",
            2: "rows are queries, columns keys",
            3: "rows are queries, columns keys",
        },
        fine=fine,
        items=("N3.51",),
    ),
)
