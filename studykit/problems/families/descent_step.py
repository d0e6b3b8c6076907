"""Gradient descent by hand: one step, both parameters at once, then two steps."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor

RATES = (Fraction(1, 10), Fraction(1, 4), Fraction(1, 2), Fraction(1, 5), Fraction(1, 20))


def draws(dice: Dice, level: int) -> dict[str, Any]:
    rate = dice.pick(RATES)
    if level == 2:
        return {
            "x": dice.between(-4, 4),
            "y": dice.between(-8, 8),
            "w": dice.between(-4, 4),
            "b": dice.between(-4, 4),
            "rate": dice.pick(RATES[:1] + RATES[3:]),
        }
    return {
        "a": dice.between(1, 4),
        "c": dice.between(-6, 6),
        "w": dice.between(-5, 5),
        "rate": rate if level == 1 else dice.pick(RATES[:1] + RATES[3:]),
    }


def fine(gradient: Any, level: int, rate: Any) -> bool:
    """A gradient that is there; at level 1 no step size that lands on special points."""
    numbers = gradient if level == 2 else [gradient]
    return all(1 <= abs(g) <= 60 for g in numbers) and rate > 0


def question_one(a: int, c: int, w: int, rate: Fraction) -> str:
    return (
        rf"The loss is $L(w)={_quadratic(a, c)}$. Make one step of gradient descent with rate "
        rf"$\eta={decimal(float(rate), 2)}$ from $w={w}$: give the next $w$."
    )


def question_two(a: int, c: int, w: int, rate: Fraction) -> str:
    return (
        rf"The loss is $L(w)={_quadratic(a, c)}$. Make two steps of gradient descent with rate "
        rf"$\eta={decimal(float(rate), 2)}$ from $w={w}$: give $w$ after the second step."
    )


def question_pair(x: int, y: int, w: int, b: int, rate: Fraction) -> str:
    return (
        rf"A model predicts $\hat y=wx+b$; the loss of one example is $L=(\hat y-y)^2$. Make one "
        rf"step of gradient descent with rate $\eta={decimal(float(rate), 2)}$ on both parameters "
        rf"at once, from $w={w}$ and $b={b}$, for the example $x={x}$, $y={y}$. "
        r"Give the next $w$ and $b$."
    )


def _quadratic(a: int, c: int) -> str:
    first = "w^2" if a == 1 else f"{a}w^2"
    return first if c == 0 else f"{first}{'+' if c > 0 else '-'}{abs(c)}w"


STEPS = (
    Step(
        "gradient",
        "Derivative at the starting point",
        "L'(w)",
        r"2a\,w+c",
        lambda a, c, w: 2 * a * w + c,
        lambda a, c, w: rf"2\cdot {a}\cdot {factor(w)}+{factor(c)}",
        levels=(1, 3),
    ),
    Step(
        "first",
        "One step against the derivative",
        r"w_1",
        r"w-\eta\,L'(w)",
        lambda w, rate, gradient: w - rate * gradient,
        lambda w, rate, gradient: rf"{cell(w)}-{cell(rate)}\cdot {factor(gradient)}",
        levels=(1, 3),
    ),
    Step(
        "second_gradient",
        "Derivative at the point reached",
        "L'(w_1)",
        r"2a\,w_1+c",
        lambda a, c, first: 2 * a * first + c,
        lambda a, c, first: rf"2\cdot {a}\cdot {factor(first)}+{factor(c)}",
        levels=(3,),
    ),
    Step(
        "after_two",
        "The second step",
        r"w_2",
        r"w_1-\eta\,L'(w_1)",
        lambda first, rate, second_gradient: first - rate * second_gradient,
        levels=(3,),
    ),
    Step(
        "off",
        "Error of the prediction",
        r"\hat y-y",
        "wx+b-y",
        lambda x, y, w, b: w * x + b - y,
        lambda x, y, w, b: rf"{factor(w)}\cdot {factor(x)}+{factor(b)}-{factor(y)}",
        levels=(2,),
    ),
    Step(
        "gradient",
        "Both derivatives, at the old values",
        r"\nabla L",
        r"\left(2(\hat y-y)\,x,\ 2(\hat y-y)\right)",
        lambda off, x: [2 * off * x, 2 * off],
        lambda off, x: rf"2\cdot {factor(off)}\cdot {factor(x)}",
        levels=(2,),
    ),
    Step(
        "first",
        "One step of both against the gradient",
        "(w, b)",
        r"(w, b)-\eta\,\nabla L",
        lambda w, b, rate, gradient: [w - rate * gradient[0], b - rate * gradient[1]],
        lambda w, rate, gradient: rf"{cell(w)}-{cell(rate)}\cdot {factor(gradient[0])}",
        levels=(2,),
    ),
)


def again(w: Any, a: Any, c: Any, rate: Any) -> Any:
    return w - rate * (2 * a * w + c)


MISTAKES = (
    Mistake(
        "uphill",
        "first",
        lambda w, rate, gradient: w + rate * gradient,
        "You added the step: that climbs; descent goes against the gradient.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "rate-left-out",
        "first",
        lambda w, gradient: w - gradient,
        "You left out the rate.",
        levels=(1,),
        cause="rate",
    ),
    Mistake(
        "step-for-weight",
        "first",
        lambda rate, gradient: rate * gradient,
        "You gave the step; it is subtracted from w.",
        levels=(1,),
        cause="step",
    ),
    Mistake(
        "negative-step-for-weight",
        "first",
        lambda rate, gradient: -rate * gradient,
        "You gave the change of w; it is added to w.",
        levels=(1,),
        cause="step",
    ),
    Mistake(
        "gradient-for-weight",
        "first",
        lambda gradient: gradient,
        "You gave the derivative; the step still has to be made.",
        levels=(1,),
        cause="step",
    ),
    Mistake(
        "factor-two-missing",
        "gradient",
        lambda a, c, w: a * w + c,
        "You left out the factor 2: the derivative of w² is 2w.",
        when=lambda w: w != 0,
        levels=(1, 3),
        cause="derivative",
    ),
    Mistake(
        "linear-term-left-out",
        "gradient",
        lambda a, w: 2 * a * w,
        "You left out the derivative of the linear term.",
        when=lambda c: c != 0,
        levels=(1, 3),
        cause="derivative",
    ),
    Mistake(
        "loss-for-derivative",
        "gradient",
        lambda a, c, w: a * w * w + c * w,
        "You used the loss itself; the step needs its derivative.",
        levels=(1, 3),
        cause="derivative",
    ),
    Mistake(
        "uphill",
        "first",
        lambda a, c, w, rate: (lambda v: v + rate * (2 * a * v + c))(w + rate * (2 * a * w + c)),
        "You added the steps: that climbs; descent goes against the gradient.",
        levels=(3,),
        gives="after_two",
        cause="sign",
    ),
    Mistake(
        "one-step-only",
        "after_two",
        lambda first: first,
        "You made one step; two were asked for.",
        levels=(3,),
        cause="step",
    ),
    Mistake(
        "old-gradient-again",
        "second_gradient",
        lambda gradient: gradient,
        "You used the first derivative again; it is computed anew where you stand.",
        levels=(3,),
        cause="derivative",
    ),
    Mistake(
        "three-steps",
        "after_two",
        lambda after_two, a, c, rate: again(after_two, a, c, rate),
        "You made three steps; two were asked for.",
        levels=(3,),
        cause="step",
    ),
    Mistake(
        "rate-left-out",
        "first",
        lambda a, c, w: (lambda v: v - (2 * a * v + c))(w - (2 * a * w + c)),
        "You left out the rate in both steps.",
        levels=(3,),
        gives="after_two",
        cause="rate",
    ),
    Mistake(
        "one-after-the-other",
        "first",
        lambda x, y, w, b, rate, gradient: [
            w - rate * gradient[0],
            b - rate * 2 * ((w - rate * gradient[0]) * x + b - y),
        ],
        "You used the updated w for b's derivative; both are taken at the old values.",
        cause="simultaneous",
    ),
    Mistake(
        "uphill",
        "first",
        lambda w, b, rate, gradient: [w + rate * gradient[0], b + rate * gradient[1]],
        "You added the step: that climbs; descent goes against the gradient.",
        levels=(2,),
        cause="sign",
    ),
    Mistake(
        "rate-left-out",
        "first",
        lambda w, b, gradient: [w - gradient[0], b - gradient[1]],
        "You left out the rate.",
        levels=(2,),
        cause="rate",
    ),
    Mistake(
        "factor-two-missing",
        "gradient",
        lambda off, x: [off * x, off],
        "You left out the factor 2 of the square.",
        levels=(2,),
        cause="derivative",
    ),
    Mistake(
        "input-left-out",
        "gradient",
        lambda off: [2 * off, 2 * off],
        "You left out the input in w's derivative.",
        when=lambda x: x != 1,
        levels=(2,),
        cause="derivative",
    ),
    Mistake(
        "bias-kept",
        "first",
        lambda w, b, rate, gradient: [w - rate * gradient[0], b],
        "You left the bias where it was; it moves as well.",
        levels=(2,),
        cause="step",
    ),
    Mistake(
        "steps-for-parameters",
        "first",
        lambda rate, gradient: [rate * g for g in gradient],
        "You gave the steps; they are subtracted from the parameters.",
        levels=(2,),
        cause="step",
    ),
)

FAMILIES = (
    Family(
        name="descent-step",
        version=1,
        title="A step of gradient descent",
        topic="gradient descent and optimisers",
        says="Derivative, rate, step: where the parameters go.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_pair, 3: question_two},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="",
        fine=fine,
        items=("N2.26", "N2.30", "N2.31", "N2.39"),
    ),
)
