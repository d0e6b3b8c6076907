"""The gradient of attention: of the scores, of the query, then of every input of a small matrix.

With G = dO: dV = AᵀG, dA = GVᵀ, dS = A ∘ (dA − rowsum(dA ∘ A)), dQ = dS K/√d_k, dK = dSᵀQ/√d_k.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import (
    Matrix,
    matmul,
    matmul_t,
    shrink,
    softmax_backward,
    transpose,
)
from studykit.problems.degenerate import some_constant_column, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.gradient_steps import D_WEIGHTS, d_scores
from studykit.problems.mistakes.gradients import SCORE_GRADIENT, WEIGHT_GRADIENT
from studykit.problems.wording import matrix, products

ODDS = {2: ((1, 2), (1, 3), (3, 1), (2, 3)), 3: ((1, 1, 2), (1, 2, 1), (2, 1, 1), (1, 1, 3))}
"""Rows of weights over two or three keys, before they are divided by their sum."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    n_q, n_k, d_v = 2 if level == 3 else 1, dice.pick([2, 3]), 1 if level == 1 else 2
    odds = [dice.pick(ODDS[n_k][:3] if level == 3 else ODDS[n_k]) for _ in range(n_q)]
    given: dict[str, Any] = {
        "A": [[Fraction(a, sum(row)) for a in row] for row in odds],
        "V": dice.matrix(n_k, d_v, -4, 6),
        "G": dice.matrix(n_q, d_v, -3, 3),
    }
    if level == 1:
        return given
    given |= {"d_k": 4, "asked": "d_query"}
    if level == 3:
        given["asked"] = dice.pick(["d_value", "d_query", "d_key"])
    # The weights are made up, so never queries and keys together: they would say otherwise.
    if given["asked"] == "d_query":
        given["K"] = dice.matrix(n_k, 4, -2, 3)
    elif given["asked"] == "d_key":
        given["Q"] = dice.matrix(n_q, 4, -2, 3)
    return given


def fine(A: Matrix, V: Matrix, G: Matrix, givens: dict[str, Any]) -> bool:
    """Gradients that are there, values that differ, weights that are not uniform."""
    others = [givens[name] for name in ("Q", "K") if name in givens]
    return (
        not some_constant_column(V)
        and not some_zero_row(*others, *([V] if len(V[0]) > 1 else []))
        and all(any(abs(x) > 1e-9 for x in r) for r in softmax_backward(A, matmul_t(G, V)))
        and all(any(row) for row in G)
        and len({tuple(v) for v in V}) == len(V)
        and all(len({round(x, 9) for x in row}) > 1 for row in A)
    )


def question_scores(A: Matrix, V: Matrix, G: Matrix) -> str:
    return (
        r"One query attends with weights $A=\mathrm{softmax}(S)$ to scalar values $V$; the output "
        r"is $O=AV$ and $G=\partial L/\partial O$. Give the gradient of the scores, "
        r"$\partial L/\partial S$, one number for each key."
        rf"$$A={matrix(A)}\qquad V={matrix(V)}\qquad G={matrix(G)}$$"
    )


def question_query(A: Matrix, V: Matrix, G: Matrix, K: Matrix, d_k: int) -> str:
    return (
        rf"One query attends: $A=\mathrm{{softmax}}(QK^\top/\sqrt{{d_k}})$ with $d_k={d_k}$, "
        r"$O=AV$ and $G=\partial L/\partial O$. Give $\partial L/\partial Q$."
        rf"$$A={matrix(A)}\qquad V={matrix(V)}\qquad G={matrix(G)}$$"
        rf"$$K={matrix(K)}$$"
    )


def question_value(A: Matrix, V: Matrix, G: Matrix) -> str:
    return (
        r"Attention with weights $A$ gives the output $O=AV$, and $G=\partial L/\partial O$. Give "
        r"$\partial L/\partial V$."
        rf"$$A={matrix(A)}\qquad V={matrix(V)}\qquad G={matrix(G)}$$"
    )


def question_matrix(A: Matrix, V: Matrix, G: Matrix, other: Matrix, d_k: int, asked: str) -> str:
    wanted, given = ("Q", "K") if asked == "d_query" else ("K", "Q")
    return (
        rf"Attention $A=\mathrm{{softmax}}(QK^\top/\sqrt{{d_k}})$ with $d_k={d_k}$, "
        rf"$O=AV$ and $G=\partial L/\partial O$. Give $\partial L/\partial {wanted}$."
        rf"$$A={matrix(A)}\qquad V={matrix(V)}\qquad G={matrix(G)}$$"
        rf"$${given}={matrix(other)}$$"
    )


