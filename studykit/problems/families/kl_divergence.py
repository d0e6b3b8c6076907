"""Kullback–Leibler divergence: exact in bits, in nats, and its gradient in distillation."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, dot, scale, shrink, softmax
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, row, softmax_working

HALVINGS = {
    4: ((1, 2, 3, 3), (2, 2, 2, 2)),
    5: ((1, 2, 3, 4, 4), (2, 2, 2, 3, 3), (1, 3, 3, 3, 3)),
}
"""Exponents k of probabilities 2^−k that sum to 1."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        shapes = dice.some(HALVINGS[dice.pick([4, 5])], 2)
        p, q = ([Fraction(1, 2**k) for k in dice.shuffled(shape)] for shape in shapes)
        return {"p": p, "q": q}
    if level == 2:
        return {"p": _tenths(dice), "q": _tenths(dice)}
    return {
        "y": [dice.between(-15, 20) / 10 for _ in range(3)],
        "z": [dice.between(-15, 20) / 10 for _ in range(3)],
        "T": dice.pick([2, 3]),
    }


def _tenths(dice: Dice) -> list[float]:
    first = dice.between(1, 7)
    second = dice.between(1, 9 - first)
    return [a / 10 for a in (first, second, 10 - first - second)]


def fine(p: Vector, q: Vector, level: int) -> bool:
    apart = [abs(a - b) for a, b in zip(p, q, strict=True)]
    return max(apart) > (0.05 if level == 3 else 0.1) and sorted(p) != [min(p)] * len(p)


def question_bits(p: Vector, q: Vector) -> str:
    return (
        r"Give the Kullback–Leibler divergence $D(p\,\Vert\,q)$ in bits, with logarithms to "
        r"base 2."
        rf"$$p={row(p)}\qquad q={row(q)}$$"
    )


def question_nats(p: Vector, q: Vector) -> str:
    return (
        r"The right distribution over three tokens is $p$, a model gives $q$. Give the "
        r"Kullback–Leibler divergence $D(p\,\Vert\,q)$ in nats, by which the cross-entropy lies "
        r"above the entropy of $p$."
        rf"$$p={row(p, 1)}\qquad q={row(q, 1)}$$"
    )


def question_distil(y: Vector, z: Vector, T: int) -> str:
    return (
        rf"A student learns from a teacher at the temperature $T={T}$: "
        r"$L=D(p\,\Vert\,q)$ in nats with $p=\mathrm{softmax}(y/T)$ from the teacher's logits and "
        r"$q=\mathrm{softmax}(z/T)$ from the student's, without a factor $T^2$. Give "
        r"$\partial L/\partial z$."
        rf"$$y={row(y, 1)}\qquad z={row(z, 1)}$$"
    )


def logs(p: Vector, q: Vector, base: float) -> Vector:
    """log(p/q) to this base; whole numbers stay whole."""
    found = [math.log(a / b) / math.log(base) for a, b in zip(p, q, strict=True)]
    return [round(x) for x in found] if base == 2 else found


def entropy(p: Vector, base: float) -> float:
    return crossed(p, p, base)


def crossed(p: Vector, q: Vector, base: float) -> float:
    return float(-dot(p, [math.log(b) for b in q])) / math.log(base)


def gap(q: Vector, p: Vector) -> Vector:
    return [a - b for a, b in zip(q, p, strict=True)]


