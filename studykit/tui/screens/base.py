"""What every screen has: a line at the top, a line of keys at the bottom, and commands between."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from shutil import get_terminal_size
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.actions import SkipAction, parse
from textual.content import Content
from textual.errors import NoWidget
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget

from studykit.tui.command import Command
from studykit.tui.commands import EVERYWHERE, HELP
from studykit.tui.text import EMPTY, measure, tell
from studykit.tui.widgets.board import Board
from studykit.tui.widgets.keyline import KeyLine

if TYPE_CHECKING:
    from studykit.tui.app import StudyApp

Result = TypeVar("Result")
WIDTHS = [(0, "-narrow"), (60, "-normal")]
"""Columns from which a screen has a class of that name."""
HEIGHTS = [(0, "-short"), (20, "-tall")]
"""The same for rows."""
parsed = lru_cache(maxsize=256)(parse)


class Page(Screen[Result]):
    """A full screen of ours. `does` lists its commands; `check_action` says which make sense."""

    does: ClassVar[tuple[Command, ...]] = ()
    about: ClassVar[str] = ""
    """What its help says below the keys, in Markdown."""
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        # Textual would give a screen these classes at its first resize, and then style it again.
        width, height = get_terminal_size()
        wide, tall = width >= WIDTHS[1][0], height >= HEIGHTS[1][0]
        super().__init__(classes=f"{WIDTHS[wide][1]} {HEIGHTS[tall][1]}")

    def on_mount(self) -> None:
        """Screens of this class have their own `on_mount` beside this one: Textual calls both."""
        if self.keymap:
            from studykit.tui.keymap import rekey

            rekey(self, self.does, self.keymap)

    @property
    def studio(self) -> StudyApp:
        """The app, with its collection."""
        return cast("StudyApp", self.app)

    @property
    def keymap(self) -> Mapping[str, str]:
        """Keys the learner has changed, by command id."""
        return self.studio.keymap_by_id

    @property
    def measure(self) -> int:
        """Columns for running text on this terminal."""
        return measure(self.app.size.width)

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """What the mouse is on, and where in its text: a board knows that by itself."""
        try:
            widget, region = self.get_widget_at(x, y)
        except NoWidget:
            return None, None
        if isinstance(widget, Board):
            return widget, widget.place_at(x - region.x, y - region.y)
        return super().get_widget_and_offset_at(x, y)

    def action_copy_text(self) -> None:
        """Copy what was selected with the mouse; a field that has a selection copies its own."""
        text = self.get_selected_text()
        if text is None:
            raise SkipAction
        # All of a board begins with the empty line above its text.
        self.app.copy_to_clipboard(text.strip("\n"))
        tell(self.app, "Copied.")

    def headroom(self) -> list[Content]:
        """An empty line above the text, where there is room for it."""
        return [] if self.short else [EMPTY]

    @property
    def short(self) -> bool:
        """Whether rows are too few for empty ones."""
        return self.app.size.height < 20

    def allowed(self, command: Command) -> bool:
        """Whether a command makes sense at this moment."""
        namespace, name, parameters = parsed(command.runs)
        return bool((self.app if namespace == "app" else self).check_action(name, parameters))

    def key_of(self, command: Command) -> str:
        """The key to show for a command at this moment; empty where no key reaches it."""
        return command.shown(self.keymap)[0]

    def label_of(self, command: Command) -> str:
        """Its word in the line of keys at this moment."""
        return command.footer

    def offered(self) -> list[Command]:
        """Commands for the line of keys, in their order; help stands last."""
        groups = {one.group for one in self.does if one.footer and one.group}
        offered: list[Command] = []
        refused = set[str]()
        for one in self.does:
            # Where the first of a group makes no sense, none of it does; this runs at every key.
            if not (one.footer or one.group in groups) or (one.group and one.group in refused):
                continue
            if not self.allowed(one):
                refused.add(one.group)
            elif self.key_of(one):
                offered.append(one)
        return [*offered, HELP]

    def every_command(self) -> list[Command]:
        """All commands of this screen and of the app."""
        return [*self.does, *EVERYWHERE]

    def keys_changed(self) -> None:
        """Draw the line of keys again after a change of what makes sense."""
        self.query_one(KeyLine).look()
