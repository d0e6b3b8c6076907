"""Reading a typed vector or matrix: `layout` finds the cells, each cell is read as a number.

A scalar is a 1×1 matrix. A factor before a bracketed matrix, a divisor after it and a
transpose sign are understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from .characters import MATRIX_CAP, THIN, Source, clean
from .errors import AnswerError
from .latex import from_latex, unwrapped
from .layout import Layout, lay_out
from .numbers import Number, number_from, number_of, settle_commas, without_name
from .scanning import Expected, Span
from .tree import Divide, Literal, Multiply, Negate

WORKED_CAP = 1_000
"""So many different cells may be expressions, which are slower to read than decimals."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Numbers in rows. `flat` tells that it was written as one list, without orientation."""

    rows: tuple[tuple[Number, ...], ...]
    flat: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)"""
        return len(self.rows), len(self.rows[0])

    @property
    def form(self) -> str:
        """ "scalar", "row", "column" or "matrix"."""
        match self.shape:
            case (1, 1):
                return "scalar"
            case (1, _):
                return "row"
            case (_, 1):
                return "column"
            case _:
                return "matrix"


_PRINTED = re.compile(
    r"\s*(?:(?:np|numpy|torch|jnp|sp|sympy|mx|tf)\.)?"
    r"(?:array|asarray|tensor|Tensor|matrix|Matrix|mat|Parameter containing:\s*tensor)\s*\(\s*"
)
_OPTIONS = re.compile(
    r"(?:\s*,\s*(?:dtype=(?:[\w.]+|'[\w<>=]+')|device='[\w:]*'|grad_fn=<\w*>|requires_grad=True"
    r"|size=\([\d, ]*\)))*\s*,?\s*\)\s*"
)
_SCALAR = re.compile(
    r"(?:(?:np|numpy)\.(?:float|int)\d{1,3}|(?:torch\.)?tensor)\(([-+]?[\d.]+(?:e[-+]?\d+)?)\)"
)
"""One number of a printed list: NumPy writes [np.float64(0.25), …], PyTorch [tensor(0.25), …]."""
_ANGLED = re.compile(r"\s*[<⟨](\s*[^<>⟨⟩;\n]+?,[^<>⟨⟩;\n]+)[>⟩]\s*")
_SIDES = str.maketrans("⎡⎢⎣⎛⎜⎝│⎤⎥⎦⎞⎟⎠", " " * 13)
_SIMPLE = re.compile(r"(-?)(\d{1,40})(?:\.(\d{0,40}))?(?:e([+-]?\d{1,2}))?")
_FRACTION = re.compile(r"(-?)(?:(\d{1,40})/(\d{1,40})|\\[dt]?frac\{(\d{1,40})\}\{(\d{1,40})\})")
_TURNED = re.compile(r"\s*(?:\^\s*(?:\{\s*(?:T|⊤|\\top)\s*\}|T\b|⊤|\\top\b)|⊤|'|\.T\b|\\top\b)\s*")


def read_matrix(
    text: str, *, decimal_comma: bool = False, shape: tuple[int, int] | None = None
) -> Matrix:
    """The matrix that `text` writes, cell by cell. One name and = may stand before it.

    `decimal_comma` states that a comma between digits is the decimal point. Where it is not
    stated, `1,5` in a row without brackets is two cells only if that gives the `shape` (rows,
    columns) that is asked.

    Raises AnswerError, with the position and a sentence, for text that is no matrix or could be
    more than one.
    """
    return read_expected(text, Expected(decimal_comma, shape))


def read_expected(text: str, expected: Expected) -> Matrix:
    """As `read_matrix`, with all that is known before reading."""
    decimal_comma = expected.decimal_comma
    source = without_wrapping(clean(text, MATRIX_CAP))
    plain = source.text
    if THIN in plain:
        raise AnswerError(
            "Is this thin space between two cells or inside one number?",
            source.place(plain.index(THIN)),
        )
    try:
        layout = lay_out(plain, expected)
    except AnswerError as error:
        raise AnswerError(error.cause, source.place(error.position)) from None
    decimal_comma = decimal_comma or layout.decimal_comma
    tabbed = "\t" in plain.strip() and not layout.latex
    worked: dict[str, Number] = {}

    def cell(span: Span) -> Number:
        text = plain[slice(*span)]
        number = worked.get(text) or _plain_cell(text, source.place(span[0]))
        if number is None:
            if len(worked) >= WORKED_CAP:
                cause = f"More than {WORKED_CAP} cells are expressions; give them as decimals."
                raise AnswerError(cause, source.place(span[0]))
            number = worked[text] = _cell(source, span, layout.latex, decimal_comma, tabbed)
        return number

    rows = tuple(tuple(cell(span) for span in row) for row in layout.rows)
    return _dressed(Matrix(rows, layout.flat), layout, source)


def without_wrapping(source: Source) -> Source:
    """The numbers alone: no dollar signs, `name =`, array(…) or tensor(…), tall brackets."""
    bare = _shed(source)
    text = _SCALAR.sub(lambda m: m[1].rjust(len(m[0]) - 1) + " ", bare.text)
    return Source(text.translate(_SIDES), bare.places)


def _shed(source: Source) -> Source:
    """Take off dollar signs, one `name =` and the array(…) or tensor(…) around the numbers."""
    start, end = unwrapped(source.text)
    source = without_name(_span(source, (start, end)))
    m = _PRINTED.match(source.text)
    if m is None and (angled := _ANGLED.fullmatch(source.text)):
        a, b = angled.span(1)
        text = source.text[: a - 1] + "[" + source.text[a:b] + "]" + source.text[b + 1 :]
        return Source(text, source.places)
    if m is None:
        return source
    depth = 1
    for k in range(m.end(), len(source.text)):
        char = source.text[k]
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            break
    else:
        raise AnswerError("This ( is never closed.", source.place(m.end() - 1))
    stop = m.end()
    if m.end() < len(source.text) and source.text[m.end()] == "[":
        inner = 0
        for stop in range(m.end(), len(source.text)):
            inner += (source.text[stop] == "[") - (source.text[stop] == "]")
            if inner == 0:
                break
        options = _OPTIONS.match(source.text, stop + 1)
        one_by_one = re.match(r"\s*,\s*\[", source.text[stop + 1 :])
        if options is None and one_by_one and not source.text[k + 1 :].strip():
            # matrix([1, 2], [3, 4])
            return _span(source, (m.end(), k))
        if options is None:
            raise AnswerError("Only the numbers are read here.", source.place(stop + 1))
        turned = source.text[options.end() :]
        if turned and not _TURNED.fullmatch(turned):
            raise AnswerError("Something follows the matrix here.", source.place(options.end()))
        body = _span(source, (m.end(), stop + 1))
        tail = _span(source, (options.end(), len(source.text)))
        places = tuple(body.place(i) for i in range(len(body.text))) + tuple(
            tail.place(i) for i in range(len(tail.text))
        )
        return Source(body.text + tail.text, places)
    if source.text[k + 1 :].strip():
        raise AnswerError("Something follows the matrix here.", source.place(k + 1))
    return _span(source, (m.end(), k))


def _span(source: Source, span: Span) -> Source:
    a, b = span
    if span == (0, len(source.text)):
        return source
    return Source(source.text[a:b], tuple(source.place(k) for k in range(a, b)))


def _plain_cell(text: str, at: int) -> Number | None:
    """A decimal or a fraction, without the lexer: most pasted matrices hold nothing else."""
    m = _SIMPLE.fullmatch(text)
    if m is not None:
        return _simple(m, at)
    m = _FRACTION.fullmatch(text)
    return _fraction(m, at) if m is not None and int(m[3] or m[5]) else None


def _cell(source: Source, span: Span, latex: bool, decimal_comma: bool, tabbed: bool) -> Number:
    """Any other cell, as an expression."""
    text = source.text[slice(*span)]
    part = _span(source, span)
    if latex or "\\" in text or "{,}" in text:
        part = from_latex(part)
    try:
        if decimal_comma or "{,}" in text or tabbed:
            part = settle_commas(part, decimal_comma)
        return number_from(part)
    except AnswerError as error:
        if error.position < source.place(span[0]) or not part.text.strip():
            raise AnswerError(error.cause, source.place(span[0])) from None
        raise


def _simple(m: re.Match[str], at: int) -> Number:
    sign, head, tail, power = m.groups()
    ten = int(power) if power else 0
    digits = len(tail or "")
    value = Fraction(int(head + (tail or "")))
    shift = ten - digits
    value = value * 10**shift if shift >= 0 else value / 10**-shift
    last = shift if tail is not None or power else 0
    literal = Literal(value, m.group().lstrip("-"), last, at)
    tree = Negate(literal, at) if sign else literal
    signed = -value if sign else value
    decimal = last < 0 or tail is not None
    places = max(0, -last) if decimal else None
    return Number(float(signed), signed, places, m.group(), tree, last)


def _fraction(m: re.Match[str], at: int) -> Number:
    top, bottom = m[2] or m[4], m[3] or m[5]
    value = Fraction(int(top), int(bottom)) * (-1 if m[1] else 1)
    tree = Divide(
        Literal(Fraction(int(top)), top, 0, at), Literal(Fraction(int(bottom)), bottom, 0, at), at
    )
    return Number(float(value), value, None, m.group(), Negate(tree, at) if m[1] else tree)


def _dressed(matrix: Matrix, layout: Layout, source: Source) -> Matrix:
    """Apply what stands around the brackets: a factor, a divisor, a transpose."""
    a, b = layout.after
    after = source.text[a:b]
    if after and _TURNED.fullmatch(after):
        matrix = Matrix(tuple(zip(*matrix.rows, strict=True)), False)
    elif after and after[0] in "/*·×":
        factor = number_from(from_latex(_span(source, (a + 1, b))))
        matrix = _scaled(matrix, factor, divide=after[0] == "/", at=source.place(a))
    elif after:
        raise AnswerError("Something follows the matrix here.", source.place(a))
    a, b = layout.before
    before = source.text[a:b].rstrip()
    if before:
        if before.endswith("="):
            raise AnswerError("Give the matrix alone, without a name and =.", source.place(a))
        if before[-1] in "*·×" or before.endswith(("\\cdot", "\\times")):
            b = a + len(re.sub(r"(?:[*·×]|\\cdot|\\times)$", "", before))
        elif before in {"-", "+"}:
            one = Literal(Fraction(1), "1", 0, source.place(a))
            factor = number_of(Negate(one) if before == "-" else one, before)
            return _scaled(matrix, factor, divide=False, at=source.place(a))
        factor = number_from(from_latex(_span(source, (a, b))))
        matrix = _scaled(matrix, factor, divide=False, at=source.place(a))
    return matrix


def _scaled(matrix: Matrix, factor: Number, *, divide: bool, at: int) -> Matrix:
    def cell(number: Number) -> Number:
        tree = (
            Divide(number.tree, factor.tree, at)
            if divide
            else Multiply((factor.tree, number.tree), "*", at=at)
        )
        return number_of(tree, number.text)

    return Matrix(tuple(tuple(cell(n) for n in row) for row in matrix.rows), matrix.flat)
