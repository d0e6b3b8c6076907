"""One deck file into its cards, with everything that is wrong in it.

`read_deck` keeps the good cards of a file that has faults, `load_deck` wants the file whole. What
only concerns quality (lint) or other files is left to `lint` and `crossings`.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec

from . import collector
from .events import Spot, Tree, Value, read_tree, start_of
from .faults import DeckError, Fault
from .schema import Card, Deck
from .source import Source, content_hash, decode, read_bytes
from .validate import card_faults, card_of, header_faults, header_of, spot_of


class Placed(NamedTuple):
    """A card with where it stands in its file."""

    card: Card
    value: Value
    spot: Spot
    line: int


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
        reading.header, id=reading.deck_id, cards=tuple(placed.card for placed in reading.cards)
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
    faults += header_faults(tree)
    header = header_of(tree, path.stem)
    reading = Reading(path, digest, header, header.id or deck_name(path), [], [], source, tree)
    values, spots = _cards_of(tree)
    named: dict[str, int] = {}
    refused = sorted(
        source.offset(fault.line, fault.column) for fault in tree.faults if fault.breaks
    )
    for i, (value, spot) in enumerate(zip(values, spots, strict=True)):
        start = start_of(spot)
        if refused:
            end = start_of(spots[i + 1]) if i + 1 < len(spots) else len(source.text) + 1
            if any(start <= index < end for index in refused):
                faults += card_faults(source, value, spot)
                continue
        try:
            card = card_of(value)
        except msgspec.ValidationError:
            found = card_faults(source, value, spot)
            faults += found or [
                source.fault(start, "wrong-type", "this card does not fit the schema")
            ]
        else:
            line = source.line_of(start)
            if card.id is not None and named.setdefault(card.id, line) != line:
                faults.append(_taken(source, value, spot, card.id, named[card.id]))
            else:
                reading.cards.append(Placed(card, value, spot, line))
    if not values and not tree.cuts and not any(fault.breaks for fault in faults):
        faults.append(source.fault(0, "empty-deck", "the deck has no cards", "Add `cards:`."))
    reading.faults = in_order(faults)
    return reading


def _taken(source: Source, value: Value, spot: Spot, name: str, line: int) -> Fault:
    return source.fault(
        start_of(spot_of(value, spot, "id")),
        "duplicate-id",
        f"the id `{name}` is also that of the card on line {line}",
        "Give each card an id of its own.",
    )


def _cards_of(tree: Tree) -> tuple[list[Value], list[Spot]]:
    if not isinstance(tree.value, dict) or not isinstance(tree.spot, list):
        return [], []
    for i, (key, value) in enumerate(tree.value.items()):
        spot = tree.spot[2 + 2 * i]
        if key == "cards" and isinstance(value, list) and isinstance(spot, list):
            return value, spot[1:]
    return [], []


def in_order(faults: list[Fault]) -> list[Fault]:
    """By place; of several at one place only the first, which is the cause of the others."""
    first: dict[tuple[int, int], Fault] = {}
    for fault in faults:
        first.setdefault((fault.line, fault.column), fault)
    return [first[place] for place in sorted(first)]