def question_any(givens: dict[str, Any]) -> str:
    if givens["asked"] == "d_value":
        return question_value(givens["A"], givens["V"], givens["G"])
    other = givens["K" if givens["asked"] == "d_query" else "Q"]
    return question_matrix(
        givens["A"], givens["V"], givens["G"], other, givens["d_k"], givens["asked"]
    )


STEPS = (
    Step(
        "d_value",
        "Gradient of the values: each gets its weights' share of the output's gradient",
        r"\frac{\partial L}{\partial V}",
        r"A^\top G",
        lambda A, G: matmul(transpose(A), G),
        lambda A, G: products([r[0] for r in A], [r[0] for r in G]),
        levels=(3,),
    ),
    D_WEIGHTS,
    d_scores(),
    Step(
        "d_query",
        "Gradient of the query",
        r"\frac{\partial L}{\partial Q}",
        r"\frac{1}{\sqrt{d_k}}\,\frac{\partial L}{\partial S}\,K",
        lambda d_scores, K, d_k: shrink(matmul(d_scores, K), sqrt(d_k)),
        lambda d_scores, K, d_k: (
            rf"\frac{{{products(d_scores[0], [r[0] for r in K])}}}"
            rf"{{\sqrt{{{d_k}}}}}"
        ),
        levels=(2, 3),
    ),
    Step(
        "d_key",
        "Gradient of the keys",
        r"\frac{\partial L}{\partial K}",
        r"\frac{1}{\sqrt{d_k}}\left(\frac{\partial L}{\partial S}\right)^\top Q",
        lambda d_scores, Q, d_k: shrink(matmul(transpose(d_scores), Q), sqrt(d_k)),
        lambda d_scores, Q, d_k: (
            rf"\frac{{{products([r[0] for r in d_scores], [r[0] for r in Q])}}}"
            rf"{{\sqrt{{{d_k}}}}}"
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    *SCORE_GRADIENT,
    *WEIGHT_GRADIENT,
    Mistake(
        "no-scale",
        "d_query",
        lambda d_scores, K: matmul(d_scores, K),
        r"You left out $1/\sqrt{d_k}$; the scale acts backward as it does forward.",
        cause="scale",
    ),
    Mistake(
        "scaled-twice",
        "d_query",
        lambda d_scores, K, d_k: shrink(matmul(d_scores, K), d_k),
        r"You divided by $d_k$; the scale is $\sqrt{d_k}$, once.",
        cause="scale",
    ),
    Mistake(
        "values-for-keys",
        "d_query",
        lambda d_scores, V, d_k: shrink(matmul(d_scores, V), sqrt(d_k)),
        "You multiplied by the values; the scores were made of keys.",
        cause="product",
    ),
    Mistake(
        "weights-for-gradient",
        "d_query",
        lambda A, K, d_k: shrink(matmul(A, K), sqrt(d_k)),
        "You multiplied the weights with the keys; it is the gradient of the scores.",
        cause="chain",
    ),
    Mistake(
        "no-scale",
        "d_key",
        lambda d_scores, Q: matmul(transpose(d_scores), Q),
        r"You left out $1/\sqrt{d_k}$; the scale acts backward as it does forward.",
        cause="scale",
    ),
    Mistake(
        "scores-not-transposed",
        "d_key",
        lambda d_scores, Q, d_k: shrink(matmul(d_scores, Q), sqrt(d_k)),
        "You did not transpose the gradient of the scores; each key collects its column.",
        when=lambda d_scores: len(d_scores) == len(d_scores[0]),
        cause="product",
    ),
    Mistake(
        "weights-not-transposed",
        "d_value",
        lambda A, G: matmul(A, G),
        r"You computed $AG$; each value collects its column of the weights, $A^\top G$.",
        when=lambda A: len(A) == len(A[0]),
        cause="product",
    ),
    Mistake(
        "gradient-copied",
        "d_value",
        lambda A, G: [list(map(sum, zip(*G, strict=True))) for _ in A[0]],
        "You gave every value the whole gradient; it gets the share of its weight.",
        cause="chain",
    ),
    Mistake(
        "values-multiplied",
        "d_value",
        lambda A, V: matmul(transpose(A), matmul(A, V)),
        "You used the output itself; it is its gradient G that goes back.",
        cause="chain",
    ),
)

FAMILIES = (
    Family(
        name="attention-backward",
        version=1,
        title="Gradient of attention",
        topic="attention gradients",
        says="From the output's gradient back to scores, queries, keys and values.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_scores, 2: question_query, 3: question_any},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={1: ("d_scores",), 2: ("d_query",), 3: ("d_value", "d_query", "d_key")},
        convention="in the shape of what it is the gradient of",
        fine=fine,
        items=("N1.18", "N1.19", "N2.20", "N2.22"),
    ),
)
