"""A learner's answer once read: its numbers in rows, how finely they were written, its echo.

Numbers and matrices are read by `answers`; a shape, "(2, 3)" or "2×3", is read here, because there
× separates sizes and does not multiply.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from studykit.answers import AnswerError, Matrix, Number, echo, read_matrix, read_number
from studykit.problems.problem import Asks

_SIZES = re.compile(r"\d+")
_BETWEEN = re.compile(r"\s*[,;×x*·]\s*|\s+")


@dataclass(frozen=True, slots=True)
class Typed:
    """`rows` holds floats; `units` is the place value of each cell's last digit (0: exact)."""

    rows: tuple[tuple[float, ...], ...]
    units: tuple[float, ...]
    reading: str
    source: Number | Matrix | tuple[int, ...]

    @property
    def cells(self) -> list[float]:
        return [x for row in self.rows for x in row]

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The cells as they were typed, in rows."""
        match self.source:
            case Number() as number:
                return ((number.text,),)
            case Matrix() as matrix:
                return tuple(tuple(cell.text for cell in row) for row in matrix.rows)
            case sizes:
                return (tuple(str(size) for size in sizes),)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])


def read(text: str, asks: Asks, *, decimal_comma: bool = False) -> Typed:
    """The typed text in the form asked for. Raises AnswerError with position and cause."""
    if asks.kind == "shape":
        sizes = read_shape(text)
        shown = "(" + ", ".join(map(str, sizes)) + ("," if len(sizes) == 1 else "") + ")"
        return Typed((tuple(map(float, sizes)),), (0.0,) * len(sizes), shown, sizes)
    if asks.kind == "number":
        number = read_number(text, decimal_comma=decimal_comma)
        return Typed(((number.value,),), (_unit(number),), echo(number), number)
    matrix = read_matrix(text, decimal_comma=decimal_comma)
    rows = tuple(tuple(x.value for x in row) for row in matrix.rows)
    units = tuple(_unit(x) for row in matrix.rows for x in row)
    return Typed(rows, units, echo(matrix), matrix)


def _unit(number: Number) -> float:
    """0.01 for 3.14: what a typed decimal leaves open. 0 for a fraction, a root, a whole number."""
    return 10.0**-number.places if number.places else 0.0


def read_shape(text: str) -> tuple[int, ...]:
    """(2, 3) from "(2, 3)", "[2,3]", "2×3", "2 x 3" or "2 3". Raises AnswerError."""
    start = len(text) - len(text.lstrip())
    body = text.strip()
    if body[:1] in ("(", "[") and body[-1:] in (")", "]"):
        start += 1
        body = body[1:-1]
    body = body.rstrip().removesuffix(",")
    sizes: list[int] = []
    at = len(body) - len(body.lstrip())
    while at < len(body):
        match = _SIZES.match(body, at)
        if match is None or not match.group().isascii() or len(match.group()) > 12:
            raise AnswerError("A shape is a list of whole numbers, like (2, 3).", start + at)
        sizes.append(int(match.group()))
        at = match.end()
        if at == len(body):
            break
        between = _BETWEEN.match(body, at)
        if between is None or between.end() == len(body):
            raise AnswerError("Separate the sizes by commas, like (2, 3).", start + at)
        at = between.end()
    if not sizes:
        raise AnswerError("Type the sizes of the axes, like (2, 3).", 0)
    if len(sizes) > 8:
        raise AnswerError("A shape here has at most 8 axes.", 0)
    return tuple(sizes)
