"""The answer field of a card: which one it is, what stands in it, and what that reads as so far.

A field is made when it is first needed. What is typed belongs to the sitting, so that a resize,
another screen or another field loses none of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual.content import Content

from studykit.tui.screens.base import Page
from studykit.tui.text import EMPTY, joined, lines, margin, word, wrapped
from studykit.tui.widgets.fields import AnswerLine, AnswerRows

if TYPE_CHECKING:
    from textual.timer import Timer

    from studykit.study.reading import Reading
    from studykit.tui.showing import Entry, Showing, Sitting
    from studykit.tui.widgets.grid import AnswerGrid

    Field = AnswerLine | AnswerRows | AnswerGrid

FORMULA_ROWS = 3
"""Rows kept free for a formula in two dimensions, so that nothing moves while it is typed."""
SOON = 2.0
"""Seconds from a first key to putting down what was typed since."""
PLACEHOLDERS = {
    "line": "your answer, then Enter",
    "rows": "one row a line; an empty row or F5 checks; F6: a grid",
    "notes": "think aloud here (t): it is kept with your answer",
}


class TypingPage(Page[None]):
    """A page over a sitting in which an answer may be typed."""

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self.sitting = sitting
        self.left_for: str | None = None
        """The card whose field was left with Esc."""
        self.fields: dict[str, Field] = {}
        self._putting_down: Timer | None = None

    @property
    def showing(self) -> Showing:
        showing = self.sitting.showing
        if showing is None:
            raise RuntimeError("the study screen is open without a question")
        return showing

    @property
    def decimal_comma(self) -> bool:
        """Whether the learner writes a comma for the decimal point."""
        return self.studio.collection.settings.decimal_comma

    async def show(self) -> None:
        """Draw the current state."""
        raise NotImplementedError

    def read_as(self) -> None:
        """Draw what the text in the field reads as."""
        raise NotImplementedError

    # The field.

    async def field(self) -> Field | None:
        """The field to type in, with what was typed before; None where nothing is typed."""
        showing = self.showing
        wanted = showing.entry
        for entry, field in self.fields.items():
            if field.display != (entry == wanted):
                field.display = entry == wanted
        if not wanted:
            if self.focused is not None:
                self.set_focus(None)
            return None
        if wanted == "grid" and not self._cells_ready():
            wanted = showing.entry
        found = self.fields.get(wanted)
        if found is None:
            found = self.fields[wanted] = made(wanted)
            await self.mount(found, after="#question")
        found.styles.width = self.measure
        found.styles.margin = (0, 0, 0, margin(self.app.size.width))
        self._load(found, wanted)
        if wanted != "notes" and self.left_for != showing.question.card:
            found.focus()
        return found

    def _cells_ready(self) -> bool:
        """Part what was typed as rows into cells; where that cannot be done it stays as rows."""
        draft = self.showing.draft
        if draft.cells or not draft.typed.strip():
            return True
        from studykit.answers.grids import split_loosely

        cells = split_loosely(draft.typed, self._shape(), decimal_comma=self.decimal_comma)
        draft.cells = cells or ()
        draft.as_grid = cells is not None
        return draft.as_grid

    def _shape(self) -> tuple[int, int]:
        shape = self.showing.asked.shape
        return (shape[0], shape[1]) if len(shape) == 2 else (1, shape[-1])

    def _load(self, field: Field, entry: str) -> None:
        showing = self.showing
        if isinstance(field, AnswerLine):
            field.placeholder = PLACEHOLDERS[entry]
            if field.value != showing.draft.typed:
                field.load(showing.draft.typed)
        elif isinstance(field, AnswerRows):
            field.placeholder = word(PLACEHOLDERS[entry])
            text = showing.notes if entry == "notes" else showing.draft.typed
            field.styles.height = self.field_rows()
            if field.text != text:
                field.load_text(text)
                field.move_cursor(field.document.end)
        else:
            field.styles.height = self.field_rows()
            field.load(self._shape(), showing.draft.cells)

    def field_rows(self) -> int:
        """Rows of the answer field: of a matrix as many as it has, and an empty one to check."""
        entry = self.showing.entry
        if entry == "line":
            return 1
        if entry == "notes":
            return 2 if self.short else min(10, self.app.size.height // 3)
        rows = self._shape()[0]
        if entry == "grid":
            return min(3 if self.short else 10, rows)
        return max(2, min(3, rows)) if self.short else max(3, min(9, rows + 1))

    @property
    def typing(self) -> bool:
        """Whether keys go to the field."""
        return self.focused is not None and self.focused in self.fields.values()

    # What stands in it.

    def keep(self) -> None:
        """Put what stands in the field into the sitting."""
        showing, entry = self.showing, self.showing.entry
        field = self.fields.get(entry)
        # Not `display`: when the app is left, the field is closed already and still holds its text.
        if field is None or field.styles.display == "none":
            return
        if entry == "notes":
            showing.notes = cast(AnswerRows, field).text
            self.sitting.session.note(showing.notes)
        elif isinstance(field, AnswerLine):
            showing.draft.typed = field.value
        elif isinstance(field, AnswerRows):
            showing.draft.typed = field.text
        else:
            showing.draft.cells = field.cells.all

    @property
    def typed(self) -> str:
        """The answer as it stands in the field, as text."""
        self.keep()
        return self.showing.draft.text(decimal_comma=self.decimal_comma)

    def put_down(self) -> None:
        """Have the session keep what is typed so far, outside the log."""
        self._putting_down = None
        if self.sitting.showing is not None:
            self.keep()
            typed = self.showing.typed(decimal_comma=self.decimal_comma)
            self.sitting.session.put_down(typed)

    def _put_down_soon(self) -> None:
        """Once for all that is typed within a moment: a key press itself writes nothing."""
        if self._putting_down is None:
            self._putting_down = self.set_timer(SOON, self.put_down)

    def on_unmount(self) -> None:
        self.put_down()

    async def switch_entry(self) -> str:
        """From grid to rows or back, keeping what was typed; a sentence where it cannot be."""
        showing = self.showing
        draft, text = showing.draft, self.typed
        if draft.as_grid:
            draft.typed, draft.as_grid = text, False
        else:
            draft.cells, draft.as_grid = (), True
            if not self._cells_ready():
                return self._unlike(text)
        await self.show()
        return ""

    def _unlike(self, text: str) -> str:
        """Why what was typed as rows does not go into the grid."""
        from studykit.answers import AnswerError
        from studykit.answers.grids import split_cells
        from studykit.answers.scanning import Expected

        asked = "×".join(map(str, self._shape()))
        try:
            found = split_cells(text, Expected(self.decimal_comma, self._shape()))
        except AnswerError as error:
            return f"This does not go into a {asked} grid: {error.cause}"
        return f"Yours is {len(found)}×{len(found[0])}, the grid {asked}; it stays as rows."

    def faults(self) -> dict[tuple[int, int], str]:
        """Cells of the grid that cannot be read, with the reason."""
        found = {}
        for row, texts in enumerate(self.showing.draft.cells):
            for column, text in enumerate(texts):
                cause = self._cell(text).cause if text.strip() else "This cell is empty."
                if cause:
                    found[row, column] = cause
        return found

    def _cell(self, text: str) -> Reading:
        from studykit.study.reading import read_cell

        return read_cell(text, decimal_comma=self.decimal_comma)

    def complain(self, faults: dict[tuple[int, int], str]) -> None:
        """Mark these cells of the grid and go to the first."""
        from studykit.tui.widgets.grid import AnswerGrid

        grid = self.fields["grid"]
        if isinstance(grid, AnswerGrid):
            grid.complain(faults)

    # What it reads as.

    def reading_lines(self) -> list[Content]:
        """The rows under the field: what the text reads as, or where reading stopped."""
        entry, attempt = self.showing.entry, self.showing.draft.attempt
        if entry in ("", "notes") or (
            attempt and (attempt.reading or attempt.position is not None)
        ):
            return []
        found = self._cell_lines() if entry == "grid" else self._text_lines(entry)
        return found + [EMPTY] * (self._room() - len(found))

    def _room(self) -> int:
        """Rows that are kept for it."""
        return FORMULA_ROWS if self.showing.asked.formula else 1

    def _text_lines(self, entry: Entry) -> list[Content]:
        self.keep()
        text = self.showing.draft.typed
        if not text.strip():
            return []
        reading: Reading = self.sitting.session.reading(text)
        if reading.says:
            return quietly(reading.says, self.measure)
        if reading.position is None or entry == "rows":
            return []
        before = word(text[: reading.position]).cell_length
        # A text wider than its field has moved in it.
        narrow = word(text).cell_length < self.measure - 2
        mark = " " * (1 + before) + "^ " if narrow else " "
        if len(mark) + word(reading.cause).cell_length <= self.measure:
            return [joined((mark, "$quiet"), word(reading.cause, "$quiet"))]
        rows = [row.stylize_before("$quiet") for row in wrapped(reading.cause, self.measure - 1)]
        return [joined((mark, "$quiet")), *(row.pad_left(1) for row in rows)][: self._room()]

    def _cell_lines(self) -> list[Content]:
        from studykit.tui.widgets.grid import AnswerGrid

        grid = self.fields["grid"]
        if not isinstance(grid, AnswerGrid):
            return []
        cells = grid.cells
        reading = self._cell(cells.text)
        where = f"row {cells.row + 1}, column {cells.column + 1}"
        told = self.showing.draft.attempt is not None
        fault = "" if told else grid.faults.get((cells.row, cells.column), "")
        if reading.says:
            lead = word(f" {where}: ", "$quiet")
            rows = lines(reading.says, self.measure - lead.cell_length)
            return [lead + rows[0]] if len(rows) == 1 else quietly(reading.says, self.measure)
        return [word(f" {where}{': ' if fault else ''}{fault}", "$quiet")]

    async def on_input_changed(self) -> None:
        self._put_down_soon()
        await self._edited()

    async def on_text_area_changed(self) -> None:
        self._put_down_soon()
        await self._edited()

    async def on_grid_changed(self) -> None:
        self._put_down_soon()
        self.keep()
        await self._other_text()

    async def _edited(self) -> None:
        before = self.showing.draft.typed.rstrip()
        if self.showing.entry in ("line", "rows") and self.typed.rstrip() != before:
            await self._other_text()

    def _reads(self) -> bool:
        """Whether what is typed can be read; where shapes do not fit, that is no news."""
        self.keep()
        draft = self.showing.draft
        if draft.as_grid or draft.attempt is None or draft.attempt.helped:
            return False
        return bool(self.sitting.session.reading(draft.typed).says)

    async def _other_text(self) -> None:
        """The caret points into a text that is no more; the sentence still helps, until the text
        can be read."""
        showing = self.showing
        attempt = showing.draft.attempt
        if attempt is not None and attempt.result == "unreadable" and self._reads():
            showing.draft.attempt = None
            await self.show()
        elif attempt is not None and (attempt.position is not None or attempt.reading):
            showing.draft.attempt = replace(attempt, position=None, reading="")
            await self.show()
        elif showing.message:
            showing.message = ""
            await self.show()
        else:
            self.read_as()


def made(entry: str) -> Field:
    """A new field of this kind."""
    if entry == "line":
        return AnswerLine()
    if entry == "grid":
        from studykit.tui.widgets.grid import AnswerGrid

        return AnswerGrid()
    return AnswerRows(entry)


def quietly(says: str, width: int) -> list[Content]:
    """What was understood; a formula in two dimensions stands by itself."""
    rows = lines(says, width - 2)
    if len(rows) > 1:
        return rows
    indent = len(rows[0].plain) - len(rows[0].plain.lstrip())
    return [joined(("= ", "$quiet"), rows[0][indent:])]
