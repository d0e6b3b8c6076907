"""LayerNorm and RMSNorm of one token: exactly, with a visible ε, then without centring."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, dot
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import added, cell, factor, tuple_of

SQUARE = tuple(
    tuple(row)
    for row in combinations_with_replacement(range(-7, 8), 4)
    if sum(row) == 0 and sum(a * a for a in row) in (16, 36, 64, 100)
)
"""Rows of four whole numbers with mean 0 and standard deviation 2, 3, 4 or 5."""

UNIT_ROOT = ((1, 7), (1, 1, 5), (1, 5, 7), (2, 4, 4, 0), (1, 1, 3, 5), (1, 1, 7, 7), (2, 2, 10, 6))
"""Rows whose root mean square is a whole number."""


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 3:
        x = [a * dice.pick([1, -1]) for a in dice.shuffled(dice.pick(UNIT_ROOT))]
        return {"x": x, "gain": [dice.pick([-2, -1, 2, 3]) for _ in x]}
    n = 4 if level == 1 else dice.pick([3, 4])
    if level == 1:
        move = dice.between(-3, 5)
        x = [a + move for a in dice.shuffled(dice.pick(SQUARE))]
    else:
        x = dice.vector(n, -3, 5)
    given: dict[str, Any] = {
        "x": x,
        "gain": [dice.pick([-2, -1, 2, 3]) for _ in range(n)],
        "bias": [dice.pick([-3, -2, -1, 1, 2, 3]) for _ in range(n)],
    }
    return given if level == 1 else given | {"epsilon": 1}


def fine(x: Vector, level: int) -> bool:
    """Components that differ; centring does something."""
    return len(set(x)) > 1 and sum(x) != 0 and (level == 1 or len(set(map(abs, x))) > 1)


def question(x: Vector, gain: Vector, bias: Vector) -> str:
    return (
        r"Apply LayerNorm to the token $x$, with gain $\gamma$, bias $\beta$ and $\epsilon=0$; the "
        r"variance is that of the population (divided by $n$)."
        rf"$$x={tuple_of(x)}$$$$\gamma={tuple_of(gain)}\qquad\beta={tuple_of(bias)}$$"
    )


def question_epsilon(x: Vector, gain: Vector, bias: Vector) -> str:
    return (
        r"Apply LayerNorm to the token $x$: "
        r"$\gamma\circ\frac{x-\mu}{\sqrt{\sigma^2+\epsilon}}+\beta$, with $\epsilon=1$ and "
        r"the variance of the population (divided by $n$)."
        rf"$$x={tuple_of(x)}$$$$\gamma={tuple_of(gain)}\qquad\beta={tuple_of(bias)}$$"
    )


def question_rms(x: Vector, gain: Vector) -> str:
    return (
        r"Apply RMSNorm to the token $x$, with gain $\gamma$ and $\epsilon=0$."
        rf"$$x={tuple_of(x)}\qquad\gamma={tuple_of(gain)}$$"
    )


def mean_square(x: Vector) -> Any:
    return divide(dot(x, x), len(x))


def over(x: Vector, by: Any) -> Vector:
    return [divide(a, by) for a in x]


STEPS = (
    Step(
        "mean",
        "Mean",
        r"\mu",
        r"\frac{1}{n}\sum_i x_i",
        lambda x: divide(sum(x), len(x)),
        lambda x: rf"\frac{{{added(x)}}}{{{len(x)}}}",
        levels=(1, 2),
    ),
    Step(
        "centred",
        "Deviations from the mean",
        r"x-\mu",
        r"x_i-\mu",
        lambda x, mean: [a - mean for a in x],
        lambda x, mean: rf"{cell(x[0])}-{factor(mean)}",
        levels=(1, 2),
        entry=r"(x-\mu)_i",
    ),
    Step(
        "variance",
        "Variance: their mean square",
        r"\sigma^2",
        r"\frac{1}{n}\sum_i(x_i-\mu)^2",
        lambda centred: mean_square(centred),
        levels=(1, 2),
    ),
    Step(
        "normal",
        "Divided by the standard deviation",
        r"\hat x",
        r"\frac{x-\mu}{\sigma}",
        lambda centred, variance: over(centred, sqrt(variance)),
        lambda centred, variance: rf"\frac{{{cell(centred[0])}}}{{\sqrt{{{cell(variance)}}}}}",
        levels=(1,),
    ),
    Step(
        "normal",
        "Divided by the root of variance and ε",
        r"\hat x",
        r"\frac{x-\mu}{\sqrt{\sigma^2+\epsilon}}",
        lambda centred, variance, epsilon: over(centred, sqrt(variance + epsilon)),
        lambda centred, variance: rf"\frac{{{cell(centred[0])}}}{{\sqrt{{{cell(variance)}+1}}}}",
        levels=(2,),
    ),
    Step(
        "output",
        "Gain, then bias",
        "y",
        r"\gamma\circ\hat x+\beta",
        lambda normal, gain, bias: [g * a + b for g, a, b in zip(gain, normal, bias, strict=True)],
        lambda normal, gain, bias: rf"{factor(gain[0])}\cdot {factor(normal[0])}+{factor(bias[0])}",
        levels=(1, 2),
    ),
    Step(
        "rms",
        "Root mean square",
        r"\mathrm{rms}",
        r"\sqrt{\frac{1}{n}\sum_i x_i^2}",
        lambda x: sqrt(mean_square(x)),
        levels=(3,),
    ),
    Step(
        "output",
        "Divided by it, times the gain",
        "y",
        r"\gamma\circ\frac{x}{\mathrm{rms}}",
        lambda x, rms, gain: [g * a for g, a in zip(gain, over(x, rms), strict=True)],
        lambda x, rms, gain: rf"{factor(gain[0])}\cdot\frac{{{cell(x[0])}}}{{{cell(rms)}}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "sample-variance",
        "variance",
        lambda centred: divide(dot(centred, centred), len(centred) - 1),
        r"You divided by $n-1$; LayerNorm uses the variance of the population.",
        cause="variance",
    ),
    Mistake(
        "not-centred",
        "centred",
        lambda x: x,
        "You did not subtract the mean.",
        cause="mean",
    ),
    Mistake(
        "variance-not-rooted",
        "normal",
        lambda centred, variance: over(centred, variance),
        "You divided by the variance; it takes its root.",
        levels=(1,),
        cause="root",
    ),
    Mistake(
        "variance-not-rooted",
        "normal",
        lambda centred, variance, epsilon: over(centred, variance + epsilon),
        "You divided by the variance; it takes its root.",
        levels=(2,),
        cause="root",
    ),
    Mistake(
        "epsilon-left-out",
        "normal",
        lambda centred, variance: over(centred, sqrt(variance)),
        r"You left out $\epsilon$, which is not small here.",
        levels=(2,),
        cause="epsilon",
    ),
    Mistake(
        "epsilon-outside-the-root",
        "normal",
        lambda centred, variance, epsilon: over(centred, sqrt(variance) + epsilon),
        r"You added $\epsilon$ to the root; it belongs under it.",
        levels=(2,),
        cause="epsilon",
    ),
    Mistake(
        "gain-and-bias-left-out",
        "output",
        lambda normal: normal,
        "You left out gain and bias.",
        levels=(1, 2),
        cause="gain",
    ),
    Mistake(
        "bias-left-out",
        "output",
        lambda normal, gain: [g * a for g, a in zip(gain, normal, strict=True)],
        "You left out the bias.",
        levels=(1, 2),
        cause="gain",
    ),
    Mistake(
        "gain-left-out",
        "output",
        lambda normal, bias: [a + b for a, b in zip(normal, bias, strict=True)],
        "You left out the gain.",
        cause="gain",
    ),
    Mistake(
        "bias-before-gain",
        "output",
        lambda normal, gain, bias: [
            g * (a + b) for g, a, b in zip(gain, normal, bias, strict=True)
        ],
        "You added the bias before the gain; the gain comes first.",
        cause="gain",
    ),
    Mistake(
        "only-centred",
        "normal",
        lambda centred: centred,
        "You subtracted the mean but did not divide by the deviation.",
        cause="root",
    ),
    Mistake(
        "sum-of-squares",
        "variance",
        lambda centred: dot(centred, centred),
        "You added the squares; the variance is their mean.",
        cause="variance",
    ),
    Mistake(
        "centred-like-layernorm",
        "output",
        lambda x, gain: (
            lambda m: [
                g * divide(a - m, sqrt(mean_square([c - m for c in x])))
                for g, a in zip(gain, x, strict=True)
            ]
        )(divide(sum(x), len(x))),
        "You subtracted the mean; RMSNorm does not centre.",
        when=lambda x: sum(x) != 0,
        levels=(3,),
        cause="mean",
    ),
    Mistake(
        "root-of-the-sum",
        "rms",
        lambda x: sqrt(dot(x, x)),
        "You took the root of the sum of squares; it is the root of their mean.",
        cause="root",
    ),
    Mistake(
        "mean-square-not-rooted",
        "rms",
        lambda x: mean_square(x),
        "You divided by the mean square; it takes its root.",
        when=lambda rms: rms != 1,
        cause="root",
    ),
    Mistake(
        "mean-of-sizes",
        "rms",
        lambda x: divide(sum(map(abs, x)), len(x)),
        "You took the mean of the absolute values; squares are averaged, then rooted.",
        cause="root",
    ),
    Mistake(
        "gain-left-out",
        "output",
        lambda x, rms: over(x, rms),
        "You left out the gain.",
        levels=(3,),
        cause="gain",
    ),
    Mistake(
        "deviation-for-rms",
        "rms",
        lambda x: (lambda m: sqrt(mean_square([a - m for a in x])))(divide(sum(x), len(x))),
        "You divided by the standard deviation; RMSNorm takes the root mean square of x itself.",
        when=lambda x: sum(x) != 0,
        cause="mean",
    ),
)

FAMILIES = (
    Family(
        name="layer-norm",
        version=1,
        title="LayerNorm and RMSNorm",
        topic="normalisation and blocks",
        says="Centre, divide, gain, bias; and the norm that does not centre.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question_epsilon, 3: question_rms},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        convention="in the order of the components",
        fine=fine,
        items=("N3.44",),
    ),
)
