"""The matrix of scaled scores QKᵀ/√d_k: exact, then with an irrational root, then from X."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, add_row, matmul, matmul_t
from studykit.problems.attention_steps import SCALED, SCORES
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.mistakes.scores import PRODUCT, SCALE
from studykit.problems.values import cells
from studykit.problems.wording import factor, matrix, products, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        d_model, h, d_k = dice.pick([(4, 2, 2), (6, 2, 3), (6, 3, 2), (3, 1, 3), (2, 1, 2)])
        return {
            "X": dice.matrix(2, d_model, -2, 2),
            "W_Q": dice.matrix(d_model, d_k, -1, 2),
            "W_K": dice.matrix(d_model, d_k, -1, 2),
            "b_Q": dice.vector(d_k, -2, 2),
            "d_model": d_model,
            "h": h,
            "d_k": d_k,
        }
    n_q, n_k = dice.pick([(2, 3), (3, 2), (2, 2), (3, 3)])
    d_k = 4 if level == 1 else dice.pick([2, 3, 5])
    largest = 2 if level == 1 else 4
    return {
        "Q": dice.matrix(n_q, d_k, -largest, largest),
        "K": dice.matrix(n_k, d_k, -largest, largest),
        "d_k": d_k,
        "d_v": dice.pick([3, 6, 8]),
        "h": dice.pick([8, 12]),
    }


def fine(scaled: Matrix, Q: Matrix, K: Matrix) -> bool:
    """Scores of some variety, none huge; no row of Q or K empty or there twice."""
    scores = cells(scaled)
    return (
        max(map(abs, scores)) <= 20
        and len({round(s, 6) for s in scores}) >= 3
        and all(any(r) for r in Q + K)
        and len({tuple(r) for r in Q}) == len(Q)
        and len({tuple(r) for r in K}) == len(K)
    )


def question(Q: Matrix, K: Matrix, d_k: int, d_v: int, h: int) -> str:
    return (
        rf"One of $h={h}$ heads: queries and keys have width $d_k={d_k}$, values $d_v={d_v}$; "
        r"rows are tokens. "
        r"Compute the matrix of scaled scores $S=QK^\top/\sqrt{d_k}$."
        rf"$$Q={matrix(Q)}\qquad K={matrix(K)}$$"
    )


def question_from_tokens(
    X: Matrix, W_Q: Matrix, W_K: Matrix, b_Q: Vector, d_model: int, h: int, d_k: int
) -> str:
    heads = "One head" if h == 1 else f"This is one of $h={h}$ heads"
    return (
        rf"The rows of $X$ are tokens of width $d_{{model}}={d_model}$. {heads}, of width "
        rf"$d_k={d_k}$: $Q=XW_Q+b_Q$ and $K=XW_K$. Compute the scaled scores "
        r"$S=QK^\top/\sqrt{d_k}$."
        rf"$$X={matrix(X)}\qquad b_Q={row(b_Q)}$$"
        rf"$$W_Q={matrix(W_Q)}\qquad W_K={matrix(W_K)}$$"
    )


def project(X: Matrix, W: Matrix, b: Vector | None = None) -> Matrix:
    """X W + b, one token a row."""
    product = matmul(X, W)
    return product if b is None else add_row(product, b)


STEPS = (
    Step(
        "Q",
        "Queries",
        "Q",
        r"XW_Q+b_Q",
        lambda X, W_Q, b_Q: project(X, W_Q, b_Q),
        lambda X, W_Q, b_Q: products(X[0], [r[0] for r in W_Q]) + f"+{factor(b_Q[0])}",
        levels=(3,),
    ),
    Step(
        "K",
        "Keys",
        "K",
        r"XW_K",
        lambda X, W_K: project(X, W_K),
        lambda X, W_K: products(X[0], [r[0] for r in W_K]),
        levels=(3,),
    ),
    SCORES,
    SCALED,
)

PROJECTIONS = (
    Mistake(
        "no-projections",
        "scores",
        lambda X: matmul_t(X, X),
        r"You matched the tokens themselves, $XX^\top$; queries and keys are projections of them.",
        cause="projection",
    ),
    Mistake(
        "weights-transposed",
        "Q",
        lambda X, W_Q, W_K, b_Q: matmul_t(add_row(matmul_t(X, W_Q), b_Q), matmul_t(X, W_K)),
        r"You used $XW^\top$ (as if $Wx$ were meant, or PyTorch's layout); here $Q=XW_Q+b_Q$.",
        when=lambda d_model, d_k: d_model == d_k,
        gives="scores",
        cause="projection",
    ),
    Mistake(
        "weights-on-the-left",
        "Q",
        lambda X, W_Q, W_K, b_Q: matmul_t(add_row(matmul(W_Q, X), b_Q), matmul(W_K, X)),
        r"You put the weights on the left, $WX$; tokens are rows, so $XW$.",
        gives="scores",
        cause="projection",
    ),
    Mistake(
        "query-weights-transposed",
        "Q",
        lambda X, W_Q, b_Q: add_row(matmul_t(X, W_Q), b_Q),
        r"You used $XW_Q^\top$ for the queries; tokens are rows, so $XW_Q$.",
        when=lambda d_model, d_k: d_model == d_k,
        cause="projection",
    ),
    Mistake(
        "key-weights-transposed",
        "K",
        lambda X, W_K: matmul_t(X, W_K),
        r"You used $XW_K^\top$ for the keys; tokens are rows, so $XW_K$.",
        when=lambda d_model, d_k: d_model == d_k,
        cause="projection",
    ),
    Mistake(
        "no-bias",
        "Q",
        lambda X, W_Q: project(X, W_Q),
        "You left out the bias of the queries.",
        cause="bias",
    ),
    Mistake(
        "bias-on-keys-too",
        "K",
        lambda X, W_K, b_Q: project(X, W_K, b_Q),
        r"You added the bias to the keys as well; only the queries have one here.",
        cause="bias",
    ),
)

FAMILIES = (
    Family(
        name="attention-scores",
        version=1,
        title="Scaled score matrix",
        topic="attention forward",
        says="Match every query with every key and scale: QKᵀ/√d_k.",
        draws=draws,
        steps=STEPS,
        mistakes=SCALE + PRODUCT + PROJECTIONS,
        question={1: question, 2: question, 3: question_from_tokens},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="rows are queries, columns keys",
        fine=fine,
        items=("N1.29", "N3.7", "N3.17", "N3.22", "N2.6", "N1.25"),
    ),
)
