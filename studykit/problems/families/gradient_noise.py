"""How much a batch's gradient scatters, how large a batch has to be, and the noise scale."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector, dot
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, row

DEVIATIONS = (
    (3, 3, -3, -3),
    (6, 6, -6, -6),
    (5, -3, -1, -1),
    (10, -6, -2, -2),
    (1, 7, -1, -7),
    (2, 14, -2, -14),
)
"""Deviations from a mean with a whole root of their mean square."""


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        mean = dice.pick([-3, -2, -1, 1, 2, 3, 4])
        return {
            "g": [mean + a for a in dice.shuffled(dice.pick(DEVIATIONS))],
            "B": dice.pick([4, 9, 16, 25, 100]),
        }
    if level == 2:
        return {
            "spread": dice.between(3, 40),
            "slope": dice.between(1, 12),
            "percent": dice.pick([10, 20, 25, 50]),
        }
    middle = [dice.pick([-4, -3, -2, -1, 1, 2, 3, 4]) for _ in range(2)]
    apart = [dice.shuffled((a, -a, b, -b)) for a, b in (_two(dice), _two(dice))]
    return {"G": [[middle[j] + apart[j][i] for j in range(2)] for i in range(4)]}


def _two(dice: Dice) -> tuple[int, int]:
    return dice.between(1, 6), dice.between(0, 6)


def fine(level: int, givens: dict[str, Any]) -> bool:
    if level == 2:
        ratio = givens["ratio"]
        return bool(3 < ratio < 5000 and 0.05 < ratio % 1 < 0.95)
    return level == 1 or len({tuple(g) for g in givens["G"]}) == 4


def question_scatter(g: Vector, B: int) -> str:
    return (
        r"These are the gradients of single examples, four that stand for all data. A batch "
        rf"averages $B={B}$ examples drawn independently, with replacement. Give the mean of the "
        r"batch's gradient and its standard deviation (variances of the population)."
        rf"$$g={row(g)}$$"
    )


def question_size(spread: int, slope: int, percent: int) -> str:
    return (
        rf"Single examples' gradients have the mean ${slope}$ and the standard deviation "
        rf"${spread}$. A batch averages $B$ examples drawn independently. What is the smallest $B$ "
        rf"for which the batch's gradient has a standard deviation of at most {percent} % of its "
        r"mean?"
    )


def question_scale(G: Matrix) -> str:
    return (
        r"The rows of $G$ are the gradients of single examples by two weights, four that stand "
        r"for all data. The noise scale is $\mathrm{tr}(\Sigma)/\lVert\bar g\rVert^2$: the sum of "
        r"both variances (of the population) over the squared length of the mean gradient. It "
        r"tells the size of a batch at which noise and signal are alike. Give it."
        rf"$$G={matrix(G)}$$"
    )


def mean_of(v: Vector) -> Any:
    return divide(sum(v), len(v))


def variance_of(v: Vector) -> Any:
    middle = mean_of(v)
    return mean_of([(a - middle) ** 2 for a in v])


def columns(G: Matrix) -> list[Vector]:
    return [list(c) for c in zip(*G, strict=True)]


STEPS = (
    Step(
        "mean",
        "Mean of the examples, which is that of every batch",
        r"\bar g",
        r"\frac{1}{n}\sum_i g_i",
        lambda g: mean_of(g),
        levels=(1,),
    ),
    Step(
        "spread",
        "Standard deviation of single examples",
        r"\sigma",
        r"\sqrt{\frac{1}{n}\sum_i(g_i-\bar g)^2}",
        lambda g: sqrt(variance_of(g)),
        levels=(1,),
    ),
    Step(
        "scatter",
        "Of a batch: over the root of its size",
        r"\sigma_B",
        r"\frac{\sigma}{\sqrt{B}}",
        lambda spread, B: divide(spread, sqrt(B)),
        lambda spread, B: rf"\frac{{{cell(spread)}}}{{\sqrt{{{B}}}}}",
        levels=(1,),
    ),
    Step(
        "result",
        "Both together",
        r"\left(\bar g,\ \sigma_B\right)",
        r"\left(\bar g,\ \sigma_B\right)",
        lambda mean, scatter: [mean, scatter],
        levels=(1,),
    ),
    Step(
        "bound",
        "Standard deviation allowed",
        "b",
        r"\text{share}\cdot\bar g",
        lambda slope, percent: slope * percent / 100,
        lambda slope, percent: rf"\frac{{{percent}}}{{100}}\cdot {slope}",
        levels=(2,),
    ),
    Step(
        "ratio",
        r"From $\sigma/\sqrt{B}=b$",
        r"\left(\frac{\sigma}{b}\right)^2",
        r"\left(\frac{\sigma}{b}\right)^2",
        lambda spread, bound: (spread / bound) ** 2,
        lambda spread, bound: rf"\left(\frac{{{cell(spread)}}}{{{cell(bound)}}}\right)^2",
        levels=(2,),
    ),
    Step(
        "result",
        "The next whole number",
        "B",
        r"\lceil(\sigma/b)^2\rceil",
        lambda ratio: math.ceil(ratio),
        levels=(2,),
    ),
    Step(
        "mean",
        "Mean gradient",
        r"\bar g",
        r"\frac{1}{n}\sum_i G_i",
        lambda G: [mean_of(c) for c in columns(G)],
        levels=(3,),
    ),
    Step(
        "variances",
        "Variance of each weight's gradient",
        r"\Sigma_{11},\ \Sigma_{22}",
        r"\frac{1}{n}\sum_i(G_{ij}-\bar g_j)^2",
        lambda G: [variance_of(c) for c in columns(G)],
        levels=(3,),
    ),
    Step(
        "result",
        "Noise over signal",
        r"\frac{\mathrm{tr}(\Sigma)}{\lVert\bar g\rVert^2}",
        r"\frac{\Sigma_{11}+\Sigma_{22}}{\bar g_1^2+\bar g_2^2}",
        lambda variances, mean: divide(sum(variances), dot(mean, mean)),
        lambda variances, mean: (
            rf"\frac{{{cell(variances[0])}+{factor(variances[1])}}}"
            rf"{{{factor(mean[0])}^2+{factor(mean[1])}^2}}"
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "root-left-out",
        "scatter",
        lambda spread, B: spread / B,
        r"You divided by $B$; the variance falls with $B$, the deviation with its root.",
        cause="root",
    ),
    Mistake(
        "as-for-one-example",
        "scatter",
        lambda spread: spread,
        "You gave the deviation of single examples; averaging makes it smaller.",
        cause="batch",
    ),
    Mistake(
        "variance-for-deviation",
        "scatter",
        lambda spread, B: spread * spread / B,
        "You gave the variance; its root was asked for.",
        when=lambda spread, B: spread * spread != B,
        cause="root",
    ),
    Mistake(
        "one-fewer",
        "spread",
        lambda g: sqrt(divide(variance_of(g) * len(g), len(g) - 1)),
        r"You divided by $n-1$ under the root; here it is the population's, by $n$.",
        cause="deviation",
    ),
    Mistake(
        "noise-grows",
        "scatter",
        lambda spread, B: spread * math.sqrt(B),
        r"You multiplied by $\sqrt{B}$: that is the deviation of the sum, not of the mean.",
        cause="batch",
    ),
    Mistake(
        "mean-over-the-batch",
        "mean",
        lambda g, B: sum(g) / B,
        "You divided the sum of the four by the batch's size; the mean stays that of the data.",
        when=lambda g, B: len(g) != B,
        levels=(1,),
        cause="mean",
    ),
    Mistake(
        "not-squared",
        "ratio",
        lambda spread, bound: spread / bound,
        r"You did not square: the deviation falls with the root of $B$.",
        cause="root",
    ),
    Mistake(
        "rounded-down",
        "result",
        lambda ratio: math.floor(ratio),
        "You rounded down; then the deviation is still above the bound.",
        cause="rounding",
    ),
    Mistake(
        "mean-left-out",
        "bound",
        lambda percent: percent / 100,
        "You took the share itself for the bound; it is a share of the mean.",
        when=lambda slope: slope != 1,
        cause="bound",
    ),
    Mistake(
        "share-of-the-deviation",
        "bound",
        lambda spread, percent: spread * percent / 100,
        "You took the share of the single examples' deviation; it is a share of the mean.",
        cause="bound",
    ),
    Mistake(
        "mean-left-in",
        "variances",
        lambda G: [mean_of([a * a for a in c]) for c in columns(G)],
        "You took the mean of the squares; the variance is about the mean.",
        cause="deviation",
    ),
    Mistake(
        "length-not-squared",
        "result",
        lambda variances, mean: sum(variances) / math.sqrt(dot(mean, mean)),
        "You divided by the length of the mean gradient; it is squared.",
        when=lambda mean: dot(mean, mean) != 1,
        levels=(3,),
        cause="signal",
    ),
    Mistake(
        "one-fewer",
        "variances",
        lambda G: [divide(variance_of(c) * 4, 3) for c in columns(G)],
        r"You divided by $n-1$; here the variances are the population's.",
        levels=(3,),
        cause="deviation",
    ),
    Mistake(
        "upside-down",
        "result",
        lambda variances, mean: dot(mean, mean) / sum(variances),
        "You gave signal over noise.",
        levels=(3,),
        cause="signal",
    ),
    Mistake(
        "mean-of-the-variances",
        "result",
        lambda variances, mean: mean_of(variances) / dot(mean, mean),
        "You took the mean of the variances; the trace is their sum.",
        levels=(3,),
        cause="deviation",
    ),
)

FAMILIES = (
    Family(
        name="gradient-noise",
        version=1,
        title="Noise of a batch's gradient",
        topic="gradient descent and optimisers",
        says="Averaging B examples shrinks the noise by the root of B.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_scatter, 2: question_size, 3: question_scale},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={1: "the mean first"},
        fine=fine,
        items=("N2.24", "N2.30"),
    ),
)
