"""Two keys: the softmax is a sigmoid of the gap. Scale it, turn it round, hide a key among many."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step, named
from studykit.problems.mistakes.inverse import log_mistakes, ratio_mistakes, unscale_mistakes
from studykit.problems.wording import cell, factor, number


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        f = dice.pick([2, 2, 3, -2, Fraction(1, 2)])
        a, b = dice.between(1, 6), dice.between(1, 6)
        if a == b:
            return None
        if f == Fraction(1, 2):
            a, b = a * a, b * b
        return {"p": Fraction(a, a + b), "f": f}
    p = dice.pick([0.05, 0.1, 0.2, 0.25, 0.3, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.98])
    if level == 2:
        return {"p": p, "b": dice.between(-8, 8), "d_k": dice.pick([8, 16, 32, 64, 128])}
    return {"p": p, "n": dice.pick([16, 20, 32, 50, 64, 100, 128, 200])}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """A key known among others; at level 3 one that does get more than its equal share."""
    if level == 2:
        return bool(givens["b"])
    if level == 3:
        return bool(givens["p"] >= 0.2)
    return True


def question_scaled(p: Fraction, f: Any) -> str:
    return (
        r"A query attends to two keys; the weight of the first is "
        rf"${number(p)}$. Then the query is multiplied by ${cell(f)}$. "
        r"Give the new weight of the first key."
    )


def question_product(p: float, b: int, d_k: int) -> str:
    return (
        rf"A query attends to two keys; $d_k={d_k}$ and $q\cdot k_2={b}$. Which raw product "
        rf"$q\cdot k_1$ (before the scale $1/\sqrt{{d_k}}$) gives the first key the weight "
        rf"${cell(p, 2)}$?"
    )


def question_needle(p: float, n: int) -> str:
    return (
        rf"A query attends to ${n}$ keys. One of them has a scaled score larger than the others by "
        r"$\Delta$; the others all have the same score. For which $\Delta$ does the one key get "
        rf"the weight ${cell(p, 2)}$?"
    )


def share(odds: Any) -> Any:
    return divide(odds, 1 + odds)


def power(odds: Any, f: Any) -> Any:
    """odds^f, exact for whole f and for the root of a square."""
    if isinstance(f, int):
        return divide(odds**f, 1) if f > 0 else divide(1, odds**-f)
    return sqrt(odds)


STEPS = (
    Step(
        "odds",
        "Odds of the first key against the second: the exponential of the gap between the scores",
        "r",
        r"\frac{p}{1-p}=e^{s_1-s_2}",
        lambda p: divide(p, 1 - p),
        lambda p: rf"\frac{{{cell(p, 2)}}}{{1-{cell(p, 2)}}}",
        levels=(1, 2),
    ),
    Step(
        "new_odds",
        "The gap is multiplied, so the odds are raised to that power",
        "r'",
        "r^f",
        lambda odds, f: power(odds, f),
        lambda odds, f: rf"\left({cell(odds)}\right)^{{{cell(f)}}}",
        levels=(1,),
    ),
    Step(
        "weight",
        "Back to a weight",
        "p'",
        r"\frac{r'}{1+r'}",
        lambda new_odds: share(new_odds),
        lambda new_odds: rf"\frac{{{cell(new_odds)}}}{{1+{cell(new_odds)}}}",
        levels=(1,),
    ),
    Step(
        "gap",
        "Gap between the scaled scores",
        r"s_1-s_2",
        r"\ln r",
        lambda odds: math.log(odds),
        lambda odds: rf"\ln {cell(odds)}",
        levels=(2,),
    ),
    Step(
        "raw",
        "Gap between the raw products",
        r"q\cdot k_1-q\cdot k_2",
        r"\sqrt{d_k}\,(s_1-s_2)",
        lambda gap, d_k: sqrt(d_k) * gap,
        lambda gap, d_k: rf"\sqrt{{{d_k}}}\cdot {factor(gap)}",
        levels=(2,),
    ),
    Step(
        "product",
        "The product with the first key",
        r"q\cdot k_1",
        r"q\cdot k_2+\sqrt{d_k}\,(s_1-s_2)",
        lambda raw, b: b + raw,
        lambda raw, b: rf"{b}+{factor(raw)}",
        levels=(2,),
    ),
    Step(
        "ratio",
        "The one exponential over each of the others: they share what is left of 1",
        r"e^\Delta",
        r"\frac{p}{(1-p)/(n-1)}",
        lambda p, n: p * (n - 1) / (1 - p),
        lambda p, n: rf"\frac{{{number(p, 2)}\cdot {n - 1}}}{{1-{number(p, 2)}}}",
        levels=(3,),
    ),
    Step(
        "needed",
        "The lead that the key needs",
        r"\Delta",
        r"\ln\frac{p\,(n-1)}{1-p}",
        lambda ratio: math.log(ratio),
        lambda ratio: rf"\ln {cell(ratio)}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "weight-multiplied",
        "weight",
        lambda p, f: p * f,
        "You multiplied the weight; the factor acts on the scores, inside the exponential.",
        cause="scale",
    ),
    Mistake(
        "weight-kept",
        "weight",
        lambda p: p,
        "You kept the weight; a shift of all scores cancels, a factor does not.",
        cause="scale",
    ),
    Mistake(
        "odds-multiplied",
        "new_odds",
        lambda odds, f: odds * f,
        "You multiplied the odds; a factor on the gap is a power of the odds.",
        when=lambda f: f > 0,
        cause="scale",
    ),
    Mistake(
        "power-of-the-weight",
        "weight",
        lambda p, f: power(p, f),
        "You raised the weight to that power; both weights must be raised and divided by the sum.",
        cause="normalisation",
    ),
    Mistake(
        "sign-overlooked",
        "new_odds",
        lambda odds, f: power(odds, -f),
        "You overlooked the minus: the order of the two keys turns round.",
        when=lambda f: f < 0,
        cause="sign",
    ),
    Mistake(
        "power-inverted",
        "new_odds",
        lambda odds, f: float(odds) ** (1 / float(f)),
        "You took the root instead of the power, or the other way round.",
        when=lambda f: f > 0,
        cause="scale",
    ),
    Mistake(
        "stopped-at-odds",
        "weight",
        lambda new_odds: new_odds,
        "You gave the odds; the weight is its part of odds plus 1.",
        cause="normalisation",
    ),
    *unscale_mistakes("raw", "gap"),
    *named(
        log_mistakes("gap", "odds", "You took the odds for the gap; it is their logarithm."),
        "no-logarithm",
        "base-ten",
    ),
    *log_mistakes(
        "needed",
        "ratio",
        "You gave the ratio of the exponentials; the lead is its logarithm.",
    ),
    Mistake(
        "weight-for-odds",
        "gap",
        lambda p: math.log(p),
        r"You took $\ln p$; the gap is the logarithm of the odds $p/(1-p)$.",
        when=lambda odds: odds,
        cause="normalisation",
    ),
    Mistake(
        "keys-exchanged",
        "gap",
        lambda odds: -math.log(odds),
        "You gave the second key that weight: the sign of the gap is the wrong way round.",
        cause="sign",
    ),
    Mistake(
        "second-product-left-out",
        "product",
        lambda raw: raw,
        r"You gave the gap; the product with the second key is added to it.",
        cause="stopped",
    ),
    *ratio_mistakes("p"),
    Mistake(
        "others-turned-over",
        "ratio",
        lambda p, n: p / (1 - p) / (n - 1),
        "You divided by the number of the others; the more they are, the larger the lead.",
        cause="count",
    ),
)

FAMILIES = (
    Family(
        name="two-key-softmax",
        version=1,
        title="Softmax of two keys, turned round",
        topic="softmax",
        says="Weight, odds and gap: which scores give the weight that is wanted.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_scaled, 2: question_product, 3: question_needle},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        fine=fine,
        items=("N1.31", "N1.34", "N2.8", "N3.9", "N4.9", "N4.17"),
    ),
)
