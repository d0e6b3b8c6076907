"""Keys by plain loops: scaling."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f, weigh


def score_spread(g: Givens) -> Any:
    if "sigma_w" in g:
        one = Fraction(0)
        for _ in range(g["d_model"]):
            one += Fraction(g["sigma_w"]) ** 2
        variance = sum((one * one for _ in range(g["d_model"] // g["h"])), Fraction(0))
        return [one, variance, math.sqrt(variance) / g["c"]]
    if "sigma_q" in g:
        variance = Fraction(0)
        for _ in range(g["d_k"]):
            variance += (g["sigma_q"] * g["sigma_k"]) ** 2
        return [variance, math.sqrt(variance), math.sqrt(variance / g["d_k"])]
    return [g["d_model"] / g["h"], (g["d_model"] / g["h"]) ** 0.5]


def score_saturation(g: Givens) -> Any:
    def slope(t: float) -> float:  # the product of both weights
        return 1 / (math.exp(t) + 2 + math.exp(-t))

    gap = f(g["a"]) - f(g["b"])
    small = gap / math.sqrt(g["d_k"])
    if g["level"] == 3:
        return [slope(small), slope(gap)]
    return [weigh([small, 0.0])[0], slope(small)]


KEYS: dict[str, Key] = {
    "score-spread": score_spread,
    "score-saturation": score_saturation,
}
