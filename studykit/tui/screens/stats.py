"""Statistics: pages of plots, each with its gist in words, and each as text on a key.

The log is summed up in a thread with a connection of its own; keys are heard meanwhile.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import ceil
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from studykit.study.errors import StudyError
from studykit.tui.command import Command, bindings
from studykit.tui.commands import BACK, SCROLLING
from studykit.tui.screens.base import Page
from studykit.tui.text import (
    EMPTY,
    acting,
    fitted,
    hanging,
    in_a_row,
    joined,
    lines,
    measure,
    word,
    wrapped,
)
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Pane
from studykit.tui.widgets.keyline import KeyLine
from studykit.tui.widgets.painted import Rows

if TYPE_CHECKING:
    from studykit.study.statistics import Statistics
    from studykit.study.statistics.page import Figure, Item, Span, Table
    from studykit.study.statistics.page import Page as Sheet

TITLES = (
    "Overview",
    "Answers",
    "Forecast",
    "Retention",
    "Memory",
    "Time",
    "Calibration",
    "Mistakes",
    "Decks",
)
PLOT_WIDTH, PLOT_HEIGHT = 60, 16
"""Below this size a plot says less than its table."""
TALLEST = 30
LEAST_FIRST = 12
"""Columns that the first column of a table keeps."""
BESIDE = 110
"""Columns from which two parts of a page stand beside one another."""

STATS = (
    Command("next-page", "right,l,tab", "Next page", action="turn(1)", footer="Page", group="turn"),
    Command("previous-page", "left,h,shift+tab", "Previous page", action="turn(-1)", group="turn"),
    *(
        Command(
            f"page-{number}",
            str(number),
            f"Statistics: {title}",
            action=f"go({number - 1})",
            group="sheet",
        )
        for number, title in enumerate(TITLES, 1)
    ),
    Command(
        "span",
        "m",
        "A month or a year",
        footer="Month/year",
        more="How far back answers and time are shown.",
    ),
    Command(
        "words",
        "t",
        "Plots or text",
        footer="Text",
        more="Every plot as a table, for screen readers and for exact numbers.",
    ),
    *(one for one in SCROLLING if one.group != "sideways"),
    BACK,
)


class PageNames(Rows):
    """The names of the pages in one line, the present one marked; each can be clicked."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0

    def show(self, at: int) -> None:
        self.at = at
        self.refresh()

    def says(self) -> Hashable:
        return self.at

    def rows(self, width: int) -> list[Content]:
        names = [
            acting(
                joined((title, "bold underline" if number == self.at else "$quiet")),
                f"go({number})",
            )
            for number, title in enumerate(TITLES)
        ]
        for gap in (2, 1):
            line = in_a_row(names, gap)
            if line.cell_length <= width:
                return [line]
        return [joined((f"{self.at + 1} of {len(TITLES)}  ", "$quiet"), names[self.at])]


