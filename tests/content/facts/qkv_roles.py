"""Facts of the deck `qkv-roles`."""

from __future__ import annotations

import math

import numpy as np

from studykit.attention import attend
from tests.content.facts import Derived, Formulas, Given, Numbers
from tests.content.facts.tools import soft

FORMULAS: Formulas = {
    "qkv-04": lambda v: np.array([[row @ column for column in v["W_Q"].T] for row in v["X"]]),
    "qkv-13": lambda v: sum(v[f"q_{c}"] * v[f"k_{c}"] for c in (1, 2, 3)),
    "qkv-16": lambda v: (
        np.einsum("a,ac,bc,b->", v["x_i"][0], v["W_Q"], v["W_K"], v["x_j"][0]).reshape(1, 1)
        / math.sqrt(v["d_k"])
    ),
    "qkv-20": lambda v: np.linalg.norm(v["q"]) * _cosine(v["q"], v["k"]),
    "qkv-05": lambda v: attend(v["Q"], v["K"], v["V"], scale=v["d_k"] ** -0.5).output,
    "qkv-21": lambda v: soft([v["s_1"], v["s_2"]]) @ np.vstack([v["v_1"], v["v_2"]]),
}

DERIVED: Derived = {}


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


_q = np.array([2.0, 0.0])
_Q = np.array([[1, 0, 1, 0], [0, 2, 0, 2]])
_K = np.array([[1, 1, 1, 1], [2, 0, 0, 0]])
_OUT = soft([0, math.log(3)]) @ np.array([[4, 0], [0, 8]])
_shape = attend(np.zeros((5, 64)), np.zeros((7, 64)), np.zeros((7, 32)))

NUMBERS: Numbers = {
    "qkv-01": [(r"products are 2 and 6", [_q @ [1, 5], _q @ [3, -5]])],
    "qkv-03": [(r"receives $(9,1)", 0.9 * np.array([10, 0]) + 0.1 * np.array([0, 10]))],
    "qkv-38": [(r"512/8=64", 512 / 8)],
    "qkv-13": [(r"3+2+0=5", np.dot([1, 2, 0], [3, 1, 5]))],
    "qkv-17": [
        (r"3+2+0+1=6", np.dot([1, 2, 0, 1], [3, 1, 2, 1])),
        (r"6/\sqrt4=3", 6 / math.sqrt(4)),
    ],
    "qkv-35": [
        (r"\begin{bmatrix}2 & 2\\ 4 & 0", (_Q @ _K.T).ravel()),
        (r"\begin{bmatrix}1 & 1\\ 2 & 0", (_Q @ _K.T / 2).ravel()),
    ],
    "qkv-25": [
        (
            r"the score of 1 on 2 is 1, and the score of 2 on 1 is 0",
            [
                np.array([1, 0]) @ [[1], [0]] @ [[0, 1]] @ np.array([0, 1]),
                2,
                1,
                np.array([0, 1]) @ [[1], [0]] @ [[0, 1]] @ np.array([1, 0]),
            ],
        )
    ],
    "qkv-18": [(r"products are 2 and 6", [_q @ [1, 1], _q @ [3, 3]])],
    "qkv-19": [
        (r"dot product is 6", _q @ [3, 3]),
        (r"the cosine $6/(2\cdot3\sqrt2)=1", _cosine(_q, np.array([3, 3])) * math.sqrt(2)),
        (r"6/(3\sqrt2)=\sqrt2", (_q @ [3, 3] / np.linalg.norm([3, 3])) ** 2),
    ],
    "qkv-20": [
        (r"6/\sqrt{18}=\sqrt2", (_q @ [3, 3] / np.linalg.norm([3, 3])) ** 2),
        (r"that number, 1/3", _q @ [3, 3] / 18),
    ],
    "qkv-06": [
        (
            r"$5\times7$, $5\times7$, $5\times32$",
            [*_shape.scores.shape, *_shape.weights.shape, *_shape.output.shape],
        )
    ],
    "qkv-11": [(r"$5\times7$ against $5\times32$", [5, 7, *_shape.output.shape])],
    "qkv-21": [(r"output $(1,6)", _OUT), (r"=(4,24)", np.array([4, 0]) + 3 * np.array([0, 8]))],
    "qkv-29": [(r"output is $(1,6)", _OUT), (r"(\frac14,\frac34)", soft([0, math.log(3)]))],
    "qkv-22": [(r"0.25\cdot4+0.75\cdot8=7", 0.25 * 4 + 0.75 * 8)],
    "qkv-36": [(r"column sums 1.4 and 0.6", [0.5 + 0.9, 0.5 + 0.1])],
    "qkv-26": [(r"3\cdot512\cdot64=98304", 3 * 512 * 64)],
    "qkv-30": [
        (r"becomes $(2.6,0.6)", 0.6 * np.array([1, 1]) + 0.4 * np.array([5, 0])),
        (r"becomes $(0.6,2.6)", 0.6 * np.array([1, 1]) + 0.4 * np.array([0, 5])),
    ],
    "qkv-41": [
        (r"=(1,2)$, a", np.array([1, 2]) @ np.array([[3, 0], [-1, 1]])),
    ],
    "qkv-43": [
        (r"so $e=3", 5 * math.tanh(math.log(2)) + math.tanh(0)),
    ],
    "qkv-44": [
        (r"about $0.574,0.348,0.078$", soft([0, -1 / 2, -2])),
    ],
}

GIVEN: Given = {
    "qkv-03": "0.9 0.1",
    "qkv-22": "0.25 0.75",
    "qkv-36": "0.5 0.9 0.1",
    "qkv-30": "0.6 0.4",
    "qkv-10": "0.7 0.2 0.1",
}
