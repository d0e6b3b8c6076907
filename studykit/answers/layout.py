"""How a typed matrix is laid out: finds rows and cells as spans of text, and reads none of them.

It knows nested lists, `;` and newline rows, CSV, TSV, what NumPy and PyTorch print, and LaTeX
environments. Where whitespace could part two cells or belong to one, it refuses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from . import cells, commas
from .errors import AnswerError
from .scanning import OPENS, ROW_CAP, Expected, Span, Text

WRAP_WIDTH = 60
_ENVIRONMENT = re.compile(
    r"\\begin\{((?:[pbBvV]|small)?matrix|array)\}(?:\{[lcr| ]*\})?(.*?)\\end\{\1\}", re.DOTALL
)
_BLANK_APART = re.compile(r"\d,\d+[ ]+[-+]?\d")
_LEFT = re.compile(r"(?:\\left\s*)?[\[(]\s*$")
_RIGHT = re.compile(r"(?:\\right\s*)?[\])]")
_DIVISOR = re.compile(r"\s*[/*·×]")
_DOTS = re.compile(r"\.\.\.|…|\\[cvdl]?dots|\\ddots|⋮|⋯|⋱")


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows of cell spans. `flat`: one list without inner brackets, so without orientation.

    `before` and `after` are the spans around a bracketed matrix: `1/2 [1 2; 3 4]`, `[1 2]/6`.
    """

    rows: tuple[tuple[Span, ...], ...]
    flat: bool = False
    before: Span = (0, 0)
    after: Span = (0, 0)
    latex: bool = False
    decimal_comma: bool = False
    """Whether commas between digits mark decimals."""


def lay_out(text: str, expected: Expected) -> Layout:
    """The layout of a matrix in cleaned text. Raises AnswerError with offsets into that text."""
    if m := _DOTS.search(text):
        raise AnswerError("The dots leave cells out; give the whole matrix.", m.start())
    layout = _as_decimals(text, expected) or _laid_out(Text(text, expected))
    if not layout.rows:
        raise AnswerError("There are no cells to read.", 0)
    if len(layout.rows) > ROW_CAP or max(len(row) for row in layout.rows) > ROW_CAP:
        raise AnswerError(f"At most {ROW_CAP}×{ROW_CAP} cells are read.", 0)
    width = len(layout.rows[0])
    for number, row in enumerate(layout.rows, 1):
        if len(row) != width:
            raise AnswerError(
                f"Row {number} has {_cells(len(row))}, row 1 has {_cells(width)}.", row[0][0]
            )
    return layout


def _as_decimals(text: str, expected: Expected) -> Layout | None:
    """`4,5 0,5` where two cells a row are asked: blanks part the cells, so the commas cannot."""
    if expected.decimal_comma or expected.shape is None or not _BLANK_APART.search(text):
        return None
    try:
        layout = _laid_out(Text(text, replace(expected, decimal_comma=True)))
    except AnswerError:
        return None
    fits = {(len(layout.rows), len(row)) for row in layout.rows} == {expected.shape}
    return replace(layout, decimal_comma=True) if fits else None


def _cells(n: int) -> str:
    return f"{n} cell{'s' if n != 1 else ''}"


def _laid_out(text: Text) -> Layout:
    start, end = text.strip(0, len(text.body))
    if start == end:
        raise AnswerError("There is nothing to read.", 0)
    if m := _ENVIRONMENT.search(text.body):
        return _environment(text, m, start, end)
    if m2 := re.search(r"\\begin", text.body):
        raise AnswerError("This environment is not closed, or none that is read here.", m2.start())
    if text.body[start : start + 2] == "[[" or text.body[start] in "[{":
        return _bracketed(text, start, end)
    if text.body[start] == "(" and _one_bracket(text, start, end):
        return _bracketed(text, start, end)
    return _prefixed(text, start, end) or _open_rows(text, start, end)


def _one_bracket(text: Text, start: int, end: int) -> bool:
    """Whether a round bracket encloses a list rather than an expression."""
    stop = text.closing(start)
    inside = text.body[start + 1 : stop]
    if re.match(r"\s*[,;]\s*\(", text.body[stop + 1 : end]):
        return bool(re.search(r"[,;]|\d\s+[-\d]", inside))
    if text.strip(stop + 1, end)[0] < end and text.body[stop + 1 : end].strip()[:1] not in {
        "'", "⊤", "^", ".",
    }:  # fmt: skip
        return False
    return bool(re.search(r"[,;\n]|\d\s+[-\d]", inside))


