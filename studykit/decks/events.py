"""YAML without surprises: the parser's event stream into dicts, lists and texts with positions.

No scalar is ever typed by its spelling, and everything that can make two readers disagree (tags,
anchors, aliases, merge keys, duplicate keys, a second document) is refused with its place. A card
that is not even YAML is cut out and told, so that it hides neither the other cards nor their
faults.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, cast

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from studykit.typeset import clean

from .faults import Fault
from .malformed import broken_part, error_index, yaml_fault
from .quoting import escape_faults, too_bare
from .source import Source

MAX_DEPTH = 12
"""A follow-up of an open card stands at depth 6."""
MAX_NODES = 4_000_000
MAX_TEXT = 20_000
"""Some six printed pages; nothing that shows a card has to cope with more."""
MAX_CUTS = 50
"""So many cards that are not YAML are cut out before the reader gives the file up."""
MAX_REREAD = 100_000_000
"""After a cut the file is read again; so many characters in all, but three cuts at least."""

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Spot: TypeAlias = "int | list[Spot]"
"""Where a value stands: the offset of a text; for a list its own offset, then its items' spots; for
a mapping its own offset, then the offset of a key and the spot of its value in turn."""


@dataclass(slots=True)
class Tree:
    """What the file says, before any schema. `value` is None when nothing could be read."""

    source: Source
    value: Value | None = None
    spot: Spot = 0
    faults: list[Fault] = field(default_factory=list)
    cuts: list[tuple[int, int]] = field(default_factory=list)
    """Stretches (offsets) that were left out because they are no YAML."""


class Mark(Protocol):
    """A place in the text."""

    index: int


class Event(Protocol):
    """What the reader looks at in an event; none is asked for a part that its kind lacks."""

    start_mark: Mark
    end_mark: Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str | None


class Parser(Protocol):
    """What both of PyYAML's parsers give: one event after the other."""

    def get_event(self) -> Event: ...


def has_libyaml() -> bool:
    """True when PyYAML was built with libyaml; without it reading is about 25 times slower."""
    return bool(yaml.__with_libyaml__)


def parser_for(text: str) -> Parser:
    """The fastest event parser there is."""
    return cast(Parser, yaml.CSafeLoader(text) if has_libyaml() else yaml.SafeLoader(text))


def trimmed(text: str) -> str:
    """A block without the line break that ends it, and without empty lines before its first."""
    text = text.rstrip()
    return text.lstrip("\n") if text[:1] == "\n" else text


_BEFORE = frozenset(" \t\n\r[]{},:?\"'")
"""What may stand before a value in YAML."""


def wants_care(text: str) -> bool:
    """Whether a text of the file may have an anchor, a tag, or an end lost behind ` #`.

    Most files have none of them, and their texts need not be looked at one by one.
    """
    for mark in "&!#":
        at = text.find(mark)
        while at >= 0:
            after = text[at + 1 : at + 2]
            if (at == 0 or text[at - 1] in _BEFORE) and (
                mark == "!" or not (after.isspace() or after == mark)
            ):
                return True
            at = text.find(mark, at + 1)
    return False


def start_of(spot: Spot) -> int:
    """The offset at which a value begins."""
    while isinstance(spot, list):
        spot = spot[0]
    return spot


