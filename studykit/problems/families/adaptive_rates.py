"""A rate for each weight: AdaGrad exactly, RMSProp in decimals, and the sign steps of Lion."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor

WHOLE = ((3, 4), (4, 3), (6, 8), (8, 6), (5, 12), (12, 5), (8, 15), (15, 8), (9, 12), (12, 9))
"""Two gradients whose squares sum to a square."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        first, second = dice.pick(WHOLE)
        return {
            "w": dice.between(-5, 5),
            "g_1": first * dice.pick([1, -1]),
            "g_2": second * dice.pick([1, -1]),
            "rate": dice.pick([Fraction(1), Fraction(1, 2)]),
        }
    if level == 2:
        return {
            "w": dice.between(-5, 5),
            "g_1": dice.pick([-4, -3, -2, -1, 1, 2, 3, 4]),
            "g_2": dice.pick([-4, -3, -2, -1, 1, 2, 3, 4]),
            "rate": 0.1,
            "rho": dice.pick([8, 9]) / 10,
        }
    return {
        "w": dice.pick([-6, -5, -4, -3, -2, 2, 3, 4, 5, 6]),
        "m": Fraction(dice.pick([-8, -6, -4, -2, 2, 4, 6, 8]), 10),
        "g": dice.pick([-4, -3, -2, -1, 1, 2, 3, 4]),
        "rate": Fraction(1, 10),
        "decay": Fraction(dice.pick([1, 2, 5]), 10),
        "beta_1": Fraction(9, 10),
        "beta_2": dice.pick([Fraction(99, 100), Fraction(19, 20)]),
    }


def fine(w: int, level: int, givens: dict[str, Any]) -> bool:
    if level == 3:
        # The look ahead turns the sign that the velocity alone would give.
        return bool(abs(givens["ahead"]) > 0.02 and givens["ahead"] * givens["m"] < 0)
    return bool(w and abs(givens["g_1"]) != abs(givens["g_2"]))


def question_ada(w: int, g_1: int, g_2: int, rate: Fraction) -> str:
    return (
        r"AdaGrad: $s\leftarrow s+g^2$, then $w\leftarrow w-\eta\,g/\sqrt{s}$, with "
        rf"$\eta={decimal(float(rate), 1)}$, $\varepsilon=0$, $s=0$ and $w={w}$ at the start. The "
        rf"gradients of the first two steps are $g_1={g_1}$ and $g_2={g_2}$. Give $w$ after both."
    )


def question_rms(w: int, g_1: int, g_2: int, rate: float, rho: float) -> str:
    return (
        r"RMSProp: $s\leftarrow\rho s+(1-\rho)g^2$, then $w\leftarrow w-\eta\,g/\sqrt{s}$, with "
        rf"$\rho={decimal(rho, 1)}$, $\eta={decimal(rate, 1)}$, $\varepsilon=0$, no correction, "
        rf"$s=0$ and $w={w}$ at the start. The gradients of the first two steps are $g_1={g_1}$ "
        rf"and $g_2={g_2}$. Give $w$ after both."
    )


def question_lion(givens: dict[str, Any]) -> str:
    rate, decay, beta_1, beta_2 = (
        decimal(float(givens[n]), p)
        for n, p in (("rate", 1), ("decay", 1), ("beta_1", 1), ("beta_2", 2))
    )
    return (
        r"Lion: $c=\beta_1m+(1-\beta_1)g$, then "
        r"$w\leftarrow w-\eta\,(\mathrm{sign}(c)+\lambda w)$, then "
        r"$m\leftarrow\beta_2m+(1-\beta_2)g$. Here "
        rf"$\beta_1={beta_1}$, $\beta_2={beta_2}$, $\eta={rate}$, $\lambda={decay}$; now "
        rf"$w={givens['w']}$, $m={decimal(float(givens['m']), 1)}$ and the gradient is "
        rf"$g={givens['g']}$. Give the new $w$ and the new $m$."
    )


def sign(x: Any) -> int:
    return 1 if x > 0 else -1


