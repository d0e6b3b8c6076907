"""Keys by plain loops: streaming and decoding."""

from __future__ import annotations

import math
from typing import Any

from tests.problems.keys.tools import Givens, Key, f, weigh


def online_softmax(g: Givens) -> Any:
    """Without any maximum: sums and outputs over plain exponentials, brought to m at the end."""
    weight_1 = f(g["l_1"]) * math.exp(f(g["m_1"]))
    weight_2 = f(g["l_2"]) * math.exp(f(g["m_2"]))
    both = weight_1 + weight_2
    output = (weight_1 * f(g["o_1"]) + weight_2 * f(g["o_2"])) / both
    return [both / math.exp(max(f(g["m_1"]), f(g["m_2"]))), output]


def temperature_softmax(g: Givens) -> Any:
    if g["level"] == 3:
        low, high = 0.01, 100.0  # the odds fall as it gets warmer
        for _ in range(200):
            middle = (low + high) / 2
            p = sorted(weigh([z / middle - max(g["z"]) / middle for z in g["z"]]))
            low, high = (middle, high) if p[-1] > g["r"] * p[-2] else (low, middle)
        return low
    powers = [math.exp(f(z)) ** (1 / f(g["T"])) for z in g["z"]]
    return [p / sum(powers) for p in powers]


def nucleus_sampling(g: Givens) -> Any:
    p = [f(x) for x in g["p"]] if "p" in g else weigh([z / f(g["T"]) for z in g["z"]])
    kept: dict[int, float] = {}
    left = dict(enumerate(p))
    while len(kept) < g.get("k", 5) and sum(kept.values()) < f(g.get("bound", 2)):
        largest = max(left, key=lambda i: left[i])
        kept[largest] = left.pop(largest)
    return [kept.get(i, 0.0) / sum(kept.values()) for i in range(len(p))]


KEYS: dict[str, Key] = {
    "online-softmax": online_softmax,
    "temperature-softmax": temperature_softmax,
    "nucleus-sampling": nucleus_sampling,
}
