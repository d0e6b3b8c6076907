"""A page to read: a worked solution, why a card is due, what is wrong with a deck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content

from studykit.tui.command import Command, bindings
from studykit.tui.commands import READING
from studykit.tui.screens.base import Page
from studykit.tui.text import word
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Board
from studykit.tui.widgets.keyline import KeyLine

Write = Callable[[int], Sequence[Content]]
"""From a width to the lines of the page."""


class Reading(Page[None]):
    """Text under a title; scrolls, and closes with any of the leaving keys, or with the key of the
    command that opened it."""

    does: ClassVar[tuple[Command, ...]] = READING
    BINDINGS = bindings(READING)

    def __init__(self, title: str, write: Write, opener: Command | None = None) -> None:
        super().__init__()
        self._title = title
        self._write = write
        self._opener = opener

    def compose(self) -> ComposeResult:
        yield Bar()
        yield Board()
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Bar).show(word(self._title, "bold"))

    def on_resize(self) -> None:
        self.query_one(Board).show([*self.headroom(), *self._write(self.measure)])

    def on_key(self, event: events.Key) -> None:
        if self._opener and event.key in self._opener.bound(self.keymap):
            event.stop()
            self.dismiss()

    def action_scroll(self, where: str) -> None:
        self.query_one(Board).move(where)

    def action_back(self) -> None:
        self.dismiss()