STEPS = (
    Step(
        "first",
        "First step: the gradient over its own size",
        "w_1",
        r"w-\eta\,\frac{g_1}{\sqrt{g_1^2}}",
        lambda w, rate, g_1: w - rate * sign(g_1),
        lambda w, rate, g_1: rf"{w}-{cell(rate)}\cdot {factor(sign(g_1))}",
        levels=(1,),
    ),
    Step(
        "squares",
        "Sum of both squares",
        "s_2",
        "g_1^2+g_2^2",
        lambda g_1, g_2: g_1 * g_1 + g_2 * g_2,
        lambda g_1, g_2: rf"{factor(g_1)}^2+{factor(g_2)}^2",
        levels=(1,),
    ),
    Step(
        "result",
        "Second step",
        "w_2",
        r"w_1-\eta\,\frac{g_2}{\sqrt{s_2}}",
        lambda first, rate, g_2, squares: first - rate * divide(g_2, sqrt(squares)),
        lambda first, rate, g_2, squares: (
            rf"{cell(first)}-{cell(rate)}\cdot\frac{{{g_2}}}{{{cell(sqrt(squares))}}}"
        ),
        levels=(1,),
    ),
    Step(
        "first",
        "First step",
        "w_1",
        r"w-\eta\,\frac{g_1}{\sqrt{(1-\rho)g_1^2}}",
        lambda w, rate, g_1, rho: w - rate * g_1 / math.sqrt((1 - rho) * g_1 * g_1),
        lambda w, rate, g_1, rho: (
            rf"{w}-{decimal(rate, 1)}\cdot\frac{{{g_1}}}"
            rf"{{\sqrt{{{decimal(1 - rho, 1)}\cdot {factor(g_1)}^2}}}}"
        ),
        levels=(2,),
    ),
    Step(
        "mean",
        "Running mean of the squares",
        "s_2",
        r"\rho\,(1-\rho)\,g_1^2+(1-\rho)\,g_2^2",
        lambda rho, g_1, g_2: rho * (1 - rho) * g_1 * g_1 + (1 - rho) * g_2 * g_2,
        lambda rho, g_1, g_2: (
            rf"{decimal(rho, 1)}\cdot {decimal(1 - rho, 1)}\cdot {factor(g_1)}^2"
            rf"+{decimal(1 - rho, 1)}\cdot {factor(g_2)}^2"
        ),
        levels=(2,),
    ),
    Step(
        "result",
        "Second step",
        "w_2",
        r"w_1-\eta\,\frac{g_2}{\sqrt{s_2}}",
        lambda first, rate, g_2, mean: first - rate * g_2 / math.sqrt(mean),
        lambda first, rate, g_2, mean: (
            rf"{cell(first)}-{decimal(rate, 1)}\cdot\frac{{{g_2}}}{{\sqrt{{{cell(mean)}}}}}"
        ),
        levels=(2,),
    ),
    Step(
        "ahead",
        "The velocity with the new gradient, for the direction",
        "c",
        r"\beta_1m+(1-\beta_1)g",
        lambda beta_1, m, g: beta_1 * m + (1 - beta_1) * g,
        lambda beta_1, m, g: (
            rf"{cell(beta_1)}\cdot {factor(m)}+{cell(1 - beta_1)}\cdot {factor(g)}"
        ),
        levels=(3,),
    ),
    Step(
        "after",
        "The step: its sign, and the decay",
        "w'",
        r"w-\eta\,(\mathrm{sign}(c)+\lambda w)",
        lambda w, rate, ahead, decay: w - rate * (sign(ahead) + decay * w),
        lambda w, rate, ahead, decay: (
            rf"{w}-{cell(rate)}\cdot({sign(ahead)}+{cell(decay)}\cdot {factor(w)})"
        ),
        levels=(3,),
    ),
    Step(
        "velocity",
        "The velocity kept",
        "m'",
        r"\beta_2m+(1-\beta_2)g",
        lambda beta_2, m, g: beta_2 * m + (1 - beta_2) * g,
        lambda beta_2, m, g: (
            rf"{cell(beta_2)}\cdot {factor(m)}+{cell(1 - beta_2)}\cdot {factor(g)}"
        ),
        levels=(3,),
    ),
    Step(
        "result",
        "Both together",
        "(w',\\ m')",
        "(w',\\ m')",
        lambda after, velocity: [after, velocity],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "squares-not-summed",
        "squares",
        lambda g_2: g_2 * g_2,
        "You divided by the last gradient's size alone; AdaGrad sums all squares so far.",
        cause="sum",
    ),
    Mistake(
        "mean-of-the-squares",
        "squares",
        lambda g_1, g_2: (g_1 * g_1 + g_2 * g_2) / 2,
        "You took the mean of the squares; AdaGrad takes their sum.",
        cause="sum",
    ),
    Mistake(
        "root-left-out",
        "result",
        lambda first, rate, g_2, squares: first - rate * g_2 / squares,
        "You divided by the sum of squares; it is under a root.",
        cause="root",
    ),
    Mistake(
        "plain-steps",
        "result",
        lambda w, rate, g_1, g_2: w - rate * (g_1 + g_2),
        "You made plain steps; each gradient is divided by the root of the squares.",
        cause="rate",
    ),
    Mistake(
        "uphill",
        "result",
        lambda w, result: 2 * w - result,
        "You added the steps; descent subtracts them.",
        levels=(1, 2),
        cause="sign",
    ),
    Mistake(
        "second-step-only",
        "first",
        lambda w: w,
        "You made the second step only.",
        levels=(1, 2),
        cause="steps",
    ),
    Mistake(
        "squares-summed",
        "mean",
        lambda g_1, g_2: g_1 * g_1 + g_2 * g_2,
        "You summed the squares, as AdaGrad does; RMSProp keeps a running mean.",
        cause="sum",
    ),
    Mistake(
        "corrected",
        "mean",
        lambda mean, rho: mean / (1 - rho * rho),
        "You corrected the mean, as Adam does; here it is used as it is.",
        cause="correction",
    ),
    Mistake(
        "old-square-forgotten",
        "mean",
        lambda rho, g_2: (1 - rho) * g_2 * g_2,
        "You forgot the square of the first gradient.",
        cause="sum",
    ),
    Mistake(
        "shares-exchanged",
        "mean",
        lambda rho, g_1, g_2: (1 - rho) * rho * g_1 * g_1 + rho * g_2 * g_2,
        r"You exchanged the shares: the new square counts with $1-\rho$.",
        cause="shares",
    ),
    Mistake(
        "sign-of-the-velocity",
        "ahead",
        lambda m: m,
        "You took the sign of the velocity; the new gradient is mixed in first.",
        cause="direction",
    ),
    Mistake(
        "shares-exchanged",
        "velocity",
        lambda beta_2, m, g: (1 - beta_2) * m + beta_2 * g,
        r"You exchanged the shares: the velocity keeps $\beta_2$.",
        levels=(3,),
        cause="shares",
    ),
    Mistake(
        "same-mixture-twice",
        "velocity",
        lambda ahead: ahead,
        r"You kept $c$ as the velocity; that one is mixed with $\beta_2$.",
        cause="velocity",
    ),
    Mistake(
        "size-for-sign",
        "after",
        lambda w, rate, ahead, decay: w - rate * (ahead + decay * w),
        "You used c itself; only its sign counts.",
        cause="direction",
    ),
    Mistake(
        "decay-left-out",
        "after",
        lambda w, rate, ahead: w - rate * sign(ahead),
        "You left out the decay.",
        cause="decay",
    ),
    Mistake(
        "decay-without-rate",
        "after",
        lambda w, rate, ahead, decay: w - rate * sign(ahead) - decay * w,
        r"You subtracted $\lambda w$ whole; the rate belongs to it.",
        cause="decay",
    ),
)

FAMILIES = (
    Family(
        name="adaptive-rates",
        version=1,
        title="AdaGrad, RMSProp, Lion",
        topic="gradient descent and optimisers",
        says="Steps measured by the squares of past gradients, or by their sign alone.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_ada, 2: question_rms, 3: question_lion},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        convention={3: "w first"},
        fine=fine,
        items=("N2.26", "N2.31"),
    ),
)
