"""The cells of one row: parted by commas, tabs, & or whitespace."""

from __future__ import annotations

import itertools
import re

from . import commas
from .errors import AnswerError
from .functions import SPELLINGS
from .scanning import OPENS, Span, Text

_GLUE_BEFORE = set("*/^+-·×@√!=")
_GLUE_AFTER = set("*/^·×%!'⊤=")
_WORD_END = re.compile(r"([^\W\d_]+)$")
_BARRED = re.compile(r"\|((?:[\s,]*[-+]?(?:\d+[.,/]?\d*|\.\d+)(?=[\s,|])){2,60}\s*)\|")
_WHOLE = re.compile(r"([-+]?)(\d{1,40})")
_PART = re.compile(
    r"(\d{1,40})\s*/\s*(\d{1,40})|\\[dt]?frac\{(\d{1,40})\}\{(\d{1,40})\}|([½⅓⅔¼¾⅕-⅞⅐-⅒])"
)


def row_cells(text: Text, start: int, end: int) -> list[Span]:
    """The spans of the cells in one row."""
    row = text.body[start:end]
    if row[:1] == "|" and row[-1:] == "|" and row.count("|") > 2:
        raise AnswerError("Leave out the bars between the cells.", start)
    if m := _BARRED.fullmatch(row):
        raise AnswerError(f"Leave out the bars: write {m[1].strip()} without them.", start)
    if "\t" in row.strip():
        return text.cut(start, end, "\t")
    if len(text.cut(start, end, ",")) > 1 and not commas.decimals_only(text, start, end):
        return _comma_cells(text, start, end)
    if "&" in row:
        return text.cut(start, end, "&")
    return _spaced_cells(text, start, end)


def _comma_cells(text: Text, start: int, end: int) -> list[Span]:
    if not text.expected.decimal_comma:
        row = text.body[start:end]
        mixed = re.search(r"\d,\d", row) and re.search(r",\s", row)
        if mixed and not any(c in row for c in "()[]{}"):
            raise AnswerError(
                "Do these commas part cells or mark decimals? Put a space after each comma"
                " that parts cells, or after none.",
                start + mixed.start(),
            )
        apart = commas.PAIR_APART.search(row)
        if apart and not mixed and not any(c in row[: apart.start()] for c in "([{"):
            group = 1 if apart[1] else 0
            raise AnswerError(commas.one_or_two(apart[group]), start + apart.start(group))
        return text.cut(start, end, ",")
    cells = []
    cell = start
    depth = 0
    for k in range(start, end):
        char = text.body[k]
        depth += (char in OPENS) - (char in ")]}")
        if depth == 0 and char == "," and not re.match(r"\d,\d", text.body[max(k - 1, 0) : k + 2]):
            cells.append(text.strip(cell, k))
            cell = k + 1
    return [*cells, text.strip(cell, end)]


def _spaced_cells(text: Text, start: int, end: int) -> list[Span]:
    """Cells parted by whitespace; a sign belongs to the cell it touches."""
    cells: list[Span] = []
    depth = 0
    cell = k = start
    while k < end:
        char = text.body[k]
        if char in OPENS:
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char.isspace() and depth == 0:
            after, _ = text.strip(k, end)
            if _parts(text, cell, k, after, end):
                cells.append((cell, k))
                cell = after
            k = after
            continue
        k += 1
    cells.append((cell, end))
    _check_spaced(text, cells)
    return cells


def _check_spaced(text: Text, cells: list[Span]) -> None:
    """Refuse cells that look like torn-off ends of a number: `1 e-3`, `1 000`.

    `1 1/3` is two cells without doubt where a row is to have as many cells as this one.
    """
    shape = text.expected.shape
    full = shape is not None and len(cells) == shape[1]
    for (a, b), (c, d) in itertools.pairwise(cells):
        before, here = text.body[a:b], text.body[c:d]
        if re.fullmatch(r"[-+]?[\d.]+[eE]", before) and re.match(r"[-+]?\d", here):
            raise AnswerError("Is this a power of ten? Write 1e-3 without a space.", a)
        if not before[-1].isdigit():
            continue
        if not full and (mixed := _mixed(before, here)):
            raise AnswerError(
                f"{before} {here} could be {mixed} or two cells: write {mixed}, or put commas"
                " between the cells.",
                a,
            )
        if re.fullmatch(r"[eE][+-]?\d+", here):
            raise AnswerError("Is this a power of ten? Write 1e-3 without a space.", c)
        if re.fullmatch(r"0\d\d", here) and re.fullmatch(r"-?\d{1,3}", before):
            raise AnswerError("Is this a grouped thousand? Write the number in one piece.", c)


def _parts(text: Text, cell: int, k: int, after: int, end: int) -> bool:
    """Whether the whitespace from k to `after` separates two cells."""
    last, first = text.body[k - 1], text.body[after]
    if first in "+-":
        tight = after + 1 < end and not text.body[after + 1].isspace()
        if last in "*/^·×@√":
            return False
        if not tight:
            raise AnswerError(
                f"Is {first} a sign or an operation here? Write 1 -2 for two cells, 1-2 for one.",
                after,
            )
        return True
    if last in "+-":
        raise AnswerError(
            f"Is {last} a sign or an operation here? Leave out the space after it.", k - 1
        )
    if first == "%":
        raise AnswerError("Write the % right behind its number.", after)
    if last in _GLUE_BEFORE - {"!"} or first in _GLUE_AFTER:
        return False
    word = _WORD_END.search(text.body, cell, k)
    return not (word and word[1] in SPELLINGS and text.body[k - 1] not in "eπ")


def _mixed(before: str, here: str) -> str:
    """`5` and `1/3` as 16/3, "" if they make no mixed number; nobody writes one with a 0."""
    whole, part = _WHOLE.fullmatch(before), _PART.fullmatch(here)
    if whole is None or part is None or int(whole[2]) == 0:
        return ""
    if part[5] is not None:
        return f"{before} + {here}"
    top, bottom = int(part[1] or part[3]), int(part[2] or part[4])
    return f"{whole[1]}{int(whole[2]) * bottom + top}/{bottom}" if 0 < top < bottom else ""
