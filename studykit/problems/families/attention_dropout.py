"""Dropout on attention weights: what is left is scaled up; the mean stays, the spread grows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, dot, masked, matmul, softmax
from studykit.problems.attention_steps import telling_row, telling_values
from studykit.problems.degenerate import small_denominators
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.wording import cell, factor, matrix, products, row, softmax_working, tuple_of


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 2:
        return {
            "scores": [dice.between(-15, 15) / 10 for _ in range(3)],
            "keep": dice.shuffled([1, 1, 0]),
            "r": dice.pick([0.1, 0.2, 0.25, 0.4]),
            "V": dice.matrix(3, 2, -6, 8),
        }
    r = dice.pick([Fraction(1, 10), Fraction(1, 5), Fraction(1, 4), Fraction(1, 2)])
    if level == 1:
        parts = [dice.between(1, 5) for _ in range(4)]
        keep = dice.shuffled(dice.pick([[1, 1, 1, 0], [1, 1, 0, 0]]))
        return {"p": [Fraction(x, sum(parts)) for x in parts], "keep": keep, "r": r}
    parts = [dice.between(1, 5) for _ in range(3)]
    return {"p": [Fraction(x, sum(parts)) for x in parts], "v": dice.vector(3, -6, 8), "r": r}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Weights told apart; a rate that does not happen to make them sum to 1."""
    if level == 2:
        return telling_row(givens["weights"]) and telling_values(givens["V"])
    p = givens["p"]
    if not small_denominators(p, 12):
        return False
    if level == 1:
        return len(set(p)) > 1 and abs(sum(givens["dropped"]) - 1) > 0.02
    return len(set(p)) > 1 and all(givens["v"]) and len(set(givens["v"])) == 3


RULE = (
    r"Dropout drops each attention weight with probability $r$ and divides the others by $1-r$ "
    r"(inverted dropout)."
)


def question_row(p: Vector, keep: Vector, r: Fraction) -> str:
    return (
        rf"{RULE} Here $r={cell(r)}$; in $m$, 0 marks the weights that were dropped. Give the row "
        rf"of weights after dropout.$$p={row(p)}$$$$m={tuple_of(keep)}$$"
    )


def question_output(scores: Vector, keep: Vector, r: float, V: Matrix) -> str:
    return (
        rf"{RULE} Here $r={cell(r, 2)}$; in $m$, 0 marks the weights that were dropped. A query "
        r"has the scaled scores $s$; the rows of $V$ are the values. Give its output."
        rf"$$s={row(scores, 1)}\qquad V={matrix(V)}$$$$m={tuple_of(keep)}$$"
    )


def question_spread(p: Vector, v: Vector, r: Fraction) -> str:
    return (
        rf"{RULE} Here $r={cell(r)}$, each weight being dropped independently of the others. A "
        r"query has the weights $p$; the values $v$ are numbers. Give the mean and the variance of "
        r"its output over the drops."
        rf"$$p={row(p)}\qquad v={row(v)}$$"
    )


def dropped_from(p: Vector, keep: Vector, by: Any) -> Vector:
    return [x * m * by for x, m in zip(p, keep, strict=True)]


def squares(p: Vector, v: Vector) -> Any:
    return sum((x * y) ** 2 for x, y in zip(p, v, strict=True))


STEPS = (
    Step(
        "weights",
        "Weights before dropout",
        "p",
        r"\mathrm{softmax}(s)",
        lambda scores: softmax(scores),
        lambda scores: softmax_working(scores),
        levels=(2,),
    ),
    Step(
        "dropped",
        "Dropped weights 0, the others divided by 1 − r; they need not sum to 1",
        "p'",
        r"\frac{p\,m}{1-r}",
        lambda p, keep, r: dropped_from(p, keep, divide(1, 1 - r)),
        lambda p, keep, r: rf"\frac{{{cell(p[0])}\cdot {cell(keep[0])}}}{{1-{cell(r)}}}",
        levels=(1,),
    ),
    Step(
        "dropped",
        "Dropped weights 0, the others divided by 1 − r; they need not sum to 1",
        "p'",
        r"\frac{p\,m}{1-r}",
        lambda weights, keep, r: dropped_from(weights, keep, divide(1, 1 - r)),
        lambda weights, keep, r: (
            rf"\frac{{{cell(weights[0])}\cdot {cell(keep[0])}}}{{1-{cell(r, 2)}}}"
        ),
        levels=(2,),
    ),
    Step(
        "output",
        "Output",
        "o",
        "p'V",
        lambda dropped, V: matmul([dropped], V)[0],
        lambda dropped, V: products(dropped, [x[0] for x in V]),
        levels=(2,),
    ),
    Step(
        "mean",
        "Mean: dropout leaves it as it was",
        r"E[o]",
        r"\sum_jp_jv_j",
        lambda p, v: dot(p, v),
        lambda p, v: products(p, v),
        levels=(3,),
    ),
    Step(
        "variance",
        r"Variance: that of each scaled drop is r/(1 − r), and independent parts add up",
        r"\mathrm{Var}(o)",
        r"\frac{r}{1-r}\sum_jp_j^2v_j^2",
        lambda p, v, r: divide(r, 1 - r) * squares(p, v),
        lambda p, v, r: (
            rf"\frac{{{cell(r)}}}{{1-{cell(r)}}}\cdot\left("
            + "+".join(
                rf"\left({cell(x)}\cdot {factor(y)}\right)^2" for x, y in zip(p, v, strict=True)
            )
            + r"\right)"
        ),
        levels=(3,),
    ),
    Step(
        "both",
        "Both",
        r"\left(E[o],\ \mathrm{Var}(o)\right)",
        r"\left(E[o],\ \mathrm{Var}(o)\right)",
        lambda mean, variance: [mean, variance],
        levels=(3,),
    ),
)


