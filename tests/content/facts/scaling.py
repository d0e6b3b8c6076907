"""Facts of the deck `scaling`."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

from tests.content.facts import Derived, Formulas, Given, Numbers, Values
from tests.content.facts.tools import logistic, soft


def _variance(v: Values) -> Any:
    """Exact variance of one product of two-point variables, times the number of terms."""
    queries, keys = (-v["sigma_q"], v["sigma_q"]), (-v["sigma_k"], v["sigma_k"])
    outcomes = [a * b for a, b in product(queries, keys)]
    mean = sum(outcomes) / 4
    return v["d_k"] * sum((x - mean) ** 2 for x in outcomes) / 4


FORMULAS: Formulas = {
    "scl-06": _variance,
    "scl-15": lambda v: soft([v["a"] / math.sqrt(v["d_k"]), v["b"] / math.sqrt(v["d_k"])])[0],
    "scl-25": lambda v: max(
        math.exp(v["g"] * math.cos(a) - v["g"] * math.cos(b))
        for a in (0.0, 0.5, math.pi)
        for b in (0.0, 0.5, math.pi)
    ),
}

DERIVED: Derived = {}


def _left(gap: float) -> float:
    return logistic(gap) * logistic(-gap)


NUMBERS: Numbers = {
    "scl-01": [(r"$d_k=64$ the divisor is 8", math.sqrt(64))],
    "scl-02": [(r"Dividing by 8 gives 1; dividing by 64 gives $1/8", 8 / 64)],
    "scl-03": [(r"that is 0.125", 8 / 64)],
    "scl-04": [(r"\sqrt{64}=8", math.sqrt(512 / 8)), (r"\approx22.6", math.sqrt(512))],
    "scl-05": [(r"\sqrt{64}=8", math.sqrt(512 / 8))],
    "scl-18": [(r"the divisor is 8", math.sqrt(64))],
    "scl-06": [(r"variance 64, standard deviation 8", [64 * 1 * 1, math.sqrt(64)])],
    "scl-09": [(r"spread by 0.125", math.sqrt(64) / 64), (r"\approx1.13", math.exp(0.125))],
    "scl-19": [
        (r"100\cdot4\cdot9=3600", 100 * 2**2 * 3**2),
        (r"standard deviation 60, after scaling 6", [math.sqrt(3600), math.sqrt(3600) / 10]),
    ],
    "scl-10": [
        (r"512/256=2", 512 / 16**2),
        (r"64\cdot2\cdot2=256", 64 * 2 * 2),
        (r"deviation 16", math.sqrt(256)),
        (r"16/64=1/4", 16 / 64),
        (r"it would be 2", 16 / math.sqrt(64)),
    ],
    "scl-29": [(r"\frac34\cdot\frac14=\frac{3}{16}", _left(math.log(3)))],
    "scl-30": [
        (r"gives 0.269 and 0.731", soft([0 / 3, 3 / 3])),
        (r"would be 0.047 and 0.953", soft([0, 3])),
    ],
    "scl-11": [
        (r"p(1-p)\approx1.1\cdot10^{-7}", _left(16)),
        (r"p(1-p)\approx0.105", _left(2)),
    ],
    "scl-12": [
        (r"largest entry is 0.25", 0.5 * 0.5),
        (r"it is 0.000999", 0.999 * 0.001),
    ],
    "scl-15": [
        (r"the weight 0.881", logistic(16 / math.sqrt(64))),
        (r"the weight 0.731", logistic(16 / math.sqrt(256))),
    ],
    "scl-16": [
        (r"p=0.8808", logistic(2)),
        (r"slope 0.105", _left(2)),
        (r"slope $1.13\cdot10^{-7}", _left(16)),
    ],
    "scl-13": [
        (r"weights 0.982 and 0.018", soft([4, 0])),
        (r"give 0.881 and 0.119", soft([2, 0])),
    ],
    "scl-14": [(r"A score of 800 with $d_k=64$ becomes 100", 800 / math.sqrt(64))],
    "scl-17": [
        (r"weights 0.665, 0.245, 0.090", soft([2, 1, 0])),
        (r"0.367, 0.332, 0.301", soft([0.2, 0.1, 0])),
        (r"the first has 0.99995", soft([20, 10, 0])[0]),
    ],
    "scl-20": [(r"which is 8", 64 / math.sqrt(64))],
    "scl-22": [(r"64\cdot\frac{1}{64}=1", 64 * (1 / 8) ** 2)],
    "scl-25": [(r"e^2\approx7.4", math.exp(2))],
    "scl-27": [(r"\sqrt{2\cdot64}\approx11.3", math.sqrt(2 * 64))],
    "scl-26": [(r"a factor of 64", math.sqrt(64) ** 2)],
    "scl-33": [
        (r"cosine is $\frac{24}{25}", (3 * 4 + 4 * 3) / (5 * 5)),
        (r"the product is 24", 3 * 4 + 4 * 3),
    ],
    "scl-34": [
        (r"g\approx2.303", math.log(100) / 2),
    ],
    "scl-35": [
        (r"plain $\approx0.069", math.exp(2) / (math.exp(2) + 99)),
        (r"\frac{100}{199}\approx0.503", [100 / 199, 100 / 199]),
    ],
}

GIVEN: Given = {"scl-12": "0.5 0.999 0.001", "scl-17": "0.1"}
