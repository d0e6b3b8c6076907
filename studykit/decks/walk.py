"""Walk a tree by the schema's own annotations and say everything in it that does not fit.

Field by field, entry by entry, each fault at its place. Which struct a value should be is told by
the caller.
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
from .events import Spot, Value, start_of
from .faults import Fault
from .source import Source

_COMMON = frozenset(schema.Base.__struct_fields__)
"""Fields of every card kind: they are listed after those of one's own."""
WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})")


@cache
def fields(struct: type[msgspec.Struct]) -> dict[str, tuple[Any, bool]]:
    """The fields of a struct: the type of each, and whether it has to be given."""
    hints = typing.get_type_hints(struct, vars(schema), include_extras=True)
    return {
        field.name: (hints[field.name], field.required) for field in msgspec.structs.fields(struct)
    }


def struct_faults(
    source: Source, value: Value, spot: Spot, struct: type[msgspec.Struct], what: str
) -> Iterator[Fault]:
    """All that keeps a value from being such a struct; `what` is what that is called."""
    start = start_of(spot)
    if not isinstance(value, dict):
        needed = " and ".join(
            f"`{name}`" for name, (_, required) in fields(struct).items() if required
        )
        yield source.fault(
            start, "wrong-type", f"{what} is a mapping with {needed}, this is {name_of(value)}"
        )
        return
    known = fields(struct)
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
                f"{what} has no field {quote(name)}",
                f"Did you mean `{near}`?" if near else f"It has {rest}.",
            )
        else:
            yield from value_faults(source, value[name], inner, known[name][0], name)
    for name in missing:
        yield source.fault(start, "missing-field", f"{what} needs `{name}`", f"Add `{name}:`.")


def value_faults(
    source: Source, value: Value, spot: Spot, annotation: Any, name: str
) -> Iterator[Fault]:
    """All that keeps a value from being of this type; `name` is what its field is called."""
    plain, constraint = _bare(annotation)
    start = start_of(spot)
    origin = get_origin(plain)
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
        yield from struct_faults(source, value, spot, plain, f"an entry of `{name}`")
    elif origin is tuple:
        if not isinstance(value, list):
            yield source.fault(
                start,
                "wrong-type",
                f"`{name}` is a list, this is {name_of(value)}",
                _as_list(name, value),
            )
            return
        inner = spot if isinstance(spot, list) else [spot] * (len(value) + 1)
        for item, at in zip(value, inner[1:], strict=True):
            yield from value_faults(source, item, at, get_args(plain)[0], name)
        yield from _length(source, value, start, constraint, name)
    elif origin is dict:
        if not isinstance(value, dict):
            said = f"`{name}` is a mapping (key: text), this is {name_of(value)}"
            yield source.fault(start, "wrong-type", said)
            return
        for key, (_, at) in keys_of(value, spot).items():
            yield from value_faults(source, value[key], at, str, f"{name}.{key}")
    elif plain is bool:
        if value not in ("true", "false"):
            said = f"`{name}` is true or false, this is {quote(value)}"
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
                f"`{name}` cannot be {quote(value)}",
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
    if not isinstance(value, str) or not WHOLE_NUMBER.fullmatch(value):
        said = f"`{name}` is a whole number {span}, this is {quote(value)}"
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
            f"`{name}` is a text, this is {name_of(value)}",
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
            f"{quote(value)} is no id: small letters, digits and . _ - only, at most 64",
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


def quote(value: Value) -> str:
    """A value as a message shows it."""
    if not isinstance(value, str):
        return name_of(value)
    return f"`{value if len(value) <= 40 else value[:39] + '…'}`"


def name_of(value: Value) -> str:
    """What a value is, in words."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "a text" if value else "nothing"
