"""A list of hundreds: what is typed narrows it at once, and letters are commands once one is in it.

Browse and the keys are such lists; each says what a filter leaves and what it takes.
"""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Input

from studykit.tui.command import Command
from studykit.tui.commands import BACK
from studykit.tui.screens.listing import BESIDE, Listing, Result
from studykit.tui.widgets.filter import Filter

FILTER = Command(
    "filter",
    "slash",
    "Filter",
    footer="Filter",
    more="Narrows the list while you type; Enter or Esc leads to the list.",
)


class Searched(Listing[Result]):
    """A list with a filter above, where typing begins."""

    DEFAULT_CSS = """
    Searched Filter.-textual-compact { padding: 0 2; }
    """
    query_text = ""
    """What stands in the filter."""
    takes = "words"
    """What may be typed, for where there is room; may name the key of {help}."""

    def search(self) -> None:
        """Show what the filter leaves, from the top."""
        raise NotImplementedError

    def above(self) -> list[Widget]:
        self.line = Filter(self.to_the_list)
        return [self.line]

    def on_mount(self) -> None:
        self.line.value = self.query_text
        self.set_focus(self.line)

    def on_resize(self) -> None:
        self._invite()
        super().on_resize()

    def _invite(self) -> None:
        """Say in the empty filter what it takes, or the key that leads into it."""
        keys = {one.id: self.key_of(one) for one in self.every_command()}
        what, by = ("Filter", " by") if self.typing else (f"{keys['filter']} filters", ":")
        if self.app.size.width >= BESIDE // 2:
            what = f"{what}{by} {self.takes.format(help=keys['help'])}"
        self.line.placeholder = what

    # Typing.

    @property
    def typing(self) -> bool:
        return self.focused is self.line

    def key_of(self, command: Command) -> str:
        """Enter ends typing, whatever else it does."""
        key = super().key_of(command)
        return "" if self.typing and key == "Enter" else key

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value == "/":
            # Out of habit: the filter is open already.
            self.line.value = ""
        elif event.value != self.query_text:
            self.query_text = event.value
            self.search()

    def on_descendant_focus(self) -> None:
        self._invite()
        self.keys_changed()

    def on_descendant_blur(self) -> None:
        self._invite()
        self.keys_changed()

    def to_the_list(self) -> None:
        """Letters are commands from here on."""
        self.set_focus(None)

    def action_filter(self) -> None:
        # At once: a letter typed on its heels is no command.
        self.set_focus(self.line)
        self.line.cursor_position = len(self.line.value)
        self.keys_changed()

    # Moving.

    def label_of(self, command: Command) -> str:
        if command is BACK and self.typing and self.query_text:
            return "To the list"
        return super().label_of(command)

    def action_choose(self, row: int) -> None:
        self.to_the_list()
        super().action_choose(row)

    def action_back(self) -> None:
        """Out of what was typed first, then back."""
        if self.typing and self.query_text:
            self.to_the_list()
        else:
            super().action_back()
