"""An Anki collection → drafts of cards and rows of our log.

Each card of Anki becomes a card: a note with a reversed side gives two, a cloze one for each of its
numbers. A note that studykit once wrote is known by its key and gives its card back.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

from studykit.decks.anki import KEY_FIELD, MODELS
from studykit.decks.cloze import parts, slips
from studykit.decks.schema import ID_PATTERN
from studykit.exchange.anki_card import Sides, sides
from studykit.exchange.anki_collection import AnkiCard, AnkiFile, AnkiNote, NoteType, open_anki_file
from studykit.exchange.anki_history import LATEST_MS, Days, Owner, log_rows, suspension
from studykit.exchange.html_text import CLOSE, OPEN, Converted, markdown_of, plain_of
from studykit.exchange.incoming import Draft, Incoming
from studykit.exchange.pictures import PICTURES

MAX_HTML = 100_000
"""Letters of one side as HTML."""
SUSPENDED = -1
_ID = re.compile(ID_PATTERN)
_INSTANCE = "#"
"""Stands before the number of a frozen problem in its key."""


def read_anki(path: Path, study_day: Days) -> Incoming:
    """Everything in an Anki export. Raises ExchangeError."""
    with open_anki_file(path) as file:
        incoming = Incoming(f"Anki export ({file.form})")
        owners, suspended = _cards(file, incoming)
        rows = log_rows(file.answers(), owners, study_day, incoming.left)
        last: dict[str, int] = {}
        for row in rows:
            last[row["card"]] = row["at_ms"]
        for card, at_ms in suspended:
            at_ms = max(at_ms if at_ms < LATEST_MS else 0, last.get(card, 0) + 1)
            rows.append(suspension(card, at_ms, study_day))
        incoming.rows = sorted(rows, key=lambda row: str(row["id"]))
        if file.media:
            incoming.left["pictures and sounds in the file"] = len(file.media)
    return incoming


def _cards(file: AnkiFile, incoming: Incoming) -> tuple[dict[int, Owner], list[tuple[str, int]]]:
    """The drafts go into `incoming`; who owns which Anki card, and which are suspended since."""
    owners: dict[int, Owner] = {}
    suspended: list[tuple[str, int]] = []
    notes = {note.id: note for note in file.notes()}
    used: set[int] = set()
    for card in file.cards():
        note = notes.get(card.note)
        where = f"card {card.id}"
        if note is None:
            incoming.refuse(where, "", "its note is not in the file")
            continue
        used.add(note.id)
        kind = file.types.get(note.type)
        if kind is None:
            incoming.refuse(where, note.fields[0], "its note type is not in the file")
            continue
        deck = file.decks.get(card.deck, "Anki").replace("\x1f", "::")
        values = dict(zip(kind.fields, note.fields, strict=False))
        key = values.get(KEY_FIELD, "") if note.type in MODELS.values() else ""
        key = plain_of(key)
        if _INSTANCE in key:
            owners[card.id] = Owner(key.partition(_INSTANCE)[0], forms_memory=False)
            incoming.left["frozen problems of studykit (only their answers are taken)"] += 1
            continue
        draft = _draft(kind, values, note, card, incoming.left)
        if isinstance(draft, str):
            incoming.refuse(f"note {note.id}", plain_of(note.fields[0][:500]), draft)
            continue
        name = key if _ID.match(key) else anki_id(note.guid, card.ord)
        incoming.drafts.append(draft._replace(id=name, deck=deck))
        owners[card.id] = Owner(name)
        if card.queue == SUSPENDED:
            suspended.append((name, card.modified * 1000))
        elif card.queue < SUSPENDED:
            incoming.left["cards that Anki hides until tomorrow, which are asked as usual"] += 1
        if card.flags & 7:
            incoming.left["flags"] += 1
    for note in notes.values():
        if note.id not in used:
            incoming.refuse(f"note {note.id}", note.fields[0], "Anki has no card of it")
    return owners, suspended


def _draft(
    kind: NoteType,
    values: dict[str, str],
    note: AnkiNote,
    card: AnkiCard,
    left: Counter[str],
) -> Draft | str:
    """A card, its texts as Markdown, or why it cannot be taken; `left` counts what it loses."""
    everything = {**values, "Tags": " ".join(note.tags), "Card": "", "Type": kind.name}
    both = sides(kind, everything, card.ord)
    if both is None:
        return f"its note type “{kind.name}” has no card {card.ord + 1}"
    if max(map(len, both)) > MAX_HTML:
        return f"longer than {MAX_HTML:,} letters"
    if "image-occlusion:" in both.question:
        return "it hides parts of a picture, which cannot be shown here"
    question, answer = (markdown_of(side) for side in both)
    if _only_media(question) or (not kind.cloze and _only_media(answer)):
        names = ", ".join((*question.media, *answer.media))
        return f"a side of it is only a picture or sound ({names})"
    draft = _asked(kind, both, question.text, answer.text)
    if draft is None:
        if not question.text or not kind.cloze:
            return f"its {'answer' if question.text else 'question'} is empty"
        return "it has no blank of this number"
    for sort in {*question.dropped, *answer.dropped}:
        left[f"cards without their {sort}"] += 1
    if question.media or answer.media:
        left[PICTURES] += 1
    return draft._replace(tags=note.tags, where=f"note {note.id}")


def _only_media(side: Converted) -> bool:
    """Whether nothing is left of a side without the names of its pictures."""
    text = side.text.replace("\\", "")
    for name in side.media:
        text = text.replace(f"({name})", "")
    return bool(side.media) and not text.strip(" \n-*|")


def _asked(kind: NoteType, both: Sides, question: str, answer: str) -> Draft | None:
    if not question or not (answer or kind.cloze):
        return None
    if not kind.cloze:
        return Draft("", question, answer)
    return cloze_draft(question, answer, whole=_filled_in(both.question))


def cloze_draft(marked: str, explain: str, whole: str) -> Draft | None:
    """A cloze card out of a sentence with our signs around its blanks.

    Where blanks of ours cannot stand (in a formula, over a whole page) it becomes question and
    answer, `whole` being the sentence without signs. None for a sentence without a blank.
    """
    if OPEN not in marked:
        return None
    text = marked.replace(OPEN, "{{").replace(CLOSE, "}}")
    if not slips(text) and sum(part.blank for part in parts(text)) == marked.count(OPEN):
        return Draft("", text, cloze=True, explain=explain)
    return Draft("", _BLANK.sub("[…]", marked), whole, explain=explain)


_BLANK = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")


def _filled_in(html: str) -> str:
    return markdown_of(html.replace(OPEN, "").replace(CLOSE, "")).text


def anki_id(guid: str, ord_: int) -> str:
    """An id of ours that an Anki card always gets."""
    name = f"anki-{sha256(guid.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    return f"{name}-{ord_ + 1}" if ord_ else name
