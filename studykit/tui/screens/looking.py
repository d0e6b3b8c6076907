"""What can be looked up beside a card: scratchpad, worked solution, weights, note, why it is due.

Nothing here answers or grades.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual import events

from studykit.study.errors import StudyError
from studykit.tui.screens.card import CardPage
from studykit.tui.screens.reading import Reading, Write
from studykit.tui.text import lines, tell
from studykit.tui.widgets.fields import AnswerLine

Answer = TypeVar("Answer")


class LookingPage(CardPage):
    """A card with all that can be opened from it."""

    def of_session(self, ask: Callable[[], Answer]) -> Answer | None:
        """What the session says; None when it refuses, which is told."""
        try:
            return ask()
        except StudyError as error:
            tell(self.app, str(error), "error")
            return None

    def action_type(self) -> None:
        self.left_for = None
        field = self.fields.get(self.showing.entry)
        if field is not None:
            field.focus()
        self.keys_changed()

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted after the field was left goes into it all the same."""
        if self.check_action("type", ()):
            self.action_type()
            self.fields[self.showing.entry].post_message(events.Paste(event.text))

    def action_notes(self) -> None:
        self.action_type()

    def action_pad(self) -> None:
        from studykit.tui.screens.pad import PadScreen

        self.keep()
        pad = self.of_session(self.sitting.session.scratchpad)
        if pad is not None:
            self.app.push_screen(PadScreen(pad, self), self._taken)

    def _taken(self, text: str | None) -> None:
        """Put a result of the pad where the cursor is, apart from a number that ends there."""
        field = self.fields.get(self.showing.entry)
        if field is None:
            return
        if self.left_for is None:
            field.focus()
        if text:
            self.action_type()
            glued = isinstance(field, AnswerLine) and field.before_cursor[-1:].isalnum()
            field.post_message(events.Paste(f" {text}" if glued else text))

    def action_solution(self) -> None:
        solution = self.of_session(self.sitting.session.solution)
        if solution is None:
            return
        self._read("solution", "Worked solution", lambda width: lines(solution, width))

    def action_weights(self) -> None:
        from studykit.tui.heat import heat_lines

        maps = self.of_session(self.sitting.session.weights)
        if maps:
            roomy = self.app.size.height >= 40
            self._read(
                "weights", "Attention weights", lambda width: heat_lines(maps, width, roomy=roomy)
            )

    def action_correction(self) -> None:
        note = self.of_session(self.sitting.session.correction)
        if note:
            self._read("note", "What the note says", lambda width: lines(note, width))

    def action_info(self) -> None:
        why = self.of_session(self.sitting.session.why)
        if why is None:
            return
        self._read("info", "Why is this due?", lambda width: lines(why, width))

    def _read(self, by: str, title: str, write: Write) -> None:
        """A page over this one, for the command `by`."""
        opener = next((one for one in self.does if one.id == by), None)
        self.app.push_screen(Reading(title, write, opener))

    def action_scroll(self, where: str) -> None:
        """The question to its end, then what is said about it; upwards the other way round."""
        board, verdict = self.board, self.beside
        if where in ("down", "page_down", "end"):
            lower = board.scroll_y >= board.max_scroll_y
        elif where in ("left", "right"):
            lower = not board.max_scroll_x
        else:
            lower = verdict.scroll_y > 0
        (verdict if verdict.display and lower else board).move(where)
