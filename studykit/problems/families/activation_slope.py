"""Slopes of activations at numbers: sigmoid and tanh exactly, then SiLU, then GELU."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems import arithmetic
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, exp, ln
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor, number


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        asked = dice.pick(["sigmoid_slope", "tanh_slope"])
        top = dice.pick([2, 3, 4, 5, 6, 7, 8, 9] if asked == "sigmoid_slope" else [2, 3, 5, 7])
        a = Fraction(top, dice.pick([1, 1, 2, 3]))
        return {"z": ln(a if dice.below(2) else 1 / a) if a != 1 else ln(2), "asked": asked}
    z = dice.pick([1, -1]) * dice.between(2, 20)
    if level == 2:
        return {"z": Fraction(z, 10)}
    cumulative = (1 + math.erf(z / 10 / math.sqrt(2))) / 2
    return {"z": Fraction(z, 10), "share": Fraction(round(cumulative * 10_000), 10_000)}


def question_log(z: Any, asked: str) -> str:
    name = (
        r"the sigmoid $\sigma(z)=\frac{1}{1+e^{-z}}$"
        if asked == "sigmoid_slope"
        else r"the hyperbolic tangent $\tanh z=\frac{e^{z}-e^{-z}}{e^{z}+e^{-z}}$"
    )
    return rf"Give the slope of {name} at $z={number(z)}$."


def question_silu(z: Fraction) -> str:
    return (
        r"Give the slope of $\mathrm{silu}(z)=z\,\sigma(z)$, with $\sigma(z)=1/(1+e^{-z})$, at "
        rf"$z={decimal(float(z), 1)}$."
    )


def question_gelu(z: Fraction, share: Fraction) -> str:
    return (
        r"GELU is $z\,\Phi(z)$, where $\Phi$ is the distribution function of the standard normal "
        r"distribution and $\varphi(z)=\frac{1}{\sqrt{2\pi}}\,e^{-z^2/2}$ its density. Give the "
        rf"slope of GELU at $z={decimal(float(z), 1)}$, where "
        rf"$\Phi(z)={decimal(float(share), 4)}$."
    )


def tanh_at(z: Any) -> Any:
    up, down = exp(z), exp(-z)
    return divide(up - down, up + down)


def density(z: Any) -> float:
    return math.exp(-(float(z) ** 2) / 2) / math.sqrt(2 * math.pi)


STEPS = (
    Step(
        "sigmoid",
        "The sigmoid there",
        r"\sigma",
        r"\frac{1}{1+e^{-z}}",
        arithmetic.sigmoid,
        lambda z: rf"\frac{{1}}{{1+{number(exp(-z))}}}",
        levels=(1, 2),
    ),
    Step(
        "sigmoid_slope",
        "Its slope, from its value",
        r"\sigma'(z)",
        r"\sigma\,(1-\sigma)",
        lambda sigmoid: sigmoid * (1 - sigmoid),
        lambda sigmoid: rf"{cell(sigmoid)}\cdot\left(1-{cell(sigmoid)}\right)",
        levels=(1,),
    ),
    Step(
        "tanh",
        "The hyperbolic tangent there",
        "t",
        r"\frac{e^{z}-e^{-z}}{e^{z}+e^{-z}}",
        tanh_at,
        lambda z: rf"\frac{{{cell(exp(z))}-{cell(exp(-z))}}}{{{cell(exp(z))}+{cell(exp(-z))}}}",
        levels=(1,),
    ),
    Step(
        "tanh_slope",
        "Its slope, from its value",
        r"\tanh'(z)",
        "1-t^2",
        lambda tanh: 1 - tanh * tanh,
        lambda tanh: rf"1-\left({cell(tanh)}\right)^2",
        levels=(1,),
    ),
    Step(
        "slope",
        "Product rule",
        r"\mathrm{silu}'(z)",
        r"\sigma+z\,\sigma\,(1-\sigma)",
        lambda z, sigmoid: sigmoid + z * sigmoid * (1 - sigmoid),
        lambda z, sigmoid: (
            rf"{cell(sigmoid)}+{factor(float(z), 1)}\cdot {cell(sigmoid)}\cdot(1-{cell(sigmoid)})"
        ),
        levels=(2,),
    ),
    Step(
        "density",
        "Density there",
        r"\varphi",
        r"\frac{1}{\sqrt{2\pi}}\,e^{-z^2/2}",
        density,
        lambda z: rf"\frac{{1}}{{\sqrt{{2\pi}}}}\,e^{{-{factor(float(z), 1)}^2/2}}",
        levels=(3,),
        takes=("z",),
    ),
    Step(
        "slope",
        "Product rule",
        r"\mathrm{gelu}'(z)",
        r"\Phi+z\,\varphi",
        lambda z, share, density: share + z * density,
        lambda z, share, density: (
            rf"{decimal(float(share), 4)}+{factor(float(z), 1)}\cdot {cell(density)}"
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "value-for-slope",
        "sigmoid_slope",
        lambda sigmoid: sigmoid,
        "You gave the value of the sigmoid; its slope was asked for.",
        cause="stopped",
    ),
    Mistake(
        "complement-only",
        "sigmoid_slope",
        lambda sigmoid: 1 - sigmoid,
        r"You gave $1-\sigma$; the slope is $\sigma(1-\sigma)$.",
        cause="rule",
    ),
    Mistake(
        "tanh-rule",
        "sigmoid_slope",
        lambda sigmoid: 1 - sigmoid * sigmoid,
        r"You used $1-\sigma^2$, the rule of tanh; here it is $\sigma(1-\sigma)$.",
        cause="rule",
    ),
    Mistake(
        "square-of-the-value",
        "sigmoid_slope",
        lambda sigmoid: sigmoid * sigmoid,
        r"You squared the sigmoid; one factor is $1-\sigma$.",
        cause="rule",
    ),
    Mistake(
        "value-for-slope",
        "tanh_slope",
        lambda tanh: tanh,
        "You gave the value of tanh; its slope was asked for.",
        cause="stopped",
    ),
    Mistake(
        "square-left-out",
        "tanh_slope",
        lambda tanh: 1 - tanh,
        r"You gave $1-t$; the slope is $1-t^2$.",
        cause="rule",
    ),
    Mistake(
        "sigmoid-rule",
        "tanh_slope",
        lambda tanh: tanh * (1 - tanh),
        r"You used $t(1-t)$, the rule of the sigmoid; here it is $1-t^2$.",
        cause="rule",
    ),
    Mistake(
        "sign-of-the-square",
        "tanh_slope",
        lambda tanh: 1 + tanh * tanh,
        r"You gave $1+t^2$; the square is subtracted.",
        cause="sign",
    ),
    Mistake(
        "sigmoid-for-tanh",
        "tanh",
        arithmetic.sigmoid,
        "You used the sigmoid; tanh runs from −1 to 1.",
        levels=(1,),
        takes=("z",),
        cause="function",
    ),
    Mistake(
        "sigmoid-only",
        "slope",
        lambda sigmoid: sigmoid,
        r"You gave $\sigma$; the product rule adds $z\,\sigma'$.",
        cause="rule",
    ),
    Mistake(
        "second-term-only",
        "slope",
        lambda z, sigmoid: z * sigmoid * (1 - sigmoid),
        r"You gave $z\,\sigma'$; the product rule adds $\sigma$.",
        cause="rule",
    ),
    Mistake(
        "slope-of-the-sigmoid",
        "slope",
        lambda sigmoid: sigmoid * (1 - sigmoid),
        "You gave the slope of the sigmoid.",
        cause="rule",
    ),
    Mistake(
        "value-for-slope",
        "slope",
        lambda z, sigmoid: z * sigmoid,
        "You gave the value; its slope was asked for.",
        cause="stopped",
    ),
    Mistake(
        "factor-left-out",
        "slope",
        lambda sigmoid: sigmoid + sigmoid * (1 - sigmoid),
        r"You left out the factor $z$ in front of $\sigma'$.",
        when=lambda z: z != 1,
        cause="rule",
    ),
    Mistake(
        "share-only",
        "slope",
        lambda share: share,
        r"You gave $\Phi$; the product rule adds $z\,\varphi$.",
        cause="rule",
    ),
    Mistake(
        "factor-left-out",
        "slope",
        lambda share, density: share + density,
        r"You left out the factor $z$ in front of $\varphi$.",
        when=lambda z: z != 1,
        levels=(3,),
        cause="rule",
    ),
    Mistake(
        "value-for-slope",
        "slope",
        lambda z, share: z * share,
        "You gave the value; its slope was asked for.",
        levels=(3,),
        cause="stopped",
    ),
    Mistake(
        "second-term-only",
        "slope",
        lambda z, density: z * density,
        r"You gave $z\,\varphi$; the product rule adds $\Phi$.",
        levels=(3,),
        cause="rule",
    ),
    Mistake(
        "norming-left-out",
        "density",
        lambda z: math.exp(-(float(z) ** 2) / 2),
        r"You left out $1/\sqrt{2\pi}$ in the density.",
        cause="density",
    ),
    Mistake(
        "half-left-out",
        "density",
        lambda z: math.exp(-(float(z) ** 2)) / math.sqrt(2 * math.pi),
        r"You left out the half in the exponent: it is $-z^2/2$.",
        when=lambda z: abs(z) > 0.3,
        cause="density",
    ),
)

FAMILIES = (
    Family(
        name="activation-slope",
        version=1,
        title="Slopes of activations",
        topic="normalisation and blocks",
        says="Derivatives of sigmoid, tanh, SiLU and GELU at a number.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_log, 2: question_silu, 3: question_gelu},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        asked={1: ("sigmoid_slope", "tanh_slope")},
        items=("N2.20", "N2.37", "N3.39"),
    ),
)
