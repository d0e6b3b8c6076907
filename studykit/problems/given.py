"""What was typed, ready to be held against any value: the right one, or that of a mistake."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from studykit.answers import Figures, Places
from studykit.problems.formula import same
from studykit.problems.problem import Asks, tolerances
from studykit.problems.typed import Typed
from studykit.problems.values import Value, grid

HAIR = 1e-9
"""Relative noise of two computations of one number."""

COARSE = 0.05
"""A number off by a power of ten must still agree to this part."""


@dataclass(frozen=True)
class Given:
    """The typed cells and how exactly they are to be taken. Call it with a value to compare."""

    typed: Typed
    asks: Asks
    slack: float

    def __call__(self, value: Value) -> bool:
        """Whether a value is what was typed, as far as its digits tell."""
        if self.asks.kind == "formula":
            return same(self.typed.expression, value.expression)
        flat = self._flat(value)
        return flat is not None and not any(map(self.misses_cell, range(len(flat)), flat))

    @property
    def rows(self) -> tuple[tuple[float, ...], ...]:
        return self.typed.rows

    @cached_property
    def cells(self) -> tuple[float, ...]:
        """The typed numbers, row by row."""
        return tuple(self.typed.cells)

    @cached_property
    def _written(self) -> tuple[float, ...]:
        """What is allowed for each cell whatever its size.

        Half a unit of the last place asked, or of the last place typed if that is coarser (but
        still shows hundredths); and what rounding on the way may add.
        """
        if isinstance(self.asks.precision, Figures):
            # A typed 0.00 says nothing about how small a number was meant.
            return (0.0,) * len(self.typed.units)
        written = [u / 2 if u <= 0.01 else 0.0 for u in self.typed.units]
        if isinstance(self.asks.precision, Places):
            asked = 0.5 * 10.0**-self.asks.precision.n + self.slack
            written = [max(u, asked) for u in written]
        return tuple(written)

    @cached_property
    def _shape(self) -> tuple[int, int]:
        return self.typed.shape

    def in_form(self, value: Value) -> list[list[float]] | None:
        """A value in the rows and columns that were typed; None where it has others."""
        rows, columns = self._shape
        other = grid(value)
        if (len(other), len(other[0])) == (rows, columns):
            return other
        # A vector may be typed as a column.
        if self.asks.kind == "vector" and columns == 1 and (len(other), len(other[0])) == (1, rows):
            return [[x] for x in other[0]]
        return None

    def _flat(self, value: Value) -> list[float] | None:
        """A value cell by cell in the form that was typed; None where it has another."""
        other = self.in_form(value)
        return None if other is None else [y for row in other for y in row]

    def misses(self, value: Value) -> list[bool] | None:
        """For each cell, row by row, whether it differs; None where the form does."""
        flat = self._flat(value)
        return None if flat is None else list(map(self.misses_cell, range(len(flat)), flat))

    def misses_cell(self, k: int, y: float) -> bool:
        """Whether cell k, counted row by row, is another number than y."""
        allowed = self._written[k]
        if y and isinstance(self.asks.precision, Figures):
            allowed = max(allowed, tolerances([y], self.asks.precision, self.slack)[0])
        return abs(self.cells[k] - y) > allowed + HAIR * (abs(y) + 1e-3)

    def unit(self, y: float) -> float:
        """The place value of the last digit asked for in a number like y; 0 where exact."""
        match self.asks.precision:
            case Places(n):
                return 10.0**-n
            case Figures(n):
                return 10.0 ** (math.floor(math.log10(abs(y))) - n + 1) if y else 0.0
            case _:
                return 0.0

    def reads(self, value: Value, factor: float = 1.0) -> bool:
        """Whether the typed digits are those of the value times the factor, correctly rounded.

        Nothing is allowed for rounding on the way.
        """
        flat = self._flat(value)
        if flat is None:
            return False
        for x, y, u in zip(self.cells, flat, self.typed.units, strict=True):
            if factor == 1.0:
                half = max(u if u <= 0.01 else 0.0, self.unit(y)) / 2
            else:
                half = min(max(u, self.unit(y) * factor) / 2, COARSE * abs(x))
            if abs(x - factor * y) > half + HAIR * (abs(x) + 1e-3):
                return False
        return True
