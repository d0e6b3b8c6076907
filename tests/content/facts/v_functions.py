"""Facts of the deck `v-functions`."""

from __future__ import annotations

import numpy as np

from tests.content.facts import Derived, Formulas, Given, Numbers, Values
from tests.content.facts.tools import soft, soft_rows

_P = np.array([1 / 2, 1 / 4, 1 / 4])
_V = np.array([[4, 0], [0, 8], [4, 4]])
_U = np.array([[1, 6], [3, 1], [2, 2]])
_OV = np.array([[1], [2]]) @ [[3, -1]]


def _value_bias(generator: np.random.Generator) -> tuple[Values, np.ndarray]:
    A, V = soft_rows(generator.normal(size=(1, 4))), generator.normal(size=(4, 3))
    b = generator.normal(size=(1, 3))
    return {"o": A @ V, "b": b}, A @ np.array([row + b[0] for row in V])


def _moved_bias(generator: np.random.Generator) -> tuple[Values, np.ndarray]:
    A, V = soft_rows(generator.normal(size=(1, 4))), generator.normal(size=(4, 3))
    W, b, c = generator.normal(size=(3, 6)), generator.normal(size=3), generator.normal(size=6)
    return {"b_V": b[None], "W_O": W, "b_O": c[None]}, A @ (V + b) @ W + c - A @ V @ W


FORMULAS: Formulas = {
    "vfn-06": lambda v: sum(
        np.outer(v["A"][:, j], v["X"][j] @ v["W_V"] @ v["W_O"]) for j in range(5)
    ),
    "vfn-08": lambda v: (v["h"] * v["d"] ** 2) / (v["h"] * 2 * v["d"] * (v["d"] / v["h"])),
    "vfn-31": lambda _: (soft([7, 7, 7]) @ _U)[1],
}

DERIVED: Derived = {"vfn-22": _value_bias, "vfn-23": _moved_bias}

NUMBERS: Numbers = {
    "vfn-28": [(r"\begin{bmatrix}3 & -1\\ 6 & -2", _OV.ravel()), (r"3-2=1", 3 * 1 + -1 * 2)],
    "vfn-07": [(r"65536 instead of 262144", [2 * 512 * 64, 512**2])],
    "vfn-08": [
        (r"524288 against 2097152", [8 * 2 * 512 * 64, 8 * 512**2]),
        (r"a factor of 4", 8 * 512**2 / (8 * 2 * 512 * 64)),
    ],
    "vfn-12": [(r"8\cdot64=512", 8 * 64)],
    "vfn-17": [
        (r"\frac14\cdot4=3", (_P @ _V)[1]),
        (r"output is $(3,3)", _P @ _V),
    ],
    "vfn-31": [(r"(6+1+2)/3=3", _U.mean(axis=0)[1]), (r"here $(2,3)", _U.mean(axis=0))],
    "vfn-18": [(r"about 2.1", 2 * 512 * 2048 / 1e6)],
    "vfn-34": [
        (r"\begin{bmatrix}1 & -1\\ -1 & 2\end", np.linalg.inv([[2, 1], [1, 1]]).round(12)),
    ],
    "vfn-35": [
        (r"factor is $\frac38", sum(p**2 for p in (0.5, 0.25, 0.25))),
    ],
    "vfn-36": [
        (r"gives $(\frac34,\frac14)$", np.array([0.5, 0.5]) @ np.array([[1, 0], [0.5, 0.5]])),
    ],
    "vfn-37": [
        (r"5 and $-2", [np.dot([2, -1], [3, 1]), np.dot([2, -1], [0, 2])]),
        (r"moves by 7", np.dot([2, -1], [3, 1]) - np.dot([2, -1], [0, 2])),
    ],
}

GIVEN: Given = {"vfn-14": "0.1", "vfn-15": "0.99", "vfn-29": "0.6 0.01 0.1"}
