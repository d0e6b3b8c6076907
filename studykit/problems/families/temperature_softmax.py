"""Softmax with a temperature: exactly, in decimals, then the temperature for wanted odds."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, shrink, softmax
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, ln
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor, row, softmax_working, tex


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        n = dice.pick([2, 3, 3])
        if dice.below(2):
            return {"z": [ln(a) for a in dice.vector(n, 1, 5)], "T": Fraction(1, 2)}
        return {"z": [ln(a * a) for a in dice.vector(n, 1, 6)], "T": 2}
    if level == 2:
        return {
            "z": [dice.between(-20, 30) / 10 for _ in range(dice.pick([3, 4]))],
            "T": Fraction(dice.pick([5, 6, 7, 8, 14, 15, 20, 25]), 10),
        }
    return {"z": [dice.between(-20, 45) / 10 for _ in range(3)], "r": dice.pick([2, 3, 5, 10, 20])}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """No uniform or nearly one-hot result; two clear leaders at level 3."""
    if level == 3:
        first, second, _ = sorted(givens["z"], reverse=True)
        return bool(0.4 <= first - second <= 4 and abs(givens["temperature"] - 1) > 0.1)
    p = givens["p"]
    if len({round(x, 9) for x in p}) < 2:
        return False
    return bool(max(p) <= 0.95 and min(p) >= 0.015)


def question(z: Vector, T: Any) -> str:
    shown = tex(T) if Fraction(1, 2) == T else decimal(float(T), 1)
    return (
        rf"A model gives the logits $z$. Tokens are drawn with temperature $T={shown}$. Give "
        r"their probabilities."
        rf"$$z={row(z, 1)}$$"
    )


def question_odds(z: Vector, r: int) -> str:
    return (
        r"A model gives the logits $z$. At which temperature is the most likely token drawn "
        rf"{r} times as often as the second?"
        rf"$$z={row(z, 1)}$$"
    )


def gap_of(z: Vector) -> Any:
    first, second, *_ = sorted(z, reverse=True)
    return first - second


STEPS = (
    Step(
        "scaled",
        "Logits over the temperature",
        "z/T",
        r"\frac{z}{T}",
        lambda z, T: shrink(z, T),
        lambda z, T: rf"\frac{{{cell(z[0])}}}{{{cell(T)}}}",
        levels=(1, 2),
    ),
    Step(
        "p",
        "Probabilities",
        "p",
        r"\mathrm{softmax}(z/T)",
        lambda scaled: softmax(scaled),
        lambda scaled: softmax_working(scaled),
        levels=(1, 2),
    ),
    Step(
        "gap",
        "Gap between the two largest logits",
        r"\Delta",
        r"z_{(1)}-z_{(2)}",
        lambda z: gap_of(z),
        lambda z: rf"{cell(max(z))}-{factor(sorted(z)[-2])}",
        levels=(3,),
    ),
    Step(
        "temperature",
        "The odds are the exponential of gap over temperature",
        "T",
        r"\frac{\Delta}{\ln r},\quad\text{since}\ e^{\Delta/T}=r",
        lambda gap, r: gap / math.log(r),
        lambda gap, r: rf"\frac{{{cell(gap)}}}{{\ln {r}}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "temperature-ignored",
        "scaled",
        lambda z: z,
        "You left out the temperature; logits are divided by it.",
        levels=(1, 2),
        cause="temperature",
    ),
    Mistake(
        "multiplied-by-temperature",
        "scaled",
        lambda z, T: [x * T for x in z],
        "You multiplied by the temperature; logits are divided by it.",
        levels=(1, 2),
        cause="temperature",
    ),
    Mistake(
        "temperature-on-probabilities",
        "p",
        lambda z, T: [divide(x, T) for x in softmax(z)],
        "You divided the probabilities by the temperature; it acts on the logits.",
        levels=(1, 2),
        cause="temperature",
    ),
    Mistake(
        "root-of-temperature",
        "scaled",
        lambda z, T: [x / math.sqrt(T) for x in z],
        "You divided by the root of the temperature; the root belongs to the width of keys.",
        levels=(1, 2),
        cause="temperature",
    ),
    Mistake(
        "temperature-squared",
        "scaled",
        lambda z, T: shrink(z, T * T),
        "You divided by the temperature twice.",
        levels=(1, 2),
        cause="temperature",
    ),
    Mistake(
        "made-uniform",
        "p",
        lambda z: [divide(1, len(z)) for _ in z],
        "You made all alike; that is the limit of very high temperature.",
        levels=(1, 2),
        cause="temperature",
    ),
    Mistake(
        "logarithm-left-out",
        "temperature",
        lambda gap, r: divide(gap, r),
        "You divided by the odds; the gap is compared with their logarithm.",
        cause="logarithm",
    ),
    Mistake(
        "upside-down",
        "temperature",
        lambda gap, r: math.log(r) / gap,
        r"You turned it upside down: from $\Delta/T=\ln r$ follows $T=\Delta/\ln r$.",
        cause="temperature",
    ),
    Mistake(
        "multiplied",
        "temperature",
        lambda gap, r: gap * math.log(r),
        r"You multiplied by $\ln r$; the gap is divided by it.",
        cause="temperature",
    ),
    Mistake(
        "base-two",
        "temperature",
        lambda gap, r: gap / math.log2(r),
        "You used the logarithm to base 2; the softmax uses powers of e.",
        when=lambda r: r != 2,
        cause="logarithm",
    ),
    Mistake(
        "largest-logit-only",
        "gap",
        lambda z: max(z),
        "You used the largest logit alone; the gap to the second counts.",
        when=lambda z: max(z) > 0 and sorted(z)[-2] != 0,
        cause="gap",
    ),
    Mistake(
        "gap-to-the-last",
        "gap",
        lambda z: max(z) - min(z),
        "You took the gap to the least likely token; the second one was asked.",
        cause="gap",
    ),
)

FAMILIES = (
    Family(
        name="temperature-softmax",
        version=1,
        title="Softmax with temperature",
        topic="streaming and decoding",
        says="A temperature divides the logits: below 1 it sharpens, above 1 it flattens.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question, 3: question_odds},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="",
        fine=fine,
        items=("N3.9", "N3.11", "N4.9"),
    ),
)
