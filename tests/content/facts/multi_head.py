"""Facts of the deck `multi-head`."""

from __future__ import annotations

import math

import numpy as np

from tests.content.facts import Derived, Formulas, Given, Numbers
from tests.content.facts.tools import soft

FORMULAS: Formulas = {
    "mha-02": lambda v: np.hstack([v["O_1"], v["O_2"]]) @ np.vstack([v["W_1"], v["W_2"]]),
    "mha-06": lambda v: np.hstack([v["q_1"], v["q_2"]]) @ np.hstack([v["k_1"], v["k_2"]]).T,
    "mha-08": lambda v: 3 * (v["d"] * v["d"] + v["d"]) + (v["d"] * v["d"] + v["d"]),
    "mha-27": lambda v: (
        np.empty((int(v["B"]), int(v["h"]), int(v["n"]), int(v["n"]))).size * v["p"]
    ),
}

DERIVED: Derived = {}

NUMBERS: Numbers = {
    "mha-01": [(r"512, 64, 64, 512, 512", [512, 512 // 8, 512 // 8, 8 * 64, 512])],
    "mha-16": [(r"$15\times8", [3 * 5, 8])],
    "mha-24": [
        (r"3\cdot(2,-1)=(6,-3)", 3 * np.array([2, -1])),
        (r"the sum is $(7,-1)", np.array([1, 2, 3]) @ [[1, 0], [0, 1], [2, -1]]),
    ],
    "mha-13": [(r"queries of shape $10\times64", [10, 512 // 8])],
    "mha-31": [(r"$5120$ numbers, as $8\times10\times64", [10 * 512, 8, 10, 512 // 8])],
    "mha-14": [(r"queries $(2,8,10,64)", [2, 8, 10, 512 // 8])],
    "mha-04": [(r"returns $(4,4)", 0.5 * np.array([8, 0]) + 0.5 * np.array([0, 8]))],
    "mha-06": [
        (
            r"$(0.9,0.1)$ and $(0.1,0.9)",
            [*soft([math.log(9), 0]), *soft([0, math.log(9)])],
        ),
        (r"sees $(0.5,0.5)", soft([math.log(9), math.log(9)])),
    ],
    "mha-07": [(r"4\cdot768^2=2359296", 4 * 768**2)],
    "mha-08": [(r"2359296+3072=2362368", 4 * 768**2 + 4 * 768)],
    "mha-10": [
        (r"about 17", 4096**2 / 1e6),
        (r"about 17 million weights for one head, 268", 16 * 4096**2 / 1e6),
    ],
    "mha-27": [
        (r"16\cdot4096^2\cdot2=536870912", 16 * 4096**2 * 2),
        (r"which is 512 MiB", 16 * 4096**2 * 2 / 2**20),
    ],
    "mha-18": [(r"64 per head, up to 512", min(512, 8 * 64))],
    "mha-26": [(r"8 heads of rank 64 or 64 heads of rank 8", [8, 512 / 8, 64, 512 / 64])],
    "mha-34": [
        (r"1\cdot0+2\cdot1=2", np.dot([1, 2], [0, 1])),
        (r"3\cdot2-1\cdot4=2", np.dot([3, -1], [2, 4])),
    ],
    "mha-36": [
        (r"16384+256=16640", [4 * 64**2, 4 * 64, 4 * 64**2 + 4 * 64]),
    ],
}

GIVEN: Given = {"mha-19": "0.3", "mha-04": "0.5"}
