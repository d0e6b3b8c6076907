"""Spread of initial weights and signals: He and Xavier, a stack of layers, residual branches."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, number


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        root = dice.pick([2, 3, 4, 5, 6, 8, 10, 12, 16, 20])
        fan_in, other = 2 * root * root, dice.pick([2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 25])
        fan_out = 2 * other * other - fan_in
        return {"fan_in": fan_in, "fan_out": fan_out} if fan_out > 0 else None
    if level == 2:
        width = 4 ** dice.pick([2, 3, 4])
        top = dice.pick([1, 3, 5, 6, 10, 12, 20])
        return {
            "width": width,
            "sigma": Fraction(top, 8 * round(width**0.5)),
            "variance": dice.pick([1, 2, 4]),
            "layers": dice.pick([2, 3]),
        }
    return {
        "variance": dice.pick([1, 2, 3, 4]),
        "branch": Fraction(dice.between(2, 16), 10),
        "blocks": dice.pick([6, 8, 12, 16, 24, 32, 48]),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Widths that differ; layers that change the signal."""
    if level == 1:
        return bool(givens["fan_in"] != givens["fan_out"])
    if level == 2:
        return bool(abs(givens["gain"] - 1) > 0.05)
    return True


def question_names(fan_in: int, fan_out: int) -> str:
    return (
        rf"A layer has ${fan_in}$ inputs and ${fan_out}$ outputs. Give the standard deviation of "
        r"its initial weights by He (for ReLU, from the inputs) and by Xavier (from both widths)."
    )


def question_stack(width: int, sigma: Fraction, variance: int, layers: int) -> str:
    return (
        rf"A stack of {layers} linear layers of width ${width}$ without bias has independent "
        rf"weights of mean 0 and standard deviation ${number(sigma)}$. The components of the "
        rf"input are independent, of mean 0 and variance ${variance}$. Give the variance of a "
        r"component of the output."
    )


def question_residual(variance: int, branch: Fraction, blocks: int) -> str:
    return (
        rf"A residual stream starts with variance ${variance}$ a component. Each of "
        rf"${blocks}$ blocks adds two branches, attention and network, each independent of the "
        rf"rest with variance ${decimal(float(branch), 1)}$. Give the standard deviation of a "
        r"component at the end: as it is, then with every branch's output multiplied by "
        rf"$1/\sqrt{{2N}}$, where $N={blocks}$."
    )


