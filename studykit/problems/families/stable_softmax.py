"""The softmax a computer can take: the maximum subtracted, large logits, and where it overflows."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector
from studykit.problems.attention_steps import DIVIDED, POWERS, SHIFTED, TOTAL, steps_at
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, ln, sqrt
from studykit.problems.family import Family, Mistake, Step, at_levels, named
from studykit.problems.mistakes.inverse import log_mistakes, unscale_mistakes
from studykit.problems.mistakes.weights import row_mistakes
from studykit.problems.wording import cell, factor, row

LARGEST = 65504
"""The largest finite float16."""


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        far = dice.pick([800, 1000, 1200, -900, -1000])
        top = dice.pick([2, 3, 4, 5, 6, 8])
        odds = dice.shuffled([top, dice.between(1, top - 1), dice.between(1, top - 1)])
        return {"z": [ln(a) + far for a in odds], "far": far}
    if level == 2:
        far = dice.pick([-1, 1]) * dice.between(800, 1500)
        return {"z": [far + dice.between(-15, 15) / 10 for _ in range(3)]}
    return {
        "n": dice.pick([100, 128, 200, 256, 500, 512, 1000, 1024, 2048, 4096]),
        "d_k": dice.pick([16, 32, 48, 64, 80, 96, 128]),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Three different logits, none without a share."""
    if level == 3:
        return True
    z = givens["z"]
    return len(set(z)) == 3 and max(z) - min(z) <= 2.5


def question_shifted(z: Vector) -> str:
    return (
        r"A stable softmax subtracts the largest logit first. Give the exponentials "
        r"$e^{z_j-\max z}$ that it computes, in order, then their sum."
        rf"$$z={row(z)}$$"
    )


def question_large(z: Vector) -> str:
    return (
        r"In floating point $e^{z}$ overflows (or becomes 0) for each of these logits. "
        rf"Give their softmax.$$z={row(z, 1)}$$"
    )


def question_overflow(n: int, d_k: int) -> str:
    return (
        rf"A kernel sums $e^s$ in float16, whose largest number is {LARGEST}, without subtracting "
        rf"the maximum. All ${n}$ keys of a query have the same raw product $a=q\cdot k$; "
        rf"$s=a/\sqrt{{d_k}}$ with $d_k={d_k}$. Up to which $a$ does the sum stay within "
        rf"{LARGEST}?"
    )


STEPS = (
    replace(
        SHIFTED,
        formula=r"z-\max z",
        working=lambda z: rf"{cell(z[0], 1)}-{factor(max(z), 1)}",
        levels=(1, 2),
        takes=("z",),
    ),
    *steps_at((1, 2), POWERS, TOTAL),
    Step(
        "all",
        "Exponentials and sum",
        r"\left(e^t,\ Z\right)",
        r"\left(e^t,\ Z\right)",
        lambda powers, total: [*powers, total],
        levels=(1,),
    ),
    *steps_at((2,), DIVIDED),
    Step(
        "each",
        "What a single exponential may be",
        r"e^s",
        r"\frac{65504}{n}",
        lambda n: LARGEST / n,
        lambda n: rf"\frac{{{LARGEST}}}{{{n}}}",
        levels=(3,),
    ),
    Step(
        "score",
        "The score it comes from",
        "s",
        r"\ln e^s",
        lambda each: math.log(each),
        lambda each: rf"\ln {cell(each)}",
        levels=(3,),
    ),
    Step(
        "product",
        "Back to the raw product",
        "a",
        r"\sqrt{d_k}\,s",
        lambda score, d_k: sqrt(d_k) * score,
        lambda score, d_k: rf"\sqrt{{{d_k}}}\cdot {cell(score)}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "minimum-subtracted",
        "shifted",
        lambda z: [x - min(z) for x in z],
        "You subtracted the smallest logit; then the largest exponential may still overflow.",
        levels=(1,),
        cause="maximum",
    ),
    Mistake(
        "round-number-subtracted",
        "shifted",
        lambda z, far: [x - far for x in z],
        "You subtracted the round number that all have in common; the largest logit is subtracted.",
        cause="maximum",
    ),
    Mistake(
        "first-subtracted",
        "shifted",
        lambda z: [x - z[0] for x in z],
        "You subtracted the first logit; the largest one is subtracted.",
        when=lambda z: z[0] != max(z) and z[0] != min(z),
        levels=(1,),
        cause="maximum",
    ),
    Mistake(
        "divided-by-sum",
        "all",
        lambda powers, total: [*[divide(p, total) for p in powers], 1],
        "You gave the weights; the exponentials before the division were asked.",
        cause="normalisation",
    ),
    Mistake(
        "sign-of-shift",
        "shifted",
        lambda z: [max(z) - x for x in z],
        r"You computed $e^{\max z-z_j}$: the smallest logit got the largest exponential.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "largest-left-out",
        "total",
        lambda powers: sum(powers) - 1,
        r"You left the largest logit out of the sum; it counts with $e^0=1$.",
        cause="maximum",
    ),
    Mistake(
        "all-alike",
        "weights",
        lambda z: [1 / len(z) for _ in z],
        "You gave all about the same weight; gaps between logits count, not their ratios.",
        cause="maximum",
    ),
    Mistake(
        "one-key-only",
        "each",
        lambda: float(LARGEST),
        "You let one exponential reach the limit; all keys' exponentials are summed.",
        cause="count",
    ),
    *unscale_mistakes("product", "score"),
    *named(log_mistakes("score", "each", ""), "base-two", "base-ten"),
    Mistake(
        "keys-divide-the-score",
        "score",
        lambda n: math.log(LARGEST) / n,
        "You divided the logarithm by the number of keys; the exponentials are summed, "
        "so divide inside it.",
        cause="count",
    ),
)

FAMILIES = (
    Family(
        name="stable-softmax",
        version=1,
        title="Softmax without overflow",
        topic="softmax",
        says="Subtract the maximum: the same weights, and nothing overflows.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *MISTAKES,
            *at_levels(
                (2,),
                named(
                    row_mistakes("shifted", "powers"),
                    "base-two",
                    "winner-takes-all",
                    "negated-scores",
                    "not-normalised",
                ),
            ),
        ),
        question={1: question_shifted, 2: question_large, 3: question_overflow},
        precision={1: Exact(), 2: Places(3), 3: Places(2)},
        convention={1: "in the order of the logits, the sum last", 2: "", 3: ""},
        fine=fine,
        items=("N3.19", "N3.20", "N4.12"),
    ),
)
