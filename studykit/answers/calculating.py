"""The value of a formula where every name has a number: what a calculator does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .arithmetic import FLOATS, Undefined
from .arrays import is_array
from .errors import AnswerError
from .evaluation import Evaluator, quietly
from .expressions import Expression, read_expression
from .point import Point

Worked = float | list[Any]
"""A number, a list of numbers, or a list of rows."""


def read_over(text: str, values: Mapping[str, Worked]) -> Expression:
    """The formula that `text` writes over names with these values. Raises AnswerError."""
    return read_expression(text, {name: _declared(value) for name, value in values.items()})


def work_out(text: str, values: Mapping[str, Worked]) -> Worked:
    """The value of a typed formula over names with values.

    Raises AnswerError, with the position and a sentence, where it cannot be read, its shapes do
    not fit, it has no real value, or it would take too long.
    """
    read = read_over(text, values)
    if read.free:
        raise AnswerError(f"{read.free[0][0]} has no value here.", 0)
    known = {name: _floats(value) for name, value in values.items()}
    try:
        with quietly(read.arrays):
            found = Evaluator(FLOATS, Point(known, {})).value(read.tree)
    except Undefined:
        raise AnswerError("This has no value: a division by zero, or too large.", 0) from None
    if is_array(found):
        return [_row(row) if is_array(row) else _real(row) for row in found]
    return _real(found)


def _row(row: Any) -> list[float]:
    return [_real(entry) for entry in row]


def _real(value: Any) -> float:
    if isinstance(value, complex):
        if abs(value.imag) > 1e-12 * max(1.0, abs(value.real)):
            raise AnswerError("This has no real value: a root or logarithm of less than 0.", 0)
        return value.real
    return float(value)


def _floats(value: Worked) -> Worked:
    return [_floats(one) for one in value] if isinstance(value, list) else float(value)


def _declared(value: Worked) -> str:
    if not isinstance(value, list):
        return "real"
    if isinstance(value[0], list):
        return f"{len(value)}×{len(value[0])}"
    return f"vector {len(value)}"
