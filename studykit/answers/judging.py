"""Is the number the learner gave the number that was asked for? Decided with fractions, so that the
edge of a tolerance does not depend on float noise.

Half a unit in the last asked place is accepted, plus what the problem allows for its intermediates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .matrices import Matrix
from .numbers import Number, exactly
from .precision import Figures, Places, Precision, in_words

NOISE = Fraction(1, 10**12)
"""Relative difference that two computations of the same number may show; a float below it may stand
for 0."""
FLOAT_DIGITS = 15
"""With so many significant digits a decimal is a float as a program prints it: 0.44000000000000006,
or 5.551115123125783e-17 for 0."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`result` is "right", "wrong" or "imprecise" (right as far as it goes, too few digits)."""

    result: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class MatrixJudgement:
    """`result` is "right", "partly", "wrong" or "imprecise"; `cells` tells which cells are right,
    None when the shapes differ."""

    result: str
    cells: tuple[tuple[bool, ...], ...] | None
    says: str = ""


def exponent_of(value: Fraction) -> int:
    """The power of ten of the first significant digit: 0.0312 → −2."""
    size = abs(value)
    guess = len(str(size.numerator)) - len(str(size.denominator))
    while Fraction(10) ** guess > size:
        guess -= 1
    while Fraction(10) ** (guess + 1) <= size:
        guess += 1
    return guess


def tolerance(expected: Fraction, precision: Precision) -> Fraction:
    """Half a unit in the last asked place, never more than the key itself; 0 for Exact."""
    place = _place_asked(expected, precision)
    half = Fraction(10) ** place / 2 if place is not None else Fraction(0)
    return min(half, abs(expected)) if expected else half


def same_number(
    given: Number,
    expected: Fraction | float,
    precision: Precision,
    slack: float = 0.0,
    *,
    infinities: bool = False,
) -> Judgement:
    """Judge one number. `slack` is an absolute tolerance added to that of `precision`, for a number
    with all the digits asked for.

    NaN and infinity equal nothing, unless `infinities` says that the question asks for them: then a
    typed inf of the same sign, or "undefined" for NaN, is right.
    """
    expected = float(expected) if not isinstance(expected, Fraction | int) else Fraction(expected)
    if not math.isfinite(given.value) or (
        isinstance(expected, float) and not math.isfinite(expected)
    ):
        return _endless(given, expected, infinities)
    key = exactly(expected)
    value = given.exact if given.exact is not None else Fraction(given.value)
    off = abs(value - key)
    inexact = given.exact is None or not isinstance(expected, Fraction)
    noise = NOISE * abs(key) if inexact else Fraction(0)
    allowed = tolerance(key, precision) + noise
    nearly = off <= allowed + Fraction(slack)
    if off <= allowed or (nearly and _enough_digits(given, key, precision)):
        return Judgement("right")
    if _as_printed(value, key, precision):
        return Judgement("right")
    noisy = _is_float(given, value) and off <= NOISE * (abs(key) or 1)
    if noisy and _terminates(key):
        return Judgement("right")
    if nearly or noisy or _too_few_digits(given, value, key, allowed):
        return Judgement("imprecise", f"Right so far, but {in_words(precision)}.")
    return Judgement("wrong", _likely(given, value, key, precision, allowed + Fraction(slack)))


def _is_float(given: Number, value: Fraction) -> bool:
    if given.last is None or value == 0:
        return False
    return exponent_of(value) - given.last + 1 >= FLOAT_DIGITS


def _terminates(key: Fraction) -> bool:
    """Whether a decimal of fewer digits than a float has would be exact."""
    return (key * Fraction(10) ** FLOAT_DIGITS).denominator == 1


def _place_asked(key: Fraction, precision: Precision) -> int | None:
    """The power of ten of the last digit asked for; None for an exact value."""
    match precision:
        case Places(n):
            return -n
        case Figures(n) if key:
            return exponent_of(key) - n + 1
        case _:
            return None


def _enough_digits(given: Number, key: Fraction, precision: Precision) -> bool:
    """Whether a number has all digits asked for: only then may they differ by `slack`."""
    asked = _place_asked(key, precision)
    return asked is None or given.last is None or given.last <= asked


def _endless(given: Number, expected: Fraction | float, infinities: bool) -> Judgement:
    both_nan = math.isnan(given.value) and math.isnan(expected)
    if infinities and (both_nan or given.value == expected):
        return Judgement("right")
    if math.isnan(given.value):
        return Judgement("wrong", "It is defined." if math.isfinite(expected) else "")
    if math.isinf(given.value):
        return Judgement("wrong", "It is finite." if math.isfinite(expected) else "")
    return Judgement("wrong")


def _as_printed(value: Fraction, key: Fraction, precision: Precision) -> bool:
    """A tiny key prints as 0.00 at the asked places, and what is printed must be accepted."""
    match precision:
        case Places(n):
            return value == round_half_up(key, -n)
        case _:
            return False


def round_half_up(value: Fraction, place: int) -> Fraction:
    """Round to a multiple of 10^place, halves away from zero, as taught at school."""
    unit = Fraction(10) ** place
    steps = math.floor(abs(value) / unit + Fraction(1, 2))
    return steps * unit if value >= 0 else -steps * unit


def _too_few_digits(given: Number, value: Fraction, key: Fraction, allowed: Fraction) -> bool:
    """Whether the key, rounded to the digits given, is what was given."""
    if given.last is None or value == 0:
        return False
    last = given.last
    if last == 0 and given.places is None:
        # Trailing zeros of 1200 say nothing about its precision; those of 1.200e3 do.
        while value % (Fraction(10) ** (last + 1)) == 0:
            last += 1
    half = Fraction(10) ** last / 2
    if half <= allowed or (last >= 0 and half > abs(value) / 20):
        return False
    return abs(value - key) < half


