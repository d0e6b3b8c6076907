"""A row of buttons for the mouse, each with the key that does the same."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

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
        return [one.pad_left(max(0, (width - one.cell_length) // 2)) for one in self._split(width)]

    def _split(self, width: int) -> tuple[Content, ...]:
        return split(self._buttons, width)


@lru_cache(maxsize=32)
def split(buttons: tuple[Button, ...], width: int) -> tuple[Content, ...]:
    """The buttons in one row where they fit, roomy or small, else in two."""
    for roomy in (True, False):
        line = row(buttons, roomy)
        if line.cell_length <= width:
            return (line,)
    half = (len(buttons) + 1) // 2
    return (
        (line,)
        if half == len(buttons)
        else (row(buttons[:half], False), row(buttons[half:], False))
    )


def row(buttons: tuple[Button, ...], roomy: bool) -> Content:
    return in_a_row([button(one, roomy) for one in buttons], 2 if roomy else 1)


def button(one: Button, roomy: bool) -> Content:
    pad = "  " if roomy else ""
    dot = " · " if roomy else " "
    style = "$chosen-text on $chosen" if one.marked else "on $block"
    mark = "↵" if one.marked and one.key.isdecimal() else ""
    rest = f" {one.word}{dot if one.note else ''}{one.note}{' ' if mark else ''}{mark}{pad}"
    label = joined((f"{pad}{one.key}", f"bold {style}"), (rest, style))
    return acting(label, one.action)
