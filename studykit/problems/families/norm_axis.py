"""Along which axis to normalise: batch against layer, running statistics, groups of channels."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor, matrix, row

WHOLE = ((3, 3, -3, -3), (2, 2, -2, -2), (5, -3, -1, -1), (-5, 3, 1, 1), (1, 7, -1, -7))
"""Deviations from a mean with a whole root of their mean square."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        columns = [_spread(dice, dice.between(-5, 8)) for _ in range(2)]
        return {"X": [list(r) for r in zip(*columns, strict=True)], "j": dice.between(1, 2)}
    if level == 2:
        return {
            "x": _spread(dice, dice.between(-6, 9)),
            "kept_mean": dice.between(-5, 6),
            "kept_variance": dice.between(1, 30),
            "rate": dice.pick([Fraction(1, 10), Fraction(1, 5), Fraction(1, 4)]),
        }
    return {"x": [*_spread(dice, dice.between(-4, 6)), *_spread(dice, dice.between(-4, 6))]}


def _spread(dice: Dice, mean: int) -> Vector:
    return [mean + a for a in dice.shuffled(dice.pick(WHOLE))]


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Means that are not 0, axes that differ."""
    if level == 1:
        columns = list(zip(*givens["X"], strict=True))
        means = [sum(c) for c in columns]
        return 0 not in means and means[0] != means[1] and all(a != b for a, b in givens["X"])
    x = givens["x"]
    if level == 2:
        return 0 not in (sum(x), givens["kept_mean"], givens["kept_mean"] * 4 - sum(x))
    return sum(x[:4]) != sum(x[4:]) and 0 not in (sum(x[:4]), sum(x[4:]), sum(x))


def question_batch(X: Matrix, j: int) -> str:
    return (
        r"BatchNorm in training, without gain and bias and with $\varepsilon=0$ (population "
        r"variance), is applied to the batch $X$: rows are examples, columns features. Give "
        rf"feature {j} of all examples after it."
        rf"$$X={matrix(X)}$$"
    )


def question_running(x: Vector, kept_mean: int, kept_variance: int, rate: Fraction) -> str:
    return (
        r"BatchNorm keeps a running mean and a running variance of a feature, each by "
        rf"$r\leftarrow(1-m)\,r+m\,s$ with $m={decimal(float(rate), 2).rstrip('0')}$ and the "
        r"batch's statistic $s$ (the variance of the population). They stand at the mean "
        rf"${kept_mean}$ and the variance ${kept_variance}$. The next batch has the values $x$. "
        r"Give both after it."
        rf"$$x={row(x)}$$"
    )


def question_groups(x: Vector) -> str:
    return (
        r"GroupNorm with 2 groups, without gain and bias and with $\varepsilon=0$ (population "
        r"variance), is applied to one example with 8 channels; neighbouring channels form a "
        r"group. Give the result."
        rf"$$x={row(x)}$$"
    )


def mean_of(v: Vector) -> Any:
    return divide(sum(v), len(v))


def variance_of(v: Vector) -> Any:
    middle = mean_of(v)
    return mean_of([(a - middle) ** 2 for a in v])


def normalised(v: Vector, by: Vector) -> Vector:
    """v less the mean of `by`, over its standard deviation."""
    middle, root = mean_of(by), sqrt(variance_of(by))
    return [divide(a - middle, root) for a in v]


def feature(X: Matrix, j: Any) -> Vector:
    return [r[int(j) - 1] for r in X]


STEPS = (
    Step(
        "values",
        "The feature in all examples",
        "x",
        r"X_{ij}",
        lambda X, j: feature(X, j),
        levels=(1,),
        entry=r"x_i",
    ),
    Step(
        "mean",
        "Its mean over the batch",
        r"\mu",
        r"\frac{1}{N}\sum_i x_i",
        mean_of,
        levels=(1,),
        takes=("values",),
    ),
    Step(
        "spread",
        "Its standard deviation over the batch",
        r"\sigma",
        r"\sqrt{\frac{1}{N}\sum_i(x_i-\mu)^2}",
        lambda values: sqrt(variance_of(values)),
        levels=(1,),
    ),
    Step(
        "result",
        "Normalised",
        r"\hat x",
        r"\frac{x-\mu}{\sigma}",
        lambda values, mean, spread: [divide(a - mean, spread) for a in values],
        lambda values, mean, spread: (
            rf"\frac{{{cell(values[0])}-{factor(mean)}}}{{{cell(spread)}}}"
        ),
        levels=(1,),
    ),
    Step(
        "batch",
        "Mean and variance of the batch",
        "s",
        r"\left(\frac{1}{N}\sum_i x_i,\ \frac{1}{N}\sum_i(x_i-\mu)^2\right)",
        lambda x: [mean_of(x), variance_of(x)],
        levels=(2,),
    ),
    Step(
        "result",
        "Both move a part of the way",
        "r'",
        r"(1-m)\,r+m\,s",
        lambda kept_mean, kept_variance, rate, batch: [
            (1 - rate) * r + rate * s
            for r, s in zip((kept_mean, kept_variance), batch, strict=True)
        ],
        lambda kept_mean, rate, batch: (
            rf"{cell(1 - rate)}\cdot {factor(kept_mean)}+{cell(rate)}\cdot {factor(batch[0])}"
        ),
        levels=(2,),
    ),
    Step(
        "means",
        "Mean of each group",
        r"\mu_1,\ \mu_2",
        r"\frac{1}{4}\sum_{i\in\text{group}}x_i",
        lambda x: [mean_of(x[:4]), mean_of(x[4:])],
        levels=(3,),
    ),
    Step(
        "spreads",
        "Standard deviation of each group",
        r"\sigma_1,\ \sigma_2",
        r"\sqrt{\frac{1}{4}\sum_{i\in\text{group}}(x_i-\mu)^2}",
        lambda x: [sqrt(variance_of(x[:4])), sqrt(variance_of(x[4:]))],
        levels=(3,),
    ),
    Step(
        "result",
        "Every channel with its group's mean and deviation",
        r"\hat x",
        r"\frac{x-\mu_g}{\sigma_g}",
        lambda x, means, spreads: [
            divide(a - means[i // 4], spreads[i // 4]) for i, a in enumerate(x)
        ],
        lambda x, means, spreads: (
            rf"\frac{{{cell(x[0])}-{factor(means[0])}}}{{{cell(spreads[0])}}}"
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "over-the-features",
        "result",
        lambda X, j: [normalised([r[int(j) - 1]], r)[0] for r in X],
        "You normalised each example over its features: that is LayerNorm.",
        levels=(1,),
        cause="axis",
    ),
    Mistake(
        "over-everything",
        "result",
        lambda X, values: normalised(values, [x for r in X for x in r]),
        "You took mean and deviation over the whole matrix; every feature has its own.",
        levels=(1,),
        cause="axis",
    ),
    Mistake(
        "other-feature",
        "values",
        lambda X, j: feature(X, 3 - j),
        "You normalised the other feature.",
        levels=(1,),
        cause="index",
    ),
    Mistake(
        "variance-for-deviation",
        "spread",
        lambda values: variance_of(values),
        "You divided by the variance; the standard deviation is its root.",
        when=lambda spread: spread != 1,
        levels=(1,),
        cause="deviation",
    ),
    Mistake(
        "one-fewer",
        "spread",
        lambda values: sqrt(divide(variance_of(values) * len(values), len(values) - 1)),
        r"You divided by $N-1$ under the root; here it is the population's, by $N$.",
        levels=(1,),
        cause="deviation",
    ),
    Mistake(
        "not-divided",
        "result",
        lambda values, mean: [a - mean for a in values],
        "You left out the division by the standard deviation.",
        levels=(1,),
        cause="deviation",
    ),
    Mistake(
        "not-centred",
        "result",
        lambda values, spread: [divide(a, spread) for a in values],
        "You left out the mean.",
        levels=(1,),
        cause="mean",
    ),
    Mistake(
        "shares-exchanged",
        "result",
        lambda kept_mean, kept_variance, rate, batch: [
            rate * r + (1 - rate) * s
            for r, s in zip((kept_mean, kept_variance), batch, strict=True)
        ],
        r"You exchanged the shares: the new batch counts with $m$.",
        levels=(2,),
        cause="shares",
    ),
    Mistake(
        "batch-alone",
        "result",
        lambda batch: batch,
        "You gave the batch's statistics; the running ones move only a part of the way.",
        levels=(2,),
        cause="shares",
    ),
    Mistake(
        "deviation-for-variance",
        "batch",
        lambda x: [mean_of(x), sqrt(variance_of(x))],
        "You used the standard deviation; the running variance is kept.",
        when=lambda batch: batch[1] != 1,
        levels=(2,),
        cause="deviation",
    ),
    Mistake(
        "one-fewer",
        "batch",
        lambda x: [mean_of(x), divide(variance_of(x) * len(x), len(x) - 1)],
        r"You divided by $N-1$; here the variance of the population is meant.",
        levels=(2,),
        cause="deviation",
    ),
    Mistake(
        "sum-of-squares",
        "batch",
        lambda x: [mean_of(x), mean_of([a * a for a in x])],
        "You took the mean of the squares; the variance is about the mean.",
        levels=(2,),
        cause="mean",
    ),
    Mistake(
        "added-whole",
        "result",
        lambda kept_mean, kept_variance, rate, batch: [
            r + rate * s for r, s in zip((kept_mean, kept_variance), batch, strict=True)
        ],
        r"You kept the old statistics whole; they keep the share $1-m$.",
        levels=(2,),
        cause="shares",
    ),
    Mistake(
        "one-group",
        "result",
        lambda x: normalised(x, x),
        "You normalised all channels together: that is LayerNorm, GroupNorm with one group.",
        levels=(3,),
        cause="axis",
    ),
    Mistake(
        "every-other-channel",
        "result",
        lambda x: [normalised([a], x[i % 2 :: 2])[0] for i, a in enumerate(x)],
        "You put every other channel into a group; neighbours form a group.",
        levels=(3,),
        cause="groups",
    ),
    Mistake(
        "groups-of-two",
        "result",
        lambda x: [
            y
            for i in range(0, 8, 2)
            for y in (normalised(x[i : i + 2], x[i : i + 2]) if x[i] != x[i + 1] else [0, 0])
        ],
        "You formed groups of two channels; two groups of eight channels hold four each.",
        levels=(3,),
        cause="groups",
    ),
    Mistake(
        "variance-for-deviation",
        "spreads",
        lambda x: [variance_of(x[:4]), variance_of(x[4:])],
        "You divided by the variance; the standard deviation is its root.",
        levels=(3,),
        cause="deviation",
    ),
    Mistake(
        "not-centred",
        "means",
        lambda means: [0, 0],
        "You left out the mean of the group.",
        levels=(3,),
        cause="mean",
    ),
    Mistake(
        "one-fewer",
        "spreads",
        lambda x: [sqrt(divide(variance_of(part) * 4, 3)) for part in (x[:4], x[4:])],
        r"You divided by $n-1$ under the root; here it is the population's, by $n$.",
        levels=(3,),
        cause="deviation",
    ),
)

FAMILIES = (
    Family(
        name="norm-axis",
        version=1,
        title="Batch, layer and group normalisation",
        topic="normalisation and blocks",
        says="Which numbers share a mean and a deviation.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_batch, 2: question_running, 3: question_groups},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={1: "one for each example", 2: "the mean first", 3: "one for each channel"},
        fine=fine,
        items=("N3.44",),
    ),
)