def read_tree(source: Source, parser: Callable[[str], Parser] = parser_for) -> Tree:
    """The whole file as a tree with every fault of its YAML; never raises on content."""
    text = source.text
    tree = Tree(source)
    most_cuts = min(MAX_CUTS, 3 + MAX_REREAD // (len(text) + 1))
    while True:
        reader = _Reader(Source(source.file, text, source.stained), parser(text))
        try:
            tree.value, tree.spot = reader.document()
        except _StopError:
            tree.faults += reader.faults
            return tree
        except yaml.MarkedYAMLError as error:
            at = error_index(error)
            cut = broken_part(text, at) if len(tree.cuts) < most_cuts else None
            tree.faults.append(yaml_fault(source, error, at))
            if cut is None:
                tree.faults += reader.faults
                return tree
            tree.cuts.append(cut)
            start, end = cut
            text = text[:start] + re.sub("[^\n]", " ", text[start:end]) + text[end:]
        except yaml.YAMLError as error:
            tree.faults += [*reader.faults, source.fault(0, "yaml", str(error).split("\n")[0])]
            return tree
        else:
            tree.faults += reader.faults
            return tree


class _StopError(Exception):
    """The rest of the file is not worth reading; the reason is among the faults."""


class _Reader:
    def __init__(self, source: Source, parser: Parser) -> None:
        self.source = source
        self.text = source.text
        self.stained = source.stained
        self.careful = self.stained or wants_care(self.text)
        self.next = parser.get_event
        self.faults: list[Fault] = []
        self.nodes = 0

    def document(self) -> tuple[Value | None, Spot]:
        """The only document of the stream."""
        self.next()
        event = self.next()
        if isinstance(event, StreamEndEvent):
            return "", 0
        value, spot = self.value(self.next(), 0)
        self.next()
        event = self.next()
        if not isinstance(event, StreamEndEvent):
            self.fault(
                event,
                "second-document",
                "a second document begins here; a deck is one document",
                "Remove the line `---`, or move what follows to a file of its own.",
            )
            raise _StopError
        return value, spot

    def fault(self, event: Event, code: str, message: str, suggestion: str = "") -> None:
        self.faults.append(self.source.fault(event.start_mark.index, code, message, suggestion))

    def value(self, event: Event, depth: int) -> tuple[Value, Spot]:
        kind: object = type(event)
        if kind is ScalarEvent:
            return self.scalar(event), event.start_mark.index
        if kind is AliasEvent:
            self.fault(
                event,
                "alias",
                f"`*{event.anchor}` would be a YAML alias, which decks do not have",
                "A text that begins with * is written in quotes or as a | block.",
            )
            return "", event.start_mark.index
        if depth == MAX_DEPTH:
            self.fault(
                event,
                "too-deep",
                f"lists and mappings are nested more than {MAX_DEPTH} deep",
                "Brackets in a text are written in quotes or as a | block.",
            )
            raise _StopError
        if event.anchor is not None or event.tag is not None:
            self.named(event)
        self.count(event)
        if kind is MappingStartEvent:
            return self.mapping(event, depth + 1)
        return self.sequence(event, depth + 1)

    def count(self, event: Event, more: int = 1) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            self.fault(event, "too-large", f"more than {MAX_NODES:,} values in one file")
            raise _StopError

    def scalar(self, event: Event) -> str:
        if event.anchor is not None or event.tag is not None:
            self.named(event)
        text = event.value
        if len(text) > MAX_TEXT:
            self.fault(event, "too-long", f"a text of more than {MAX_TEXT:,} characters")
            return ""
        style = event.style
        if style:
            text = trimmed(text)
            if style == '"' and "\\" in self.text[event.start_mark.index : event.end_mark.index]:
                self.quoted(event)
                return clean(text)
        else:
            self.bare(event)
        return clean(text) if self.stained else text

    def quoted(self, event: Event) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        self.faults += escape_faults(self.source, start, end)

    def bare(self, event: Event) -> None:
        end = event.end_mark.index
        fault = too_bare(self.source, end) if self.text[end : end + 1] == " " else None
        if fault is not None:
            self.faults.append(fault)

    def named(self, event: Event) -> None:
        if event.anchor is not None:
            self.fault(
                event,
                "anchor",
                f"`&{event.anchor}` would be a YAML anchor, which decks do not have",
                "A text that begins with & is written in quotes or as a | block.",
            )
        elif event.tag is not None:
            self.fault(
                event,
                "tag",
                "a word that begins with ! would be a YAML tag, which decks do not have",
                "A text that begins with ! is written in quotes or as a | block.",
            )

    def sequence(self, event: Event, depth: int) -> tuple[Value, Spot]:
        items: list[Value] = []
        spots: list[Spot] = [event.start_mark.index]
        take = self.next
        while True:
            event = take()
            kind: object = type(event)
            if kind is ScalarEvent:
                items.append(self.scalar(event))
                spots.append(event.start_mark.index)
            elif kind is SequenceEndEvent:
                self.nodes += len(items)
                return items, spots
            else:
                item, spot = self.value(event, depth)
                items.append(item)
                spots.append(spot)
            if len(items) > MAX_NODES:
                self.count(event, len(items))

    def mapping(self, opening: Event, depth: int) -> tuple[Value, Spot]:
        found: dict[str, Value] = {}
        spots: list[Spot] = [opening.start_mark.index]
        take = self.next
        scalar = self.scalar
        careful = self.careful
        while True:
            event = take()
            kind: object = type(event)
            if kind is MappingEndEvent:
                self.nodes += len(found)
                return found, spots
            if kind is not ScalarEvent:
                self.complex_key(opening, event, depth)
                continue
            # Most keys are plain words, most values plain words or blocks: a call saved for each
            # of them is a third of the reader's own time.
            key = scalar(event) if careful or event.style else event.value
            at = event.start_mark.index
            refused = (key in found or key == "<<") and self.refused_key(key, event, found, spots)
            event = take()
            inner: object = type(event)
            if inner is ScalarEvent:
                spot: Spot = event.start_mark.index
                text, style = event.value, event.style
                if careful or style == '"' or len(text) > MAX_TEXT:
                    text = scalar(event)
                elif style:
                    text = trimmed(text)
                value: Value = text
            else:
                value, spot = self.value(event, depth)
            if not refused:
                found[key] = value
                spots.append(at)
                spots.append(spot)
            if len(found) > MAX_NODES:
                self.count(event, len(found))

    def refused_key(
        self, key: str, event: Event, found: dict[str, Value], spots: list[Spot]
    ) -> bool:
        if key in found:
            first = start_of(spots[1 + 2 * list(found).index(key)])
            line = self.source.line_of(first)
            self.fault(
                event,
                "duplicate-key",
                f"`{key}` is given twice; the first is on line {line}",
                "Remove one of them.",
            )
            return True
        if key == "<<" and not event.style:
            self.fault(
                event, "merge-key", "`<<` would merge another mapping, which decks do not do"
            )
            return True
        return False

    def complex_key(self, opening: Event, event: Event, depth: int) -> None:
        start = opening.start_mark.index
        braces = self.text.startswith("{{", start)
        if isinstance(event, AliasEvent):
            self.value(event, depth)
        else:
            self.fault(
                opening if braces else event,
                "complex-key",
                "a text that begins with { is read as a YAML mapping"
                if braces
                else "a key must be a plain word, not a list or a mapping",
                "Write the text in single quotes or as a | block." if braces else "",
            )
            self.value(event, depth)
        self.value(self.next(), depth)
