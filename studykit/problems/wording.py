"""Numbers, vectors and matrices as TeX, for questions and worked solutions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from studykit.problems.exact import Log
from studykit.problems.formula import Formula
from studykit.problems.values import Value

PLACES = 4
"""Decimal places of a float in running text, unless told otherwise."""

LEAST, NEVER = 25, 10_001
"""A fraction whose decimal ends is written so if its denominator is at least this."""


class Shown(str):
    """A number that has been rounded and written already."""

    __slots__ = ()


def number(x: Any, places: int = PLACES) -> str:
    r"""`-3`, `\frac{3}{4}`, `1.23` for 123/100, `\ln 2`, `0.25`, `-\infty`."""
    if isinstance(x, Fraction) and x.denominator != 1 and not _is_short(x):
        sign = "-" if x < 0 else ""
        return rf"{sign}\frac{{{abs(x.numerator)}}}{{{x.denominator}}}"
    return cell(x, places)


def cell(x: Any, places: int = PLACES, least: int = LEAST) -> str:
    """The same on one line, as it stands in a matrix: `3/4`."""
    if isinstance(x, Log):
        return x.tex()
    if isinstance(x, float):
        return decimal(x, places)
    return str(float(x)) if _is_short(x, least) else str(x)


def _is_short(x: Any, least: int = LEAST) -> bool:
    """Whether it reads better as a decimal that ends: 2.3372 for 5843/2500, but 3/8 for 0.375."""
    return isinstance(x, Fraction) and x.denominator >= least and 10_000 % x.denominator == 0


def decimal(x: float, places: int) -> str:
    if math.isinf(x):
        return r"-\infty" if x < 0 else r"\infty"
    if abs(x) < 1e15 and abs(x - round(x)) < 1e-12:  # cos(π/2) is not quite 0 in floats
        return str(round(x))
    text = f"{x:.{places}f}"
    if float(text) == 0.0:  # too small for these places: never show a number that is not 0 as 0
        mantissa, exponent = f"{x:.2e}".split("e")
        return rf"{mantissa}\cdot 10^{{{int(exponent)}}}"
    return text


def figures(x: float, n: int) -> str:
    r"""Rounded to n significant figures: `0.0630`, `1.13\cdot 10^{-7}`."""
    mantissa, exponent = f"{x:.{n - 1}e}".split("e")
    power = int(exponent)
    if x == 0 or -4 <= power < n + 3:
        return f"{float(f'{mantissa}e{power}'):.{max(0, n - 1 - power)}f}"
    return rf"{mantissa}\cdot 10^{{{power}}}"


def matrix(rows: Sequence[Sequence[Any]], places: int = PLACES) -> str:
    # Decimals and fractions are not mixed: 0.66 beside 2.44, and 33/50 beside 1/3.
    broken = [x for row in rows for x in row if isinstance(x, Fraction) and x.denominator > 1]
    least = LEAST
    if any(map(_is_short, broken)):
        least = 2 if all(_is_short(x, 2) for x in broken) else NEVER
    body = r"\\ ".join(" & ".join(cell(x, places, least) for x in row) for row in rows)
    return rf"\begin{{bmatrix}}{body}\end{{bmatrix}}"


def matrix_of_logs(rows: Sequence[Sequence[Any]], base: int) -> str:
    r"""A matrix of whole multiples of ln b, as `\ln b\cdot` a matrix of whole numbers."""
    units = [[x.units(base) if isinstance(x, Log) else x for x in r] for r in rows]
    return rf"\ln {base}\cdot {matrix(units)}"


def row(numbers: Sequence[Any], places: int = PLACES) -> str:
    """A row vector in brackets, without commas: a 1×n matrix."""
    return matrix([numbers], places)


def tuple_of(numbers: Sequence[Any], places: int = PLACES) -> str:
    r"""`(1,\ 2,\ 3)`"""
    return "(" + r",\ ".join(cell(x, places) for x in numbers) + ")"


def tex(value: Value, places: int = PLACES) -> str:
    """Any value, in the form it has."""
    if isinstance(value, tuple):
        return "(" + r",\ ".join(map(str, value)) + ")"
    if isinstance(value, list):
        if value and isinstance(value[0], list):
            return matrix(value, places)
        return row(value, places)
    return value.tex if isinstance(value, Formula) else number(value, places)


def factor(x: Any, places: int = PLACES) -> str:
    """A number as a factor in a product: negative ones in brackets."""
    text = cell(x, places)
    return f"({text})" if text.startswith("-") or " " in text.replace(r"\ln ", "") else text


def added(numbers: Iterable[Any], places: int = PLACES) -> str:
    """`3+(-2)+1`"""
    first, *rest = numbers
    return "+".join([cell(first, places), *(factor(x, places) for x in rest)])


def products(u: Sequence[Any], v: Sequence[Any], places: int = PLACES) -> str:
    r"""`1\cdot 3 + 2\cdot(-1)`"""
    return " + ".join(
        rf"{factor(a, places)}\cdot {factor(b, places)}" for a, b in zip(u, v, strict=True)
    )


def floor(top: Any, bottom: Any) -> str:
    """A fraction, rounded down."""
    return rf"\left\lfloor\frac{{{top}}}{{{bottom}}}\right\rfloor"


def ceiling(top: Any, bottom: Any) -> str:
    """A fraction, rounded up."""
    return rf"\left\lceil\frac{{{top}}}{{{bottom}}}\right\rceil"


def softmax_working(scores: Sequence[Any], places: int = PLACES) -> str:
    r"""The first weight of a row: `\frac{e^{1}}{e^{1}+e^{0.5}}`; closed scores are left out."""
    terms = [f"e^{{{cell(s, places)}}}" for s in scores if s != -math.inf]
    first = terms[0] if scores[0] != -math.inf else "0"
    return rf"\frac{{{first}}}{{{'+'.join(terms)}}}"


def plain(value: Value, places: int = PLACES) -> str:
    """For a sentence: `[[1, 2], [3, 4]]` without TeX."""
    if isinstance(value, list):
        return "[" + ", ".join(plain(x, places) for x in value) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(str, value)) + ")"
    return cell(value, places).replace("\\", "")


def partial(symbol: str, of: str = "L") -> str:
    r"""`\frac{\partial L}{\partial V}`: the gradient of the loss, or of another symbol."""
    return rf"\frac{{\partial {of}}}{{\partial {symbol}}}"


def several(n: int, noun: str) -> str:
    """ "one byte", "4 bytes": a count in a sentence."""
    return f"one {noun}" if n == 1 else f"{n} {noun}s"
