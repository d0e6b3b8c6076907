"""A row of a text file that Anki exported ("Notes in plain text") → drafts.

The file says where its GUIDs, decks and tags stand; what is left are the fields of a note, of which
the first is asked and the second told. Notes get the ids that they have in an .apkg, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from studykit.exchange.anki_card import blank_numbers, blanked
from studykit.exchange.anki_import import anki_id, cloze_draft
from studykit.exchange.dialect import Dialect
from studykit.exchange.html_text import CLOSE, OPEN, markdown_of
from studykit.exchange.incoming import Draft, Incoming
from studykit.exchange.pictures import PICTURES

_FIELDS = ("front", "back", "explain")


def anki_columns(dialect: Dialect, width: int) -> list[str]:
    """What each column is; "" for one that is not taken."""
    fields = iter(_FIELDS)
    return [dialect.places.get(at) or next(fields, "") for at in range(width)]


def take_anki_row(
    incoming: Incoming, draft: Draft, cells: Mapping[str, str], *, html: bool
) -> None:
    """The cards of one note: one, or for a cloze one for each of its numbers."""
    front, back, explain = (
        cells.get(name, "") if html else escape(cells.get(name, ""), quote=False)
        for name in _FIELDS
    )
    guid = cells.get("guid", "")
    tags = tuple(dict.fromkeys((*draft.tags, *cells.get("tags", "").split())))
    draft = draft._replace(tags=tags)
    told, more = markdown_of(back), markdown_of(explain)
    if markdown_of(front).media or told.media or more.media:
        incoming.left[PICTURES] += 1
    numbers = blank_numbers(front)
    for number in numbers:
        marked = blanked(front, number)
        whole = markdown_of(marked.replace(OPEN, "").replace(CLOSE, "")).text
        below = "\n\n".join(part for part in (told.text, more.text) if part)
        made = cloze_draft(markdown_of(marked).text, below, whole)
        if made is not None:
            made = made._replace(deck=draft.deck, tags=tags, where=draft.where)
            incoming.drafts.append(_named(made, guid, number - 1))
    asked = markdown_of(front).text
    if not numbers and not (asked and told.text):
        missing = "back" if asked else "front"
        incoming.refuse(draft.where, asked or told.text, f"its {missing} is empty")
    elif not numbers:
        made = draft._replace(front=asked, back=told.text, explain=more.text)
        incoming.drafts.append(_named(made, guid, 0))


def _named(draft: Draft, guid: str, ord_: int) -> Draft:
    return draft._replace(id=anki_id(guid, ord_)) if guid else draft
