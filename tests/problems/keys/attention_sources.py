"""Keys by plain loops: where queries, keys and values come from, and in which order."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

from tests.problems.keys.tools import Givens, Key, f, project, score, weigh

Rows = list[list[float]]


def mix(weights: list[float], V: Any) -> list[float]:
    return [sum(w * f(v[c]) for w, v in zip(weights, V, strict=True)) for c in range(len(V[0]))]


def attend(queries: Any, keys: Any, V: Any) -> Rows:
    out = []
    for q in queries:
        out.append(mix(weigh([score(q, k) / math.sqrt(len(q)) for k in keys]), V))
    return out


def token_projections(g: Givens) -> Any:
    if g["level"] == 1:
        return [project(g["x"], g[name]) for name in ("W_Q", "W_K", "W_V")]
    if g["level"] == 2:
        columns = range(2 * g["place"] - 2, 2 * g["place"])
        return [sum(g["x"][i] * g["W"][i][j] for i in range(2)) + g["b"][j] for j in columns]
    Q, K, V = ([project(x, g[name]) for x in g["X"]] for name in ("W_Q", "W_K", "W_V"))
    return attend(Q, K, V)


def decode_step(g: Givens) -> Any:
    if g["level"] == 1:
        weights = weigh([f(s) for s in (*g["cached_scores"], g["own_score"])])
        return [mix(weights, [*g["cached_V"], g["v"][0]])]
    if g["level"] == 2:
        q, k, v = g["Q"][0], g["k"][0], g["v"][0]
    else:
        q, k, v = (project(g["x"][0], g[name]) for name in ("W_Q", "W_K", "W_V"))
    return attend([q], [*g["cached_K"], k], [*g["cached_V"], v])


def cross_attention(g: Givens) -> Any:
    """With the padding left out of the memory altogether."""
    H = [h for j, h in enumerate(g["H"]) if j + 1 != g.get("padding")]
    Q, K = [project(y, g["W_Q"]) for y in g["Y"]], [project(h, g["W_K"]) for h in H]
    if g["level"] == 1:
        return [[score(q, k) for k in K] for q in Q]
    return attend(Q, K, [project(h, g["W_V"]) for h in H])


def query_design(g: Givens) -> Any:
    """The limit with a very large factor, the factor by bisection, the query by trying it."""
    if g["level"] == 1:
        scores = [score(g["q"], k) for k in g["K"]]
        weights = weigh([500.0 * (s - max(scores)) for s in scores])
        return mix(weights, g["V"])
    if g["level"] == 2:
        low, high = 0.0, 30.0
        for _ in range(200):
            beta = (low + high) / 2
            own = beta * score(g["k"], g["k"]) / math.sqrt(g["d_k"])
            if weigh([own, *[0.0] * (g["n"] - 1)])[0] < g["w"]:
                low = beta
            else:
                high = beta
        return low
    return solved(g["K"], [g["c"] if j + 1 in (g["a"], g["b"]) else 0 for j in range(3)])


def solved(M: Any, y: list[float]) -> list[float]:
    """M q = y by Cramer's rule."""

    def determinant(A: Any) -> float:
        total: float = sum(
            A[0][i] * A[1][j] * A[2][k] * (j - i) * (k - i) * (k - j) / 2
            for i, j, k in product(range(3), repeat=3)
        )
        return total

    out = []
    for c in range(3):
        replaced = [[y[r] if j == c else M[r][j] for j in range(3)] for r in range(3)]
        out.append(determinant(replaced) / determinant(M))
    return out


def token_permutation(g: Givens) -> Any:
    order = [i - 1 for i in g["order"]]
    if g["level"] == 1:
        return [g["outputs"][i] for i in order]
    if g["level"] == 2:
        return [[g["A"][i][j] for j in order] for i in order]
    out = []
    for place, i in enumerate(order):
        seen = weigh([f(g["S"][i][j]) for j in order[: place + 1]])
        out.append(seen + [0.0] * (len(order) - place - 1))
    return out


def additive_score(g: Givens) -> Any:
    if g["level"] == 1:
        sums = [[f(a) + f(b) for a, b in zip(g["q"], k, strict=True)] for k in g["K"]]
    else:
        own = project(g["s"], g["W"])
        sums = [[a + b for a, b in zip(own, project(h, g["U"]), strict=True)] for h in g["H"]]
    scores = [sum(v * math.tanh(z) for v, z in zip(g["v"], row, strict=True)) for row in sums]
    if g["level"] == 2:
        return scores[0]
    return scores if g["level"] == 1 else mix(weigh(scores), g["H"])


KEYS: dict[str, Key] = {
    "token-projections": token_projections,
    "decode-step": decode_step,
    "cross-attention": cross_attention,
    "query-design": query_design,
    "token-permutation": token_permutation,
    "additive-score": additive_score,
}
