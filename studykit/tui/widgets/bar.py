"""The line at the top: where one is on the left, what is left to do on the right."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from studykit.tui.text import EMPTY, fitted, spread


class Bar(Widget):
    """One line; changing it lays nothing out again."""

    def __init__(self) -> None:
        super().__init__()
        self._left = EMPTY
        self._right = EMPTY

    def show(self, left: Content, right: Content = EMPTY) -> None:
        if left.is_same(self._left) and right.is_same(self._right):
            return
        self._left, self._right = left, right
        self.refresh()

    def render(self) -> Content:
        width = self.size.width
        if self._right.cell_length > width - 4:
            return fitted(self._right, width)
        return spread(self._left, self._right, width)
