"""The cells of a matrix while it is typed: texts, a cursor inside one of them, and undo.

Knows nothing of the screen; `grid` draws it and turns keys into these moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

KEPT = 200
"""Changes that can be taken back."""
LONGEST = 200
"""Characters in one cell."""

Texts = tuple[tuple[str, ...], ...]


class Cells:
    """Rows and columns of texts; `row`, `column` and `at` say where the cursor stands."""

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self.texts: list[list[str]] = [[""] * columns for _ in range(rows)]
        self.row = self.column = self.at = 0
        self._before: list[tuple[Texts, int, int, int]] = []

    @property
    def text(self) -> str:
        """What stands in the cell of the cursor."""
        return self.texts[self.row][self.column]

    @property
    def all(self) -> Texts:
        return tuple(map(tuple, self.texts))

    @property
    def last(self) -> bool:
        """Whether the cursor stands in the last cell."""
        return (self.row, self.column) == (self.rows - 1, self.columns - 1)

    def load(self, cells: Sequence[Sequence[str]]) -> None:
        """Begin with these texts, the cursor behind what was typed; nothing can be taken back."""
        self.texts = [list(row) for row in cells]
        self._before.clear()
        self.go(*next(self.empty(), (self.rows - 1, self.columns - 1)))

    def empty(self) -> Iterator[tuple[int, int]]:
        """The places of empty cells, in order."""
        for row, texts in enumerate(self.texts):
            for column, text in enumerate(texts):
                if not text.strip():
                    yield row, column

    # Changing.

    def insert(self, text: str) -> None:
        here = self.text
        self._put((here[: self.at] + text + here[self.at :])[:LONGEST], self.at + len(text))

    def rub_out(self) -> None:
        """The character before the cursor; at the start of a cell, back to the one before."""
        if self.at:
            self._put(self.text[: self.at - 1] + self.text[self.at :], self.at - 1)
        else:
            self.previous()

    def delete(self) -> None:
        if self.at < len(self.text):
            self._put(self.text[: self.at] + self.text[self.at + 1 :], self.at)

    def clear(self) -> None:
        """Empty the cell."""
        if self.text:
            self._put("", 0)

    def fill(self, cells: Sequence[Sequence[str]], row: int = 0, column: int = 0) -> None:
        """Put a block of texts, its corner at a place; the cursor goes to its end."""
        self._remember()
        for down, texts in enumerate(cells):
            self.texts[row + down][column : column + len(texts)] = texts
        self.go(row + len(cells) - 1, column + len(cells[0]) - 1)

    def undo(self) -> bool:
        """Take back the last change; False where there is none."""
        if not self._before:
            return False
        texts, self.row, self.column, self.at = self._before.pop()
        self.texts = [list(row) for row in texts]
        return True

    def _put(self, text: str, at: int) -> None:
        self._remember()
        self.texts[self.row][self.column] = text
        self.at = min(at, len(text))

    def _remember(self) -> None:
        self._before.append((self.all, self.row, self.column, self.at))
        del self._before[:-KEPT]

    # Moving.

    def go(self, row: int, column: int, at: int | None = None) -> None:
        """To a cell; behind its text unless told where."""
        self.row = max(0, min(row, self.rows - 1))
        self.column = max(0, min(column, self.columns - 1))
        self.at = len(self.text) if at is None else max(0, min(at, len(self.text)))

    def left(self) -> None:
        if self.at:
            self.at -= 1
        elif self.row or self.column:
            self.previous()

    def right(self) -> None:
        if self.at < len(self.text):
            self.at += 1
        elif not self.last:
            self.next()
            self.at = 0

    def up(self) -> None:
        self.go(self.row - 1, self.column)

    def down(self) -> None:
        self.go(self.row + 1, self.column)

    def next(self) -> None:
        """The cell after this one, row by row; round to the first."""
        place = self.row * self.columns + self.column + 1
        self.go(*divmod(place % (self.rows * self.columns), self.columns))

    def previous(self) -> None:
        """The cell before this one; the first stays."""
        place = max(0, self.row * self.columns + self.column - 1)
        self.go(*divmod(place, self.columns))

    def next_row(self) -> None:
        """The first cell of the next row."""
        if self.row < self.rows - 1:
            self.go(self.row + 1, 0)

    def home(self) -> None:
        """The start of the cell; from there the first cell of the row."""
        self.go(self.row, self.column if self.at else 0, 0)

    def end(self) -> None:
        """The end of the cell; from there the last cell of the row."""
        self.go(self.row, self.column if self.at < len(self.text) else self.columns - 1)
