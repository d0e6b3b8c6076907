"""Every family and level, and answers as a learner types them: shared by this room's tests."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Figures, Places, Precision
from studykit.problems import Asks, families
from studykit.problems.formula import Formula
from studykit.problems.values import Value, grid

LEVELS = [(name, level) for name, family in families().items() for level in family.levels]
"""Every family with every one of its levels."""

IDS = [f"{name}-{level}" for name, level in LEVELS]


def typed(value: Value, asks: Asks) -> str:
    """The value as somebody types it who gives exactly the digits asked for."""
    if isinstance(value, Formula):
        return value.text
    if isinstance(value, tuple):
        return "(" + ", ".join(map(str, value)) + ")"
    if asks.kind == "number" and not isinstance(value, list):
        return number(value, asks.precision)
    rows = [[number(x, asks.precision) for x in row] for row in grid(value)]
    return "[" + ", ".join("[" + ", ".join(row) + "]" for row in rows) + "]"


def number(x: Any, precision: Precision) -> str:
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
