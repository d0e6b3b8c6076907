"""Facts of the deck `linear-maps`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.content.facts import Derived, Formulas, Given, Numbers, Values
from tests.content.facts.tools import gradient


def _two_layers(v: Values) -> Any:
    """Columns of the composed map: images of the basis vectors."""
    basis = np.eye(v["W_1"].shape[1])
    return np.column_stack([v["W_2"] @ (v["W_1"] @ column) for column in basis])


FORMULAS: Formulas = {
    "lin-01": lambda v: (
        np.array([[sum(w * x for w, x in zip(row, v["x"][:, 0], strict=True))] for row in v["W"]])
        + v["b"]
    ),
    "lin-02": lambda v: (
        np.dot([v["W_11"], v["W_12"], v["W_13"]], [v["x_1"], v["x_2"], v["x_3"]]) + v["b_1"]
    ),
    "lin-11": lambda v: np.zeros((int(v["m"]), int(v["n"]))).size + np.zeros(int(v["m"])).size,
    "lin-12": _two_layers,
    "lin-36": lambda v: v["W_2"] @ (np.zeros_like(v["b_1"]) + v["b_1"]) + v["b_2"],
    "lin-09": lambda v: np.array([v["W"] @ row for row in v["X"]]),
    "lin-24": lambda v: np.dot(
        [v["a"], 0.0], [v["b"] * math.cos(v["theta"]), v["b"] * math.sin(v["theta"])]
    ),
}


def _column(side: str) -> Any:
    def check(generator: np.random.Generator) -> tuple[Values, Any]:
        W, x = generator.normal(size=(4, 5)), generator.normal(size=(5, 1))
        target = generator.normal(size=(4, 1))

        def loss(weight: Any, point: Any) -> float:
            return float(np.sum((weight @ point - target) ** 2) / 2)

        slopes = (
            gradient(lambda w: loss(w, x), W) if side == "W" else gradient(lambda z: loss(W, z), x)
        )
        return {"W": W, "x": x, "delta": W @ x - target}, slopes

    return check


def _row(side: str) -> Any:
    def check(generator: np.random.Generator) -> tuple[Values, Any]:
        X, W = generator.normal(size=(5, 6)), generator.normal(size=(6, 4))
        target = generator.normal(size=(5, 4))

        def loss(point: Any, weight: Any) -> float:
            return float(np.sum((point @ weight - target) ** 2) / 2)

        slopes = (
            gradient(lambda w: loss(X, w), W) if side == "W" else gradient(lambda z: loss(z, W), X)
        )
        return {"X": X, "W": W, "dY": X @ W - target}, slopes

    return check


DERIVED: Derived = {
    "lin-19": _column("W"),
    "lin-37": _column("x"),
    "lin-21": _row("W"),
    "lin-38": _row("X"),
}


def _xor(x: int, y: int) -> int:
    return max(0, x + y) - 2 * max(0, x + y - 1)


NUMBERS: Numbers = {
    "lin-02": [(r"2-4+6+5=9", np.dot([2, -1, 3], [1, 4, 2]) + 5)],
    "lin-03": [(r"=(12,34)", np.array([[1, 2], [3, 4]]) @ [10, 1])],
    "lin-08": [
        (r"sum would be $(4,6)", np.add([1, 2], [3, 4])),
        (r"3+8=11", np.dot([1, 2], [3, 4])),
    ],
    "lin-10": [(r"(5,0,7)", np.array([[1, 2], [0, -1], [3, 1]]) @ [2, 1] + [1, 1, 0])],
    "lin-11": [(r"2048\cdot512+2048=1050624", 2048 * 512 + 2048)],
    "lin-04": [(r"f(1)=4", 3 * 1 + 1), (r"f(2)=7", 3 * 2 + 1)],
    "lin-14": [
        (
            r"\begin{bmatrix}1 & 0\end{bmatrix}\begin{bmatrix}0\\ 1\end{bmatrix}=0",
            np.array([[1, 0]]) @ [[0], [1]],
        )
    ],
    "lin-36": [(r"2\cdot1+5=7", 2 * 1 + 5)],
    "lin-32": [(r"0, 1, 1, 0", [_xor(x, y) for x in (0, 1) for y in (0, 1)])],
    "lin-26": [
        (r"100\cdot2048\cdot512=104857600", 100 * 2048 * 512),
        (r"about 0.21", 2 * 100 * 2048 * 512 / 1e9),
    ],
    "lin-17": [
        (r"0\cdot0-(-1)\cdot1=1", np.linalg.det([[0, -1], [1, 0]])),
        (r"$(0,1)$ to $(-1,0)", [0, 1, *(np.array([[0, -1], [1, 0]]) @ [0, 1])]),
    ],
    "lin-28": [
        (
            r"stretches $(0,1)$ by 5",
            np.linalg.norm(np.array([[0, 5], [0, 0]]) @ [0, 1]),
        ),
        (r"has eigenvalues 0 and 0", np.linalg.eigvals([[0, 5], [0, 0]])),
    ],
    "lin-29": [
        (r"singular values are 4 and 3", np.linalg.svd([[3, 0], [0, -4]], compute_uv=False)),
        (r"\mathrm{diag}(9,16)", [9, 16]),
    ],
    "lin-18": [(r"at least 448", 512 - 64)],
    "lin-24": [
        (r"(5,0)=15", np.dot([3, 4], [5, 0])),
        (r"cosine $0.6", np.dot([3, 4], [5, 0]) / 25),
        (r"5\cdot5\cdot0.6=15", 5 * 5 * 0.6),
    ],
    "lin-25": [(r"\approx0.707", np.dot([1, 0], [1, 1]) / math.sqrt(2))],
    "lin-33": [
        (
            r"$QK^\top$: every row of $Q$ with every row of $K$, $5\times5",
            (np.zeros((5, 3)) @ np.zeros((5, 3)).T).shape,
        )
    ],
    "lin-22": [
        (r"\begin{bmatrix}3 & 0 & 1\\ -6 & 0 & -2", np.outer([1, -2], [3, 0, 1]).ravel()),
    ],
    "lin-23": [(r"db=(4,3)", np.array([[1, -2], [3, 5]]).sum(axis=0))],
    "lin-39": [
        (r"=(3,15)", np.array([[2, -1], [0, 3]]) @ np.array([4, 5])),
    ],
    "lin-42": [
        (r"AB=\begin{bmatrix}2 & 1\\ 1 & 1\end", np.tri(2).T @ np.tri(2)),
        (r"BA=\begin{bmatrix}1 & 1\\ 1 & 2\end", np.tri(2) @ np.tri(2).T),
    ],
    "lin-41": [
        (r"$(6,8)$ and $(-3,-4)$", np.outer([2, -1], [3, 4])),
    ],
    "lin-44": [
        (r"=(3,5)", np.array([3, 1]) @ np.array([[1, 2], [0, -1]])),
    ],
}

GIVEN: Given = {}
