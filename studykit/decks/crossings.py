"""Look across cards and files: ids taken twice, prerequisites that lead nowhere or in a circle,
questions asked twice; and `check`, which says all faults of all files at once.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from .circles import circles_in
from .cloze import parts
from .events import start_of
from .faults import Fault
from .identity import LOOKED_AT
from .lint import Families, Reads, lint_deck
from .loader import Placed, Reading, entries_of, in_order, read_deck
from .places import deck_files, placed_files
from .schema import Cloze, ProblemCard, front_of
from .terms import term_id
from .walk import nearest, spot_of

ALIKE = 0.9
"""Fronts with the same symbols and at least this share of words in common ask the same."""
COMMON = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """A card in its file."""

    reading: Reading
    placed: Placed

    def fault(
        self, key: str, code: str, message: str, suggestion: str = "", entry: int = -1
    ) -> Fault:
        """A fault at one field of the card, or at one entry of that field."""
        spot = spot_of(self.placed.value, self.placed.spot, key)
        if entry >= 0 and isinstance(spot, list):
            spot = spot[entry + 1]
        source = self.reading.source
        line, column = source.position(start_of(spot)) if source else (self.placed.line, 1)
        return Fault(str(self.reading.path), line, column, code, message, suggestion)

    @property
    def place(self) -> str:
        """`file:line`, for a message about another card."""
        return f"{self.reading.path}:{self.placed.line}"


def check(
    paths: Iterable[str | os.PathLike[str]],
    *,
    families: Families | None = None,
    reads: Reads | None = None,
    beside: Iterable[str | os.PathLike[str]] = (),
) -> list[Fault]:
    """Every fault of every deck in these files and folders, by file and place.

    `families`: name → levels of the problem families that exist; None leaves them unchecked.
    `reads`: see `lint.Reads`. `beside`: decks whose ids count as known but which are not checked.
    """
    wanted = [Path(path) for path in paths]
    faults = [
        Fault(str(path), 1, 1, "unreadable", "cannot be read: there is no such file or folder")
        for path in wanted
        if not path.exists()
    ]
    placed = placed_files(path for path in wanted if path.exists())
    readings = [read_deck(file) for file, _ in placed]
    files = {os.path.realpath(reading.path) for reading in readings}
    others = [read_deck(file) for file in deck_files(beside) if os.path.realpath(file) not in files]
    per_file: dict[str, list[Fault]] = {}
    for reading in readings:
        per_file[str(reading.path)] = reading.faults + lint_deck(reading, families, reads)
    for fault in across(readings, others, [place for _, place in placed]):
        per_file[fault.file].append(fault)
    return faults + [fault for found in per_file.values() for fault in in_order(found)]


def across(
    readings: Sequence[Reading], beside: Sequence[Reading] = (), places: Sequence[int] = ()
) -> Iterator[Fault]:
    """The faults of `readings` that only show when all cards are seen together.

    `places`: the number of each reading's folder. A deck may take the place of one with its id in
    another folder; the two are then not held against each other.
    """
    first: dict[str, int] = {}
    kept = [i for i, reading in enumerate(readings) if first.setdefault(reading.deck_id, i) == i]
    for i, reading in enumerate(readings):
        same = first[reading.deck_id]
        if same != i and places and places[i] == places[same]:
            yield Fault(
                str(reading.path),
                1,
                1,
                "duplicate-deck",
                f"{readings[same].path} has the same deck id `{reading.deck_id}`",
                "Give one of them another `id`.",
            )
    cards = [Standing(readings[i], placed) for i in kept for placed in readings[i].cards]
    other = [Standing(reading, placed) for reading in beside for placed in reading.cards]
    yield from _card_ids(cards, other)
    yield from _prerequisites(readings, other)
    yield from _duplicates(cards)


def _card_ids(cards: Sequence[Standing], other: Sequence[Standing]) -> Iterator[Fault]:
    first: dict[str, Standing] = {}
    for standing in cards:
        name = standing.placed.card.id
        if name is not None and first.setdefault(name, standing) is not standing:
            said = f"the id `{name}` is also that of the card at {first[name].place}"
            yield standing.fault("id", "duplicate-id", said, "Give each card an id of its own.")
    decks = {standing.reading.deck_id for standing in cards}
    for standing in other:
        name = standing.placed.card.id
        # A deck of the same id takes the other's place, and may keep its cards' ids.
        if name in first and standing.reading.deck_id not in decks:
            said = f"the id `{name}` is also that of the card at {standing.place}"
            yield first[name].fault("id", "duplicate-id", said, "Give each card an id of its own.")


def _prerequisites(readings: Sequence[Reading], other: Sequence[Standing]) -> Iterator[Fault]:
    cards = [Standing(reading, placed) for reading in readings for placed in reading.cards]
    known = {s.placed.card.id: s for s in (*other, *cards) if s.placed.card.id is not None}
    # A broken card is not served, but it is there.
    named = set(known) | {name for reading in readings for name in _raw_ids(reading)}
    for standing in cards:
        for i, name in enumerate(standing.placed.card.requires):
            if name not in named:
                near = nearest(name, sorted(named))
                yield standing.fault(
                    "requires",
                    "dangling-prerequisite",
                    f"no card has the id `{name}`",
                    f"Did you mean `{near}`?" if near else "",
                    entry=i,
                )
    own = {id(standing) for standing in cards}
    for circle in circles_in({name: s.placed.card.requires for name, s in known.items()}):
        first = next((name for name in circle if id(known[name]) in own), None)
        if first is not None:
            start = circle.index(first)
            way = [*circle[start:], *circle[:start], first]
            yield known[first].fault(
                "requires",
                "prerequisite-cycle",
                f"these cards require each other: {' → '.join(way)}",
                "Remove one of the links.",
            )


def _raw_ids(reading: Reading) -> Iterator[str]:
    if reading.tree is None:
        return
    for card, _ in entries_of(reading.tree, "cards"):
        name = card.get("id") if isinstance(card, dict) else None
        if isinstance(name, str):
            yield name
    for term, _ in entries_of(reading.tree, "terms"):
        given, english = (term.get("id"), term.get("en", "")) if isinstance(term, dict) else (0, 0)
        if isinstance(given, str | None) and isinstance(english, str):
            first = term_id(given, english)
            if first is not None:
                yield first


_SYMBOL = re.compile(r"\\[A-Za-z]+|\d+|[^\w\s.,:;?!'\"()]|(?<![^\W\d_])[^\W\d_](?![^\W\d_])")
_WORD = re.compile(r"[^\W\d_]{2,}")


def _duplicates(cards: Sequence[Standing]) -> Iterator[Fault]:
    """Cards whose fronts have the same symbols and nearly the same words.

    Symbols decide: "What is the shape of $Q$?" and "… of $K$?" are two questions. Terms are all
    asked in the same words; two that are the same have the same id.
    """
    groups: dict[tuple[str, ...], list[tuple[list[str], Standing]]] = defaultdict(list)
    for standing in cards:
        if standing.placed.from_term:
            continue
        text = _asked(standing)
        key = (
            type(standing.placed.card).__name__,
            *sorted(Counter(_SYMBOL.findall(text)).elements()),
        )
        groups[key].append((_WORD.findall(text[:LOOKED_AT].lower()), standing))
    for group in groups.values():
        yield from _alike(group)


def _asked(standing: Standing) -> str:
    card = standing.placed.card
    if isinstance(card, Cloze):
        return "".join(" ▁ " if part.blank else part.text for part in parts(card.cloze))
    if isinstance(card, ProblemCard):
        # A skill may be trained in two decks, but not twice in one.
        return card.front or f"{standing.reading.deck_id} {card.family} {card.level}"
    return front_of(card)


def _alike(group: list[tuple[list[str], Standing]]) -> Iterator[Fault]:
    holders: dict[str, list[int]] = defaultdict(list)
    for i, (words, standing) in enumerate(group):
        shared: Counter[int] = Counter()
        for word in set(words):
            shared.update(holders[word][-COMMON:])
        if not words:
            shared.update(k for k in range(i) if not group[k][0])
        for k, _ in shared.most_common(8):
            one, first = group[k]
            if one == words or (
                len(words) > 4
                and SequenceMatcher(None, one, words, autojunk=False).ratio() >= ALIKE
            ):
                yield standing.fault(
                    "cloze" if isinstance(standing.placed.card, Cloze) else "front",
                    "near-duplicate",
                    f"this asks nearly the same as the card at {first.place}",
                    "Merge them, or say in each what sets it apart.",
                )
                break
        for word in set(words):
            holders[word].append(i)
