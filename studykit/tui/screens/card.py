"""The screen of one card, as it is drawn: question, answer field, verdict, buttons.

What keys do with it is `study`'s; all that must outlive the screen is in the sitting.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size

from studykit.memory import Grade
from studykit.tui.commands import CHECK, Command, key_name
from studykit.tui.front import counts, question_lines
from studykit.tui.screens.base import Page
from studykit.tui.text import EMPTY, joined, margin, word
from studykit.tui.verdict import below
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Board
from studykit.tui.widgets.buttons import Button, Buttons
from studykit.tui.widgets.fields import AnswerLine, AnswerRows
from studykit.tui.widgets.keyline import KeyLine

if TYPE_CHECKING:
    from studykit.tui.showing import Showing, Sitting

IN_PLACE = ("cloze", "choice")
"""Kinds whose verdict stands in the question itself."""
WHILE_TYPING = re.compile(r"f\d+|escape")
"""Keys that mean nothing to a text field."""


class CardPage(Page[None]):
    """Draws what the sitting shows."""

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self.sitting = sitting
        self.painted = False
        """Whether what is being graded has been on the screen."""
        self.left_for: str | None = None
        """The card whose field was left with Esc."""
        self.fields: dict[str, AnswerLine | AnswerRows] = {}
        self._size_shown = Size(0, 0)
        self._question_height: int | str = "1fr"

    @property
    def showing(self) -> Showing:
        showing = self.sitting.showing
        if showing is None:
            raise RuntimeError("the study screen is open without a question")
        return showing

    def compose(self) -> ComposeResult:
        self._bar, self._buttons = Bar(), Buttons()
        self.board, self.beside = Board(id="question"), Board(id="verdict")
        yield self._bar
        yield self.board
        yield self.beside
        yield self._buttons
        yield KeyLine()

    def on_mount(self) -> None:
        if self.showing.outcome is None:
            self.showing.outcome = self.sitting.session.outcome

    async def on_resize(self) -> None:
        if self._size_shown != self.app.size:
            self._size_shown = self.app.size
            self.showing.typed = self.typed
            self._head()
            await self.show()

    # What stands on the screen.

    async def show(self, *, fresh: bool = False, judged: bool = False, said: int = 0) -> None:
        """Draw the current state. `fresh`: a new question, to be read from its top; `judged`: the
        verdict has just come, and is brought into sight; `said`: so many rows at the end are news
        and are brought into sight."""
        showing = self.showing
        self.painted = False
        if fresh:
            self._head()
        head = [*self.headroom(), *question_lines(showing, self.measure)]
        foot = below(showing, self.measure)
        if self.short and foot[:1] == [EMPTY]:
            del foot[0]
        typed = self.has_class("-typed")
        field = await self._field()
        board = self.board
        if field is None:
            board.show([*head, *foot])
        else:
            if not self.short:
                head.append(EMPTY)
            board.show(head)
            self.beside.show(foot)
        self._share_room(field, len(head), len(foot))
        self._buttons.show(self._offer())
        self.keys_changed()
        if fresh:
            board.scroll_to(0, 0, animate=False)
            self.beside.scroll_to(0, 0, animate=False)
        elif said:
            # The rows that show it are shared out at the next layout.
            pane, rows = (board, [*head, *foot]) if field is None else (self.beside, foot)
            self.call_after_refresh(pane.bring, len(rows) - said)
        elif judged and showing.question.kind not in IN_PLACE:
            # A field that has just gone leaves its rows to the board at the next layout.
            if typed:
                self.call_after_refresh(board.bring, len(head))
            else:
                board.bring(len(head))
        self.call_after_refresh(self._seen)

    def _share_room(self, field: AnswerLine | AnswerRows | None, head: int, foot: int) -> None:
        """Question, field and what is said about it share the height; without a field the
        question has it all."""
        self.set_class(field is not None, "-typed")
        board = self.board
        if field is None:
            height: int | str = "1fr"
        else:
            # Bar, line of keys, buttons (none where rows are few), and the field itself.
            taken = 2 + (0 if self.short else 2) + self._field_rows()
            height = max(2, min(head, self.app.size.height - taken - max(1, min(foot, 5))))
        if self._question_height != height:
            self._question_height = height
            board.styles.height = height

    def _field_rows(self) -> int:
        """Rows of the answer field: one, or those of the matrix and the empty one that checks."""
        question = self.showing.question
        if question.asks == "line":
            return 1
        rows = question.shape[0] if len(question.shape) > 1 else 2
        return max(2, min(3, rows)) if self.short else max(3, min(9, rows + 1))

    def _head(self) -> None:
        left = self.sitting.session.remaining()
        status = self.showing.question.status
        self._bar.show(self._where(), counts(left, status, self.app.size.width))

    def _seen(self) -> None:
        self.painted = True

    async def _field(self) -> AnswerLine | AnswerRows | None:
        """The field to type in, made when it is first needed; None where nothing is typed."""
        showing = self.showing
        wanted = showing.question.asks if showing.phase == "ask" and showing.has_field else ""
        for kind, field in self.fields.items():
            if field.display != (kind == wanted):
                field.display = kind == wanted
        if not wanted:
            if self.focused is not None:
                self.set_focus(None)
            return None
        found = self.fields.get(wanted)
        if found is None:
            found = self.fields[wanted] = AnswerLine() if wanted == "line" else AnswerRows()
            await self.mount(found, after="#question")
        found.styles.width = self.measure
        found.styles.margin = (0, 0, 0, margin(self.app.size.width))
        if isinstance(found, AnswerLine):
            found.placeholder = "your answer, then Enter"
            if found.value != showing.typed:
                found.load(showing.typed)
        else:
            found.placeholder = Content("one row a line; an empty row or F5 checks")
            found.styles.height = self._field_rows()
            if found.text != showing.typed:
                found.load_text(showing.typed)
                found.move_cursor(found.document.end)
        if self.left_for != showing.question.card:
            found.focus()
        return found

    def _where(self) -> Content:
        question = self.showing.question
        parts = [word(question.deck_title, "bold")]
        if self.app.size.width >= 60:
            parts.append(word(f"  {question.kind}", "$quiet"))
        return joined(*parts)

    def _offer(self) -> tuple[Button, ...]:
        showing = self.showing
        if showing.phase == "grade" and showing.outcome is not None:
            given = {one.grade: one.label for one in showing.outcome.intervals}
            return tuple(
                Button(
                    str(grade.value),
                    grade.name.title(),
                    f"grade({grade.value})",
                    given.get(grade, ""),
                    marked=grade is showing.proposed,
                )
                for grade in Grade
            )
        if showing.phase == "tick":
            return (Button("Enter", "Done ticking", "ticked", marked=True),)
        found = []
        if showing.has_field:
            key = "Enter" if showing.question.asks == "line" else "F5"
            found.append(Button(key, "Check", "check", marked=True))
            found.append(Button("F3", "Show the answer", "give_up"))
        elif showing.question.asks == "choice":
            found.append(Button("Space", "Show the answer", "reveal"))
        else:
            found.append(Button("Space", "Show the answer", "reveal", marked=True))
        if len(showing.hints) < showing.question.hints:
            left = showing.question.hints - len(showing.hints)
            found.append(Button("F2" if showing.has_field else "h", "Hint", "hint", f"{left} left"))
        return tuple(found)

    @property
    def typing(self) -> bool:
        return isinstance(self.focused, (AnswerLine, AnswerRows))

    def key_of(self, command: Command) -> str:
        """While typing, letters belong to the field: only function keys and Esc reach commands."""
        if not self.typing:
            return super().key_of(command)
        if command is CHECK and isinstance(self.focused, AnswerLine):
            return "Enter"
        return self._typing_key(command)

    def key_anywhere(self, command: Command) -> str:
        """A key that reaches the command whether or not a field has the focus."""
        return self._typing_key(command) or super().key_of(command)

    def _typing_key(self, command: Command) -> str:
        keys = self.keymap.get(command.id, command.keys).split(",")
        return next((key_name(key) for key in keys if WHILE_TYPING.fullmatch(key)), "")

    async def on_input_changed(self) -> None:
        await self._edited()

    async def on_text_area_changed(self) -> None:
        await self._edited()

    async def _edited(self) -> None:
        """The caret points into a text that is no more; the sentence still helps."""
        showing = self.showing
        attempt = showing.attempt
        if attempt is None or self.typed.rstrip() == showing.typed:
            return
        if attempt.position is not None or attempt.reading:
            showing.attempt = replace(attempt, position=None, reading="")
            showing.typed = self.typed
            await self.show()

    def on_descendant_focus(self) -> None:
        self.keys_changed()

    def on_descendant_blur(self) -> None:
        self.keys_changed()

    def label_of(self, command: Command) -> str:
        return "Stop typing" if command.id == "leave" and self.typing else command.footer

    @property
    def typed(self) -> str:
        """What stands in the answer field."""
        for field in self.fields.values():
            if field.display:
                return field.value if isinstance(field, AnswerLine) else field.text
        return self.showing.typed