def _environment(text: Text, m: re.Match[str], start: int, end: int) -> Layout:
    if m[1] in {"vmatrix", "Vmatrix"}:
        raise AnswerError("Bars mean a determinant or a norm; use bmatrix.", m.start())
    if "\\begin" in m[2]:
        raise AnswerError("A matrix inside a matrix is not read.", m.start(2))
    rows, row, k = [], [], m.start(2)
    cell = k
    stop = m.end(2)
    while k <= stop:
        ends_row = text.body.startswith("\\\\", k) and k < stop
        if k == stop or ends_row or (text.body[k] == "&" and text.body[k - 1] != "\\"):
            row.append(text.strip(cell, k))
            if k == stop or ends_row:
                rows.append(row)
                row = []
            k += 2 if ends_row else 1
            cell = k
            continue
        k += 1
    while rows and len(rows[-1]) == 1 and _ruled(text, rows[-1][0]):
        rows.pop()
    if not rows:
        raise AnswerError("This matrix is empty.", m.start())
    before = text.strip(start, m.start())
    after = text.strip(m.end(), end)
    left = _LEFT.search(text.body, *before)
    right = _RIGHT.match(text.body, *after)
    if left and right:
        before = text.strip(before[0], left.start())
        after = text.strip(right.end(), after[1])
    return Layout(_filled(text, rows), False, before, after, latex=True)


def _ruled(text: Text, span: Span) -> bool:
    return text.body[span[0] : span[1]] in {"", "\\hline"}


def _filled(text: Text, rows: list[list[Span]]) -> tuple[tuple[Span, ...], ...]:
    for row in rows:
        for a, b in row:
            if a >= b:
                raise AnswerError("A cell is empty here.", min(a, max(len(text.body) - 1, 0)))
    return tuple(tuple(row) for row in rows)


def _bracketed(text: Text, start: int, end: int) -> Layout:
    """`[…]`, `[[…], […]]`, or several rows in brackets of their own."""
    stop = text.closing(start)
    after = text.strip(stop + 1, end)
    if text.body[slice(*after)] in {",", ";"}:
        after = (after[1], after[1])
    if after[0] < after[1] and text.body[after[0]] in "[({,;":
        return _rows_of_brackets(text, start, end)
    inside = text.strip(start + 1, stop)
    if inside[0] == inside[1]:
        raise AnswerError("There is nothing between these brackets.", start)
    if text.body[inside[0]] in OPENS and _list_of_lists(text, *inside):
        layout = _rows_of_brackets(text, *inside)
        return Layout(layout.rows, False, (0, 0), after)
    rows = _rows(text, *inside, one=True)
    return Layout(_filled(text, rows), len(rows) == 1, (0, 0), after)


def _list_of_lists(text: Text, start: int, end: int) -> bool:
    """Whether every top-level part is a bracket: [[1], [2]] but not [(1+2)/3, 4]."""
    k = start
    while k < end:
        if text.body[k] not in OPENS:
            return False
        if text.body[k] != text.body[start]:
            return False
        k = text.closing(k) + 1
        k, _ = text.strip(k, end)
        if k < end and text.body[k] in ",;":
            k, _ = text.strip(k + 1, end)
    if text.body[start] == "(":
        stop = text.closing(start)
        return bool(re.search(r"[,;\s]", text.body[start + 1 : stop].strip()))
    return True


def _rows_of_brackets(text: Text, start: int, end: int) -> Layout:
    rows: list[list[Span]] = []
    k = start
    while k < end:
        if text.body[k] not in OPENS:
            raise AnswerError("A row in brackets is due here.", k)
        stop = text.closing(k)
        inside = text.strip(k + 1, stop)
        if inside[0] == inside[1]:
            raise AnswerError("This row is empty.", k)
        if text.body[inside[0]] in "[{":
            raise AnswerError("There are three levels of brackets; a matrix has two.", inside[0])
        rows += _rows(text, *inside, one=False)
        if text.expected.decimal_comma and re.search(r"\d,\d", text.body[inside[0] : inside[1]]):
            commas.check_nested(text, inside, start, end)
        gap = stop + 1
        k, _ = text.strip(gap, end)
        if k < end and text.body[k] in ",;":
            comma = k
            k, _ = text.strip(k + 1, end)
            if k == end:
                raise AnswerError("Another row is due after this comma.", comma)
    return Layout(_filled(text, rows), False)


