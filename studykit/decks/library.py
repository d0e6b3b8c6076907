"""All decks there are, without reading them: shipped ones, the learner's, any given path.

Opening it compares file stamps with the cache and parses only what changed. A broken deck never
stops a good one, and its own good cards are served too; `faults` says what is wrong with each file.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from .cache import SHIFT, Cache, CardRow, DamageError, DeckRow, is_damage
from .faults import Fault
from .identity import Found, ids_of
from .places import deck_files

if TYPE_CHECKING:
    from .loader import Reading
    from .schema import Card, Deck

Identify: TypeAlias = Callable[[str, Sequence[Found]], Sequence[str]]
"""Deck id and the cards of its file in order → one id each.

Called whenever a deck was parsed, and for decks parsed before without it. The `study` floor hands
in one that asks progress for the `Known` rows of the deck, calls `identity.match`, keeps the
questions to ask, renames what was renamed, and returns `identity.ids_of(deck_id, found, assigned,
taken)`. Explicit ids are kept whatever it returns. Without it every card without id gets its
derived id. After an answer to a question, or a restored backup, call `Library.reidentify`.
"""

SETTLED_NS = 2_000_000_000
"""A file changed less than two seconds ago may change again under the same time stamp."""
_MAX_CARDS = 1 << SHIFT

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DeckInfo:
    """A deck as a list shows it. `broken`: its file has faults that keep some of it unserved."""

    id: str
    title: str
    path: Path
    hash: str
    count: int
    order: int
    broken: bool


class Library:
    """Decks and cards by id, from a cache that is never decoded as a whole.

    `places`: folders and files, in order of precedence: of two files with one deck id, and of two
    cards with one id, the first in this order is served and the other is told as a fault. Put the
    learner's folder before the shipped one, and a copy there takes the shipped deck's place.
    `cache_path`: where parsed decks are kept; None keeps them in memory.
    """

    def __init__(
        self,
        places: Iterable[str | os.PathLike[str]],
        cache_path: Path | None = None,
        *,
        identify: Identify | None = None,
    ) -> None:
        from .version import SCHEMA_VERSION

        self._places = tuple(places)
        self._identify = identify
        self._cache = Cache(cache_path, SCHEMA_VERSION)
        self._decks: dict[str, tuple[int, DeckInfo]] = {}
        self._by_key: dict[int, DeckInfo] = {}
        self._hidden: dict[int, int] = {}
        self._faults: dict[Path, tuple[Fault, ...]] = {}
        self._ask_again: set[Path] = set()
        self._sync()

    @property
    def faults(self) -> Mapping[Path, tuple[Fault, ...]]:
        """What is wrong with each file that has something wrong."""
        return self._faults

    @property
    def cached(self) -> bool:
        """False when the cache file cannot be used and decks are parsed by every process."""
        return self._cache.on_disk

    def close(self) -> None:
        """Let the cache file go."""
        self._cache.close()

    def decks(self) -> tuple[DeckInfo, ...]:
        """Every deck in the order of study (order, then id), broken ones too."""
        return tuple(info for _, info in self._decks.values())

    def deck(self, deck_id: str) -> DeckInfo:
        """One deck. Raises KeyError."""
        return self._decks[deck_id][1]

    def header(self, deck_id: str) -> Deck:
        """Title, sources and the rest of a deck, without its cards. Raises KeyError."""
        from .codec import deck_from

        def read() -> Deck:
            return deck_from(self._cache.header(self._decks[deck_id][0]))

        return self._safely(read)

    def card(self, card_id: str) -> Card:
        """One card, decoded alone. Raises KeyError when no deck has it."""
        from .codec import card_from

        def read() -> Card:
            return card_from(self._locate(card_id)[2])

        return self._safely(read)

    def line(self, card_id: str) -> tuple[Path, int]:
        """The file and line where a card begins. Raises KeyError."""
        key, line, _ = self._safely(lambda: self._locate(card_id))
        return self._by_key[key >> SHIFT].path, line

    def deck_of(self, card_id: str) -> str:
        """The id of the deck that holds a card. Raises KeyError."""
        return self._by_key[self._safely(lambda: self._locate(card_id))[0] >> SHIFT].id

    def ids(self, deck_id: str) -> list[str]:
        """The ids of a deck's cards in the file's order; decodes nothing. Raises KeyError."""
        rows = self._safely(lambda: self._cache.ids(self._decks[deck_id][0]))
        if not self._hidden:
            return [name for _, name in rows]
        return [name for key, name in rows if key not in self._hidden]

    def cards(self, deck_id: str) -> Iterator[tuple[str, Card]]:
        """Every card of a deck with its id, in the file's order. Raises KeyError."""
        from .codec import card_from

        after = -1
        while True:
            rows = self._safely(lambda: self._cache.bodies(self._decks[deck_id][0], after))  # noqa: B023
            if not rows:
                return
            try:
                chunk = [(key, name, card_from(body)) for key, name, body in rows]
            except DamageError as error:
                self._restore(error)
                continue
            hidden = self._hidden
            for key, name, card in chunk:
                if key not in hidden:
                    yield name, card
            after = rows[-1][0] & (_MAX_CARDS - 1)

    def refresh(self, path: str | os.PathLike[str]) -> None:
        """Read one file again after an edit; the other decks stay as they are."""
        self._sync(Path(path).absolute())

    def reidentify(self, deck_id: str | None = None) -> None:
        """Ask `identify` again: for one deck after an answer, for all after a restored backup."""
        if self._identify is None:
            return
        self._ask_again = {
            info.path for _, info in self._decks.values() if deck_id in (None, info.id)
        }
        try:
            self._sync()
        finally:
            self._ask_again = set()

    # Looking up.

    def _locate(self, card_id: str) -> tuple[int, int, bytes]:
        found = [row for row in self._cache.find(card_id) if row[0] >> SHIFT in self._by_key]
        if not found:
            raise KeyError(card_id)
        return found[0]

    def _safely(self, read: Callable[[], T]) -> T:
        """Read from the cache; if it is unsound or out of reach, make it anew and read again."""
        try:
            return read()
        except (sqlite3.Error, DamageError) as error:
            self._restore(error)
            return read()

    def _restore(self, error: Exception) -> None:
        if isinstance(error, sqlite3.Error) and not is_damage(error):
            # Read-only, full or held by another process: this process does without the file.
            self._cache.to_memory()
        else:
            self._cache.rebuild()
        self._sync_once(None)

    # Bringing the cache up to the files.

    def _sync(self, only: Path | None = None) -> None:
        try:
            self._sync_once(only)
        except (sqlite3.Error, DamageError) as error:
            self._restore(error)

    def _sync_once(self, only: Path | None) -> None:
        stored = self._cache.decks()
        files = deck_files(self._places)
        real = os.path.realpath(only) if only is not None else ""
        changes: list[Callable[[], None]] = []
        for file in files:
            row = stored.get(str(file))
            chosen = bool(real) and os.path.realpath(file) == real
            if only is not None and row is not None and not chosen:
                continue
            change = self._change(file, row, forced=chosen)
            if change is not None:
                changes.append(change)
        if changes:
            with self._cache.writing():
                for change in changes:
                    change()
                self._prune(stored)
            stored = self._cache.decks()
        active = [stored[str(file)] for file in files]
        served, doubles = _by_deck_id(active)
        stamp = json.dumps([[row.key, row.hash] for row in served])
        if changes or self._cache.note("served") != stamp:
            self._hide(served, stamp)
        self._hidden = self._cache.hidden()
        self._describe(served, doubles)

    def _change(self, file: Path, row: DeckRow | None, forced: bool) -> Callable[[], None] | None:
        """What to write for one file, or None when the cache is up to date.

        All asking is done here, so that no transaction is open while `identify` works.
        """
        try:
            stat = file.stat()
            stamp = (stat.st_size, stat.st_mtime_ns)
        except OSError:
            stamp = (-1, -1)
        settled = 0 <= stamp[1] < time.time_ns() - SETTLED_NS
        if row is not None:
            same = (row.size, row.mtime_ns) == stamp
            trusted = same and bool(row.settled) and not forced
            if trusted or (row.hash and row.hash == _hash_of(file)):
                restamped = not same or (settled and not row.settled)
                unasked = self._identify is not None and not row.identified
                if unasked or file in self._ask_again:
                    ids = self._ids(row.id, self._stored_cards(row.key))
                    return partial(self._update, row.key, stamp, settled, ids)
                return partial(self._cache.touch, row.key, *stamp, settled) if restamped else None
        from .loader import read_deck
        from .schema import front_of

        reading = read_deck(file)
        found = [Found(placed.card.id, front_of(placed.card)) for placed in reading.cards]
        ids = self._ids(reading.deck_id, found)
        return partial(self._store, reading, ids, row, stamp, settled)

    def _update(self, key: int, stamp: tuple[int, int], settled: bool, ids: Sequence[str]) -> None:
        self._cache.touch(key, *stamp, settled)
        self._cache.identify(key, ids)

    def _store(
        self,
        reading: Reading,
        ids: Sequence[str],
        old: DeckRow | None,
        stamp: tuple[int, int],
        settled: bool,
    ) -> None:
        from .codec import body_of, header_body

        row = DeckRow(
            old.key if old is not None else self._cache.new_key(),
            str(reading.path),
            *stamp,
            settled,
            reading.hash,
            reading.deck_id,
            reading.header.title,
            reading.header.order,
            len(ids),
            self._identify is not None,
            json.dumps([asdict(fault) for fault in reading.faults if fault.breaks]),
        )
        rows = (
            CardRow(name, placed.line, body_of(placed.card))
            for name, placed in zip(ids, reading.cards, strict=True)
        )
        self._cache.put(row, header_body(reading.header), rows)

    def _ids(self, deck_id: str, found: Sequence[Found]) -> Sequence[str]:
        if self._identify is None:
            return ids_of(deck_id, found)
        named = self._identify(deck_id, found)
        return [card.id or name for card, name in zip(found, named, strict=True)]

    def _stored_cards(self, key: int) -> list[Found]:
        """What `identify` is to see of a deck that is in the cache already."""
        from .codec import card_from
        from .schema import front_of

        found: list[Found] = []
        while rows := self._cache.bodies(key, len(found) - 1):
            cards = [card_from(body) for _, _, body in rows]
            found += [Found(card.id, front_of(card)) for card in cards]
        return found

    def _prune(self, stored: Mapping[str, DeckRow]) -> None:
        for row in stored.values():
            if not Path(row.path).exists() and row.hash:
                self._cache.forget(row.key)

    def _hide(self, served: Sequence[DeckRow], stamp: str) -> None:
        """Find cards of one id in several decks and keep the first by precedence."""
        place = {row.key: i for i, row in enumerate(served)}
        kept: dict[str, int] = {}
        hidden: list[tuple[int, int]] = []
        twins = self._cache.twins(list(place)) if place else []
        for name, key in sorted(twins, key=lambda twin: (place[twin[1] >> SHIFT], twin[1])):
            if kept.setdefault(name, key) != key:
                hidden.append((key, kept[name]))
        with self._cache.writing():
            self._cache.hide(hidden)
            self._cache.remember("served", stamp)

    def _describe(self, served: Sequence[DeckRow], doubles: Mapping[str, str]) -> None:
        faults: dict[Path, list[Fault]] = {}
        paths = {row.key: row.path for row in served}
        lost = dict.fromkeys(paths, 0)
        for row in served:
            if row.faults != "[]":
                told = [Fault(**fault) for fault in json.loads(row.faults)]
                faults.setdefault(Path(row.path), []).extend(told)
        for key, kept in self._hidden.items():
            path, first = paths[key >> SHIFT], paths[kept >> SHIFT]
            lost[key >> SHIFT] += 1
            said = f"the id of this card is also that of {first}:{self._cache.line(kept)}"
            fault = Fault(path, self._cache.line(key), 1, "duplicate-id", said)
            faults.setdefault(Path(path), []).append(fault)
        for path, first in doubles.items():
            said = f"{first} has the same deck id; only that one is used"
            fault = Fault(path, 1, 1, "duplicate-deck", said, "Give one of them another `id`.")
            faults.setdefault(Path(path), []).append(fault)
        self._faults = {path: tuple(found) for path, found in faults.items()}
        infos = [
            (
                row.key,
                DeckInfo(
                    row.id,
                    row.title,
                    Path(row.path),
                    row.hash,
                    row.count - lost[row.key],
                    row.place,
                    Path(row.path) in faults,
                ),
            )
            for row in sorted(served, key=lambda row: (row.place, row.id))
        ]
        self._decks = {info.id: (key, info) for key, info in infos}
        self._by_key = dict(infos)


def _by_deck_id(rows: Sequence[DeckRow]) -> tuple[list[DeckRow], dict[str, str]]:
    """The decks that are served, and path → path of the deck that has its id already."""
    first: dict[str, DeckRow] = {}
    doubles = {}
    for row in rows:
        if first.setdefault(row.id, row) is not row:
            doubles[row.path] = first[row.id].path
    return list(first.values()), doubles


def _hash_of(file: Path) -> str:
    from .faults import DeckError
    from .source import content_hash, read_bytes

    try:
        return content_hash(read_bytes(file))
    except DeckError:
        return ""
