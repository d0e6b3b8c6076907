"""Hold a tree against the schema and say every thing that does not fit, each at its place.

msgspec stops at the first error, so after one the tree is walked by the schema's own annotations:
field by field, entry by entry. What can be read is read, so one broken card hides no other.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec

from . import schema
from .events import Spot, Tree, Value, start_of
from .faults import Fault
from .schema import Card, Deck, Term
from .source import Source, article

KINDS: dict[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Card)
}
"""Every card kind by the word that names it in a deck."""

DEFAULT_KIND = "basic"
ENTRIES = {"cards": "card", "terms": "term"}
"""The fields of a deck that hold its entries, and what one entry is called."""
_COMMON = frozenset(schema.Base.__struct_fields__)

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
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})")


def _well_named(entries: Sequence[Card | Term]) -> bool:
    """Whether every id in them looks like one."""
    names = [name for entry in entries for name in entry.requires]
    names += [entry.id for entry in entries if entry.id is not None]
    return all(map(_ID.fullmatch, names))


def term_faults(source: Source, value: Value, spot: Spot) -> list[Fault]:
    """All that keeps one entry of `terms` from being a term."""
    return list(_struct(source, value, spot, Term, "a term"))


def card_faults(source: Source, value: Value, spot: Spot) -> list[Fault]:
    """All that keeps one entry of `cards` from being a card."""
    if not isinstance(value, dict):
        at = start_of(spot)
        return [
            source.fault(
                at,
                "wrong-type",
                f"a card is a mapping of fields, this is {_name(value)}",
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
                f"there is no card kind {_quote(given)}",
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
    return list(_struct(source, value, spot, kind, f"{article(str(given))} card"))


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
    if not _NUMBER.fullmatch(str(fields.get("order", "0"))):
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
                f"a deck is a mapping with `title` and `cards`, this is {_name(tree.value or '')}",
                "Begin the file with\ntitle: Your title\ncards:\n- front: |\n    the question",
            )
        ]
    value = {key: item for key, item in tree.value.items() if key not in ENTRIES}
    spots: list[Spot] = [start_of(tree.spot)]
    for key, (at, spot) in keys_of(tree.value, tree.spot).items():
        if key not in ENTRIES:
            spots += [at, spot]
    faults = list(_struct(tree.source, value, spots, Deck, "a deck"))
    if tree.cuts:
        # A field that could not be read is not called missing as well.
        faults = [fault for fault in faults if fault.code != "missing-field"]
    for key, entry in ENTRIES.items():
        entries = tree.value.get(key, [])
        if not isinstance(entries, list) and entries != "":
            at = start_of(spot_of(tree.value, tree.spot, key))
            said = f"`{key}` is a list of {key}, this is {_name(entries)}"
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
        for name, (annotation, _) in _fields(Deck).items()
        if name in value
        and name not in ENTRIES
        and (sound or not any(_value(tree.source, value[name], 0, annotation, "")))
    }
    return msgspec.convert({"title": title, **good}, Deck, strict=False)


@cache
def _fields(struct: type[msgspec.Struct]) -> dict[str, tuple[Any, bool]]:
    hints = typing.get_type_hints(struct, vars(schema), include_extras=True)
    return {
        field.name: (hints[field.name], field.required) for field in msgspec.structs.fields(struct)
    }


def _struct(
    source: Source, value: Value, spot: Spot, struct: type[msgspec.Struct], what: str
) -> Iterator[Fault]:
    start = start_of(spot)
    if not isinstance(value, dict):
        fields = " and ".join(
            f"`{name}`" for name, (_, required) in _fields(struct).items() if required
        )
        yield source.fault(
            start, "wrong-type", f"{what} is a mapping with {fields}, this is {_name(value)}"
        )
        return
    known = _fields(struct)
    keys = keys_of(value, spot)
    missing = [name for name, (_, required) in known.items() if required and name not in value]
    tag = struct.__struct_config__.tag_field
    for name, (at, inner) in keys.items():
        if name == tag:
            continue
        if name not in known:
            near = nearest(name, [*missing, *(other for other in known if other not in value)])
            if near in missing:
                missing.remove(near)
            rest = ", ".join(sorted(known, key=_COMMON.__contains__))
            yield source.fault(
                at,
                "unknown-field",
                f"{what} has no field {_quote(name)}",
                f"Did you mean `{near}`?" if near else f"It has {rest}.",
            )
        else:
            yield from _value(source, value[name], inner, known[name][0], name)
    for name in missing:
        yield source.fault(start, "missing-field", f"{what} needs `{name}`", f"Add `{name}:`.")


def _value(source: Source, value: Value, spot: Spot, annotation: Any, name: str) -> Iterator[Fault]:
    plain, constraint = _bare(annotation)
    start = start_of(spot)
    origin = get_origin(plain)
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
        yield from _struct(source, value, spot, plain, f"an entry of `{name}`")
    elif origin is tuple:
        if not isinstance(value, list):
            yield source.fault(
                start,
                "wrong-type",
                f"`{name}` is a list, this is {_name(value)}",
                _as_list(name, value),
            )
            return
        inner = spot if isinstance(spot, list) else [spot] * (len(value) + 1)
        for item, at in zip(value, inner[1:], strict=True):
            yield from _value(source, item, at, get_args(plain)[0], name)
        yield from _length(source, value, start, constraint, name)
    elif origin is dict:
        if not isinstance(value, dict):
            said = f"`{name}` is a mapping (key: text), this is {_name(value)}"
            yield source.fault(start, "wrong-type", said)
            return
        for key, (_, at) in keys_of(value, spot).items():
            yield from _value(source, value[key], at, str, f"{name}.{key}")
    elif plain is bool:
        if value not in ("true", "false"):
            said = f"`{name}` is true or false, this is {_quote(value)}"
            yield source.fault(start, "not-true-or-false", said)
    elif plain is int:
        yield from _number(source, value, start, constraint, name)
    elif origin is Literal:
        words = get_args(plain)
        if value not in words:
            near = nearest(value, words) if isinstance(value, str) else ""
            listed = f"It is one of {', '.join(words)}."
            yield source.fault(
                start,
                "unknown-word",
                f"`{name}` cannot be {_quote(value)}",
                f"Did you mean `{near}`? {listed}" if near else listed,
            )
    else:
        yield from _text(source, value, start, constraint, name)


def _length(
    source: Source, value: list[Value], start: int, meta: msgspec.Meta | None, name: str
) -> Iterator[Fault]:
    if meta is None:
        return
    least, most = meta.min_length or 0, meta.max_length
    entries = "1 entry" if len(value) == 1 else f"{len(value)} entries"
    if len(value) < least:
        said = f"`{name}` has {entries} and needs at least {least}"
        yield source.fault(start, "wrong-length", said)
    elif most is not None and len(value) > most:
        said = f"`{name}` has {entries} and may have at most {most}"
        yield source.fault(start, "wrong-length", said)


def _number(
    source: Source, value: Value, start: int, meta: msgspec.Meta | None, name: str
) -> Iterator[Fault]:
    least = int(meta.ge) if meta is not None and meta.ge is not None else 0
    most = int(meta.le) if meta is not None and meta.le is not None else None
    span = f"from {least} to {most}" if most is not None else f"of at least {least}"
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        said = f"`{name}` is a whole number {span}, this is {_quote(value)}"
        yield source.fault(start, "not-a-number", said)
    elif int(value) < least or (most is not None and int(value) > most):
        said = f"`{name}` is a whole number {span}, this is {value}"
        yield source.fault(start, "out-of-range", said)


def _text(
    source: Source, value: Value, start: int, meta: msgspec.Meta | None, name: str
) -> Iterator[Fault]:
    if not isinstance(value, str):
        mark = "{" if isinstance(value, dict) else "["
        flow = source.text.startswith(mark, start)
        yield source.fault(
            start,
            "wrong-type",
            f"`{name}` is a text, this is {_name(value)}",
            f"A text that begins with {mark} is written in single quotes or as a | block."
            if flow
            else f"Write it as a | block:\n{name}: |\n  your text",
        )
    elif meta is not None and meta.min_length and len(value) < meta.min_length:
        yield source.fault(start, "empty-text", f"`{name}` is empty", "Fill it or remove it.")
    elif _pattern(meta) and not re.fullmatch(_pattern(meta), value):
        shaped = re.sub(r"[^a-z0-9._-]+", "-", value.lower()).strip("-._")[:64]
        yield source.fault(
            start,
            "bad-id",
            f"{_quote(value)} is no id: small letters, digits and . _ - only, at most 64",
            f"Did you mean `{shaped}`?" if shaped else "",
        )


def _pattern(meta: msgspec.Meta | None) -> str:
    told = meta.extra_json_schema if meta is not None else None
    return str(told.get("pattern", "")) if told else ""


def _bare(annotation: Any) -> tuple[Any, msgspec.Meta | None]:
    """The type without `Annotated` and `| None`, and its constraint."""
    meta = None
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *extra = get_args(annotation)
            meta = next((item for item in extra if isinstance(item, msgspec.Meta)), meta)
        elif get_origin(annotation) in (types.UnionType, typing.Union):
            annotation = next(part for part in get_args(annotation) if part is not type(None))
        else:
            return annotation, meta


def keys_of(value: Value, spot: Spot) -> dict[str, tuple[int, Spot]]:
    """Key → where the key stands and the spot of its value; only keys that the file has."""
    if not isinstance(value, dict):
        return {}
    if not isinstance(spot, list):
        return dict.fromkeys(value, (spot, spot))
    return {
        key: (start_of(spot[i]), spot[i + 1])
        for key, i in zip(value, range(1, len(spot), 2), strict=False)
    }


def spot_of(value: Value, spot: Spot, key: str) -> Spot:
    """Where the value of a key stands; the mapping's own place when it has no such key."""
    return keys_of(value, spot).get(key, (0, spot))[1]


def nearest(word: str, known: Sequence[str] | dict[str, Any]) -> str:
    """The known word that was probably meant, or "" when none is near."""
    found = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def _as_list(name: str, value: Value) -> str:
    if isinstance(value, str) and value:
        return f"Write `{name}: [{value}]`, or each entry on a line of its own after `- `."
    return "Write each entry on a line of its own after `- `, or leave the field out."


def _quote(value: Value) -> str:
    if not isinstance(value, str):
        return _name(value)
    return f"`{value if len(value) <= 40 else value[:39] + '…'}`"


def _name(value: Value) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "a text" if value else "nothing"
