"""The loss of a batch of tokens: which tokens count, and by what the sum is divided."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, softmax_columns, softmax_rows
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, matrix, row, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n = dice.pick([4, 5, 6])
        return {
            "q": [Fraction(1, 2 ** dice.between(1, 5)) for _ in range(n)],
            "padding": sorted(dice.some(range(1, n + 1), dice.pick([1, 2]))),
        }
    given: dict[str, Any] = {
        "labels": [dice.between(1, 3) for _ in range(3)],
        "padding": [dice.between(1, 3)],
    }
    if level == 2:
        rows = [dice.vector(3, 1, 4) for _ in range(3)]
        return given | {"P": [[Fraction(a, sum(odds)) for a in odds] for odds in rows]}
    return given | {"Z": [[dice.between(-20, 20) / 10 for _ in range(3)] for _ in range(3)]}


def fine(level: int, padding: Vector, givens: dict[str, Any]) -> bool:
    """Padding that would matter; probabilities that are not alike."""
    if level == 1:
        q = givens["q"]
        left = [x for i, x in enumerate(q) if i + 1 not in padding]
        return len(set(left)) > 1 and len(set(q)) > 2
    P = givens["P"]
    if any(max(r) - min(r) < 0.05 or max(r) > 0.92 or min(r) < 0.02 for r in P):
        return False
    return len({tuple(r) for r in P}) == 3


def _padded(padding: Vector) -> str:
    names = " and ".join(str(int(i)) for i in padding)
    plural = len(padding) > 1
    return f"Position{'s' if plural else ''} {names} {'are' if plural else 'is'} padding"


def question_bits(q: Vector, padding: Vector) -> str:
    return (
        rf"A model gives the right token at {len(q)} positions these probabilities. "
        rf"{_padded(padding)} and not counted. Give the loss in bits: the mean of $-\log_2 q$ over "
        r"the tokens that count."
        rf"$$q={row(q)}$$"
    )


def question_gradient(P: Matrix, labels: Vector, padding: Vector) -> str:
    return (
        r"The rows of $P=\mathrm{softmax}(Z)$ belong to three positions; the right classes are "
        rf"{_classes(labels)}. {_padded(padding)} and not counted. The loss is the mean "
        r"cross-entropy over the tokens that count. Give $\partial L/\partial Z$."
        rf"$$P={matrix(P)}$$"
    )


def question_logits(Z: Matrix, labels: Vector, padding: Vector) -> str:
    return (
        rf"The rows of $Z$ are the logits of three positions; the right classes are "
        rf"{_classes(labels)}. {_padded(padding)} and not counted. Give the mean cross-entropy "
        r"in nats over the tokens that count."
        rf"$$Z={matrix(Z, 1)}$$"
    )


def _classes(labels: Vector) -> str:
    first, second, third = (int(x) for x in labels)
    return f"{first}, {second} and {third}"


def kept(values: Vector, padding: Vector) -> Vector:
    """What belongs to tokens that count."""
    return [x for i, x in enumerate(values) if i + 1 not in padding]


def mean(values: Vector) -> Any:
    return divide(sum(values), len(values))


def bits(q: Any) -> int:
    return round(-math.log2(q))


def off(P: Matrix, labels: Vector, padding: Vector) -> Matrix:
    """P − Y, with rows of zeros at padding."""
    return [
        [0 if i + 1 in padding else x - (j + 1 == labels[i]) for j, x in enumerate(r)]
        for i, r in enumerate(P)
    ]


def over(D: Matrix, n: int) -> Matrix:
    return [[divide(x, n) for x in r] for r in D]


STEPS = (
    Step(
        "surprises",
        "Surprise at every position",
        r"-\log_2 q",
        r"-\log_2 q_t",
        lambda q: [bits(x) for x in q],
        lambda q: rf"-\log_2({cell(q[0])})",
        levels=(1,),
        entry=r"(-\log_2 q)_t",
    ),
    Step(
        "P",
        "Probabilities, row by row",
        "P",
        r"\mathrm{softmax}(Z)",
        lambda Z: softmax_rows(Z),
        lambda Z: softmax_working(Z[0]),
        levels=(3,),
    ),
    Step(
        "surprises",
        "Surprise at the right class, at every position",
        r"-\ln q",
        r"-\ln P_{t,y_t}",
        lambda P, labels: [-math.log(P[i][int(y) - 1]) for i, y in enumerate(labels)],
        lambda P, labels: rf"-\ln {cell(P[0][int(labels[0]) - 1])}",
        levels=(3,),
        entry=r"(-\ln q)_t",
    ),
    Step(
        "loss",
        "Mean over the tokens that count",
        "L",
        r"\frac{1}{N}\sum_{t\ \text{counts}}\left(-\log q_t\right)",
        lambda surprises, padding: mean(kept(surprises, padding)),
        lambda surprises, padding: (
            rf"\frac{{{'+'.join(map(cell, kept(surprises, padding)))}}}"
            rf"{{{len(kept(surprises, padding))}}}"
        ),
        levels=(1, 3),
    ),
    Step(
        "off",
        "Probabilities less 1 at the right class; nothing at padding",
        "D",
        r"P-Y,\ \text{0 at padding}",
        off,
        levels=(2,),
        takes=("P", "labels", "padding"),
    ),
    Step(
        "gradient",
        "Divided by the number of tokens that count",
        r"\frac{\partial L}{\partial Z}",
        r"\frac{D}{N}",
        lambda off, padding: over(off, len(off) - len(padding)),
        lambda off, padding: rf"\frac{{{cell(off[0][0])}}}{{{len(off) - len(padding)}}}",
        levels=(2,),
    ),
)

MISTAKES = (
    Mistake(
        "padding-counted",
        "loss",
        lambda surprises: mean(surprises),
        "You took the mean over all positions; padding does not count.",
        cause="padding",
    ),
    Mistake(
        "divided-by-all",
        "loss",
        lambda surprises, padding: divide(sum(kept(surprises, padding)), len(surprises)),
        "You left padding out of the sum but divided by all positions.",
        cause="padding",
    ),
    Mistake(
        "sum-for-mean",
        "loss",
        lambda surprises, padding: sum(kept(surprises, padding)),
        "You gave the sum; the loss is the mean over the tokens that count.",
        cause="mean",
    ),
    Mistake(
        "mean-before-the-logarithm",
        "loss",
        lambda q, padding: -math.log2(sum(kept(q, padding)) / len(kept(q, padding))),
        "You took the mean of the probabilities first; the mean is over their logarithms.",
        cause="mean",
    ),
    Mistake(
        "nats-for-bits",
        "loss",
        lambda loss: loss * math.log(2),
        "You used the natural logarithm; in bits it is the one to base 2.",
        levels=(1,),
        cause="base",
    ),
    Mistake(
        "padding-only",
        "loss",
        lambda surprises, padding: mean([x for i, x in enumerate(surprises) if i + 1 in padding]),
        "You took the positions of the padding; those are the ones left out.",
        cause="padding",
    ),
    Mistake(
        "bits-for-nats",
        "loss",
        lambda loss: loss / math.log(2),
        "You used the logarithm to base 2; in nats it is the natural one.",
        levels=(3,),
        cause="base",
    ),
    Mistake(
        "softmax-over-columns",
        "P",
        softmax_columns,
        "You took the softmax down the columns; each position has its own row.",
        takes=("Z",),
        cause="axis",
    ),
    Mistake(
        "classes-counted-from-zero",
        "surprises",
        lambda P, labels: [-math.log(P[i][int(y) % 3]) for i, y in enumerate(labels)],
        "You took the next class of each row; here classes are counted from 1.",
        levels=(3,),
        cause="index",
    ),
    Mistake(
        "padding-keeps-its-row",
        "off",
        lambda P, labels: off(P, labels, []),
        "You gave padding a gradient; what is not counted in the loss gets none.",
        levels=(2,),
        cause="padding",
    ),
    Mistake(
        "divided-by-all",
        "gradient",
        lambda off: over(off, len(off)),
        "You divided by all positions; the mean is over the tokens that count.",
        cause="mean",
    ),
    Mistake(
        "sum-for-mean",
        "gradient",
        lambda off: off,
        "You gave the gradient of the sum; the loss is a mean.",
        cause="mean",
    ),
    Mistake(
        "labels-left-out",
        "off",
        lambda P, padding: [[0 if i + 1 in padding else x for x in r] for i, r in enumerate(P)],
        "You left out the labels: 1 is subtracted at the right class.",
        levels=(2,),
        cause="gradient",
    ),
    Mistake(
        "sign-flipped",
        "off",
        lambda P, labels, padding: [[-x for x in r] for r in off(P, labels, padding)],
        r"You gave $Y-P$; the gradient is $P-Y$.",
        levels=(2,),
        cause="sign",
    ),
    Mistake(
        "mean-over-entries",
        "gradient",
        lambda off, padding: over(off, 3 * (len(off) - len(padding))),
        "You divided by the number of entries; the mean is over tokens.",
        cause="mean",
    ),
)

FAMILIES = (
    Family(
        name="token-loss",
        version=1,
        title="Loss of a batch of tokens",
        topic="losses and their gradients",
        says="Padding is left out of the sum, of its divisor and of the gradient.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_bits, 2: question_gradient, 3: question_logits},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        convention={2: "one row for each position, in the order of the classes"},
        fine=fine,
        items=("N2.20", "N3.51"),
    ),
)
