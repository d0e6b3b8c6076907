"""Keys by plain loops: attention gradients."""

from __future__ import annotations

import math
from typing import Any

from tests.problems.keys.tools import Givens, Key, f


def attention_backward(g: Givens) -> Any:
    """Entry by entry from the definition, ∂A_ia/∂S_ij written out."""
    A, V, G = g["A"], g["V"], g["G"]
    n_q, n_k, d_v = len(A), len(V), len(V[0])
    d_scores = [[0.0] * n_k for _ in range(n_q)]
    for i in range(n_q):
        for j in range(n_k):
            for a in range(n_k):
                slope = f(A[i][a]) * ((1.0 if a == j else 0.0) - f(A[i][j]))
                for c in range(d_v):
                    d_scores[i][j] += slope * f(V[a][c]) * f(G[i][c])
    asked = g["asked"]
    if asked == "d_scores":
        return d_scores
    if asked == "d_value":
        return [
            [sum(f(A[i][j]) * f(G[i][c]) for i in range(n_q)) for c in range(d_v)]
            for j in range(n_k)
        ]
    root, width = math.sqrt(g["d_k"]), 4
    if asked == "d_query":
        return [
            [sum(d_scores[i][j] * g["K"][j][c] for j in range(n_k)) / root for c in range(width)]
            for i in range(n_q)
        ]
    return [
        [sum(d_scores[i][j] * g["Q"][i][c] for i in range(n_q)) / root for c in range(width)]
        for j in range(n_k)
    ]


KEYS: dict[str, Key] = {
    "attention-backward": attention_backward,
}
