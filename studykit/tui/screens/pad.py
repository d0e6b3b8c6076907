"""The scratchpad over a problem: a line to calculate in, what came of earlier lines, known names.

The problem stays in sight above it. Its lines belong to the question and are there again when the
pad is opened the next time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input

from studykit.study.scratch import Line, Scratchpad, shape_words
from studykit.tui.command import Command, bindings
from studykit.tui.commands import PAD
from studykit.tui.screens.base import Page
from studykit.tui.text import EMPTY, fitted, hanging, joined, margin, word, wrapped
from studykit.tui.verdict import caret, plain_matrix
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Board
from studykit.tui.widgets.fields import LINE_CSS
from studykit.tui.widgets.keyline import KeyLine

if TYPE_CHECKING:
    from studykit.tui.screens.card import CardPage

SIGN = "› "


class PadLine(Input):
    """One line to calculate; Up and Down bring earlier lines back."""

    BINDINGS = [  # noqa: RUF012
        Binding("up", "screen.recall(-1)", show=False),
        Binding("down", "screen.recall(1)", show=False),
    ]
    DEFAULT_CSS = LINE_CSS.replace("AnswerLine", "PadLine")

    def __init__(self) -> None:
        super().__init__(compact=True, select_on_focus=False)
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        """Enter at once, and not by a message: what is typed next belongs to the next line."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            cast("PadScreen", self.screen).action_work()


class PadScreen(Page[str]):
    """Closes with the text of a result that is to be taken into the answer, or with nothing."""

    does: ClassVar[tuple[Command, ...]] = PAD
    BINDINGS = bindings(PAD)

    def __init__(self, pad: Scratchpad, below: CardPage) -> None:
        super().__init__()
        self.pad = pad
        self.below = below
        self._recalled = len(pad.lines)

    def compose(self) -> ComposeResult:
        self.line, self.board = PadLine(), Board(id="worked")
        self._bar = Bar()
        yield self._bar
        yield self.board
        yield self.line
        yield KeyLine()

    def on_mount(self) -> None:
        name, _ = example(self.pad.names)
        self.line.placeholder = ", ".join(filter(None, (name, "exp(1.5)", "s = …")))
        self.line.focus()

    def on_resize(self) -> None:
        self.line.styles.width = self.measure
        self.line.styles.margin = (0, 0, 0, margin(self.app.size.width))
        self.show()

    def show(self) -> None:
        """What was worked out, the newest at the bottom, and the names that are known."""
        names = "  ".join(
            f"{name} {shape_words(value)}" if isinstance(value, list) else f"{name}={value:g}"
            for name, value in self.pad.names.items()
        )
        room = max(8, self.app.size.width - 18)
        self._bar.show(
            joined(("Scratchpad", "bold"), "  "),
            fitted(word(names, "$quiet"), min(room, word(names).cell_length)),
        )
        rows: list[Content] = []
        for line in self.pad.lines:
            rows += worked(line, self.measure)
        self.board.show(rows or wrapped(about(self.pad.names), self.measure))
        self.call_after_refresh(self.board.move, "end")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "take":
            return self._last() is not None and self.below.showing.has_field
        return super().check_action(action, parameters)

    def key_of(self, command: Command) -> str:
        """Letters belong to the line."""
        shown = command.shown(self.keymap)
        return next((key for key in shown if len(key) > 1), "")

    def _last(self) -> Line | None:
        return next((one for one in reversed(self.pad.lines) if one.value is not None), None)

    def action_work(self) -> None:
        """Work the line out. One that cannot be read stays, with the cursor at the place."""
        text = self.line.value
        if not text.strip():
            return
        line = self.pad.enter(text)
        self._recalled = len(self.pad.lines)
        if line.cause:
            self.line.cursor_position = min(line.position, len(text))
        else:
            self.line.value = ""
        self.show()
        self.keys_changed()

    def action_recall(self, by: int) -> None:
        lines = self.pad.lines
        if not lines:
            return
        self._recalled = max(0, min(self._recalled + by, len(lines)))
        text = lines[self._recalled].typed if self._recalled < len(lines) else ""
        self.line.value = text
        self.line.cursor_position = len(text)

    def action_take(self) -> None:
        line = self._last()
        self.dismiss(line.taken if line else "")

    def action_back(self) -> None:
        self.dismiss("")

    def action_scroll(self, where: str) -> None:
        """Scroll the problem; earlier lines of the pad come with Up."""
        self.below.board.move(where)
        self.call_after_refresh(self.refresh)


def about(names: Mapping[str, object]) -> str:
    """What an empty pad says of itself, with a name of this problem."""
    entry, what = example(names)
    counts = f"Entries count from 0, as in NumPy: {entry} is the first {what}. " if entry else ""
    return (
        f"A calculator that knows the numbers of this problem. {counts}"
        "Ctrl+R takes the last result into your answer."
    )


def example(names: Mapping[str, object]) -> tuple[str, str]:
    """How to write the first row of a matrix of the problem, or the first entry of a vector, and
    which of both it is; empty where the problem has neither."""
    for name, value in names.items():
        if isinstance(value, list) and value:
            return f"{name}[0]", "row" if isinstance(value[0], list) else "entry"
    return "", ""


def worked(line: Line, width: int) -> list[Content]:
    """One line of the pad with its value, or with a caret under what cannot be read."""
    typed = hanging(word(SIGN, "$quiet"), wrapped(line.typed, width - 2), 2)
    if line.cause:
        place = caret(line.typed, line.position, width)[1:]
        says = wrapped(line.cause, width - 2)
        return [*typed, *place, *hanging(EMPTY, [row.stylize_before("$quiet") for row in says], 2)]
    lead = joined((f"  {line.name} = " if line.name else "  = ", "$quiet"))
    return [*typed, *hanging(lead, plain_matrix(line.cells), lead.cell_length)]
