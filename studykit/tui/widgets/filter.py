"""One line to type into beside a list: the arrows go on moving the list, Enter and Esc leave it."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.binding import Binding
from textual.widgets import Input

from studykit.tui.widgets.handing import handed_on

MOVES = {"up": "up", "down": "down", "pageup": "page_up", "pagedown": "page_down"}


class Filter(Input):
    """Narrows the list of its screen at every key."""

    BINDINGS = [  # noqa: RUF012
        Binding(key, f"screen.move('{where}')", show=False) for key, where in MOVES.items()
    ]
    DEFAULT_CSS = """
    Filter {
        height: 1;
        padding: 0 1;
        background: $block;
        &.-textual-compact { padding: 0 1; }
        &:focus { background: $block; background-tint: $foreground 0%; }
    }
    """

    def __init__(
        self,
        entered: Callable[[], None],
        *,
        id: str = "filter",  # noqa: A002  (Textual's name)
    ) -> None:
        super().__init__(id=id, compact=True, select_on_focus=False)
        self._entered = entered
        """Called at Enter."""
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        """Enter at once, and not by a message: a letter typed on its heels is a command."""
        if handed_on(self, event):
            pass
        elif event.key == "enter":
            self._entered()
        else:
            return
        event.stop()
        event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        super()._on_paste(events.Paste(" ".join(event.text.split())))
        event.stop()
        event.prevent_default()
