"""Keys by plain loops: dot products and linear maps."""

from __future__ import annotations

import math
from typing import Any

from tests.problems.keys.tools import Givens, Key, score


def dot_cosine_projection(g: Givens) -> Any:
    q, k = g["q"], [g.get("c", 1) * x for x in g["k"]]
    product = score(q, k)
    return [
        product,
        product / math.dist(q, [0] * len(q)) / math.hypot(*k),
        product / math.hypot(*k),
    ]


def linear_forward(g: Givens) -> Any:
    out = []
    for x in g["X"]:
        row = []
        for j, bias in enumerate(g["b"]):
            column = g["W"][j] if g["level"] == 3 else [r[j] for r in g["W"]]
            row.append(bias + score(x, column))
        out.append(row)
    return out


def affine_map(g: Givens) -> Any:
    if g["level"] == 1:
        s = g["s"]
        return [
            u + s * v - s * zero for u, v, zero in zip(g["f_u"], g["f_v"], g["f_0"], strict=True)
        ]
    if g["level"] == 2:
        (a, b), (c, d) = g["W"]
        trace, det = a * a + b * b + c * c + d * d, a * d - b * c
        root = math.sqrt(trace * trace - 4 * det * det)
        return [math.sqrt((trace + root) / 2), math.sqrt((trace - root) / 2), det]

    def both(x: list[int]) -> list[int]:
        for W, bias in ((g["W_1"], g["b_1"]), (g["W_2"], g["b_2"])):
            x = [bias[j] + sum(x[i] * W[i][j] for i in range(2)) for j in range(2)]
        return x

    zero = both([0, 0])
    rows = [both([1, 0]), both([0, 1])]
    return [[y - z for y, z in zip(r, zero, strict=True)] for r in rows] + [zero]


KEYS: dict[str, Key] = {
    "dot-cosine-projection": dot_cosine_projection,
    "linear-forward": linear_forward,
    "affine-map": affine_map,
}
