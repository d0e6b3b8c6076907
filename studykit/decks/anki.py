"""Notes into an Anki package (.apkg), reproducible to the byte and made to be imported again.

A note is known by its key: Anki finds it again under the same GUID, keeps its schedule, and takes
its text over when the package is newer. Decks and practice sets are both written here; how a card
becomes a note is left to them. Needs the package genanki (extra `anki`), loaded on use.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from studykit.decks.cloze import parts
from studykit.typeset.mathjax import mathjax_html

MODELS = {False: 1_731_024_001, True: 1_731_024_002}
"""Anki's ids of our note types, without and with blanks; other fields would need other ids."""

KEY_FIELD = "studykit"
"""The field that holds a note's key, so that a card that comes back is known."""

_EARLIEST = 1_600_000_000
"""Zip and Anki know no time before their own; a file without a date gets this one."""

_CSS = """\
.card { font-family: sans-serif; font-size: 20px; text-align: left; max-width: 40em;
  margin: 0 auto; padding: 0.5em; }
.cloze { font-weight: bold; }
.more { opacity: 0.85; font-size: 90%; border-top: 1px solid; margin-top: 1em; }
pre { white-space: pre-wrap; }
"""
_MORE = '{{#More}}<div class="more">{{More}}</div>{{/More}}'
_SIDES = {
    False: ("{{Front}}", "{{FrontSide}}\n<hr id=answer>\n{{Back}}\n" + _MORE),
    True: ("{{cloze:Text}}", "{{cloze:Text}}\n" + _MORE),
}
_FIELDS = {False: ("Front", "Back", "More", KEY_FIELD), True: ("Text", "More", KEY_FIELD)}


class PackageError(Exception):
    """A package cannot be written; the text says why and what to do."""


class Note(NamedTuple):
    """One note. Its texts are HTML, as `mathjax_html` and `cloze_html` give it."""

    key: str
    """What it is known by for ever: the id of a card, the ticket of a problem."""
    front: str
    """The question; of a note with blanks the whole sentence."""
    back: str = ""
    """The answer; "" for a note with blanks."""
    more: str = ""
    """What is shown under the answer."""
    tags: tuple[str, ...] = ()
    cloze: bool = False


class NoteDeck(NamedTuple):
    """A deck of a package. `::` in its name makes a deck within a deck."""

    name: str
    notes: Sequence[Note]
    about: str = ""
    """HTML shown above the deck."""


def write_package(path: Path, decks: Sequence[NoteDeck], changed: float) -> None:
    """Write `decks` to `path`, whole or not at all.

    `changed` is when their content last changed, in seconds since 1970: Anki takes over an edited
    note only from a package that is newer than its own copy. The same content and time give the
    same bytes. Raises PackageError.
    """
    unfinished = path.with_name(f"{path.name}.part")
    try:
        unfinished.write_bytes(packed(decks, changed))
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise PackageError(f"{path} cannot be written: {error.strerror or error}.") from error


def packed(decks: Sequence[NoteDeck], changed: float) -> bytes:
    """The bytes of a package, see `write_package`. Raises PackageError without genanki."""
    genanki = _genanki()
    timestamp = max(int(changed), _EARLIEST)
    models = {cloze: _model(genanki, cloze) for cloze in MODELS}
    package = genanki.Package([_deck(genanki, deck, models) for deck in decks])
    with TemporaryDirectory() as folder:
        collection = Path(folder, "collection.anki2")
        with closing(sqlite3.connect(collection)) as connection:
            package.write_to_db(connection.cursor(), timestamp, count(timestamp * 1000))
            connection.commit()
        packed = Path(folder, "package.zip")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            # The writer of genanki stamps the members with the clock.
            for name, data in (("collection.anki2", collection.read_bytes()), ("media", b"{}")):
                member = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                member.external_attr = 0o644 << 16
                archive.writestr(member, data)
        return packed.read_bytes()


def cloze_html(text: str) -> str:
    r"""The sentence of a cloze card as Anki writes it, all blanks asked at once.

    `}}` and `::` end a blank in Anki, in a formula too, so both are pulled apart inside one.
    """
    marked = "".join(
        f"{_OPEN}{part.text}{_CLOSE}" if part.blank else part.text for part in parts(_bare(text))
    )
    html = mathjax_html(marked)
    html = html.replace("{{c", "{ {c")
    return _BLANK.sub(lambda blank: "{{c1::" + _held(blank[1]) + "}}", html)


_OPEN, _CLOSE = "\ue000", "\ue001"
_BLANK = re.compile(f"{_OPEN}(.*?){_CLOSE}", re.DOTALL)
_TEX = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)


def _bare(text: str) -> str:
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def _held(inside: str) -> str:
    apart = _TEX.sub(lambda tex: tex[0].replace("::", ":{}:"), inside)
    apart = apart.replace("::", ":<!-- -->:")
    while "}}" in apart:
        apart = apart.replace("}}", "} }")
    return f"{apart} " if apart.endswith("}") else apart


def _deck(genanki: Any, deck: NoteDeck, models: dict[bool, Any]) -> Any:
    digest = hashlib.sha256(deck.name.encode()).digest()
    made = genanki.Deck(1 << 40 | int.from_bytes(digest[:4]), deck.name, deck.about)
    for position, note in enumerate(deck.notes):
        sides = (note.front,) if note.cloze else (note.front, note.back)
        fields = [*sides, note.more, note.key]
        guid = genanki.guid_for("studykit", note.key)
        tags = [re.sub(r"\s+", "_", tag) for tag in note.tags]
        made.add_note(genanki.Note(models[note.cloze], fields, tags=tags, guid=guid, due=position))
    return made


def _model(genanki: Any, cloze: bool) -> Any:
    question, answer = _SIDES[cloze]
    return genanki.Model(
        MODELS[cloze],
        "studykit cloze" if cloze else "studykit",
        fields=[{"name": name} for name in _FIELDS[cloze]],
        templates=[{"name": "Card 1", "qfmt": question, "afmt": answer}],
        css=_CSS,
        model_type=int(cloze),
    )


def _genanki() -> Any:
    try:
        import genanki
    except ImportError:
        raise PackageError(
            "An Anki package needs the package genanki: install studykit with its extra, "
            "`studykit[anki]`."
        ) from None
    return genanki
