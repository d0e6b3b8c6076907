"""Keys by plain loops: changed query and key weights, symmetry of scores, shares of logits."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f


def solve(A: Any, b: Any) -> list[Fraction]:
    """x with A x = b for a 2×2 matrix, by elimination."""
    rows = [[Fraction(A[i][0]), Fraction(A[i][1]), Fraction(b[i])] for i in range(2)]
    if rows[0][0] == 0:
        rows.reverse()
    times = rows[1][0] / rows[0][0]
    rows[1] = [x - times * y for x, y in zip(rows[1], rows[0], strict=True)]
    y = rows[1][2] / rows[1][1]
    return [(rows[0][2] - rows[0][1] * y) / rows[0][0], y]


def query_key_gauge(g: Givens) -> Any:
    """A changed key k' gives every changed query the old score: M k'ᵀ = kᵀ, solved for k'."""
    if g["level"] == 3:
        columns = [solve(g["W_Q"], [row[j] for row in g["W_Q2"]]) for j in range(2)]
        M = [[columns[j][i] for j in range(2)] for i in range(2)]
    else:
        M = g["change"]
    if g["level"] == 2:
        q = [sum(g["q"][i] * M[i][j] for i in range(2)) for j in range(2)]
        return q + solve(M, g["k"])
    return [solve(M, key) for key in g["W_K"]]


def score_symmetry(g: Givens) -> Any:
    if g["level"] == 1:

        def score(x: Any, y: Any) -> int:
            total = 0
            for i in range(2):
                for j in range(2):
                    total += x[i] * g["M"][i][j] * y[j]
            return total

        return score(g["x_1"], g["x_2"]) - score(g["x_2"], g["x_1"])
    if g["level"] == 2:
        first = math.isqrt(g["s_11"])  # the keys, up to one sign for all
        second, third = Fraction(g["s_12"], first), Fraction(g["s_13"], first)
        return [second * second, third * third, second * third]
    (a, b), (c, d) = g["M"]
    half = Fraction(b + c, 2)
    found = [x for x in range(-60, 61) if (a - x) * (d - x) == half * half]
    return sorted(found, reverse=True)


def direct_logits(g: Givens) -> Any:
    """By taking a part out and looking at what the logit loses."""
    if g["level"] == 2:
        c = [sum(g["z"][i] * g["W_O"][i][j] for i in range(2)) for j in range(3)]
        first = sum(x * u for x, u in zip(c, g["u_1"], strict=True))
        return [first, sum(x * (u - v) for x, u, v in zip(c, g["u_1"], g["u_2"], strict=True))]
    if g["level"] == 1:
        weights = [row[g["token"] - 1] for row in g["W_U"]]
        size: Any = 1
    else:
        weights = [a * b for a, b in zip(g["gain"], g["u"], strict=True)]
        squares = [sum(column) ** 2 for column in zip(*g["parts"], strict=True)]
        size = math.sqrt(f(sum(squares)) / 4)

    def logit(parts: Any) -> Any:
        return sum(
            w * sum(column) for w, column in zip(weights, zip(*parts, strict=True), strict=True)
        )

    everything = logit(g["parts"])
    lost = [
        everything - logit([part for j, part in enumerate(g["parts"]) if j != i]) for i in range(3)
    ]
    return lost if g["level"] == 1 else [x / size for x in lost]


KEYS: dict[str, Key] = {
    "query-key-gauge": query_key_gauge,
    "score-symmetry": score_symmetry,
    "direct-logits": direct_logits,
}
