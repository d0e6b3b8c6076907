"""Reading one typed number: integer, decimal, fraction, power of ten, percentage, root, constant.

Commas are settled here, before the lexer: they group thousands or stand for the decimal point only
where nothing else can be meant.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from .characters import Source, clean
from .errors import AnswerError
from .exact import evaluate
from .functions import CONSTANTS, SPELLINGS, WORDS
from .latex import from_latex, unwrapped
from .parser import parse
from .tree import Constant, Literal, Multiply, Negate, Node, Percent, Power, walk


@dataclass(frozen=True, slots=True)
class Number:
    """A number as read. `exact` is its value as a fraction, None where it is irrational.

    `places` counts the digits after the point if it was written as a decimal (6.1e-2 has three);
    `last` is the power of ten of the last written digit, None for anything computed.
    `value` is NaN for the typed word "undefined" and infinite for a typed "inf".
    """

    value: float
    exact: Fraction | None
    places: int | None
    text: str
    tree: Node = field(repr=False)
    last: int | None = None


_DIGITS_COMMA = re.compile(r"\d,\d")
_SURE_COMMA = re.compile(r"(?<![\d.,])(?:0,\d+|\d+,(?!\d{3}(?!\d))\d+)(?![\d.,])")
_GROUPED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:(?:,\d{3}){2,}(?:\.\d+)?|,\d{3}\.\d+)(?![\d.,])")
_COMMA_GROUPED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+,\d+(?![\d.,])")
_POINT_GROUPED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+(?![\d.,])")
_COMMA_DECIMAL = re.compile(r"(?<![\d.,])\d+,\d+(?![\d.,])")
_SPACED_GROUPS = re.compile(
    r"\s*[-+]?([1-9]\d{0,2}(?:[ ]\d{3})+(?:\.\d+)?)(?!\d)(?![ ]*[/^\d]).*", re.DOTALL
)
_UNIT = re.compile(r"([^\n]{1,60}?)(\s*)([^\W\d_]{1,20}(?:[ /·]{1,3}[^\W\d_]{1,20}){0,4})\s*")
_NAMED = re.compile(r"\s*([^\W\d_]\w{0,30}(?:_\{\w{1,30}\})?)\s*=\s*(?=[^\s=])", re.DOTALL)
_TIMES_TEN = re.compile(r"\d\s*(x)\s*10\s*(?:\^|\*\*)")
_LETTERS = set("BbsmgkKMGTWJFVAhd")
"""Units of one letter; any other lone letter is taken for a name."""
_BRACKET = re.compile(r"[(\[{]")
_WRAPPED = re.compile(
    r"\s*(?:(?:np|numpy|torch|jnp)\.)?(?:array|tensor|asarray|float(?:16|32|64)?|int(?:32|64)?)"
    r"\(\s*(.*?)\s*(?:,\s*(?:dtype=[\w.]+|device='[\w:]*'|grad_fn=<\w*>|requires_grad=True)\s*)*\)\s*",
    re.DOTALL,
)


def read_number(text: str, *, decimal_comma: bool = False) -> Number:
    """The number that `text` writes. `decimal_comma` states that a comma is the decimal point.

    One name and = may stand before it.

    Raises AnswerError, with the position and a sentence, for anything that is not one number.
    """
    source = clean(text)
    source = without_name(_part(source, *unwrapped(source.text)))
    if m := _WRAPPED.fullmatch(source.text):
        source = _part(source, m.start(1), m.end(1))
    return number_from(settle_commas(from_latex(source), decimal_comma))


def without_name(source: Source) -> Source:
    """The right side of `s = -4/3`: one identifier, then one =; any other text as it is."""
    m = _NAMED.match(source.text)
    if m is None or m[1] in CONSTANTS or m[1] in WORDS:
        return source
    return _part(source, m.end(), len(source.text))


def _part(source: Source, start: int, end: int) -> Source:
    return Source(source.text[start:end], tuple(source.place(k) for k in range(start, end)))


def settle_commas(source: Source, decimal_comma: bool) -> Source:
    """Turn decimal commas into points and drop grouping ones, or refuse what is ambiguous."""
    text = source.text
    if "," not in text and not (decimal_comma and "." in text):
        return source
    edits: list[tuple[int, int, str]] = []
    if decimal_comma:
        for m in _GROUPED.finditer(text):
            # 1,234,567.8: several commas, or one before a point, can only group.
            edits.append((m.start(), m.end(), m.group().replace(",", "")))
        for m in _COMMA_GROUPED.finditer(text):
            edits.append((m.start(), m.end(), m.group().replace(".", "").replace(",", ".")))
        m2 = _POINT_GROUPED.search(text)
        if m2 and not any(a <= m2.start() < b for a, b, _ in edits):
            raise AnswerError(
                f"Is {m2.group()} a thousand grouped or a decimal? Leave out the grouping.",
                source.place(m2.start()),
            )
        taken = [(a, b) for a, b, _ in edits]
        for m in _COMMA_DECIMAL.finditer(text):
            if not any(a <= m.start() < b for a, b in taken):
                edits.append((m.start(), m.end(), m.group().replace(",", ".")))
    elif not _BRACKET.search(text):
        for m in _GROUPED.finditer(text):
            edits.append((m.start(), m.end(), m.group().replace(",", "")))
        for m in _COMMA_GROUPED.finditer(text):
            # 1.234,5: points before a comma can only group.
            edits.append((m.start(), m.end(), m.group().replace(".", "").replace(",", ".")))
        taken = [(a, b) for a, b, _ in edits]
        for m in _SURE_COMMA.finditer(text):
            if not any(a <= m.start() < b for a, b in taken):
                edits.append((m.start(), m.end(), m.group().replace(",", ".")))
    source = _edited(source, sorted(edits))
    m3 = re.search(r"(\d+),(\d{3})(?!\d)", source.text)
    if m3 and not _BRACKET.search(source.text):
        whole, part = m3.groups()
        raise AnswerError(
            "Does this comma group thousands or mark the decimals?"
            f" Write {whole}{part} or {whole}.{part}.",
            source.place(m3.start(2) - 1),
        )
    return source


def _edited(source: Source, edits: list[tuple[int, int, str]]) -> Source:
    if not edits:
        return source
    out: list[str] = []
    places: list[int] = []
    k = 0
    for start, end, piece in edits:
        out.append(source.text[k:start])
        places += [source.place(i) for i in range(k, start)]
        out.append(piece)
        places += [source.place(min(start + i, end - 1)) for i in range(len(piece))]
        k = end
    out.append(source.text[k:])
    places += [source.place(i) for i in range(k, len(source.text))]
    return Source("".join(out), tuple(places))


def number_from(source: Source) -> Number:
    """The number in a cleaned source; shared by cells of a matrix."""
    if m := _TIMES_TEN.search(source.text):
        # 3x10^2: no letter x is known here, so it can only be the cross.
        k = m.start(1)
        source = Source(source.text[:k] + "*" + source.text[k + 1 :], source.places)
    if m := _SPACED_GROUPS.fullmatch(source.text):
        one = m[1].replace(" ", "")
        raise AnswerError(
            f"Write {one} without spaces.", source.place(m.start(1) + m[1].index(" ") + 1)
        )
    try:
        tree = parse(source)
    except AnswerError as error:
        raise _with_unit(source) or error from None
    return number_of(tree, source.text.strip())


def _with_unit(source: Source) -> AnswerError | None:
    """The refusal of a complete number with a unit behind it: `3.75 GiB`, `9/4 bits`."""
    m = _UNIT.fullmatch(source.text)
    if m is None:
        return None
    head, gap, unit = m.groups()
    word = re.split(r"\W", unit)[0]
    if (
        word in SPELLINGS
        or word in CONSTANTS
        or (len(unit) == 1 and not (gap and unit in _LETTERS))
    ):
        return None
    try:
        number = parse(_part(source, 0, len(head)))
    except AnswerError:
        return None
    if not any(isinstance(node, Literal) for node in walk(number)):
        return None
    return AnswerError(
        f"Write the number alone, without the unit: {head.strip()}.", source.place(m.start(3))
    )


def number_of(tree: Node, text: str) -> Number:
    """Evaluate a tree without names to a Number."""
    if isinstance(tree, Constant) and tree.name == "undefined":
        return Number(math.nan, None, None, text, tree)
    exact = evaluate(tree)
    if isinstance(exact, Fraction):
        try:
            value = float(exact)
        except OverflowError:
            raise AnswerError("This is too large to be handled.", tree.at) from None
        if value == 0 and exact:
            raise AnswerError("This is too small to be handled.", tree.at)
    else:
        value = exact
    last = _last_place(tree)
    decimal = last is not None and (last < 0 or "." in text)
    return Number(
        value,
        exact if isinstance(exact, Fraction) else None,
        max(0, -last) if decimal and last is not None else None,
        text,
        tree,
        last,
    )


def _last_place(tree: Node) -> int | None:
    """The power of ten of the last digit of a number written in decimals; None otherwise."""
    match tree:
        case Negate():
            return _last_place(tree.body)
        case Literal():
            return tree.last
        case Percent():
            below = _last_place(tree.body)
            return None if below is None else below - 2
        case Multiply(factors=(Literal(last=int(last)), Power(base=base, exponent=exponent))):
            if isinstance(base, Literal) and base.value == 10:
                sign, power = 1, exponent
                if isinstance(power, Negate):
                    sign, power = -1, power.body
                if isinstance(power, Literal) and power.value.denominator == 1:
                    return last + sign * power.value.numerator
    return None


def exactly(value: Fraction | float) -> Fraction:
    """A finite value as a fraction; a float by its shortest decimal, so 45.8 is 458/10."""
    if isinstance(value, Fraction):
        return value
    return Fraction(Decimal(repr(float(value))))
