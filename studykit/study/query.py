"""The query language of Browse, from typed text to a tree; it knows no card.

Terms stand beside one another and all must hold: `deck:scaling due:<3 -"exact phrase"`. What cannot
be read gives the place and the cause as a value, never an exception, for it is read at every key.
What fields there are stands in `fields`.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from studykit.study.fields import FIELDS, Field

LONGEST = 1000
"""Characters of a query; nobody types more."""
DEEPEST = 40
"""Brackets within brackets."""


@dataclass(frozen=True, slots=True)
class Words:
    """Text to be found anywhere in a card, its case disregarded."""

    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """A field that holds a name. `exact`: the whole name, as it was quoted."""

    field: str
    value: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A field that holds one of a few words."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Between:
    """A field that holds a number, from `low` to `high`; `open_low` and `open_high` leave the ends
    out."""

    field: str
    low: float
    high: float
    open_low: bool = False
    open_high: bool = False
    typed: str = dataclasses.field(default="", compare=False)
    """The numbers as they were typed, to name them where they find nothing."""


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts everything does."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Node, ...]


Node: TypeAlias = Words | Named | Chosen | Between | Not | All | Any


@dataclass(frozen=True, slots=True)
class Unread:
    """A query that cannot be read: where (0-based offset) and why, in one sentence."""

    position: int
    cause: str


def read_query(text: str) -> Node | Unread:
    """The tree of a query, or where and why it cannot be read. Nothing finds everything."""
    if len(text) > LONGEST:
        return Unread(LONGEST, f"A query has at most {LONGEST} characters; leave something out.")
    try:
        return _Reader(text).read()
    except _Stop as stop:
        return stop.unread


class _Stop(Exception):  # noqa: N818  (never leaves this module)
    def __init__(self, position: int, cause: str) -> None:
        super().__init__(cause)
        self.unread = Unread(position, cause)


_OPENING = {'"': '"', "“": "”", "„": "“"}
_NUMBER = r"[-−]?\d{1,12}(?:\.\d{0,12})?"
_COMPARED = re.compile(rf"(<=|>=|[<>=≤≥]?)({_NUMBER})(%?)")
_RANGE = re.compile(rf"({_NUMBER})(%?)\.\.({_NUMBER})(%?)")
_FIELD = re.compile(r"([A-Za-z][A-Za-z_-]*):")
_INFINITE = float("inf")


class _Reader:
    """Recursive descent over the text; every step moves on, so it is linear."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def read(self) -> Node:
        node = self._either(0)
        if self.at < len(self.text):
            raise _Stop(self.at, "This bracket was never opened.")
        return node

    def _either(self, depth: int) -> Node:
        """Alternatives with `or` between them; it binds less than standing side by side."""
        options = [self._all(depth)]
        while (word := self._bare_or()) is not None:
            if not options[-1].parts:
                raise _Stop(word, "Something must stand before `or`.")
            options.append(self._all(depth))
            if not options[-1].parts:
                raise _Stop(word, "Something must stand after `or`.")
        return options[0] if len(options) == 1 else Any(tuple(options))

    def _all(self, depth: int) -> All:
        parts: list[Node] = []
        while True:
            self._skip_space()
            if self.at >= len(self.text) or self.text[self.at] == ")" or self._or_here():
                return All(tuple(parts))
            parts.append(self._term(depth))

    def _term(self, depth: int) -> Node:
        start = self.at
        if self.text[start] == "-":
            self.at += 1
            following = self.text[self.at : self.at + 1]
            if not following or following.isspace() or following == ")":
                raise _Stop(start, "What shall be left out? Write it right after the minus.")
            if following == "-":
                raise _Stop(self.at, "One minus is enough to leave something out.")
            return Not(self._term(depth))
        if self.text[start] == "(":
            if depth >= DEEPEST:
                raise _Stop(start, f"At most {DEEPEST} brackets stand within one another.")
            self.at += 1
            inner = self._either(depth + 1)
            if self.at >= len(self.text):
                raise _Stop(start, "This bracket is not closed.")
            self.at += 1
            return inner
        if self.text[start] in _OPENING:
            return Words(self._quoted().casefold())
        field = _FIELD.match(self.text, start)
        if field is None:
            return Words(self._word().casefold())
        return self._fielded(field[1], start)

    def _fielded(self, name: str, start: int) -> Node:
        known = FIELDS.get(name.lower())
        if known is None:
            near = get_close_matches(name.lower(), FIELDS, n=1)
            hint = f"Did you mean {near[0]}:?" if near else f"There are {', '.join(FIELDS)}."
            raise _Stop(start, f"There is no field {name}. {hint} To find a colon, put quotes.")
        self.at = start + len(name) + 1
        at = self.at
        if self.at < len(self.text) and self.text[self.at] in _OPENING:
            value, exact = self._quoted(), True
        else:
            value, exact = self._word(), False
        if not value:
            raise _Stop(at, f"Write something after {known.name}:, for example {known.example}.")
        if known.sort == "number":
            return dataclasses.replace(_number(known, value, at), typed=value)
        if known.sort == "choice":
            return _choice(known, value.lower(), at)
        return Named(known.name, value.casefold(), exact)

    def _skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _peek_word(self) -> str:
        end = self.at
        while end < len(self.text) and not self.text[end].isspace() and self.text[end] not in "()":
            end += 1
        return self.text[self.at : end]

    def _word(self) -> str:
        """Up to a space or a closing bracket that was opened outside: `f(x)` is one word."""
        start, opened = self.at, 0
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign.isspace() or (sign == ")" and not opened):
                break
            opened += (sign == "(") - (sign == ")")
            self.at += 1
        return self.text[start : self.at]

    def _quoted(self) -> str:
        """A phrase. One that is not closed yet goes to the end: it is being typed."""
        closing = _OPENING[self.text[self.at]]
        end = self.text.find(closing, self.at + 1)
        end = len(self.text) if end < 0 else end
        phrase = self.text[self.at + 1 : end]
        self.at = min(len(self.text), end + 1)
        return phrase

    def _or_here(self) -> bool:
        return self._peek_word().lower() == "or"

    def _bare_or(self) -> int | None:
        """Take `or` if it stands here; where it stood."""
        self._skip_space()
        if not self._or_here():
            return None
        at = self.at
        self.at += 2
        return at


