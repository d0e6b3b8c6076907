"""A collection of Anki out of an .apkg or .colpkg: its note types, decks, notes, cards and answers.

All three inner forms are read: `collection.anki2`, `collection.anki21` (note types and decks as
JSON) and `collection.anki21b` (compressed with zstd, tables of Protocol Buffers). Read as data of a
stranger: a copy, read-only, with every value checked for its type.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from studykit.exchange.archive import MAX_SIZE, Archive, copy_at_most, damaged, open_archive
from studykit.exchange.errors import ExchangeError
from studykit.exchange.protobuf import WireError, number_of, text_of

MAX_ROWS = 20_000_000
_TYPES: dict[str, type | tuple[type, ...]] = {"i": int, "s": str, "t": (int, str)}


class Template(NamedTuple):
    """The two sides of a card, as Anki's templates."""

    question: str
    answer: str


class NoteType(NamedTuple):
    """What the notes of one sort have in common."""

    name: str
    cloze: bool
    fields: tuple[str, ...]
    templates: tuple[Template, ...]


class AnkiNote(NamedTuple):
    id: int
    guid: str
    type: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]


class AnkiCard(NamedTuple):
    id: int
    note: int
    deck: int
    ord: int
    modified: int
    """Seconds since 1970."""
    queue: int
    """-1 is suspended."""
    flags: int


class AnkiAnswer(NamedTuple):
    """A row of Anki's log: an answer, or a card set to another day by hand."""

    at_ms: int
    card: int
    grade: int
    """1 to 4; 0 where nothing was answered."""
    interval: int
    """Days, or seconds below 0."""
    factor: int
    elapsed_ms: int
    kind: int
    """0 learning, 1 review, 2 relearning, 3 filtered deck, 4 by hand, 5 rescheduled."""


