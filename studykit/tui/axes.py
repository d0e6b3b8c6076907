"""What stands around a plot: the marks of its left axis, and the lower axis with its names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import NamedTuple

from textual.content import Content

from studykit.study.statistics.pages import TODAY
from studykit.tui.text import joined


def beside_axis(canvas: Sequence[Content], marks: Mapping[int, str], axis: int) -> list[Content]:
    """The rows of a canvas, from the top, behind their axis; `marks` by the number of the row."""
    return [
        joined((marks.get(row, "").rjust(axis - 1) + ("┤" if row in marks else "│"), "$quiet"))
        + cells
        for row, cells in enumerate(canvas)
    ]


class Foot(NamedTuple):
    """The lower axis with its names."""

    axis: int
    """Columns left of the canvas."""
    canvas: int
    names: Sequence[tuple[float, str]]
    """(column of the canvas, name); one that finds no room is left out, its mark too."""
    origin: str = ""
    """What the corner says."""

    def lines(self) -> list[Content]:
        line = ["─"] * self.canvas
        under = ""
        for column, name in self.names:
            middle = min(self.canvas - 1, floor(column + 0.5))
            start = min(
                self.axis + middle - (len(name) - 1) // 2, self.axis + self.canvas - len(name)
            )
            start = max(start, 0)
            if under and start <= len(under):
                continue
            line[middle] = "┬"
            under = f"{under:<{start}}{name}"
        corner = f"{self.origin}└".rjust(self.axis)
        return [joined((corner + "".join(line), "$quiet")), joined((under, "$quiet"))]


def named(places: Sequence[str], cells: int, columns: Sequence[float]) -> list[tuple[float, str]]:
    """As many places as fit beside one another, counted from today where it is among them."""
    longest = max(map(len, places))
    step = 1 if longest < cells else ceil((longest + 2) / cells)
    start = places.index(TODAY) if TODAY in places else 0
    return [(columns[at], places[at]) for at in range(start % step, len(places), step)]


def nice_step(highest: float, most: int) -> float:
    """1, 2 or 5 · 10ⁿ, so that at most `most` steps stay below `highest`."""
    step = 1.0
    while step * most < highest:
        step *= 2.5 if str(step).startswith("2") else 2
    return step
