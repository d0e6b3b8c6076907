"""The line at the top: where one is on the left, what is left to do on the right."""

from __future__ import annotations

from collections.abc import Hashable

from textual.content import Content

from studykit.tui.text import EMPTY, fitted, spread
from studykit.tui.widgets.painted import Rows


class Bar(Rows):
    """One line; changing it lays nothing out again."""

    def __init__(self) -> None:
        super().__init__()
        self._left = EMPTY
        self._right = EMPTY
        self._turn = 0

    def show(self, left: Content, right: Content = EMPTY) -> None:
        if left.is_same(self._left) and right.is_same(self._right):
            return
        self._left, self._right = left, right
        self._turn += 1
        self.refresh()

    def says(self) -> Hashable:
        return self._turn

    def rows(self, width: int) -> list[Content]:
        if self._right.cell_length > width - 4:
            return [fitted(self._right, width)]
        return [spread(self._left, self._right, width)]
