"""Figures of statistics as lines of the terminal, drawn by plotext; loaded when a plot is shown.

plotext is reached through textual-plotext, which gives it without global state. Bars get a whole
number of cells each, and every series its own texture: no meaning by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor
from typing import NamedTuple

from rich.text import Text
from textual.color import Color
from textual.content import Content
from textual_plotext.plot import Plot

from studykit.study.statistics.page import Figure, Meaning, Series
from studykit.study.statistics.pages import TODAY
from studykit.tui.text import in_a_row, joined

COLOURS: dict[Meaning, str] = {
    "again": "wrong",
    "hard": "partly",
    "good": "right",
    "easy": "new",
    "new": "new",
    "due": "due",
    "goal": "quiet",
    "plain": "foreground",
}
"""Meaning of a series → variable of the theme."""
TEXTURES = "█▓▒░"
POINT, FEW = "●", "○"
FEWEST = 20
"""Answers behind a point below which it is drawn hollow."""
LEAST_HEIGHT = 6

Colour = Callable[[str], str]
"""From a variable of the theme to its value."""


def draw(figure: Figure, width: int, height: int, colour: Colour) -> list[Content]:
    """The figure in `height` lines: its title, the plot, and what stands for what.

    `width` columns at most; a figure without anything in it says so.
    """
    title = joined((figure.title, "bold"))
    if figure.empty:
        return [title, joined(("  Nothing yet.", "$quiet"))]
    legend = _legend(figure)
    rows = max(LEAST_HEIGHT, height - 1 - len(legend)) - 2
    plot = Plot()
    painted = {one.name: Color.parse(colour(COLOURS[one.meaning])).rgb for one in figure.series}
    quiet = Color.parse(colour("quiet")).rgb
    write = {"bars": _bars, "line": _line, "points": _points}[figure.kind]
    foot = write(plot, figure, width, rows, painted)
    plot.theme("clear")
    plot.ticks_color(quiet)
    plot.axes_color("default")
    plot.canvas_color("default")
    plot.xaxes(False, False)
    plot.xticks([])
    plot.yaxes(True, False)
    plot.plotsize(foot.axis + foot.canvas, rows)
    plot._set_size(foot.axis + foot.canvas, rows)
    drawn = Content.from_rich_text(Text.from_ansi(plot.build().rstrip("\n")))
    return [title, *drawn.split("\n", allow_blank=True), *foot.lines(), *legend]


class Foot(NamedTuple):
    """The lower axis with its names. plotext sets them differently from one process to the next."""

    axis: int
    """Columns left of the canvas."""
    canvas: int
    names: Sequence[tuple[float, str]]
    """(column of the canvas, name); one that finds no room is left out, its mark too."""

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
        corner = "└".rjust(self.axis)
        return [joined((corner + "".join(line), "$quiet")), joined((under, "$quiet"))]


def _bars(
    plot: Plot,
    figure: Figure,
    width: int,
    rows: int,
    painted: dict[str, tuple[int, int, int]],
) -> Foot:
    """Bars on one another: the tallest first, each lower one drawn over it."""
    count = len(figure.places)
    totals = [sum(values) for values in zip(*_values(figure.series), strict=True)]
    ticks = nice_ticks(max(totals), max(2, min(6, rows // 3)))
    labels = [f"{tick:g}" for tick in ticks]
    axis = max(map(len, labels)) + 1
    cells = max(1, min(8, (width - axis) // count))
    # In columns: from the first to the last that a bar fills, an empty one after it where it can.
    filled = max(0, cells - 2)
    middles = [at * cells + filled / 2 for at in range(count)]
    values = _values(figure.series)
    for depth in range(len(figure.series) - 1, -1, -1):
        # A bar of no height would rub out what stands there.
        chosen = [at for at in range(count) if values[depth][at]]
        if not chosen:
            continue
        steps = max(1, len(chosen) - 1)
        apart = (middles[chosen[-1]] - middles[chosen[0]]) / steps or 1.0
        plot.bar(
            [middles[at] for at in chosen],
            [sum(lower[at] for lower in values[: depth + 1]) for at in chosen],
            width=max(0.01, filled) / apart,
            marker=TEXTURES[depth],
            color=painted[figure.series[depth].name],
        )
    plot.xlim(0, cells * count - 1)
    plot.ylim(0, max(totals))
    plot.yticks(ticks, labels)
    return Foot(axis, cells * count, _named(figure.places, cells, middles))


def _line(
    plot: Plot,
    figure: Figure,
    width: int,
    rows: int,
    painted: dict[str, tuple[int, int, int]],
) -> Foot:
    found, goal = figure.series
    known = [(at, 100 * value) for at, value in enumerate(found.values) if value is not None]
    marks = [at for at, _ in known], [value for _, value in known]
    wanted = 100 * (goal.values[0] or 0.0)
    axis = _percent_axis(plot, min(*marks[1], wanted), rows)
    count = len(figure.places)
    plot.plot([-0.5, count - 0.5], [wanted, wanted], marker="─", color=painted[goal.name])
    if count > 1:
        plot.plot(*marks, marker="braille", color=painted[found.name])
    plot.scatter(*marks, marker=POINT, color=painted[found.name])
    plot.xlim(-0.5, count - 0.5)
    canvas = width - axis
    columns = [(at + 0.5) / count * (canvas - 1) for at in range(count)]
    return Foot(axis, canvas, _named(figure.places, max(1, canvas // count), columns))


def _points(
    plot: Plot,
    figure: Figure,
    width: int,
    rows: int,
    painted: dict[str, tuple[int, int, int]],
) -> Foot:
    """Recalled over predicted, with the diagonal on which both are the same."""
    goal, found = figure.series
    at = [100 * place for place in figure.at]
    values = [100 * (value or 0.0) for value in found.values]
    lowest = 10 * int(min(at) // 10)
    axis = _percent_axis(plot, min(*values, lowest), rows)
    plot.plot([lowest, 100], [lowest, 100], marker="braille", color=painted[goal.name])
    solid = [behind >= FEWEST for behind in figure.behind or [FEWEST] * len(at)]
    for mark, wanted in ((FEW, False), (POINT, True)):
        chosen = [number for number, one in enumerate(solid) if one is wanted]
        if chosen:
            plot.scatter(
                [at[number] for number in chosen],
                [values[number] for number in chosen],
                marker=mark,
                color=painted[found.name],
            )
    plot.xlim(lowest, 100)
    canvas = min(width, 5 * rows + 20) - axis
    ticks = range(lowest, 101, 10)
    scale = (canvas - 1) / (100 - lowest)
    return Foot(axis, canvas, [((tick - lowest) * scale, f"{tick} %") for tick in ticks])


def _percent_axis(plot: Plot, least: float, rows: int) -> int:
    """From a round number below `least` to 100 %; columns that the axis takes."""
    lowest = 10 * int(max(0.0, least - 1) // 10)
    step = 10 if (100 - lowest) // 10 <= rows // 2 else 20 if lowest % 20 == 0 else 50
    ticks = [float(tick) for tick in range(100, lowest - 1, -step)][::-1]
    plot.ylim(lowest, 100)
    plot.yticks(ticks, [f"{tick:g} %" for tick in ticks])
    return 6


def _named(places: Sequence[str], cells: int, columns: Sequence[float]) -> list[tuple[float, str]]:
    """As many places as fit beside one another, counted from today where it is among them."""
    longest = max(map(len, places))
    step = 1 if longest < cells else ceil((longest + 2) / cells)
    start = places.index(TODAY) if TODAY in places else 0
    return [(columns[at], places[at]) for at in range(start % step, len(places), step)]


def _values(series: Sequence[Series]) -> list[list[float]]:
    return [[value or 0.0 for value in one.values] for one in series]


def _legend(figure: Figure) -> list[Content]:
    """What each texture or sign means; nothing where there is only one."""
    signs = {
        "bars": [texture * 2 for texture in TEXTURES],
        "line": [POINT, "──"],
        "points": ["⠤⠒", POINT],
    }[figure.kind]
    named = [(sign, one.name, one.meaning) for sign, one in zip(signs, figure.series, strict=False)]
    if figure.kind == "points":
        named.append((FEW, f"fewer than {FEWEST} answers", named[1][2]))
    if len(named) < 2:
        return []
    parts = [
        joined((f"{sign} ", f"${COLOURS[meaning]}"), (name, "$quiet"))
        for sign, name, meaning in named
    ]
    return [in_a_row(parts, 3).pad_left(2)]


def nice_ticks(highest: float, most: int) -> list[float]:
    """Round numbers from 0 up to `highest`: at most `most` steps of 1, 2 or 5 · 10ⁿ."""
    step = 1.0
    while step * most < highest:
        step *= 2.5 if str(step).startswith("2") else 2
    return [step * at for at in range(int(highest / step) + 1)]
