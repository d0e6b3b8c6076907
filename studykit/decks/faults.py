"""What can be wrong with a deck, and how it is told to its author.

`CODES` is the one list of everything the reader, the schema and the lint can say; the codes are
stable, so scripts may rely on them. A fault that *breaks* keeps its card (or deck) from being
served; the others are advice on quality that only `studykit check` insists on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Code:
    """One sort of fault: whether it breaks the card, and what it means in a sentence."""

    breaks: bool
    means: str


CODES: Mapping[str, Code] = MappingProxyType(
    {
        # The file and its YAML.
        "unreadable": Code(True, "The file cannot be opened or is too large."),
        "not-utf-8": Code(True, "The file is not UTF-8 text."),
        "line-separator": Code(
            False,
            "A Unicode line separator, which editors and YAML count differently; read as space.",
        ),
        "yaml": Code(True, "The text is not well-formed YAML."),
        "tex-in-double-quotes": Code(
            True, "Double quotes read a backslash as an escape and so eat TeX commands."
        ),
        "duplicate-key": Code(True, "The same key stands twice in one mapping."),
        "anchor": Code(True, "YAML anchors (&name) are not read."),
        "alias": Code(True, "YAML aliases (*name) are not read."),
        "tag": Code(True, "YAML tags (!name) are not read."),
        "merge-key": Code(True, "YAML merge keys (<<) are not read."),
        "complex-key": Code(True, "A key is a list or a mapping; keys are plain words."),
        "second-document": Code(True, "A second YAML document (---) in one file."),
        "too-deep": Code(True, "Lists and mappings are nested too deep."),
        "too-large": Code(True, "The file holds more values than a deck may."),
        "too-long": Code(True, "A single text is longer than any card needs."),
        "unsafe-character": Code(
            False, "Invisible or escape characters, which were removed from the text."
        ),
        # The schema.
        "empty-deck": Code(False, "The deck has no cards."),
        "wrong-type": Code(True, "A list, a mapping or a text stands where another is expected."),
        "unknown-field": Code(True, "A field that this kind of card does not have."),
        "missing-field": Code(True, "A field that this kind of card needs is not there."),
        "unknown-kind": Code(True, "A card kind that does not exist."),
        "empty-text": Code(True, "A text that must say something is empty."),
        "not-a-number": Code(True, "A whole number is expected."),
        "not-true-or-false": Code(True, "Only `true` or `false` may stand here."),
        "unknown-word": Code(True, "Only certain words may stand here, and this is none of them."),
        "out-of-range": Code(True, "A number outside its range."),
        "wrong-length": Code(True, "A list with too few or too many entries."),
        "bad-id": Code(
            True, "An id with characters other than small letters, digits, dot, _ and -."
        ),
        # Across cards and files.
        "duplicate-id": Code(True, "Two cards have one id; progress could not tell them apart."),
        "duplicate-deck": Code(
            True, "Two files of one folder have one deck id; only the first is used."
        ),
        "dangling-prerequisite": Code(False, "`requires` names a card that no deck has."),
        "prerequisite-cycle": Code(False, "Cards require each other in a circle."),
        "near-duplicate": Code(False, "Two cards ask nearly the same."),
        # The content.
        "cloze-without-blank": Code(True, "A cloze card without any {{blank}}."),
        "unbalanced-cloze": Code(True, "{{ without }} or }} without {{."),
        "empty-blank": Code(True, "A cloze blank with nothing in it."),
        "equal-options": Code(True, "Two options of a choice are the same."),
        "family-file": Code(True, "A file of your own families cannot be loaded, or one of them."),
        "family-promise": Code(
            False, "A family of your own breaks what every family promises its learners."
        ),
        "unknown-family": Code(True, "A problem family that does not exist."),
        "unknown-level": Code(True, "A level that the problem family does not have."),
        "unreadable-answer": Code(True, "A formula that the answer reader cannot read."),
        "unmet-form": Code(True, "An accepted formula without the form that the card demands."),
        "right-as-wrong": Code(True, "A formula listed as wrong that is right, or listed before."),
        "missing-source": Code(False, "The card names no source."),
        "unknown-source": Code(False, "The card names a source that the deck does not list."),
        "unbalanced-math": Code(False, "$, \\( or \\[ without its partner."),
        "unbalanced-braces": Code(False, "{ and } do not pair up inside a formula."),
        "formula-falls-back": Code(
            False, "A formula that cannot be drawn in two dimensions on a terminal."
        ),
        "text-after-hash": Code(False, "YAML reads ` #` and what follows as a comment."),
    }
)


def codes_as_markdown() -> str:
    """The table of codes for the documentation."""
    rows = [f"| `{name}` | {'yes' if c.breaks else ''} | {c.means} |" for name, c in CODES.items()]
    return "\n".join(["| code | breaks the card | meaning |", "|---|---|---|", *rows]) + "\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place; line and column count from 1, the column in characters."""

    file: str
    line: int
    column: int
    code: str
    message: str
    suggestion: str = ""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"no such fault code: {self.code}")

    def __str__(self) -> str:
        return headline(self)

    @property
    def breaks(self) -> bool:
        """True when the card (or deck) it stands in cannot be served."""
        return CODES[self.code].breaks


class DeckError(Exception):
    """A deck that cannot be used as written; `.faults` holds all that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(headline(fault) for fault in self.faults))


def headline(fault: Fault) -> str:
    """`file:line:column: message` on one line, safe to print."""
    return visible(f"{fault.file}:{fault.line}:{fault.column}: {fault.message}")


def visible(text: str) -> str:
    """The text with everything invisible or dangerous in it replaced by one `·` or space each.

    Line breaks and tabs become spaces, control and format characters become `·`, so offsets stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in "\t\n\r":
        return " "
    category = unicodedata.category(character)
    if category[0] == "C":
        return "·"
    return " " if category[0] == "Z" else character


def width(text: str) -> int:
    """Terminal cells that a text without control characters takes."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


def render_fault(fault: Fault, source_line: str, columns: int = 78) -> str:
    """The fault with its source line and a caret, cut to `columns` cells around the place."""
    said = headline(fault)
    at = min(fault.column - 1, len(source_line))
    first = max(0, at - (columns - 4) // 2) if len(source_line) > columns - 4 else 0
    shown = visible(source_line[first : first + columns - 4])
    lead = "… " if first else "  "
    lines = [said]
    if shown.strip():
        lines.append(f"{lead}{shown}")
        lines.append("  " + " " * width(shown[: at - first]) + "^")
    if fault.suggestion:
        first_line, *more = fault.suggestion.split("\n")
        lines.append(f"  {visible(first_line)}")
        lines.extend(f"    {visible(line)}" for line in more)
    return "\n".join(lines)


def render_faults(faults: Iterable[Fault], columns: int = 78) -> str:
    """Every fault with its source line, read from the files they name."""
    lines: dict[str, list[str]] = {}
    shown = []
    for fault in faults:
        if fault.file not in lines:
            lines[fault.file] = _lines_of(fault.file)
        source = lines[fault.file]
        line = source[fault.line - 1] if 0 < fault.line <= len(source) else ""
        shown.append(render_fault(fault, line, columns))
    return "\n\n".join(shown)


def _lines_of(file: str) -> list[str]:
    from .source import MAX_BYTES, lines_of

    try:
        path = Path(file)
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return []
        return lines_of(path.read_bytes().decode("utf-8", "replace"))
    except OSError:
        return []
