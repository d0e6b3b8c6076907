"""Keys for the ways back through attention: the forward pass by loops, and its derivative."""

from __future__ import annotations

import math
from typing import Any

from tests.problems.keys.slopes import (
    Forward,
    attended,
    key,
    logs,
    meet,
    plain,
    softmaxed,
    times,
    turned,
    zeros,
)
from tests.problems.keys.tools import Givens, Key


def value_gradient(g: Givens) -> Any:
    if g["level"] == 3:
        pairs = [(g["A_1"], g["G_1"]), (g["A_2"], g["G_2"])]
    elif g["level"] == 2:
        n = len(g["S"])
        seen = [[j <= i for j in range(n)] for i in range(n)]
        pairs = [([softmaxed(plain(s), o) for s, o in zip(g["S"], seen, strict=True)], g["G"])]
    else:
        pairs = [(g["A"], g["G"])]
    A, G = pairs[0]
    return zeros(len(A[0]), len(G[0])), lambda V: sum(meet(G, times(A, V)) for A, G in pairs)


def score_gradient(g: Givens) -> Any:
    G, V = g["G"], g["V"]
    if g["level"] == 1:
        return zeros(len(G), len(V)), lambda A: meet(G, times(A, V))
    if g["level"] == 2:
        S, seen = logs(g["A"])
        return S, lambda S: meet(G, attended(S, seen, V))
    root, every = math.sqrt(g["d_k"]), [[True] * len(V)] * len(G)
    return times(g["Q"], turned(g["K"])), lambda T: meet(
        G, attended([[t / root for t in row] for row in T], every, V)
    )


def query_key_gradient(g: Givens) -> Any:
    D, root = g["D"], math.sqrt(g["d_k"])
    if g["level"] == 3:
        return plain(g["X"]), lambda X: meet(D, times(X, turned(X))) / root
    if g["asked"] == "d_query":
        return zeros(len(D), len(g["K"][0])), lambda Q: meet(D, times(Q, turned(g["K"]))) / root
    return zeros(len(D[0]), len(g["Q"][0])), lambda K: meet(D, times(g["Q"], turned(K))) / root


def projection_gradient(g: Givens) -> Any:
    X = g["X"]
    if g["level"] == 1:
        return zeros(len(X[0]), len(g["D"][0])), lambda W: meet(g["D"], times(X, W))
    if g["level"] == 2:
        return zeros(len(X[0]), len(g["G"][0])), lambda W: meet(g["G"], times(g["A"], times(X, W)))
    other, root = times(X, g["W"]), math.sqrt(g["d_k"])
    start = zeros(len(X[0]), len(g["W"][0]))
    if g["asked"] == "d_query_weights":
        return start, lambda W: meet(g["D"], times(times(X, W), turned(other))) / root
    return start, lambda W: meet(g["D"], times(other, turned(times(X, W)))) / root


def input_gradient(g: Givens) -> Any:
    if g["level"] == 3:

        def residual(X: Any) -> Any:
            branch = times(times(g["A"], times(X, g["W_V"])), g["W_O"])
            return meet(g["G"], X) + meet(g["G"], branch)

        return zeros(2, 2), residual
    paths = "QKV" if g["level"] == 1 else "KV"
    return zeros(len(g["dV"]), 2), lambda X: sum(
        meet(g[f"d{p}"], times(X, g[f"W_{p}"])) for p in paths
    )


def masked_backward(g: Givens) -> Any:
    if g["level"] == 2:
        seen = [[j + 1 != g["padded"] for j in range(4)]]
        return [plain(g["s"])], lambda s: g["g"] * attended(s, seen, g["V"])[0][0]
    S, seen = logs(g["A"])
    if g["level"] == 1:
        return S, lambda S: meet(g["G"], attended(S, seen, g["V"]))

    def through_keys(K: Any) -> Any:
        """The given weights stand for any scores: QKᵀ is added to them, from K = 0 on."""
        added = times(g["Q"], turned(K))
        moved = [
            [s + a / 2 for s, a in zip(r, t, strict=True)] for r, t in zip(S, added, strict=True)
        ]
        return meet(g["G"], attended(moved, seen, g["V"]))

    return zeros(3, 4), through_keys


def heads_backward(g: Givens) -> Any:
    first = 2 * (g["head"] - 1)
    W = g["W_O"][first : first + 2]
    if g["level"] == 1:
        return zeros(2, 2), lambda out: meet(g["G"], times(out, W))
    if g["level"] == 2:
        return zeros(len(g["A"][0]), 2), lambda V: meet(g["G"], times(times(g["A"], V), W))
    S, seen = logs(g["A"])
    return S, lambda S: meet(g["G"], times(attended(S, seen, g["V"]), W))


def output_projection_gradient(g: Givens) -> Any:
    G = g["G"]
    if g["level"] == 1:
        C = [[a[0], b[0]] for a, b in zip(g["O_1"], g["O_2"], strict=True)]
        return zeros(2, len(G[0])), lambda W: meet(G, times(C, W))
    if g["level"] == 2:
        return zeros(2, 2), lambda W: meet(G, times(times(g["A"], g["V"]), W))
    parts = [times(g[f"O_{h}"], g[f"W_{h}"]) for h in (1, 2)]
    return [1.0, 1.0], lambda gates: sum(
        gate * meet(G, part) for gate, part in zip(gates, parts, strict=True)
    )


FORWARD: dict[str, Forward] = {
    "value-gradient": value_gradient,
    "score-gradient": score_gradient,
    "query-key-gradient": query_key_gradient,
    "projection-gradient": projection_gradient,
    "input-gradient": input_gradient,
    "masked-backward": masked_backward,
    "heads-backward": heads_backward,
    "output-projection-gradient": output_projection_gradient,
}

KEYS: dict[str, Key] = {name: key(forward) for name, forward in FORWARD.items()}
