"""A sheet as a package for Anki: each problem a note, its worked solution on the back.

A note is known by its ticket, so importing a sheet twice, or two sheets that share a problem, makes
no note twice.
"""

from __future__ import annotations

from studykit.decks.anki import Note, NoteDeck, PackageError, packed
from studykit.sheets.errors import SheetError
from studykit.sheets.formats import Part
from studykit.sheets.sheet import Item, Sheet
from studykit.typeset.mathjax import mathjax_html

CHANGED = 1_796_000_000
"""When problems were last worded otherwise, in seconds since 1970; Anki updates older notes."""


def write(sheet: Sheet, _part: Part, _worked: bool) -> bytes:
    """The package, every note with its worked solution. Raises SheetError without genanki."""
    name = sheet.title.replace("::", ":")
    deck = NoteDeck(
        f"studykit::{name}", [_note(item) for item in sheet.items], mathjax_html(sheet.about)
    )
    try:
        return packed([deck], CHANGED)
    except PackageError as error:
        raise SheetError(str(error)) from error


def _note(item: Item) -> Note:
    family = item.problem.family
    return Note(
        key=item.ticket,
        front=f"<h3>{mathjax_html(item.title)}</h3>\n{mathjax_html(item.question)}",
        back=mathjax_html(f"${item.symbol} = {item.answer}$"),
        more=mathjax_html(item.worked),
        tags=(family.name, family.topic, f"level-{item.level}"),
    )
