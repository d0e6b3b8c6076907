"""A page to read: a worked solution, why a card is due, what is wrong with a deck."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import ScrollableContainer
from textual.content import Content

from studykit.tui.commands import READING, bindings
from studykit.tui.screens.base import Page
from studykit.tui.text import stacked, word
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.keyline import KeyLine
from studykit.tui.widgets.paper import Paper

Write = Callable[[int], Sequence[Content]]
"""From a width to the lines of the page."""


class Scroll(ScrollableContainer, can_focus=False, inherit_bindings=False):
    """Holds paper that may be taller or wider than the screen; its screen moves it."""

    def move(self, where: str) -> None:
        """One step, a page or all the way, without animation."""
        {
            "down": self.scroll_down,
            "up": self.scroll_up,
            "left": self.scroll_left,
            "right": self.scroll_right,
            "page_down": self.scroll_page_down,
            "page_up": self.scroll_page_up,
            "home": self.scroll_home,
            "end": self.scroll_end,
        }[where](animate=False)


class Reading(Page[None]):
    """Text under a title; scrolls, and closes with any of the leaving keys."""

    does = READING
    BINDINGS = bindings(READING)

    def __init__(self, title: str, write: Write) -> None:
        super().__init__()
        self._title = title
        self._write = write

    def compose(self) -> ComposeResult:
        yield Bar()
        with Scroll():
            yield Paper(id="page")
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Bar).show(word(self._title, "bold"))

    def on_resize(self) -> None:
        paper = self.query_one("#page", Paper)
        paper.styles.min_width = self.measure
        paper.show(stacked(self._write(self.measure)))

    def action_scroll(self, where: str) -> None:
        self.query_one(Scroll).move(where)

    def action_back(self) -> None:
        self.dismiss()
