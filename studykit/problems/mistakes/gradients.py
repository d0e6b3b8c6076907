"""Slips on the way back: through attention's softmax, and to weights that all tokens share.

Those of attention ask for the names A (weights), V, G = ∂L/∂O and d_weights = ∂L/∂A.
"""

from __future__ import annotations

from dataclasses import replace

from studykit.problems.arithmetic import (
    dot,
    hadamard,
    matmul,
    outer,
    shrink,
    softmax_backward,
    sum_rows,
    transpose,
)
from studykit.problems.family import Mistake

SCORE_GRADIENT = (
    Mistake(
        "mean-left-out",
        "d_scores",
        lambda A, d_weights: hadamard(A, d_weights),
        "You left out the row's mean in the softmax; the gradient of each row sums to 0.",
        cause="softmax",
    ),
    Mistake(
        "diagonal-only",
        "d_scores",
        lambda A, d_weights: [
            [a * (1 - a) * g for a, g in zip(p, d, strict=True)]
            for p, d in zip(A, d_weights, strict=True)
        ],
        "You used the diagonal of the softmax's Jacobian alone.",
        cause="softmax",
    ),
    Mistake(
        "softmax-skipped",
        "d_scores",
        lambda d_weights: d_weights,
        "You took the gradient of the weights for that of the scores: the softmax is between.",
        cause="softmax",
    ),
    Mistake(
        "weights-not-applied",
        "d_scores",
        lambda A, d_weights: [
            [g - dot(p, d) for g in d] for p, d in zip(A, d_weights, strict=True)
        ],
        "You forgot the factor A in front of the difference from the mean.",
        cause="softmax",
    ),
    Mistake(
        "column-mean",
        "d_scores",
        lambda A, d_weights: transpose(softmax_backward(transpose(A), transpose(d_weights))),
        "You took the mean down the columns; each query's row has its own.",
        when=lambda A: len(A) > 1,
        cause="softmax",
    ),
    Mistake(
        "mean-added",
        "d_scores",
        lambda A, d_weights: [
            [a * (g + dot(p, d)) for a, g in zip(p, d, strict=True)]
            for p, d in zip(A, d_weights, strict=True)
        ],
        "You added the row's mean; it is subtracted.",
        cause="sign",
    ),
)

WEIGHT_GRADIENT = (
    Mistake(
        "values-not-transposed",
        "d_weights",
        lambda G, V: matmul(G, V),
        r"You computed $GV$; the gradient of the weights is $GV^\top$.",
        when=lambda G, V: len(G[0]) > 1 and len(V) == len(V[0]),
        cause="product",
    ),
    Mistake(
        "gradient-of-output-ignored",
        "d_weights",
        lambda G, V: [[sum(v) for v in V] for _ in G],
        "You took every entry of the output's gradient as 1; it is given as G.",
        when=lambda G: any(x != 1 for row in G for x in row),
        cause="chain",
    ),
)


def shared_weights(
    step: str, given: str, back: str, levels: tuple[int, ...] = (), letter: str = "X"
) -> tuple[Mistake, ...]:
    r"""For a step XᵀD: what went in (`given`, its rows are tokens) with what came back (`back`)."""
    slips = (
        Mistake(
            "not-transposed",
            step,
            matmul,
            rf"You multiplied by ${letter}$; what comes back is multiplied by ${letter}^\top$.",
            cause="product",
        ),
        Mistake(
            "first-token-only",
            step,
            lambda X, D: outer(X[0], D[0]),
            "You used the first token alone; all tokens share the weights, so their parts add up.",
            cause="tokens",
        ),
        Mistake(
            "last-token-only",
            step,
            lambda X, D: outer(X[-1], D[-1]),
            "You used the last token alone; all tokens share the weights, so their parts add up.",
            cause="tokens",
        ),
        Mistake(
            "mean-over-tokens",
            step,
            lambda X, D: shrink(matmul(transpose(X), D), len(X)),
            "You took the mean over the tokens; the parts of shared weights add up.",
            cause="tokens",
        ),
        Mistake(
            "gradient-transposed",
            step,
            lambda X, D: matmul(transpose(D), X),
            rf"This is transposed: the rows of the weights belong to the columns of ${letter}$.",
            cause="product",
        ),
        Mistake(
            "summed-before-the-product",
            step,
            lambda X, D: outer(sum_rows(X), sum_rows(D)),
            "You summed over the tokens first; each token is multiplied by its own gradient.",
            cause="tokens",
        ),
    )
    return tuple(replace(m, levels=levels, takes=(given, back)) for m in slips)
