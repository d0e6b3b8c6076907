"""A row of buttons for the mouse, each with the key that does the same."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import NamedTuple

from textual.content import Content

from studykit.tui.text import acting, in_a_row, joined
from studykit.tui.widgets.painted import Rows


class Button(NamedTuple):
    """`1 Again · soon`: key, word, note. `marked`: what Enter does."""

    key: str
    word: str
    action: str
    note: str = ""
    marked: bool = False


class Buttons(Rows):
    """Buttons in one line, or in two where they do not fit; closer together before that."""

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

    def lines(self, width: int) -> int:
        """Lines that they take in a row of `width` columns, beside its padding."""
        return len(self._split(width - 4))

    def _split(self, width: int) -> tuple[Content, ...]:
        return split(self._buttons, width)


@lru_cache(maxsize=32)
def split(buttons: tuple[Button, ...], width: int) -> tuple[Content, ...]:
    """The buttons in one row, with as much air as fits, else in two with none."""
    for air in (2, 1, 0):
        line = row(buttons, air)
        if line.cell_length <= width:
            return (line,)
    half = (len(buttons) + 1) // 2
    return (line,) if half == len(buttons) else (row(buttons[:half], 0), row(buttons[half:], 0))


def row(buttons: tuple[Button, ...], air: int) -> Content:
    return in_a_row([button(one, air) for one in buttons], max(air, 1))


def button(one: Button, air: int) -> Content:
    pad = " " * air
    dot = " · " if air else " "
    style = "$chosen-text on $chosen" if one.marked else "on $block"
    mark = "↵" if one.marked and one.key.isdecimal() else ""
    rest = f" {one.word}{dot if one.note else ''}{one.note}{' ' if mark else ''}{mark}{pad}"
    label = joined((f"{pad}{one.key}", f"bold {style}"), (rest, style))
    return acting(label, one.action)
