"""All decks there are, without reading them: shipped ones, the learner's, any given path.

Opening it compares file stamps with the cache and parses only what changed. A broken deck never
stops a good one, and its own good cards are served too; `faults` says what is wrong with each file.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .cache import CHUNK, SHIFT, Cache, DamageError, is_damage
from .intake import Holdings, Identify, take_in
from .places import placed_files
from .version import SCHEMA_VERSION

if TYPE_CHECKING:
    from .faults import Fault
    from .schema import Card, Deck

_MAX_CARDS = 1 << SHIFT

T = TypeVar("T")


class DeckInfo(NamedTuple):
    """A deck as a list shows it. `broken`: its file has faults that keep some of it unserved.

    `off`: only studied when it is chosen.
    """

    id: str
    title: str
    path: Path
    hash: str
    cards: int
    order: int
    broken: bool
    off: bool = False


class Library:
    """Decks and cards by id, from a cache that is never decoded as a whole.

    `places`: folders and files, in order of precedence. Of two files with one deck id the first is
    served: put the learner's folder before the shipped one, and a copy there takes the shipped
    deck's place. Within one folder the other file is told as a fault, and so is the second of two
    cards with one id.
    `cache_path`: where parsed decks are kept; None keeps them in memory.
    `identify`: how cards without an id are known again; see `intake.Identify`.
    """

    def __init__(
        self,
        places: Iterable[str | os.PathLike[str]],
        cache_path: Path | None = None,
        *,
        identify: Identify | None = None,
    ) -> None:
        self._places = tuple(places)
        self._identify = identify
        self._cache = Cache(cache_path, SCHEMA_VERSION)
        self._decks: dict[str, tuple[int, DeckInfo]] = {}
        self._by_key: dict[int, DeckInfo] = {}
        self._hidden: Mapping[int, int] = {}
        self._faults: dict[Path, tuple[Fault, ...]] = {}
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
        """Every deck in the order of study (order, then id; `off` ones last), broken ones too."""
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
        from .codec import cards_from

        last = -1
        while True:
            after = last & (_MAX_CARDS - 1) if last >= 0 else -1
            rows = self._safely(partial(self._bodies, deck_id, after))
            if not rows:
                return
            hidden = self._hidden
            try:
                cards = cards_from([body for _, _, body in rows])
            except DamageError as error:
                self._restore(error)
                continue
            last = rows[-1][0]
            named = zip([name for _, name, _ in rows], cards, strict=True)
            if hidden:
                served = [key not in hidden for key, _, _ in rows]
                yield from compress(named, served)
            else:
                yield from named
            if len(rows) < CHUNK:
                return

    def _bodies(self, deck_id: str, after: int) -> list[tuple[int, str, bytes]]:
        return self._cache.bodies(self._decks[deck_id][0], after)

    def refresh(self, path: str | os.PathLike[str]) -> None:
        """Read one file again after an edit; the other decks stay as they are."""
        self._sync(Path(path).absolute())

    def reidentify(self, deck_id: str | None = None) -> None:
        """Ask `identify` again: for one deck after an answer, for all after a restored backup."""
        if self._identify is None:
            return
        again = {info.path for _, info in self._decks.values() if deck_id in (None, info.id)}
        self._sync(again=again)

    # Looking up.

    def _locate(self, card_id: str) -> tuple[int, int, bytes]:
        for row in self._cache.find(card_id):
            if row[0] >> SHIFT in self._by_key and row[0] not in self._hidden:
                return row
        raise KeyError(card_id)

    def _safely(self, read: Callable[[], T]) -> T:
        """Read from the cache; if it is unsound or out of reach, make it anew and read again."""
        try:
            return read()
        except (sqlite3.Error, DamageError) as error:
            self._restore(error)
            return read()

    # Keeping step with the files.

    def _sync(self, only: Path | None = None, again: Collection[Path] = ()) -> None:
        try:
            self._take_in(only, again)
        except (sqlite3.Error, DamageError) as error:
            self._restore(error)

    def _restore(self, error: Exception) -> None:
        if isinstance(error, sqlite3.Error) and not is_damage(error):
            # Read-only, full or held by another process: this process does without the file.
            self._cache.to_memory()
        else:
            self._cache.rebuild()
        self._take_in()

    def _take_in(self, only: Path | None = None, again: Collection[Path] = ()) -> None:
        place_of = {str(file): place for file, place in placed_files(self._places)}
        files = [Path(path) for path in place_of]
        held = take_in(self._cache, files, self._identify, only, again)
        self._hidden = held.hidden
        faults = self._told(held, place_of)
        lost = Counter(key >> SHIFT for key in held.hidden)
        self._decks, self._by_key = {}, {}
        for row in sorted(held.served, key=lambda row: (row.off, row.place, row.id)):
            path = Path(row.path)
            count = row.cards - lost[row.key]
            info = DeckInfo(
                row.id,
                row.title,
                path,
                row.hash,
                count,
                row.place,
                broken=path in faults,
                off=bool(row.off),
            )
            self._decks[row.id] = (row.key, info)
            self._by_key[row.key] = info
        self._faults = {path: tuple(found) for path, found in faults.items()}

    def _told(self, held: Holdings, place_of: Mapping[str, int]) -> dict[Path, list[Fault]]:
        """What the reader found in each file, and what only shows beside the others."""
        faults: dict[Path, list[Fault]] = defaultdict(list)
        paths = {row.key: row.path for row in held.served}
        for row in held.served:
            if row.faults != "[]":
                faults[Path(row.path)] += _faults_from(row.faults)
        for key, kept in held.hidden.items():
            path, first = paths[key >> SHIFT], paths[kept >> SHIFT]
            said = f"the id of this card is also that of {first}:{self._cache.line(kept)}"
            faults[Path(path)].append(_fault(path, self._cache.line(key), 1, "duplicate-id", said))
        for path, first in held.doubles.items():
            if place_of[path] != place_of[first]:
                continue
            said = f"{first} has the same deck id; only that one is used"
            advice = "Give one of them another `id`."
            faults[Path(path)].append(_fault(path, 1, 1, "duplicate-deck", said, advice))
        return faults


def _faults_from(text: str) -> list[Fault]:
    try:
        return [_fault(**fault) for fault in json.loads(text)]
    except (ValueError, TypeError) as error:
        raise DamageError(str(error)) from None


def _fault(*values: Any, **fields: Any) -> Fault:
    """Loaded when there is one: a start with sound decks does without the table of faults."""
    from .faults import Fault

    return Fault(*values, **fields)
