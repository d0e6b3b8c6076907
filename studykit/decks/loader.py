"""One deck file into its cards, with everything that is wrong in it.

`read_deck` keeps the good cards of a file that has faults, `load_deck` wants the file whole. What
only concerns quality (lint) or other files is left to `lint` and `crossings`.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

import msgspec

from . import collector
from .events import Spot, Tree, Value, read_tree, start_of
from .faults import DeckError, Fault
from .schema import Card, Deck, Term
from .source import Source, content_hash, decode, read_bytes
from .terms import made_from
from .validate import (
    card_faults,
    cards_of,
    header_faults,
    header_of,
    term_faults,
    terms_of,
)
from .walk import spot_of

Entry: TypeAlias = tuple[Value, Spot]

T = TypeVar("T", Card, Term)


class Placed(NamedTuple):
    """A card with where it stands in its file; one made from a term has the term's place."""

    card: Card
    value: Value
    spot: Spot
    line: int

    @property
    def from_term(self) -> bool:
        """Made from a term: what stands in the file has `means`, which no card has."""
        return isinstance(self.value, dict) and "means" in self.value


@dataclass(slots=True)
class Reading:
    """What one file gave: the deck's head (`header.cards` is empty), its good cards, its faults."""

    path: Path
    hash: str
    header: Deck
    deck_id: str
    cards: list[Placed] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    source: Source | None = None
    tree: Tree | None = None
    terms: list[Term] = field(default_factory=list)
    """The good terms; their cards are among `cards`."""

    @property
    def broken(self) -> bool:
        """True when a card or the deck itself could not be used as written."""
        return any(fault.breaks for fault in self.faults)


def load_deck(path: str | os.PathLike[str]) -> Deck:
    """The deck of one file, its `id` filled in. Raises `DeckError` with all that breaks it."""
    reading = read_deck(Path(path))
    faults = [fault for fault in reading.faults if fault.breaks]
    if faults:
        raise DeckError(faults)
    return msgspec.structs.replace(
        reading.header,
        id=reading.deck_id,
        cards=tuple(placed.card for placed in reading.cards),
        terms=tuple(reading.terms),
    )


def read_deck(path: Path) -> Reading:
    """Whatever can be read of one file, with all its faults; never raises on content."""
    with collector.held():
        return _read(path)


def _read(path: Path) -> Reading:
    file = str(path)
    try:
        data = read_bytes(path)
    except DeckError as error:
        return _unread(path, "", error.faults)
    digest = content_hash(data)
    try:
        source, faults = decode(file, data)
    except DeckError as error:
        return _unread(path, digest, error.faults)
    tree = read_tree(source)
    return _from_tree(path, digest, tree, faults)


def deck_name(path: Path) -> str:
    """The id of a deck that gives none: its file's name in the letters an id may have."""
    shaped = re.sub(r"[^a-z0-9._-]+", "-", path.stem.lower()).strip("-._")[:64]
    return shaped or "deck"


def _unread(path: Path, digest: str, faults: tuple[Fault, ...]) -> Reading:
    name = deck_name(path)
    return Reading(path, digest, Deck(title=path.stem or name), name, faults=list(faults))


def _from_tree(path: Path, digest: str, tree: Tree, faults: list[Fault]) -> Reading:
    source = tree.source
    faults = [*faults, *tree.faults]
    if tree.value is None:
        reading = _unread(path, digest, tuple(faults))
        reading.source, reading.tree = source, tree
        return reading
    of_header = header_faults(tree)
    faults += of_header
    header = header_of(tree, path.stem, sound=not of_header)
    reading = Reading(path, digest, header, header.id or deck_name(path), [], [], source, tree)
    cards, terms = entries_of(tree, "cards"), entries_of(tree, "terms")
    shelf = _Shelf(reading, source, _refused(tree, [*cards, *terms]))
    shelf.put_all(cards, cards_of, card_faults, lambda card: (card,))
    reading.terms += shelf.put_all(terms, terms_of, term_faults, made_from)
    faults += shelf.faults
    if not (cards or terms or tree.cuts or any(fault.breaks for fault in faults)):
        faults.append(source.fault(0, "empty-deck", "the deck has no cards", "Add `cards:`."))
    reading.faults = in_order(faults)
    return reading


