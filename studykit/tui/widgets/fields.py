"""Where an answer is typed: one line, or rows of a matrix. Letters in a field are only letters.

The Enter that checks does so before the next key is looked at: what follows it is no part of the
answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.binding import Binding
from textual.widgets import Input, TextArea

from studykit.tui.widgets.handing import handed_on

if TYPE_CHECKING:
    from studykit.tui.screens.study import StudyScreen


LINE_CSS = """
AnswerLine {
    height: 1;
    padding: 0 1;
    background: $block;
    &.-textual-compact { padding: 0 1; }
    &:focus { background: $block; background-tint: $foreground 0%; }
}
"""


class AnswerLine(Input):
    """One line: a number, a vector, a formula. Enter checks, Esc leaves the field."""

    BINDINGS = [  # noqa: RUF012
        Binding("ctrl+z", "undo_typing", show=False),
    ]
    DEFAULT_CSS = LINE_CSS

    def __init__(self) -> None:
        super().__init__(id="line", compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._before: list[str] = []
        """What stood here before each change."""

    def load(self, text: str) -> None:
        """Begin with `text`; nothing before it can be brought back."""
        self.value = text
        self.cursor_position = len(text)
        self._before.clear()

    @property
    def before_cursor(self) -> str:
        return self.value[: self.cursor_position]

    def watch_value(self, old: str, value: str) -> None:
        if old != value:
            self._before.append(old)

    def action_undo_typing(self) -> None:
        """Take back the last change in this field."""
        if self._before:
            text = self._before.pop()
            earlier = self._before.copy()
            self.load(text)
            self._before = earlier

    async def _on_key(self, event: events.Key) -> None:
        page = cast("StudyScreen", self.screen)
        if handed_on(self, event) or page.repeated(event.key):
            pass
        elif event.key == "enter" or page.checks(event.key):
            await page.action_check()
        else:
            return
        event.stop()
        event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        """Rows of a pasted matrix are kept, joined by semicolons; a field has one line."""
        rows = [row.strip() for row in event.text.splitlines() if row.strip()]
        super()._on_paste(events.Paste("; ".join(rows) if len(rows) > 1 else event.text))
        event.stop()
        event.prevent_default()


class AnswerRows(TextArea):
    """A matrix, one row a line, or notes. Enter begins a row; in a matrix Enter on an empty last
    row checks."""

    BINDINGS = [  # noqa: RUF012
        Binding("pageup", "screen.scroll('page_up')", show=False),
        Binding("pagedown", "screen.scroll('page_down')", show=False),
        # Textual selects with these two.
        Binding("f6", "screen.switch_entry", show=False),
        Binding("f7", "screen.pad", show=False),
    ]
    DEFAULT_CSS = """
    AnswerRows {
        height: 4;
        padding: 0 1;
        background: $block;
        &.-textual-compact { padding: 0 1; }
        &:focus { background: $block; background-tint: $foreground 0%; }
    }
    """

    def __init__(self, entry: str = "rows") -> None:
        super().__init__(id=entry, compact=True, soft_wrap=entry == "notes", tab_behavior="focus")
        self._checks = entry == "rows"
        self.cursor_blink = False
        self.highlight_cursor_line = False

    async def _on_key(self, event: events.Key) -> None:
        page = cast("StudyScreen", self.screen)
        if handed_on(self, event) or page.repeated(event.key):
            pass
        elif page.checks(event.key) or self._done(event.key):
            await page.action_check()
        else:
            return
        event.stop()
        event.prevent_default()

    def _done(self, key: str) -> bool:
        """Whether it is the Enter on an empty last row."""
        return key == "enter" and self._checks and self._on_empty_last_row()

    def _on_empty_last_row(self) -> bool:
        row, _ = self.cursor_location
        return (
            bool(self.text.strip())
            and row == self.document.line_count - 1
            and not self.document.get_line(row).strip()
        )
