"""The one door for text that is not ours: what may never reach a terminal is dropped here.

A raw ESC in a card can write the learner's clipboard or retitle the window, a bidi override can
make a wrong answer read as the right one, and an invisible character makes two equal answers
differ. `clean` takes such characters out; `stains` says where they stand, for the lint.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

_TAB = "    "

# What is dropped, by the reason given to the author of a deck.
_FORBIDDEN = (
    ("control character", "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f"),
    ("direction mark", "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"),
    ("lone surrogate", "\ud800-\udfff"),
    (
        "invisible character",
        "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f"
        "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff",
    ),
    ("noncharacter", "\ufdd0-\ufdef\ufffe\uffff"),
)


@cache
def _any_of(more: str = "") -> re.Pattern[str]:
    """A pattern for one forbidden character, or one of `more`; made when first needed."""
    return re.compile("[" + more + "".join(span for _, span in _FORBIDDEN) + "]")


class Stain(NamedTuple):
    """One forbidden character: its 0-based offset, its 1-based line and column, and what it is."""

    offset: int
    line: int
    column: int
    character: str
    reason: str

    @property
    def says(self) -> str:
        """The stain in words, with the character named by its code point, never shown."""
        return f"{self.reason} U+{ord(self.character):04X}"


def clean(text: str) -> str:
    """`text` without control, direction, invisible and surrogate characters.

    Newlines stay (every line ending becomes a newline) and a tab becomes four spaces. Letters are
    not normalised: what the author wrote is what is compared. Cleaning twice changes nothing.
    """
    # Most text is plain ASCII on one line: nothing in it can be forbidden.
    if text.isascii() and text.isprintable():
        return text
    if _any_of("\t\r\u2028\u2029").search(text) is None:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\t", _TAB)
    return _any_of().sub("", text)


def stains(text: str) -> tuple[Stain, ...]:
    """Every character that `clean` drops, in order. Tabs and line endings are no stains."""
    found = []
    line, start = 1, 0
    for match in _any_of().finditer(text):
        offset = match.start()
        line += text.count("\n", start, offset)
        start = offset
        column = offset - text.rfind("\n", 0, offset)
        found.append(Stain(offset, line, column, match.group(), _reason(match.group())))
    return tuple(found)


def _reason(character: str) -> str:
    return next(reason for reason, span in _FORBIDDEN if re.match(f"[{span}]", character))
