"""One line to type into beside a list: the arrows go on moving the list, Enter and Esc leave it."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.widgets import Input

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

    def __init__(self, *, id: str = "filter") -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        super()._on_paste(events.Paste(" ".join(event.text.split())))
        event.stop()
        event.prevent_default()
