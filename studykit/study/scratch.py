"""A scratchpad beside a problem: a calculator that knows the givens, read by `answers`.

`Q[0] @ K[1]`, `softmax(S[0])`, `s = Q @ K.T / sqrt(2)`. Square brackets behind a name or a bracket
index as in NumPy, from 0, which the reader of answers leaves to us; a name set once can be used
afterwards. Nothing that is typed is ever run as a program.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from studykit.answers.calculating import Worked, work_out
from studykit.answers.errors import AnswerError
from studykit.answers.functions import CONSTANTS, SPELLINGS, WORDS
from studykit.answers.matrices import read_matrix

DIGITS = 6
"""Significant digits that are shown; eight are taken into an answer."""
DEPTH = 8
"""Indexed pieces within one another."""
LONGEST = 2_000
"""Characters of a line, as for every answer."""
_ASSIGNS = re.compile(r"\s*([^\W\d_]\w{0,30})\s*=(?!=)\s*")
_INDEXED = re.compile(r"(?<=[\w)\]])\[")
_NAME_BEFORE = re.compile(r"[^\W\d]\w*(?:\.T)?$")
_CALL_BEFORE = re.compile(r"[^\W\d]\w*$")
_SHOWN = re.compile(
    r"(?:\$|\\q?quad|,)\s*(\\?[A-Za-z]+(?:_\{?\w+\}?)?)\s*=\s*"
    r"(\\begin\{bmatrix\}(?:(?!\\begin).)*?\\end\{bmatrix\})",
    re.DOTALL,
)
_PART = re.compile(r"\s*(?:(-?\d{1,3})|(-?\d{1,3})?\s*:\s*(-?\d{1,3})?)\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the pad: what was typed, and its value or what is wrong with it."""

    typed: str
    value: Worked | None = None
    name: str = ""
    """What the value was called."""
    cause: str = ""
    position: int = 0

    @property
    def cells(self) -> tuple[tuple[str, ...], ...]:
        """The value in rows, as it is shown."""
        return rows_of(self.value, DIGITS) if self.value is not None else ()

    @property
    def taken(self) -> str:
        """The value as text for an answer field."""
        if self.value is None:
            return ""
        return "\n".join("  ".join(row) for row in rows_of(self.value, DIGITS + 2))


@dataclass
class Scratchpad:
    """Its lines, and the names it knows: the givens, own steps, and what was set here."""

    names: dict[str, Worked]
    lines: list[Line] = field(default_factory=list)

    def know(self, values: Mapping[str, Worked]) -> None:
        """More values to calculate with; a name set by hand keeps its own."""
        self.names = {**values, **self.names}

    def enter(self, text: str) -> Line:
        """Work a line out and keep it; one that cannot be read is kept with the reason."""
        line = self._worked(text)
        self.lines.append(line)
        if line.name and line.value is not None:
            self.names[line.name] = line.value
        return line

    def _worked(self, text: str) -> Line:
        name, start = "", 0
        if m := _ASSIGNS.match(text):
            name, start = m[1], m.end()
        try:
            if len(text) > LONGEST:
                raise AnswerError(f"At most {LONGEST} characters are read.", LONGEST)
            value = _value(text[start:], self.names, 0)
        except AnswerError as error:
            return Line(text, cause=error.cause, position=start + error.position)
        try:
            if name:
                _check_name(name)
        except AnswerError as error:
            return Line(text, cause=error.cause)
        return Line(text, value, name)


def numbers_of(values: Mapping[str, Any]) -> dict[str, Worked]:
    """Those of the values that are finite numbers, lists of them or matrices, under names that a
    formula can have."""
    found: dict[str, Worked] = {}
    for name, value in values.items():
        try:
            _check_name(name)
            number = _floats(value)
        except (AnswerError, TypeError, ValueError, OverflowError):
            continue
        found[name] = number
    return found


def shown_in(question: str) -> dict[str, Worked]:
    """The matrices that stand in a question, by the letters before them: what is `scaled` in its
    family may be S to the learner. A single row is a list."""
    found: dict[str, Any] = {}
    for letters, cells in _SHOWN.findall(question):
        try:
            rows = [[cell.value for cell in row] for row in read_matrix(cells).rows]
        except AnswerError:
            continue
        found[re.sub(r"[\\{}]", "", letters)] = rows if len(rows) > 1 else rows[0]
    return numbers_of(found)


def _check_name(name: str) -> None:
    """Functions and constants keep their meaning; the rest is for the reader to refuse."""
    if name in SPELLINGS or name in CONSTANTS or name in WORDS:
        raise AnswerError(f"{name} has a meaning already; choose another name.", 0)
    work_out("1", {name: 1.0})


def shape_words(value: Worked) -> str:
    """ "2×3" for a matrix, "3" for a list; a number is its own description."""
    if not isinstance(value, list):
        return _short(value, DIGITS)
    return f"{len(value)}×{len(value[0])}" if isinstance(value[0], list) else str(len(value))


