"""Gradient descent beside a saddle: one direction shrinks, the other grows, slowly at first."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor, tuple_of


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 2:
        return {
            "sink": dice.pick([1, 2, 3, 4, 5]),
            "rate": dice.pick([5, 10, 20]) / 100,
            "start": dice.pick([3, 4, 6, 8]),
        }
    given = {"rate": Fraction(dice.pick([1, 2, 5]), 10), "k": 2}
    start = [dice.pick([-8, -6, -4, -2, 2, 4, 6, 8]) for _ in range(2)]
    if level == 1:
        return given | {"bowl": dice.pick([1, 2, 3]), "sink": dice.pick([1, 2, 3, 4]), "w": start}
    if abs(start[0]) == abs(start[1]):
        return None
    return given | {"bowl": dice.pick([1, 2, 3]), "w": start}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Factors that shrink and grow, neither at once; a count that is not on the edge."""
    if level == 2:
        return bool(6 < givens["exact"] < 400 and 0.1 < givens["exact"] % 1 < 0.9)
    shrink, grow = givens["factors"]
    return bool(0.2 < abs(shrink) < 1 and grow < 2.5)


def question_steps(bowl: int, sink: int, rate: Fraction, w: Vector) -> str:
    return (
        rf"The loss $L(u,v)=\frac{{1}}{{2}}({_times(bowl)}u^2-{_times(sink)}v^2)$ has a saddle at "
        rf"0. Gradient descent with rate $\eta={decimal(float(rate), 1)}$ starts at "
        rf"$(u,v)={tuple_of(w)}$. Give $(u,v)$ after two steps."
    )


def question_escape(sink: int, rate: float, start: int) -> str:
    return (
        rf"Beside a saddle the loss is $L=\frac{{1}}{{2}}(u^2-{_times(sink)}v^2)$. Gradient "
        rf"descent with rate $\eta={decimal(rate, 2)}$ starts at $v=10^{{-{start}}}$. After how "
        r"many steps is $v$ for the first time larger than 1?"
    )


def question_turned(bowl: int, rate: Fraction, w: Vector) -> str:
    return (
        rf"The loss is $L(x,y)={_times(bowl)}xy$. Gradient descent with rate "
        rf"$\eta={decimal(float(rate), 1)}$ starts at $(x,y)={tuple_of(w)}$. Give $(x,y)$ after "
        r"two steps; $x+y$ and $x-y$ are each multiplied by a factor in every step."
    )


def _times(a: int) -> str:
    return "" if a == 1 else str(a)


def descended(bowl: Any, rate: Any, w: Vector) -> Vector:
    """Two steps on bowl·xy, both coordinates at once."""
    x, y = w
    for _ in range(2):
        x, y = x - rate * bowl * y, y - rate * bowl * x
    return [x, y]


def one_after_the_other(bowl: Any, rate: Any, w: Vector) -> Vector:
    x, y = w
    for _ in range(2):
        x = x - rate * bowl * y
        y = y - rate * bowl * x
    return [x, y]