class _Shelf:
    """Puts entries into a reading, each at its line, and keeps what is wrong with the others."""

    def __init__(self, reading: Reading, source: Source, refused: Collection[int]) -> None:
        self.cards = reading.cards
        self.source = source
        self.refused = refused
        self.faults: list[Fault] = []
        self.lines: dict[str, int] = {}
        self.at, self.line = 0, 1

    def put_all(
        self,
        entries: Sequence[Entry],
        read: Callable[[list[Value]], Sequence[T] | None],
        objections: Callable[[Source, Value, Spot], list[Fault]],
        made: Callable[[T], Sequence[Card]],
    ) -> list[T]:
        """Read all entries at once, or one by one when not all are good; the good ones."""
        whole = None if self.refused else read([value for value, _ in entries])
        if whole is not None:
            for one, (value, spot) in zip(whole, entries, strict=True):
                self.put(made(one), value, spot)
            return list(whole)
        good: list[T] = []
        for value, spot in entries:
            alone = read([value])
            start = start_of(spot)
            if alone is not None and start not in self.refused:
                self.put(made(alone[0]), value, spot)
                good += alone
                continue
            found = objections(self.source, value, spot)
            if not found and alone is None:
                said = "this entry does not fit the schema"
                found = [self.source.fault(start, "wrong-type", said)]
            self.faults += found
        return good

    def put(self, cards: Iterable[Card], value: Value, spot: Spot) -> None:
        """The cards of one entry, unless one has the id of an earlier entry."""
        start = start_of(spot)
        if start < self.at:
            self.at, self.line = 0, 1
        line = self.line = self.line + self.source.text.count("\n", self.at, start)
        self.at = start
        for card in cards:
            name = card.id
            if name is not None and name in self.lines:
                self.faults.append(self.taken(value, spot, name))
                continue
            if name is not None:
                self.lines[name] = line
            self.cards.append(Placed(card, value, spot, line))

    def taken(self, value: Value, spot: Spot, name: str) -> Fault:
        return self.source.fault(
            start_of(spot_of(value, spot, "id")),
            "duplicate-id",
            f"the id `{name}` is also that of the card on line {self.lines[name]}",
            "Give each card an id of its own.",
        )


def entries_of(tree: Tree, name: str) -> list[Entry]:
    """What stands under `cards` or `terms`, each entry with its spot."""
    if not isinstance(tree.value, dict) or not isinstance(tree.spot, list):
        return []
    for i, (key, value) in enumerate(tree.value.items()):
        spot = tree.spot[2 + 2 * i]
        if key == name and isinstance(value, list) and isinstance(spot, list):
            return list(zip(value, spot[1:], strict=True))
    return []


def _refused(tree: Tree, entries: Sequence[Entry]) -> frozenset[int]:
    """The starts of the entries in which the reader of the YAML refused something."""
    source = tree.source
    # What is no YAML was cut out with its entry and says nothing about the entry before it.
    refused = [
        index
        for fault in tree.faults
        if fault.breaks and fault.code != "yaml"
        for index in (source.offset(fault.line, fault.column),)
        if not any(start <= index < end for start, end in tree.cuts)
    ]
    if not refused:
        return frozenset()
    starts = sorted(start_of(spot) for _, spot in entries)
    before = [bisect_right(starts, index) for index in refused]
    return frozenset(starts[place - 1] for place in before if place)


def in_order(faults: list[Fault]) -> list[Fault]:
    """By place; of several at one place only the first, which is the cause of the others."""
    first: dict[tuple[int, int], Fault] = {}
    for fault in faults:
        first.setdefault((fault.line, fault.column), fault)
    return [first[place] for place in sorted(first)]
