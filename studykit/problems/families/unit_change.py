"""Derivative against the change over a whole step: a parabola, a cubic, then any step."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import decimal, factor


def draws(dice: Dice, level: int) -> dict[str, Any]:
    return {
        "a": dice.pick([-1, 1, 2]) if level > 1 else 0,
        "b": dice.between(-4, 5),
        "c": dice.between(-6, 6),
        "w": dice.between(-4, 4),
        "h": Fraction(dice.pick([-5, -2, -1, 1, 2, 5]), 10) if level == 3 else 1,
    }


def fine(b: int, c: int, w: int, slope: Any, change: Any) -> bool:
    """All terms there, a slope and a change that are neither 0 nor alike nor large."""
    if not (b and c and w and slope and change):
        return False
    return bool(abs(slope) <= 60 and abs(change) <= 90 and change != slope)


def question_unit(a: int, b: int, c: int, w: int) -> str:
    return (
        rf"The loss is $L(w)={polynomial(a, b, c)}$. At $w={w}$, give the derivative $L'(w)$ and "
        r"the change $L(w+1)-L(w)$ when $w$ grows by 1."
    )


def question_step(a: int, b: int, c: int, w: int, h: Fraction) -> str:
    return (
        rf"The loss is $L(w)={polynomial(a, b, c)}$. From $w={w}$ a step "
        rf"$h={decimal(float(h), 1)}$ is made. Give the first-order estimate of the change of the "
        r"loss, the true change $L(w+h)-L(w)$, and the error: true change less estimate."
    )


def polynomial(a: int, b: int, c: int) -> str:
    text = ""
    for coefficient, power in ((a, "w^3"), (b, "w^2"), (c, "w")):
        if coefficient:
            size = "" if abs(coefficient) == 1 else str(abs(coefficient))
            sign = "-" if coefficient < 0 else "+" if text else ""
            text += f"{sign}{size}{power}"
    return text


def loss(a: Any, b: Any, c: Any, w: Any) -> Any:
    return a * w**3 + b * w**2 + c * w


STEPS = (
    Step(
        "slope",
        "Derivative",
        "L'(w)",
        "3aw^2+2bw+c",
        lambda a, b, c, w: 3 * a * w**2 + 2 * b * w + c,
        lambda a, b, c, w: (
            rf"3\cdot {factor(a)}\cdot {factor(w)}^2+2\cdot {factor(b)}\cdot {factor(w)}"
            rf"+{factor(c)}"
        ),
    ),
    Step(
        "here",
        "Loss here",
        "L(w)",
        "aw^3+bw^2+cw",
        lambda a, b, c, w: loss(a, b, c, w),
        lambda a, b, c, w: (
            rf"{factor(a)}\cdot {factor(w)}^3+{factor(b)}\cdot {factor(w)}^2"
            rf"+{factor(c)}\cdot {factor(w)}"
        ),
    ),
    Step(
        "there",
        "Loss after the step",
        "L(w+h)",
        "a(w+h)^3+b(w+h)^2+c(w+h)",
        lambda a, b, c, w, h: loss(a, b, c, w + h),
        lambda w, h: rf"L\left({w + h}\right)",
    ),
    Step(
        "change",
        "True change",
        r"\Delta L",
        "L(w+h)-L(w)",
        lambda here, there: there - here,
        lambda here, there: rf"{there}-{factor(here)}",
    ),
    Step(
        "estimate",
        "First-order estimate",
        r"\hat\Delta",
        "L'(w)\\,h",
        lambda slope, h: slope * h,
        lambda slope, h: rf"{factor(slope)}\cdot {factor(h)}",
        levels=(3,),
    ),
    Step(
        "error",
        "Error of the estimate",
        "e",
        r"\Delta L-\hat\Delta",
        lambda change, estimate: change - estimate,
        lambda change, estimate: rf"{change}-{factor(estimate)}",
        levels=(3,),
    ),
    Step(
        "all",
        "Both together",
        r"(L'(w),\ \Delta L)",
        r"(L'(w),\ \Delta L)",
        lambda slope, change: [slope, change],
        levels=(1, 2),
    ),
    Step(
        "all",
        "All three",
        r"(\hat\Delta,\ \Delta L,\ e)",
        r"(\hat\Delta,\ \Delta L,\ e)",
        lambda estimate, change, error: [estimate, change, error],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "change-is-slope",
        "change",
        lambda slope, h: slope * h,
        "You took the derivative for the change; a curved loss departs from its tangent.",
        cause="tangent",
    ),
    Mistake(
        "slope-is-change",
        "slope",
        lambda change: change,
        "You took the change over a step of 1 for the derivative.",
        levels=(1, 2),
        cause="tangent",
    ),
    Mistake(
        "loss-for-change",
        "change",
        lambda there: there,
        "You gave the loss after the step; its value before is still to be subtracted.",
        cause="change",
    ),
    Mistake(
        "change-turned-round",
        "change",
        lambda change: -change,
        "You subtracted the new loss from the old one.",
        cause="sign",
    ),
    Mistake(
        "step-back",
        "there",
        lambda a, b, c, w, h: loss(a, b, c, w - h),
        "You stepped to the other side.",
        cause="sign",
    ),
    Mistake(
        "power-not-brought-down",
        "slope",
        lambda a, b, c, w: a * w**2 + b * w + c,
        "You lowered the powers without bringing them down as factors.",
        cause="derivative",
    ),
    Mistake(
        "linear-term-left-out",
        "slope",
        lambda slope, c: slope - c,
        "You left out the derivative of the linear term.",
        cause="derivative",
    ),
    Mistake(
        "power-not-lowered",
        "slope",
        lambda a, b, c, w: 3 * a * w**3 + 2 * b * w**2 + c * w,
        "You brought the powers down but did not lower them.",
        when=lambda w: w != 1,
        cause="derivative",
    ),
    Mistake(
        "slope-at-the-end",
        "slope",
        lambda a, b, c, w, h: 3 * a * (w + h) ** 2 + 2 * b * (w + h) + c,
        "You took the derivative where the step ends; it belongs to where it starts.",
        cause="derivative",
    ),
    Mistake(
        "cube-taken-for-square",
        "there",
        lambda a, b, c, w, h: a * (w**3 + h**3) + b * (w**2 + h**2) + c * (w + h),
        r"You raised $w$ and $h$ one by one; $(w+h)^2$ has mixed terms as well.",
        cause="power",
    ),
    Mistake(
        "step-left-out",
        "estimate",
        lambda slope: slope,
        "You gave the derivative; the estimate multiplies it by the step.",
        levels=(3,),
        cause="step",
    ),
    Mistake(
        "error-turned-round",
        "error",
        lambda error: -error,
        "You subtracted the other way round: the error is true change less estimate.",
        levels=(3,),
        cause="sign",
    ),
    Mistake(
        "order-exchanged",
        "all",
        lambda slope, change: [change, slope],
        "The two are exchanged: first the derivative, then the change.",
        levels=(1, 2),
        cause="order",
    ),
)

FAMILIES = (
    Family(
        name="unit-change",
        version=1,
        title="Derivative against a whole step",
        topic="gradient descent and optimisers",
        says="The derivative is a slope, not what the loss changes by over a step.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_unit, 2: question_unit, 3: question_step},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="in this order",
        fine=fine,
        items=("N2.37", "N2.38"),
    ),
)
