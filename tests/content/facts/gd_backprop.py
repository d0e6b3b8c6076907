"""Facts of the deck `gd-backprop`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.content.facts import Derived, Formulas, Given, Numbers, Values
from tests.content.facts.tools import gradient, slope


def _square(name: str) -> Callable[[Values], Any]:
    """Slope of (wx + b − y)² along one of its letters."""

    def at(v: Values) -> Any:
        def loss(value: float) -> float:
            u = {**v, name: value}
            return float((u["w"] * u["x"] + u["b"] - u["y"]) ** 2)

        return slope(loss, v[name])

    return at


def _two_units(v: Values) -> Any:
    return slope(lambda w: (v["w_2"] * w * v["x"] - v["y"]) ** 2, v["w_1"])


def _mean_square(v: Values) -> Any:
    def loss(w: Any) -> float:
        return float(np.sum((v["X"] @ w - v["y"]) ** 2)) / float(v["N"])

    return gradient(loss, v["w"])


def _first_order(v: Values) -> float:
    """Change of a linear loss with a gradient of length g, in a random direction."""
    direction = np.array([0.6, -0.8]) * v["g"]
    return float(direction @ (-v["eta"] * direction))


def _adam(v: Values) -> float:
    step = 0.0 if v["m"] == 0 else v["m"] / (v["epsilon"] + v["v"] ** 0.5)
    return float(v["w"] - v["eta"] * step)


def _bias_corrected(generator: np.random.Generator) -> tuple[Values, float]:
    """A constant gradient must come out as itself."""
    b, t, g = generator.uniform(0.2, 0.95), int(generator.integers(1, 9)), generator.normal()
    m = 0.0
    for _ in range(t):
        m = b * m + (1 - b) * g
    return {"m": m, "b": b, "t": t}, g


def _first_adam(v: Values) -> float:
    """Adam's first step, run through with the usual decays."""
    m, s = 0.1 * v["g"], 0.001 * v["g"] ** 2
    return float(-v["eta"] * (m / (1 - 0.9)) / math.sqrt(s / (1 - 0.999)))


def _heavy_ball(v: Values) -> float:
    velocity = v["beta"] * v["v"]
    velocity += v["g"]
    return float(v["w"] - v["eta"] * velocity)


FORMULAS: Formulas = {
    "gdb-02": _square("w"),
    "gdb-03": _square("b"),
    "gdb-04": _square("x"),
    "gdb-09": _mean_square,
    "gdb-40": _first_order,
    "gdb-01": lambda v: v["w"] + v["eta"] * -v["g"],
    "gdb-16": lambda v: v["w"] - v["eta"] * slope(lambda x: v["lambda"] * x * x / 2, v["w"]),
    "gdb-27": _two_units,
    "gdb-30": _heavy_ball,
    "gdb-31": _adam,
    "gdb-32": _first_adam,
}

DERIVED: Derived = {"gdb-42": _bias_corrected}


def _descend(loss: Callable[[float], float], start: float, eta: float, steps: int) -> list[float]:
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - eta * float(slope(loss, path[-1])))
    return path


_PATH = np.round(_descend(lambda x: 2 * x * x, 1.0, 0.6, 3), 9)

