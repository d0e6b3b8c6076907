"""Hold a tree against the schema and say every thing that does not fit, each at its place.

msgspec stops at the first error, so after one the tree is walked by the schema's own annotations.
What can be read is read, so one broken card hides no other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

import msgspec

from . import schema
from .events import Spot, Tree, Value, start_of
from .faults import Fault
from .schema import Card, Deck, Term
from .source import Source, article
from .walk import (
    WHOLE_NUMBER,
    fields,
    keys_of,
    name_of,
    nearest,
    quote,
    spot_of,
    struct_faults,
    value_faults,
)

KINDS: dict[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Card)
}
"""Every card kind by the word that names it in a deck."""

DEFAULT_KIND = "basic"
ENTRIES = {"cards": "card", "terms": "term"}
"""The fields of a deck that hold its entries, and what one entry is called."""

# The field that tells a kind by itself, for a card that names no kind.
_TELLING = {"cloze": "cloze", "wrong": "choice", "family": "problem", "rubric": "open"}
_TELLING |= {"accepts": "formula", "names": "formula", "form": "formula"}
_TELLING |= {"follow_ups": "open", "level": "problem"}


class _Cards(msgspec.Struct):
    """All cards of a file, as a struct: msgspec remembers how to read those, unions it does not."""

    cards: tuple[Card, ...]


class _Terms(msgspec.Struct):
    """All terms of a file, likewise."""

    terms: tuple[Term, ...]


def cards_of(values: list[Value]) -> tuple[Card, ...] | None:
    """All cards in one go; None when one of them does not fit the schema."""
    for value in values:
        if not isinstance(value, dict):
            return None
        for name in ("difficulty", "level"):
            number = value.get(name, "1")
            if isinstance(number, str) and not number.isdecimal():
                # msgspec would read "2.0" and "2e0" as 2; a deck says a whole number plainly.
                return None
        value.setdefault("kind", DEFAULT_KIND)
    try:
        cards = msgspec.convert({"cards": values}, _Cards, strict=False).cards
    except msgspec.ValidationError:
        return None
    return cards if _well_named(cards) else None


def terms_of(values: list[Value]) -> tuple[Term, ...] | None:
    """All terms in one go; None when one of them does not fit the schema."""
    try:
        terms = msgspec.convert({"terms": values}, _Terms, strict=False).terms
    except msgspec.ValidationError:
        return None
    return terms if _well_named(terms) else None


_ID = re.compile(schema.ID_PATTERN)


def _well_named(entries: Sequence[Card | Term]) -> bool:
    """Whether every id in them looks like one."""
    names = [name for entry in entries for name in entry.requires]
    names += [entry.id for entry in entries if entry.id is not None]
    return all(map(_ID.fullmatch, names))


def term_faults(source: Source, value: Value, spot: Spot) -> list[Fault]:
    """All that keeps one entry of `terms` from being a term."""
    return list(struct_faults(source, value, spot, Term, "a term"))


def card_faults(source: Source, value: Value, spot: Spot) -> list[Fault]:
    """All that keeps one entry of `cards` from being a card."""
    if not isinstance(value, dict):
        at = start_of(spot)
        return [
            source.fault(
                at,
                "wrong-type",
                f"a card is a mapping of fields, this is {name_of(value)}",
                "Write it as\n- front: |\n    the question\n  back: |\n    the answer",
            )
        ]
    given = value.get("kind", DEFAULT_KIND)
    kind = KINDS.get(given) if isinstance(given, str) else None
    if kind is None:
        at = start_of(spot_of(value, spot, "kind"))
        near = nearest(given, KINDS) if isinstance(given, str) else ""
        listed = f"The kinds are {', '.join(KINDS)}."
        return [
            source.fault(
                at,
                "unknown-kind",
                f"there is no card kind {quote(given)}",
                f"Did you mean `{near}`? {listed}" if near else listed,
            )
        ]
    keys = keys_of(value, spot)
    telling = next((_TELLING[key] for key in value if key in _TELLING), "")
    if "kind" not in keys and telling:
        return [
            source.fault(
                start_of(spot),
                "missing-field",
                f"the card does not say its `kind`, and is no {DEFAULT_KIND} card",
                f"Did you mean `kind: {telling}`?",
            )
        ]
    return list(struct_faults(source, value, spot, kind, f"{article(str(given))} card"))


def _sound(value: Value | None) -> bool:
    """Whether the fields around the cards are all as they should be; False when in doubt."""
    if not isinstance(value, dict):
        return False
    fields = {name: item for name, item in value.items() if name not in ENTRIES}
    if not all(isinstance(value.get(name, []), list) for name in ENTRIES):
        return False
    # msgspec is more lenient with these than a deck may be.
    if fields.get("off", "true") not in ("true", "false"):
        return False
    if not WHOLE_NUMBER.fullmatch(str(fields.get("order", "0"))):
        return False
    try:
        header = msgspec.convert(fields, Deck, strict=False)
    except msgspec.ValidationError:
        return False
    return header.id is None or _ID.fullmatch(header.id) is not None


def header_faults(tree: Tree) -> list[Fault]:
    """All that does not fit in the fields around the cards."""
    if _sound(tree.value):
        return []
    if not isinstance(tree.value, dict):
        return [
            tree.source.fault(
                start_of(tree.spot),
                "wrong-type",
                "a deck is a mapping with `title` and `cards`, "
                f"this is {name_of(tree.value or '')}",
                "Begin the file with\ntitle: Your title\ncards:\n- front: |\n    the question",
            )
        ]
    value = {key: item for key, item in tree.value.items() if key not in ENTRIES}
    spots: list[Spot] = [start_of(tree.spot)]
    for key, (at, spot) in keys_of(tree.value, tree.spot).items():
        if key not in ENTRIES:
            spots += [at, spot]
    faults = list(struct_faults(tree.source, value, spots, Deck, "a deck"))
    if tree.cuts:
        # A field that could not be read is not called missing as well.
        faults = [fault for fault in faults if fault.code != "missing-field"]
    for key, entry in ENTRIES.items():
        entries = tree.value.get(key, [])
        if not isinstance(entries, list) and entries != "":
            at = start_of(spot_of(tree.value, tree.spot, key))
            said = f"`{key}` is a list of {key}, this is {name_of(entries)}"
            hint = f"Put `- ` before each {entry}."
            faults.append(tree.source.fault(at, "wrong-type", said, hint))
    return faults


def header_of(tree: Tree, title: str, sound: bool = False) -> Deck:
    """The deck without its cards; fields that do not fit are left out, a missing title given.

    `sound`: no fault was found in it.
    """
    value = tree.value if isinstance(tree.value, dict) else {}
    good = {
        name: value[name]
        for name, (annotation, _) in fields(Deck).items()
        if name in value
        and name not in ENTRIES
        and (sound or not any(value_faults(tree.source, value[name], 0, annotation, "")))
    }
    return msgspec.convert({"title": title, **good}, Deck, strict=False)