class StatsScreen(Page[None]):
    """One page at a time."""

    does = STATS
    BINDINGS = bindings(STATS)

    def __init__(self) -> None:
        super().__init__()
        self.stats: Statistics | None = None
        self.at = 0
        self.span: Span = "month"
        self.words = False
        """Whether plots are shown as text."""
        self.failed = ""

    def compose(self) -> ComposeResult:
        yield Bar()
        yield PageNames()
        yield Pane()
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Bar).show(word("Statistics", "bold"))
        self.run_worker(self._sum_up, thread=True)

    def on_unmount(self) -> None:
        self.studio.collection.stop_statistics()

    def _sum_up(self) -> None:
        """In a thread."""
        try:
            stats, failed = self.studio.collection.statistics(), ""
        except StudyError as error:
            stats, failed = None, str(error)
        self.call_later(self._take, stats, failed)

    def _take(self, stats: Statistics | None, failed: str) -> None:
        self.stats, self.failed = stats, failed
        if self.is_attached:
            self.show()

    def on_resize(self) -> None:
        self.show()

    # What stands on the screen.

    def show(self) -> None:
        """Draw the present page for this size."""
        self.query_one(PageNames).show(self.at)
        width, height = self.app.size
        rows = self._lines(width - (3 if width < 60 else 6), max(1, height - 4))
        indent = 0 if width < 60 else 1
        self.query_one(Pane).show([*self.headroom(), *(row.pad_left(indent) for row in rows)])
        self.keys_changed()

    def _lines(self, width: int, height: int) -> list[Content]:
        if self.failed:
            return wrapped(self.failed, width)
        if self.stats is None:
            return [word("Summing up your log …", "$quiet")]
        from studykit.study.statistics.pages import PAGES

        sheet = PAGES[self.at](self.stats, self.span)
        found: list[Content] = []
        for sentence in sheet.says:
            found += wrapped(sentence, min(width, measure(width)))
        return found + self._parts(sheet, width, height - len(found) - 1)

    def _parts(self, sheet: Sheet, width: int, height: int) -> list[Content]:
        """Figures, tables and lists: beside one another where there is room."""
        beside = width >= BESIDE
        figures = sheet.figures or (self._gathered() if beside and self.plotted else ())
        half = (width - 4) // 2
        texts = [table_lines(table, half if beside else width) for table in sheet.tables]
        if sheet.items:
            texts.append(item_lines(sheet.items, half if beside else width))
        count = len(figures) + len(texts)
        columns = 2 if count > 1 and beside else 1
        stacked = max(1, ceil(count / columns) if beside else len(figures))
        share = (width - 4 * (columns - 1)) // columns
        below = sum(len(text) + 1 for text in texts) if columns == 1 else 0
        room = height - min(below, height // 2)
        tall = max(9, min(TALLEST, room // stacked - 1))
        drawn = [self._figure(one, share, tall) for one in figures]
        shown = drawn + texts if sheet.figures else texts + drawn
        found: list[Content] = []
        for first in range(0, len(shown), columns):
            found += [EMPTY, *side_by_side(shown[first : first + columns], share)]
        return found

    def _gathered(self) -> tuple[Figure, ...]:
        """What the overview shows where there is room: figures of the pages after it."""
        from studykit.study.statistics.pages import answers, forecast, retention

        if self.stats is None or self.at:
            return ()
        sheets = (write(self.stats, self.span) for write in (answers, forecast, retention))
        return tuple(figure for sheet in sheets for figure in sheet.figures)

    @property
    def plotted(self) -> bool:
        """Whether figures are drawn: they are asked for, and there is room."""
        width, height = self.app.size
        return not self.words and width >= PLOT_WIDTH and height >= PLOT_HEIGHT

    def _figure(self, figure: Figure, width: int, height: int) -> list[Content]:
        if not self.plotted:
            return [] if figure.empty else table_lines(figure.table(), width)
        from studykit.tui.plots import draw

        return draw(figure, width, height)

    # Commands.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "span":
            return TITLES[self.at] in ("Answers", "Time")
        if action == "words":
            width, height = self.app.size
            return width >= PLOT_WIDTH and height >= PLOT_HEIGHT
        return super().check_action(action, parameters)

    def action_turn(self, by: int) -> None:
        self.action_go((self.at + by) % len(TITLES))

    def action_go(self, at: int) -> None:
        self.at = at
        self.query_one(Pane).move("home")
        self.show()

    def action_span(self) -> None:
        self.span = "year" if self.span == "month" else "month"
        self.show()

    def action_words(self) -> None:
        self.words = not self.words
        self.show()

    def action_scroll(self, where: str) -> None:
        self.query_one(Pane).move(where)

    def action_back(self) -> None:
        self.dismiss()


def table_lines(table: Table, width: int) -> list[Content]:
    """A table in `width` columns; its first column gives way, then each row takes several lines."""
    rows = [[word(cell) for cell in row] for row in (table.head, *table.rows)]
    widths = [max(row[at].cell_length for row in rows) for at in range(len(table.head))]
    rest = sum(widths[1:]) + 2 * (len(widths) - 1)
    found = [word(table.title, "bold")] if table.title else []
    if rest + min(widths[0], LEAST_FIRST) > width:
        return found + [line for row in table.rows for line in _told(table.head, row, width)]
    widths[0] = min(widths[0], width - rest)
    for number, row in enumerate(rows):
        cells = []
        for at, (cell, room) in enumerate(zip(row, widths, strict=True)):
            flush = table.right[at : at + 1] == "r"
            cells.append(cell.pad_left(room - cell.cell_length) if flush else fitted(cell, room))
        line = in_a_row(cells, 2)
        found.append(line if number else line.stylize("$quiet"))
    return found


def _told(head: Sequence[str], row: Sequence[str], width: int) -> list[Content]:
    """One row as its name, and under it what stands in each column."""
    said = " · ".join(f"{name} {cell}" for name, cell in zip(head[1:], row[1:], strict=True))
    return [*wrapped(row[0], width), *(line.pad_left(2) for line in wrapped(said, width - 2))]


def item_lines(items: Sequence[Item], width: int) -> list[Content]:
    """A list: leads flush right, sentences beside them."""
    lead = max(len(item.lead) for item in items)
    found: list[Content] = []
    for item in items:
        rows = lines(item.text, width - lead - 2)
        found += hanging(word(item.lead.rjust(lead), "$wrong"), rows, lead + 2)
    return found


def side_by_side(parts: Sequence[Sequence[Content]], width: int) -> list[Content]:
    """Blocks of lines beside one another, each `width` columns wide, four between."""
    if len(parts) == 1:
        return list(parts[0])
    tallest = max(map(len, parts))
    return [
        in_a_row([fitted(part[row] if row < len(part) else EMPTY, width) for part in parts], 4)
        for row in range(tallest)
    ]
