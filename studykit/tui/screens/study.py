"""A session on the screen: question, answer, verdict, grade.

All rules are the session's. This screen hands text down, shows what comes back, and sees to it that
a key pressed twice, or too early, never grades a card nobody has looked at.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size

from studykit.memory import Grade
from studykit.study.errors import StudyError
from studykit.tui.commands import CHECK, STUDY, Command, bindings, key_name
from studykit.tui.screens.base import Page
from studykit.tui.screens.reading import Reading
from studykit.tui.text import EMPTY, joined, lines, margin, tell, word
from studykit.tui.verdict import below, options
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Board
from studykit.tui.widgets.buttons import Button, Buttons
from studykit.tui.widgets.fields import Answered, AnswerLine, AnswerRows
from studykit.tui.widgets.keyline import KeyLine

if TYPE_CHECKING:
    from studykit.study.question import Outcome, Remaining
    from studykit.tui.showing import Showing, Sitting

Answer = TypeVar("Answer")
TWICE = 0.3
"""Seconds within which the same key again is a double press."""
IN_PLACE = ("cloze", "choice")
"""Kinds whose verdict stands in the question itself."""
WHILE_TYPING = re.compile(r"f\d+|escape")
"""Keys that mean nothing to a text field."""


class StudyScreen(Page[None]):
    """One sitting. Everything that must outlive the screen is in the sitting."""

    does = STUDY
    BINDINGS = bindings(STUDY)

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self.sitting = sitting
        self.clock = time.monotonic
        self._painted = False
        """Whether what is being graded has been on the screen."""
        self._last = ("", 0.0)
        """The last key that settled or graded something, and when."""
        self._size_shown = Size(0, 0)

    @property
    def showing(self) -> Showing:
        showing = self.sitting.showing
        if showing is None:
            raise RuntimeError("the study screen is open without a question")
        return showing

    def compose(self) -> ComposeResult:
        self._bar, self._buttons = Bar(), Buttons()
        self._board, self._beside = Board(id="question"), Board(id="verdict")
        self._fields: dict[str, AnswerLine | AnswerRows] = {}
        yield self._bar
        yield self._board
        yield self._beside
        yield self._buttons
        yield KeyLine()

    def on_mount(self) -> None:
        if self.showing.outcome is None:
            self.showing.outcome = self.sitting.session.outcome

    async def on_resize(self) -> None:
        if self._size_shown != self.app.size:
            self._size_shown = self.app.size
            self._head()
            await self.show()

    # What stands on the screen.

    async def show(self, *, fresh: bool = False, judged: bool = False) -> None:
        """Draw the current state. `fresh`: a new question, to be read from its top; `judged`: the
        verdict has just come, and is brought into sight."""
        showing = self.showing
        self._painted = False
        if fresh:
            self._head()
        head = [*self.headroom(), *question_lines(showing, self.measure)]
        foot = below(showing, self.measure)
        if self.short and foot[:1] == [EMPTY]:
            del foot[0]
        typed = self.has_class("-typed")
        field = await self._field()
        board = self._board
        if field is None:
            board.show([*head, *foot])
        else:
            if not self.short:
                head.append(EMPTY)
            board.show(head)
            self._beside.show(foot)
        self._share_room(field, len(head), len(foot))
        self._buttons.show(self._offer())
        self.keys_changed()
        if fresh:
            board.scroll_to(0, 0, animate=False)
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
        board = self._board
        if field is None:
            height: int | str = "1fr"
        else:
            # Bar, line of keys, buttons (none where rows are few), and the field itself.
            taken = 2 + (0 if self.short else 2) + self._field_rows()
            height = max(2, min(head, self.app.size.height - taken - max(1, min(foot, 5))))
        if self._question_height != height:
            self._question_height = height
            board.styles.height = height

    _question_height: int | str = "1fr"

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
        self._painted = True

    async def _field(self) -> AnswerLine | AnswerRows | None:
        """The field to type in, made when it is first needed; None where nothing is typed."""
        showing = self.showing
        wanted = showing.question.asks if showing.phase == "ask" and showing.has_field else ""
        for kind, field in self._fields.items():
            if field.display != (kind == wanted):
                field.display = kind == wanted
        if not wanted:
            if self.focused is not None:
                self.set_focus(None)
            return None
        found = self._fields.get(wanted)
        if found is None:
            found = self._fields[wanted] = AnswerLine() if wanted == "line" else AnswerRows()
            await self.mount(found, after="#question")
        found.styles.width = self.measure
        found.styles.margin = (0, 0, 0, margin(self.app.size.width))
        if isinstance(found, AnswerLine):
            # A drawn problem says in its question what to type.
            expects = "" if showing.question.ticket else showing.question.expects
            found.placeholder = word(expects or "your answer, then Enter").plain
            if found.value != showing.typed:
                found.value = showing.typed
                found.cursor_position = len(showing.typed)
        else:
            found.placeholder = Content("one row a line; an empty row or F5 checks")
            found.styles.height = self._field_rows()
            if found.text != showing.typed:
                found.load_text(showing.typed)
                found.move_cursor(found.document.end)
        if self._left_for != showing.question.card:
            found.focus()
        return found

    _left_for = ""
    """The card whose field was left with Esc."""

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
            found.append(Button("F3", "Show the answer", "reveal"))
        elif showing.question.asks == "choice":
            found.append(Button("Space", "Show the answer", "reveal"))
        else:
            found.append(Button("Space", "Show the answer", "reveal", marked=True))
        if len(showing.hints) < showing.question.hints:
            left = showing.question.hints - len(showing.hints)
            found.append(Button("F2" if showing.has_field else "h", "Hint", "hint", f"{left} left"))
        return tuple(found)

    # Which commands make sense.

    @property
    def typing(self) -> bool:
        return isinstance(self.focused, (AnswerLine, AnswerRows))

    def key_of(self, command: Command) -> str:
        """While typing, letters belong to the field: only function keys and Esc reach commands."""
        if not self.typing:
            return super().key_of(command)
        if command is CHECK and isinstance(self.focused, AnswerLine):
            return "Enter"
        keys = self.keymap.get(command.id, command.keys).split(",")
        return next((key_name(key) for key in keys if WHILE_TYPING.fullmatch(key)), "")

    def on_descendant_focus(self) -> None:
        self.keys_changed()

    def on_descendant_blur(self) -> None:
        self.keys_changed()

    def label_of(self, command: Command) -> str:
        return "Stop typing" if command.id == "leave" and self.typing else command.footer

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.sitting.showing is None:
            return action == "leave"
        showing = self.showing
        question, phase = showing.question, showing.phase
        number = parameters[0] if parameters and isinstance(parameters[0], int) else -1
        match action:
            case "reveal":
                return phase == "ask"
            case "type":
                return phase == "ask" and showing.has_field and not self.typing
            case "check":
                return phase == "ask" and showing.has_field
            case "pick":
                return (
                    phase == "ask" and question.asks == "choice" and number < len(question.options)
                )
            case "tick":
                return phase == "tick" and number < len(question.rubric)
            case "ticked":
                return phase == "tick"
            case "untick":
                return phase == "grade" and question.asks == "rubric"
            case "grade" | "accept":
                return phase == "grade"
            case "hint":
                return phase == "ask" and question.hints > 0
            case "solution":
                return showing.outcome is not None and showing.outcome.has_solution
        return super().check_action(action, parameters)

    # Double presses.

    def repeated(self, key: str) -> bool:
        """Whether `key` is the second half of a double press on the key that settled something."""
        last, when = self._last
        return key == last and self.clock() - when < TWICE

    def _used(self, key: str) -> None:
        self._last = (key, self.clock())

    def _of_session(self, ask: Callable[[], Answer]) -> Answer | None:
        """What the session says; None when it refuses, which is told."""
        try:
            return ask()
        except StudyError as error:
            tell(self.app, str(error), "error")
            return None

    # Answering.

    async def action_reveal(self) -> None:
        outcome = self.sitting.session.reveal()
        # Another key came between: whatever is pressed next is no second half of a double press.
        self._used("")
        await self._settle(outcome)

    async def action_pick(self, number: int) -> None:
        key = str(number + 1)
        if self.repeated(key):
            return
        outcome = self._of_session(lambda: self.sitting.session.choose(number))
        if outcome is not None:
            self._used(key)
            await self._settle(outcome)

    @on(Answered)
    async def answered(self, event: Answered) -> None:
        event.stop()
        await self._check(event.text)

    async def action_check(self) -> None:
        await self._check(self.typed)

    @property
    def typed(self) -> str:
        """What stands in the answer field."""
        for field in self._fields.values():
            if field.display:
                return field.value if isinstance(field, AnswerLine) else field.text
        return self.showing.typed

    async def _check(self, text: str) -> None:
        showing = self.showing
        if showing.phase != "ask" or not showing.has_field:
            return
        showing.typed = text.rstrip()
        showing.message = ""
        if not text.strip():
            showing.attempt = None
            showing.message = "Type an answer first, or see it with F3."
            await self.show()
            return
        outcome = self._of_session(lambda: self.sitting.session.answer(showing.typed))
        if outcome is None:
            return
        if outcome.settled:
            self._used("enter")
            await self._settle(outcome)
            return
        showing.attempt = outcome
        await self.show()
        self._point_at(outcome)

    def _point_at(self, outcome: Outcome) -> None:
        """Put the cursor where reading stopped."""
        if outcome.position is None:
            return
        focused = self.focused
        if isinstance(focused, AnswerLine):
            focused.cursor_position = outcome.position
        elif isinstance(focused, AnswerRows):
            before = self.showing.typed[: outcome.position]
            focused.move_cursor((before.count("\n"), len(before) - before.rfind("\n") - 1))

    async def _settle(self, outcome: Outcome) -> None:
        showing = self.showing
        showing.outcome = outcome
        showing.attempt = None
        showing.message = ""
        await self.show(judged=True)

    async def action_hint(self) -> None:
        showing = self.showing
        showing.typed = self.typed
        hint = self.sitting.session.hint()
        if hint is None:
            showing.message = "There is no further hint."
        else:
            showing.hints.append(hint)
        await self.show()

    async def action_tick(self, number: int) -> None:
        showing = self.showing
        showing.ticks ^= {number}
        ticked = self._of_session(lambda: self.sitting.session.tick(frozenset(showing.ticks)))
        showing.outcome = ticked or showing.outcome
        await self.show()

    async def action_ticked(self) -> None:
        if not self._painted:
            return
        showing = self.showing
        ticked = self._of_session(lambda: self.sitting.session.tick(frozenset(showing.ticks)))
        showing.outcome = ticked or showing.outcome
        showing.ticked = True
        self._used("enter")
        await self.show()

    async def action_untick(self) -> None:
        self.showing.ticked = False
        await self.show()

    # Grading.

    async def action_grade(self, value: int) -> None:
        key = str(value)
        if self._painted and not self.repeated(key):
            await self._grade(Grade(value), key)

    async def action_accept(self) -> None:
        if self._painted and not self.repeated("enter"):
            await self._grade(self.showing.proposed, "enter")

    async def _grade(self, grade: Grade, key: str) -> None:
        try:
            self.sitting.session.grade(grade)
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        self._used(key)
        if self.sitting.session.notice:
            tell(self.app, self.sitting.session.notice, "warning")
        await self._go_on()

    async def _go_on(self) -> None:
        """The next question, or the summary."""
        self._left_for = ""
        try:
            self.sitting.advance()
        except StudyError as error:
            tell(self.app, str(error), "error")
            self.dismiss()
            return
        if self.sitting.showing is None:
            self.studio.show_study(self.sitting)
        else:
            await self.show(fresh=True)

    async def action_undo(self) -> None:
        try:
            undone = self.sitting.undo()
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        if not undone:
            tell(self.app, "There is nothing to undo.")
            return
        self._left_for = ""
        await self.show(fresh=True)
        tell(self.app, "Taken back.")

    async def action_bury(self) -> None:
        await self._put_away(suspend=False)

    async def action_suspend(self) -> None:
        await self._put_away(suspend=True)

    async def _put_away(self, *, suspend: bool) -> None:
        session = self.sitting.session
        try:
            if suspend:
                session.suspend()
            else:
                session.bury()
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        what = "Suspended" if suspend else "Buried until tomorrow"
        tell(self.app, f"{what}. u takes it back.")
        await self._go_on()

    # Looking things up.

    def action_solution(self) -> None:
        solution = self._of_session(self.sitting.session.solution)
        if solution is None:
            return
        self.app.push_screen(Reading("Worked solution", lambda width: lines(solution, width)))

    def action_info(self) -> None:
        why = self._of_session(self.sitting.session.why)
        if why is None:
            return
        self.app.push_screen(Reading("Why is this due?", lambda width: lines(why, width)))

    def action_scroll(self, where: str) -> None:
        board = self._board
        verdict = self._beside
        (verdict if verdict.display and not board.max_scroll_y else board).move(where)

    # Leaving.

    def action_type(self) -> None:
        self._left_for = ""
        for field in self._fields.values():
            if field.display:
                field.focus()
        self.keys_changed()

    def action_leave(self) -> None:
        """Out of the field first, then back to the decks. What was typed stays."""
        showing = self.sitting.showing
        if showing is not None:
            showing.typed = self.typed
        if self.typing and showing is not None:
            self._left_for = showing.question.card
            self.set_focus(None)
            self.keys_changed()
            return
        self.dismiss()

    async def action_edit(self) -> None:
        from studykit.tui.editing import edit

        showing = self.showing
        showing.typed = self.typed
        try:
            place = self.studio.collection.place(showing.question.card)
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        faults = edit(self.studio, *place)
        if faults is None:
            return
        self.sitting.session.refresh()
        present = self.sitting.advance()
        if present is None:
            self.studio.show_study(self.sitting)
            return
        if present.question.card == showing.question.card:
            present.typed = showing.typed
        await self.show(fresh=True)
        if faults:
            from studykit.tui.screens.faults import faults_screen

            self.app.push_screen(faults_screen(place[0].name, faults))


def question_lines(showing: Showing, width: int) -> list[Content]:
    """The question; a cloze with its blanks filled in place once it is revealed."""
    question = showing.question
    text = question.text
    if question.kind == "cloze" and showing.outcome is not None and showing.outcome.back:
        text = showing.outcome.back
    found = lines(text, width)
    if question.asks == "choice":
        found += options(showing, width)
    if showing.has_field and showing.phase == "ask" and question.expects and not question.ticket:
        found += [EMPTY, word(question.expects, "$quiet")]
    return found


def counts(left: Remaining, status: str, width: int) -> Content:
    """What is left by status, in colour and in words; the present card's underlined."""
    names = (
        ("new", "new", "$new"),
        ("learning", "learning", "$learning"),
        ("review", "due", "$due"),
    )
    parts: list[Content | tuple[str, str]] = []
    for name, label, colour in names:
        shown = label if width >= 60 else {"learning": "lrn"}.get(label, label)
        style = f"{colour} underline" if name == status else colour
        parts += [(f"{getattr(left, name)} {shown}", style), ("  ", "")]
    return joined(*parts[:-1])
