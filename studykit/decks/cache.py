"""Parsed decks in one SQLite file, so that opening the library decodes nothing.

A row a deck and a row a card, so one card is served without touching its deck. It is only a cache:
a damaged or outdated file is made anew, and where nothing can be written it lives in memory. A
healthy database of another program under this name is left alone.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

LAYOUT = 3
"""Raised when the tables below change."""
APPLICATION_ID = 0x534B4443
SHIFT = 24
"""A card's key is its deck's key shifted, plus its position: one range is one deck."""
CHUNK = 1000

_TABLES = """
CREATE TABLE IF NOT EXISTS deck (
    key INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    hash TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    place INTEGER NOT NULL,
    off INTEGER NOT NULL,
    count INTEGER NOT NULL,
    identified INTEGER NOT NULL,
    header BLOB NOT NULL,
    faults TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS card (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    line INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS card_id ON card (id);
CREATE TABLE IF NOT EXISTS meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
"""


class DamageError(Exception):
    """The cache holds what cannot be; it is to be made anew."""


_DAMAGE = frozenset(
    (
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_FORMAT,
        sqlite3.SQLITE_RANGE,
        sqlite3.SQLITE_NOTADB,
    )
)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file's content is unsound, rather than held, full, or not to be written."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF in _DAMAGE


class DeckRow(NamedTuple):
    """What is stored of one file. `settled`: its time stamp is old enough to be trusted."""

    key: int
    path: str
    size: int
    mtime_ns: int
    settled: int
    hash: str
    id: str
    title: str
    place: int
    off: int
    cards: int
    identified: int
    faults: str


class CardRow(NamedTuple):
    """What is stored of one card."""

    id: str
    line: int
    body: bytes


class Cache:
    """The cache file, or memory in its stead. Raises `DamageError` when the content is unsound."""

    def __init__(self, path: Path | None, version: int) -> None:
        self.path = path
        self._version = LAYOUT * 1000 + version
        self._connection = self._open()

    @property
    def on_disk(self) -> bool:
        """False when decks are parsed anew by every process."""
        return self.path is not None

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def rebuild(self) -> None:
        """Throw the content away and begin anew; in memory if the file cannot be replaced."""
        self._connection.close()
        if self.path is not None:
            try:
                for ending in ("", "-journal", "-wal", "-shm"):
                    Path(f"{self.path}{ending}").unlink(missing_ok=True)
            except OSError:
                self.path = None
        self._connection = self._open()

    def to_memory(self) -> None:
        """Give the file up and work in memory from here on."""
        self._connection.close()
        self.path = None
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        if self.path is not None:
            try:
                return self._ready(self.path)
            except _ForeignError:
                pass
            except DamageError:
                with contextlib.suppress(OSError, sqlite3.Error, DamageError, _ForeignError):
                    self.path.unlink()
                    return self._ready(self.path)
            except sqlite3.Error as error:
                if is_damage(error):
                    with contextlib.suppress(OSError, sqlite3.Error, DamageError, _ForeignError):
                        self.path.unlink()
                        return self._ready(self.path)
            self.path = None
        connection = _connect(":memory:")
        connection.executescript(_TABLES)
        return connection

    def _ready(self, path: Path) -> sqlite3.Connection:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(str(path))
        try:
            owner = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
            if owner != APPLICATION_ID and tables:
                raise _ForeignError
            if tables and version != self._version:
                raise DamageError
            if not tables:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {self._version}")
                connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
        except BaseException:
            connection.close()
            raise
        return connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; everything in it or nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def decks(self) -> dict[str, DeckRow]:
        """Every stored deck by its path."""
        rows = self._connection.execute(
            "SELECT key, path, size, mtime_ns, settled, hash, id, title, place, off, count,"
            " identified, faults FROM deck"
        )
        return {row[1]: DeckRow(*row) for row in rows}

    def header(self, deck: int) -> bytes:
        """The stored head of a deck. Raises KeyError."""
        row = self._connection.execute("SELECT header FROM deck WHERE key = ?", (deck,)).fetchone()
        if row is None:
            raise KeyError(deck)
        return bytes(row[0])

    def put(self, row: DeckRow, header: bytes, cards: Iterable[CardRow]) -> None:
        """Store a deck in place of what stood under its key."""
        connection = self._connection
        self.forget(row.key)
        connection.execute(
            "INSERT INTO deck VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.key,
                row.path,
                row.size,
                row.mtime_ns,
                row.settled,
                row.hash,
                row.id,
                row.title,
                row.place,
                row.off,
                row.cards,
                row.identified,
                header,
                row.faults,
            ),
        )
        first = row.key << SHIFT
        connection.executemany(
            "INSERT INTO card VALUES (?, ?, ?, ?)",
            ((first + i, card.id, card.line, card.body) for i, card in enumerate(cards)),
        )

    def touch(self, deck: int, size: int, mtime_ns: int, settled: bool) -> None:
        """The file was written anew with the same content."""
        self._connection.execute(
            "UPDATE deck SET size = ?, mtime_ns = ?, settled = ? WHERE key = ?",
            (size, mtime_ns, settled, deck),
        )

    def forget(self, deck: int) -> None:
        """Drop a deck and its cards."""
        self._connection.execute("DELETE FROM deck WHERE key = ?", (deck,))
        self._connection.execute("DELETE FROM card WHERE key BETWEEN ? AND ?", _span(deck))

    def new_key(self) -> int:
        """A key that no deck has."""
        row = self._connection.execute("SELECT coalesce(max(key), 0) + 1 FROM deck").fetchone()
        return int(row[0])

    def identify(self, deck: int, ids: Sequence[str]) -> None:
        """Give the cards of a deck these ids, in their order."""
        first = deck << SHIFT
        self._connection.executemany(
            "UPDATE card SET id = ? WHERE key = ?",
            ((name, first + i) for i, name in enumerate(ids)),
        )
        self._connection.execute("UPDATE deck SET identified = 1 WHERE key = ?", (deck,))

    def find(self, card_id: str) -> list[tuple[int, int, bytes]]:
        """Key, line and body of every card of this id, whatever its deck."""
        return self._connection.execute(
            "SELECT key, line, body FROM card WHERE id = ?", (card_id,)
        ).fetchall()

    def bodies(self, deck: int, after: int = -1) -> list[tuple[int, str, bytes]]:
        """The next cards of a deck after a position: key, id, body; an empty list at its end."""
        first, last = _span(deck)
        return self._connection.execute(
            "SELECT key, id, body FROM card WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?",
            (first + after + 1, last, CHUNK),
        ).fetchall()

    def ids(self, deck: int) -> list[tuple[int, str]]:
        """Key and id of every card of a deck, in the file's order."""
        return self._connection.execute(
            "SELECT key, id FROM card WHERE key BETWEEN ? AND ? ORDER BY key", _span(deck)
        ).fetchall()

    def line(self, key: int) -> int:
        """The line of one card. Raises KeyError."""
        row = self._connection.execute("SELECT line FROM card WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return int(row[0])

    def twins(self, decks: Sequence[int]) -> list[tuple[str, int]]:
        """Id and key of every card of these decks whose id another of them has too."""
        marks = ",".join("?" * len(decks))
        among = f"(key >> {SHIFT}) IN ({marks})"
        return self._connection.execute(
            f"SELECT id, key FROM card WHERE {among} AND id IN ("  # noqa: S608 - marks only
            f"SELECT id FROM card WHERE {among} GROUP BY id HAVING count(*) > 1) ORDER BY id, key",
            (*decks, *decks),
        ).fetchall()

    def note(self, name: str) -> str:
        """A remembered word, "" when there is none."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def remember(self, name: str, value: str) -> None:
        """Keep a word for `note`."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


class _ForeignError(Exception):
    """Somebody else's database."""


def _connect(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=1.0, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _span(deck: int) -> tuple[int, int]:
    return deck << SHIFT, ((deck + 1) << SHIFT) - 1
