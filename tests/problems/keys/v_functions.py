"""Keys by plain loops: V functions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key


def written(a: Any, X: Any, M: Any) -> list[Fraction]:
    """Each token through M first, then weighed."""
    out = [Fraction(0)] * len(M[0])
    for weight, x in zip(a, X, strict=True):
        for j in range(len(out)):
            out[j] += Fraction(weight) * sum(x[i] * M[i][j] for i in range(len(x)))
    return out


def ov_merge(g: Givens) -> Any:
    if g["level"] == 3:
        both = written(g["a"], g["X"], g["M_1"]), written(g["b"], g["X"], g["M_2"])
        return [x + y for x, y in zip(*both, strict=True)]
    if g["level"] == 1:
        return [[v * o for o in g["W_O"][0]] for (v,) in g["W_V"]]
    (value,) = written(g["a"], g["X"], g["W_V"])
    return [value * o for o in g["W_O"][0]]


def value_mixture(g: Givens) -> Any:
    if g["level"] == 1:
        (a, b), V = g["known"], g["V"]
        # From the third value towards the others.
        return [V[2][c] + a * (V[0][c] - V[2][c]) + b * (V[1][c] - V[2][c]) for c in range(2)]
    if g["level"] == 2:
        for bottom in range(1, 9):
            for top in range(1, bottom):
                p = Fraction(top, bottom)
                if p * g["v_1"] + (1 - p) * g["v_2"] == g["o"]:
                    return p
        return None
    out = []
    for c in range(2):
        total = Fraction(0)
        for weight, x in zip(g["p"], g["X"], strict=True):
            total += weight * (x[0] * g["W"][0][c] + x[1] * g["W"][1][c] + g["b"][c])
        out.append(total)
    return out


KEYS: dict[str, Key] = {
    "ov-merge": ov_merge,
    "value-mixture": value_mixture,
}