STEPS = (
    Step(
        "factors",
        "Factors of a step: along u the bowl, along v the other way",
        r"\rho",
        r"\left(1-\eta a,\ 1+\eta b\right)",
        lambda rate, bowl, sink: [1 - rate * bowl, 1 + rate * sink],
        lambda rate, bowl: rf"1-{cell(rate)}\cdot {bowl}",
        levels=(1,),
    ),
    Step(
        "after",
        "Twice",
        "(u_2, v_2)",
        r"\left(\rho_1^2u,\ \rho_2^2v\right)",
        lambda factors, w: [f * f * x for f, x in zip(factors, w, strict=True)],
        lambda factors, w: rf"\left({cell(factors[0])}\right)^2\cdot {factor(w[0])}",
        levels=(1,),
    ),
    Step(
        "grow",
        "Factor of a step along v",
        r"\rho",
        r"1+\eta b",
        lambda rate, sink: 1 + rate * sink,
        lambda rate, sink: rf"1+{decimal(rate, 2)}\cdot {sink}",
        levels=(2,),
    ),
    Step(
        "exact",
        "Where it would be just 1",
        "t",
        r"\frac{\ln(1/v_0)}{\ln\rho}",
        lambda start, grow: start * math.log(10) / math.log(grow),
        lambda start, grow: rf"\frac{{{start}\cdot\ln 10}}{{\ln {cell(grow, 2)}}}",
        levels=(2,),
    ),
    Step(
        "after",
        "The next whole number",
        "k",
        r"\lceil t\rceil",
        lambda exact: math.ceil(exact),
        levels=(2,),
    ),
    Step(
        "parts",
        "Sum and difference, in which the directions part",
        r"\left(x+y,\ x-y\right)",
        r"\left(x+y,\ x-y\right)",
        lambda w: [w[0] + w[1], w[0] - w[1]],
        lambda w: f"{cell(w[0])}+{factor(w[1])}",
        levels=(3,),
    ),
    Step(
        "factors",
        "Factors of a step: the sum shrinks, the difference grows",
        r"\rho",
        r"\left(1-\eta c,\ 1+\eta c\right)",
        lambda rate, bowl: [1 - rate * bowl, 1 + rate * bowl],
        lambda rate, bowl: rf"1-{cell(rate)}\cdot {bowl}",
        levels=(3,),
    ),
    Step(
        "moved",
        "Both after two steps",
        r"\left(x_2+y_2,\ x_2-y_2\right)",
        r"\left(\rho_1^2\,(x+y),\ \rho_2^2\,(x-y)\right)",
        lambda parts, factors: [f * f * p for f, p in zip(factors, parts, strict=True)],
        lambda parts, factors: rf"\left({cell(factors[0])}\right)^2\cdot {factor(parts[0])}",
        levels=(3,),
    ),
    Step(
        "after",
        "Put together again",
        "(x_2, y_2)",
        r"\left(\frac{s+d}{2},\ \frac{s-d}{2}\right)",
        lambda moved: [divide(moved[0] + moved[1], 2), divide(moved[0] - moved[1], 2)],
        lambda moved: rf"\frac{{{cell(moved[0])}+{factor(moved[1])}}}{{2}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "both-shrink",
        "factors",
        lambda rate, bowl, sink: [1 - rate * bowl, 1 - rate * sink],
        "You let both directions shrink; along v the slope leads away from the saddle.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "uphill",
        "factors",
        lambda rate, bowl, sink: [1 + rate * bowl, 1 - rate * sink],
        "You climbed: the step goes against the gradient.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "one-step-only",
        "after",
        lambda factors, w: [f * x for f, x in zip(factors, w, strict=True)],
        "You made one step; two were asked for.",
        levels=(1,),
        cause="steps",
    ),
    Mistake(
        "half-kept",
        "factors",
        lambda rate, bowl, sink: [1 - rate * bowl / 2, 1 + rate * sink / 2],
        "You kept the half in front of the squares; the derivative's 2 cancels it.",
        levels=(1,),
        cause="derivative",
    ),
    Mistake(
        "not-compounded",
        "after",
        lambda factors, w: [(2 * f - 1) * x for f, x in zip(factors, w, strict=True)],
        "You made the first step twice; the second gradient is taken where the first one led.",
        levels=(1,),
        cause="steps",
    ),
    Mistake(
        "rounded-down",
        "after",
        lambda exact: math.floor(exact),
        "You rounded down; after that many steps it is not above 1 yet.",
        levels=(2,),
        cause="rounding",
    ),
    Mistake(
        "added-instead-of-multiplied",
        "after",
        lambda start, rate, sink: math.ceil(round((10.0**start - 1) / (rate * sink), 6)),
        "You added the first step's change every time; the distance is multiplied in each step.",
        levels=(2,),
        cause="compound",
    ),
    Mistake(
        "logarithm-of-the-rate",
        "exact",
        lambda start, rate, sink: start * math.log(10) / (rate * sink),
        r"You took $\eta b$ for the logarithm of the factor; that is $\ln(1+\eta b)$.",
        levels=(2,),
        cause="factor",
    ),
    Mistake(
        "decades-for-logarithm",
        "exact",
        lambda start, grow: start / math.log(grow),
        "You used the number of decades; it is multiplied by the logarithm of 10.",
        levels=(2,),
        cause="logarithm",
    ),
    Mistake(
        "curvature-left-out",
        "grow",
        lambda rate: 1 + rate,
        "You left out the curvature along v.",
        when=lambda sink: sink != 1,
        levels=(2,),
        cause="factor",
    ),
    Mistake(
        "one-after-the-other",
        "after",
        lambda bowl, rate, w: one_after_the_other(bowl, rate, w),
        "You used the updated x for y; both are moved at once.",
        levels=(3,),
        cause="simultaneous",
    ),
    Mistake(
        "own-coordinate",
        "after",
        lambda bowl, rate, w: [(1 - rate * bowl) ** 2 * x for x in w],
        r"You took $cx$ for the derivative by $x$; it is $cy$.",
        levels=(3,),
        cause="derivative",
    ),
    Mistake(
        "uphill",
        "after",
        lambda bowl, rate, w: descended(-bowl, rate, w),
        "You climbed: the step goes against the gradient.",
        levels=(3,),
        cause="sign",
    ),
    Mistake(
        "one-step-only",
        "after",
        lambda bowl, rate, w: [w[0] - rate * bowl * w[1], w[1] - rate * bowl * w[0]],
        "You made one step; two were asked for.",
        levels=(3,),
        cause="steps",
    ),
    Mistake(
        "not-put-together",
        "after",
        lambda moved: list(moved),
        "You gave sum and difference; x and y are half their sum and half their difference.",
        levels=(3,),
        cause="stopped",
    ),
)

FAMILIES = (
    Family(
        name="saddle-descent",
        version=1,
        title="Descent beside a saddle",
        topic="gradient descent and optimisers",
        says="A small gradient proves no minimum: beside a saddle one direction leads away.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_steps, 2: question_escape, 3: question_turned},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N2.29", "N2.32", "N2.33"),
    ),
)
