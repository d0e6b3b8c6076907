"""Two keys and the gap between their scores: how far the softmax saturates, scaled or not."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Figures, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, exp, ln, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, number


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        root, odds = dice.pick([2, 3, 4, 5, 8]), dice.pick([2, 3, 4, 5, 6, 7, 9])
        low = dice.between(-3, 3)
        high = root * ln(odds) + low
        a, b = (high, low) if dice.below(2) else (low, high)
        return {"a": a, "b": b, "d_k": root * root}
    largest = 12 if level == 2 else 20
    return {
        "a": dice.between(-largest // 2, largest),
        "b": dice.between(-largest // 2, largest),
        "d_k": dice.pick([8, 16, 20, 32, 36, 64]),
    }


def fine(gap: Any, scaled: Any, level: int) -> bool:
    """A gap that the scale brings from saturation to a moderate weight: 0.55 to 0.97."""
    least = {1: 1.0, 2: 2.0, 3: 8.0}[level]
    return bool(least <= abs(gap) <= 18 and 0.2 <= abs(scaled) <= 3.4)


def question(a: Any, b: Any, d_k: int) -> str:
    return (
        rf"A query meets two keys. The raw products are $q\cdot k_1={cell(a)}$ and "
        rf"$q\cdot k_2={cell(b)}$; $d_k={d_k}$. Give the weight $p$ of the first key after scaling "
        r"and softmax, and the slope $p(1-p)$ of the softmax there."
    )


def question_compared(a: Any, b: Any, d_k: int) -> str:
    return (
        rf"A query meets two keys. The raw products are $q\cdot k_1={cell(a)}$ and "
        rf"$q\cdot k_2={cell(b)}$; $d_k={d_k}$. Compare how far the softmax saturates: give its "
        r"slope $p(1-p)$, with $p$ the weight of the first key, first for the scaled scores, "
        r"then for the raw ones."
    )


def slope(t: Any) -> Any:
    """p(1 − p) = σ(t)σ(−t), without 1 − p, which rounds to 0 near saturation."""
    power = exp(-abs(t))
    return divide(power, (1 + power) * (1 + power))


STEPS = (
    Step(
        "gap",
        "Gap between the scores",
        r"\Delta",
        r"q\cdot k_1 - q\cdot k_2",
        lambda a, b: a - b,
        lambda a, b: rf"{cell(a)}-{factor(b)}",
    ),
    Step(
        "scaled",
        "Gap between the scaled scores",
        "t",
        r"\frac{\Delta}{\sqrt{d_k}}",
        lambda gap, d_k: divide(gap, sqrt(d_k)),
        lambda gap, d_k: rf"\frac{{{cell(gap)}}}{{\sqrt{{{d_k}}}}}",
    ),
    Step(
        "weight",
        "Weight of the first key: with two keys the softmax is a sigmoid of the gap",
        "p",
        r"\sigma(t)=\frac{1}{1+e^{-t}}",
        lambda scaled: divide(1, 1 + exp(-scaled)),
        lambda scaled: rf"\frac{{1}}{{1+e^{{{cell(-scaled)}}}}}",
    ),
    Step(
        "slope",
        "Slope of the softmax for the scaled scores",
        "p(1-p)",
        r"p\,(1-p)",
        lambda weight: weight * (1 - weight),
        lambda weight: rf"{number(weight)}\cdot\left(1-{number(weight)}\right)",
        levels=(1, 2),
    ),
    Step(
        "slope",
        "Slope for the scaled scores",
        "p(1-p)",
        r"\sigma(t)\,\sigma(-t)=\frac{e^{-|t|}}{(1+e^{-|t|})^2}",
        lambda scaled: slope(scaled),
        levels=(3,),
    ),
    Step(
        "raw_slope",
        "Slope for the raw scores",
        r"p_0(1-p_0)",
        r"\frac{e^{-|\Delta|}}{(1+e^{-|\Delta|})^2}",
        lambda gap: slope(gap),
        levels=(3,),
    ),
    Step(
        "both",
        "Both together",
        r"\left(p,\ p(1-p)\right)",
        r"\left(p,\ p(1-p)\right)",
        lambda weight, slope: [weight, slope],
        levels=(1, 2),
    ),
    Step(
        "both",
        "Scaled, then raw",
        r"\left(p(1-p),\ p_0(1-p_0)\right)",
        r"\left(p(1-p),\ p_0(1-p_0)\right)",
        lambda slope, raw_slope: [slope, raw_slope],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "no-scale",
        "scaled",
        lambda gap: gap,
        r"You left out the scale: the gap is not divided by $\sqrt{d_k}$.",
        cause="scale",
    ),
    Mistake(
        "divided-by-d",
        "scaled",
        lambda gap, d_k: divide(gap, d_k),
        r"You divided by $d_k$; the scale is $\sqrt{d_k}$.",
        cause="scale",
    ),
    Mistake(
        "times-root",
        "scaled",
        lambda gap, d_k: gap * sqrt(d_k),
        r"You multiplied by $\sqrt{d_k}$ instead of dividing by it.",
        levels=(1, 2),
        cause="scale",
    ),
    Mistake(
        "other-key",
        "weight",
        lambda scaled: divide(1, 1 + exp(scaled)),
        "You gave the weight of the second key; the first one's is asked.",
        levels=(1, 2),
        cause="sign",
    ),
    Mistake(
        "base-two",
        "weight",
        lambda scaled: 1 / (1 + 2.0 ** -float(scaled)),
        "You used powers of 2; the softmax uses powers of e.",
        levels=(1, 2),
        cause="base",
    ),
    Mistake(
        "scores-added",
        "gap",
        lambda a, b: a + b,
        "You added the scores; what counts is their difference.",
        when=lambda b: b != 0,
        cause="gap",
    ),
    Mistake(
        "first-score-only",
        "gap",
        lambda a: a,
        "You used the first score alone; what counts is the difference to the second.",
        when=lambda a, b: a != 0 and b != 0,
        cause="gap",
    ),
    Mistake(
        "scaled-after-softmax",
        "weight",
        lambda gap, d_k: divide(divide(1, 1 + exp(-gap)), sqrt(d_k)),
        r"You divided by $\sqrt{d_k}$ after the softmax; the scale acts on the scores.",
        levels=(1, 2),
        cause="scale",
    ),
    Mistake(
        "odds-for-weight",
        "weight",
        lambda scaled: exp(scaled),
        r"You gave $e^t$, the odds; the weight is $e^t/(1+e^t)$.",
        levels=(1, 2),
        cause="normalisation",
    ),
    Mistake(
        "squared",
        "slope",
        lambda weight: weight * weight,
        "You squared the weight; the slope is p times 1 − p.",
        cause="slope",
    ),
    Mistake(
        "rest-only",
        "slope",
        lambda weight: 1 - weight,
        "You gave 1 − p; the slope is p times 1 − p.",
        cause="slope",
    ),
    Mistake(
        "minus-forgotten",
        "slope",
        lambda weight: weight * (1 + weight),
        "You multiplied by 1 + p; the slope is p times 1 − p.",
        cause="slope",
    ),
    Mistake(
        "weight-for-slope",
        "slope",
        lambda weight: weight,
        "You gave the weight itself; the slope is p times 1 − p.",
        cause="slope",
    ),
    Mistake(
        "slope-times-scale",
        "slope",
        lambda weight, d_k: divide(weight * (1 - weight), sqrt(d_k)),
        r"You divided by $\sqrt{d_k}$ once more: that is the slope in the raw score, not in $t$.",
        cause="slope",
    ),
    Mistake(
        "order-exchanged",
        "both",
        lambda slope, raw_slope: [raw_slope, slope],
        "The two are exchanged: first for the scaled scores, then for the raw ones.",
        levels=(3,),
        cause="order",
    ),
    Mistake(
        "raw-is-scaled-again",
        "raw_slope",
        lambda scaled, d_k: slope(divide(scaled, sqrt(d_k))),
        r"You divided by $\sqrt{d_k}$ twice for the raw scores; they are not divided at all.",
        levels=(3,),
        cause="scale",
    ),
    Mistake(
        "weight-for-slope",
        "slope",
        lambda scaled: divide(1, 1 + exp(-scaled)),
        "You gave the weight itself; the slope is p times 1 − p.",
        levels=(3,),
        cause="slope",
    ),
    Mistake(
        "squared",
        "slope",
        lambda scaled: divide(1, (1 + exp(-scaled)) * (1 + exp(-scaled))),
        "You squared the weight; the slope is p times 1 − p.",
        levels=(3,),
        cause="slope",
    ),
    Mistake(
        "rest-for-slope",
        "raw_slope",
        lambda gap: divide(1, 1 + exp(gap)),
        "For the raw scores you gave 1 − p; the slope is p times 1 − p.",
        when=lambda gap: gap < 6,  # above, p is 1 to the digits asked
        levels=(3,),
        cause="slope",
    ),
    Mistake(
        "weight-rounded-to-one",
        "raw_slope",
        lambda gap: 0.0,
        "You rounded the weight to 0 or 1 and got no slope; it is small, but not 0.",
        levels=(3,),
        cause="saturation",
    ),
)

FAMILIES = (
    Family(
        name="score-saturation",
        version=1,
        title="Saturation with and without the scale",
        topic="scaling",
        says="Two keys: the weight as a sigmoid of the gap, and how steep the softmax still is.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question, 3: question_compared},
        precision={1: Exact(), 2: Places(3), 3: Figures(3)},
        convention="in this order",
        fine=fine,
        items=("N3.9", "N3.11", "N4.9", "N4.10", "N2.11"),
    ),
)
