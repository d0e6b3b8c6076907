"""Gradient descent on a parabola: where k steps lead, how many are needed, the best rate."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor

EASY = ((1, 10), (1, 15), (2, 5), (2, 15), (5, 2), (5, 3), (5, 5), (5, 6))
"""Curvatures and twentieths of a rate with which a step halves or quarters the distance."""


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 3:
        flat = dice.pick([1, 2, 3, 4, 5])
        return {"flat": flat, "steep": flat * dice.pick([2, 3, 4, 5, 7, 9])}
    target = dice.between(-5, 6)
    if level == 1:
        far = dice.pick([-1, 1]) * dice.pick([8, 16, 24, 32])
        curve, twentieths = dice.pick(EASY)
        return {
            "curve": curve,
            "target": target,
            "w": target + far,
            "rate": Fraction(twentieths, 20),
            "k": dice.pick([2, 3]),
        }
    far = dice.pick([-1, 1]) * dice.between(3, 20)
    curve, rate = dice.pick([1, 2, 4, 5]), Fraction(dice.pick([1, 2, 3, 5, 6, 7]), 20)
    if rate * curve == 1:
        return None
    return {
        "curve": curve,
        "target": target,
        "w": target + far,
        "rate": rate,
        "near": Fraction(1, dice.pick([10, 100, 1000])),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """A factor that shrinks, neither at once nor hardly at all, and no count on the edge."""
    if level == 3:
        return True
    rho, target = givens["rho"], givens["target"]
    if not 0.15 < abs(rho) < 0.97 or target == 0 or givens["w"] == 0:
        return False
    exact = givens.get("exact", 10.5)
    return bool(3 < exact < 120 and 0.1 < exact % 1 < 0.9)


def _loss(curve: Any, target: Any) -> str:
    inside = f"w-{target}" if target > 0 else f"w+{-target}"
    lead = "" if curve == 2 else rf"\frac{{{curve}}}{{2}}" if curve % 2 else str(curve // 2)
    return rf"L(w)={lead}({inside})^2"


def question_steps(curve: int, target: int, w: int, rate: Fraction, k: int) -> str:
    return (
        rf"Gradient descent with rate $\eta={decimal(float(rate), 2)}$ runs on "
        rf"${_loss(curve, target)}$ from $w_0={w}$. Give $w_{k}$, after {k} steps."
    )


def question_count(curve: int, target: int, w: int, rate: Fraction, near: Fraction) -> str:
    return (
        rf"Gradient descent with rate $\eta={decimal(float(rate), 2)}$ runs on "
        rf"${_loss(curve, target)}$ from $w_0={w}$. After how many steps is $w$ for the first time "
        rf"nearer than ${decimal(float(near), 3).rstrip('0')}$ to the minimum?"
    )


def question_best(flat: int, steep: int) -> str:
    return (
        rf"Gradient descent with one rate runs on $L(u,v)=\frac{{1}}{{2}}"
        rf"({'' if flat == 1 else flat}u^2+{steep}v^2)$. Give the rate $\eta$ for which the "
        r"slower of the two directions shrinks fastest, and the factor by which its distance to 0 "
        r"is multiplied in a step (as a positive number)."
    )


STEPS = (
    Step(
        "rho",
        "Every step multiplies the distance to the minimum by the same factor",
        r"\rho",
        r"1-\eta\,L''",
        lambda rate, curve: 1 - rate * curve,
        lambda rate, curve: rf"1-{cell(rate)}\cdot {curve}",
        levels=(1, 2),
    ),
    Step(
        "after",
        "After k steps: the minimum, and what is left of the distance",
        "w_k",
        r"w^*+\rho^k\,(w_0-w^*)",
        lambda target, w, rho, k: target + rho**k * (w - target),
        lambda target, w, rho, k: (
            rf"{cell(target)}+\left({cell(rho)}\right)^{k}\cdot {factor(w - target)}"
        ),
        levels=(1,),
    ),
    Step(
        "exact",
        "Where the distance would be just that",
        "t",
        r"\frac{\ln\left(\epsilon/|w_0-w^*|\right)}{\ln|\rho|}",
        lambda near, w, target, rho: (
            math.log(float(near) / abs(w - target)) / math.log(abs(float(rho)))
        ),
        lambda near, w, target, rho: (
            rf"\frac{{\ln({decimal(float(near), 3).rstrip('0')}/{abs(w - target)})}}"
            rf"{{\ln {decimal(abs(float(rho)), 2)}}}"
        ),
        levels=(2,),
    ),
    Step(
        "count",
        "The next whole number",
        "k",
        r"\lceil t\rceil",
        lambda exact: math.ceil(exact),
        levels=(2,),
    ),
    Step(
        "best",
        "The rate at which both ends have the same factor, with opposite signs",
        r"\eta",
        r"\frac{2}{\lambda_1+\lambda_2}",
        lambda flat, steep: divide(2, flat + steep),
        lambda flat, steep: rf"\frac{{2}}{{{flat}+{steep}}}",
        levels=(3,),
    ),
    Step(
        "shrink",
        "That factor",
        r"|\rho|",
        r"1-\eta\lambda_1",
        lambda best, flat: 1 - best * flat,
        lambda best, flat: rf"1-{cell(best)}\cdot {flat}",
        levels=(3,),
    ),
    Step(
        "both",
        "Both together",
        r"\left(\eta,\ |\rho|\right)",
        r"\left(\eta,\ |\rho|\right)",
        lambda best, shrink: [best, shrink],
        levels=(3,),
    ),
)


def _count(near: Any, distance: Any, rho: Any) -> int:
    return math.ceil(math.log(float(near) / abs(distance)) / math.log(abs(float(rho))))


MISTAKES = (
    Mistake(
        "minimum-at-zero",
        "after",
        lambda w, rho, k: rho**k * w,
        "You let w shrink towards 0; it is the distance to the minimum that shrinks.",
        cause="minimum",
    ),
    Mistake(
        "distance-for-place",
        "after",
        lambda w, target, rho, k: rho**k * (w - target),
        "You gave the distance that is left; the minimum is added to it.",
        cause="minimum",
    ),
    Mistake(
        "factor-taken-once",
        "after",
        lambda target, w, rho: target + rho * (w - target),
        "You made one step only.",
        cause="steps",
    ),
    Mistake(
        "steps-not-compounded",
        "after",
        lambda target, w, rate, curve, k: target + (1 - k * rate * curve) * (w - target),
        "You subtracted the first step k times; every step has a new gradient.",
        cause="steps",
    ),
    Mistake(
        "one-step-more",
        "after",
        lambda target, w, rho, k: target + rho ** (k + 1) * (w - target),
        "You made one step too many.",
        cause="steps",
    ),
    Mistake(
        "uphill",
        "rho",
        lambda rate, curve: 1 + rate * curve,
        "You added the steps; descent subtracts them.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "curvature-halved",
        "rho",
        lambda rate, curve: 1 - rate * curve / 2,
        "You took the factor in front of the square for the second derivative, which is twice it.",
        levels=(1, 2),
        cause="derivative",
    ),
    Mistake(
        "rounded-down",
        "count",
        lambda exact: math.floor(exact),
        "You rounded down; after that many steps it is not near enough yet.",
        cause="rounding",
    ),
    Mistake(
        "from-zero",
        "count",
        lambda near, w, rho: _count(near, w, rho),
        "You used w for the distance; the distance is measured from the minimum.",
        cause="minimum",
    ),
    Mistake(
        "loss-for-distance",
        "count",
        lambda near, w, target, rho: _count(near, (w - target) ** 2, float(rho) ** 2),
        r"You let $\rho^2$ shrink the squared distance to the bound; the bound is on $|w-w^*|$.",
        cause="distance",
    ),
    Mistake(
        "curvature-left-out",
        "rho",
        lambda rate: 1 - rate,
        "You left out the curvature: a step multiplies the distance by $1-\\eta L''$.",
        when=lambda curve: curve != 1,
        levels=(2,),
        cause="derivative",
    ),
    Mistake(
        "one-over-the-steeper",
        "best",
        lambda steep: 1 / steep,
        "You took one over the larger curvature; that settles the steep direction at once, "
        "the flat one slowly.",
        cause="rate",
    ),
    Mistake(
        "limit-of-stability",
        "best",
        lambda steep: 2 / steep,
        "You took the limit of stability; there the steep direction does not shrink at all.",
        cause="rate",
    ),
    Mistake(
        "one-over-the-mean-left-half",
        "best",
        lambda flat, steep: 1 / (flat + steep),
        "You left out the 2: the best rate is one over the mean of both curvatures.",
        cause="rate",
    ),
    Mistake(
        "factor-of-momentum",
        "shrink",
        lambda flat, steep: (steep**0.5 - flat**0.5) / (steep**0.5 + flat**0.5),
        "You took the roots of the curvatures; those belong to momentum.",
        cause="factor",
    ),
    Mistake(
        "ratio-of-curvatures",
        "shrink",
        lambda flat, steep: flat / steep,
        r"You gave the ratio of the curvatures; the factor is $1-\eta\lambda_1$.",
        when=lambda flat, steep: steep != 3 * flat and steep != 2 * flat,
        cause="factor",
    ),
)

FAMILIES = (
    Family(
        name="quadratic-descent",
        version=1,
        title="Descent on a parabola",
        topic="gradient descent and optimisers",
        says="The distance to the minimum shrinks by one factor a step: how far, how fast.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_steps, 2: question_count, 3: question_best},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={3: "the rate first"},
        fine=fine,
        items=("N2.26", "N2.28", "N2.33"),
    ),
)
