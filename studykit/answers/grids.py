"""A typed or pasted matrix taken apart into the texts of its cells, and put together again.

For a grid that is typed into: a cell may hold an expression, or nothing readable yet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .characters import MATRIX_CAP, Source, clean
from .errors import AnswerError
from .layout import lay_out
from .matrices import read_expected, without_wrapping
from .numbers import read_number, settle_commas
from .scanning import Expected, Span
from .writing import echo

Texts = tuple[tuple[str, ...], ...]

HOLE = "?"
"""Stands for an empty cell where a matrix is written as text; no reader takes it for a number."""
ANYTHING = Expected()
_BETWEEN = ("  ", ", ")
_OPERATOR = re.compile(r"\s*([-+*/^·×])\s*")


def split_cells(text: str, expected: Expected = ANYTHING) -> Texts:
    """The cells of a matrix in any notation that `read_matrix` reads, as texts.

    A cell that is no number is given as it stands, without spaces beside operators; one in LaTeX
    as a plain expression. Raises AnswerError where it cannot be parted into rows of equal length.
    """
    source = without_wrapping(clean(text, MATRIX_CAP))
    try:
        layout = lay_out(source.text, expected)
    except AnswerError as error:
        raise AnswerError(error.cause, source.place(error.position)) from None
    if layout.before[0] < layout.before[1] or layout.after[0] < layout.after[1]:
        # A factor, a divisor or a transpose stands around the brackets.
        read = read_expected(text, expected)
        return tuple(tuple(echo(cell) for cell in row) for row in read.rows)
    return tuple(
        tuple(_text(source, span, expected.decimal_comma) for span in row) for row in layout.rows
    )


def _text(source: Source, span: Span, decimal_comma: bool) -> str:
    text = source.text[slice(*span)]
    if text == HOLE:
        return ""
    if "\\" not in text:
        return _closed(text, decimal_comma)
    try:
        return echo(read_number(text, decimal_comma=decimal_comma))
    except AnswerError:
        return text


def _closed(text: str, decimal_comma: bool) -> str:
    """1 + 2 as 1+2 and 0,5 as 0.5: beside other cells a space or a comma could part two."""
    closed = _OPERATOR.sub(r"\1", text.strip())
    if decimal_comma:
        return closed
    try:
        return settle_commas(Source(closed), decimal_comma=False).text
    except AnswerError:
        return closed


def split_loosely(text: str, shape: tuple[int, int], *, decimal_comma: bool) -> Texts | None:
    """The same for a matrix that is not complete yet, filled up to a shape with empty cells.

    None where it cannot be parted or has more cells than the shape.
    """
    rows, columns = shape
    expected = Expected(decimal_comma, shape)
    try:
        found = split_cells(text, expected)
    except AnswerError:
        lines = [line for part in text.splitlines() for line in part.split(";")]
        while lines and not lines[-1].strip():
            lines.pop()
        parted: list[tuple[str, ...]] = []
        for line in lines:
            try:
                cells = split_cells(line, expected) if line.strip() else ((),)
                parted.append(cells[0])
            except AnswerError:
                return None
        found = tuple(parted)
    if len(found) > rows or any(len(row) > columns for row in found):
        return None
    filled = [row + ("",) * (columns - len(row)) for row in found]
    return (*filled, *[("",) * columns] * (rows - len(filled)))


def join_cells(cells: Sequence[Sequence[str]], *, decimal_comma: bool) -> str:
    """The cells as rows of text, parted so that they read as these very cells."""
    rows = [[_closed(cell, decimal_comma) or HOLE for cell in row] for row in cells]
    wanted = tuple(tuple("" if cell == HOLE else cell for cell in row) for row in rows)
    expected = Expected(decimal_comma)  # the text reads as these cells wherever it is put
    for between in _BETWEEN:
        text = "\n".join(between.join(row) for row in rows)
        try:
            if split_cells(text, expected) == wanted:
                return text
        except AnswerError:
            continue
    return text
