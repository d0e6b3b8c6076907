"""Does a comma in a matrix part two cells or mark decimals? Refused where both can be meant."""

from __future__ import annotations

import re

from .errors import AnswerError
from .scanning import Span, Text

_PAIR = re.compile(r"[-+]?(\d+),(\d+)(e[-+]?\d+)?\s*(?:%|π|pi)?")
_PLAIN = re.compile(r"\t|,\s|,(?!\d)")
"""What parts cells and marks no decimals: a tab, a space or a sign after the comma."""
_PAIRS = re.compile(r"([-+]?\d{1,2},\d{3,})(?:,[-+]?\d{1,2},\d{3,})+")
PAIR_APART = re.compile(
    r"(?<![\d.,])[-+]?\d+,\d+(?=[ &]+[-+]?[^\s\-+*/^·×@=!%'⊤,;&)\]}])"
    r"|(?<=\d[ &])[ &]*([-+]?\d+,\d+)(?![\d.,])"
)


def one_or_two(pair: str) -> str:
    """What is asked about a pair like `0,304`."""
    return (
        f"{pair} could be one decimal number or two numbers: write {pair.replace(',', '.')},"
        " or put a space after the comma."
    )


def check_nested(text: Text, inside: Span, start: int, end: int) -> None:
    """[[1,2],[3,4]] under a stated decimal comma may be four cells or two."""
    row = text.body[slice(*inside)]
    if not re.search(r"\S\s", row) and re.search(r"\]\s*,", text.body[start:end]):
        raise AnswerError("Is this comma a decimal comma? Part the cells by spaces.", inside[0])


def check_rows(text: Text, parts: list[Span], *, bracketed: bool) -> None:
    """Refuse rows like `1,5` and `0,304`: one number with a decimal comma, or two cells?

    They are cells if only so the matrix has the shape that is asked, if another row parts its cells
    plainly, or in `[1,2; 3,4]`, where a comma marks decimals only after a 0, before two digits or
    in a power of ten. A single row in brackets is a list, so [0,1] is two cells.
    """
    rows = [text.body[a:b] for a, b in parts]
    shape = text.expected.shape
    if shape is not None and {(len(rows), row.count(",") + 1) for row in rows} == {shape}:
        return
    for (at, _), row in zip(parts, rows, strict=True):
        if pairs := _PAIRS.fullmatch(row):
            raise AnswerError(one_or_two(pairs[1]), at)
    if any(_PLAIN.search(row) or row.count(",") > 1 for row in rows):
        return
    alone = len(rows) == 1 and (bracketed or text.expected.listed)
    for (at, _), row in zip(parts, rows, strict=True):
        m = _PAIR.fullmatch(row)
        if m is None:
            continue
        zero, long = m[1][0] == "0", len(m[2]) > 1 or m[3] is not None
        if (zero and long) if alone else (zero or long or not bracketed):
            raise AnswerError(one_or_two(row), at)


def decimals_only(text: Text, start: int, end: int) -> bool:
    """Under a stated decimal comma: whether every comma of this row marks decimals."""
    row = text.body[start:end]
    if not text.expected.decimal_comma:
        return False
    tight = len(re.findall(r"\d,\d", row))
    if tight != row.count(","):
        return False
    if not re.search(r"\S\s+\S", row) and row.count(",") > 1:
        raise AnswerError("Is this comma a decimal comma? Part the cells by spaces.", start)
    return True
