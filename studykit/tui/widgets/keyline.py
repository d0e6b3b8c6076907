"""The line of keys at the bottom: what can be done at this moment, each word clickable."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.content import Content

from studykit.tui.command import grouped, span
from studykit.tui.text import acting, in_a_row, joined
from studykit.tui.widgets.painted import Rows

if TYPE_CHECKING:
    from studykit.tui.screens.base import Page

MOST = 6
"""Keys shown where room is short; elsewhere as many as fit."""


class Entry(NamedTuple):
    """One key and its word; `action` is empty for a group of keys."""

    keys: str
    label: str
    action: str


class KeyLine(Rows):
    """Reads the commands of its screen; `look()` after a change of state is all it needs."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()

    def on_mount(self) -> None:
        self.look()

    def look(self) -> None:
        """Ask the screen what makes sense, and draw that if it has changed."""
        page = cast("Page[object]", self.screen)
        entries = []
        for group in grouped(page.offered()):
            first = page.key_of(group[0])
            many = len(group) > 1
            keys = span(first, page.key_of(group[-1])) if many else first
            entries.append(Entry(keys, page.label_of(group[0]), "" if many else group[0].runs))
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self.refresh()

    def says(self) -> Hashable:
        return self._entries

    def rows(self, width: int) -> list[Content]:
        entries = list(self._entries)
        gap = 2 if width >= 56 else 1
        if gap == 1:
            entries = entries[: MOST - 1] + entries[MOST - 1 :][-1:]
        shown = [self._entry(one) for one in entries]
        while len(shown) > 1 and sum(one.cell_length + gap for one in shown) - gap > width:
            del shown[-2]
        return [in_a_row(shown, gap)]

    @staticmethod
    def _entry(entry: Entry) -> Content:
        shown = joined((entry.keys, "bold"), (f" {entry.label}", "$quiet"))
        return acting(shown, entry.action) if entry.action else shown