def _likely(
    given: Number, value: Fraction, key: Fraction, precision: Precision, allowed: Fraction
) -> str:
    """A remark on a wrong number that its size alone supports, or nothing."""
    if value == 0 or key == 0:
        return ""
    near = max(allowed, abs(key) / 10**6)
    if abs(value + key) <= near:
        return "The sign is wrong."
    place = _place_asked(key, precision)
    if place is not None and given.last is not None and (given.last < 0 or given.last == place):
        unit = Fraction(10) ** given.last
        if value == unit * math.floor(abs(key) / unit) * (1 if key > 0 else -1):
            return "Cut off instead of rounded: look at the next digit."
    scale, bigger = _scaled(value, key, near)
    if scale == 100 and bigger:
        return "Off by a factor of 100: a percentage in place of a fraction?"
    if scale > 1:
        return f"Off by a factor of {scale}."
    half = tolerance(key, precision)
    if half and abs(value - key) <= 12 * max(half, allowed) and abs(value - key) < abs(key) / 25:
        return "Close: did you round in between? Keep two more digits until the end."
    return ""


def _scaled(value: Fraction, key: Fraction, near: Fraction) -> tuple[int, bool]:
    """The power of ten that the value is too large by (True) or too small; 1 where it is neither.

    In whole numbers, all over one denominator: this is asked of every wrong cell.
    """
    v = value.numerator * key.denominator * near.denominator
    k = key.numerator * value.denominator * near.denominator
    n = near.numerator * value.denominator * key.denominator
    for scale in (10, 100, 1000):
        if abs(v - k * scale) <= n * scale:
            return scale, True
    for scale in (10, 100, 1000):
        if abs(v * scale - k) <= n:
            return scale, False
    return 1, False


def same_matrix(
    given: Matrix,
    expected: Sequence[Sequence[Fraction | float]],
    precision: Precision,
    slack: float = 0.0,
    *,
    vector: bool = False,
    infinities: bool = False,
) -> MatrixJudgement:
    """Judge a matrix cell by cell; the rows of `expected` are equally long.

    `vector` says that orientation does not matter: a column for a row is accepted and remarked on.
    """
    rows = given.rows
    shape = (len(expected), len(expected[0]) if len(expected) else 0)
    remark = ""
    if given.shape != shape:
        flat = [cell for row in rows for cell in row]
        turned = given.shape == shape[::-1]
        if not (vector and turned and 1 in shape):
            return MatrixJudgement("wrong", None, _shape_remark(given.shape, shape))
        rows = (tuple(flat),) if shape[0] == 1 else tuple((cell,) for cell in flat)
        if given.form != "row" or not given.flat:
            remark = "A vector is asked: as a row or as a column, both will do."
    judged = [
        [
            same_number(cell, key, precision, slack, infinities=infinities)
            for cell, key in zip(row, keys, strict=True)
        ]
        for row, keys in zip(rows, expected, strict=True)
    ]
    cells = tuple(tuple(one.result == "right" for one in row) for row in judged)
    results = [one.result for row in judged for one in row]
    result, says = _sum_up(results, judged, precision)
    if result in {"wrong", "partly"} and shape[0] == shape[1] and shape[0] > 1:
        turned_keys = list(zip(*expected, strict=True))
        if _all_right(rows, turned_keys, precision, slack):
            says = "Every cell is right for the transpose: rows and columns are swapped."
    return MatrixJudgement(result, cells, " ".join(s for s in (says, remark) if s))


def _sum_up(
    results: list[str], judged: list[list[Judgement]], precision: Precision
) -> tuple[str, str]:
    right, total = results.count("right"), len(results)
    if right == total:
        return "right", ""
    if "wrong" not in results:
        return "imprecise", f"Right so far, but {in_words(precision)}."
    remarks = {one.says for row in judged for one in row if one.result == "wrong"}
    common = remarks.pop() if len(remarks) == 1 else ""
    if right == 0:
        return "wrong", common
    counted = f"{right} of {total} cells {'is' if right == 1 else 'are'} right."
    return "partly", f"{counted} {common}".strip()


def _all_right(
    rows: Sequence[Sequence[Number]],
    keys: Sequence[Sequence[Fraction | float]],
    precision: Precision,
    slack: float,
) -> bool:
    return all(
        same_number(cell, key, precision, slack).result == "right"
        for row, line in zip(rows, keys, strict=True)
        for cell, key in zip(row, line, strict=True)
    )


def _shape_remark(given: tuple[int, int], expected: tuple[int, int]) -> str:
    """Name both shapes and the likely cause of the difference."""
    (r, c), (er, ec) = given, expected
    said = f"{er}×{ec} expected, yours is {r}×{c}"
    if (r, c) == (ec, er):
        return f"{said}: transposed?"
    if (er, ec) == (1, 1):
        return "One number is expected, yours is a matrix." if r * c > 1 else said + "."
    if (r, c) == (1, 1):
        return f"A {er}×{ec} matrix is expected, yours is one number."
    if c == ec and r != er:
        n = abs(r - er)
        what = f"{_count(n)} row{'s' if n > 1 else ''}"
        return f"{said}: {what} {'missing' if r < er else 'too many'}?"
    if r == er and c != ec:
        n = abs(c - ec)
        what = f"{_count(n)} column{'s' if n > 1 else ''}"
        return f"{said}: {what} {'missing' if c < ec else 'too many'}?"
    if r * c == er * ec and 1 in (r, c):
        return f"{said}: put each row on a line of its own or between semicolons."
    return f"{said}."


def _count(n: int) -> str:
    return {1: "one", 2: "two", 3: "three"}.get(n, str(n))
