"""Text on the screen that may be taller or wider than its room: card, verdict, help, decks.

Sideways only what is too wide moves: a wide formula runs under the text, which stands still.
Drawn line by line, so that changing the text lays nothing out again: a card is swapped in one
repaint. Takes nothing but `Content`, so no card text is ever read as markup.

Text is selected with the mouse by asking a board where a place lies in its text. Textual's own way
is to write that place into the style of everything painted, which every repaint would pay for.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Offset, Region, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from studykit.tui.text import EMPTY, character_at, joined, margin
from studykit.tui.widgets.painted import Acting, Painted, paint, rich

SIDEWAYS = 8
"""Columns of a step to the side."""
MORE_LEFT, MORE_RIGHT = (joined((sign, "bold $quiet")) for sign in "‹›")
"""At the edges of what goes on there."""


class Board(Acting, Painted, ScrollView, can_focus=False, inherit_bindings=False):
    """Lines of text with our margin; those made by `text.acting` run their action when clicked."""

    DEFAULT_CSS = """
    Board {
        height: 1fr;
        scrollbar-size: 1 1;
        scrollbar-gutter: stable;
        text-wrap: nowrap;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self._lines: list[Content] = []
        self._selected: Selection | None = None
        self._strips: dict[int, Strip] = {}
        self._painted = 0
        """The width that the strips were painted for."""
        self._indent = 0
        self._wide: tuple[int, frozenset[int]] | None = None

    def show(self, lines: Sequence[Content]) -> None:
        """Show these lines; nothing is drawn when they are what stands there already."""
        indent = self.indentation
        changed = self._changed(lines) if indent == self._indent else None
        if changed == (0, 0):
            return
        if self._selected is not None:
            # It would lie on other words.
            self.screen.clear_selection()
        self._indent = indent
        self._lines = list(lines)
        self._wide = None
        first = 0 if changed is None else changed[0]
        self._strips = {row: strip for row, strip in self._strips.items() if row < first}
        widest = max((line.cell_length for line in self._lines), default=0)
        size = Size(indent + widest, len(self._lines))
        if self._fits(size) and self._fits(self.virtual_size):
            # No scroll bar comes or goes: nothing needs laying out.
            self.set_reactive(Board.virtual_size, size)
        else:
            self.virtual_size = size
        if changed is None:
            self.refresh()
        else:
            last = changed[1]
            top = self.scroll_offset.y
            self.refresh(Region(0, first - top, self.size.width, last - first))

    @property
    def indentation(self) -> int:
        """Columns left of the text."""
        return margin(self.app.size.width)

    @property
    def room(self) -> Size:
        """What is seen of the text, beside the scroll bars."""
        return self.scrollable_content_region.size

    def _fits(self, size: Size) -> bool:
        room = self.room
        return size.width <= room.width and size.height <= room.height

    def _changed(self, lines: Sequence[Content]) -> tuple[int, int]:
        """The first row that changes and the one after the last; equal where nothing does."""
        old, new = self._lines, lines
        both = min(len(old), len(new))
        first = next((n for n in range(both) if not old[n].is_same(new[n])), both)
        if first == both and len(old) == len(new):
            return 0, 0
        return first, max(len(old), len(new))

    def move(self, where: str) -> None:
        """One step, a page or all the way, without animation."""
        if where in ("left", "right"):
            self.scroll_relative(x=SIDEWAYS if where == "right" else -SIDEWAYS, animate=False)
            return
        {
            "down": self.scroll_down,
            "up": self.scroll_up,
            "page_down": self.scroll_page_down,
            "page_up": self.scroll_page_up,
            "home": self.scroll_home,
            "end": self.scroll_end,
        }[where](animate=False)

    def bring(self, row: int) -> None:
        """Scroll so that `row` is in sight, and as much below it as fits."""
        height = self.room.height
        if row < self.scroll_offset.y or len(self._lines) > self.scroll_offset.y + height:
            # A text that has just outgrown its room may be scrolled only after the next layout.
            y = min(row, max(0, len(self._lines) - height))
            self.scroll_to(y=y, animate=False, force=True)

    def keep(self, row: int) -> None:
        """Scroll as little as needed for `row` to be in sight."""
        top, height = self.scroll_offset.y, max(1, self.room.height)
        if not top <= row < top + height:
            self.scroll_to(y=row if row < top else row - height + 1, animate=False)

    def strips(self, rows: range) -> list[Strip]:
        top, whole = self.scroll_offset.y, self.outer_size.width
        if whole != self._painted:
            self._strips.clear()
            self._painted = whole
        wide = self._wide_rows(self.room.width)
        blank = Strip.blank(whole, rich(self.visual_style))
        found = []
        for row in range(rows.start + top, rows.stop + top):
            strip = blank if row >= len(self._lines) else self._strip(row, whole)
            found.append(self._shifted(strip, row) if row in wide else strip)
        return found

    def _strip(self, row: int, whole: int) -> Strip:
        """A line of the text, painted unless it was before."""
        if self._selected is not None and (span := self._selected.get_span(row)):
            return paint(self, self._marked(row, *span).pad_left(self._indent), whole)
        strip = self._strips.get(row)
        if strip is None:
            line = self._lines[row].pad_left(self._indent)
            strip = self._strips[row] = paint(self, line, whole)
        return strip

    def _shifted(self, strip: Strip, row: int) -> Strip:
        """What is in sight of a row that moves, with a sign at each edge where it goes on."""
        left, width = self.scroll_offset.x, self.room.width
        whole, ground = self._indent + self._lines[row].cell_length, rich(self.visual_style)
        strip = strip.crop_extend(left, left + width, ground)
        if left:
            strip = Strip.join([paint(self, MORE_LEFT), strip.crop(1)])
        if whole > left + width:
            strip = Strip.join([strip.crop(0, width - 1), paint(self, MORE_RIGHT)])
        return strip.extend_cell_length(self.outer_size.width, ground)

    def _wide_rows(self, width: int) -> frozenset[int]:
        """The rows of blocks that are too wide: what stands together moves together."""
        if self._wide is None or self._wide[0] != width:
            found: set[int] = set()
            block: list[int] = []
            for row, line in enumerate([*self._lines, EMPTY]):
                if line.plain.strip():
                    block.append(row)
                    continue
                if any(self._lines[n].cell_length + self._indent > width for n in block):
                    found.update(block)
                block = []
            self._wide = (width, frozenset(found))
        return self._wide[1]

    # Selecting with the mouse.

    def place_at(self, x: int, y: int) -> Offset:
        """The place in the text under a cell of the board: a character and its row."""
        if not self._lines:
            return Offset(0, 0)
        row = min(y + self.scroll_offset.y, len(self._lines) - 1)
        left = self.scroll_offset.x if row in self._wide_rows(self.room.width) else 0
        return Offset(character_at(self._lines[row].plain, x + left - self._indent), row)

    def selection_updated(self, selection: Selection | None) -> None:
        self._selected = selection
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str]:
        return selection.extract("\n".join(line.plain.rstrip() for line in self._lines)), "\n"

    def _marked(self, row: int, start: int, end: int) -> Content:
        """A line with what is selected of it, in a way that shows without colours too."""
        line = self._lines[row]
        return line.stylize("reverse", start, len(line) if end == -1 else end)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()


class Pane(Board, inherit_bindings=False):
    """A board beside something else: its text stands at its own left edge."""

    @property
    def indentation(self) -> int:
        return 1
