"""Facts of the deck `modern`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.content.facts import Derived, Formulas, Given, Numbers, Values
from tests.content.facts.tools import soft


def _layer(n: float, d: float) -> float:
    """Multiply–adds of one layer, product by product."""
    projections = 4 * (n * d * d)
    scores, averaging = n * n * d, n * n * d
    feed_forward = n * d * (4 * d) + n * (4 * d) * d
    return projections + scores + averaging + feed_forward


def _crossover(v: Values) -> float:
    """Where quadratic and other terms meet, by bisection."""
    low, high = 0.0, 1e6
    for _ in range(100):
        n = (low + high) / 2
        quadratic = 2 * n * n * v["d"]
        low, high = (low, n) if quadratic > _layer(n, v["d"]) - quadratic else (n, high)
    return low


def _merged_sum(generator: np.random.Generator) -> tuple[Values, float]:
    first, second = generator.normal(size=4) + 1, generator.normal(size=3) - 2
    m_1, m_2 = first.max(), second.max()
    values = {"m_1": m_1, "m_2": m_2, "l_1": 0.0, "l_2": 0.0}
    values["l_1"] = np.exp(first - m_1).sum()
    values["l_2"] = np.exp(second - m_2).sum()
    together = np.concatenate([first, second])
    return values, float(sum(math.exp(s - m_1) for s in together))


def _merged_output(generator: np.random.Generator) -> tuple[Values, Any]:
    first, second = generator.normal(size=4), generator.normal(size=3)
    V = generator.normal(size=(7, 3))
    m = max(first.max(), second.max())
    values = {
        "a": np.exp(first - m).sum(),
        "b": np.exp(second - m).sum(),
        "o_1": (soft(first) @ V[:4])[None],
        "o_2": (soft(second) @ V[4:])[None],
    }
    return values, soft(np.concatenate([first, second])) @ V


def _linear(v: Values) -> Any:
    weights = [float(v["q"][0] @ f) for f in v["F"]]
    return sum(w * row for w, row in zip(weights, v["V"], strict=True)) / sum(weights)


FORMULAS: Formulas = {
    "mod-02": lambda v: _layer(v["n"], v["d"]),
    "mod-03": _crossover,
    "mod-19": lambda v: (v["k"] * 3.0) ** 2 / 3.0**2,
    "mod-06": lambda v: sum(
        v["L"] * v["g"] * v["d_h"] * v["n"] * v["B"] * v["p"] for _ in ("keys", "values")
    ),
    "mod-17": _linear,
    "mod-25": lambda v: np.empty((int(v["d"]), int(v["r"]))).size * 2,
}

DERIVED: Derived = {"mod-14": _merged_sum, "mod-16": _merged_output}

NUMBERS: Numbers = {
    "mod-02": [
        (r"14.5", 12 * 2048 * 768**2 / 1e9),
        (r"+6.4", 2 * 2048**2 * 768 / 1e9),
    ],
    "mod-03": [(r"For $d=768$: $n=4608", 6 * 768)],
    "mod-26": [
        (r"1.2\cdot10^{20}", 6 * 1e9 * 2e10),
        (r"about 14", 6 * 1e9 * 2e10 / 1e14 / 86400),
    ],
    "mod-07": [
        (r"that is 2", 2 * 32 * 32 * 128 * 4096 * 2 / 2**30),
        (r"already needs 32", 16 * 2),
    ],
    "mod-08": [(r"2048\cdot\frac{8}{32}=512", 2048 * 8 / 32)],
    "mod-15": [
        (r"$l_1=\frac32", 1 / 2 + 1),
        (r"\frac25\cdot\frac32+1=\frac85", 2 / 5 * 3 / 2 + 1),
        (r"(1+2+5)/5=\frac85", 8 / 5),
        (r"e^{\ln2-\ln5}=\frac25", math.exp(math.log(2) - math.log(5))),
    ],
    "mod-16": [(r"(4+24)/4=7", (1 * 4 + 3 * 8) / (1 + 3))],
    "mod-31": [
        (r"becomes 9.87", 50 * math.tanh(10 / 50)),
        (r"becomes 49.97", 50 * math.tanh(200 / 50)),
    ],
    "mod-25": [
        (r"65536 of 16777216", [2 * 4096 * 8, 4096**2]),
        (r"0.39", 100 * 2 * 8 / 4096),
    ],
    "mod-29": [
        (r"16 bit: 128", 2 * 32 * 8 * 128 * 2 / 1024),
        (r"then takes 16", 2 * 32 * 8 * 128 * 2 * 131072 / 2**30),
    ],
    "mod-35": [
        (r"head 13 reads key–value head 3", [13, 13 // 4]),
        (r"12 to 15", [3 * 4, 3 * 4 + 3]),
    ],
    "mod-36": [
        (r"810 in all, 210 in", [8 * 100 + 10, 2 * 100 + 10]),
    ],
    "mod-37": [
        (r"4\cdot1500=6000", [1000 + 500, 4 * (1000 + 500)]),
    ],
    "mod-39": [
        (r"$w=5$: 13", [5, 3 * (5 - 1) + 1]),
    ],
    "mod-41": [
        (r"576\cdot4=2304", [512 + 64, 4, (512 + 64) * 2 * 2]),
    ],
}

GIVEN: Given = {"mod-22": "0.9"}
