"""Facts of the deck `block`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.content.facts import Derived, Formulas, Given, Numbers, Values
from tests.content.facts.tools import gradient, logistic, slope


def _ffn(v: Values) -> Any:
    hidden = [
        max(0.0, float(v["x"][0] @ w + b)) for w, b in zip(v["W_1"].T, v["b_1"][0], strict=True)
    ]
    return v["b_2"] + sum(h * row for h, row in zip(hidden, v["W_2"], strict=True))


def _layer_norm(generator: np.random.Generator) -> tuple[Values, float]:
    x = generator.normal(size=7)
    gamma, beta, eps = generator.normal(), generator.normal(), 0.01
    deviation = x - sum(x) / 7
    right = gamma * deviation[2] / math.sqrt(sum(deviation**2) / 7 + eps) + beta
    values = {"x": x[2], "mu": x.mean(), "sigma": x.std(), "gamma": gamma, "beta": beta}
    return {**values, "epsilon": eps}, float(right)


def _norm(x: Any) -> Any:
    return (x - x.mean()) / np.sqrt(np.mean((x - x.mean()) ** 2))


def _layer_norm_back(generator: np.random.Generator) -> tuple[Values, Any]:
    raw, g = generator.normal(size=(1, 6)), generator.normal(size=(1, 6))
    values = {"g": g, "x": _norm(raw), "sigma": raw.std(), "d": 6.0}
    values |= {"z": raw, "mu": raw.mean()}
    return values, gradient(lambda z: float(np.sum(g * _norm(z))), raw)


def _residual(generator: np.random.Generator) -> tuple[Values, Any]:
    x = float(generator.normal())
    return {"f": slope(math.sin, x)}, slope(lambda z: z + math.sin(z), x)


def _sum_variance(v: Values) -> float:
    """Exact variance for two-point weights and inputs of constant size."""
    one = [w * math.sqrt(v["m"]) for w in (-v["sigma"], v["sigma"])]
    return float(v["n"] * sum(z * z for z in one) / 2)


def _he(v: Values) -> float:
    """The variance that keeps E[x²] = 1 when ReLU halves it: a·σ²·½ = 1."""
    return float(1 / (v["a"] * 0.5))


_X = np.array([1, -1])
_W1, _W2 = np.array([[1, 0, 2], [2, 1, -1]]), np.array([[1, 0], [0, 1], [2, -1]])
_NORMED = _norm(np.array([0, 0, 0, 0, 10.0]))
_RMS = np.array([3, 4, 0, 0]) / math.sqrt(25 / 4)

FORMULAS: Formulas = {
    "blk-01": _ffn,
    "blk-06": lambda v: sum(
        np.empty(shape).size
        for shape in (
            (int(v["d"]), int(v["d_ff"])),
            (int(v["d_ff"]),),
            (int(v["d_ff"]), int(v["d"])),
            (int(v["d"]),),
        )
    ),
    "blk-22": lambda v: v["a"] * logistic(v["a"]) * v["b"],
    "blk-23": lambda v: 4 * v["d"] * v["d"] + 2 * v["d"] * (4 * v["d"]),
    "blk-13": lambda v: (
        v["gamma"] * v["x_1"] / math.sqrt(np.mean([v["x_1"] ** 2, v["x_2"] ** 2]) + v["epsilon"])
    ),
    "blk-32": lambda v: np.ones(1 + 2 * int(v["N"])).sum(),
    "blk-35": _sum_variance,
    "blk-33": lambda v: 1 / np.mean([v["a"], v["b"]]),
    "blk-41": _he,
}

DERIVED: Derived = {"blk-10": _layer_norm, "blk-16": _layer_norm_back, "blk-17": _residual}


def _gelu(x: float) -> float:
    return x * (1 + math.erf(x / math.sqrt(2))) / 2


NUMBERS: Numbers = {
    "blk-06": [(r"2097152+2048+512=2099712", 2 * 512 * 2048 + 2048 + 512)],
    "blk-26": [
        (r"xW_1=(-1,-1,3)", _X @ _W1),
        (r"3\cdot(2,-1)=(6,-3)", np.maximum(_X @ _W1, 0) @ _W2),
        (r"would be $(5,-4)", _X @ _W1 @ _W2),
    ],
    "blk-22": [
        (r"6\cdot0.8808", logistic(2)),
        (r"=5.285", 6 * logistic(2)),
    ],
    "blk-25": [(r"At $x=1$: 0.841", _gelu(1)), (r"at $x=-1$: $-0.159", _gelu(-1))],
    "blk-23": [
        (r"For $d=768$: 7077888", 12 * 768**2),
        (r"84934656", 12 * 12 * 768**2),
    ],
    "blk-12": [
        (r"\frac{10-2}{4}=2", _NORMED[-1]),
        (r"(4\cdot2^2+8^2)/5=16", np.var([0, 0, 0, 0, 10])),
        (r"(-\frac12,-\frac12,-\frac12,-\frac12,2)", _NORMED),
    ],
    "blk-14": [
        (r"\sqrt{25/4}=2.5", math.sqrt(25 / 4)),
        (r"4/2.5=1.6", _RMS[1]),
        (r"(1.2,1.6,0,0)", _RMS),
        (r"\sqrt4=2", np.linalg.norm(_RMS)),
    ],
    "blk-36": [(r"about 5", math.sqrt(1 + 24))],
    "blk-32": [(r"$N=12$: 25", 1 + 2 * 12)],
    "blk-33": [(r"2/1024=1/512", 2 / (256 + 768))],
    "blk-34": [
        (r"=\frac{1}{16}", math.sqrt(2 / 512)),
        (r"\frac{2}{512}=\frac{1}{256}", 2 / 512),
        (r"\approx0.108", math.sqrt(3 / 256)),
    ],
    "blk-41": [(r"$a\cdot\frac2a\cdot\frac12=1", 512 * _he({"a": 512}) * 0.5)],
    "blk-42": [
        (r"be $-\frac16", 1 / 2 * -1 / 3),
        (r"\frac32\cdot\frac23=1", [3 / 2, 2 / 3, (1 + 1 / 2) * (1 - 1 / 3)]),
    ],
    "blk-45": [
        (r"\sqrt{50/2}=5", math.sqrt((1 + 49) / 2)),
        (r"(\frac15,\frac75)", [1 / 5, 7 / 5]),
    ],
    "blk-47": [
        (r"400+800+40=1240", np.cumsum([4 * 10**2, 2 * 10 * 40, 2 * 2 * 10])[-1]),
    ],
}

GIVEN: Given = {"blk-28": "0.1"}
