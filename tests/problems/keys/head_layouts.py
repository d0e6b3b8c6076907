"""Keys by plain loops: splitting into heads, what each head adds, latent caches."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key


def split_heads(g: Givens) -> Any:
    """By walking through all features and counting; at level 3 through the memory itself."""
    d_k = g["d_k"]
    if g["level"] == 3:
        head, inside = 0, 0
        for _feature in range(g["f"]):
            inside += 1
            if inside == d_k:
                head, inside = head + 1, 0
        strides = [g["H"] * g["n"] * d_k, g["n"] * d_k, d_k, 1]
        index = [g["b"], head, g["t"], inside]
        return [head, inside, sum(i * s for i, s in zip(index, strides, strict=True))]

    def mine(A: Any) -> Any:
        return [[x for f, x in enumerate(row) if f // d_k == g["j"] - 1] for row in A]

    if g["level"] == 1:
        return mine(g["X"])
    q, k = mine(g["Q"]), mine(g["K"])
    return [[Fraction(sum(a * b for a, b in zip(u, v, strict=True)), 2) for v in k] for u in q]


def head_contributions(g: Givens) -> Any:
    """By leaving heads out: a contribution is the output with only this head."""
    if g["level"] == 3:
        mean = [sum(Fraction(row[i]) for row in g["O_2"]) / 3 for i in range(2)]
        joined, rows = [*g["O_1"][g["t"] - 1], *mean], [*g["W_1"], *g["W_2"]]
        return [sum(x * rows[i][c] for i, x in enumerate(joined)) for c in range(2)]

    def output(only: tuple[int, ...]) -> list[Fraction]:
        joined = [x if h in only else 0 for h, row in enumerate(g["heads"]) for x in row]
        width = len(g["W_O"][0])
        return [
            sum(Fraction(x) * g["W_O"][i][c] for i, x in enumerate(joined)) for c in range(width)
        ]

    alone = [output((h,)) for h in range(3)]
    if g["level"] == 1:
        return [a[g["c"] - 1] for a in alone]
    whole = output((0, 1, 2))
    square = sum(x * x for x in whole)
    return [sum(x * y for x, y in zip(a, whole, strict=True)) / square for a in alone]


def latent_cache(g: Givens) -> Any:
    cached = sum(1 for _ in range(g["latent"])) + sum(1 for _ in range(g["rope"]))
    if g["level"] == 2:
        return [Fraction(heads * 2 * g["d_h"], cached) for heads in (g["H"], g["G"])]
    token = sum(cached * g["bytes_each"] for _layer in range(g["layers"]))
    if g["level"] == 1:
        return Fraction(token, 2**10)
    total = sum(token * g["tokens"] for _sequence in range(g["batch"]))
    grouped = 0
    for _layer in range(g["layers"]):
        for _head in range(g["G"]):
            grouped += (g["d_h"] + g["d_h"]) * g["bytes_each"] * g["tokens"] * g["batch"]
    return [Fraction(total, 2**30), Fraction(grouped, 2**30)]


KEYS: dict[str, Key] = {
    "split-heads": split_heads,
    "head-contributions": head_contributions,
    "latent-cache": latent_cache,
}
