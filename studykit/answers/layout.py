"""How a typed matrix is laid out: finds rows and cells as spans of text, and reads none of them.

It knows nested lists, `;` and newline rows, CSV, TSV, what NumPy and PyTorch print, and LaTeX
environments. Where whitespace could part two cells or belong to one, it refuses.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from .errors import AnswerError
from .functions import SPELLINGS

ROW_CAP = 64
WRAP_WIDTH = 60

Span = tuple[int, int]
_OPENS = {"[": "]", "(": ")", "{": "}"}
_ENVIRONMENT = re.compile(
    r"\\begin\{((?:[pbBvV]|small)?matrix|array)\}(?:\{[lcr| ]*\})?(.*?)\\end\{\1\}", re.DOTALL
)
_LEFT = re.compile(r"(?:\\left\s*)?[\[(]\s*$")
_RIGHT = re.compile(r"(?:\\right\s*)?[\])]")
_GLUE_BEFORE = set("*/^+-·×@√!=")
_GLUE_AFTER = set("*/^·×%!'⊤=")
_WORD_END = re.compile(r"([^\W\d_]+)$")
_PAIR = re.compile(r"[-+]?(\d+),(\d+)(e[-+]?\d+)?\s*(?:%|π|pi)?")
_PAIRS = re.compile(r"([-+]?\d{1,2},\d{3,})(?:,[-+]?\d{1,2},\d{3,})+")
_PAIR_APART = re.compile(
    r"(?<![\d.,])[-+]?\d+,\d+(?=[ &]+[-+]?[^\s\-+*/^·×@=!%'⊤,;&)\]}])"
    r"|(?<=\d[ &])[ &]*([-+]?\d+,\d+)(?![\d.,])"
)
_BARRED = re.compile(r"\|((?:[\s,]*[-+]?(?:\d+[.,/]?\d*|\.\d+)(?=[\s,|])){2,60}\s*)\|")
_WHOLE = re.compile(r"([-+]?)(\d{1,40})")
_PART = re.compile(
    r"(\d{1,40})\s*/\s*(\d{1,40})|\\[dt]?frac\{(\d{1,40})\}\{(\d{1,40})\}|([½⅓⅔¼¾⅕-⅞⅐-⅒])"
)
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


def lay_out(text: str, *, decimal_comma: bool = False) -> Layout:
    """The layout of a matrix in cleaned text. Raises AnswerError with offsets into that text."""
    if m := _DOTS.search(text):
        raise AnswerError("The dots leave cells out; give the whole matrix.", m.start())
    layout = _Scanner(text, decimal_comma).run()
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


def _cells(n: int) -> str:
    return f"{n} cell{'s' if n != 1 else ''}"


def _one_or_two(pair: str) -> str:
    return (
        f"{pair} could be one decimal number or two numbers: write {pair.replace(',', '.')},"
        " or put a space after the comma."
    )


def _mixed(before: str, here: str) -> str:
    """`5` and `1/3` as 16/3, "" if they make no mixed number; nobody writes one with a 0."""
    whole, part = _WHOLE.fullmatch(before), _PART.fullmatch(here)
    if whole is None or part is None or int(whole[2]) == 0:
        return ""
    if part[5] is not None:
        return f"{before} + {here}"
    top, bottom = int(part[1] or part[3]), int(part[2] or part[4])
    return f"{whole[1]}{int(whole[2]) * bottom + top}/{bottom}" if 0 < top < bottom else ""


class _Scanner:
    def __init__(self, text: str, decimal_comma: bool) -> None:
        self.text = text
        self.decimal_comma = decimal_comma

    def fail(self, cause: str, at: int) -> AnswerError:
        return AnswerError(cause, at)

    def run(self) -> Layout:
        start, end = self.strip(0, len(self.text))
        if start == end:
            raise self.fail("There is nothing to read.", 0)
        if m := _ENVIRONMENT.search(self.text):
            return self.environment(m, start, end)
        if m2 := re.search(r"\\begin", self.text):
            raise self.fail(
                "This environment is not closed, or none that is read here.", m2.start()
            )
        if self.text[start : start + 2] == "[[" or self.text[start] in "[{":
            return self.bracketed(start, end)
        if self.text[start] == "(" and self._one_bracket(start, end):
            return self.bracketed(start, end)
        return self._prefixed(start, end) or self._open_rows(start, end)

    def _one_bracket(self, start: int, end: int) -> bool:
        """Whether a round bracket encloses a list rather than an expression."""
        stop = self.closing(start)
        inside = self.text[start + 1 : stop]
        if re.match(r"\s*[,;]\s*\(", self.text[stop + 1 : end]):
            return bool(re.search(r"[,;]|\d\s+[-\d]", inside))
        if self.strip(stop + 1, end)[0] < end and self.text[stop + 1 : end].strip()[:1] not in {
            "'", "⊤", "^", ".",
        }:  # fmt: skip
            return False
        return bool(re.search(r"[,;\n]|\d\s+[-\d]", inside))

    def strip(self, start: int, end: int) -> Span:
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return start, end

    def closing(self, opened: int) -> int:
        """The offset of the bracket that closes the one at `opened`."""
        stack = []
        for k in range(opened, len(self.text)):
            char = self.text[k]
            if char in _OPENS:
                stack.append((_OPENS[char], k))
                if len(stack) > ROW_CAP:
                    raise self.fail("This is nested too deeply.", k)
            elif char in ")]}":
                if not stack or stack[-1][0] != char:
                    raise self.fail(f"This {char} closes nothing that was opened.", k)
                stack.pop()
                if not stack:
                    return k
        raise self.fail(f"This {self.text[stack[-1][1]]} is never closed.", stack[-1][1])

    # A LaTeX environment.

    def environment(self, m: re.Match[str], start: int, end: int) -> Layout:
        if m[1] in {"vmatrix", "Vmatrix"}:
            raise self.fail("Bars mean a determinant or a norm; use bmatrix.", m.start())
        if "\\begin" in m[2]:
            raise self.fail("A matrix inside a matrix is not read.", m.start(2))
        rows, row, k = [], [], m.start(2)
        cell = k
        stop = m.end(2)
        while k <= stop:
            ends_row = self.text.startswith("\\\\", k) and k < stop
            if k == stop or ends_row or (self.text[k] == "&" and self.text[k - 1] != "\\"):
                row.append(self.strip(cell, k))
                if k == stop or ends_row:
                    rows.append(row)
                    row = []
                k += 2 if ends_row else 1
                cell = k
                continue
            k += 1
        while rows and len(rows[-1]) == 1 and self._ruled(rows[-1][0]):
            rows.pop()
        if not rows:
            raise self.fail("This matrix is empty.", m.start())
        before = self.strip(start, m.start())
        after = self.strip(m.end(), end)
        left = _LEFT.search(self.text, *before)
        right = _RIGHT.match(self.text, *after)
        if left and right:
            before = self.strip(before[0], left.start())
            after = self.strip(right.end(), after[1])
        return Layout(self.filled(rows), False, before, after, latex=True)

    def _ruled(self, span: Span) -> bool:
        return self.text[span[0] : span[1]] in {"", "\\hline"}

    def filled(self, rows: list[list[Span]]) -> tuple[tuple[Span, ...], ...]:
        for row in rows:
            for a, b in row:
                if a >= b:
                    raise self.fail("A cell is empty here.", min(a, max(len(self.text) - 1, 0)))
        return tuple(tuple(row) for row in rows)

    # Brackets.

    def bracketed(self, start: int, end: int) -> Layout:
        """`[…]`, `[[…], […]]`, or several rows in brackets of their own."""
        stop = self.closing(start)
        after = self.strip(stop + 1, end)
        if self.text[slice(*after)] in {",", ";"}:
            after = (after[1], after[1])
        if after[0] < after[1] and self.text[after[0]] in "[({,;":
            return self._rows_of_brackets(start, end)
        inside = self.strip(start + 1, stop)
        if inside[0] == inside[1]:
            raise self.fail("There is nothing between these brackets.", start)
        if self.text[inside[0]] in _OPENS and self._list_of_lists(*inside):
            layout = self._rows_of_brackets(*inside)
            return Layout(layout.rows, False, (0, 0), after)
        rows = self.rows(*inside, one=True)
        return Layout(self.filled(rows), len(rows) == 1, (0, 0), after)

    def _list_of_lists(self, start: int, end: int) -> bool:
        """Whether every top-level part is a bracket: [[1], [2]] but not [(1+2)/3, 4]."""
        k = start
        while k < end:
            if self.text[k] not in _OPENS:
                return False
            if self.text[k] != self.text[start]:
                return False
            k = self.closing(k) + 1
            k, _ = self.strip(k, end)
            if k < end and self.text[k] in ",;":
                k, _ = self.strip(k + 1, end)
        if self.text[start] == "(":
            stop = self.closing(start)
            return bool(re.search(r"[,;\s]", self.text[start + 1 : stop].strip()))
        return True

    def _rows_of_brackets(self, start: int, end: int) -> Layout:
        rows: list[list[Span]] = []
        k = start
        while k < end:
            if self.text[k] not in _OPENS:
                raise self.fail("A row in brackets is due here.", k)
            stop = self.closing(k)
            inside = self.strip(k + 1, stop)
            if inside[0] == inside[1]:
                raise self.fail("This row is empty.", k)
            if self.text[inside[0]] in "[{":
                raise self.fail("There are three levels of brackets; a matrix has two.", inside[0])
            rows += self.rows(*inside, one=False)
            if self.decimal_comma and re.search(r"\d,\d", self.text[inside[0] : inside[1]]):
                self._nested_commas(inside, start, end)
            gap = stop + 1
            k, _ = self.strip(gap, end)
            if k < end and self.text[k] in ",;":
                comma = k
                k, _ = self.strip(k + 1, end)
                if k == end:
                    raise self.fail("Another row is due after this comma.", comma)
        return Layout(self.filled(rows), False)

    def _nested_commas(self, inside: Span, start: int, end: int) -> None:
        """[[1,2],[3,4]] under a stated decimal comma may be four cells or two."""
        row = self.text[slice(*inside)]
        if not re.search(r"\S\s", row) and re.search(r"\]\s*,", self.text[start:end]):
            raise self.fail("Is this comma a decimal comma? Part the cells by spaces.", inside[0])

    def _prefixed(self, start: int, end: int) -> Layout | None:
        """A factor before a bracketed matrix: `1/2 [1 2; 3 4]`."""
        k = self.text.find("[", start, end)
        if k < 0:
            return None
        layout = self.bracketed(k, end)
        return Layout(layout.rows, False, self.strip(start, k), layout.after)

    def _open_rows(self, start: int, end: int) -> Layout:
        """Rows without brackets: by newline or semicolon."""
        rows = self.rows(start, end, one=False, lines=True)
        return Layout(self.filled(rows), len(rows) == 1)

    # Rows and cells.

    def rows(self, start: int, end: int, *, one: bool, lines: bool = False) -> list[list[Span]]:
        """Split a span into rows. `one`: a single pair of brackets, where a newline may be a wrap.
        `lines`: no brackets at all, where every newline ends a row. Else newlines are wraps."""
        parts = self._cut(start, end, ";" if not lines else ";\n")
        if len(parts) > 1 and parts[-1][0] == parts[-1][1]:
            parts.pop()
        if lines:
            parts = [part for part in parts if part[0] < part[1]]
        elif one and len(parts) == 1 and "\n" in self.text[start:end]:
            parts = self._lines_or_wrap(start, end)
        elif one and len(parts) > 1:
            parts = [p for part in parts for p in self._no_newline(part)]
        if (one or lines) and not self.decimal_comma:
            self._check_pairs(parts, bracketed=one)
        return [self._row_cells(*part) for part in parts]

    def _check_pairs(self, parts: list[Span], *, bracketed: bool) -> None:
        """Refuse rows like `0,304`: one number with a decimal comma, or two cells?

        `1,2; 3,4` is two cells a row. A leading zero before a comma, two digits after it or a power
        of ten mean decimals as easily, unless another row parts its cells plainly. A single row in
        brackets is a list, so [0,1] is two cells, and only 0 with two digits after it is unclear.
        """
        rows = [self.text[a:b] for a, b in parts]
        for (at, _), row in zip(parts, rows, strict=True):
            if pairs := _PAIRS.fullmatch(row):
                raise self.fail(_one_or_two(pairs[1]), at)
        if any("\t" in row or row.count(",") > 1 or re.search(r",\s", row) for row in rows):
            return
        alone = bracketed and len(rows) == 1
        for (at, _), row in zip(parts, rows, strict=True):
            m = _PAIR.fullmatch(row)
            if m is None:
                continue
            zero, long = m[1][0] == "0", len(m[2]) > 1 or m[3] is not None
            if (zero and long) if alone else (zero or long):
                raise self.fail(_one_or_two(row), at)

    def _no_newline(self, part: Span) -> list[Span]:
        pieces = [p for p in self._cut(*part, "\n") if p[0] < p[1]]
        if len(pieces) > 1:
            raise self.fail(
                "Rows are parted by ; here, so this line break is unclear.", pieces[1][0]
            )
        return [part]

    def _lines_or_wrap(self, start: int, end: int) -> list[Span]:
        """[1 2⏎3 4]: rows, or one long printed row that was wrapped?"""
        pieces = [p for p in self._cut(start, end, "\n") if p[0] < p[1]]
        if any("," in self.text[a:b] for a, b in pieces):
            ends = [self.text[b - 1] for _, b in pieces]
            if all(e == "," for e in ends[:-1]):
                return [(start, end)]
            if not any(e == "," for e in ends):
                return pieces
            raise self.fail("Some lines end with a comma and some do not.", pieces[0][1] - 1)
        counts = [len(self._row_cells(*p)) for p in pieces]
        long = all(b - a >= WRAP_WIDTH for a, b in pieces[:-1])
        if not long and len(set(counts)) == 1:
            return pieces
        if long and counts[-1] < counts[0]:
            return [(start, end)]
        raise self.fail("Is this one row or several? Put ; between the rows.", pieces[1][0])

    def _cut(self, start: int, end: int, marks: str) -> list[Span]:
        """Split at marks outside inner brackets."""
        parts = []
        depth = 0
        cell = start
        for k in range(start, end):
            char = self.text[k]
            if char in _OPENS:
                depth += 1
            elif char in ")]}":
                depth -= 1
                if depth < 0:
                    raise self.fail(f"This {char} was never opened.", k)
            elif depth == 0 and char in marks:
                parts.append(self.strip(cell, k))
                cell = k + 1
        if depth:
            raise self.fail("A bracket is never closed here.", start)
        parts.append(self.strip(cell, end))
        return parts

    def _row_cells(self, start: int, end: int) -> list[Span]:
        row = self.text[start:end]
        if row[:1] == "|" and row[-1:] == "|" and row.count("|") > 2:
            raise self.fail("Leave out the bars between the cells.", start)
        if m := _BARRED.fullmatch(row):
            raise self.fail(f"Leave out the bars: write {m[1].strip()} without them.", start)
        if "\t" in row.strip():
            return self._cut(start, end, "\t")
        if len(self._cut(start, end, ",")) > 1 and not self._decimal_commas(start, end):
            return self._comma_cells(start, end)
        if "&" in row:
            return self._cut(start, end, "&")
        return self._spaced_cells(start, end)

    def _decimal_commas(self, start: int, end: int) -> bool:
        """Under a stated decimal comma: whether every comma of this row marks decimals."""
        row = self.text[start:end]
        if not self.decimal_comma:
            return False
        tight = len(re.findall(r"\d,\d", row))
        if tight != row.count(","):
            return False
        if not re.search(r"\S\s+\S", row) and row.count(",") > 1:
            raise self.fail("Is this comma a decimal comma? Part the cells by spaces.", start)
        return True

    def _comma_cells(self, start: int, end: int) -> list[Span]:
        if not self.decimal_comma:
            row = self.text[start:end]
            mixed = re.search(r"\d,\d", row) and re.search(r",\s", row)
            if mixed and not any(c in row for c in "()[]{}"):
                raise self.fail(
                    "Do these commas part cells or mark decimals? Put a space after each comma"
                    " that parts cells, or after none.",
                    start + mixed.start(),
                )
            apart = _PAIR_APART.search(row)
            if apart and not mixed and not any(c in row[: apart.start()] for c in "([{"):
                group = 1 if apart[1] else 0
                raise self.fail(_one_or_two(apart[group]), start + apart.start(group))
            return self._cut(start, end, ",")
        cells = []
        cell = start
        depth = 0
        for k in range(start, end):
            char = self.text[k]
            depth += (char in _OPENS) - (char in ")]}")
            if (
                depth == 0
                and char == ","
                and not re.match(r"\d,\d", self.text[max(k - 1, 0) : k + 2])
            ):
                cells.append(self.strip(cell, k))
                cell = k + 1
        return [*cells, self.strip(cell, end)]

    def _spaced_cells(self, start: int, end: int) -> list[Span]:
        """Cells parted by whitespace; a sign belongs to the cell it touches."""
        cells: list[Span] = []
        depth = 0
        cell = k = start
        while k < end:
            char = self.text[k]
            if char in _OPENS:
                depth += 1
            elif char in ")]}":
                depth -= 1
            elif char.isspace() and depth == 0:
                after, _ = self.strip(k, end)
                if self._parts(cell, k, after, end):
                    cells.append((cell, k))
                    cell = after
                k = after
                continue
            k += 1
        cells.append((cell, end))
        self._check_spaced(cells)
        return cells

    def _check_spaced(self, cells: list[Span]) -> None:
        """Refuse cells that look like torn-off ends of a number: `1 e-3`, `1 000`."""
        for (a, b), (c, d) in itertools.pairwise(cells):
            before, here = self.text[a:b], self.text[c:d]
            if not before[-1].isdigit():
                continue
            if mixed := _mixed(before, here):
                raise self.fail(
                    f"{before} {here} could be {mixed} or two cells: write {mixed}, or put commas"
                    " between the cells.",
                    a,
                )
            if re.fullmatch(r"[eE][+-]?\d+", here):
                raise self.fail("Is this a power of ten? Write 1e-3 without a space.", c)
            if re.fullmatch(r"0\d\d", here) and re.fullmatch(r"-?\d{1,3}", before):
                raise self.fail("Is this a grouped thousand? Write the number in one piece.", c)

    def _parts(self, cell: int, k: int, after: int, end: int) -> bool:
        """Whether the whitespace from k to `after` separates two cells."""
        last, first = self.text[k - 1], self.text[after]
        if first in "+-":
            tight = after + 1 < end and not self.text[after + 1].isspace()
            if last in "*/^·×@√":
                return False
            if not tight:
                raise self.fail(
                    f"Is {first} a sign or an operation here?"
                    " Write 1 -2 for two cells, 1-2 for one.",
                    after,
                )
            return True
        if last in "+-":
            raise self.fail(
                f"Is {last} a sign or an operation here? Leave out the space after it.", k - 1
            )
        if first == "%":
            raise self.fail("Write the % right behind its number.", after)
        if last in _GLUE_BEFORE - {"!"} or first in _GLUE_AFTER:
            return False
        word = _WORD_END.search(self.text, cell, k)
        return not (word and word[1] in SPELLINGS and self.text[k - 1] not in "eπ")
