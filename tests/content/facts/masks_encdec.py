"""Facts of the deck `masks-encdec`."""

from __future__ import annotations

import math

import numpy as np

from studykit.attention import attend
from tests.content.facts import Derived, Formulas, Given, Numbers, Values
from tests.content.facts.tools import soft


def _permuted(generator: np.random.Generator) -> tuple[Values, np.ndarray]:
    X = generator.normal(size=(5, 6))
    W = generator.normal(size=(3, 6, 3))
    P = np.eye(5)[generator.permutation(5)]

    def attention(tokens: np.ndarray) -> np.ndarray:
        query, key, value = (tokens @ matrix for matrix in W)
        return np.asarray(attend(query, key, value).output)

    return {"P": P, "Y": attention(X)}, attention(P @ X)


FORMULAS: Formulas = {
    "med-22": lambda v: np.tril(np.ones((int(v["n"]), int(v["n"])))).sum(),
    "med-26": lambda v: sum(np.empty((int(v["d"]), int(v["d"]))).size for _ in "qkvo"),
}

DERIVED: Derived = {"med-16": _permuted}

NUMBERS: Numbers = {
    "med-02": [
        (r"(\frac{1}{10},\frac{1}{10}", soft([0, 0, math.log(8)])[:2]),
        (r"$\frac15", soft([0, 0, math.log(8)])[:2].sum()),
        (r"(\frac12,\frac12,0)", [*soft([0, 0]), 0]),
    ],
    "med-03": [
        (r"(\frac14,\frac34,0)", [*soft([math.log(2), math.log(6)]), 0]),
        (r"would get $\frac{6}{108}", soft([math.log(2), math.log(6), math.log(100)])[1]),
    ],
    "med-34": [(r"(\frac14,\frac34,0)", [*soft([math.log(2), math.log(6)]), 0])],
    "med-22": [(r"that is 21 of 36", [np.tril(np.ones((6, 6))).sum(), 36])],
    "med-15": [(r"weight, 0.665", soft([-1, -2, 0])[2])],
    "med-10": [
        (
            r"(7\times12)(12\times64)=7\times64",
            (np.zeros((7, 12)) @ np.zeros((12, 64))).shape,
        )
    ],
    "med-26": [(r"1048576", 4 * 512**2)],
    "med-28": [(r"2\cdot8\cdot6=96", 2 * 8 * 6)],
    "med-29": [(r"\sqrt{64}=8", math.sqrt(64)), (r"$d_{ff}=2048", 4 * 512)],
    "med-36": [
        (r"40+10=50", [4 * 10, 4 * 5 / 2, 4 * 10 + 4 * 5 / 2]),
    ],
    "med-39": [
        (r"(\frac14,\frac34)", soft([0, math.log(3)])),
    ],
    "med-40": [
        (r"so $i=9", 10 - 2 + 1),
        (r"$\frac15$: $c", 2 / (2 + 9 - 1)),
    ],
}

GIVEN: Given = {}