def drop_mistakes(over: str) -> tuple[Mistake, ...]:
    """For a step `dropped` made from the weights `over`."""
    return (
        Mistake(
            "not-scaled",
            "dropped",
            lambda p, keep: dropped_from(p, keep, 1),
            "You did not scale up what is left; it is divided by $1-r$.",
            takes=(over, "keep"),
            cause="scale",
        ),
        Mistake(
            "made-to-sum-to-one",
            "dropped",
            lambda p, keep: dropped_from(p, keep, divide(1, dot(p, keep))),
            "You scaled the rest up to a sum of 1; dropout divides by $1-r$, whatever the sum.",
            takes=(over, "keep"),
            cause="scale",
        ),
        Mistake(
            "scaled-down",
            "dropped",
            lambda p, keep, r: dropped_from(p, keep, 1 - r),
            "You multiplied by $1-r$; in training the kept weights are divided by it.",
            takes=(over, "keep", "r"),
            cause="scale",
        ),
        Mistake(
            "divided-by-rate",
            "dropped",
            lambda p, keep, r: dropped_from(p, keep, divide(1, r)),
            "You divided by $r$; divide by the probability of being kept, $1-r$.",
            when=lambda r: r != 0.5,
            takes=(over, "keep", "r"),
            cause="scale",
        ),
        Mistake(
            "polarity-flipped",
            "dropped",
            lambda p, keep, r: dropped_from(p, [1 - m for m in keep], divide(1, 1 - r)),
            "You kept the weights that were dropped.",
            takes=(over, "keep", "r"),
            cause="mask",
        ),
        Mistake(
            "nothing-dropped",
            "dropped",
            lambda p: p,
            "You left out the dropout.",
            takes=(over,),
            cause="mask",
        ),
    )


MISTAKES = (
    Mistake(
        "dropped-before-softmax",
        "dropped",
        lambda scores, keep, r: [divide(x, 1 - r) for x in softmax(masked(scores, keep))],
        "You dropped before the softmax, as a mask does; dropout comes after it.",
        levels=(2,),
        cause="order",
    ),
    Mistake(
        "mean-scaled",
        "mean",
        lambda p, v, r: (1 - r) * dot(p, v),
        "You took the mean down by $1-r$; the scale makes up for the drops.",
        cause="scale",
    ),
    Mistake(
        "variance-of-a-coin",
        "variance",
        lambda p, v, r: r * (1 - r) * squares(p, v),
        "You took $r(1-r)$, the variance of a plain drop; the kept ones are divided by $1-r$.",
        when=lambda r: r != 0,
        cause="scale",
    ),
    Mistake(
        "odds-turned-over",
        "variance",
        lambda p, v, r: divide(1 - r, r) * squares(p, v),
        "You took $(1-r)/r$; the more is dropped, the larger the variance.",
        when=lambda r: r != 0.5,
        cause="scale",
    ),
    Mistake(
        "not-squared",
        "variance",
        lambda p, v, r: divide(r, 1 - r) * sum(x * y * y for x, y in zip(p, v, strict=True)),
        "You did not square the weights.",
        cause="square",
    ),
    Mistake(
        "square-of-the-mean",
        "variance",
        lambda p, v, r: divide(r, 1 - r) * dot(p, v) ** 2,
        "You squared the mean; square each part, then add up.",
        cause="square",
    ),
    Mistake(
        "mean-subtracted",
        "variance",
        lambda p, v, r: divide(r, 1 - r) * squares(p, v) - dot(p, v) ** 2,
        "You subtracted the square of the mean; the variances of the parts are already central.",
        cause="square",
    ),
)

FAMILIES = (
    Family(
        name="attention-dropout",
        version=1,
        title="Dropout on attention weights",
        topic="attention forward",
        says="Inverted dropout on a row of weights: it keeps the mean, not the sum.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1,), drop_mistakes("p")),
            *at_levels((2,), drop_mistakes("weights")),
            *MISTAKES,
        ),
        question={1: question_row, 2: question_output, 3: question_spread},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        convention={1: "in the order of the keys", 2: "", 3: "in this order"},
        fine=fine,
        items=("N3.20", "N3.22", "N2.10"),
    ),
)
