"""A running average of weights: by hand, with its correction, and how long it remembers."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor, tuple_of


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        beta = dice.pick([Fraction(1, 2), Fraction(3, 4), Fraction(4, 5), Fraction(9, 10)])
        return {
            "beta": beta,
            "start": dice.between(-10, 10),
            "w": dice.vector(2, -10, 10),
        }
    if level == 2:
        return {"beta": dice.pick([8, 9]) / 10, "w": dice.vector(3, -9, 9)}
    return {
        "beta": dice.pick([0.9, 0.92, 0.95, 0.96, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999]),
        "share": dice.pick([0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01]),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Weights that differ; a number of steps that is not on the edge."""
    if level == 3:
        exact = givens["exact"]
        return bool(exact > 5 and 0.05 < exact % 1 < 0.95)
    w = givens["w"]
    others = [*w, givens["start"]] if level == 1 else w
    return len(set(others)) == len(others) and 0 not in others


RULE = r"$a\leftarrow\beta a+(1-\beta)\,w$"


def question_average(beta: Fraction, start: int, w: Vector) -> str:
    return (
        rf"A running average of a weight is kept after every step: {RULE} with "
        rf"$\beta={decimal(float(beta), 2).rstrip('0')}$. It stands at $a={start}$; the next two "
        rf"steps give $w={w[0]}$ and then $w={w[1]}$. Give $a$ after both."
    )


def question_corrected(beta: float, w: Vector) -> str:
    return (
        rf"A running average is kept with {RULE}, $\beta={decimal(beta, 1)}$, from $a=0$ at the "
        rf"start. The first three values are $w={tuple_of(w)}$. Give the average after them with "
        r"bias correction, $\hat a=a/(1-\beta^t)$."
    )


def question_memory(beta: float, share: float) -> str:
    return (
        rf"A running average is kept with {RULE} and $\beta={beta}$. After how many steps is the "
        rf"share of the old average that is left in it for the first time below ${share}$?"
    )


def averaged(beta: Any, start: Any, w: Vector) -> Any:
    for x in w:
        start = beta * start + (1 - beta) * x
    return start


