"""Decks out of studykit: an Anki package, a table, Markdown.

Anki and tables know question and answer alone, see `faces`. What is written here `studykit import`
reads back, and a card that was exported is known again by its id.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from studykit.decks.anki import Note, NoteDeck, PackageError, cloze_html, write_package
from studykit.decks.cloze import parts
from studykit.decks.schema import Card
from studykit.exchange.errors import ExchangeError
from studykit.exchange.faces import Face, faces
from studykit.exchange.table import guarded
from studykit.typeset.mathjax import mathjax_html

COLUMNS = ("front", "back", "cloze", "explain", "tags", "deck", "id")
"""Columns of the table, as `studykit import` takes them."""
ROOT = "studykit"
"""The deck of Anki under which ours lie."""


class OutDeck(NamedTuple):
    """A deck to be written."""

    id: str
    title: str
    about: str
    cards: Sequence[tuple[str, Card]]
    """Each with its id."""
    changed: float
    """When its file last changed, in seconds since 1970."""


def write_anki(path: Path, decks: Sequence[OutDeck], instances: int) -> int:
    """Write an Anki package; how many notes are in it. Raises ExchangeError."""
    made = []
    for deck in decks:
        notes = [_note(face, deck.id) for face in _faces(deck, instances)]
        name = f"{ROOT}::{deck.title.replace('::', ':')}"
        made.append(NoteDeck(name, notes, mathjax_html(deck.about)))
    try:
        write_package(path, made, max((deck.changed for deck in decks), default=0))
    except PackageError as error:
        raise ExchangeError(str(error)) from error
    return sum(len(deck.notes) for deck in made)


def table(decks: Sequence[OutDeck], instances: int) -> str:
    """The cards as CSV, one line each after the names of the columns."""
    held = StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(COLUMNS)
    for deck in decks:
        for face in _faces(deck, instances):
            sides = ("", "", face.front) if face.cloze else (face.front, face.back, "")
            row = (*sides, face.more, " ".join(face.tags), deck.title, face.key)
            writer.writerow([guarded(cell.strip()) for cell in row])
    return held.getvalue()


def markdown(decks: Sequence[OutDeck], instances: int) -> str:
    """The cards as Markdown in the style of hashcards, a heading over each deck."""
    return "\n".join(line for deck in decks for line in _page(deck, instances)) + "\n"


def _page(deck: OutDeck, instances: int) -> Iterator[str]:
    yield f"# {deck.title}\n"
    for face in _faces(deck, instances):
        more = f"\n\n{face.more}" if face.more else ""
        if face.cloze:
            yield _sentence(face, more)
        else:
            yield f"Q: {_held(face.front)}\n\nA: {_held(face.back + more)}\n\n---\n"


def _sentence(face: Face, more: str) -> str:
    """A cloze; where brackets mean something else already, as question and answer."""
    pieces = parts(face.front)
    if more or any(re.search(r"[\[\]]", piece.text) for piece in pieces):
        asked = "".join("[…]" if piece.blank else piece.text for piece in pieces)
        told = "".join(f"**{piece.text}**" if piece.blank else piece.text for piece in pieces)
        return f"Q: {_held(asked)}\n\nA: {_held(told + more)}\n\n---\n"
    marked = "".join(f"[{piece.text}]" if piece.blank else piece.text for piece in pieces)
    return f"C: {_held(marked)}\n\n---\n"


def _held(text: str) -> str:
    """A text in which no line begins like a card."""
    return re.sub(r"^(?=[QAC]:|-{3,}\s*$)", " ", text.strip(), flags=re.MULTILINE)


def _note(face: Face, deck: str) -> Note:
    tags = (deck, *face.tags)
    more = mathjax_html(face.more)
    if face.cloze:
        return Note(face.key, cloze_html(face.front), "", more, tags, cloze=True)
    return Note(face.key, mathjax_html(face.front), mathjax_html(face.back), more, tags)


def _faces(deck: OutDeck, instances: int) -> Iterator[Face]:
    for name, card in deck.cards:
        yield from faces(name, card, instances)
