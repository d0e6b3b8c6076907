"""Facts of the deck `softmax`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.content.facts import Derived, Formulas, Given, Numbers, Values
from tests.content.facts.tools import entropy, gradient, logistic, slope, soft, soft_rows

FORMULAS: Formulas = {
    "sfm-01": lambda v: soft([v["s_1"], v["s_2"], v["s_3"]])[0],
    "sfm-07": lambda v: soft([v["s_1"] + 0.7, v["s_2"] + 0.7])[0],
    "sfm-26": lambda v: np.divide(*soft([v["s_1"], v["s_2"]])),
    "sfm-15": lambda v: soft([v["Delta"] + 1.3, 1.3])[0],
    "sfm-24": lambda v: soft_rows(np.arange(v["n_q"] * v["n_k"]).reshape(int(v["n_q"]), -1)).sum(),
    "sfm-20": lambda _: soft([math.log(4), 0])[0] / soft([7, 7])[0],
}


def _jacobian_entry(own: bool) -> Any:
    def check(generator: np.random.Generator) -> tuple[Values, Any]:
        s = generator.normal(size=4)
        p = soft(s)
        moved = 0 if own else 1

        def first(x: float) -> float:
            point = s.copy()
            point[moved] = x
            return float(soft(point)[0])

        return {"p_i": p[0], "p_j": p[1]}, slope(first, float(s[moved]))

    return check


def _backward(generator: np.random.Generator) -> tuple[Values, Any]:
    s, g = generator.normal(size=(3, 4)), generator.normal(size=(3, 4))
    return {"P": soft_rows(s), "G": g, "S": s}, gradient(
        lambda x: float((soft_rows(x) * g).sum()), s
    )


def _log_sum_exp(generator: np.random.Generator) -> tuple[Values, Any]:
    """The antiderivative of p₁ along s₁, from far left, where log-sum-exp is s₂."""
    s_1, s_2 = generator.normal(size=2)
    x = np.linspace(-40.0, s_1, 400_001)
    p = 1 / (1 + np.exp(s_2 - x))
    return {"s_1": s_1, "s_2": s_2}, s_2 + float(np.trapezoid(p, x))


def _cross_entropy(generator: np.random.Generator) -> tuple[Values, Any]:
    z, y = generator.normal(size=4), generator.dirichlet(np.ones(4))

    def loss(x: float) -> float:
        point = z.copy()
        point[0] = x
        return -float(y @ np.log(soft(point)))

    return {"p_i": soft(z)[0], "y_i": y[0]}, slope(loss, float(z[0]))


DERIVED: Derived = {
    "sfm-09": _jacobian_entry(own=False),
    "sfm-37": _jacobian_entry(own=True),
    "sfm-11": _backward,
    "sfm-25": _log_sum_exp,
    "sfm-29": _cross_entropy,
}

_J2 = np.diag([0.5, 0.5]) - 0.25
_FLAT = np.exp([0.0, 0.0, 2.0, 2.0]) / np.exp([0.0, 0.0, 2.0, 2.0]).sum()
_P = np.array([1 / 2, 1 / 4, 1 / 4])

NUMBERS: Numbers = {
    "sfm-01": [(r"p=(\frac18,\frac14,\frac58)", soft([0, math.log(2), math.log(5)]))],
    "sfm-06": [(r"(\frac18,\frac14,\frac58)", soft([0, math.log(2), math.log(5)]))],
    "sfm-04": [(r"$\frac14$ and $\frac34$", soft([0, math.log(3)]))],
    "sfm-05": [(r"0.060 in the first row and 0.440", [_FLAT[0], _FLAT[2]])],
    "sfm-35": [
        (r"weights 0.25 and 0.75", soft([0, math.log(3)])),
        (r"weights 0.1 and 0.9", soft([0, math.log(9)])),
    ],
    "sfm-26": [
        (r"\approx0.69", math.log(2)),
        (r"factor of 7.39", math.exp(2)),
        (r"a lead of 10 about 22026", math.exp(10)),
    ],
    "sfm-15": [
        (r"gives 0.5", logistic(0)),
        (r"gives 0.881", logistic(2)),
        (r"gives 0.119", logistic(-2)),
    ],
    "sfm-28": [
        (r"\approx2.197", math.log(9)),
        (r"$\frac{9}{10}$ and $\frac{1}{10}$", soft([math.log(9), 0])),
    ],
    "sfm-27": [(r"1.5 and $-0.5", np.array([3, -1]) / 2), (r"$(3,-1,-2)$ add up to 0", 0)],
    "sfm-16": [(r"weights 0.665, 0.245, 0.090", soft([0, -1, -2]))],
    "sfm-18": [(r"$\frac47$, $\frac27$, $\frac17$", soft([0, -math.log(2), -math.log(4)]))],
    "sfm-19": [(r"weights are 0.5", soft([5, 5])[0]), (r"weight is 0.993", soft([1, -4])[0])],
    "sfm-20": [
        (r"$\frac12$ and $\frac45", [soft([7, 7])[0], soft([math.log(4), 0])[0]]),
        (r"\ln4\approx1.386", math.log(4)),
    ],
    "sfm-21": [
        (r"0.0067", math.exp(-5)),
        (r"weight of 0.99", soft([6, 1])[0]),
        (r"or of 0.01", 0.01 if soft([6, 11])[0] < 0.01 else 1.0),
    ],
    "sfm-23": [(r"columns 2.4 and 0.6", [0.9 + 0.8 + 0.7, 0.1 + 0.2 + 0.3])],
    "sfm-32": [
        (r"\frac32\ln2\approx1.040", entropy(_P)),
        (r"\ln3\approx1.099", math.log(3)),
        (r"\approx2.83", math.exp(entropy(_P))),
        (r"\ln8\approx2.079", entropy(np.full(8, 1 / 8))),
    ],
    "sfm-37": [(r"where it is $\frac14", 0.5 * 0.5), (r"only 0.0099", 0.99 * 0.01)],
    "sfm-12": [
        (r"(\frac14,-\frac18,-\frac18)", (np.diag(_P) - np.outer(_P, _P))[0]),
        (r"J_{23}=-\frac{1}{16}", -_P[1] * _P[2]),
    ],
    "sfm-38": [
        (r"the mean is 3", _P @ [4, 0, 4]),
        (
            r"(\frac12,-\frac34,\frac14)",
            gradient(lambda s: float(soft(s) @ [4, 0, 4]), np.log(_P)).round(9),
        ),
    ],
    "sfm-11": [
        (r"mean 2, result $(1,-\frac12,-\frac12)", _P * (np.array([4, 0, 0]) - _P @ [4, 0, 0])),
    ],
    "sfm-10": [
        (r"\approx0.002", 0.998 * 0.002),
        (r"\frac29\approx0.22", 2 / 9),
        (r"is $\frac29", (1 / 3) * (2 / 3)),
    ],
    "sfm-13": [(r"maximum $\frac14", max(p * (1 - p) for p in np.linspace(0, 1, 1001)))],
    "sfm-14": [
        (r"0.25 & -0.25\\ -0.25 & 0.25", _J2.ravel()),
        (r"eigenvalues 0 and 0.5", np.linalg.eigvalsh(_J2)),
    ],
    "sfm-30": [
        (
            r"(\frac18,\frac14,-\frac38)",
            gradient(
                lambda z: -math.log(soft(z)[2]), [math.log(1), math.log(2), math.log(5)]
            ).round(9),
        ),
    ],
    "sfm-31": [
        (r"0.001-1=-0.999", 0.001 - 1),
        (r"\approx-0.002", 2 * (0.001 - 1) * 0.001 * 0.999),
    ],
    "sfm-39": [
        (r"$(\frac12,\frac13,\frac16)$", soft([math.log(3 / 4), math.log(1 / 2), math.log(1 / 4)])),
    ],
    "sfm-40": [
        (r"exponentials are $\frac13$ and 1", [math.exp(-math.log(3)), 1]),
    ],
    "sfm-41": [
        (r"\ln3\approx1.099", math.log(3 / 4 / (1 / 4))),
        (r"4\ln3\approx4.394", math.sqrt(16) * math.log(3)),
    ],
    "sfm-42": [
        (r"$(\frac13,\frac12)$", [2 / (1 + 2 + 3), 3 / (1 + 2 + 3)]),
        (r"up to $\frac56", 5 / 6),
    ],
    "sfm-44": [
        (r"costs $\ln3\approx1.099", -math.log(soft([0, 0, 0])[0])),
    ],
}

GIVEN: Given = {
    "sfm-05": "0.5",
    "sfm-37": "0.99",
    "sfm-10": "0.998 0.001",
    "sfm-23": "0.9 0.8 0.7 0.1 0.2 0.3",
    "sfm-31": "0.001",
}
