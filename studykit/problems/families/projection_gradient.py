"""Gradients of the projections W_Q, W_K and W_V: from dQ, from the output, from the scores."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, column, matmul, shrink, transpose
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.drawn import weights
from studykit.problems.exact import sqrt
from studykit.problems.family import Family, Mistake, Step, named
from studykit.problems.mistakes.gradients import shared_weights
from studykit.problems.wording import matrix, partial, products


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n = dice.pick([2, 3])
        return {
            "X": dice.matrix(n, 2, -3, 4),
            "D": dice.matrix(n, 2, -4, 4),
            "letter": dice.below(3),
        }
    if level == 2:
        n_k = dice.pick([2, 3])
        return {
            "X": dice.matrix(n_k, 2, -3, 4),
            "A": weights(dice, 2, n_k),
            "G": dice.matrix(2, 2, -4, 4),
        }
    return {
        "X": dice.matrix(2, 2, -3, 3),
        "D": [[a, -a] for a in (dice.pick([-3, -2, -1, 1, 2, 3]) for _ in range(2))],
        "W": dice.matrix(2, 4, -2, 2),
        "d_k": 4,
        "asked": dice.pick(["d_query_weights", "d_key_weights"]),
    }


def fine(X: Matrix, level: int, givens: dict[str, Any]) -> bool:
    """No empty rows, tokens that differ, no X that is its own transpose."""
    others = [givens[name] for name in ("D", "G", "W") if name in givens]
    if some_zero_row(X, *others) or len({tuple(x) for x in X}) < len(X):
        return False
    if len(X) == 2 and transpose(X) == X:
        return False
    if level == 3 and any(a == b for a, b in zip(*X, strict=True)):
        return False
    return level != 3 or givens["D"][0] != givens["D"][1]


def question_one(X: Matrix, D: Matrix, letter: int) -> str:
    name = "QKV"[letter]
    return (
        rf"The tokens are the rows of $X$, and ${name}=XW_{name}$. Coming back is "
        rf"$D=\partial L/\partial {name}$. Give $\partial L/\partial W_{name}$."
        rf"$$X={matrix(X)}\qquad D={matrix(D)}$$"
    )


def question_value(X: Matrix, A: Matrix, G: Matrix) -> str:
    return (
        r"Two queries attend with the weights $A$ to the tokens in the rows of $X$: $V=XW_V$ and "
        r"$O=AV$. Coming back is $G=\partial L/\partial O$. Give $\partial L/\partial W_V$."
        rf"$$X={matrix(X)}\qquad A={matrix(A)}\qquad G={matrix(G)}$$"
    )


def question_scores(X: Matrix, D: Matrix, W: Matrix, d_k: int, asked: str) -> str:
    wanted, given = ("Q", "K") if asked == "d_query_weights" else ("K", "Q")
    return (
        r"Self-attention of the tokens in the rows of $X$: $Q=XW_Q$, $K=XW_K$ and "
        rf"$S=QK^\top/\sqrt{{d_k}}$ with $d_k={d_k}$. Coming back is $D=\partial L/\partial S$. "
        rf"Give $\partial L/\partial W_{wanted}$."
        rf"$$X={matrix(X)}\qquad D={matrix(D)}\qquad W_{given}={matrix(W)}$$"
    )


STEPS = (
    Step(
        "d_weights",
        "Every token adds its outer product: its features with its gradient",
        partial("W"),
        r"X^\top D",
        lambda X, D: matmul(transpose(X), D),
        lambda X, D: products(column(X), column(D)),
        levels=(1,),
    ),
    Step(
        "d_value",
        "Gradient of the values",
        partial("V"),
        r"A^\top G",
        lambda A, G: matmul(transpose(A), G),
        lambda A, G: products(column(A), column(G)),
        levels=(2,),
    ),
    Step(
        "d_value_weights",
        "Gradient of the projection: every token with its value's gradient",
        partial("W_V"),
        r"X^\top\frac{\partial L}{\partial V}",
        lambda X, d_value: matmul(transpose(X), d_value),
        lambda X, d_value: products(column(X), column(d_value)),
        levels=(2,),
    ),
    Step(
        "other",
        "The other side of the scores: the tokens projected with the given matrix",
        "P",
        "XW",
        lambda X, W: matmul(X, W),
        lambda X, W: products(X[0], column(W)),
        levels=(3,),
    ),
    Step(
        "d_query",
        "Gradient of the queries: they collect keys",
        partial("Q"),
        r"\frac{1}{\sqrt{d_k}}\,DK",
        lambda D, other, d_k: shrink(matmul(D, other), sqrt(d_k)),
        lambda D, other, d_k: rf"\frac{{{products(D[0], column(other))}}}{{\sqrt{{{d_k}}}}}",
        levels=(3,),
    ),
    Step(
        "d_query_weights",
        "Gradient of the projection: every token with its query's gradient",
        partial("W_Q"),
        r"X^\top\frac{\partial L}{\partial Q}",
        lambda X, d_query: matmul(transpose(X), d_query),
        lambda X, d_query: products(column(X), column(d_query)),
        levels=(3,),
    ),
    Step(
        "d_key",
        "Gradient of the keys: they collect queries",
        partial("K"),
        r"\frac{1}{\sqrt{d_k}}\,D^\top Q",
        lambda D, other, d_k: shrink(matmul(transpose(D), other), sqrt(d_k)),
        lambda D, other, d_k: rf"\frac{{{products(column(D), column(other))}}}{{\sqrt{{{d_k}}}}}",
        levels=(3,),
    ),
    Step(
        "d_key_weights",
        "Gradient of the projection: every token with its key's gradient",
        partial("W_K"),
        r"X^\top\frac{\partial L}{\partial K}",
        lambda X, d_key: matmul(transpose(X), d_key),
        lambda X, d_key: products(column(X), column(d_key)),
        levels=(3,),
    ),
)


NO_SCALE = r"You left out $1/\sqrt{d_k}$; the scale acts backward as it does forward."
KEPT = ("not-transposed", "first-token-only", "mean-over-tokens")
"""Slips in the last product that stay apart from the others at level 3."""

MISTAKES = (
    *shared_weights("d_weights", "X", "D", (1,)),
    *shared_weights("d_value_weights", "X", "d_value", (2,)),
    Mistake(
        "weights-not-transposed",
        "d_value",
        lambda A, G: matmul(A, G),
        r"You computed $AG$; each value collects its column of the weights, $A^\top G$.",
        when=lambda A: len(A) == len(A[0]),
        levels=(2,),
        cause="product",
    ),
    Mistake(
        "attention-left-out",
        "d_value",
        lambda G: G,
        r"You took $G$ for the gradient of the values; the weights are between: $A^\top G$.",
        when=lambda A: len(A) == len(A[0]),
        levels=(2,),
        cause="chain",
    ),
    *named(shared_weights("d_query_weights", "X", "d_query", (3,)), *KEPT),
    *named(shared_weights("d_key_weights", "X", "d_key", (3,)), *KEPT),
    Mistake("no-scale", "d_query", lambda D, other: matmul(D, other), NO_SCALE, levels=(3,)),
    Mistake(
        "no-scale",
        "d_key",
        lambda D, other: matmul(transpose(D), other),
        NO_SCALE,
        levels=(3,),
    ),
    Mistake(
        "stopped-at-the-queries",
        "d_query_weights",
        lambda d_query: d_query,
        r"You stopped at the gradient of the queries; that of $W_Q$ is $X^\top$ times it.",
        cause="stopped",
    ),
    Mistake(
        "stopped-at-the-keys",
        "d_key_weights",
        lambda d_key: d_key,
        r"You stopped at the gradient of the keys; that of $W_K$ is $X^\top$ times it.",
        cause="stopped",
    ),
    Mistake(
        "scores-transposed",
        "d_query",
        lambda D, other, d_k: shrink(matmul(transpose(D), other), sqrt(d_k)),
        "You transposed D; each query collects along its own row.",
        levels=(3,),
        cause="product",
    ),
    Mistake(
        "scores-not-transposed",
        "d_key",
        lambda D, other, d_k: shrink(matmul(D, other), sqrt(d_k)),
        "You did not transpose D; each key collects along its column.",
        levels=(3,),
        cause="product",
    ),
)

FAMILIES = (
    Family(
        name="projection-gradient",
        version=1,
        title="Gradients of W_Q, W_K and W_V",
        topic="attention gradients",
        says="All tokens share a projection, so its gradient sums their outer products.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_value, 3: question_scores},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={3: ("d_query_weights", "d_key_weights")},
        convention="rows are features of X",
        fine=fine,
        items=("N1.3", "N2.20", "N2.22", "N1.18"),
    ),
)
