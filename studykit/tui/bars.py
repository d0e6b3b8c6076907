"""Bars of a figure as rows of cells. A single series is exact to an eighth of a row; where several
stand on one another each has its own texture, for no meaning is told by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import ceil

from textual.content import Content

from studykit.study.statistics.page import Figure
from studykit.tui.axes import Foot, beside_axis, named, nice_step
from studykit.tui.canvas import Canvas, Place

TEXTURES = "█▓▒░"
EIGHTHS = "▁▂▃▄▅▆▇"
WIDEST = 8
"""Columns from one bar to the next, at most."""


def bars(figure: Figure, width: int, rows: int, styles: Sequence[str]) -> list[Content]:
    """The plot in `rows` lines at most, and two for its lower axis. The mark of a number stands in
    the row that a bar of so much fills to its upper edge."""
    stacks = [
        [value or 0.0 for value in place]
        for place in zip(*(one.values for one in figure.series), strict=True)
    ]
    highest = max(map(sum, stacks))
    step = nice_step(highest, max(2, min(6, rows // 3)))
    apart = max(1, int(rows * step / highest))  # rows from one mark to the next
    per_row = step / apart
    tall = ceil(highest / per_row)
    marks = {tall - apart * at: f"{step * at:g}" for at in range(1, int(highest / step) + 1)}
    axis = max(map(len, marks.values()), default=1) + 1
    cells = max(1, min(WIDEST, (width - axis) // len(stacks)))
    thick = max(1, cells - 1)
    canvas = Canvas(cells * len(stacks), tall)
    filled: dict[tuple[str, int], list[Place]] = {}
    for at, stack in enumerate(stacks):
        for up, part in enumerate(column(stack, per_row)):
            across = range(at * cells, at * cells + thick)
            filled.setdefault(part, []).extend((tall - 1 - up, along) for along in across)
    for (sign, series), places in filled.items():
        canvas.put(places, sign, styles[series])
    middles = [at * cells + (thick - 1) / 2 for at in range(len(stacks))]
    foot = Foot(axis, canvas.width, named(figure.places, cells, middles), "0")
    return [*beside_axis(canvas.lines(), marks, axis), *foot.lines()]


def column(stack: Sequence[float], per_row: float) -> list[tuple[str, int]]:
    """One bar from the bottom up: the sign of each row and the number of its series."""
    if len(stack) == 1:
        whole, rest = divmod(max(1, round(8 * stack[0] / per_row)) if stack[0] else 0, 8)
        return [(TEXTURES[0], 0)] * whole + ([(EIGHTHS[rest - 1], 0)] if rest else [])
    return [
        (TEXTURES[at], at) for at, tall in enumerate(heights(stack, per_row)) for _ in range(tall)
    ]


def heights(stack: Sequence[float], per_row: float) -> list[int]:
    """Whole rows of each series. None that is there goes unseen: it takes a row of the tallest."""
    edges = [round(edge / per_row) for edge in accumulate(stack, initial=0.0)]
    found = [upper - lower for lower, upper in pairwise(edges)]
    for at, value in enumerate(stack):
        if value and not found[at]:
            found[at] = 1
            tallest = max(range(len(found)), key=found.__getitem__)
            found[tallest] -= found[tallest] > 1
    return found
