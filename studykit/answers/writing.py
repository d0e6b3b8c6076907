"""Readings and values back to text: the echo of what was read, and numbers at a precision.

What is written here reads back to the same value; that is how a learner sees what was understood.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from .judging import exponent_of, round_half_up
from .matrices import Matrix
from .notation import latex, plain
from .numbers import Number, exactly
from .precision import Figures, Places, Precision


def format_number(value: Fraction | float, precision: Precision) -> str:
    """A value as a key prints it: rounded half up at the asked place, a fraction when exact."""
    if not isinstance(value, Fraction | int) and not math.isfinite(value):
        return "undefined" if math.isnan(value) else "inf" if value > 0 else "-inf"
    exact = Fraction(value) if isinstance(value, int) else exactly(value)
    match precision:
        case Places(n):
            return _decimal(round_half_up(exact, -n), n)
        case Figures(n):
            return _figures(exact, n)
        case _:
            if isinstance(value, float):
                return repr(value) if value != int(value) else str(int(value))
            if exact.denominator == 1:
                return str(exact.numerator)
            return f"{exact.numerator}/{exact.denominator}"


def _decimal(value: Fraction, places: int) -> str:
    scaled = abs(value) * 10**places
    digits = str(int(scaled)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 and scaled else text


def _figures(value: Fraction, n: int) -> str:
    if value == 0:
        return "0"
    rounded = round_half_up(value, exponent_of(value) - n + 1)
    first = exponent_of(rounded)
    if -5 <= first <= max(n + 2, 8):
        return _decimal(rounded, max(0, n - 1 - first))
    mantissa = _decimal(rounded / Fraction(10) ** first, n - 1)
    return f"{mantissa}e{first}"


def echo(reading: Any) -> str:
    """How a reading was understood, in plain text on one line."""
    match reading:
        case Number():
            return "undefined" if math.isnan(reading.value) else plain(reading.tree)
        case Matrix():
            return "[" + "; ".join(", ".join(echo(c) for c in row) for row in reading.rows) + "]"
        case _ if hasattr(reading, "left"):
            return f"{plain(reading.left.tree)} = {plain(reading.right.tree)}"
        case _ if hasattr(reading, "items"):
            return ", ".join(echo(item) for item in reading.items)
        case _ if hasattr(reading, "tree"):
            return plain(reading.tree)
        case _:
            raise TypeError(f"{type(reading).__name__} is no reading")


def tex(reading: Any) -> str:
    """How a reading was understood, as TeX."""
    match reading:
        case Number():
            return r"\text{undefined}" if math.isnan(reading.value) else latex(reading.tree)
        case Matrix():
            rows = r"\\ ".join(" & ".join(tex(cell) for cell in row) for row in reading.rows)
            return rf"\begin{{bmatrix}}{rows}\end{{bmatrix}}"
        case _ if hasattr(reading, "left"):
            return f"{latex(reading.left.tree)} = {latex(reading.right.tree)}"
        case _ if hasattr(reading, "items"):
            return ", ".join(tex(item) for item in reading.items)
        case _ if hasattr(reading, "tree"):
            return latex(reading.tree)
        case _:
            raise TypeError(f"{type(reading).__name__} is no reading")