def rows_of(value: Worked, digits: int) -> tuple[tuple[str, ...], ...]:
    """A value in rows of texts."""
    if not isinstance(value, list):
        return ((_short(value, digits),),)
    rows: Iterable[Any] = value if isinstance(value[0], list) else [value]
    return tuple(tuple(_short(x, digits) for x in row) for row in rows)


def _short(x: float, digits: int) -> str:
    text = f"{x:.{digits}g}"
    return "0" if text == "-0" else text


def _floats(value: Any) -> Worked:
    if isinstance(value, list):
        if not value:
            raise ValueError("nothing in it")
        return [_floats(one) for one in value]
    number = float(value)
    if isinstance(value, str | bool) or not math.isfinite(number):
        raise ValueError("no number")
    return number


# Indexing: the pieces with square brackets are worked out first, and stand in as names.


def _value(text: str, names: Mapping[str, Worked], depth: int) -> Worked:
    """The value of a formula with indexed pieces. Positions of errors are those in `text`."""
    if depth > DEPTH:
        raise AnswerError("This is nested too deeply.", 0)
    known, pieces = dict(names), dict[str, str]()
    places = list(range(len(text)))
    while m := _INDEXED.search(text):
        begin = _start(text, m.start())
        end = _closing(text, m.start())
        try:
            value = _value(text[begin : m.start()], known, depth + 1)
        except AnswerError as error:
            at = places[min(begin + error.position, len(places) - 1)]
            raise AnswerError(error.cause, at) from None
        try:
            part = _indexed(value, text[m.end() : end])
        except AnswerError as error:
            raise AnswerError(error.cause, places[m.end()]) from None
        name = next(f"part{n}" for n in range(len(known) + 1) if f"part{n}" not in known)
        known[name], pieces[name] = part, text[begin : end + 1]
        text = f"{text[:begin]}({name}){text[end + 1 :]}"
        places[begin : end + 1] = [places[begin]] * (len(name) + 2)
    try:
        return work_out(text, known)
    except AnswerError as error:
        at = error.position
        place = places[at] if at < len(places) else len(places) and places[-1] + 1
        raise AnswerError(_in_own_words(error.cause, pieces), place) from None


def _in_own_words(cause: str, pieces: Mapping[str, str]) -> str:
    """A sentence about the names that stand in for pieces, with the pieces themselves."""
    if "names are" in cause:
        return re.sub(r", part\d+\b", "", cause)
    return re.sub(r"\bpart\d+\b", lambda m: pieces.get(m[0], m[0]), cause)


def _start(text: str, bracket: int) -> int:
    """Where the piece before an index begins: a name, or a call with its brackets."""
    if text[bracket - 1] != ")":
        m = _NAME_BEFORE.search(text, 0, bracket)
        if m is None:
            raise AnswerError("Only a name or a bracket has entries.", bracket)
        return m.start()
    depth = 0
    for at in range(bracket - 1, -1, -1):
        depth += (text[at] in ")]") - (text[at] in "([")
        if depth == 0:
            call = _CALL_BEFORE.search(text, 0, at)
            return call.start() if call else at
    raise AnswerError("This ) closes nothing that was opened.", bracket - 1)


def _closing(text: str, bracket: int) -> int:
    end = text.find("]", bracket)
    if end < 0:
        raise AnswerError("This [ is never closed.", bracket)
    return end


def _indexed(value: Worked, index: str) -> Worked:
    """Entries from 0, as NumPy counts: `[0]`, `[-1]`, `[0, 1]`, `[:, 1]`, `[0:2]`."""
    parts = [_PART.fullmatch(part) for part in index.split(",")]
    matrix = isinstance(value, list) and isinstance(value[0], list)
    axes = 2 if matrix else 1 if isinstance(value, list) else 0
    if len(parts) > axes:
        raise AnswerError(f"There are {axes} axes to index here.", 0)
    picks: list[int | slice] = []
    for m, part in zip(parts, index.split(","), strict=True):
        if m is None:
            raise AnswerError(f"An index is a whole number or a range, not “{part.strip()}”.", 0)
        low, high = (int(x) if x else None for x in (m[2], m[3]))
        picks.append(int(m[1]) if m[1] else slice(low, high))
    found = _picked(value, picks)
    if found == []:
        raise AnswerError("This range is empty.", 0)
    return found


def _picked(value: Any, picks: list[int | slice]) -> Worked:
    if not picks:
        found: Worked = value
        return found
    first, rest = picks[0], picks[1:]
    if isinstance(first, slice):
        return [_picked(one, rest) for one in value[first]]
    if not -len(value) <= first < len(value):
        raise AnswerError(f"{first} is outside: the entries are 0 to {len(value) - 1}.", 0)
    return _picked(value[first], rest)