NUMBERS: Numbers = {
    "gdb-02": [
        (r"2\cdot3\cdot3=18", round(_square("w")({"w": 2.0, "b": 1.0, "x": 3.0, "y": 4.0}), 8))
    ],
    "gdb-03": [(r"2\cdot(7-4)=6", 2 * (2 * 3 + 1 - 4))],
    "gdb-04": [(r"2\cdot3\cdot2=12", 2 * (2 * 3 + 1 - 4) * 2)],
    "gdb-07": [
        (r"2\cdot(-3)\cdot4=-24", 2 * (-1 * 4 + 2 - 1) * 4),
        (r"without the input: $-6", 2 * (-1 * 4 + 2 - 1)),
    ],
    "gdb-12": [
        (r"the estimate is 0.02", 2 * 1 * 0.01),
        (r"change 0.0201", 1.01**2 - 1),
        (r"the loss grows by 3", 2**2 - 1**2),
    ],
    "gdb-13": [
        (r"27-8=19", 3**3 - 2**3),
        (r"is only 0.061", 2.1**3 - 8 - 12 * 0.1),
        (r"itself is 1.261", 2.1**3 - 8),
    ],
    "gdb-11": [
        (r"slope is $-5", np.array([3, 4]) @ [-0.6, -0.8]),
        (r"it is $-4", np.array([3, 4]) @ [0, -1]),
    ],
    "gdb-24": [(r"the loss is 1, both derivatives are 2", [(2 + 2 - 3) ** 2, 2 * (2 + 2 - 3)])],
    "gdb-01": [(r"2-0.18=1.82", 2 - 0.01 * 18)],
    "gdb-08": [(r"1-0.01\cdot6=0.94", 1 - 0.06), (r"2-0.01\cdot18=1.82", 2 - 0.18)],
    "gdb-19": [(r"ends at 0.5", 1 - 0.25 * 2 * (0 + 1))],
    "gdb-28": [(r"needs about 69", math.log(0.5) / math.log(0.99))],
    "gdb-17": [
        (r"1-0.6\cdot4=-1.4", 1 - 0.6 * 4),
        (r"(-1.4)^3=-2.744", (-1.4) ** 3),
        (r"2/\lambda=0.5", 2 / 4),
        (r"$1$, $-1.4$, $1.96$, $-2.744", _PATH),
    ],
    "gdb-15": [(r"slope 0.0003", 3 * 0.01**2)],
    "gdb-36": [(r"about 76", math.log(1e6) / math.log(1.2))],
    "gdb-39": [(r"per step is $-1.4", 1 - 0.6 * 4)],
    "gdb-29": [(r"the full gradient is 1", np.mean([3, -1]))],
    "gdb-26": [
        (r"2\cdot(6-5)\cdot3\cdot2=12", 2 * (3 * 2 - 5) * 3 * 2),
        (r"2\cdot h=4", 2 * (3 * 2 - 5) * 2),
    ],
    "gdb-33": [(r"is 0.005", 0.9**50), (r"a factor 1.1 is about 117", 1.1**50)],
    "gdb-23": [(r"takes about 0.3", 3 * 0.1)],
    "gdb-42": [(r"and 1.54", 1 / (1 - 0.9**10)), (r"is a factor 10", 1 / (1 - 0.9))],
    "gdb-34": [(r"that is $-0.999", 0.001 - 1), (r"$-0.002", 2 * (0.001 - 1) * 0.001 * 0.999)],
    "gdb-44": [
        (r"w_2=3+\frac14\cdot2=\frac72", [2, 3 + (1 - 2 / 4) ** 2 * 2]),
    ],
    "gdb-46": [
        (r"v_2=2+4=6", [0.5 * 4, 4, 0.5 * 4 + 4]),
        (r"\frac{4+6}{10}=1", (4 + 6) / 10),
    ],
    "gdb-47": [
        (r"\approx0.927", 7 / 3 / math.sqrt(19 / 3)),
        (r"m_2=\frac14+\frac32=\frac74", [0.5 * 0.5 * 1, 0.5 * 3, 0.5 * 0.5 + 0.5 * 3]),
        (r"squares: $\frac14+\frac92", [0.5 * 0.5 * 1, 0.5 * 9]),
    ],
    "gdb-48": [
        (r"are $\frac74$ and $\frac14", [(1.5**3 - 1) / 0.5 - 3, (1.5**3 - 0.5**3) / 1 - 3]),
    ],
    "gdb-49": [
        (r"are $\frac12$ and $\frac32", [1 - 5 / 10, 1 + 5 / 10]),
    ],
}

GIVEN: Given = {
    "gdb-12": "0.01",
    "gdb-13": "0.1",
    "gdb-11": "0.6 0.8",
    "gdb-01": "0.01",
    "gdb-19": "0.25",
    "gdb-28": "0.01 1.5 2.5",
    "gdb-14": "0.6",
    "gdb-15": "0.01",
    "gdb-36": "0.1",
    "gdb-39": "0.6",
    "gdb-33": "0.9",
    "gdb-23": "0.1",
    "gdb-30": "0.9",
    "gdb-42": "0.9",
    "gdb-32": "0.001",
    "gdb-34": "0.001 0.3",
}
