"""A matrix to type into: one cell for each entry, laid out in the shape that is asked for.

One widget that draws its own lines, so that a key costs the repaint of one row. A cell holds a
number or an expression; a whole matrix may be pasted from anywhere. What does not fit is handed
on as text and never thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from studykit.tui.text import Part, joined, word
from studykit.tui.verdict import bracket
from studykit.tui.widgets.cells import Cells
from studykit.tui.widgets.handing import handed_on
from studykit.tui.widgets.painted import paint, rich
from studykit.typeset import clean

if TYPE_CHECKING:
    from studykit.tui.screens.study import StudyScreen

LEAST = 5
"""Cells that a column is wide at least, with a space on either side of its text."""


class GridChanged(Message):
    """A cell was changed, or the cursor went to another one."""


@dataclass
class GridMisfit(Message):
    """A pasted text that does not fit into the grid; it is to be kept as rows."""

    text: str
    says: str


class AnswerGrid(Widget, can_focus=True):
    """The grid. `faults` holds what is wrong with a cell, by its row and column."""

    ALLOW_SELECT = False
    BINDINGS = [  # noqa: RUF012
        Binding("pageup", "screen.scroll('page_up')", show=False),
        Binding("pagedown", "screen.scroll('page_down')", show=False),
    ]
    DEFAULT_CSS = """
    AnswerGrid {
        padding: 0 1;
        background: $block;
    }
    """

    def __init__(self) -> None:
        super().__init__(id="grid")
        self.cells = Cells(1, 1)
        self.faults: dict[tuple[int, int], str] = {}
        self._widths: list[int] = [LEAST]
        self._left = self._top = 0

    def load(self, shape: tuple[int, ...], cells: Sequence[Sequence[str]]) -> None:
        """Begin with a grid of this shape, holding what was typed into it before."""
        rows, columns = shape if len(shape) == 2 else (1, shape[-1])
        if (rows, columns) == (self.cells.rows, self.cells.columns) and self.cells.all == cells:
            return
        self.cells = Cells(rows, columns)
        if cells:
            self.cells.load(cells)
        self.faults = {}
        self._left = self._top = 0
        self._settle()
        self.refresh()

    def complain(self, faults: dict[tuple[int, int], str]) -> None:
        """Mark cells that cannot be read, and go to the first of them."""
        self.faults = faults
        if faults:
            self.cells.go(*min(faults))
        self._settle()
        self.refresh()

    @property
    def _page(self) -> StudyScreen:
        return cast("StudyScreen", self.screen)

    # Keys.

    async def _on_key(self, event: events.Key) -> None:
        if handed_on(self, event) or self._page.repeated(event.key):
            pass
        elif self._page.checks(event.key) or (event.key == "enter" and self.cells.last):
            await self._page.action_check()
        elif event.key in MOVES:
            self._act(MOVES[event.key])
        elif event.is_printable and event.character:
            self._typed(event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def _typed(self, character: str) -> None:
        """A space goes on to the next cell and a semicolon to the next row, as in text.

        In the last cell they stand as typed, so that a number too many is seen and refused.
        """
        if character in " ;" and not self.cells.last:
            move = Cells.next if character == " " else Cells.next_row
            if self.cells.text:
                self._act(move)
        else:
            self._act(lambda cells: cells.insert(clean(character)))

    def _act(self, move: Callable[[Cells], object]) -> None:
        """Do something to the cells and repaint what it touched."""
        cells, widths, place = self.cells, self._widths, (self.cells.row, self.cells.column)
        before, row = cells.all, cells.row
        move(cells)
        changed = cells.all != before
        if changed:
            self.faults.pop(place, None)
        scrolled = self._settle()
        if scrolled or widths != self._widths:
            self.refresh()
        else:
            touched = {row, cells.row}
            if changed:
                touched |= {n for n, texts in enumerate(cells.all) if texts != before[n]}
            self.refresh(*(Region(0, n - self._top, self.size.width, 1) for n in touched))
        if changed or place != (cells.row, cells.column):
            self.post_message(GridChanged())

    def _on_paste(self, event: events.Paste) -> None:
        """A matrix of this shape, or a row of it, or what belongs into this cell."""
        event.stop()
        event.prevent_default()
        if not event.text.strip():
            return
        from studykit.answers import AnswerError
        from studykit.answers.grids import split_cells
        from studykit.answers.scanning import Expected

        cells = self.cells
        expected = Expected(self._page.decimal_comma, (cells.rows, cells.columns))
        try:
            found = split_cells(event.text, expected)
        except AnswerError as error:
            text = clean(event.text).strip()
            if "\n" in text:
                self.post_message(GridMisfit(text, f"This could not be parted: {error.cause}"))
            else:
                self._act(lambda cells: cells.insert(text))
            return
        rows, columns = len(found), len(found[0])
        if (rows, columns) == (1, 1):
            self._act(lambda cells: cells.insert(found[0][0]))
        elif (rows, columns) == (cells.rows, cells.columns):
            self._act(lambda cells: cells.fill(found))
        elif rows <= cells.rows - cells.row and columns <= cells.columns - cells.column:
            self._act(lambda cells: cells.fill(found, cells.row, cells.column))
        else:
            asked = f"{cells.rows}×{cells.columns}"
            says = f"What you pasted is {rows}×{columns}, the grid {asked}; it is kept as rows."
            self.post_message(GridMisfit(event.text.strip("\n"), says))

    def on_click(self, event: events.Click) -> None:
        """Go to the cell that was clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        x, column = offset.x + self._left - 2, 0
        while column < len(self._widths) - 1 and x >= self._widths[column]:
            x -= self._widths[column]
            column += 1
        self._act(lambda cells: cells.go(offset.y + self._top, column))

    # Drawing.

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_resize(self) -> None:
        self._settle()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.refresh()

    def _settle(self) -> bool:
        """Measure the columns and bring the cursor's cell into sight; whether that scrolled."""
        cells, before = self.cells, (self._left, self._top)
        self._widths = [
            max(LEAST, max(cell_len(word(text).plain) for text in column) + 3)
            for column in zip(*cells.texts, strict=True)
        ]
        start = 2 + sum(self._widths[: cells.column])
        end = start + self._widths[cells.column] + 2
        width, height = self.content_size.width, self.content_size.height
        if width and height:
            self._left = max(min(self._left, start - 2), end - width, 0)
            self._top = max(min(self._top, cells.row), cells.row - height + 1, 0)
            self._left = min(self._left, max(0, sum(self._widths) + 4 - width))
            self._top = min(self._top, max(0, cells.rows - height))
        return (self._left, self._top) != before

    def render_line(self, y: int) -> Strip:
        width, style = self.content_size.width, rich(self.visual_style)
        row = y + self._top
        if row >= self.cells.rows:
            return Strip.blank(width, style)
        strip = paint(self, joined(*self._row(row)))
        whole = strip.cell_length
        strip = strip.crop_extend(self._left, self._left + width, style)
        if self._left:
            strip = Strip.join([paint(self, joined(("‹", "$quiet"))), strip.crop(1)])
        if whole > self._left + width:
            strip = Strip.join([strip.crop(0, width - 1), paint(self, joined(("›", "$quiet")))])
        return strip

    def _row(self, row: int) -> list[Part]:
        cells = self.cells
        parts: list[Part] = [(bracket("⎡⎢⎣[", row, cells.rows), "$quiet"), " "]
        for column, text in enumerate(cells.texts[row]):
            here = (row, column) == (cells.row, cells.column)
            parts += self._cell(word(text).plain, self._widths[column], here, (row, column))
        return [*parts, " ", (bracket("⎤⎥⎦]", row, cells.rows), "$quiet")]

    def _cell(self, text: str, width: int, here: bool, place: tuple[int, int]) -> list[Part]:
        fault = place in self.faults
        if here and self.has_focus:
            at, style = self.cells.at, "$chosen-text on $chosen"
            under = text[at : at + 1] or " "
            rest = text[at + 1 :]
            room = width - 2 - cell_len(text[:at] + under + rest)
            # Red on the ground of a chosen cell is not to be read.
            mark = ("?" if fault else " ", f"bold {style}")
            return [
                (f" {text[:at]}", style),
                (under, f"{style} reverse"),
                (rest + " " * room, style),
                mark,
            ]
        if not text:
            return [("·".center(width), "$quiet")]
        pad = " " * (width - 2 - cell_len(text))
        if fault:
            return [(f" {text}?{pad}", "bold $wrong")]
        return [f" {text} {pad}"]


MOVES: dict[str, Callable[[Cells], object]] = {
    "left": Cells.left,
    "right": Cells.right,
    "up": Cells.up,
    "down": Cells.down,
    "tab": Cells.next,
    "enter": Cells.next,
    "shift+tab": Cells.previous,
    "home": Cells.home,
    "end": Cells.end,
    "ctrl+home": lambda cells: cells.go(0, 0),
    "ctrl+end": lambda cells: cells.go(cells.rows - 1, cells.columns - 1),
    "backspace": Cells.rub_out,
    "delete": Cells.delete,
    "ctrl+u": Cells.clear,
    "ctrl+z": Cells.undo,
}
"""What a key does to the cells."""
