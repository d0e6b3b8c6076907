"""Facts of the deck `embeddings-position`."""

from __future__ import annotations

import math

import numpy as np

from tests.content.facts import Derived, Formulas, Given, Numbers, Values


def _turned(angle: float) -> np.ndarray:
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def _rope(v: Values) -> float:
    q = _turned(v["m"] * v["theta"]) @ [math.cos(v["a"]), math.sin(v["a"])]
    k = _turned(v["n"] * v["theta"]) @ [math.cos(v["b"]), math.sin(v["b"])]
    return float(q @ k)


def _lookup(generator: np.random.Generator) -> tuple[Values, np.ndarray]:
    E, i = generator.normal(size=(5, 6)), int(generator.integers(5))
    return {"h": np.eye(5)[i : i + 1], "E": E}, E[i : i + 1]


def _code(p: float, d: int) -> np.ndarray:
    """A sinusoidal code, as pairs of points on circles."""
    speeds = [math.exp(-math.log(10000) * 2 * i / d) for i in range(d // 2)]
    return np.array([f(p * w) for w in speeds for f in (math.sin, math.cos)])


def _code_length(generator: np.random.Generator) -> tuple[Values, float]:
    d, p = 2 * int(generator.integers(1, 40)), float(generator.integers(0, 2000))
    return {"d": float(d)}, float(np.linalg.norm(_code(p, d)))


def _code_component(generator: np.random.Generator) -> tuple[Values, float]:
    p, d = float(generator.integers(0, 500)), 16
    i = int(generator.integers(0, d // 2))
    return {"p": p, "i": float(i), "d": float(d)}, float(_code(p, d)[2 * i])


_IDS, _UP = np.array([3, 1, 3]), np.array([[1, 0], [0, 2], [4, 4]])
_DE = np.eye(5)[_IDS].T @ _UP

FORMULAS: Formulas = {
    "emb-05": lambda _: np.linalg.norm(np.eye(9)[3] - np.eye(9)[7]),
    "emb-06": lambda v: np.empty((int(v["N"]), int(v["d"]))).size,
    "emb-13": lambda v: np.empty((int(v["n"]), int(v["N"])), np.float32).nbytes,
    "emb-23": _rope,
    "emb-27": lambda v: v["s"] + math.log(math.exp(-v["m"]) ** (v["i"] - v["j"])),
}

DERIVED: Derived = {"emb-04": _lookup, "emb-22": _code_length, "emb-20": _code_component}

NUMBERS: Numbers = {
    "emb-06": [(r"38597376", 50257 * 768)],
    "emb-12": [(r"would cost 38.4", 50000 * 768 / 1e6)],
    "emb-13": [
        (r"204800000 bytes", 4 * 1024 * 50000),
        (r"8\cdot1024=8192", 8 * 1024),
    ],
    "emb-09": [
        (r"(1,0)+(4,4)=(5,4)", _DE[3]),
        (r"Row 1 is $(0,2)", _DE[1]),
    ],
    "emb-28": [(r"about 22.6", math.sqrt(512))],
    "emb-16": [(r"0.044", 1 / math.sqrt(512))],
    "emb-20": [(r"2\pi\approx6.28", 2 * math.pi)],
    "emb-22": [(r"For $d=512$: 16", np.linalg.norm(_code(77, 512)))],
    "emb-24": [(r"(\frac12", _turned(math.pi / 3)[0, 0])],
    "emb-27": [(r"e^{-2}\approx0.135", math.exp(-0.5 * 4))],
    "emb-35": [
        (r"$(0.909,-0.416)$", [math.sin(2), math.cos(2)]),
    ],
    "emb-36": [
        (r"$(\frac45,-\frac35)$", [3 / 5 * 0 + 4 / 5 * 1, 4 / 5 * 0 - 3 / 5 * 1]),
    ],
    "emb-37": [
        (r"6\cdot\frac12=3", [6, math.cos(math.pi / 3), 6 * math.cos(math.pi / 3)]),
    ],
    "emb-33": [
        (r"takes $\frac18", 2 ** (-8 * 3 / 8)),
        (r"gets $-2", -16 / 8),
    ],
}

GIVEN: Given = {"emb-16": "0.1"}
