"""Cross-entropy on logits: its gradient exactly, its value with perplexity, then a batch."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, softmax, softmax_rows, subtract
from studykit.problems.dice import Dice
from studykit.problems.exact import ln
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, matrix, number, row, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n = dice.pick([3, 3, 4])
        return {"z": [ln(dice.between(1, 6)) for _ in range(n)], "label": dice.between(1, n)}
    if level == 2:
        n = dice.pick([3, 4])
        return {
            "z": [dice.between(-20, 30) / 10 for _ in range(n)],
            "label": dice.between(1, n),
        }
    return {
        "Z": [[dice.between(-20, 20) / 10 for _ in range(3)] for _ in range(2)],
        "labels": (dice.between(1, 3), dice.between(1, 3)),
    }


def fine(p: Any, level: int) -> bool:
    """Probabilities between 0.03 and 0.9, not all alike; at level 1 small denominators."""
    rows = p if level == 3 else [p]
    if level == 1 and not any(
        all(abs(x * n - round(x * n)) < 1e-9 for x in p) for n in range(2, 16)
    ):
        return False
    return all(min(r) >= 0.03 and max(r) <= 0.9 and max(r) - min(r) >= 0.05 for r in rows)


def question_gradient(z: Vector, label: int) -> str:
    return (
        rf"A classifier gives the logits $z$; the right class is number {label}. The loss is the "
        r"cross-entropy $L=-\ln p_y$ with $p=\mathrm{softmax}(z)$. Give $\partial L/\partial z$."
        rf"$$z={row(z)}$$"
    )


def question_loss(z: Vector, label: int) -> str:
    return (
        rf"A classifier gives the logits $z$; the right class is number {label}. Give the "
        r"cross-entropy $L=-\ln p_y$ in nats, with $p=\mathrm{softmax}(z)$, and the perplexity "
        r"$e^L$."
        rf"$$z={row(z, 1)}$$"
    )


def question_batch(Z: Matrix, labels: tuple[int, int]) -> str:
    return (
        r"Each row of $Z$ holds one example's logits; the right classes are number "
        rf"{labels[0]} for the first row and {labels[1]} for the second. The loss is the mean "
        r"cross-entropy over both examples. Give $\partial L/\partial Z$."
        rf"$$Z={matrix(Z, 1)}$$"
    )


def one_hot(label: int, n: int) -> Vector:
    return [1 if j == label - 1 else 0 for j in range(n)]


STEPS = (
    Step(
        "p",
        "Probabilities",
        "p",
        r"\mathrm{softmax}(z)",
        lambda z: softmax(z),
        lambda z: softmax_working(z),
        levels=(1, 2),
    ),
    Step(
        "p",
        "Probabilities, row by row",
        "P",
        r"\mathrm{softmax}(Z)",
        lambda Z: softmax_rows(Z),
        lambda Z: softmax_working(Z[0]),
        levels=(3,),
    ),
    Step(
        "gradient",
        "Gradient: the probabilities, less 1 at the right class",
        r"\frac{\partial L}{\partial z}",
        "p-y",
        lambda p, label: [a - b for a, b in zip(p, one_hot(label, len(p)), strict=True)],
        lambda p, label: rf"{cell(p[0])}-{1 if label == 1 else 0}",
        levels=(1,),
    ),
    Step(
        "loss",
        "Loss: the surprise at the right class",
        "L",
        r"-\ln p_y",
        lambda p, label: -math.log(p[label - 1]),
        lambda p, label: rf"-\ln {number(p[label - 1])}",
        levels=(2,),
    ),
    Step(
        "perplexity",
        "Perplexity",
        "e^L",
        "e^{L}",
        lambda loss: math.exp(loss),
        lambda loss: rf"e^{{{cell(loss)}}}",
        levels=(2,),
    ),
    Step(
        "both",
        "Both together",
        r"\left(L,\ e^L\right)",
        r"\left(L,\ e^L\right)",
        lambda loss, perplexity: [loss, perplexity],
        levels=(2,),
    ),
    Step(
        "off",
        "For each example the probabilities, less 1 at the right class",
        "P-Y",
        "P-Y",
        lambda p, labels: subtract(p, [one_hot(y, 3) for y in labels]),
        lambda p, labels: rf"{cell(p[0][0])}-{1 if labels[0] == 1 else 0}",
        levels=(3,),
    ),
    Step(
        "gradient",
        "Gradient of the mean: divided by the number of examples",
        r"\frac{\partial L}{\partial Z}",
        r"\frac{P-Y}{N}",
        lambda off: [[x / 2 for x in r] for r in off],
        lambda off: rf"\frac{{{cell(off[0][0])}}}{{2}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "sign-flipped",
        "gradient",
        lambda gradient: [-x for x in gradient],
        r"You gave $y-p$; the gradient is $p-y$, and descent moves against it.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "probabilities-only",
        "gradient",
        lambda p: p,
        "You gave the probabilities; 1 is subtracted at the right class.",
        levels=(1,),
        cause="gradient",
    ),
    Mistake(
        "squared-loss-gradient",
        "gradient",
        lambda p, gradient: [g * a * (1 - a) for g, a in zip(gradient, p, strict=True)],
        r"You multiplied by $p(1-p)$ as for a squared loss; with cross-entropy it cancels.",
        levels=(1,),
        cause="gradient",
    ),
    Mistake(
        "derivative-of-the-logarithm-only",
        "gradient",
        lambda p, label: [-1 / p[j] if j == label - 1 else 0 for j in range(len(p))],
        r"You gave $-1/p_y$, the derivative for $p$; the softmax is still between it and $z$.",
        levels=(1,),
        cause="gradient",
    ),
    Mistake(
        "right-class-only",
        "gradient",
        lambda p, label: [p[j] - 1 if j == label - 1 else 0 for j in range(len(p))],
        "You gave the right class alone; the other logits have a gradient as well.",
        levels=(1,),
        cause="gradient",
    ),
    Mistake(
        "class-counted-from-zero",
        "gradient",
        lambda p, label: [a - (1 if j == label else 0) for j, a in enumerate(p)],
        "You subtracted 1 at the next class; here classes are counted from 1.",
        when=lambda p, label: label < len(p),
        levels=(1,),
        cause="index",
    ),
    Mistake(
        "softmax-missing",
        "p",
        lambda z: z,
        "You used the logits as probabilities: the softmax is missing.",
        levels=(1,),
        cause="softmax",
    ),
    Mistake(
        "not-normalised",
        "p",
        lambda z: [math.exp(x) for x in z],
        "You took the exponentials but did not divide by their sum.",
        levels=(1,),
        cause="softmax",
    ),
    Mistake(
        "base-two-logarithm",
        "loss",
        lambda p, label: -math.log2(p[label - 1]),
        "You used the logarithm to base 2; in nats it is the natural one.",
        cause="base",
    ),
    Mistake(
        "decimal-logarithm",
        "loss",
        lambda p, label: -math.log10(p[label - 1]),
        "You used the logarithm to base 10; in nats it is the natural one.",
        cause="base",
    ),
    Mistake(
        "minus-missing",
        "loss",
        lambda loss: -loss,
        "The minus is missing: the loss is positive.",
        cause="sign",
    ),
    Mistake(
        "logit-only",
        "loss",
        lambda z, label: -z[label - 1],
        r"You gave $-z_y$; the logarithm of the sum, $\ln\sum e^z$, is added.",
        cause="softmax",
    ),
    Mistake(
        "probability-for-loss",
        "loss",
        lambda p, label: p[label - 1],
        "You gave the probability; the loss is minus its logarithm.",
        cause="loss",
    ),
    Mistake(
        "one-minus-probability",
        "loss",
        lambda p, label: 1 - p[label - 1],
        r"You gave $1-p_y$; the loss is $-\ln p_y$.",
        cause="loss",
    ),
    Mistake(
        "entropy-for-loss",
        "loss",
        lambda p: -sum(x * math.log(x) for x in p),
        "You gave the entropy of the prediction; only the right class counts.",
        cause="loss",
    ),
    Mistake(
        "power-of-two",
        "perplexity",
        lambda loss: 2.0**loss,
        r"You took $2^L$ with $L$ in nats; with nats it is $e^L$.",
        cause="base",
    ),
    Mistake(
        "next-class",
        "loss",
        lambda p, label: -math.log(p[label]) if label < len(p) else 0.0,
        "You took the next class; here classes are counted from 1.",
        when=lambda p, label: label < len(p),
        cause="index",
    ),
    Mistake(
        "sum-for-mean",
        "gradient",
        lambda off: off,
        "You gave the gradient of the sum; for the mean it is divided by the examples.",
        levels=(3,),
        cause="mean",
    ),
    Mistake(
        "mean-over-entries",
        "gradient",
        lambda off: [[x / 6 for x in r] for r in off],
        "You divided by the number of entries; the mean is over examples.",
        levels=(3,),
        cause="mean",
    ),
    Mistake(
        "sign-flipped",
        "off",
        lambda off: [[-x for x in r] for r in off],
        r"You gave $Y-P$; the gradient is $P-Y$.",
        levels=(3,),
        cause="sign",
    ),
    Mistake(
        "probabilities-only",
        "off",
        lambda p: p,
        "You left out the labels: 1 is subtracted at the right class of each row.",
        levels=(3,),
        cause="gradient",
    ),
    Mistake(
        "softmax-over-columns",
        "p",
        lambda Z: [list(r) for r in zip(*[softmax(c) for c in zip(*Z, strict=True)], strict=True)],
        "You took the softmax down the columns; each example has its own row.",
        levels=(3,),
        cause="axis",
    ),
    Mistake(
        "squared-loss-gradient",
        "off",
        lambda p, off: [
            [g * a * (1 - a) for g, a in zip(gs, r, strict=True)]
            for gs, r in zip(off, p, strict=True)
        ],
        r"You multiplied by $p(1-p)$ as for a squared loss; with cross-entropy it cancels.",
        levels=(3,),
        cause="gradient",
    ),
    Mistake(
        "classes-counted-from-zero",
        "off",
        lambda p, labels: [
            [a - (1 if j == y else 0) for j, a in enumerate(r)]
            for r, y in zip(p, labels, strict=True)
        ],
        "You subtracted 1 at the next class; here classes are counted from 1.",
        levels=(3,),
        cause="index",
    ),
)

FAMILIES = (
    Family(
        name="cross-entropy",
        version=1,
        title="Cross-entropy and its gradient",
        topic="losses and their gradients",
        says="The loss of a classifier from its logits, and the gradient p − y.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_gradient, 2: question_loss, 3: question_batch},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={
            1: "in the order of the classes",
            2: "the loss first, then the perplexity",
            3: "one row for each example, in the order of the classes",
        },
        fine=fine,
        items=("N2.20",),
    ),
)
