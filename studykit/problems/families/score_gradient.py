"""From the output's gradient to the weights', then through the softmax, then from Q and K on."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import (
    Matrix,
    hadamard,
    matmul_t,
    scale,
    shrink,
    softmax_rows,
)
from studykit.problems.degenerate import some_constant_column, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.drawn import weights
from studykit.problems.exact import sqrt
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.gradient_steps import D_WEIGHTS, d_scores
from studykit.problems.mistakes.gradients import SCORE_GRADIENT, WEIGHT_GRADIENT
from studykit.problems.wording import cell, matrix, partial, products, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any]:
    n_q, n_k = dice.pick([(2, 2), (2, 3), (3, 2)]) if level == 1 else (2, 3)
    given: dict[str, Any] = {"V": dice.matrix(n_k, 2, -4, 4), "G": dice.matrix(n_q, 2, -3, 3)}
    if level == 2:
        given["A"] = weights(dice, n_q, n_k)
    if level == 3:
        d_k = dice.pick([2, 3])
        given |= {
            "Q": dice.matrix(n_q, d_k, -2, 2),
            "K": dice.matrix(n_k, d_k, -2, 2),
            "d_k": d_k,
        }
    return given


def fine(V: Matrix, G: Matrix, level: int, givens: dict[str, Any]) -> bool:
    """Values that differ, rows that are not saturated, gradients that are there."""
    if some_zero_row(V, G) or some_constant_column(V) or len({tuple(v) for v in V}) < len(V):
        return False
    if level == 1:
        return V != G
    A = givens["A"]
    if any(len({tuple(r) for r in M}) < len(M) for M in (A, givens.get("K", V))):
        return False
    if any(max(row) > 0.92 or min(row) < 0.02 or max(row) - min(row) < 0.05 for row in A):
        return False
    return all(max(map(abs, row)) > 0.05 for row in givens["d_scores"])


def question_weights(V: Matrix, G: Matrix) -> str:
    return (
        r"Attention gives the output $O=AV$ with weights $A$; rows of $A$ are queries. Coming "
        r"back is $G=\partial L/\partial O$. Give $\partial L/\partial A$."
        rf"$$G={matrix(G)}\qquad V={matrix(V)}$$"
    )


def question_scores(A: Matrix, V: Matrix, G: Matrix) -> str:
    return (
        r"Two queries attend with $A=\mathrm{softmax}(S)$, row by row, and $O=AV$. Coming back "
        r"is $G=\partial L/\partial O$. Give $\partial L/\partial S$."
        rf"$$A={matrix(A)}\qquad V={matrix(V)}\qquad G={matrix(G)}$$"
    )


def question_forward(Q: Matrix, K: Matrix, V: Matrix, G: Matrix, d_k: int) -> str:
    return (
        rf"Attention: $A=\mathrm{{softmax}}(T/\sqrt{{{d_k}}})$ with the raw scores $T=QK^\top$, "
        r"and $O=AV$. Coming back is $G=\partial L/\partial O$. Give $\partial L/\partial T$, the "
        r"gradient of the scores before they are scaled."
        rf"$$Q={matrix(Q)}\qquad K={matrix(K)}$$"
        rf"$$V={matrix(V)}\qquad G={matrix(G)}$$"
    )


STEPS = (
    Step(
        "scores",
        "Raw scores",
        "T",
        r"QK^\top",
        lambda Q, K: matmul_t(Q, K),
        lambda Q, K: products(Q[0], K[0]),
        levels=(3,),
    ),
    Step(
        "scaled",
        "Scaled scores",
        "S",
        r"\frac{T}{\sqrt{d_k}}",
        lambda scores, d_k: shrink(scores, sqrt(d_k)),
        lambda scores, d_k: rf"\frac{{{cell(scores[0][0])}}}{{\sqrt{{{d_k}}}}}",
        levels=(3,),
    ),
    Step(
        "A",
        "Weights",
        "A",
        r"\mathrm{softmax}(S)",
        lambda scaled: softmax_rows(scaled),
        lambda scaled: softmax_working(scaled[0]),
        levels=(3,),
    ),
    D_WEIGHTS,
    d_scores(levels=(2, 3)),
    Step(
        "d_raw",
        "Through the scale",
        partial("T"),
        r"\frac{1}{\sqrt{d_k}}\,\frac{\partial L}{\partial S}",
        lambda d_scores, d_k: shrink(d_scores, sqrt(d_k)),
        lambda d_scores, d_k: rf"\frac{{{cell(d_scores[0][0])}}}{{\sqrt{{{d_k}}}}}",
        levels=(3,),
    ),
)

MISTAKES = (
    *WEIGHT_GRADIENT,
    Mistake(
        "rows-and-columns-exchanged",
        "d_weights",
        lambda G, V: matmul_t(V, G),
        r"You computed $VG^\top$; rows belong to queries, so it is $GV^\top$.",
        levels=(1,),
        cause="product",
    ),
    Mistake(
        "entry-by-entry",
        "d_weights",
        lambda G, V: hadamard(G, V),
        "You multiplied G and V entry by entry; each entry is the product of two whole rows.",
        when=lambda G, V: len(G) == len(V),
        levels=(1,),
        cause="product",
    ),
    Mistake(
        "gradient-with-itself",
        "d_weights",
        lambda G: matmul_t(G, G),
        r"You computed $GG^\top$; the columns of $\partial L/\partial A$ belong to values.",
        levels=(1,),
        cause="product",
    ),
    Mistake(
        "first-query-repeated",
        "d_weights",
        lambda G, V: [matmul_t(G[:1], V)[0] for _ in G],
        "You gave the first query's row for every query; each has a gradient of its own.",
        levels=(1,),
        cause="rows",
    ),
    *at_levels((2, 3), SCORE_GRADIENT),
    Mistake(
        "scale-left-out-forward",
        "scaled",
        lambda scores: scores,
        r"You left out the scale on the way forward: $A$ is the softmax of $T/\sqrt{d_k}$.",
        levels=(3,),
        cause="scale",
    ),
    Mistake(
        "scale-left-out-backward",
        "d_raw",
        lambda d_scores: d_scores,
        r"You stopped at the scaled scores; the factor $1/\sqrt{d_k}$ acts backward as well.",
        levels=(3,),
        cause="scale",
    ),
    Mistake(
        "scale-undone",
        "d_raw",
        lambda d_scores, d_k: scale(d_scores, sqrt(d_k)),
        r"You multiplied by $\sqrt{d_k}$; backward, too, the scores' gradient is divided by it.",
        levels=(3,),
        cause="scale",
    ),
)

FAMILIES = (
    Family(
        name="score-gradient",
        version=1,
        title="Gradient of weights and scores",
        topic="attention gradients",
        says="Back from the output to the weights, through the softmax and through the scale.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_weights, 2: question_scores, 3: question_forward},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        asked={1: ("d_weights",)},
        convention="rows are queries, columns keys",
        fine=fine,
        items=("N1.18", "N2.20", "N2.22", "N3.9", "N4.10"),
    ),
)
