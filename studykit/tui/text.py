"""The one place where text becomes something Textual shows.

Textual reads `[...]` in a plain str as markup, with live actions, and passes raw control bytes to
the terminal. So nothing else in the app hands it a str: card text is laid out by `typeset` and
turned into `Content` here, foreign words pass `word`, and messages go out through `tell`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from studykit import typeset
from studykit.study.words import counted as counted
from studykit.study.words import duration as duration

if TYPE_CHECKING:
    from textual.app import App

MEASURE = 88
"""Columns of running text at most: longer lines are hard to read."""

STYLES = {
    "strong": "bold",
    "emphasis": "italic",
    "strong emphasis": "bold italic",
    "code": "$literal",
    "math": "$formula",
    "dim": "$quiet",
    "heading": "bold",
    "bullet": "$quiet",
}
EMPTY = Content("")
GLUE = "\ue000"
"""Stands for a blank at which no line may end; for private use, so no text has it."""
UNIT = re.compile(r"(?<=\d) (?=%|(?:s|min|h|d)\b)|(?<=\d h) (?=\d)")

Part = Content | str | tuple[str, str]
"""A str is a text of ours: never one from a card, which passes `word` or `lines`."""


def measure(width: int) -> int:
    """Columns of running text beside a scroll bar, on a terminal that is `width` columns wide."""
    return max(10, min(MEASURE, width - (3 if width < 60 else 5)))


def margin(width: int) -> int:
    """Columns left of the text, so that it stands in the middle of a wide terminal."""
    return max(1 if width < 60 else 2, (width - measure(width)) // 2)


def word(text: str, style: str = "") -> Content:
    """`text` as it is, on one line, in one style: titles, options of a list, typed answers."""
    shown = typeset.clean(text).replace("\n", " ")
    return Content.assemble((shown, style)) if style else Content(shown)


def block(text: str, style: str = "") -> Content:
    """`text` as it is, its line ends kept."""
    shown = typeset.clean(text)
    return Content.assemble((shown, style)) if style else Content(shown)


def joined(*parts: Part) -> Content:
    """Parts in one line; a pair is a text and its style."""
    return Content.assemble(*parts)


def in_a_row(parts: Iterable[Content], gap: int) -> Content:
    """Parts beside one another, `gap` spaces between."""
    return Content(" " * gap).join(parts)


def wrapped(text: str, width: int) -> list[Content]:
    """Words that are no card text, broken into lines of `width`: messages, paths.

    A number stays with its unit, and what a no-break space holds together is not parted: Textual
    breaks a line there.
    """
    glued = UNIT.sub(GLUE, typeset.clean(text)).replace("\N{NO-BREAK SPACE}", GLUE)
    return [Content(line.plain.replace(GLUE, " ")) for line in Content(glued).wrap(max(width, 8))]


def lines(markdown: str, width: int) -> list[Content]:
    """Card text laid out for `width` columns; a wide formula keeps its width."""
    return list(_lines(markdown, max(width, 8)))


@lru_cache(maxsize=64)
def _lines(markdown: str, width: int) -> tuple[Content, ...]:
    """A question is shown twice, without and with its answer."""
    return tuple(
        Content.assemble(*((piece.text, STYLES.get(piece.style, "")) for piece in line))
        for line in typeset.lay_out(markdown, width)
    )


def hanging(first: Content, rows: Sequence[Content], indent: int) -> list[Content]:
    """`rows` indented by `indent` cells, with `first` standing in the indentation of row one."""
    pad = Content(" " * indent)
    lead = first.pad_right(max(0, indent - first.cell_length))
    return [(lead if number == 0 else pad) + row for number, row in enumerate(rows or [EMPTY])]


def acting(content: Content, action: str) -> Content:
    """`content` that runs a screen action when clicked. `action` is ours, never from a card."""
    return content.stylize(Style.from_meta({"act": action}))


def fitted(content: Content, width: int) -> Content:
    """`content` cut with an ellipsis or padded to exactly `width` cells."""
    if content.cell_length > width:
        content = content.truncate(width, ellipsis=True)
    return content.pad_right(max(0, width - content.cell_length))


def character_at(text: str, cell: int) -> int:
    """The number of the character that stands in a cell of a line; its length where none does."""
    end = 0
    for number, character in enumerate(text):
        end += cell_len(character)
        if cell < end:
            return number
    return len(text)


def spread(left: Content, right: Content, width: int) -> Content:
    """`left` and `right` at the two ends of a line; `left` gives way."""
    room = max(0, width - right.cell_length - 1)
    if left.cell_length > room:
        left = left.truncate(room, ellipsis=True)
    return left.pad_right(max(1, width - left.cell_length - right.cell_length)) + right


def tell(
    app: App[Any],
    message: str,
    severity: Literal["information", "warning", "error"] = "information",
) -> None:
    """A message that goes away by itself, or at the next one; `message` is shown as it is."""
    hush(app)
    seconds = 3 if severity == "information" else 6
    app.notify(typeset.clean(message), severity=severity, markup=False, timeout=seconds)


def hush(app: App[Any]) -> None:
    """Take the messages away; Textual would leave what held them, as an empty row each."""
    app.clear_notifications()
    if app.screen_stack:
        app.screen.query("ToastHolder").remove()
