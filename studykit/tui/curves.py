"""Curves and points of shares, on an axis of per cent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content

from studykit.study.statistics.page import Figure
from studykit.tui.axes import Foot, beside_axis, named
from studykit.tui.canvas import Canvas

POINT, FEW = "●", "○"
FEWEST = 20
"""Answers behind a point below which it is drawn hollow."""
AXIS = 6
"""Columns of "100 %" and the axis."""


class Scale(NamedTuple):
    """From the lowest share to 100 %, with a whole number of rows between two marks."""

    lowest: int
    step: int
    apart: int

    @classmethod
    def from_least(cls, least: float, rows: int) -> Scale:
        """That reaches down to `least` in at most `rows` rows, its marks at least two apart."""
        for step in (10, 20, 50):
            lowest = step * int(min(least, 100 - step) // step)
            steps = (100 - lowest) // step
            if 2 * steps < rows:
                break
        return cls(lowest, step, max(1, (rows - 1) // steps))

    @property
    def rows(self) -> int:
        return (100 - self.lowest) // self.step * self.apart + 1

    def marks(self) -> dict[int, str]:
        values = range(100, self.lowest - 1, -self.step)
        return {self.apart * at: f"{value} %" for at, value in enumerate(values)}

    def row(self, value: float) -> float:
        """From the top."""
        return (100 - value) * self.apart / self.step


def line(figure: Figure, width: int, rows: int, styles: Sequence[str]) -> list[Content]:
    """A curve through what is known of each place, with the goal across."""
    found, goal = figure.series
    known = [(at, 100 * value) for at, value in enumerate(found.values) if value is not None]
    wanted = 100 * (goal.values[0] or 0.0)
    scale = Scale.from_least(min(wanted, *(value for _, value in known)), rows)
    canvas = Canvas(width - AXIS, scale.rows)
    count = len(figure.places)
    columns = [(at + 0.5) / count * (canvas.width - 1) for at in range(count)]
    across = scale.row(wanted)
    canvas.put([(across, column) for column in range(canvas.width)], "─", styles[1])
    places = [(scale.row(value), columns[at]) for at, value in known]
    if len(places) > 1:
        canvas.curve(places, styles[0])
    canvas.put(places, POINT, styles[0])
    foot = Foot(AXIS, canvas.width, named(figure.places, canvas.width // count, columns))
    return [*beside_axis(canvas.lines(), scale.marks(), AXIS), *foot.lines()]


def points(figure: Figure, width: int, rows: int, styles: Sequence[str]) -> list[Content]:
    """Recalled over predicted, with the diagonal on which both are the same."""
    _, found = figure.series
    values = [100 * (value or 0.0) for value in found.values]
    lowest = 10 * int(100 * min(figure.at) // 10)
    scale = Scale.from_least(min(lowest, *values), rows)
    canvas = Canvas(min(width, 5 * rows + 20) - AXIS, scale.rows)
    per_point = (canvas.width - 1) / (100 - lowest)
    canvas.curve([(scale.row(at), (at - lowest) * per_point) for at in (lowest, 100)], styles[0])
    behind = figure.behind or [FEWEST] * len(values)
    for at, value, answers in zip(figure.at, values, behind, strict=True):
        sign = POINT if answers >= FEWEST else FEW
        canvas.put([(scale.row(value), (100 * at - lowest) * per_point)], sign, styles[1])
    ticks = [((tick - lowest) * per_point, f"{tick} %") for tick in range(lowest, 101, 10)]
    foot = Foot(AXIS, canvas.width, ticks)
    return [*beside_axis(canvas.lines(), scale.marks(), AXIS), *foot.lines()]
