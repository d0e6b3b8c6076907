"""A learner's answer once read: its numbers in rows, how finely they were written, its echo.

All reading is done by `answers`; in a shape, "(2, 3)" or "2×3", × separates sizes. A formula has
no rows: it is compared as it was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studykit.answers import Matrix, Number, echo, read_matrix, read_number, read_shape, tex
from studykit.problems.problem import Asks

if TYPE_CHECKING:
    from studykit.answers import Expression


@dataclass(frozen=True, slots=True)
class Typed:
    """`rows` holds floats; `units` is the place value of each cell's last digit (0: exact)."""

    rows: tuple[tuple[float, ...], ...]
    units: tuple[float, ...]
    reading: str
    source: Number | Matrix | Expression | tuple[int, ...]

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
            case tuple() as sizes:
                return (tuple(str(size) for size in sizes),)
            case _:
                return ()

    @property
    def shown(self) -> str:
        """The reading in Markdown: a number or a matrix in two dimensions too."""
        drawn = isinstance(self.source, Number | Matrix)
        return f"${tex(self.source)}$" if drawn else self.reading

    @property
    def expression(self) -> Expression:
        """What was read where a formula is asked."""
        return self.source  # type: ignore[return-value]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])


def read(text: str, asks: Asks, *, decimal_comma: bool = False) -> Typed:
    """The typed text in the form asked for. Raises AnswerError with position and cause."""
    if asks.kind == "shape":
        sizes = tuple(int(size) for size in read_shape(text))
        shown = "(" + ", ".join(map(str, sizes)) + ("," if len(sizes) == 1 else "") + ")"
        return Typed((tuple(map(float, sizes)),), (0.0,) * len(sizes), shown, sizes)
    if asks.kind == "formula":
        from studykit.answers.asking import read_asked

        given = read_asked(text, asks.names, [asks.symbol], decimal_comma=decimal_comma)
        return Typed((), (), f"${tex(given)}$", given)
    if asks.kind == "number":
        number = read_number(text, decimal_comma=decimal_comma)
        return Typed(((number.value,),), (_unit(number),), echo(number), number)
    shape = asks.shape if len(asks.shape) == 2 else (1, *asks.shape)
    matrix = read_matrix(text, decimal_comma=decimal_comma, shape=(shape[0], shape[1]))
    rows = tuple(tuple(x.value for x in row) for row in matrix.rows)
    units = tuple(_unit(x) for row in matrix.rows for x in row)
    return Typed(rows, units, echo(matrix), matrix)


def _unit(number: Number) -> float:
    """0.01 for 3.14: what a typed decimal leaves open. 0 for a fraction, a root, a whole number."""
    return 10.0**-number.places if number.places else 0.0
