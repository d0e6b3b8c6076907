"""How averaging shrinks: the variance of a mixture of values, one strong key, correlated values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector
from studykit.problems.degenerate import small_denominators
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 2:
        return {
            "w": dice.pick([0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]),
            "n": dice.pick([5, 9, 10, 16, 17, 20, 33, 50]),
            "sigma": dice.pick([2, 3, 4, 5]),
        }
    parts = [dice.between(1, 4) for _ in range(dice.pick([3, 4]))]
    given = {
        "p": [Fraction(x, sum(parts)) for x in parts],
        "variance": dice.pick([2, 3, 4, 6, 8, 9, 12, 16]),
    }
    if level == 3:
        given["rho"] = Fraction(1, dice.pick([2, 3, 4, 5]))
    return given


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Weights that differ; a key that is ahead of the others."""
    if level == 2:
        return bool(givens["w"] > 1.5 / givens["n"])
    return len(set(givens["p"])) > 1 and small_denominators(givens["p"], 12)


def question_independent(p: Vector, variance: int) -> str:
    return (
        r"The components of the values are independent from key to key, with mean 0 and variance "
        rf"${variance}$. A query attends with the weights $p$. What is the variance of a component "
        rf"of its output?$$p={row(p)}$$"
    )


def question_one_strong(w: float, n: int, sigma: int) -> str:
    return (
        r"The components of the values are independent from key to key, with mean 0 and standard "
        rf"deviation ${sigma}$. A query attends to ${n}$ keys; one gets the weight "
        rf"${cell(w, 2)}$, the others share the rest equally. What is the standard deviation of a "
        r"component of its output?"
    )


def question_correlated(p: Vector, variance: int, rho: Fraction) -> str:
    return (
        rf"The components of the values have mean 0 and variance ${variance}$; those of two "
        rf"different keys have the correlation ${cell(rho)}$. A query attends with the weights "
        rf"$p$. What is the variance of a component of its output?$$p={row(p)}$$"
    )


def sum_of_squares(p: Vector) -> Any:
    return sum(x * x for x in p)


STEPS = (
    Step(
        "squares",
        "Sum of the squared weights",
        r"\sum_jp_j^2",
        r"\sum_jp_j^2",
        lambda p: sum_of_squares(p),
        lambda p: "+".join(rf"\left({cell(x)}\right)^2" for x in p),
        levels=(1, 3),
    ),
    Step(
        "squares",
        "Sum of the squared weights: the one, and the others alike",
        r"\sum_jp_j^2",
        r"w^2+\frac{(1-w)^2}{n-1}",
        lambda w, n: w * w + (1 - w) ** 2 / (n - 1),
        lambda w, n: rf"{cell(w, 2)}^2+\frac{{(1-{cell(w, 2)})^2}}{{{n - 1}}}",
        levels=(2,),
    ),
    Step(
        "output_variance",
        "Variance of the output: independent parts add up",
        r"\mathrm{Var}(o)",
        r"\sigma^2\sum_jp_j^2",
        lambda squares, variance: variance * squares,
        lambda squares, variance: rf"{variance}\cdot {cell(squares)}",
        levels=(1,),
    ),
    Step(
        "spread",
        "Standard deviation of the output",
        r"\sigma_o",
        r"\sigma\sqrt{\sum_jp_j^2}",
        lambda squares, sigma: sigma * sqrt(squares),
        lambda squares, sigma: rf"{sigma}\cdot\sqrt{{{cell(squares)}}}",
        levels=(2,),
    ),
    Step(
        "share",
        "What does not average out: the shared part, and the squares of the rest",
        "x",
        r"\rho+(1-\rho)\sum_jp_j^2",
        lambda squares, rho: rho + (1 - rho) * squares,
        lambda squares, rho: rf"{cell(rho)}+\left(1-{cell(rho)}\right)\cdot {cell(squares)}",
        levels=(3,),
    ),
    Step(
        "output_variance",
        "Variance of the output",
        r"\mathrm{Var}(o)",
        r"\sigma^2\,x",
        lambda share, variance: variance * share,
        lambda share, variance: rf"{variance}\cdot {cell(share)}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "weights-not-squared",
        "squares",
        lambda p: sum(p),
        "You did not square the weights: averaging independent values shrinks the variance.",
        levels=(1, 3),
        cause="square",
    ),
    Mistake(
        "as-if-equal",
        "squares",
        lambda p: divide(1, len(p)),
        "You divided by the number of keys; that holds for equal weights alone.",
        levels=(1, 3),
        cause="mean",
    ),
    Mistake(
        "largest-only",
        "squares",
        lambda p: max(p) ** 2,
        "You counted the largest weight alone.",
        levels=(1, 3),
        cause="mean",
    ),
    Mistake(
        "root-taken",
        "output_variance",
        lambda squares, variance: variance * sqrt(squares),
        "You took the root of the sum of squares; that belongs to the standard deviation.",
        levels=(1,),
        cause="square",
    ),
    Mistake(
        "variance-squared",
        "output_variance",
        lambda squares, variance: variance**2 * squares,
        "You squared the variance; it is a square already.",
        levels=(1,),
        cause="square",
    ),
    Mistake(
        "root-left-out",
        "spread",
        lambda squares, sigma: sigma * squares,
        "You left out the root: the sum of squares belongs to the variance.",
        cause="square",
    ),
    Mistake(
        "variance-given",
        "spread",
        lambda squares, sigma: sigma * sigma * squares,
        "You gave the variance; the standard deviation is its root.",
        cause="square",
    ),
    Mistake(
        "strong-key-only",
        "squares",
        lambda w: w * w,
        "You counted the strong key alone; the others add a little.",
        cause="mean",
    ),
    Mistake(
        "rest-as-one-key",
        "squares",
        lambda w: w * w + (1 - w) ** 2,
        "You took the rest as one key; it is spread over many.",
        cause="mean",
    ),
    Mistake(
        "all-equal",
        "squares",
        lambda n: 1 / n,
        "You reckoned with equal weights.",
        cause="mean",
    ),
    Mistake(
        "rest-not-shared",
        "squares",
        lambda w, n: w * w + (n - 1) * (1 - w) ** 2,
        r"You gave each of the others the whole rest; each gets $(1-w)/(n-1)$.",
        cause="mean",
    ),
    Mistake(
        "correlation-left-out",
        "share",
        lambda squares: squares,
        "You left out the correlation; what keys share does not average out.",
        cause="correlation",
    ),
    Mistake(
        "correlation-added",
        "share",
        lambda squares, rho: rho + squares,
        r"You added $\rho$ to the squares; they count with $1-\rho$.",
        cause="correlation",
    ),
    Mistake(
        "correlation-exchanged",
        "share",
        lambda squares, rho: (1 - rho) + rho * squares,
        r"You exchanged $\rho$ and $1-\rho$.",
        when=lambda rho: rho != 0.5,
        cause="correlation",
    ),
    Mistake(
        "shared-part-only",
        "share",
        lambda rho: rho,
        "You kept the shared part alone; the rest averages out only in part.",
        cause="correlation",
    ),
)

FAMILIES = (
    Family(
        name="output-spread",
        version=1,
        title="How averaging shrinks the values",
        topic="V functions",
        says="The variance of an output falls with the sum of squared weights.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_independent, 2: question_one_strong, 3: question_correlated},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        fine=fine,
        items=("N0.5", "N2.10", "N3.23", "N4.8"),
    ),
)
