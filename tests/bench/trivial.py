"""The yardstick: the least Textual app that shows a line of text and swaps it on a key."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Static


class Trivial(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [("n", "swap", "Next"), ("q", "quit", "Quit")]
    turn = 0

    def compose(self) -> ComposeResult:
        yield Static("yardstick 0")

    def action_swap(self) -> None:
        self.turn += 1
        self.query_one(Static).update(f"yardstick {self.turn} " + "·" * (self.turn % 7))


if __name__ == "__main__":
    Trivial().run()
