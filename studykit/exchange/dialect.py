"""How a table is written: which sign parts its cells, which columns it has, where it begins.

Found out from the text itself, from a first line `sep=;` as spreadsheets write it, or from the
lines with `#` at the head of a text file of Anki.
https://docs.ankiweb.net/importing/text-files.html
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAID = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " ", "colon": ":"}
_LOOKED_AT = 50
MAX_HEADER = 20
"""Lines at the head that may say something about the table."""
_HEADER = re.compile(
    r"#(separator|html|deck|tags|notetype|columns|if matches|(?:guid|deck|tags|notetype) column):"
    r"(.*)$",
    re.IGNORECASE,
)
_POSITION = {"guid column": "guid", "deck column": "deck", "tags column": "tags",
             "notetype column": "note type"}  # fmt: skip


@dataclass(slots=True)
class Dialect:
    """How to read a table."""

    delimiter: str
    text: str
    """The table without the lines about it."""
    skipped: int = 0
    """How many lines those are."""
    anki: bool = False
    html: bool = False
    deck: str = ""
    tags: tuple[str, ...] = ()
    places: Mapping[int, str] = field(default_factory=dict)
    """Columns from 0 that Anki says the meaning of."""


def dialect_of(text: str, *, tabs: bool = False) -> Dialect:
    """The dialect of a table; `tabs` when its file says that tabs part its cells.

    Raises csv.Error.
    """
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and first[4:5] in DELIMITERS:
        return Dialect(first[4], rest, 1)
    told: dict[str, str] = {}
    skipped = 0
    while skipped < MAX_HEADER and (header := _HEADER.match(text.partition("\n")[0])):
        told[header[1].lower()] = header[2].strip()
        text = text.partition("\n")[2]
        skipped += 1
    given = told.get("separator", "")
    delimiter = _SAID.get(given.lower(), given if given in DELIMITERS else "")
    if not delimiter:
        delimiter = "\t" if tabs else _delimiter(text)
    places = {
        int(told[name]) - 1: meaning
        for name, meaning in _POSITION.items()
        if re.fullmatch(r"[1-9][0-9]{0,3}", told.get(name, ""))
    }
    return Dialect(
        delimiter,
        text,
        skipped,
        anki="separator" in told or "html" in told,
        html=told.get("html", "").lower() == "true",
        deck=told.get("deck", ""),
        tags=tuple(told.get("tags", "").split()),
        places=places,
    )


def _delimiter(text: str) -> str:
    lines = text.splitlines(keepends=True)[:_LOOKED_AT]

    def agreement(delimiter: str) -> tuple[int, int]:
        """How many rows have as many cells as the first, and how many cells that is."""
        sizes = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        most = sizes[0] if sizes else 0
        return (sum(size == most for size in sizes) if most > 1 else 0), most

    return max(DELIMITERS, key=agreement)