STEPS = (
    Step(
        "first",
        "After the first",
        "a_1",
        r"\beta a_0+(1-\beta)\,w_1",
        lambda beta, start, w: averaged(beta, start, w[:1]),
        lambda beta, start, w: (
            rf"{cell(beta)}\cdot {factor(start)}+{cell(1 - beta)}\cdot {factor(w[0])}"
        ),
        levels=(1,),
    ),
    Step(
        "result",
        "After the second",
        "a_2",
        r"\beta a_1+(1-\beta)\,w_2",
        lambda beta, first, w: averaged(beta, first, w[1:]),
        lambda beta, first, w: (
            rf"{cell(beta)}\cdot {factor(first)}+{cell(1 - beta)}\cdot {factor(w[1])}"
        ),
        levels=(1,),
    ),
    Step(
        "average",
        "The average, newest value with the largest weight",
        "a",
        r"(1-\beta)\left(\beta^2w_1+\beta w_2+w_3\right)",
        lambda beta, w: averaged(beta, 0, w),
        lambda beta, w: (
            rf"{decimal(1 - beta, 1)}\cdot\left({decimal(beta**2, 2)}\cdot {factor(w[0])}"
            rf"+{decimal(beta, 1)}\cdot {factor(w[1])}+{factor(w[2])}\right)"
        ),
        levels=(2,),
    ),
    Step(
        "result",
        "Corrected for the start at 0",
        r"\hat a",
        r"\frac{a}{1-\beta^3}",
        lambda average, beta: average / (1 - beta**3),
        lambda average, beta: rf"\frac{{{cell(average)}}}{{1-{decimal(beta, 1)}^3}}",
        levels=(2,),
    ),
    Step(
        "exact",
        "Where the share left, a power of β, would be just that",
        "x",
        r"\frac{\ln s}{\ln\beta}",
        lambda beta, share: math.log(share) / math.log(beta),
        lambda beta, share: rf"\frac{{\ln {share}}}{{\ln {beta}}}",
        levels=(3,),
    ),
    Step(
        "result",
        "The next whole number",
        "t",
        r"\lceil x\rceil",
        lambda exact: math.ceil(exact),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "shares-exchanged",
        "result",
        lambda beta, start, w: averaged(1 - beta, start, w),
        r"You exchanged the shares: the old average keeps $\beta$.",
        when=lambda beta: beta != 0.5,
        cause="shares",
    ),
    Mistake(
        "new-value-added-whole",
        "result",
        lambda beta, start, w: beta * (beta * start + w[0]) + w[1],
        r"You added the new value whole; its share is $1-\beta$.",
        cause="shares",
    ),
    Mistake(
        "one-step-only",
        "result",
        lambda first: first,
        "You made one step; two were asked for.",
        levels=(1,),
        cause="steps",
    ),
    Mistake(
        "plain-mean",
        "result",
        lambda start, w: divide(start + sum(w), 3),
        "You took the plain mean; a running average forgets old values.",
        cause="mean",
    ),
    Mistake(
        "order-exchanged",
        "result",
        lambda beta, start, w: averaged(beta, start, list(reversed(w))),
        "You took the second value first.",
        cause="order",
    ),
    Mistake(
        "old-average-again",
        "result",
        lambda beta, start, w: beta * start + (1 - beta) * w[1],
        "You began the second step from the old average; it goes on from the first step's.",
        cause="steps",
    ),
    Mistake(
        "not-corrected",
        "result",
        lambda average: average,
        r"You did not correct: the average from 0 is divided by $1-\beta^3$.",
        cause="correction",
    ),
    Mistake(
        "corrected-for-the-first",
        "result",
        lambda average, beta: average / (1 - beta),
        r"You divided by $1-\beta$, which is right after one value; here $t=3$.",
        cause="correction",
    ),
    Mistake(
        "corrected-with-beta",
        "result",
        lambda average, beta: average / beta**3,
        r"You divided by $\beta^3$; what is missing is that share, so it is $1-\beta^3$.",
        cause="correction",
    ),
    Mistake(
        "plain-mean",
        "result",
        lambda w: sum(w) / len(w),
        "You took the plain mean; the newest value has the largest weight.",
        levels=(2,),
        cause="mean",
    ),
    Mistake(
        "oldest-weighs-most",
        "average",
        lambda beta, w: averaged(beta, 0, list(reversed(w))),
        "You gave the oldest value the largest weight.",
        cause="order",
    ),
    Mistake(
        "shares-exchanged",
        "average",
        lambda beta, w: averaged(1 - beta, 0, w),
        r"You exchanged the shares: the old average keeps $\beta$.",
        levels=(2,),
        cause="shares",
    ),
    Mistake(
        "rounded-down",
        "result",
        lambda exact: math.floor(exact),
        "You rounded down; after that many steps the share is not below it yet.",
        cause="rounding",
    ),
    Mistake(
        "one-step-more",
        "result",
        lambda exact: math.ceil(exact) + 1,
        "You counted one step too many.",
        cause="rounding",
    ),
    Mistake(
        "complement",
        "exact",
        lambda beta, share: math.log(1 - share) / math.log(beta),
        "You took the share of the new values; the old average's was asked for.",
        when=lambda share: share != 0.5,
        cause="shares",
    ),
    Mistake(
        "not-compounded",
        "result",
        lambda beta, share: math.ceil(round((1 - share) / (1 - beta), 6)),
        r"You subtracted $1-\beta$ in every step; the share is multiplied by $\beta$.",
        levels=(3,),
        cause="compound",
    ),
    Mistake(
        "rule-of-thumb",
        "result",
        lambda beta: round(1 / (1 - beta)),
        r"You gave $1/(1-\beta)$, after which about 37 % is left.",
        levels=(3,),
        cause="compound",
    ),
    Mistake(
        "share-of-one-step",
        "exact",
        lambda beta, share: math.log(share / (1 - beta)) / math.log(beta),
        r"You used the weight of a single value, $(1-\beta)\beta^t$; the old average's is "
        r"$\beta^t$.",
        when=lambda beta, share: share < 1 - beta,
        cause="shares",
    ),
)

FAMILIES = (
    Family(
        name="weight-average",
        version=1,
        title="Running average of weights",
        topic="gradient descent and optimisers",
        says="An exponential moving average: by hand, corrected, and how long it remembers.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_average, 2: question_corrected, 3: question_memory},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        fine=fine,
        items=("N2.26",),
    ),
)
