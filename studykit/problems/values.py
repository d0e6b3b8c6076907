"""What a step may give: a number, a vector, a matrix (lists), a shape (a tuple), or a formula.

Everything here asks or changes the form of such a value, never its meaning.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from studykit.problems.exact import Log, Number
from studykit.problems.formula import Formula

# Number, list of them, list of lists, tuple of ints or Formula; Any keeps the steps' own signatures
# free.
Value = Any


def form(value: Value) -> tuple[int, ...]:
    """() for a number, (n,) for a vector, (r, c) for a matrix, (−k,) for a shape of k sizes.

    For a formula: (0, and the sizes that its result has at the first point).
    """
    if isinstance(value, list):
        if value and isinstance(value[0], list):
            return (len(value), len(value[0]))
        return (len(value),)
    if isinstance(value, Formula):
        return (0, *value.sample[0]) if value.sample else (0,)
    return (-len(value),) if isinstance(value, tuple) else ()


def cells(value: Value) -> list[Any]:
    """All its numbers, row by row; for a formula those of its values at two points."""
    if isinstance(value, list):
        if value and isinstance(value[0], list):
            return [x for row in value for x in row]
        return value
    if isinstance(value, Formula):
        return list(value.sample[1]) if value.sample else [math.nan]
    return list(value) if isinstance(value, tuple) else [value]


def rebuilt(numbers: list[Any], like: Value) -> Value:
    """The inverse of `cells`: the numbers in the form of `like`."""
    rest = iter(numbers)
    if isinstance(like, list):
        if like and isinstance(like[0], list):
            return [[next(rest) for _ in row] for row in like]
        return list(rest)
    return tuple(rest) if isinstance(like, tuple) else next(rest)


def mapped(f: Callable[[Any], Any], value: Value) -> Value:
    return rebuilt([f(x) for x in cells(value)], value)


def floated(value: Value) -> Value:
    """The same in floats; lone ints (sizes, positions) and shapes stay as they are."""
    if isinstance(value, list):
        return [floated(x) if isinstance(x, list) else float(x) for x in value]
    return float(value) if isinstance(value, Fraction | Log) else value


def grid(value: Value) -> list[list[Any]]:
    """As rows of cells: a number is 1×1, a vector 1×n."""
    if isinstance(value, list):
        return value if value and isinstance(value[0], list) else [value]
    return [list(value)] if isinstance(value, tuple) else [[value]]


def finite(value: Value) -> bool:
    return all(isinstance(x, int) or math.isfinite(x) for x in cells(value))


def exact_text(x: Number) -> str:
    """ "3/4", "-2", "ln 12"; "" for a float, which has no exact text."""
    if isinstance(x, float):
        return ""
    if isinstance(x, Log):
        return x.tex().replace("\\ln", "ln").replace("\\,", "·")
    return str(x)


def indexes(value: Value) -> Iterator[tuple[int, ...]]:
    """The place of each cell, from 1, in the order of `cells`."""
    shape = form(value)
    if len(shape) == 2:
        for i in range(shape[0]):
            for j in range(shape[1]):
                yield (i + 1, j + 1)
    else:
        for i in range(len(cells(value))):
            yield (i + 1,)
