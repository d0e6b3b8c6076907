"""A value as somebody types it who gives exactly the digits that are asked for."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Figures, Places, Precision
from studykit.problems.formula import Formula
from studykit.problems.problem import Asks
from studykit.problems.values import Value, grid


def written(value: Value, asks: Asks) -> str:
    """The value in the form and precision asked for; it reads back as the same."""
    if isinstance(value, Formula):
        return value.text
    if isinstance(value, tuple):
        return "(" + ", ".join(map(str, value)) + ")"
    if asks.kind == "number" and not isinstance(value, list):
        return number(value, asks.precision)
    rows = [[number(x, asks.precision) for x in row] for row in grid(value)]
    return "[" + ", ".join("[" + ", ".join(row) + "]" for row in rows) + "]"


def number(x: Any, precision: Precision) -> str:
    """A number to the digits asked for; exactly as a fraction where it is one."""
    match precision:
        case Places(n):
            return f"{float(x):.{n}f}"
        case Figures(n):
            return f"{float(x):.{n - 1}e}"
        case Exact():
            if isinstance(x, int | Fraction):
                return str(x)
            near = Fraction(float(x)).limit_denominator(10_000)
            if abs(float(near) - float(x)) <= 1e-12 * max(1.0, abs(float(x))):
                return str(near)
            return f"{float(x):.6f}"
