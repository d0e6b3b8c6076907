"""A list with the selected row in full beside it, or below it where columns are few.

Browse, the mistake log, settings and keys are such pages: each says how many rows there are, how
one is written, and what stands beside it.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from studykit.tui.command import Command, key_name
from studykit.tui.screens.base import Page
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Pane
from studykit.tui.widgets.keyline import KeyLine
from studykit.tui.widgets.table import Table

Result = TypeVar("Result")
BESIDE = 100
"""Columns from which the selected row stands in full beside the list."""
BELOW = 20
"""Rows from which it stands below the list."""
TYPING = ("enter", "escape", "tab", "f1", "f8")
"""Keys that reach a command while something is typed."""

MOVING = (
    Command("down", "down,j", "Down", action="move('down')", group="move"),
    Command("up", "up,k", "Up", action="move('up')", group="move"),
    Command("page-down", "pagedown", "A page down", action="move('page_down')", group="page"),
    Command("page-up", "pageup", "A page up", action="move('page_up')", group="page"),
    Command("top", "home,g", "To the top", action="move('home')", group="ends"),
    Command("bottom", "end,G", "To the end", action="move('end')", group="ends"),
    Command("read-on", "J,ctrl+down", "Read on", action="read('down')", group="read"),
    Command("read-back", "K,ctrl+up", "Read back", action="read('up')", group="read"),
    Command("right", "right", "Read to the right", action="read('right')", group="sideways"),
    Command("left", "left", "Read to the left", action="read('left')", group="sideways"),
)


class Behind(Pane):
    """Its text stands under that of the rows, which is behind the sign of the cursor."""

    @property
    def indentation(self) -> int:
        return 2


class Listing(Page[Result]):
    """The list, its heads, and the pane of the selected row."""

    DEFAULT_CSS = """
    Listing {
        #what { height: 1fr; layout: vertical; }
        #what.-beside { layout: horizontal; }
        #list { width: 1fr; }
        #pane { display: none; width: 1fr; background: $surface; }
        #what.-beside #pane, #what.-below #pane { display: block; }
        #what.-empty #pane { display: none; }
        #heads { height: 1; }
        #said { height: 0; }
    }
    """

    fits: ClassVar[bool] = False
    """Whether a short list leaves its room to the pane below; one that narrows at every key does
    not, for then the pane would jump."""

    def compose(self) -> ComposeResult:
        self.bar = Bar()
        self.said, self.heads = Behind(id="said"), Behind(id="heads")
        self.table, self.pane = Table(self.row, id="list"), Behind(id="pane")
        self._shown: tuple[Hashable, int] = ("", 0)
        yield self.bar
        yield from self.above()
        yield self.said
        yield self.heads
        with Container(id="what"):
            yield self.table
            yield self.pane
        yield KeyLine()

    # What a page says of itself.

    def above(self) -> list[Widget]:
        """What stands between the bar and the list."""
        return []

    def head(self, width: int) -> Content:
        """The names of the columns."""
        raise NotImplementedError

    def row(self, row: int, width: int) -> Content:
        """One row."""
        raise NotImplementedError

    def full(self, row: int, width: int) -> list[Content]:
        """The selected row in full."""
        raise NotImplementedError

    def state(self, row: int) -> Hashable:
        """Whatever the full text of a row depends on, besides the width."""
        return row

    def action_open(self) -> None:
        raise NotImplementedError

    @property
    def typing(self) -> bool:
        """Whether something is typed above the list or into it."""
        return False

    def key_of(self, command: Command) -> str:
        """While something is typed, letters belong to it."""
        if not self.typing:
            return super().key_of(command)
        keys = command.bound(self.keymap)
        return next((key_name(key) for key in keys if key in TYPING), "")

    # Drawing.

    def on_resize(self) -> None:
        width, height = self.app.size
        what = self.query_one("#what")
        what.set_class(width >= BESIDE, "-beside")
        what.set_class(width < BESIDE and height >= BELOW, "-below")
        self.call_after_refresh(self._laid_out)

    def _laid_out(self) -> None:
        self.look_again()

    def look_again(self) -> None:
        """Draw heads and pane, whatever stands there."""
        self._shown = ("", 0)
        width = self.table.room
        if width > 0:
            self.heads.show([self.head(width)])
        self.look()

    def say(self, rows: list[Content]) -> None:
        """Say something above the list; nothing takes it away."""
        self.said.display = bool(rows)
        self.said.styles.height = len(rows)
        self.said.show(rows)

    def fill(self, total: int, at: int) -> None:
        """Show so many rows, this one selected."""
        if self.fits:
            self.table.styles.max_height = total or None
            self.query_one("#what").set_class(not total, "-empty")
        self.table.fill(total, at)
        self.look_again()

    @property
    def at(self) -> int:
        """The selected row."""
        return self.table.at

    def look(self) -> None:
        """Show the selected row in full, once the list has been drawn."""
        self.keys_changed()
        if self.pane.display:
            self.call_after_refresh(self._show_full)

    def _show_full(self) -> None:
        width = self.pane.size.width - 4
        if width < 8 or not self.is_current:
            return
        if self.at >= self.table.total:
            self._shown = ("", 0)
            self.pane.show([])
            return
        state = (self.state(self.at), width)
        if state != self._shown:
            self._shown = state
            self.pane.show(self.full(self.at, width))
            self.pane.scroll_to(0, 0, animate=False)

    # Moving.

    def action_move(self, where: str) -> None:
        self.table.move(where)
        self.look()

    def action_choose(self, row: int) -> None:
        """A click on a row; on the selected one it opens."""
        if row == self.table.at:
            self.action_open()
        else:
            self.table.select(row)
            self.look()

    def action_read(self, where: str) -> None:
        self.pane.move(where)

    def action_back(self) -> None:
        self.dismiss()
