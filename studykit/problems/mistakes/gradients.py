"""Slips on the way back through attention: to the weights, and through the softmax.

They ask for the names A (weights), V, G = ∂L/∂O and d_weights = ∂L/∂A.
"""

from __future__ import annotations

from studykit.problems.arithmetic import dot, hadamard, matmul, softmax_backward, transpose
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
