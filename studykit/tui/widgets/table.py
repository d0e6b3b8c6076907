"""A long list with a selected row, of which only the rows in sight are ever made.

Drawn by the line API: 100 000 rows cost no more than a screenful. The owner gives the number of
rows and a function that writes one; moving repaints two rows.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from studykit.tui.text import acting, fitted, joined
from studykit.tui.widgets.painted import Acting, Painted, paint, rich

CURSOR = "bold $block-cursor-foreground on $block-cursor-background"

Write = Callable[[int, int], Content]
"""Number of a row and width → its line."""


class Table(Acting, Painted, ScrollView, can_focus=False, inherit_bindings=False):
    """Rows by number, the selected one marked by a sign as well as by colour."""

    DEFAULT_CSS = """
    Table {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size: 1 1;
        scrollbar-gutter: stable;
    }
    """
    ALLOW_SELECT = False

    def __init__(self, write: Write, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._write = write
        self._strips: dict[int, Strip] = {}
        self._width = 0
        self.total = 0
        self.at = 0
        """The selected row."""

    @property
    def room(self) -> int:
        """Columns of a row, between the sign of the cursor and an empty one at the end."""
        return self.scrollable_content_region.width - 3

    def fill(self, total: int, at: int = 0) -> None:
        """Show so many rows anew, with row `at` selected and in sight."""
        self.total = total
        self.at = max(0, min(at, total - 1))
        self._strips.clear()
        self.virtual_size = Size(self.scrollable_content_region.width, total)
        self.keep()
        self.refresh()

    def select(self, at: int) -> None:
        """Select another row and bring it into sight."""
        at = max(0, min(at, self.total - 1))
        if at == self.at:
            return
        for row in (self.at, at):
            self._strips.pop(row, None)
            self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))
        self.at = at
        self.keep()

    def move(self, where: str) -> None:
        """A row, a page or all the way."""
        page = max(1, self.size.height - 1)
        self.select(
            {
                "down": self.at + 1,
                "up": self.at - 1,
                "page_down": self.at + page,
                "page_up": self.at - page,
                "home": 0,
                "end": self.total - 1,
            }[where]
        )

    def keep(self) -> None:
        """Scroll as little as needed for the selected row to be in sight."""
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if not top <= self.at < top + height:
            row = self.at if self.at < top else self.at - height + 1
            self.scroll_to(y=row, animate=False, force=True)

    def on_resize(self) -> None:
        self._strips.clear()
        self.virtual_size = Size(self.scrollable_content_region.width, self.total)
        self.keep()

    def strips(self, rows: range) -> list[Strip]:
        top, whole = self.scroll_offset.y, self.outer_size.width
        if whole != self._width or len(self._strips) > 1000:
            self._strips.clear()
            self._width = whole
        blank = Strip.blank(whole, rich(self.visual_style))
        return [
            self._strip(row, whole) if row < self.total else blank
            for row in range(rows.start + top, rows.stop + top)
        ]

    def _strip(self, row: int, whole: int) -> Strip:
        strip = self._strips.get(row)
        if strip is None:
            line = fitted(self._write(row, self.room), self.room).pad_right(1)
            line = acting(line, f"choose({row})")
            if row == self.at:
                line = joined(("▸ ", "bold"), line).stylize_before(CURSOR)
            else:
                line = line.pad_left(2)
            strip = self._strips[row] = paint(self, line, whole)
        return strip

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()
