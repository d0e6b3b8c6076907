"""The rate over time: warm-up, then half a cosine, at nice places and at any."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor

COSINES = {
    Fraction(1, 3): Fraction(1, 2),
    Fraction(1, 2): 0,
    Fraction(2, 3): Fraction(-1, 2),
}
"""cos πx where it is rational."""


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    warm = 100 * dice.between(2, 20)
    given = {"peak": dice.between(2, 12), "warm": warm}
    if level == 1:
        return given | {"t": 50 * dice.between(1, warm // 50 - 1)}
    given["low"] = dice.pick([0, 1, 1])
    length = 300 * dice.between(4, 60)
    done = (
        length * dice.pick([2, 3, 4]) // 6 if level == 2 else 100 * dice.between(2, length // 100)
    )
    return given | {"total": warm + length, "t": warm + done} if done < length else None


def fine(level: int, givens: dict[str, Any]) -> bool:
    """A rate above its lowest by something, below its peak."""
    if level == 1:
        return True
    return bool(givens["low"] < givens["peak"] and 0.05 < givens["part"] < 0.95)


def question_warm(peak: int, warm: int, t: int) -> str:
    return (
        rf"The rate grows linearly from 0 to its peak ${peak}\cdot 10^{{-4}}$ in the first "
        rf"{warm} steps. Give the rate at step {t}, in units of $10^{{-4}}$."
    )


def question_cosine(peak: int, warm: int, low: int, total: int, t: int) -> str:
    lowest = rf"${low}\cdot 10^{{-4}}$" if low else "0"
    return (
        rf"The rate grows linearly from 0 to its peak ${peak}\cdot 10^{{-4}}$ in the first "
        rf"{warm} steps, then falls along half a cosine to {lowest} at step {total}. "
        rf"Give the rate at step {t}, in units of $10^{{-4}}$."
    )


def wave(part: Any) -> Any:
    """cos πx, exact at thirds and the half where the number is exact."""
    if isinstance(part, Fraction) and part in COSINES:
        return COSINES[part]
    return math.cos(math.pi * part)


def fall(peak: Any, low: Any, cosine: Any) -> Any:
    return low + divide((peak - low) * (1 + cosine), 2)


STEPS = (
    Step(
        "rate",
        "The part of the warm-up that is done, of the peak",
        r"\eta_t",
        r"\eta_{max}\,\frac{t}{W}",
        lambda peak, t, warm: divide(peak * t, warm),
        lambda peak, t, warm: rf"{peak}\cdot\frac{{{t}}}{{{warm}}}",
        levels=(1,),
    ),
    Step(
        "part",
        "The part of the fall that is done",
        "x",
        r"\frac{t-W}{T-W}",
        lambda t, warm, total: divide(t - warm, total - warm),
        lambda t, warm, total: rf"\frac{{{t}-{warm}}}{{{total}-{warm}}}",
        levels=(2, 3),
    ),
    Step(
        "cosine",
        "Its place on half a cosine",
        "c",
        r"\cos\pi x",
        lambda part: wave(part),
        lambda part: rf"\cos({cell(part)}\,\pi)",
        levels=(2, 3),
    ),
    Step(
        "rate",
        "Between lowest and peak",
        r"\eta_t",
        r"\eta_{min}+\frac{1}{2}(\eta_{max}-\eta_{min})(1+c)",
        lambda peak, low, cosine: fall(peak, low, cosine),
        lambda peak, low, cosine: rf"{low}+\frac{{1}}{{2}}({peak}-{low})\cdot(1+{factor(cosine)})",
        levels=(2, 3),
    ),
)

MISTAKES = (
    Mistake(
        "peak-at-once",
        "rate",
        lambda peak: peak,
        "You gave the peak; at this step the warm-up still goes on.",
        levels=(1,),
        cause="warm-up",
    ),
    Mistake(
        "remaining-part",
        "rate",
        lambda peak, t, warm: divide(peak * (warm - t), warm),
        "You took the part that is left; the rate grows with the part that is done.",
        levels=(1,),
        cause="warm-up",
    ),
    Mistake(
        "root-of-part",
        "rate",
        lambda peak, t, warm: peak * math.sqrt(t / warm),
        "You took the root of the part; this warm-up is linear.",
        levels=(1,),
        cause="warm-up",
    ),
    Mistake(
        "upside-down",
        "rate",
        lambda peak, t, warm: divide(peak * warm, t),
        "You turned the part upside down.",
        levels=(1,),
        cause="warm-up",
    ),
    Mistake(
        "warm-up-not-subtracted",
        "part",
        lambda t, total: divide(t, total),
        "You counted the warm-up in; the fall begins after it.",
        levels=(2, 3),
        cause="part",
    ),
    Mistake(
        "warm-up-subtracted-once",
        "part",
        lambda t, warm, total: divide(t - warm, total),
        "You subtracted the warm-up above only; the fall is that much shorter too.",
        levels=(2, 3),
        cause="part",
    ),
    Mistake(
        "linear-fall",
        "rate",
        lambda peak, low, part: peak - (peak - low) * part,
        "You let the rate fall in a straight line; it follows half a cosine.",
        when=lambda part: abs(part - 0.5) > 1e-6,
        levels=(2, 3),
        cause="cosine",
    ),
    Mistake(
        "half-left-out",
        "rate",
        lambda peak, low, cosine: low + (peak - low) * (1 + cosine),
        r"You left out the half: $1+\cos$ reaches 2.",
        levels=(2, 3),
        cause="cosine",
    ),
    Mistake(
        "minus-cosine",
        "rate",
        lambda peak, low, cosine: fall(peak, low, -cosine),
        r"You used $1-\cos$: that rises; the rate falls.",
        when=lambda cosine: abs(cosine) > 1e-6,
        levels=(2, 3),
        cause="cosine",
    ),
    Mistake(
        "quarter-wave",
        "rate",
        lambda peak, low, part: low + (peak - low) * math.cos(math.pi * part / 2),
        "You used a quarter of a cosine; it is half a one, raised to stay positive.",
        levels=(2, 3),
        cause="cosine",
    ),
    Mistake(
        "lowest-ignored",
        "rate",
        lambda peak, cosine: fall(peak, 0, cosine),
        "You let the rate fall to 0; it has a lowest value.",
        when=lambda low: low > 0,
        levels=(2, 3),
        cause="lowest",
    ),
)

FAMILIES = (
    Family(
        name="rate-schedule",
        version=1,
        title="Warm-up and cosine",
        topic="gradient descent and optimisers",
        says="The rate at a step of a schedule.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_warm, 2: question_cosine, 3: question_cosine},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        convention="",
        fine=fine,
        items=("N2.26",),
    ),
)
