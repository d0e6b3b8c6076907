"""A row of buttons for the mouse, each with the key that does the same."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from textual.content import Content

from studykit.tui.text import acting, in_a_row, joined
from studykit.tui.widgets.painted import Rows


@dataclass(frozen=True, slots=True)
class Button:
    """`1 Again · soon`: key, word, note. `marked`: what Enter does."""

    key: str
    word: str
    action: str
    note: str = ""
    marked: bool = False


class Buttons(Rows):
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

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """Take a second line where one is too short."""
        self.set_class(len(self._split(self.size.width)) > 1, "-two")

    def says(self) -> Hashable:
        return self._buttons

    def rows(self, width: int) -> list[Content]:
        return [row.pad_left(max(0, (width - row.cell_length) // 2)) for row in self._split(width)]

    def _split(self, width: int) -> list[Content]:
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
        rest = f" {one.word}{dot if one.note else ''}{one.note}{' ' if mark else ''}{mark}{pad}"
        label = joined((f"{pad}{one.key}", f"bold {style}"), (rest, style))
        return acting(label, one.action)
