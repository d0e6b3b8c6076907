"""Two steps of an optimiser: momentum exactly, Adam with its correction, then decoupled decay."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    given: dict[str, Any] = {
        "w": dice.between(-4, 5),
        "g_1": dice.pick([-4, -3, -2, -1, 1, 2, 3, 4]),
        "g_2": dice.pick([-4, -3, -2, -1, 1, 2, 3, 4]),
        "rate": Fraction(1, 10),
    }
    if level == 1:
        return given | {"beta": dice.pick([Fraction(1, 2), Fraction(9, 10), Fraction(4, 5)])}
    given |= {"beta_1": Fraction(9, 10), "beta_2": dice.pick([Fraction(99, 100), Fraction(19, 20)])}
    if level == 3:
        given["decay"] = Fraction(dice.pick([1, 2, 4, 5]), 10)
    return given


def fine(w: Any, g_1: Any, g_2: Any, level: int, givens: dict[str, Any]) -> bool:
    """Gradients of different size; moments that do not cancel."""
    if not w or abs(g_1) == abs(g_2):
        return False
    return level == 1 or abs(givens["mean"]) > 0.3


def question_momentum(w: int, g_1: int, g_2: int, rate: Fraction, beta: Fraction) -> str:
    return (
        rf"Momentum: $v\leftarrow\beta v+g$, then $w\leftarrow w-\eta v$, with "
        rf"$\beta={decimal(float(beta), 1)}$, $\eta={decimal(float(rate), 1)}$, $v=0$ at the "
        rf"start and $w={w}$. The gradients of the first two steps are $g_1={g_1}$ and "
        rf"$g_2={g_2}$. Give $w$ after both."
    )


def _adam(w: int, g_1: int, g_2: int, rate: Fraction, beta_1: Fraction, beta_2: Fraction) -> str:
    return (
        rf"with $\beta_1={decimal(float(beta_1), 1)}$, $\beta_2={decimal(float(beta_2), 2)}$, "
        rf"$\eta={decimal(float(rate), 1)}$, $\varepsilon=0$ and bias correction starts at $w={w}$ "
        rf"with $m=v=0$. The gradients of the first two steps are $g_1={g_1}$ and $g_2={g_2}$. "
    )


def question_adam(
    w: int, g_1: int, g_2: int, rate: Fraction, beta_1: Fraction, beta_2: Fraction
) -> str:
    return (
        rf"Adam {_adam(w, g_1, g_2, rate, beta_1, beta_2)}"
        r"By how much is $w$ changed in the second step? Give $w_2-w_1$."
    )


def question_decay(
    w: int,
    g_1: int,
    g_2: int,
    rate: Fraction,
    beta_1: Fraction,
    beta_2: Fraction,
    decay: Fraction,
) -> str:
    return (
        rf"AdamW {_adam(w, g_1, g_2, rate, beta_1, beta_2)}"
        rf"Weight decay is decoupled, with $\lambda={decimal(float(decay), 1)}$: each step also "
        r"subtracts $\eta\lambda w$. Give $w$ after both steps."
    )


def adam_sign(g: Any) -> int:
    """Adam's first step by itself: corrected, m over the root of v is the sign of g."""
    return 1 if g > 0 else -1


