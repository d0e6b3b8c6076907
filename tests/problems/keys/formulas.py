"""Keys of formulas: the slope of the function itself, by finite differences at fifty digits.

Each function is written a second time, in plain numbers; nothing here differentiates by rule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpmath import mp, mpf

from tests.problems.keys.tools import Givens, Key

Point = dict[str, Any]
At = Callable[[Point], Any]

STEP = mpf(10) ** -15


def slope(f: Callable[[Any], Any], x: Any) -> float:
    """f'(x) by a central difference: at fifty digits its error is beyond what floats show."""
    with mp.workdps(50):
        return float((f(mpf(x) + STEP) - f(mpf(x) - STEP)) / (2 * STEP))


def sigmoid(u: Any) -> Any:
    return 1 / (1 + mp.exp(-u))


def softplus(u: Any) -> Any:
    return mp.log(1 + mp.exp(u))


GATES = {"sigmoid": sigmoid, "tanh": mp.tanh, "softplus": softplus}


def activation_derivative(g: Givens) -> At:
    a, b = g["a"], g["b"]

    def f(z: Any) -> Any:
        if g["level"] == 1:
            return g["c"] * GATES[g["kind"]](a * z + b)
        if g["level"] == 2:
            return g["c"] * z * GATES[g["kind"]](a * z + b)
        if g["kind"] == "gelu":
            return z * (1 + mp.tanh(a * z + b * z**3)) / 2
        if g["kind"] == "mish":
            return z * mp.tanh(softplus(a * z))
        return z * sigmoid(a * z**2 + b * z)

    return lambda at: slope(f, at[g["variable"]])


KEYS: dict[str, Key] = {
    "activation-derivative": activation_derivative,
}
