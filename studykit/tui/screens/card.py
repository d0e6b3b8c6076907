"""The screen of one card, as it is drawn: question, answer field, verdict, buttons.

What keys do with it is `study`'s, the answer field is `typing`'s; all that must outlive the screen
is in the sitting.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size

from studykit.memory import Grade
from studykit.study.warm import load, missing
from studykit.tui.command import Command, key_name
from studykit.tui.commands import ACCEPT, CHECK
from studykit.tui.front import counts, question_lines
from studykit.tui.screens.typing import TypingPage
from studykit.tui.text import EMPTY, joined, lines, word
from studykit.tui.verdict import below
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Board
from studykit.tui.widgets.buttons import Button, Buttons
from studykit.tui.widgets.fields import AnswerLine
from studykit.tui.widgets.keyline import KeyLine

if TYPE_CHECKING:
    from studykit.tui.screens.typing import Field
    from studykit.tui.showing import Sitting

WHILE_TYPING = re.compile(r"f\d+|escape")
"""Keys that mean nothing to a text field."""


class CardPage(TypingPage):
    """Draws what the sitting shows."""

    def __init__(self, sitting: Sitting) -> None:
        super().__init__(sitting)
        self.painted = False
        """Whether what is being graded has been on the screen."""
        self._size_shown = Size(0, 0)
        self._question_height: int | str = "1fr"
        self._foot: list[Content] = []

    def compose(self) -> ComposeResult:
        self._bar, self._buttons = Bar(), Buttons()
        self.board, self.beside = Board(id="question"), Board(id="verdict")
        yield self._bar
        yield self.board
        yield self.beside
        yield self._buttons
        yield KeyLine()

    def on_mount(self) -> None:
        self.showing.follow(self.sitting.session)
        if self.sitting.session.heading():
            self.set_interval(self.sitting.session.beat, self.look_at_the_clock)

    async def on_resize(self) -> None:
        if self._size_shown != self.app.size:
            self._size_shown = self.app.size
            self.keep()
            self._head()
            await self.show()

    # What stands on the screen.

    async def show(self, *, fresh: bool = False, judged: bool = False, said: int = 0) -> None:
        """Draw the current state. `fresh`: a new question, to be read from its top; `judged`: the
        verdict has just come, and is brought into sight; `said`: so many rows at the end are news
        and are brought into sight. A step that is asked stays in sight."""
        showing = self.showing
        self.painted = False
        if fresh:
            self._head()
        head = [*self.headroom(), *question_lines(showing, self.measure, tight=self.short)]
        self._foot = below(showing, self.measure)
        if self.short and self._foot[:1] == [EMPTY]:
            del self._foot[0]
        typed = self.has_class("-typed")
        field = await self.field()
        board, foot = self.board, self._foot
        if field is None:
            board.show([*head, *foot])
        else:
            foot = self._under_field()
            if not self.short:
                head.append(EMPTY)
            board.show(head)
            self.beside.show(foot)
        self._buttons.show(self._offer())
        self._share_room(field, len(head), len(foot))
        self.keys_changed()
        if fresh:
            board.scroll_to(0, 0, animate=False)
            self.beside.scroll_to(0, 0, animate=False)
        if showing.step is not None and not judged:
            self.call_after_refresh(board.move, "end")
        if said:
            # The rows that show it are shared out at the next layout.
            pane, rows = (board, [*head, *foot]) if field is None else (self.beside, foot)
            self.call_after_refresh(pane.bring, len(rows) - said)
        elif judged and showing.question.asks == "choice":
            row = len(self.headroom()) + len(lines(showing.question.text, self.measure)) + 1
            (board.bring if self.short else board.keep)(row)
        elif judged and showing.question.kind != "cloze":
            # A field that has just gone leaves its rows to the board at the next layout.
            if typed:
                self.call_after_refresh(board.bring, len(head))
            else:
                board.bring(len(head))
        self.call_after_refresh(self._seen)

    def read_as(self) -> None:
        self.beside.show(self._under_field())

    def _under_field(self) -> list[Content]:
        """What the text reads as, in the row that keeps the rest apart from the field."""
        reading = self.reading_lines()
        return [*reading, *self._foot[bool(reading) and self._foot[:1] == [EMPTY] :]]

    def _share_room(self, field: Field | None, head: int, foot: int) -> None:
        """Question, field and what is said about it share the height; without a field the
        question has it all."""
        self.set_class(field is not None, "-typed")
        board = self.board
        if field is None:
            height: int | str = "1fr"
        else:
            # Bar, line of keys, buttons (none where rows are few), and the field itself.
            buttons = 0 if self.short else 1 + self._buttons.lines(self.app.size.width)
            taken = 2 + buttons + self.field_rows()
            height = max(2, min(head, self.app.size.height - taken - max(1, min(foot, 5))))
        if self._question_height != height:
            self._question_height = height
            board.styles.height = height
            # Asked for here, it comes with the next frame; the board alone would have the screen
            # painted once more as it was before.
            self.refresh(layout=True)

    def look_at_the_clock(self) -> None:
        """Tell the time again, unless the last question is behind and another screen is coming."""
        if self.sitting.showing is not None:
            self._head()

    def _head(self) -> None:
        heading = self.sitting.session.heading()
        if heading and self.sitting.session.named:
            self._bar.show(self._where(), word(heading, "$quiet"))
            return
        if heading:
            if len(heading) >= self.app.size.width - 1:
                heading = heading.partition(" · ")[2]  # The clocks matter more than the name.
            self._bar.show(word(heading, "bold"))
            return
        left = self.sitting.session.remaining()
        if self.sitting.session.practising:
            self._bar.show(self._where(), word(f"{left.total} left", "$quiet"))
            return
        question = self.showing.question
        # A problem that was practised and is asked again after an undo belongs to no count.
        status = question.status if question.card else ""
        self._bar.show(self._where(), counts(left, status, self.app.size.width))

    def _seen(self) -> None:
        self.painted = True
        if self.showing.has_field and self.showing.phase == "ask":
            modules = missing(formula=self.showing.asked.formula)
            if modules:
                self.run_worker(partial(load, modules), thread=True)

    def _where(self) -> Content:
        question = self.showing.question
        parts = [word(question.deck_title, "bold")]
        if self.app.size.width >= 60:
            parts.append(word(f"  {question.kind}", "$quiet"))
        return joined(*parts)

    def _offer(self) -> tuple[Button, ...]:
        showing = self.showing
        if showing.phase == "grade" and showing.outcome is not None:
            if showing.graded_by(self.sitting.session):
                return (Button("Enter", "Next question", "accept", marked=True),)
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
        shows = "Show this step" if showing.step else "Show the answer"
        if showing.has_field:
            key = "Enter" if showing.entry == "line" else "F5"
            found.append(Button(key, "Check", "check", marked=True))
            found.append(Button("F3", shows, "give_up"))
        elif showing.question.asks == "choice":
            found.append(Button("Space", shows, "reveal"))
        else:
            found.append(Button("Space", shows, "reveal", marked=True))
        if showing.entry == "notes":
            found.append(Button("t", "Take notes", "notes"))
        left = showing.asked.hints - len(showing.draft.hints)
        if left > 0:
            found.append(Button("F2" if showing.has_field else "h", "Hint", "hint", f"{left} left"))
        if showing.step is not None:
            found.append(Button("F9", "Whole answer", "whole"))
        elif showing.question.steps:
            found.append(Button("F9", "Steps", "steps", str(len(showing.question.steps))))
        return tuple(found)

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
        keys = command.bound(self.keymap)
        return next((key_name(key) for key in keys if WHILE_TYPING.fullmatch(key)), "")

    def on_descendant_focus(self) -> None:
        self.keys_changed()

    def on_descendant_blur(self) -> None:
        self.keys_changed()

    def label_of(self, command: Command) -> str:
        if command.id == "give-up" and self.showing.step is not None:
            return "Show step"
        if command is ACCEPT and self.showing.graded_by(self.sitting.session):
            return "Next"
        return "Stop typing" if command.id == "leave" and self.typing else command.footer
