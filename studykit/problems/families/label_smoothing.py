"""Cross-entropy with smoothed labels: the gradient exactly, the loss, then from logits."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, dot, softmax
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor, products, row, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any]:
    n = dice.pick([3, 4, 5]) if level == 1 else dice.pick([3, 4])
    given: dict[str, Any] = {
        "epsilon": Fraction(dice.pick([1, 2, 3]), 10),
        "label": dice.between(1, n),
    }
    if level == 3:
        return {"z": [dice.between(-20, 25) / 10 for _ in range(n)], **given}
    odds = dice.vector(n, 1, 6)
    return {"p": [Fraction(a, sum(odds)) for a in odds], **given}


def fine(p: Vector, label: int) -> bool:
    return bool(len(set(p)) > 1 and min(p) >= 0.03 and max(p) <= 0.9 and p[label - 1] < 0.85)


def _words(label: int, epsilon: Fraction) -> str:
    return (
        rf"The right class is number {label}. The label is smoothed with "
        rf"$\varepsilon={decimal(float(epsilon), 1)}$, spread over all classes: "
        r"$y=(1-\varepsilon)\,e+\varepsilon/C$, where $e$ is one-hot and $C$ counts the classes. "
        r"The loss is $L=-\sum_c y_c\ln p_c$ with $p=\mathrm{softmax}(z)$."
    )


def question_gradient(p: Vector, label: int, epsilon: Fraction) -> str:
    return rf"{_words(label, epsilon)} Give $\partial L/\partial z$.$$p={row(p)}$$"


def question_loss(p: Vector, label: int, epsilon: Fraction) -> str:
    return rf"{_words(label, epsilon)} Give the loss.$$p={row(p)}$$"


def question_logits(z: Vector, label: int, epsilon: Fraction) -> str:
    return rf"{_words(label, epsilon)} Give $\partial L/\partial z$.$$z={row(z, 1)}$$"


def labels(p: Vector, label: int, right: Any, other: Any) -> Vector:
    return [right if c == label - 1 else other for c in range(len(p))]


def less(p: Vector, y: Vector) -> Vector:
    return [a - b for a, b in zip(p, y, strict=True)]


STEPS = (
    Step(
        "p",
        "Probabilities",
        "p",
        r"\mathrm{softmax}(z)",
        lambda z: softmax(z),
        lambda z: softmax_working(z),
        levels=(3,),
    ),
    Step(
        "smooth",
        "Smoothed label: every class gets a little, the right one keeps the rest too",
        "y",
        r"(1-\varepsilon)\,e+\frac{\varepsilon}{C}",
        lambda p, label, epsilon: labels(
            p, label, 1 - epsilon + divide(epsilon, len(p)), divide(epsilon, len(p))
        ),
        lambda p, label, epsilon: (
            rf"(1-{epsilon})\cdot {1 if label == 1 else 0}+\frac{{{cell(epsilon)}}}{{{len(p)}}}"
        ),
    ),
    Step(
        "gradient",
        "Gradient: probabilities less label",
        r"\frac{\partial L}{\partial z}",
        "p-y",
        lambda p, smooth: less(p, smooth),
        lambda p, smooth: rf"{cell(p[0])}-{factor(smooth[0])}",
        levels=(1, 3),
    ),
    Step(
        "surprise",
        "Surprise at every class",
        r"-\ln p",
        r"-\ln p_c",
        lambda p: [-math.log(x) for x in p],
        lambda p: rf"-\ln({cell(p[0])})",
        levels=(2,),
        entry=r"(-\ln p)_c",
    ),
    Step(
        "loss",
        "Loss: the surprises weighed with the label",
        "L",
        r"\sum_c y_c\cdot(-\ln p_c)",
        lambda smooth, surprise: dot(smooth, surprise),
        lambda smooth, surprise: products(smooth, surprise),
        levels=(2,),
    ),
)

MISTAKES = (
    Mistake(
        "not-smoothed",
        "smooth",
        lambda p, label: labels(p, label, 1, 0),
        "You used the one-hot label; smoothing moves a part of it to all classes.",
        cause="label",
    ),
    Mistake(
        "over-the-others-only",
        "smooth",
        lambda p, label, epsilon: labels(p, label, 1 - epsilon, divide(epsilon, len(p) - 1)),
        r"You spread $\varepsilon$ over the other classes, $\varepsilon/(C-1)$; here all share it.",
        cause="label",
    ),
    Mistake(
        "share-of-right-class-lost",
        "smooth",
        lambda p, label, epsilon: labels(p, label, 1 - epsilon, divide(epsilon, len(p))),
        "You left out the right class's own share; the label no longer sums to 1.",
        cause="label",
    ),
    Mistake(
        "whole-epsilon-each",
        "smooth",
        lambda p, label, epsilon: labels(p, label, 1 - epsilon, epsilon),
        r"You gave each class $\varepsilon$; it is shared out among them.",
        cause="label",
    ),
    Mistake(
        "others-left-at-zero",
        "smooth",
        lambda p, label, epsilon: labels(p, label, 1 - epsilon, 0),
        r"You only took $\varepsilon$ away; it is spread over the classes.",
        cause="label",
    ),
    Mistake(
        "sign-turned",
        "gradient",
        lambda p, smooth: less(smooth, p),
        r"You gave $y-p$; the gradient is $p-y$.",
        levels=(1, 3),
        cause="sign",
    ),
    Mistake(
        "probabilities-only",
        "gradient",
        lambda p: list(p),
        "You gave the probabilities; the label is still to be subtracted.",
        levels=(3,),
        cause="stopped",
    ),
    Mistake(
        "minus-missing",
        "loss",
        lambda loss: -loss,
        "The minus is missing: logarithms of probabilities are negative, the loss is not.",
        levels=(2,),
        cause="sign",
    ),
    Mistake(
        "base-two",
        "surprise",
        lambda p: [-math.log2(x) for x in p],
        "You used the logarithm to base 2; this loss is in nats.",
        levels=(2,),
        cause="base",
    ),
)

FAMILIES = (
    Family(
        name="label-smoothing",
        version=1,
        title="Smoothed labels",
        topic="losses and their gradients",
        says="A label that leaves every class a little, its loss and gradient.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_gradient, 2: question_loss, 3: question_logits},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="",
        fine=fine,
        items=("N2.20",),
    ),
)
