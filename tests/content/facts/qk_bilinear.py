"""Facts of the deck `qk-bilinear`."""

from __future__ import annotations

import math

import numpy as np

from tests.content.facts import Derived, Formulas, Given, Numbers, Values
from tests.content.facts.tools import soft

_M = np.array([[1, 0], [0, 2]]) @ np.array([[0, 1], [1, 0]]).T
_Q, _K = np.array([[1], [0]]), np.array([[0], [1]])
_X = np.array([[1, 2], [3, 1]])
_S = (_X @ _Q) @ (_X @ _K).T


def _law_of_cosines(generator: np.random.Generator) -> tuple[Values, float]:
    q, k = generator.normal(size=(2, 4))
    lengths = {
        "a": np.linalg.norm(q),
        "b": np.linalg.norm(k),
        "c": np.linalg.norm(q - k),
    }
    return lengths, float(q @ k)


def _freedom(generator: np.random.Generator) -> tuple[Values, int]:
    """Dimension of the tangent space at a random matrix of rank r, counted numerically."""
    r = int(generator.integers(1, 4))
    d = r + int(generator.integers(0, 4))
    left, right = generator.normal(size=(d, r)), generator.normal(size=(d, r))
    steps = np.eye(d * r).reshape(-1, d, r)
    directions = [(step @ right.T).ravel() for step in steps]
    directions += [(left @ step.T).ravel() for step in steps]
    return {"d": d, "r": r}, int(np.linalg.matrix_rank(np.array(directions)))


FORMULAS: Formulas = {
    "qkb-01": lambda v: (
        np.array([[x @ v["M"] @ z for z in v["X"]] for x in v["X"]]) * v["d_k"] ** -0.5
    ),
    "qkb-13": lambda v: np.empty((2, int(v["d"]), int(v["d_k"]))).size,
    "qkb-08": lambda v: [[np.sum((v["x"] @ v["W"]) ** 2)]],
}

DERIVED: Derived = {"qkb-25": _law_of_cosines, "qkb-14": _freedom}

_G = np.array([[4, 2], [2, 1]])

NUMBERS: Numbers = {
    "qkb-28": [
        (r"\begin{bmatrix}0 & 1\\ 2 & 0", _M.ravel()),
        (r"\begin{bmatrix}0 & 1.5\\ 1.5 & 0", ((_M + _M.T) / 2).ravel()),
        (r"\begin{bmatrix}0 & -0.5\\ 0.5 & 0", ((_M - _M.T) / 2).ravel()),
    ],
    "qkb-13": [
        (r"65536 against 262144", [2 * 512 * 64, 512**2]),
        (r"8\cdot65536=524288", 8 * 65536),
    ],
    "qkb-11": [(r"q_2k_1=3\cdot2=6", _S[1, 0]), (r"s_{12}=q_1k_2=1\cdot1=1", _S[0, 1])],
    "qkb-10": [(r"A_{12}=0.119", soft(_G[0])[1]), (r"A_{21}=0.731", soft(_G[1])[0])],
    "qkb-14": [(r"65536-4096=61440", 2 * 512 * 64 - 64**2)],
    "qkb-17": [
        (
            r"matrix of rank 3",
            np.linalg.matrix_rank(np.exp(np.outer([0, 1, 2], [0, 1, 2]))),
        )
    ],
    "qkb-20": [(r"weights 0.119 and 0.881", soft([1 + math.pi, 3 + math.pi]))],
    "qkb-23": [
        (r"dot product 10", np.dot([1, 2, 3], [3, 2, 1])),
        (r"correlation is $-1", np.corrcoef([1, 2, 3], [3, 2, 1])[0, 1]),
    ],
    "qkb-32": [
        (r"2\cdot4=8", np.array([1, 0]) @ np.array([[0, 2], [-2, 0]]) @ np.array([3, 4])),
    ],
    "qkb-33": [
        (r"eigenvalues $3$ and $-1", np.linalg.eigvalsh([[1, 2], [2, 1]])[::-1].round(12)),
    ],
    "qkb-36": [
        (r"{9+16-25}{2}=0", (9 + 16 - 25) / 2),
    ],
}

GIVEN: Given = {}