def _choice(field: Field, value: str, at: int) -> Chosen:
    """The word meant; its beginning is enough, also while it is typed."""
    for word in field.choices:
        if word == value:
            return Chosen(field.name, word)
    for word in field.choices:
        if word.startswith(value):
            return Chosen(field.name, word)
    near = get_close_matches(value, field.choices, n=1)
    hint = f"did you mean {near[0]}?" if near else f"it is one of {', '.join(field.choices)}."
    raise _Stop(at, f"{field.name}: does not know {value}; {hint}")


def _number(field: Field, value: str, at: int) -> Between:
    found = _COMPARED.fullmatch(value)
    if found is not None:
        number = _value(field, found[2], found[3])
        match found[1]:
            case "<":
                return Between(field.name, -_INFINITE, number, open_high=True)
            case "<=" | "≤":
                return Between(field.name, -_INFINITE, number)
            case ">":
                return Between(field.name, number, _INFINITE, open_low=True)
            case ">=" | "≥":
                return Between(field.name, number, _INFINITE)
        return Between(field.name, number, number)
    span = _RANGE.fullmatch(value)
    if span is None:
        raise _Stop(
            at, f"{field.name}: takes a number, perhaps after < > <= >=, or a range like 2..5."
        )
    low, high = _value(field, span[1], span[2]), _value(field, span[3], span[4])
    if low > high:
        raise _Stop(at, "The range runs backwards; write the smaller number first.")
    return Between(field.name, low, high)


def _value(field: Field, digits: str, percent: str) -> float:
    """The number meant. A probability above 1 can only be a percentage: `recall:<80`."""
    number = float(digits.replace("−", "-"))
    return number / 100 if percent or (field.name == "recall" and number > 1) else number
