"""Help: the keys of the screen it was opened from, and what the four grades mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.content import Content

from studykit.tui.command import Command, grouped, key_span
from studykit.tui.screens.reading import Reading
from studykit.tui.text import EMPTY, hanging, lines, word, wrapped

GRADES = (
    ("1  Again", "not recalled, or wrong: it comes back in this session"),
    ("2  Hard", "right, but with much effort, or only with a hint"),
    ("3  Good", "right, with some thought: what you will press most"),
    ("4  Easy", "right at once"),
)
ANSWERS = """\
**Numbers** may be typed as `0.37`, `3/8`, `sqrt(2)/2`, `e^-1` or `1e-3`.

**A matrix in the grid**: arrows, Tab or Space go from cell to cell, `;` to the next row; a cell \
may hold an expression. Paste a whole matrix from anywhere into it. Enter in the last cell or F5 \
checks. F6 changes to plain rows and back; what you typed stays.

**A matrix in rows**: one row a line, or `1 2; 3 4`, or `[[1, 2], [3, 4]]`, or pasted from NumPy \
or LaTeX. An empty row or F5 checks it.

What cannot be read costs nothing: the place is shown and your text stays."""
SELECTING = "Drag the mouse over a text to select it; Ctrl+C copies it."


class Help(Reading):
    """Opened with ?; reads the same commands that the keys come from."""

    def __init__(
        self,
        title: str,
        commands: Sequence[Command],
        keymap: Mapping[str, str],
        about: str = "",
    ) -> None:
        super().__init__(title, lambda width: list(written(commands, keymap, width, about)))


def written(
    commands: Sequence[Command], keymap: Mapping[str, str], width: int, about: str = ""
) -> Iterable[Content]:
    """The lines of help for these commands, and what else the screen says about itself."""
    graded, keys = any(one.id == "again" for one in commands), room(width)
    if graded:
        yield word("The four grades", "bold")
        for name, means in GRADES:
            yield from hanging(word(name, "bold"), lines(means, width - keys), keys)
        yield EMPTY
    yield word("Keys", "bold")
    for group in grouped(commands):
        yield from entry(group, keymap, width)
    yield EMPTY
    yield from lines(SELECTING, width)
    if graded:
        yield EMPTY
        yield word("Typing answers", "bold")
        yield from lines(ANSWERS, width)
    if about:
        yield EMPTY
        yield from lines(about, width)


def room(width: int) -> int:
    """Columns for the keys; more of them stand in a line of their own."""
    return 16 if width >= 56 else 9


def entry(group: tuple[Command, ...], keymap: Mapping[str, str], width: int) -> Iterable[Content]:
    """One line of help for a command or a group of them."""
    first = group[0]
    keys = key_span(group, keymap) if len(group) > 1 else " ".join(first.shown(keymap))
    says = GROUPS.get(first.group, first.says)
    text = f"{says}{'' if says.endswith('?') else '.'} {first.more}".rstrip()
    indent = room(width)
    rows = wrapped(text, width - indent)
    lead = word(keys, "bold")
    if lead.cell_length >= indent:
        yield lead
        lead = EMPTY
    yield from hanging(lead, rows, indent)


GROUPS = {
    "grade": "Grade: Again, Hard, Good, Easy",
    "pick": "Choose an answer",
    "tick": "Tick a point",
    "scroll": "Scroll",
    "page": "Scroll a page",
    "sideways": "Scroll a wide formula",
    "ends": "To the top or the end",
    "decks": "Next or previous deck",
    "turn": "Next or previous page",
    "sheet": "Go to a page",
    "move": "Down and up",
    "read": "Scroll what stands beside the list",
    "level": "Practise this level",
}
"""What a group of keys does, as one line of help."""
