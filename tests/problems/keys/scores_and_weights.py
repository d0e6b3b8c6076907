"""Keys by plain loops: softmax under shifts, turned round, and without overflow."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f, score, weigh


def shift_invariance(g: Givens) -> Any:
    """Level 1 from scores ln p, level 2 by bisection, level 3 with both biases left in."""
    if g["level"] == 1:
        scores = [math.log(x) + g["c"] for x in g["p"]]
        scores[g["j"] - 1] += f(g["shift"])
        return weigh(scores)
    if g["level"] == 2:
        low, high = -20.0, 20.0
        for _ in range(100):
            middle = (low + high) / 2
            raised = g["p"] * math.exp(middle)
            if raised / (raised + 1 - g["p"]) < g["w"]:
                low = middle
            else:
                high = middle
        return low
    q = [a + b for a, b in zip(g["q"], g["b_Q"], strict=True)]
    keys = [[a + b for a, b in zip(k, g["b_K"], strict=True)] for k in g["K"]]
    return weigh([score(q, k) / math.sqrt(g["d_k"]) for k in keys])


def two_key_softmax(g: Givens) -> Any:
    """From scores; at levels 2 and 3 by bisection on the weight."""
    if g["level"] == 1:
        gap = math.log(g["p"] / (1 - g["p"])) * float(g["f"])
        return weigh([gap, 0.0])[0]
    low, high = -500.0, 500.0
    for _ in range(200):
        middle = (low + high) / 2
        if g["level"] == 2:
            other, others = (middle - g["b"]) / math.sqrt(g["d_k"]), 1
        else:
            other, others = middle, g["n"] - 1
        weight = 1 / (1 + others * math.exp(-other))
        if weight < g["p"]:
            low = middle
        else:
            high = middle
    return low


def stable_softmax(g: Givens) -> Any:
    """Level 1 from the odds, level 2 from gaps between logits, level 3 by search."""
    if g["level"] == 1:
        odds = [Fraction(round(math.exp(f(z) - g["far"]))) for z in g["z"]]
        powers = [a / max(odds) for a in odds]
        return [*powers, sum(powers)]
    if g["level"] == 2:
        return [1 / sum(math.exp(other - z) for other in g["z"]) for z in g["z"]]
    low, high = 0.0, 500.0
    for _ in range(200):
        middle = (low + high) / 2
        if g["n"] * math.exp(middle / math.sqrt(g["d_k"])) < 65504:
            low = middle
        else:
            high = middle
    return low


KEYS: dict[str, Key] = {
    "shift-invariance": shift_invariance,
    "two-key-softmax": two_key_softmax,
    "stable-softmax": stable_softmax,
}
