"""Bring the cache up to the deck files: parse what changed, leave the rest unread.

A file is known by its path, size and time stamp, and where those are in doubt by the hash of its
content.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from . import collector
from .cache import SHIFT, Cache, CardRow, DamageError, DeckRow

if TYPE_CHECKING:
    from .identity import Found
    from .loader import Reading

Identify: TypeAlias = "Callable[[str, Sequence[Found]], Sequence[str]]"
"""Deck id and the cards of its file in order → one id each.

Called whenever a deck was parsed, and for decks that were parsed before without it; no transaction
of the cache is open meanwhile. The `study` floor hands in one that asks progress for the `Known`
rows of the deck, calls `identity.match`, keeps the questions to ask, renames what was renamed, and
returns `identity.ids_of(deck_id, found, assigned, taken)`. Explicit ids are kept whatever it
returns. Without it every card without id gets its derived id. After an answer to a question, or a
restored backup, call `Library.reidentify`.
"""

SETTLED_NS = 2_000_000_000
"""A file changed less than two seconds ago may change again under the same time stamp."""

HIDDEN = "hidden"

Write: TypeAlias = Callable[[], None]


class Holdings(NamedTuple):
    """What the cache holds of the wanted files."""

    served: tuple[DeckRow, ...]
    doubles: Mapping[str, str]
    """Path → path of the file that is served in its stead because it has the same deck id."""
    hidden: Mapping[int, int]
    """Key of a card that is not served → key of the earlier card that has its id."""


def take_in(
    cache: Cache,
    files: Sequence[Path],
    identify: Identify | None,
    only: Path | None = None,
    again: Collection[Path] = (),
) -> Holdings:
    """Make the cache hold these files, the earlier ones taking precedence.

    `only`: look at this file whatever its stamp, and at no other that is known. `again`: files for
    which `identify` is to be asked again. Raises sqlite3.Error and `DamageError`.
    """
    with collector.held():
        stored = _take_in(cache, files, identify, only, again)
    served, doubles = _by_deck_id([stored[str(file)] for file in files])
    return Holdings(tuple(served), doubles, _hidden(cache, served))


def _take_in(
    cache: Cache,
    files: Sequence[Path],
    identify: Identify | None,
    only: Path | None,
    again: Collection[Path],
) -> dict[str, DeckRow]:
    """Write what changed; what is stored afterwards, by path."""
    stored = cache.decks()
    real = os.path.realpath(only) if only is not None else ""
    taken: set[str] = set()
    writes: list[Write] = []
    for file in files:
        row = stored.get(str(file))
        chosen = bool(real) and os.path.realpath(file) == real
        if row is not None and only is not None and not chosen:
            taken.add(row.id)
            continue
        intake = _Intake(cache, file, row, identify, taken)
        write = intake.write(forced=chosen, again=file in again)
        if write is not None:
            writes.append(write)
    if writes:
        with cache.writing():
            for write in writes:
                write()
            wanted = {str(file) for file in files}
            for row in stored.values():
                if row.path not in wanted and not Path(row.path).exists():
                    cache.forget(row.key)
            cache.remember(HIDDEN, "")
        stored = cache.decks()
    return stored


class _Intake:
    """One file on its way into the cache."""

    def __init__(
        self,
        cache: Cache,
        file: Path,
        row: DeckRow | None,
        identify: Identify | None,
        taken: set[str],
    ) -> None:
        self.cache = cache
        self.file = file
        self.row = row
        self.identify = identify
        self.taken = taken
        try:
            stat = file.stat()
            self.stamp = (stat.st_size, stat.st_mtime_ns)
        except OSError:
            self.stamp = (-1, -1)
        self.settled = 0 <= self.stamp[1] < time.time_ns() - SETTLED_NS

    def write(self, forced: bool, again: bool) -> Write | None:
        """What to write, or None when the cache is up to date. All asking is done before."""
        row = self.row
        if row is not None and self.unchanged(row, forced):
            asks = self.asks(row.id)
            if asks and (again or not row.identified):
                return partial(self.rename, row.key, self.ids(row.id, self.stored(row.key), asks))
            restamped = (row.size, row.mtime_ns) != self.stamp
            if restamped or (self.settled and not row.settled):
                return partial(self.cache.touch, row.key, *self.stamp, self.settled)
            return None
        from .identity import Found
        from .loader import read_deck
        from .schema import front_of

        reading = read_deck(self.file)
        asks = self.asks(reading.deck_id)
        found = [Found(placed.card.id, front_of(placed.card)) for placed in reading.cards]
        return self.packed(reading, self.ids(reading.deck_id, found, asks), asks)

    def unchanged(self, row: DeckRow, forced: bool) -> bool:
        if (row.size, row.mtime_ns) == self.stamp and row.settled and not forced:
            return True
        return bool(row.hash) and row.hash == _hash_of(self.file)

    def asks(self, deck_id: str) -> bool:
        """Whether `identify` is to be asked: not for a file that another takes the place of."""
        first = deck_id not in self.taken
        self.taken.add(deck_id)
        return first and self.identify is not None

    def ids(self, deck_id: str, found: Sequence[Found], asks: bool) -> Sequence[str]:
        if self.identify is None or not asks:
            from .identity import ids_of

            return ids_of(deck_id, found)
        named = self.identify(deck_id, found)
        return [card.id or name for card, name in zip(found, named, strict=True)]

    def stored(self, key: int) -> list[Found]:
        """What `identify` is to see of a deck that is in the cache already."""
        from .codec import cards_from
        from .identity import Found
        from .schema import front_of

        found: list[Found] = []
        while rows := self.cache.bodies(key, len(found) - 1):
            cards = cards_from([body for _, _, body in rows])
            found += [Found(card.id, front_of(card)) for card in cards]
        return found

    def rename(self, key: int, ids: Sequence[str]) -> None:
        self.cache.touch(key, *self.stamp, self.settled)
        self.cache.identify(key, ids)

    def packed(self, reading: Reading, ids: Sequence[str], identified: bool) -> Write:
        """How to store what was read. The reading itself, with its whole tree, is let go."""
        from .codec import body_of, header_body

        row = DeckRow(
            key=self.row.key if self.row is not None else 0,
            path=str(reading.path),
            size=self.stamp[0],
            mtime_ns=self.stamp[1],
            settled=self.settled,
            hash=reading.hash,
            id=reading.deck_id,
            title=reading.header.title,
            place=reading.header.order,
            off=reading.header.off,
            cards=len(ids),
            identified=identified,
            faults=json.dumps([asdict(fault) for fault in reading.faults if fault.breaks]),
        )
        cards = [
            CardRow(name, placed.line, body_of(placed.card))
            for name, placed in zip(ids, reading.cards, strict=True)
        ]
        return partial(self.store, row, header_body(reading.header), cards)

    def store(self, row: DeckRow, header: bytes, cards: Sequence[CardRow]) -> None:
        self.cache.put(row if row.key else row._replace(key=self.cache.new_key()), header, cards)


def _hash_of(file: Path) -> str:
    from .faults import DeckError
    from .source import content_hash, read_bytes

    try:
        return content_hash(read_bytes(file))
    except DeckError:
        return ""


def _by_deck_id(rows: Sequence[DeckRow]) -> tuple[list[DeckRow], dict[str, str]]:
    first: dict[str, DeckRow] = {}
    doubles = {}
    for row in rows:
        if first.setdefault(row.id, row) is not row:
            doubles[row.path] = first[row.id].path
    return list(first.values()), doubles


def _hidden(cache: Cache, served: Sequence[DeckRow]) -> dict[int, int]:
    """Cards whose id an earlier card of another deck has: key → key of that card.

    Looking for them takes a walk over all ids, so the answer is kept with what it was found for.
    """
    decks = [[row.key, row.hash] for row in served]
    kept = cache.note(HIDDEN)
    if kept:
        try:
            known, pairs = json.loads(kept)
            if known == decks:
                return {int(key): int(first) for key, first in pairs}
        except (ValueError, TypeError) as error:
            raise DamageError(str(error)) from None
    place = {row.key: i for i, row in enumerate(served)}
    first_of: dict[str, int] = {}
    hidden: dict[int, int] = {}
    twins = cache.twins(list(place))
    for name, key in sorted(twins, key=lambda twin: (place[twin[1] >> SHIFT], twin[1])):
        if first_of.setdefault(name, key) != key:
            hidden[key] = first_of[name]
    with cache.writing():
        cache.remember(HIDDEN, json.dumps([decks, list(hidden.items())]))
    return hidden
