"""Sixteen bits and fewer: spacing of numbers, rounding to them, and where exp leaves the range."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell

FRACTIONS = {1: (7, 10), 2: (7, 3)}
"""Bits of the fraction: of bf16 and fp16, then of bf16 and 8-bit E4M3."""

EXPONENTS = {1: (8, 5), 2: (8, 4)}


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        return {"E": dice.between(3, 8), "M": dice.between(2, 12)}
    power = dice.between(3, 13) if level == 1 else dice.between(0, 7)
    part = Fraction(dice.between(105, 195), 100) * Fraction(2) ** power
    # As many decimals as make sense for a number of this size, and not a number of the format.
    places = 3 if power < 4 else 2 if power < 8 else 0
    x = Fraction(round(part * 10**places) + dice.between(1, 9), 10**places)
    return {"x": -x if level == 2 and dice.below(2) else x}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """A number between two neighbours of each format, and not halfway."""
    if level == 3:
        return True
    x = abs(givens["x"])
    if x == 0 or math.log2(x) % 1 < 0.02:
        return False
    if level == 1:
        return True
    parts = [x / spacing(x, M) % 1 for M in FRACTIONS[2]]
    return all(0.05 < p < 0.95 and abs(p - 0.5) > 0.05 for p in parts)


def question_spacing(x: Fraction) -> str:
    return (
        r"bf16 numbers have 1 sign bit, 8 exponent bits and 7 fraction bits; fp16 numbers have 1, "
        r"5 and 10. Both have a leading 1 that is not stored. How far apart are neighbouring "
        rf"numbers around ${decimal(x)}$ in bf16, and in fp16?"
    )


def question_rounded(x: Fraction) -> str:
    return (
        r"bf16 numbers have 1 sign bit, 8 exponent bits and 7 fraction bits; 8-bit E4M3 numbers "
        r"have 1, 4 and 3. Both have a leading 1 that is not stored. To which number is "
        rf"${decimal(x)}$ rounded in bf16, and to which in E4M3 (to the nearest)?"
    )


def question_exp(E: int, M: int) -> str:
    return (
        rf"A number format has 1 sign bit, ${E}$ exponent bits and ${M}$ fraction bits, as IEEE "
        rf"754 has it: bias ${2 ** (E - 1) - 1}$, the largest exponent code is kept for infinity "
        r"and NaN, exponent code 0 for numbers without a leading 1. Scores $s$ are exponentiated "
        r"in it. Give the natural logarithms of the largest finite number and of the smallest "
        r"positive number: beyond these $e^s$ overflows or vanishes."
    )


def decimal(x: Fraction) -> str:
    return f"{float(x):.6f}".rstrip("0").rstrip(".")


def exponent(x: Any) -> int:
    """The power of two at or below |x|."""
    power = math.frexp(float(abs(x)))[1]
    return power - 1


def power_of_two(n: int) -> Any:
    return 1 << n if n >= 0 else Fraction(1, 1 << -n)


def spacing(x: Any, M: int) -> Any:
    return power_of_two(exponent(x) - M)


def steps(exponent: int, level: int) -> list[Any]:
    return [power_of_two(exponent - M) for M in FRACTIONS[level]]


def exactly(value: Any) -> Any:
    """A whole Fraction as an int."""
    return int(value) if value == int(value) else value


def cut_off(x: Any, spacings: list[Any]) -> list[Any]:
    return [exactly(d * int(x / d)) for d in spacings]


def away(x: Any, spacings: list[Any]) -> list[Any]:
    return [exactly(d * (int(x / d) + (1 if x > 0 else -1))) for d in spacings]


def largest(E: int, M: int) -> float:
    """ln of (2 − 2⁻ᴹ)·2^bias."""
    bias: int = 2 ** (E - 1) - 1
    return math.log(2 - 2.0**-M) + bias * math.log(2)


def smallest(E: int, M: int) -> float:
    """ln of 2^(1 − bias − M)."""
    power: int = 2 - 2 ** (E - 1) - M
    return power * math.log(2)


STEPS = (
    Step(
        "exponent",
        "The power of two below",
        "e",
        r"\left\lfloor\log_2|x|\right\rfloor",
        lambda x: exponent(x),
        lambda x: rf"\left\lfloor\log_2 {decimal(abs(x))}\right\rfloor",
        levels=(1, 2),
    ),
    Step(
        "spacings",
        "The way to the next power is divided into as many steps as the fraction can count",
        r"(\Delta_{bf16},\ \Delta_{fp16})",
        r"\left(2^{e-7},\ 2^{e-10}\right)",
        lambda exponent, level: steps(exponent, level),
        lambda exponent: rf"2^{{{exponent}-7}}",
        levels=(1,),
    ),
    Step(
        "spacings",
        "The way to the next power is divided into as many steps as the fraction can count",
        r"(\Delta_{bf16},\ \Delta_{E4M3})",
        r"\left(2^{e-7},\ 2^{e-3}\right)",
        lambda exponent, level: steps(exponent, level),
        lambda exponent: rf"2^{{{exponent}-7}}",
        levels=(2,),
    ),
    Step(
        "rounded",
        "The nearest multiple of each",
        r"(\hat x_{bf16},\ \hat x_{E4M3})",
        r"\Delta\cdot\mathrm{round}\left(\frac{x}{\Delta}\right)",
        lambda x, spacings: [exactly(d * round(x / d)) for d in spacings],
        lambda x, spacings: (
            rf"{cell(spacings[0], 6)}\cdot\mathrm{{round}}\left("
            rf"\frac{{{decimal(x)}}}{{{cell(spacings[0], 6)}}}\right)"
        ),
        levels=(2,),
    ),
    Step(
        "largest",
        "Largest: all fraction bits 1, the last exponent before infinity",
        r"\ln x_{max}",
        r"\ln\left((2-2^{-M})\cdot 2^{bias}\right)",
        lambda E, M: largest(E, M),
        lambda E, M: rf"\ln\left((2-2^{{-{M}}})\cdot 2^{{{2 ** (E - 1) - 1}}}\right)",
        levels=(3,),
    ),
    Step(
        "smallest",
        "Smallest: the last fraction bit alone, at the smallest exponent",
        r"\ln x_{min}",
        r"\ln 2^{1-bias-M}",
        lambda E, M: smallest(E, M),
        lambda E, M: rf"{2 - 2 ** (E - 1) - M}\cdot\ln 2",
        levels=(3,),
    ),
    Step(
        "both",
        "Together",
        r"(\ln x_{max},\ \ln x_{min})",
        r"(\ln x_{max},\ \ln x_{min})",
        lambda largest, smallest: [largest, smallest],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "leading-one-counted",
        "spacings",
        lambda exponent, level: steps(exponent + 1, level),
        "You counted the leading 1 among the fraction bits; it is not stored.",
        cause="bits",
    ),
    Mistake(
        "half-the-spacing",
        "spacings",
        lambda exponent, level: steps(exponent - 1, level),
        "That is half the spacing, the largest rounding error.",
        levels=(1,),
        cause="bits",
    ),
    Mistake(
        "formats-exchanged",
        "spacings",
        lambda spacings: list(reversed(spacings)),
        "You exchanged the formats; their fractions differ in length.",
        cause="format",
    ),
    Mistake(
        "spacing-at-one",
        "spacings",
        lambda level: steps(0, level),
        "That is the spacing at 1; it grows with the size of the number.",
        when=lambda exponent: exponent not in (-1, 0, 1),
        cause="exponent",
    ),
    Mistake(
        "exponent-bits-for-fraction",
        "spacings",
        lambda exponent, level: [power_of_two(exponent - bits) for bits in EXPONENTS[level]],
        "You used the exponent bits; the fraction bits divide the way between powers of two.",
        cause="bits",
    ),
    Mistake(
        "powers-of-ten",
        "spacings",
        lambda x: [Fraction(10) ** (math.floor(math.log10(abs(x))) - n) for n in (2, 3)],
        "You counted decimal digits; the steps are powers of two.",
        levels=(1,),
        cause="exponent",
    ),
    Mistake(
        "cut-off",
        "rounded",
        lambda x, spacings: cut_off(x, spacings),
        "You cut off; the nearest number is asked.",
        when=lambda x, spacings, rounded: cut_off(x, spacings) != rounded,
        cause="round",
    ),
    Mistake(
        "away-from-zero",
        "rounded",
        lambda x, spacings: away(x, spacings),
        "You rounded away from 0; the nearest number is asked.",
        when=lambda x, spacings, rounded: away(x, spacings) != rounded,
        cause="round",
    ),
    Mistake(
        "one-format-for-both",
        "rounded",
        lambda rounded: [rounded[0], rounded[0]],
        "You rounded to bf16 twice.",
        cause="format",
    ),
    Mistake(
        "infinity-used",
        "largest",
        lambda largest: largest + math.log(2),
        "You used the exponent code of infinity.",
        cause="exponent",
    ),
    Mistake(
        "fraction-left-out",
        "largest",
        lambda E: (2 ** (E - 1) - 1) * math.log(2),
        "You left out the fraction: with all its bits the largest number is nearly twice that.",
        cause="bits",
    ),
    Mistake(
        "decimal-logarithms",
        "both",
        lambda both: [x / math.log(10) for x in both],
        "You used decimal logarithms; natural ones were asked.",
        cause="logarithm",
    ),
    Mistake(
        "logarithms-of-two",
        "both",
        lambda both: [x / math.log(2) for x in both],
        "You used logarithms to base 2; natural ones were asked.",
        cause="logarithm",
    ),
    Mistake(
        "smallest-with-leading-one",
        "smallest",
        lambda E: (2 - 2 ** (E - 1)) * math.log(2),
        "That is the smallest number with a leading 1; there are smaller ones without.",
        cause="bits",
    ),
    Mistake(
        "one-bit-lower",
        "smallest",
        lambda smallest: smallest - math.log(2),
        "You took exponent code 0 for a further power of two; it has the same one as code 1.",
        cause="exponent",
    ),
    Mistake(
        "mirror-of-the-largest",
        "smallest",
        lambda largest: -largest,
        "You took one over the largest number; the smallest one reaches further.",
        cause="exponent",
    ),
)

FAMILIES = (
    Family(
        name="number-formats",
        version=1,
        title="Sixteen bits and fewer",
        topic="softmax",
        says="How coarse a short number is, and which scores its exponentials survive.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_spacing, 2: question_rounded, 3: question_exp},
        precision={1: Exact(), 2: Exact(), 3: Places(2)},
        convention={1: "bf16 first", 2: "bf16 first", 3: "the largest first"},
        fine=fine,
        items=("N4.9", "N4.10"),
    ),
)