STEPS = (
    Step(
        "first_velocity",
        "Velocity of the first step",
        "v_1",
        "g_1",
        lambda g_1: g_1,
        levels=(1,),
    ),
    Step(
        "second_velocity",
        "Velocity of the second step",
        "v_2",
        r"\beta v_1+g_2",
        lambda beta, first_velocity, g_2: beta * first_velocity + g_2,
        lambda beta, first_velocity, g_2: rf"{beta}\cdot {factor(first_velocity)}+{factor(g_2)}",
        levels=(1,),
    ),
    Step(
        "result",
        "Both steps made",
        "w_2",
        r"w-\eta\,v_1-\eta\,v_2",
        lambda w, rate, first_velocity, second_velocity: (
            w - rate * first_velocity - rate * second_velocity
        ),
        lambda w, rate, first_velocity, second_velocity: (
            rf"{w}-{rate}\cdot {factor(first_velocity)}-{rate}\cdot {factor(second_velocity)}"
        ),
        levels=(1,),
    ),
    Step(
        "mean",
        "Corrected mean of the gradients",
        r"\hat m_2",
        r"\frac{(1-\beta_1)(\beta_1g_1+g_2)}{1-\beta_1^2}",
        lambda beta_1, g_1, g_2: divide((1 - beta_1) * (beta_1 * g_1 + g_2), 1 - beta_1**2),
        lambda beta_1, g_1, g_2: (
            rf"\frac{{{1 - beta_1}\cdot({beta_1}\cdot {factor(g_1)}+{factor(g_2)})}}"
            rf"{{1-({beta_1})^2}}"
        ),
        levels=(2, 3),
    ),
    Step(
        "square",
        "Corrected mean of their squares",
        r"\hat v_2",
        r"\frac{(1-\beta_2)(\beta_2g_1^2+g_2^2)}{1-\beta_2^2}",
        lambda beta_2, g_1, g_2: divide((1 - beta_2) * (beta_2 * g_1**2 + g_2**2), 1 - beta_2**2),
        lambda beta_2, g_1, g_2: (
            rf"\frac{{{1 - beta_2}\cdot({beta_2}\cdot {factor(g_1)}^2+{factor(g_2)}^2)}}"
            rf"{{1-({beta_2})^2}}"
        ),
        levels=(2, 3),
    ),
    Step(
        "step",
        "Change of the second step",
        r"\Delta",
        r"-\eta\,\frac{\hat m_2}{\sqrt{\hat v_2}}",
        lambda rate, mean, square: -rate * mean / sqrt(square),
        lambda rate, mean, square: rf"-{rate}\cdot\frac{{{cell(mean)}}}{{\sqrt{{{cell(square)}}}}}",
        levels=(2, 3),
    ),
    Step(
        "first",
        "After the first step, whose Adam part is the sign of the gradient",
        "w_1",
        r"w-\eta\,\mathrm{sign}(g_1)-\eta\lambda w",
        lambda w, rate, g_1, decay: w - rate * adam_sign(g_1) - rate * decay * w,
        lambda w, rate, g_1, decay: (
            rf"{w}-{rate}\cdot {factor(adam_sign(g_1))}-{rate}\cdot {decay}\cdot {factor(w)}"
        ),
        levels=(3,),
    ),
    Step(
        "result",
        "After the second step",
        "w_2",
        r"w_1+\Delta-\eta\lambda w_1",
        lambda first, step, rate, decay: first + step - rate * decay * first,
        lambda first, step, rate, decay: (
            rf"{cell(first)}+{factor(step)}-{rate}\cdot {decay}\cdot {factor(first)}"
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "no-momentum",
        "second_velocity",
        lambda g_2: g_2,
        "You made two plain steps; the second one carries the velocity on.",
        levels=(1,),
        cause="momentum",
    ),
    Mistake(
        "gradient-weighed",
        "second_velocity",
        lambda beta, g_1, g_2: beta * g_1 + (1 - beta) * g_2,
        r"You weighed the second gradient with $1-\beta$; this rule adds it whole.",
        levels=(1,),
        cause="momentum",
    ),
    Mistake(
        "second-step-only",
        "result",
        lambda w, rate, second_velocity: w - rate * second_velocity,
        "You made the second step only.",
        levels=(1,),
        cause="step",
    ),
    Mistake(
        "velocity-kept-whole",
        "second_velocity",
        lambda g_1, g_2: g_1 + g_2,
        r"You left out $\beta$: the old velocity fades.",
        levels=(1,),
        cause="momentum",
    ),
    Mistake(
        "uphill",
        "result",
        lambda w, rate, first_velocity, second_velocity: (
            w + rate * first_velocity + rate * second_velocity
        ),
        "You added the steps; descent subtracts them.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "rate-left-out",
        "result",
        lambda w, first_velocity, second_velocity: w - first_velocity - second_velocity,
        "You left out the rate.",
        levels=(1,),
        cause="rate",
    ),
    Mistake(
        "mean-not-corrected",
        "mean",
        lambda beta_1, g_1, g_2: (1 - beta_1) * (beta_1 * g_1 + g_2),
        r"You did not correct the mean: it is divided by $1-\beta_1^2$.",
        levels=(2, 3),
        cause="correction",
    ),
    Mistake(
        "square-not-corrected",
        "square",
        lambda beta_2, g_1, g_2: (1 - beta_2) * (beta_2 * g_1**2 + g_2**2),
        r"You did not correct the mean of squares: it is divided by $1-\beta_2^2$.",
        levels=(2, 3),
        cause="correction",
    ),
    Mistake(
        "corrected-for-first-step",
        "mean",
        lambda beta_1, g_1, g_2: beta_1 * g_1 + g_2,
        r"You divided by $1-\beta_1$, which is right for the first step; here $t=2$.",
        levels=(2, 3),
        cause="correction",
    ),
    Mistake(
        "root-left-out",
        "step",
        lambda rate, mean, square: -rate * mean / square,
        "You left out the root: the mean is divided by the root of the mean square.",
        levels=(2, 3),
        cause="root",
    ),
    Mistake(
        "plain-gradient",
        "mean",
        lambda g_2: g_2,
        "You used the gradient in place of its running mean.",
        levels=(2, 3),
        cause="mean",
    ),
    Mistake(
        "not-normalised",
        "step",
        lambda rate, mean: -rate * mean,
        "You left out the division by the root of the mean square.",
        levels=(2, 3),
        cause="root",
    ),
    Mistake(
        "uphill",
        "step",
        lambda step: -step,
        "You added the step; descent goes against the gradient.",
        levels=(2,),
        cause="sign",
    ),
    Mistake(
        "decay-left-out",
        "result",
        lambda w, rate, g_1, step: w - rate * adam_sign(g_1) + step,
        "You left out the decay.",
        levels=(3,),
        cause="decay",
    ),
    Mistake(
        "decay-of-one-step",
        "result",
        lambda first, step: first + step,
        "You let the weight decay in the first step only.",
        levels=(3,),
        cause="decay",
    ),
    Mistake(
        "decay-without-rate",
        "first",
        lambda w, rate, g_1, decay: w - rate * adam_sign(g_1) - decay * w,
        r"You subtracted $\lambda w$ in the first step; the rate belongs to it, $\eta\lambda w$.",
        levels=(3,),
        cause="decay",
    ),
    Mistake(
        "plain-first-step",
        "first",
        lambda w, rate, g_1, decay: w - rate * g_1 - rate * decay * w,
        "You made the first step with the gradient itself; Adam divides it by its size.",
        when=lambda g_1: abs(g_1) != 1,
        levels=(3,),
        cause="root",
    ),
)

FAMILIES = (
    Family(
        name="optimiser-step",
        version=1,
        title="Momentum, Adam, AdamW",
        topic="gradient descent and optimisers",
        says="Running means of gradients, corrected, and the step they make.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_momentum, 2: question_adam, 3: question_decay},
        precision={1: Exact(), 2: Places(4), 3: Places(3)},
        convention="",
        fine=fine,
        items=("N2.26",),
    ),
)
