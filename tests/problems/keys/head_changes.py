"""Keys by plain loops: pooled key heads, and output matrices that undo a change."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key


def pooled_heads(g: Givens) -> Any:
    if g["level"] == 3:
        before = after = 0
        for head in range(g["H"]):
            before += 4 * g["d"] * g["d_k"]
            after += 2 * g["d"] * g["d_k"] + (2 * g["d"] * g["d_k"] if head < g["H_kv"] else 0)
        return [Fraction(g["L"] * (before - after), 2**20), Fraction(after, before)]
    groups = [[0, 1], [2, 3]]
    if g["level"] == 1:
        return [
            [sum(Fraction(r[2 * h + c], 2) for h in group) for group in groups for c in range(2)]
            for r in g["W_K"]
        ]
    # With pooled keys a query scores the mean of what its group's heads would score.
    scores = []
    for head in range(4):
        k = [
            sum(x * r[2 * head + c] for x, r in zip(g["x"], g["W_K"], strict=True)) for c in (0, 1)
        ]
        scores.append(sum(a * b for a, b in zip(g["q"], k, strict=True)))
    own = g["i"] - 1
    group = next(group for group in groups if own in group)
    return [scores[own], Fraction(sum(scores[h] for h in group), len(group))]


def value_output_gauge(g: Givens) -> Any:
    """Row by row, from what each component of the values must still write."""
    W_O = g["W_O"]
    if g["level"] == 1:
        return [
            [Fraction(x, g["c"]) if row // 2 == g["h"] - 1 else x for x in W_O[row]]
            for row in range(4)
        ]
    if g["level"] == 3:
        blocks = {1: W_O[0:2], 2: W_O[2:4], 3: W_O[4:6]}
        out = []
        for head in g["order"]:
            out += blocks[head]
        return out
    # R Y = W_O, solved column by column by elimination.
    (a, b), (c, d) = g["R"]
    columns = []
    for j in range(len(W_O[0])):
        low = Fraction(W_O[1][j]) - Fraction(c, a) * W_O[0][j]
        second = low / (d - Fraction(c, a) * b)
        columns.append([(W_O[0][j] - b * second) / Fraction(a), second])
    return [[column[i] for column in columns] for i in range(2)]


KEYS: dict[str, Key] = {
    "pooled-heads": pooled_heads,
    "value-output-gauge": value_output_gauge,
}
