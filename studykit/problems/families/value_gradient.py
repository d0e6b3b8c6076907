"""The gradient of the values: what each one collects from the queries that looked at it.

First with causal weights, then from scores, then for values that two heads share.
"""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import (
    Matrix,
    add,
    column,
    matmul,
    scale,
    softmax_columns,
    softmax_rows,
    sum_rows,
    transpose,
)
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.drawn import causal_weights, weights
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.mistakes.masks import causal
from studykit.problems.wording import cell, factor, matrix, partial, products, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {"A": causal_weights(dice, 3), "G": dice.matrix(3, 2, -4, 4)}
    if level == 2:
        scores = [[dice.between(-20, 20) / 10 for _ in range(3)] for _ in range(3)]
        return {"S": scores, "G": dice.matrix(3, 2, -4, 4)}
    n_q, n_k = dice.pick([(2, 2), (2, 3), (3, 2)])
    return {f"A_{h}": weights(dice, n_q, n_k) for h in (1, 2)} | {
        f"G_{h}": dice.matrix(n_q, 2, -4, 4) for h in (1, 2)
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Gradients that are there; two heads that differ; rows that are not near one-hot."""
    if level == 3:
        if any(A[0] == A[1] for A in (givens["A_1"], givens["A_2"])):
            return False
        return givens["A_1"] != givens["A_2"] and not some_zero_row(givens["G_1"], givens["G_2"])
    if level == 2 and max(max(row) for row in givens["A"][1:]) > 0.9:
        return False
    return not some_zero_row(givens["G"])


def question_causal(A: Matrix, G: Matrix) -> str:
    return (
        r"Three tokens attend causally with the weights $A$; rows are queries. The output is "
        rf"$O=AV$ and $G=\partial L/\partial O$. Give $\partial L/\partial V$."
        rf"$$A={matrix(A)}\qquad G={matrix(G)}$$"
    )


def question_scores(S: Matrix, G: Matrix) -> str:
    return (
        r"These are the scaled scores of three tokens; rows are queries. Attention is causal: a "
        r"query sees its own key and those before it. With the weights $A$ the output is $O=AV$, "
        r"and $G=\partial L/\partial O$. Give $\partial L/\partial V$."
        rf"$$S={matrix(S, 1)}\qquad G={matrix(G)}$$"
    )


def question_shared(A_1: Matrix, A_2: Matrix, G_1: Matrix, G_2: Matrix) -> str:
    return (
        r"Two query heads share one value matrix $V$ (multi-query attention): $O_1=A_1V$ and "
        r"$O_2=A_2V$. Coming back are $G_1=\partial L/\partial O_1$ and "
        r"$G_2=\partial L/\partial O_2$. Give $\partial L/\partial V$."
        rf"$$A_1={matrix(A_1)}\qquad A_2={matrix(A_2)}$$"
        rf"$$G_1={matrix(G_1)}\qquad G_2={matrix(G_2)}$$"
    )


def collected(A: Matrix, G: Matrix) -> Matrix:
    """AᵀG: for each value the gradients of the outputs, with the weights it had in them."""
    return matmul(transpose(A), G)


STEPS = (
    Step(
        "A",
        "Weights: softmax of each row's open scores",
        "A",
        r"\mathrm{softmax}(S+M)",
        lambda S: softmax_rows(causal(S, 0)),
        lambda S: softmax_working(causal(S, 0)[0]),
        levels=(2,),
    ),
    Step(
        "d_value",
        "Each value collects the gradients of the outputs, with its weight in each of them",
        partial("V"),
        r"A^\top G",
        collected,
        lambda A, G: products(column(A), column(G)),
        levels=(1, 2),
    ),
    Step(
        "first",
        "What the values collect through head 1",
        "D_1",
        r"A_1^\top G_1",
        lambda A_1, G_1: collected(A_1, G_1),
        lambda A_1, G_1: products(column(A_1), column(G_1)),
        levels=(3,),
    ),
    Step(
        "second",
        "What they collect through head 2",
        "D_2",
        r"A_2^\top G_2",
        lambda A_2, G_2: collected(A_2, G_2),
        lambda A_2, G_2: products(column(A_2), column(G_2)),
        levels=(3,),
    ),
    Step(
        "d_value",
        "What is used twice gets the sum of both gradients",
        partial("V"),
        "D_1+D_2",
        lambda first, second: add(first, second),
        lambda first, second: f"{cell(first[0][0])}+{factor(second[0][0])}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "weights-not-transposed",
        "d_value",
        lambda A, G: matmul(A, G),
        r"You computed $AG$; each value collects its column of the weights, $A^\top G$.",
        levels=(1, 2),
        cause="product",
    ),
    Mistake(
        "gradient-copied",
        "d_value",
        lambda A, G: [sum_rows(G) for _ in A[0]],
        "You gave every value the whole gradient; it gets the share of its weight.",
        levels=(1, 2),
        cause="weights",
    ),
    Mistake(
        "weights-left-out",
        "d_value",
        lambda A, G: collected([[1 if a else 0 for a in row] for row in A], G),
        "You added the gradients of all queries that see a value, without their weights.",
        levels=(1, 2),
        cause="weights",
    ),
    Mistake(
        "own-query-only",
        "d_value",
        lambda A, G: [[A[i][i] * g for g in row] for i, row in enumerate(G)],
        "You used each token's own query only; later queries look at its value as well.",
        levels=(1, 2),
        cause="queries",
    ),
    Mistake(
        "mean-over-queries",
        "d_value",
        lambda d_value: scale(d_value, 1 / len(d_value)),
        "You took the mean over the queries; their gradients add up.",
        levels=(1, 2),
        cause="queries",
    ),
    Mistake(
        "last-query-only",
        "d_value",
        lambda A, G: [[a * g for g in G[-1]] for a in A[-1]],
        "You used the last query alone; a value collects from every query that sees it.",
        levels=(1, 2),
        cause="queries",
    ),
    Mistake(
        "mask-ignored",
        "A",
        softmax_rows,
        "You left out the causal mask: queries saw keys that come after them.",
        levels=(2,),
        takes=("S",),
        cause="mask",
    ),
    Mistake(
        "softmax-over-columns",
        "A",
        lambda S: [
            [0 if j > i else x for j, x in enumerate(row)]
            for i, row in enumerate(softmax_columns(S))
        ],
        "You took the softmax down the columns; each query's row has to sum to 1.",
        levels=(2,),
        cause="axis",
    ),
    Mistake(
        "first-head-only",
        "d_value",
        lambda first: first,
        "You used head 1 alone; the values serve both heads.",
        levels=(3,),
        cause="heads",
    ),
    Mistake(
        "second-head-only",
        "d_value",
        lambda second: second,
        "You used head 2 alone; the values serve both heads.",
        levels=(3,),
        cause="heads",
    ),
    Mistake(
        "mean-over-heads",
        "d_value",
        lambda d_value: scale(d_value, 1 / 2),
        "You took the mean over the heads; gradients of a shared matrix add up.",
        levels=(3,),
        cause="heads",
    ),
    Mistake(
        "summed-before-the-product",
        "d_value",
        lambda A_1, A_2, G_1, G_2: collected(add(A_1, A_2), add(G_1, G_2)),
        "You added weights and gradients before multiplying; each head has a product of its own.",
        levels=(3,),
        cause="heads",
    ),
    Mistake(
        "heads-crossed",
        "d_value",
        lambda A_1, A_2, G_1, G_2: add(collected(A_1, G_2), collected(A_2, G_1)),
        "You multiplied the weights of one head by the gradient of the other.",
        levels=(3,),
        cause="heads",
    ),
    Mistake(
        "weights-not-transposed",
        "d_value",
        lambda A_1, A_2, G_1, G_2: add(matmul(A_1, G_1), matmul(A_2, G_2)),
        r"You computed $A_hG_h$; each value collects its column of the weights, $A_h^\top G_h$.",
        when=lambda A_1: len(A_1) == len(A_1[0]),
        levels=(3,),
        cause="product",
    ),
)

FAMILIES = (
    Family(
        name="value-gradient",
        version=1,
        title="Gradient of the values",
        topic="attention gradients",
        says="A value collects gradient from every query that looked at it, by its weight.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_causal, 2: question_scores, 3: question_shared},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        convention="one row for each value",
        fine=fine,
        items=("N1.18", "N1.19", "N2.20", "N3.46"),
    ),
)
