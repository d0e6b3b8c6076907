"""Facts of the deck `attention-gradients`: every matrix formula against finite differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.content.facts import Derived, Formulas, Given, Numbers, Values
from tests.content.facts.tools import gradient, slope, soft, soft_rows

SIZES = {"X": (5, 6), "Z": (4, 6), "W_Q": (6, 2), "W_K": (6, 2), "W_V": (6, 3), "W_O": (3, 6)}


def _forward(parts: dict[str, Any]) -> dict[str, Any]:
    """Single-head attention from X to itself or to Z; any intermediate may be given instead."""
    given = dict(parts)
    source = given.get("Z", given["X"])
    given.setdefault("Q", given["X"] @ given["W_Q"])
    given.setdefault("K", source @ given["W_K"])
    given.setdefault("V", source @ given["W_V"])
    given.setdefault("M", None)
    if given["M"] is not None:
        given.setdefault("S", given["X"] @ given["M"] @ source.T / np.sqrt(2.0))
    given.setdefault("S", given["Q"] @ given["K"].T / np.sqrt(2.0))
    given.setdefault("A", soft_rows(given["S"]))
    given.setdefault("O", given["A"] @ given["V"])
    given.setdefault("Y", given["O"] @ given["W_O"])
    return given


def _check(name: str, *needs: str, cross: bool = False) -> Callable[..., Any]:
    """The gradient of a random linear loss with respect to `name`, by finite differences."""

    def check(generator: np.random.Generator) -> tuple[Values, Any]:
        base = {key: generator.normal(size=size) for key, size in SIZES.items()}
        if not cross:
            del base["Z"]
        weight = generator.normal(size=(5, 6))

        def loss(**change: Any) -> float:
            return float(np.sum(weight * _forward({**base, **change})["Y"]))

        if name == "M" or "dM" in needs:
            base["M"] = base["W_Q"] @ base["W_K"].T
        full = _forward(base)

        def by(key: str) -> Any:
            if key == "W_K" and "dM" in needs:
                return gradient(lambda w: loss(M=base["W_Q"] @ w.T), base["W_K"])
            return gradient(lambda x: loss(**{key: x}), full[key])

        values = {**full, "d_k": 2.0}
        values |= {need: by(need[1:]) for need in needs if need.startswith("d")}
        return values, by(name)

    return check


def _score_slope(generator: np.random.Generator) -> tuple[Values, Any]:
    s, V = generator.normal(size=4), generator.normal(size=(4, 3))

    def output(x: float) -> Any:
        point = s.copy()
        point[1] = x
        return soft(point) @ V

    p = soft(s)
    return {"p_j": p[1], "v_j": V[1:2], "o": (p @ V)[None]}, slope(output, float(s[1]))


def _two_keys(generator: np.random.Generator) -> tuple[Values, Any]:
    s, v = generator.normal(size=2), generator.normal(size=2)
    p = soft(s)
    values = {"p_1": p[0], "p_2": p[1], "v_1": v[0], "v_2": v[1]}
    return values, slope(lambda x: float(soft([x, s[1]]) @ v), float(s[0]))


_S = np.log([1.0, 3.0])
_v = np.array([0.0, 4.0])
_BACK = gradient(lambda s: float(soft(s) @ _v), _S)
_P = np.array([1 / 4, 3 / 4])

FORMULAS: Formulas = {}

DERIVED: Derived = {
    "agr-01": _check("V", "dO", cross=True),
    "agr-02": _check("A", "dO", cross=True),
    "agr-03": _check("S", "dA", cross=True),
    "agr-04": _check("Q", "dS", cross=True),
    "agr-05": _check("K", "dS", cross=True),
    "agr-06": _check("W_K", "dK"),
    "agr-07": _check("X", "dQ", "dK", "dV"),
    "agr-23": _check("M", "dS"),
    "agr-35": _check("W_K", "dM"),
    "agr-18": _check("O", "dY", cross=True),
    "agr-19": _check("Z", "dK", "dV", cross=True),
    "agr-16": _score_slope,
    "agr-29": _two_keys,
}

NUMBERS: Numbers = {
    "agr-03": [(r"result $(-\frac34,\frac34)", _P * (_v - _P @ _v))],
    "agr-11": [
        (r"gives $(0,\frac34)", _v * _P * (1 - _P)),
        (r"the right one $(-\frac34,\frac34)", _BACK.round(9)),
    ],
    "agr-13": [
        (r"dS=(-\frac34,\frac34)", _BACK.round(9)),
        (r"\frac34\cdot4=3", _P @ _v),
    ],
    "agr-12": [(r"is 8 times", np.sqrt(64))],
    "agr-14": [(r"=\frac32", (_BACK @ [1, 3]).round(9))],
    "agr-15": [
        (r"dk=(-\frac32,\frac32)", (_BACK * 2).round(9)),
    ],
    "agr-27": [(r"lead back to it: 24", 3 * 8)],
    "agr-29": [(r"maximum $\frac14", max(p * (1 - p) for p in np.linspace(0, 1, 1001)))],
    "agr-20": [
        (r"is 0.000999", 0.999 * 0.001),
        (r"a 250", round(0.25 / (0.999 * 0.001))),
    ],
    "agr-36": [
        (r"=(4,1)", np.array([1, 0.5]) @ np.array([[2, 0], [4, 2]])),
    ],
    "agr-42": [
        (r"=(7,-2)", np.array([1, 2]) @ np.array([[1, 0], [3, -1]])),
    ],
}

GIVEN: Given = {"agr-20": "0.999 0.001"}
