"""Cells to draw on, through textual-plotext; loaded when a plot is shown.

plotext rounds bars and ticks to cells each in its own way: a bar is a row too tall, ticks lie
unevenly. So it is told rows and columns, never values, and what stands around them is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text
from textual.content import Content, Span
from textual_plotext.plot import Plot

from studykit.tui.text import word

Place = tuple[float, float]
"""Row from the top and column, each from 0."""


class Canvas:
    """`rows` rows of `width` cells; what is drawn later lies over what was drawn before."""

    def __init__(self, width: int, rows: int) -> None:
        self.width, self.rows = width, rows
        self._styles: list[str] = []
        self._plot = plot = Plot()
        plot.theme("clear")
        plot.axes_color("default")
        plot.canvas_color("default")
        plot.xaxes(False, False)
        plot.yaxes(False, False)
        plot.xticks([])
        plot.yticks([])
        # Asked for alone, it would be cut to the size of the terminal that plotext believes in.
        plot.plotsize(width, rows)
        plot._set_size(width, rows)
        plot.xlim(0, width - 1)
        plot.ylim(0, rows - 1)

    def put(self, places: Iterable[Place], sign: str, style: str) -> None:
        """The same sign in several cells."""
        down, along = self._split(places)
        self._plot.scatter(along, down, marker=sign, color=self._number(style))

    def curve(self, places: Iterable[Place], style: str) -> None:
        """A line through these places, in dots of Braille: four to a row and two to a column."""
        down, along = self._split(places)
        self._plot.plot(along, down, marker="braille", color=self._number(style))

    def lines(self) -> list[Content]:
        """The rows, from the top."""
        return [self._styled(row) for row in self._plot.build().split("\n")[: self.rows]]

    def _split(self, places: Iterable[Place]) -> tuple[Sequence[float], Sequence[float]]:
        rows, columns = zip(*places, strict=True)
        return [self.rows - 1 - row for row in rows], columns

    def _number(self, style: str) -> int:
        """plotext colours by number, we by the names of the theme: a number stands for each."""
        if style not in self._styles:
            self._styles.append(style)
        return self._styles.index(style) + 1

    def _styled(self, row: str) -> Content:
        text = Text.from_ansi(row)
        spans = []
        for start, end, style in text.spans:
            colour = None if isinstance(style, str) else style.color
            if colour is not None and colour.number:
                spans.append(Span(start, end, self._styles[colour.number - 1]))
        return word(text.plain).add_spans(spans)
