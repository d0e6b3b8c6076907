"""Checking a gradient by differences: the central estimate, its error, the best step."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Figures
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, number


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        return {
            "curve": dice.pick([2, 3, 5, 6, 12, 20, 30, 40]),
            "noise": dice.pick([1, 2, 4, 5, 8]),
            "power": dice.pick([7, 8, 12, 13, 15, 16]),
        }
    return {
        "a": dice.pick([-3, -2, -1, 1, 2, 3]),
        "b": dice.between(-4, 4),
        "w": dice.between(-3, 4),
        "h": dice.pick([1, 2, Fraction(1, 2)] if level == 1 else [Fraction(1, 2), Fraction(1, 10)]),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """A slope that is there, and an estimate that is off."""
    if level == 3:
        return True
    return bool(givens["w"] and givens["b"] and abs(givens["down"]) < 400)


def question_estimate(a: int, b: int, w: int, h: Any) -> str:
    return (
        rf"Estimate the derivative of $L(w)={_cubic(a, b)}$ at $w={w}$ by the central difference "
        rf"with $h={number(h)}$."
    )


def question_errors(a: int, b: int, w: int, h: Any) -> str:
    return (
        rf"The derivative of $L(w)={_cubic(a, b)}$ at $w={w}$ is estimated with $h={number(h)}$: "
        r"by the forward difference $\frac{L(w+h)-L(w)}{h}$ and by the central difference "
        r"$\frac{L(w+h)-L(w-h)}{2h}$. Give the error of each, estimate less derivative."
    )


def question_best(curve: int, noise: int, power: int) -> str:
    return (
        r"A gradient is checked by central differences. Their error is at most "
        r"$E(h)=\frac{M}{6}h^2+\frac{\delta}{h}$: the first part from cutting off the series, "
        rf"the second from rounding. Here $M={curve}$ and $\delta={noise}\cdot 10^{{-{power}}}$. "
        r"Which step $h$ makes $E$ smallest?"
    )


def _cubic(a: int, b: int) -> str:
    first = {1: "w^3", -1: "-w^3"}.get(a, f"{a}w^3")
    second = {1: "w^2", -1: "w^2"}.get(b, f"{abs(b)}w^2")
    return f"{first}{'+' if b > 0 else '-'}{second}"


def loss(a: Any, b: Any, w: Any) -> Any:
    return a * w**3 + b * w**2


def slope(a: Any, b: Any, w: Any) -> Any:
    return 3 * a * w**2 + 2 * b * w


STEPS = (
    Step(
        "up",
        "Loss above",
        "L(w+h)",
        "L(w+h)",
        lambda a, b, w, h: loss(a, b, w + h),
        levels=(1, 2),
    ),
    Step(
        "down",
        "Loss below",
        "L(w-h)",
        "L(w-h)",
        lambda a, b, w, h: loss(a, b, w - h),
        levels=(1, 2),
    ),
    Step(
        "central",
        "Central difference",
        "c",
        r"\frac{L(w+h)-L(w-h)}{2h}",
        lambda up, down, h: (up - down) / (2 * h),
        lambda up, down, h: rf"\frac{{{cell(up)}-{factor(down)}}}{{{cell(2 * h)}}}",
        levels=(1, 2),
    ),
    Step(
        "here",
        "Loss in between",
        "L(w)",
        "L(w)",
        lambda a, b, w: loss(a, b, w),
        levels=(2,),
    ),
    Step(
        "forward",
        "Forward difference",
        "f",
        r"\frac{L(w+h)-L(w)}{h}",
        lambda up, here, h: (up - here) / h,
        lambda up, here, h: rf"\frac{{{cell(up)}-{factor(here)}}}{{{cell(h)}}}",
        levels=(2,),
    ),
    Step(
        "slope",
        "Derivative",
        "L'(w)",
        "L'(w)",
        lambda a, b, w: slope(a, b, w),
        levels=(2,),
    ),
    Step(
        "errors",
        "What each is off by",
        r"\left(f-L',\ c-L'\right)",
        r"\left(f-L'(w),\ c-L'(w)\right)",
        lambda forward, central, slope: [forward - slope, central - slope],
        lambda forward, slope: f"{cell(forward)}-{factor(slope)}",
        levels=(2,),
    ),
    Step(
        "cube",
        r"Where the derivative of E is 0: $\frac{M}{3}h=\frac{\delta}{h^2}$",
        "h^3",
        r"\frac{3\delta}{M}",
        lambda noise, power, curve: 3 * noise * 10.0**-power / curve,
        lambda noise, power, curve: rf"\frac{{3\cdot {noise}\cdot 10^{{-{power}}}}}{{{curve}}}",
        levels=(3,),
    ),
    Step(
        "best",
        "Its cube root",
        "h",
        r"\sqrt[3]{\frac{3\delta}{M}}",
        lambda cube: cube ** (1 / 3),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "forward-difference",
        "central",
        lambda a, b, w, h: (loss(a, b, w + h) - loss(a, b, w)) / h,
        "You took the forward difference; the central one goes to both sides.",
        levels=(1,),
        cause="sides",
    ),
    Mistake(
        "backward-difference",
        "central",
        lambda a, b, w, h: (loss(a, b, w) - loss(a, b, w - h)) / h,
        "You took the backward difference; the central one goes to both sides.",
        levels=(1,),
        cause="sides",
    ),
    Mistake(
        "divided-by-h",
        "central",
        lambda up, down, h: (up - down) / h,
        r"You divided by $h$; the two points lie $2h$ apart.",
        cause="divisor",
    ),
    Mistake(
        "derivative-itself",
        "central",
        lambda a, b, w: slope(a, b, w),
        "You gave the derivative; the estimate was asked for, and it is a little off.",
        levels=(1,),
        cause="estimate",
    ),
    Mistake(
        "not-divided",
        "central",
        lambda up, down: up - down,
        r"You gave the difference; it is divided by $2h$.",
        when=lambda h: h != 0.5,
        cause="divisor",
    ),
    Mistake(
        "turned-round",
        "central",
        lambda central: -central,
        "You subtracted the upper value from the lower one.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "order-exchanged",
        "errors",
        lambda errors: list(reversed(errors)),
        "You gave the central difference first.",
        cause="order",
    ),
    Mistake(
        "sign-of-the-errors",
        "errors",
        lambda errors: [-x for x in errors],
        "You subtracted the estimate from the derivative; it is the other way round.",
        cause="sign",
    ),
    Mistake(
        "estimates-given",
        "errors",
        lambda forward, central: [forward, central],
        "You gave the estimates; their errors were asked for.",
        cause="stopped",
    ),
    Mistake(
        "backward-for-forward",
        "forward",
        lambda here, down, h: (here - down) / h,
        "You took the backward difference; the forward one uses $w+h$.",
        cause="sides",
    ),
    Mistake(
        "square-left-out-of-the-slope",
        "slope",
        lambda a, b, w: 3 * a * w**2 + b * w,
        r"You left out the factor 2 in the derivative of $w^2$.",
        cause="derivative",
    ),
    Mistake(
        "square-root",
        "best",
        lambda cube: cube**0.5,
        r"You took the square root; $h$ stands in the third power.",
        cause="root",
    ),
    Mistake(
        "three-left-out",
        "cube",
        lambda noise, power, curve: noise * 10.0**-power / curve,
        r"You left out the 3: the derivative of $\frac{M}{6}h^2$ is $\frac{M}{3}h$.",
        cause="derivative",
    ),
    Mistake(
        "parts-set-equal",
        "cube",
        lambda noise, power, curve: 6 * noise * 10.0**-power / curve,
        "You set both parts equal; where their sum is smallest its derivative is 0.",
        cause="derivative",
    ),
    Mistake(
        "upside-down",
        "cube",
        lambda noise, power, curve: curve * 10.0**-power / (3 * noise),
        r"You exchanged $M$ and $3\delta$ in the quotient.",
        when=lambda curve, noise: curve != 3 * noise,
        cause="quotient",
    ),
    Mistake(
        "stopped-at-the-cube",
        "best",
        lambda cube: cube,
        r"You gave $h^3$; its cube root was asked for.",
        cause="stopped",
    ),
)

FAMILIES = (
    Family(
        name="finite-difference",
        version=1,
        title="Gradient check by differences",
        topic="gradient descent and optimisers",
        says="Central differences, how far they are off, and the step that suits them best.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_estimate, 2: question_errors, 3: question_best},
        precision={1: Exact(), 2: Exact(), 3: Figures(3)},
        convention={2: "the forward difference first"},
        fine=fine,
        items=("N2.37", "N2.38", "N2.20"),
    ),
)