STEPS = (
    Step(
        "he",
        "He: twice over the inputs, because ReLU drops half",
        r"\sigma_{He}",
        r"\sqrt{\frac{2}{n_{in}}}",
        lambda fan_in: sqrt(divide(2, fan_in)),
        lambda fan_in: rf"\sqrt{{\frac{{2}}{{{fan_in}}}}}",
        levels=(1,),
    ),
    Step(
        "xavier",
        "Xavier: between what inputs and outputs would want",
        r"\sigma_{Xavier}",
        r"\sqrt{\frac{2}{n_{in}+n_{out}}}",
        lambda fan_in, fan_out: sqrt(divide(2, fan_in + fan_out)),
        lambda fan_in, fan_out: rf"\sqrt{{\frac{{2}}{{{fan_in}+{fan_out}}}}}",
        levels=(1,),
    ),
    Step(
        "both",
        "Both together",
        r"(\sigma_{He},\ \sigma_{Xavier})",
        r"(\sigma_{He},\ \sigma_{Xavier})",
        lambda he, xavier: [he, xavier],
        levels=(1,),
    ),
    Step(
        "gain",
        "Factor of a layer: variances of as many products as there are inputs add up",
        "g",
        r"n\,\sigma^2",
        lambda width, sigma: width * sigma**2,
        lambda width, sigma: rf"{width}\cdot\left({number(sigma)}\right)^2",
        levels=(2,),
    ),
    Step(
        "output",
        "Through all layers",
        r"\mathrm{Var}(y)",
        r"g^L\,\mathrm{Var}(x)",
        lambda gain, layers, variance: gain**layers * variance,
        lambda gain, layers, variance: rf"\left({cell(gain)}\right)^{{{layers}}}\cdot {variance}",
        levels=(2,),
    ),
    Step(
        "plain",
        "Variance at the end: variances of independent terms add up",
        r"v_1",
        r"v+2N\,b",
        lambda variance, branch, blocks: variance + 2 * blocks * branch,
        lambda variance, branch, blocks: rf"{variance}+2\cdot {blocks}\cdot {branch}",
        levels=(3,),
    ),
    Step(
        "scaled",
        "The same with branches scaled: each variance is divided by 2N",
        r"v_2",
        r"v+2N\,\frac{b}{2N}=v+b",
        lambda variance, branch: variance + branch,
        lambda variance, branch: rf"{variance}+{branch}",
        levels=(3,),
    ),
    Step(
        "both",
        "Standard deviations: the roots",
        r"(\sigma_1,\ \sigma_2)",
        r"\left(\sqrt{v_1},\ \sqrt{v_2}\right)",
        lambda plain, scaled: [sqrt(plain), sqrt(scaled)],
        lambda plain: rf"\sqrt{{{cell(plain)}}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "he-without-two",
        "he",
        lambda fan_in: sqrt(divide(1, fan_in)),
        r"You used $1/n_{in}$ for He; ReLU halves the second moment, so it is $2/n_{in}$.",
        cause="factor",
    ),
    Mistake(
        "he-from-outputs",
        "he",
        lambda fan_out: sqrt(divide(2, fan_out)),
        "You took the outputs for He; going forward the sum runs over the inputs.",
        levels=(1,),
        cause="width",
    ),
    Mistake(
        "variances-for-deviations",
        "both",
        lambda fan_in, fan_out: [divide(2, fan_in), divide(2, fan_in + fan_out)],
        "You gave variances; the standard deviation is their root.",
        levels=(1,),
        cause="root",
    ),
    Mistake(
        "xavier-without-two",
        "xavier",
        lambda fan_in, fan_out: sqrt(divide(1, fan_in + fan_out)),
        r"You left out the 2: Xavier takes the mean of both widths, $2/(n_{in}+n_{out})$.",
        levels=(1,),
        cause="factor",
    ),
    Mistake(
        "xavier-uniform-limit",
        "xavier",
        lambda fan_in, fan_out: sqrt(divide(6, fan_in + fan_out)),
        r"You gave $\sqrt{6/(n_{in}+n_{out})}$, the limit of a uniform draw, not its deviation.",
        levels=(1,),
        cause="factor",
    ),
    Mistake(
        "order-exchanged",
        "both",
        lambda he, xavier: [xavier, he],
        "The two are exchanged: first He, then Xavier.",
        levels=(1,),
        cause="order",
    ),
    Mistake(
        "deviation-not-squared",
        "gain",
        lambda width, sigma: width * sigma,
        "You used the standard deviation; variances multiply, so it is squared.",
        levels=(2,),
        cause="root",
    ),
    Mistake(
        "width-left-out",
        "gain",
        lambda sigma: sigma**2,
        "You left out the width: every input adds its variance.",
        levels=(2,),
        cause="width",
    ),
    Mistake(
        "width-rooted",
        "gain",
        lambda width, sigma: sqrt(width) * sigma**2,
        "You took the root of the width; variances of independent terms add up whole.",
        levels=(2,),
        cause="width",
    ),
    Mistake(
        "one-layer",
        "output",
        lambda gain, variance: gain * variance,
        "You went through one layer only.",
        levels=(2,),
        cause="layers",
    ),
    Mistake(
        "layers-added",
        "output",
        lambda gain, layers, variance: gain * layers * variance,
        "You multiplied by the number of layers; each layer multiplies by its factor.",
        levels=(2,),
        cause="layers",
    ),
    Mistake(
        "one-branch-a-block",
        "plain",
        lambda variance, branch, blocks: variance + blocks * branch,
        "You counted one branch a block; there are two.",
        levels=(3,),
        cause="branches",
    ),
    Mistake(
        "start-left-out",
        "plain",
        lambda branch, blocks: 2 * blocks * branch,
        "You left out the variance the stream starts with.",
        levels=(3,),
        cause="branches",
    ),
    Mistake(
        "variances-for-deviations",
        "both",
        lambda plain, scaled: [plain, scaled],
        "You gave variances; the standard deviation is their root.",
        levels=(3,),
        cause="root",
    ),
    Mistake(
        "scale-not-squared",
        "scaled",
        lambda variance, branch, blocks: variance + sqrt(2 * blocks) * branch,
        r"You divided the variances by $\sqrt{2N}$; a factor acts on a variance by its square.",
        levels=(3,),
        cause="root",
    ),
    Mistake(
        "whole-stream-scaled",
        "scaled",
        lambda plain, blocks: plain / (2 * blocks),
        "You scaled the whole stream; only the branches are scaled, the stream goes on as it is.",
        levels=(3,),
        cause="branches",
    ),
    Mistake(
        "deviations-added",
        "plain",
        lambda variance, branch, blocks: (sqrt(variance) + 2 * blocks * sqrt(branch)) ** 2,
        "You added standard deviations; for independent terms it is the variances that add.",
        levels=(3,),
        cause="root",
    ),
)

FAMILIES = (
    Family(
        name="initialisation",
        version=1,
        title="Spread of weights and signals",
        topic="normalisation and blocks",
        says="How wide to draw weights, and what layers and branches make of a variance.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_names, 2: question_stack, 3: question_residual},
        precision={1: Exact(), 2: Exact(), 3: Places(2)},
        convention="",
        fine=fine,
        items=("N4.8",),
    ),
)
