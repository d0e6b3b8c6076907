"""A row of buttons for the mouse, each with the key that does the same."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.widget import Widget

from studykit.tui.text import acting, in_a_row, joined, stacked


@dataclass(frozen=True, slots=True)
class Button:
    """`1 Again · soon`: key, word, note. `marked`: what Enter does."""

    key: str
    word: str
    action: str
    note: str = ""
    marked: bool = False


class Buttons(Widget):
    """Buttons in one line, or in two where they do not fit; smaller before that."""

    def __init__(self) -> None:
        super().__init__()
        self._buttons: tuple[Button, ...] = ()

    def show(self, buttons: tuple[Button, ...]) -> None:
        if buttons == self._buttons:
            return
        self._buttons = buttons
        self.set_class(not buttons, "-empty")
        self._fit()
        self.refresh()

    @property
    def shown(self) -> str:
        return self.render().plain

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """Take a second line where one is too short."""
        self.set_class(len(self._rows(self.size.width)) > 1, "-two")

    def render(self) -> Content:
        return stacked(self._rows(self.size.width))

    def _rows(self, width: int) -> list[Content]:
        for roomy in (True, False):
            row = self._row(self._buttons, roomy)
            if row.cell_length <= width:
                return [row]
        half = (len(self._buttons) + 1) // 2
        if half == len(self._buttons):
            return [row]
        return [self._row(self._buttons[:half], False), self._row(self._buttons[half:], False)]

    def _row(self, buttons: tuple[Button, ...], roomy: bool) -> Content:
        return in_a_row([self._button(one, roomy) for one in buttons], 2 if roomy else 1)

    @staticmethod
    def _button(one: Button, roomy: bool) -> Content:
        pad = "  " if roomy else ""
        dot = " · " if roomy else " "
        style = "$chosen-text on $chosen" if one.marked else "on $block"
        mark = "↵" if one.marked and roomy and one.key.isdecimal() else ""
        label = joined(
            (pad, ""),
            (one.key, "bold"),
            (f" {one.word}", "bold" if one.marked else ""),
            (f"{dot}{one.note}" if one.note else "", ""),
            (f" {mark}" if mark else "", ""),
            (pad, ""),
        )
        return acting(label.stylize_before(style), one.action)

    async def on_click(self, event: events.Click) -> None:
        action = event.style.meta.get("act")
        if action:
            event.stop()
            await self.run_action(f"screen.{action}")
