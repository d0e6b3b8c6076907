"""Keys by plain loops: masks."""

from __future__ import annotations

import math
from typing import Any

from tests.problems.keys.tools import Givens, Key, f


def masked_softmax(g: Givens) -> Any:
    def row(scores: list[float], seen: list[bool]) -> list[float]:
        total = sum(math.exp(s) for s, open_ in zip(scores, seen, strict=True) if open_)
        return [
            math.exp(s) / total if open_ else 0.0 for s, open_ in zip(scores, seen, strict=True)
        ]

    if "may" in g:
        return row([f(s) for s in g["scores"]], [m == 1 for m in g["may"]])
    out = []
    for i, scores in enumerate(g["scaled"]):
        seen = [j <= i and j + 1 != g.get("padding") for j in range(len(scores))]
        out.append(row(scores, seen) if any(seen) else [0.0] * len(scores))
    return out


def allowed_pairs(g: Givens) -> Any:
    """Counted one by one."""
    past = g.get("past", 0)
    keys, window = past + g["n"], g.get("w", past + g["n"])
    return sum(1 for i in range(past, keys) for j in range(keys) if i - window < j <= i)


KEYS: dict[str, Key] = {
    "masked-softmax": masked_softmax,
    "allowed-pairs": allowed_pairs,
}
