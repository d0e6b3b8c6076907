"""The formats a sheet can be written in: one file each, one line here.

A format's module has `write(sheet, part, worked)` and is imported when it is asked for. `part` says
whether the problems, the key or both are wanted; `worked` adds worked solutions to the key.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Literal

from studykit.sheets.errors import SheetError
from studykit.sheets.sheet import Sheet

Part = Literal["problems", "key", "both"]
Write = Callable[[Sheet, Part, bool], bytes]

FORMATS = {
    "md": "markdown",
    "html": "webpage",
    "pdf": "pdf",
    "ipynb": "notebook",
    "json": "machine",
    "anki": "apkg",
    "moodle": "moodle",
}
"""Name on the command line → module in `studykit.sheets`."""

KEYED = ("anki", "moodle")
"""Formats in which a question carries its answer: there is no key apart."""

TEXTUAL = ("md", "ipynb", "json", "moodle")
"""Formats that may go to a terminal."""


def write(sheet: Sheet, form: str, part: Part = "both", *, worked: bool = False) -> bytes:
    """The sheet in a format; the same bytes for the same sheet. Raises SheetError."""
    if form not in FORMATS:
        raise SheetError(f"There is no format {form}. Formats: {', '.join(FORMATS)}.")
    if form in KEYED and part != "both":
        raise SheetError(f"With {form} every question carries its answer: leave out the key.")
    module = import_module(f"studykit.sheets.{FORMATS[form]}")
    made: bytes = module.write(sheet, part, worked)
    return made
