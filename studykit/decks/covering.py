"""Which items of the source notes the cards teach, and which nobody has made a card of.

The items stand in a data file beside the shipped decks; a card names those it teaches in `covers`.
An item that carries no fact (a heading, front matter) is marked as structural and needs no card.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .faults import DeckError, Fault
from .loader import read_deck
from .places import deck_files, shipped_decks

ITEMS_FILE = "notes-items.json"
"""Its name beside the shipped decks; no deck, so neither the library nor `check` looks at it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the notes. `structural` says why it carries no fact, "" when it carries one."""

    id: str
    note: str
    section: str
    structural: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every item with the ids of the cards that teach it, in the order of the notes."""

    items: tuple[Item, ...]
    cards: Mapping[str, tuple[str, ...]]
    """Item → cards; an empty tuple where there are none."""
    unknown: Mapping[str, tuple[str, ...]]
    """What cards say they cover and the notes do not have → those cards."""

    @property
    def covered(self) -> tuple[Item, ...]:
        """The items that some card teaches."""
        return tuple(item for item in self.items if self.cards[item.id])

    @property
    def structural(self) -> tuple[Item, ...]:
        """The items that carry no fact and have no card."""
        return tuple(item for item in self.items if item.structural and not self.cards[item.id])

    @property
    def uncovered(self) -> tuple[Item, ...]:
        """The items that carry a fact and have no card."""
        return tuple(item for item in self.items if not (item.structural or self.cards[item.id]))

    @property
    def complete(self) -> bool:
        """True when every fact has a card and every card names items that exist."""
        return not (self.uncovered or self.unknown)


def notes_items(path: Path | None = None) -> tuple[Item, ...]:
    """The items of the notes, from the shipped list or another. Raises `DeckError`."""
    path = path if path is not None else shipped_decks() / ITEMS_FILE
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Item(**item) for item in read["items"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        said = f"is no list of items: {error}"
        raise DeckError([Fault(str(path), 1, 1, "unreadable", said)]) from None


def coverage(
    paths: Iterable[str | os.PathLike[str]], items: Sequence[Item] | None = None
) -> Coverage:
    """What the cards of these files and folders cover of the items (those of the notes)."""
    items = notes_items() if items is None else items
    found: dict[str, list[str]] = defaultdict(list)
    for file in deck_files(paths):
        for placed in read_deck(file).cards:
            for item in placed.card.covers:
                found[item].append(placed.card.id or f"{file.name}:{placed.line}")
    known = {item.id for item in items}
    return Coverage(
        tuple(items),
        {item.id: tuple(found[item.id]) for item in items},
        {name: tuple(cards) for name, cards in sorted(found.items()) if name not in known},
    )


def render_coverage(coverage: Coverage) -> str:
    """A table of the notes, what is missing, and every item with its cards."""
    lines = ["note  items  covered  structural  uncovered"]
    for note in dict.fromkeys(item.note for item in coverage.items):
        counts = [
            sum(item.note == note for item in items)
            for items in (
                coverage.items,
                coverage.covered,
                coverage.structural,
                coverage.uncovered,
            )
        ]
        lines.append(f"{note:4}  {counts[0]:5}  {counts[1]:7}  {counts[2]:10}  {counts[3]:9}")
    lines.append("")
    for item in coverage.items:
        cards = ", ".join(coverage.cards[item.id])
        said = cards or (f"({item.structural})" if item.structural else "NO CARD")
        lines.append(f"{item.id:6} {item.note} {item.section}: {said}")
    for name, cards_of in coverage.unknown.items():
        lines.append(f"{name:6} no such item: {', '.join(cards_of)}")
    facts = len(coverage.items) - len(coverage.structural)
    taught = {card for cards_of in coverage.cards.values() for card in cards_of}
    lines.append("")
    lines.append(
        f"{facts} items carry a fact: {len(coverage.covered)} covered (cards: {len(taught)}), "
        f"{len(coverage.uncovered)} uncovered. Structural: {len(coverage.structural)}."
    )
    return "\n".join(lines)