def _prefixed(text: Text, start: int, end: int) -> Layout | None:
    """A factor before a bracketed matrix, `1/2 [1 2; 3 4]`, or around a list, `(1, 6, 2)/9`."""
    k = text.body.find("[", start, end)
    if k < 0:
        k = _round_list(text, start, end)
    if k < 0:
        return None
    layout = _bracketed(text, k, end)
    return Layout(layout.rows, False, text.strip(start, k), layout.after)


def _round_list(text: Text, start: int, end: int) -> int:
    """Where round brackets hold a list and a factor or divisor stands beside them; -1 if nowhere.

    Behind a letter they are the arguments of a function: max(1, 2).
    """
    k = text.body.find("(", start, end)
    while k >= 0:
        stop = text.closing(k)
        beside = (
            _DIVISOR.match(text.body, stop + 1, end)
            if k == start
            else _is_factor(text, *text.strip(start, k))
        )
        if beside and len(text.cut(k + 1, stop, ",;")) > 1:
            return -1 if commas.decimals_only(text, k + 1, stop) else k
        k = text.body.find("(", stop + 1, end)
    return -1


def _is_factor(text: Text, start: int, end: int) -> bool:
    """Whether what ends here may multiply what follows: a number, a bracket or a sign."""
    last = text.body[end - 1]
    signed = text.body.endswith(("\\cdot", "\\times"), start, end)
    return last.isnumeric() or last in ")}*·×+-" or signed


def _open_rows(text: Text, start: int, end: int) -> Layout:
    """Rows without brackets: by newline or semicolon."""
    rows = _rows(text, start, end, one=False, lines=True)
    return Layout(_filled(text, rows), len(rows) == 1)


def _rows(text: Text, start: int, end: int, *, one: bool, lines: bool = False) -> list[list[Span]]:
    """Split a span into rows. `one`: a single pair of brackets, where a newline may be a wrap.
    `lines`: no brackets at all, where every newline ends a row. Else newlines are wraps."""
    parts = text.cut(start, end, ";" if not lines else ";\n")
    if len(parts) > 1 and parts[-1][0] == parts[-1][1]:
        parts.pop()
    if lines:
        parts = [part for part in parts if part[0] < part[1]]
    elif one and len(parts) == 1 and "\n" in text.body[start:end]:
        parts = _lines_or_wrap(text, start, end)
    elif one and len(parts) > 1:
        parts = [p for part in parts for p in _no_newline(text, part)]
    if (one or lines) and not text.expected.decimal_comma:
        commas.check_rows(text, parts, bracketed=one)
    return [cells.row_cells(text, *part) for part in parts]


def _no_newline(text: Text, part: Span) -> list[Span]:
    pieces = [p for p in text.cut(*part, "\n") if p[0] < p[1]]
    if len(pieces) > 1:
        raise AnswerError("Rows are parted by ; here, so this line break is unclear.", pieces[1][0])
    return [part]


def _lines_or_wrap(text: Text, start: int, end: int) -> list[Span]:
    """[1 2⏎3 4]: rows, or one long printed row that was wrapped?"""
    pieces = [p for p in text.cut(start, end, "\n") if p[0] < p[1]]
    if len(pieces) == 1:
        return pieces  # the line break stands inside an inner bracket
    if any("," in text.body[a:b] for a, b in pieces):
        ends = [text.body[b - 1] for _, b in pieces]
        if all(e == "," for e in ends[:-1]):
            return [(start, end)]
        if not any(e == "," for e in ends):
            return pieces
        raise AnswerError("Some lines end with a comma and some do not.", pieces[0][1] - 1)
    counts = [len(cells.row_cells(text, *p)) for p in pieces]
    long = all(b - a >= WRAP_WIDTH for a, b in pieces[:-1])
    if not long and len(set(counts)) == 1:
        return pieces
    if long and counts[-1] < counts[0]:
        return [(start, end)]
    raise AnswerError("Is this one row or several? Put ; between the rows.", pieces[1][0])
