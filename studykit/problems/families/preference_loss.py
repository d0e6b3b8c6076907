"""Direct preference optimisation: the margin of two answers, its loss, its gradient."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, sigmoid
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor


def draws(dice: Dice, level: int) -> dict[str, Any]:
    names = ("win", "lose", "win_ref", "lose_ref")
    if level == 1:
        given: dict[str, Any] = {n: -dice.between(8, 30) for n in names}
        return given | {"beta": Fraction(dice.pick([1, 2, 5]), 10)}
    given = {n: -dice.between(80, 300) / 10 for n in names}
    return given | {"beta": dice.pick([1, 2, 3]) / 10}


def fine(win: Any, lose: Any, win_ref: Any, lose_ref: Any, margin: Any, level: int) -> bool:
    """Four numbers that differ, a margin that is there and does not saturate the sigmoid."""
    apart = [abs(a - b) for a, b in ((win, win_ref), (lose, lose_ref), (win, lose))]
    if min(apart) < 0.3 or max(apart[:2]) > 12:
        return False
    return bool(0.1 < abs(margin) < (20 if level == 1 else 2.2))


def _given(win: Any, lose: Any, win_ref: Any, lose_ref: Any, beta: Any, level: int) -> str:
    places = 0 if level == 1 else 1
    a, b, c, d = (decimal(float(x), places) for x in (win, lose, win_ref, lose_ref))
    return (
        r"A model $\pi$ and a frozen reference $\pi_0$ give a preferred answer $w$ and a rejected "
        r"answer $l$ these log-probabilities:"
        rf"$$\ln\pi(w)={a}\quad \ln\pi(l)={b}\quad \ln\pi_0(w)={c}\quad \ln\pi_0(l)={d}$$"
        r"The margin is $m=\beta\left[\ln\frac{\pi(w)}{\pi_0(w)}-\ln\frac{\pi(l)}{\pi_0(l)}\right]$"
        rf" with $\beta={decimal(float(beta), 1)}$."
    )


def question_margin(givens: dict[str, Any]) -> str:
    return rf"{_of(givens)} Give $m$."


def question_loss(givens: dict[str, Any]) -> str:
    return rf"{_of(givens)} Give the loss $L=-\ln\sigma(m)$ with $\sigma(m)=1/(1+e^{{-m}})$."


def question_gradient(givens: dict[str, Any]) -> str:
    return (
        rf"{_of(givens)} The loss is $L=-\ln\sigma(m)$ with $\sigma(m)=1/(1+e^{{-m}})$. Give its "
        r"derivatives with respect to $\ln\pi(w)$ and $\ln\pi(l)$."
    )


def _of(givens: dict[str, Any]) -> str:
    names = ("win", "lose", "win_ref", "lose_ref", "beta", "level")
    return _given(*(givens[n] for n in names))


def one_decimal(x: Any) -> str:
    return factor(float(x), 1)


STEPS = (
    Step(
        "gains",
        "How much likelier each answer is than under the reference, as logarithms",
        r"r_w,\ r_l",
        r"\ln\pi(w)-\ln\pi_0(w),\ \ln\pi(l)-\ln\pi_0(l)",
        lambda win, lose, win_ref, lose_ref: [win - win_ref, lose - lose_ref],
        lambda win, win_ref: f"{decimal(float(win), 1)}-{one_decimal(win_ref)}",
    ),
    Step(
        "margin",
        "Margin",
        "m",
        r"\beta\,(r_w-r_l)",
        lambda beta, gains: beta * (gains[0] - gains[1]),
        lambda beta, gains: (
            rf"{decimal(float(beta), 1)}\cdot\left({decimal(float(gains[0]), 1)}"
            rf"-{one_decimal(gains[1])}\right)"
        ),
    ),
    Step(
        "loss",
        "Loss",
        "L",
        r"-\ln\sigma(m)=\ln\left(1+e^{-m}\right)",
        lambda margin: math.log1p(math.exp(-margin)),
        lambda margin: rf"\ln\left(1+e^{{{cell(-float(margin), 2)}}}\right)",
        levels=(2,),
    ),
    Step(
        "wrong_share",
        "The probability that the model gives the wrong order",
        r"\sigma(-m)",
        r"\frac{1}{1+e^{m}}",
        lambda margin: sigmoid(-margin),
        lambda margin: rf"\frac{{1}}{{1+e^{{{cell(float(margin), 2)}}}}}",
        levels=(3,),
    ),
    Step(
        "gradient",
        "Up for the preferred answer, down for the rejected one, by the same amount",
        r"\left(\frac{\partial L}{\partial\ln\pi(w)},\ \frac{\partial L}{\partial\ln\pi(l)}\right)",
        r"\left(-\beta\,\sigma(-m),\ \beta\,\sigma(-m)\right)",
        lambda beta, wrong_share: [-beta * wrong_share, beta * wrong_share],
        lambda beta, wrong_share: rf"-{decimal(float(beta), 1)}\cdot {cell(wrong_share)}",
        levels=(3,),
    ),
)


def _both(size: Any) -> Vector:
    return [-size, size]


MISTAKES = (
    Mistake(
        "reference-left-out",
        "gains",
        lambda win, lose: [win, lose],
        "You left out the reference; each answer is compared with it.",
        cause="reference",
    ),
    Mistake(
        "order-exchanged",
        "margin",
        lambda margin: -margin,
        "You subtracted the preferred answer from the rejected one.",
        levels=(1, 2),
        cause="order",
    ),
    Mistake(
        "gains-added",
        "margin",
        lambda beta, gains: beta * (gains[0] + gains[1]),
        "You added the two logarithms; the margin is their difference.",
        cause="order",
    ),
    Mistake(
        "beta-left-out",
        "margin",
        lambda gains: gains[0] - gains[1],
        r"You left out $\beta$ in the margin.",
        cause="beta",
    ),
    Mistake(
        "preferred-only",
        "margin",
        lambda beta, gains: beta * gains[0],
        "You used the preferred answer alone; the rejected one is subtracted.",
        cause="order",
    ),
    Mistake(
        "divided-by-beta",
        "margin",
        lambda beta, gains: (gains[0] - gains[1]) / beta,
        r"You divided by $\beta$; it multiplies.",
        levels=(1,),
        cause="beta",
    ),
    Mistake(
        "probability-for-loss",
        "loss",
        lambda margin: sigmoid(margin),
        r"You gave $\sigma(m)$; the loss is minus its logarithm.",
        cause="loss",
    ),
    Mistake(
        "minus-left-out",
        "loss",
        lambda loss: -loss,
        "You left out the minus; the loss is positive.",
        cause="sign",
    ),
    Mistake(
        "logarithm-to-base-two",
        "loss",
        lambda loss: loss / math.log(2),
        "You used the logarithm to base 2; it is the natural one.",
        cause="base",
    ),
    Mistake(
        "right-share",
        "wrong_share",
        lambda margin: sigmoid(margin),
        r"You used $\sigma(m)$; the gradient fades as the order becomes right: $\sigma(-m)$.",
        cause="share",
    ),
    Mistake(
        "outer-beta-left-out",
        "gradient",
        lambda wrong_share: _both(wrong_share),
        r"You left out the factor $\beta$ of the chain rule.",
        cause="beta",
    ),
    Mistake(
        "signs-exchanged",
        "gradient",
        lambda gradient: [-x for x in gradient],
        "You exchanged the signs: the loss falls as the preferred answer gets likelier.",
        cause="sign",
    ),
    Mistake(
        "slope-of-the-sigmoid",
        "gradient",
        lambda beta, wrong_share: _both(beta * wrong_share * (1 - wrong_share)),
        r"You took the slope of $\sigma$; the logarithm cancels the factor $\sigma(m)$.",
        cause="share",
    ),
)

FAMILIES = (
    Family(
        name="preference-loss",
        version=1,
        title="Preference loss (DPO)",
        topic="losses and their gradients",
        says="Two answers against a reference: margin, loss and gradient.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_margin, 2: question_loss, 3: question_gradient},
        precision={1: Exact(), 2: Places(3), 3: Places(4)},
        convention={3: "the preferred answer first"},
        fine=fine,
        items=("N2.20",),
    ),
)