class AnkiFile:
    """An open collection. Tables that are large are read lazily."""

    def __init__(
        self, connection: sqlite3.Connection, name: str, form: str, media: tuple[str, ...]
    ) -> None:
        self._connection = connection
        self._name = name
        self.form = form
        self.media = media
        self.types: dict[int, NoteType] = {}
        self.decks: dict[int, str] = {}
        if "notetypes" in _tables(connection):
            self._read_tables()
        else:
            self._read_json()

    def notes(self) -> Iterator[AnkiNote]:
        """Every note, oldest first."""
        for row in self._rows("SELECT id, guid, mid, tags, flds FROM notes ORDER BY id", "istss"):
            tags = tuple(dict.fromkeys(row[3].split()))
            yield AnkiNote(row[0], row[1], int(row[2]), tags, tuple(row[4].split("\x1f")))

    def cards(self) -> Iterator[AnkiCard]:
        """Every card, in the order of notes and templates; of a filtered deck with its own deck."""
        sql = (
            "SELECT id, nid, CASE WHEN odid THEN odid ELSE did END, ord, mod, queue, flags "
            "FROM cards ORDER BY nid, ord"
        )
        for row in self._rows(sql, "iiiiiii"):
            yield AnkiCard(*row)

    def answers(self) -> Iterator[AnkiAnswer]:
        """The log, oldest first."""
        sql = "SELECT id, cid, ease, ivl, factor, time, type FROM revlog ORDER BY id"
        for row in self._rows(sql, "iiiiiii"):
            yield AnkiAnswer(*row)

    def _rows(self, sql: str, types: str) -> Iterator[tuple[Any, ...]]:
        """Rows whose columns are numbers (i) texts (s) or either (t)."""
        try:
            for count, row in enumerate(self._connection.execute(sql)):
                fits = all(
                    isinstance(value, _TYPES[kind]) for value, kind in zip(row, types, strict=True)
                )
                if not fits or count == MAX_ROWS:
                    raise damaged(self._name)
                yield row
        except sqlite3.Error as error:
            raise damaged(self._name) from error

    def _read_json(self) -> None:
        row = self._connection.execute("SELECT models, decks FROM col").fetchone()
        models, decks = (json.loads(text) for text in row)
        for key, model in models.items():
            self.types[int(key)] = NoteType(
                str(model["name"]),
                model.get("type") == 1,
                tuple(str(field["name"]) for field in model["flds"]),
                tuple(Template(str(one["qfmt"]), str(one["afmt"])) for one in model["tmpls"]),
            )
        self.decks = {int(key): str(deck["name"]) for key, deck in decks.items()}

    def _read_tables(self) -> None:
        rows = self._connection.execute
        names: dict[int, list[str]] = {}
        for type_id, name in rows("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
            names.setdefault(type_id, []).append(str(name))
        sides: dict[int, list[Template]] = {}
        for type_id, config in rows("SELECT ntid, config FROM templates ORDER BY ntid, ord"):
            template = Template(text_of(config, 1), text_of(config, 2))
            sides.setdefault(type_id, []).append(template)
        for type_id, name, config in rows("SELECT id, name, config FROM notetypes"):
            self.types[type_id] = NoteType(
                str(name),
                number_of(config, 1) == 1,
                tuple(names.get(type_id, ())),
                tuple(sides.get(type_id, ())),
            )
        self.decks = {key: str(name) for key, name in rows("SELECT id, name FROM decks")}


@contextmanager
def open_anki_file(path: Path) -> Iterator[AnkiFile]:
    """Open an Anki export. Raises ExchangeError with one sentence, also while it is read."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, "collection.sqlite")
        with open_archive(path) as archive:
            form, media = _unpack(archive, copy, path.name)
        with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            try:
                _distrust(db)
                file = AnkiFile(db, path.name, form, media)
            except (sqlite3.Error, LookupError, TypeError, ValueError, AttributeError) as error:
                # Whatever its makers did not foresee in the file shows as one of these.
                raise damaged(path.name) from error
            yield file


def _distrust(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA cell_size_check = ON")
    db.text_factory = lambda data: data.decode("utf-8", "replace")
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 64 << 20)
    # Anki compares names with a collation of its own; here only equality matters.
    db.create_collation("unicase", lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower()))
    missing = {"col", "notes", "cards", "revlog"} - _tables(db)
    if missing:
        raise sqlite3.DatabaseError(f"no table {missing}")


def _tables(db: sqlite3.Connection) -> set[str]:
    """Real tables alone: a view could be made to run for ever."""
    found = db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
    )
    return {name for (name,) in found}


_FORMS = ("collection.anki21b", "collection.anki21", "collection.anki2")
"""The newest first: beside it an old one only asks to update Anki."""


def _unpack(archive: Archive, target: Path, name: str) -> tuple[str, tuple[str, ...]]:
    """Put the collection into `target`; its form and the names of its media."""
    form = next((form for form in _FORMS if form in archive.names), None)
    if form is None:
        raise ExchangeError(f"{name} holds no Anki collection: export a deck from Anki as .apkg.")
    packed = form.endswith("b")
    with target.open("wb") as file:
        if not packed:
            archive.copy(form, file)
        else:
            middle = target.with_suffix(".zst")
            with middle.open("wb") as raw:
                archive.copy(form, raw)
            with middle.open("rb") as raw:
                _decompress(raw, file, name)
    media = archive.read("media") if "media" in archive.names else b""
    return form, _media_names(media, packed, name)


def _decompress(source: Any, target: Any, name: str) -> None:
    try:
        import zstandard
    except ImportError:
        raise ExchangeError(
            f"{name} is of Anki's newest form, which needs the package zstandard: install studykit "
            "with its extra, `studykit[anki]`, or tick “Support older Anki versions” when you "
            "export from Anki."
        ) from None
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(source)
        copy_at_most(reader, target, MAX_SIZE, name)
    except zstandard.ZstdError as error:
        raise damaged(name) from error


def _media_names(data: bytes, packed: bool, name: str) -> tuple[str, ...]:
    """The names of pictures and sounds in the file; none where the list cannot be read."""
    from io import BytesIO

    try:
        if not packed:
            listed = json.loads(data or b"{}")
            return tuple(map(str, listed.values())) if isinstance(listed, dict) else ()
        unpacked = BytesIO()
        _decompress(BytesIO(data), unpacked, name)
        from studykit.exchange.protobuf import fields

        return tuple(
            text_of(entry, 1)
            for number, entry in fields(unpacked.getvalue())
            if number == 1 and isinstance(entry, bytes)
        )
    except (ValueError, WireError, RecursionError):
        return ()
