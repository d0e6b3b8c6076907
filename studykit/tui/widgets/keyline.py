"""The line of keys at the bottom: what can be done at this moment, each word clickable."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.content import Content
from textual.widget import Widget

from studykit.tui.commands import Command, grouped
from studykit.tui.text import acting, in_a_row, joined

if TYPE_CHECKING:
    from studykit.tui.screens.base import Page

MOST = 6
"""Keys shown where room is short; elsewhere as many as fit."""


class KeyLine(Widget):
    """Reads the commands of its screen; `refresh()` after a change of state is all it needs."""

    def render(self) -> Content:
        page = cast("Page[object]", self.screen)
        width = self.size.width
        entries = [self._entry(group) for group in grouped(page.offered())]
        if width < 60:
            entries = entries[: MOST - 1] + entries[MOST - 1 :][-1:]
        gap = 2 if width >= 60 else 1
        while len(entries) > 1 and self._length(entries, gap) > width:
            del entries[-2]
        return in_a_row(entries, gap)

    @staticmethod
    def _length(entries: list[Content], gap: int) -> int:
        return sum(one.cell_length for one in entries) + gap * (len(entries) - 1)

    def _entry(self, group: tuple[Command, ...]) -> Content:
        page = cast("Page[object]", self.screen)
        first, last = page.key_of(group[0]), page.key_of(group[-1])
        keys = first if len(group) == 1 else f"{first}-{last}"
        entry = joined((keys, "bold"), (f" {page.label_of(group[0])}", "$quiet"))
        return entry if len(group) > 1 else acting(entry, group[0].runs)

    async def on_click(self, event: events.Click) -> None:
        action = event.style.meta.get("act")
        if action:
            event.stop()
            await self.run_action(action if action.startswith("app.") else f"screen.{action}")
