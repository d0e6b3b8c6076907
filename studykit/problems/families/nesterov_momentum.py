"""Nesterov's momentum: the gradient where momentum would lead, two such steps, the form of code."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor


def draws(dice: Dice, level: int) -> dict[str, Any]:
    given: dict[str, Any] = {
        "w": dice.pick([-8, -6, -5, -4, 4, 5, 6, 8]),
        "beta": dice.pick([Fraction(8 if level == 1 else 5, 10), Fraction(9, 10)]),
        "rate": Fraction(1, 10),
    }
    if level == 3:
        several = [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]
        return given | {"g_1": dice.pick(several), "g_2": dice.pick(several)}
    given["a"] = dice.pick([1, 2, 3, 4])
    if level == 1:
        given["v"] = dice.pick([-20, -10, -5, 5, 10, 20])
    return given


def fine(level: int, givens: dict[str, Any]) -> bool:
    if level == 3:
        return bool(abs(givens["g_1"]) != abs(givens["g_2"]))
    return bool(abs(givens["ahead" if level == 1 else "ahead_2"]) > 0.2)


RULE = (
    r"$v\leftarrow\beta v+\nabla L(w-\eta\beta v)$, then $w\leftarrow w-\eta v$, with "
    r"$\beta=%s$ and $\eta=%s$"
)


def _rule(beta: Any, rate: Any) -> str:
    return RULE % (decimal(float(beta), 1), decimal(float(rate), 1))


def question_one(w: int, v: int, a: int, beta: Fraction, rate: Fraction) -> str:
    return (
        rf"Nesterov's momentum: {_rule(beta, rate)}. The loss is $L(w)={_square(a)}$; now $w={w}$ "
        rf"and $v={v}$. Give $w$ after one step."
    )


def question_two(w: int, a: int, beta: Fraction, rate: Fraction) -> str:
    return (
        rf"Nesterov's momentum: {_rule(beta, rate)}. The loss is $L(w)={_square(a)}$; at the start "
        rf"$w={w}$ and $v=0$. Give $w$ after two steps."
    )


def question_code(w: int, g_1: int, g_2: int, beta: Fraction, rate: Fraction) -> str:
    return (
        r"Code often writes Nesterov's momentum with the gradient $g$ at the present $w$: "
        r"$v\leftarrow\beta v+g$, then $w\leftarrow w-\eta\,(g+\beta v)$ with the new $v$. Here "
        rf"$\beta={decimal(float(beta), 1)}$, $\eta={decimal(float(rate), 1)}$, $w={w}$ and $v=0$ "
        rf"at the start; the gradients of the first two steps are $g_1={g_1}$ and $g_2={g_2}$. "
        r"Give $w$ after both."
    )


def _square(a: int) -> str:
    """½aw², so that the derivative is aw."""
    lead = {1: r"\frac{1}{2}", 2: "", 3: r"\frac{3}{2}", 4: "2"}[a]
    return f"{lead}w^2"


STEPS = (
    Step(
        "ahead",
        "Where momentum alone would lead",
        r"\tilde w",
        r"w-\eta\beta v",
        lambda w, v, beta, rate: w - rate * beta * v,
        lambda w, v, beta, rate: rf"{w}-{cell(rate)}\cdot {cell(beta)}\cdot {factor(v)}",
        levels=(1,),
    ),
    Step(
        "velocity",
        "The velocity, with the gradient there",
        "v'",
        r"\beta v+L'(\tilde w)",
        lambda v, beta, a, ahead: beta * v + a * ahead,
        lambda v, beta, a, ahead: rf"{cell(beta)}\cdot {factor(v)}+{a}\cdot {factor(ahead)}",
        levels=(1,),
    ),
    Step(
        "after",
        "The step",
        "w'",
        r"w-\eta v'",
        lambda w, rate, velocity: w - rate * velocity,
        lambda w, rate, velocity: rf"{w}-{cell(rate)}\cdot {factor(velocity)}",
        levels=(1,),
    ),
    Step(
        "v_1",
        "First velocity: from rest, so it is the gradient at the start",
        "v_1",
        r"L'(w_0)",
        lambda a, w: a * w,
        lambda a, w: rf"{a}\cdot {factor(w)}",
        levels=(2,),
    ),
    Step(
        "w_1",
        "First step",
        "w_1",
        r"w_0-\eta v_1",
        lambda w, rate, v_1: w - rate * v_1,
        lambda w, rate, v_1: rf"{w}-{cell(rate)}\cdot {factor(v_1)}",
        levels=(2,),
    ),
    Step(
        "ahead_2",
        "Where momentum alone would lead from there",
        r"\tilde w",
        r"w_1-\eta\beta v_1",
        lambda w_1, rate, beta, v_1: w_1 - rate * beta * v_1,
        lambda w_1, rate, beta, v_1: (
            rf"{cell(w_1)}-{cell(rate)}\cdot {cell(beta)}\cdot {factor(v_1)}"
        ),
        levels=(2,),
    ),
    Step(
        "v_2",
        "Second velocity, with the gradient there",
        "v_2",
        r"\beta v_1+L'(\tilde w)",
        lambda beta, v_1, a, ahead_2: beta * v_1 + a * ahead_2,
        lambda beta, v_1, a, ahead_2: (
            rf"{cell(beta)}\cdot {factor(v_1)}+{a}\cdot {factor(ahead_2)}"
        ),
        levels=(2,),
    ),
    Step(
        "after",
        "Second step",
        "w_2",
        r"w_1-\eta v_2",
        lambda w_1, rate, v_2: w_1 - rate * v_2,
        lambda w_1, rate, v_2: rf"{cell(w_1)}-{cell(rate)}\cdot {factor(v_2)}",
        levels=(2,),
    ),
    Step(
        "v_2",
        "Second velocity; the first one is the first gradient",
        "v_2",
        r"\beta g_1+g_2",
        lambda beta, g_1, g_2: beta * g_1 + g_2,
        lambda beta, g_1, g_2: rf"{cell(beta)}\cdot {factor(g_1)}+{factor(g_2)}",
        levels=(3,),
    ),
    Step(
        "w_1",
        "First step",
        "w_1",
        r"w-\eta\,(g_1+\beta v_1),\quad v_1=g_1",
        lambda w, rate, beta, g_1: w - rate * (g_1 + beta * g_1),
        lambda w, rate, beta, g_1: (
            rf"{w}-{cell(rate)}\cdot({cell(g_1)}+{cell(beta)}\cdot {factor(g_1)})"
        ),
        levels=(3,),
    ),
    Step(
        "after",
        "Second step",
        "w_2",
        r"w_1-\eta\,(g_2+\beta v_2)",
        lambda w_1, rate, beta, g_2, v_2: w_1 - rate * (g_2 + beta * v_2),
        lambda w_1, rate, beta, g_2, v_2: (
            rf"{cell(w_1)}-{cell(rate)}\cdot({cell(g_2)}+{cell(beta)}\cdot {factor(v_2)})"
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "gradient-where-it-stands",
        "ahead",
        lambda w: w,
        "You took the gradient at w, as in plain momentum; Nesterov looks ahead first.",
        cause="ahead",
    ),
    Mistake(
        "looked-back",
        "ahead",
        lambda w, v, beta, rate: w + rate * beta * v,
        "You looked back: momentum leads to $w-\\eta\\beta v$.",
        cause="ahead",
    ),
    Mistake(
        "rate-left-out-ahead",
        "ahead",
        lambda w, v, beta: w - beta * v,
        "You left out the rate when looking ahead.",
        cause="ahead",
    ),
    Mistake(
        "beta-left-out-ahead",
        "ahead",
        lambda w, v, rate: w - rate * v,
        r"You left out $\beta$ when looking ahead.",
        cause="ahead",
    ),
    Mistake(
        "velocity-kept-whole",
        "velocity",
        lambda v, a, ahead: v + a * ahead,
        r"You left out $\beta$ in the velocity: the old one fades.",
        cause="momentum",
    ),
    Mistake(
        "step-from-ahead",
        "after",
        lambda ahead, rate, velocity: ahead - rate * velocity,
        "You made the step from where you looked; it starts at w.",
        cause="start",
    ),
    Mistake(
        "uphill",
        "after",
        lambda w, rate, velocity: w + rate * velocity,
        "You added the step; descent subtracts it.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "gradient-where-it-stands",
        "ahead_2",
        lambda w_1: w_1,
        "You took the gradient at w, as in plain momentum; Nesterov looks ahead first.",
        cause="ahead",
    ),
    Mistake(
        "looked-back",
        "ahead_2",
        lambda w_1, v_1, beta, rate: w_1 + rate * beta * v_1,
        "You looked back: momentum leads to $w-\\eta\\beta v$.",
        cause="ahead",
    ),
    Mistake(
        "beta-left-out-ahead",
        "ahead_2",
        lambda w_1, v_1, rate: w_1 - rate * v_1,
        r"You left out $\beta$ when looking ahead.",
        cause="ahead",
    ),
    Mistake(
        "no-momentum",
        "v_2",
        lambda a, w_1: a * w_1,
        "You made two plain steps; the second one carries the velocity on.",
        levels=(2,),
        cause="momentum",
    ),
    Mistake(
        "old-gradient-again",
        "v_2",
        lambda beta, v_1: beta * v_1 + v_1,
        "You used the first gradient again; it is computed anew.",
        levels=(2,),
        cause="gradient",
    ),
    Mistake(
        "one-step-only",
        "after",
        lambda w_1: w_1,
        "You made one step; two were asked for.",
        levels=(2,),
        cause="steps",
    ),
    Mistake(
        "plain-momentum",
        "after",
        lambda w, rate, g_1, v_2: w - rate * g_1 - rate * v_2,
        r"You subtracted $\eta v$, as in plain momentum; here it is $\eta\,(g+\beta v)$.",
        levels=(3,),
        cause="momentum",
    ),
    Mistake(
        "gradient-left-out",
        "after",
        lambda w, rate, beta, g_1, v_2: w - rate * beta * g_1 - rate * beta * v_2,
        r"You subtracted $\eta\beta v$ alone; the gradient itself is added to it.",
        levels=(3,),
        cause="momentum",
    ),
    Mistake(
        "no-momentum",
        "after",
        lambda w, rate, g_1, g_2: w - rate * g_1 - rate * g_2,
        "You made two plain steps.",
        levels=(3,),
        cause="momentum",
    ),
    Mistake(
        "velocity-without-beta",
        "after",
        lambda w, rate, g_1, g_2, v_2: w - rate * (g_1 + g_1) - rate * (g_2 + v_2),
        r"You left out $\beta$ in front of the velocity in the step.",
        levels=(3,),
        cause="momentum",
    ),
    Mistake(
        "second-step-only",
        "w_1",
        lambda w: w,
        "You made the second step only.",
        levels=(3,),
        cause="steps",
    ),
)

FAMILIES = (
    Family(
        name="nesterov-momentum",
        version=1,
        title="Nesterov's momentum",
        topic="gradient descent and optimisers",
        says="Look where momentum leads, take the gradient there, and make the step.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_two, 3: question_code},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N2.26", "N2.31"),
    ),
)