STEPS = (
    Step(
        "ratios",
        "Logarithms of the ratios",
        r"\log_2\frac{p}{q}",
        r"\log_2\frac{p_i}{q_i}",
        lambda p, q: logs(p, q, 2),
        lambda p, q: rf"\log_2\frac{{{cell(p[0])}}}{{{cell(q[0])}}}",
        levels=(1,),
        entry=r"\left(\log_2\frac{p}{q}\right)_i",
    ),
    Step(
        "ratios",
        "Logarithms of the ratios",
        r"\ln\frac{p}{q}",
        r"\ln\frac{p_i}{q_i}",
        lambda p, q: logs(p, q, math.e),
        lambda p, q: rf"\ln\frac{{{p[0]:.1f}}}{{{q[0]:.1f}}}",
        levels=(2,),
        entry=r"\left(\ln\frac{p}{q}\right)_i",
    ),
    Step(
        "divergence",
        "Their mean under p",
        r"D(p\,\Vert\,q)",
        r"\sum_i p_i\log\frac{p_i}{q_i}",
        lambda p, ratios: dot(p, ratios),
        lambda p, ratios: "+".join(
            rf"{cell(a)}\cdot {factor(b)}" for a, b in zip(p, ratios, strict=True)
        ),
        levels=(1, 2),
    ),
    Step(
        "p",
        "The teacher's distribution",
        "p",
        r"\mathrm{softmax}(y/T)",
        lambda y, T: softmax(shrink(y, T)),
        lambda y, T: softmax_working(shrink(y, T)),
        levels=(3,),
    ),
    Step(
        "q",
        "The student's distribution",
        "q",
        r"\mathrm{softmax}(z/T)",
        lambda z, T: softmax(shrink(z, T)),
        lambda z, T: softmax_working(shrink(z, T)),
        levels=(3,),
    ),
    Step(
        "gradient",
        "The student's less the teacher's, through the temperature",
        r"\frac{\partial L}{\partial z}",
        r"\frac{q-p}{T}",
        lambda p, q, T: shrink(gap(q, p), T),
        lambda p, q, T: rf"\frac{{{cell(q[0])}-{cell(p[0])}}}{{{T}}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "reversed",
        "divergence",
        lambda q, ratios: -dot(q, ratios),
        r"You gave $D(q\,\Vert\,p)$; the first distribution weighs the logarithms.",
        cause="direction",
    ),
    Mistake(
        "weighed-with-the-model",
        "divergence",
        lambda q, ratios: dot(q, ratios),
        r"You weighed with $q$; the mean is taken under $p$.",
        cause="direction",
    ),
    Mistake(
        "sign-of-the-ratio",
        "divergence",
        lambda divergence: -divergence,
        r"You took $\log(q/p)$; a divergence is never negative.",
        cause="sign",
    ),
    Mistake(
        "weights-left-out",
        "divergence",
        lambda ratios: sum(ratios),
        r"You summed the logarithms without the weights $p_i$.",
        cause="weights",
    ),
    Mistake(
        "cross-entropy",
        "divergence",
        lambda p, q, level: crossed(p, q, 2 if level == 1 else math.e),
        r"You gave the cross-entropy; the entropy of $p$ is still to be subtracted.",
        cause="entropy",
    ),
    Mistake(
        "entropy-of-p",
        "divergence",
        lambda p, level: entropy(p, 2 if level == 1 else math.e),
        r"You gave the entropy of $p$.",
        cause="entropy",
    ),
    Mistake(
        "difference-of-entropies",
        "divergence",
        lambda p, q, level: (
            entropy(q, 2 if level == 1 else math.e) - entropy(p, 2 if level == 1 else math.e)
        ),
        r"You subtracted two entropies; the first term is the cross-entropy $-\sum p\log q$.",
        cause="entropy",
    ),
    Mistake(
        "bits-for-nats",
        "divergence",
        lambda divergence: divergence / math.log(2),
        "You used the logarithm to base 2; in nats it is the natural one.",
        levels=(2,),
        cause="base",
    ),
    Mistake(
        "sign-flipped",
        "gradient",
        lambda gradient: scale(gradient, -1),
        r"You gave $p-q$; the gradient is $q-p$, and descent moves against it.",
        cause="sign",
    ),
    Mistake(
        "temperature-left-out",
        "gradient",
        lambda p, q: gap(q, p),
        r"You left out $1/T$; the logits are divided by T, so the gradient is too.",
        cause="temperature",
    ),
    Mistake(
        "times-temperature",
        "gradient",
        lambda p, q, T: scale(gap(q, p), T),
        r"You multiplied by T, as with the factor $T^2$; here the loss has none.",
        cause="temperature",
    ),
    Mistake(
        "student-without-temperature",
        "q",
        lambda z: softmax(z),
        "You took the student's softmax without the temperature.",
        levels=(3,),
        cause="temperature",
    ),
    Mistake(
        "teacher-without-temperature",
        "p",
        lambda y: softmax(y),
        "You took the teacher's softmax without the temperature.",
        levels=(3,),
        cause="temperature",
    ),
    Mistake(
        "hard-label",
        "p",
        lambda y: [1 if x == max(y) else 0 for x in y],
        "You used the teacher's favourite as a hard label; its whole distribution counts.",
        levels=(3,),
        cause="label",
    ),
)

FAMILIES = (
    Family(
        name="kl-divergence",
        version=1,
        title="Kullback–Leibler divergence",
        topic="losses and their gradients",
        says="How far a distribution is from another, in a direction, and its gradient.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_bits, 2: question_nats, 3: question_distil},
        precision={1: Exact(), 2: Places(3), 3: Places(4)},
        fine=fine,
        items=("N2.20", "N3.19"),
    ),
)
