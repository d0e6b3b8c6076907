"""Contrastive learning: a softmax over a batch, its gradient, its loss, and both directions."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    scale,
    shrink,
    softmax_columns,
    softmax_rows,
)
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, matrix, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        n = dice.pick([2, 3, 3, 3])
        rows = [dice.vector(n, 1, 5) for _ in range(n)]
        if any(sum(odds) not in (3, 4, 5, 6, 8, 10) for odds in rows):
            return None
        return {"P": [[Fraction(a, sum(odds)) for a in odds] for odds in rows]}
    n = 2 if level == 3 else 3
    return {
        "S": [[dice.between(-8, 9) / 10 for _ in range(n)] for _ in range(n)],
        "tau": dice.pick([2, 4, 5]) / 10,
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Rows that differ, neither uniform nor saturated."""
    P = givens["P" if level == 1 else "rows"]
    if len({tuple(r) for r in P}) < len(P):
        return False
    return all(max(r) < 0.95 and min(r) > 0.02 and max(r) - min(r) > 0.05 for r in P)


def question_gradient(P: Matrix) -> str:
    return (
        rf"A batch holds {len(P)} pairs of an image and its text. Row $i$ of $P$ is the softmax of "
        r"image $i$'s similarities to all texts, $P=\mathrm{softmax}(S)$; text $i$ is the right "
        r"one. The loss is the mean of $-\ln P_{ii}$. Give $\partial L/\partial S$."
        rf"$$P={matrix(P)}$$"
    )


def question_loss(S: Matrix, tau: float) -> str:
    return (
        rf"A batch holds {len(S)} pairs of an image and its text; $S$ holds the cosines of images "
        r"(rows) and texts (columns), and text $i$ is the right one for image $i$. With the "
        rf"temperature $\tau={decimal(tau, 1)}$ and $P=\mathrm{{softmax}}(S/\tau)$ by rows, give "
        r"the mean of $-\ln P_{ii}$."
        rf"$$S={matrix(S, 1)}$$"
    )


def question_both(S: Matrix, tau: float) -> str:
    return (
        r"A batch holds two pairs of an image and its text; $S$ holds the cosines of images "
        rf"(rows) and texts (columns). With the temperature $\tau={decimal(tau, 1)}$ the loss is "
        r"the mean of two: images find their texts (softmax by rows), texts find their images "
        r"(softmax by columns), each the mean of $-\ln$ of the right entries. Give "
        r"$\partial L/\partial S$."
        rf"$$S={matrix(S, 1)}$$"
    )


def diagonal(P: Matrix) -> Vector:
    return [row[i] for i, row in enumerate(P)]


def off(P: Matrix) -> Matrix:
    """P − I."""
    return [[x - (i == j) for j, x in enumerate(row)] for i, row in enumerate(P)]


def mean_surprise(P: Matrix) -> float:
    return -sum(math.log(x) for x in diagonal(P)) / len(P)


def plus(A: Matrix, B: Matrix) -> Matrix:
    return [[a + b for a, b in zip(r, s, strict=True)] for r, s in zip(A, B, strict=True)]


def _mean_working(right: Vector) -> str:
    logarithms = "+".join(rf"\ln {cell(x)}" for x in right)
    return rf"-\frac{{{logarithms}}}{{{len(right)}}}"


STEPS = (
    Step(
        "gradient",
        "Every row less 1 at its own pair, divided by the number of pairs",
        r"\frac{\partial L}{\partial S}",
        r"\frac{P-I}{n}",
        lambda P: [[divide(x, len(P)) for x in row] for row in off(P)],
        lambda P: rf"\frac{{{cell(P[0][0])}-1}}{{{len(P)}}}",
        levels=(1,),
    ),
    Step(
        "scaled",
        "Similarities over the temperature",
        r"\frac{S}{\tau}",
        r"\frac{S_{ij}}{\tau}",
        lambda S, tau: shrink(S, tau),
        lambda S, tau: rf"\frac{{{cell(S[0][0], 1)}}}{{{decimal(tau, 1)}}}",
        levels=(2, 3),
        entry=r"\left(\frac{S}{\tau}\right)_{ij}",
    ),
    Step(
        "rows",
        "Softmax by rows: images look for texts",
        "P",
        r"\mathrm{softmax}(S/\tau)",
        lambda scaled: softmax_rows(scaled),
        lambda scaled: softmax_working(scaled[0]),
        levels=(2, 3),
    ),
    Step(
        "loss",
        "Mean surprise at the right texts",
        "L",
        r"-\frac{1}{n}\sum_i\ln P_{ii}",
        lambda rows: mean_surprise(rows),
        lambda rows: _mean_working(diagonal(rows)),
        levels=(2,),
    ),
    Step(
        "columns",
        "Softmax by columns: texts look for images",
        "Q",
        r"\mathrm{softmax}_{\text{columns}}(S/\tau)",
        lambda scaled: softmax_columns(scaled),
        lambda scaled: softmax_working([row[0] for row in scaled]),
        levels=(3,),
    ),
    Step(
        "gradient",
        "Both directions, each less 1 at the pairs; mean over pairs and directions; temperature",
        r"\frac{\partial L}{\partial S}",
        r"\frac{(P-I)+(Q-I)}{2n\tau}",
        lambda rows, columns, tau: shrink(plus(off(rows), off(columns)), 2 * len(rows) * tau),
        lambda rows, columns, tau: (
            rf"\frac{{({cell(rows[0][0])}-1)+({cell(columns[0][0])}-1)}}"
            rf"{{2\cdot {len(rows)}\cdot {decimal(tau, 1)}}}"
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "sum-for-mean",
        "gradient",
        lambda P: off(P),
        "You gave the gradient of the sum; the loss is the mean over the pairs.",
        cause="mean",
    ),
    Mistake(
        "mean-over-entries",
        "gradient",
        lambda P: [[x / len(P) ** 2 for x in row] for row in off(P)],
        "You divided by the number of entries; the mean is over pairs.",
        cause="mean",
    ),
    Mistake(
        "pairs-only",
        "gradient",
        lambda P: [
            [(x - 1) / len(P) if i == j else 0 for j, x in enumerate(row)]
            for i, row in enumerate(P)
        ],
        "You gave the right pairs alone; the others are pushed apart.",
        cause="negatives",
    ),
    Mistake(
        "probabilities-only",
        "gradient",
        lambda P: [[x / len(P) for x in row] for row in P],
        "You left out the right pairs: 1 is subtracted there.",
        cause="positives",
    ),
    Mistake(
        "sign-flipped",
        "gradient",
        lambda P: [[-x / len(P) for x in row] for row in off(P)],
        r"You gave $I-P$; the gradient is $P-I$, and descent moves against it.",
        cause="sign",
    ),
    Mistake(
        "temperature-left-out",
        "scaled",
        lambda S: S,
        "You left out the temperature.",
        levels=(2,),
        cause="temperature",
    ),
    Mistake(
        "times-temperature",
        "scaled",
        lambda S, tau: scale(S, tau),
        "You multiplied by the temperature; it divides.",
        levels=(2, 3),
        cause="temperature",
    ),
    Mistake(
        "softmax-by-columns",
        "rows",
        lambda scaled: softmax_columns(scaled),
        "You took the softmax by columns: that lets texts look for images.",
        levels=(2,),
        cause="axis",
    ),
    Mistake(
        "sum-for-mean",
        "loss",
        lambda rows: mean_surprise(rows) * len(rows),
        "You gave the sum; the loss is the mean over the pairs.",
        cause="mean",
    ),
    Mistake(
        "logarithm-of-the-mean",
        "loss",
        lambda rows: -math.log(sum(diagonal(rows)) / len(rows)),
        "You took the mean of the probabilities first; the mean is over their logarithms.",
        cause="mean",
    ),
    Mistake(
        "similarities-of-pairs-only",
        "loss",
        lambda scaled: -sum(diagonal(scaled)) / len(scaled),
        "You used the right pairs' similarities alone; the logarithm of the row's sum is added.",
        cause="negatives",
    ),
    Mistake(
        "logarithm-to-base-two",
        "loss",
        lambda loss: loss / math.log(2),
        "You used the logarithm to base 2; it is the natural one.",
        cause="base",
    ),
    Mistake(
        "images-only",
        "gradient",
        lambda rows, tau: shrink(off(rows), len(rows) * tau),
        "You used the rows alone; texts look for images as well.",
        cause="direction",
    ),
    Mistake(
        "texts-only",
        "gradient",
        lambda columns, tau: shrink(off(columns), len(columns) * tau),
        "You used the columns alone; images look for texts as well.",
        cause="direction",
    ),
    Mistake(
        "directions-added",
        "gradient",
        lambda rows, columns, tau: shrink(plus(off(rows), off(columns)), len(rows) * tau),
        "You added both directions; the loss is their mean.",
        cause="mean",
    ),
    Mistake(
        "outer-temperature-left-out",
        "gradient",
        lambda rows, columns: shrink(plus(off(rows), off(columns)), 2 * len(rows)),
        r"You left out $1/\tau$ of the chain rule: $S$ is divided by it on the way forward.",
        cause="temperature",
    ),
)

FAMILIES = (
    Family(
        name="contrastive-loss",
        version=1,
        title="Contrastive loss (InfoNCE)",
        topic="losses and their gradients",
        says="A softmax over a batch finds each image's text, and each text's image.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_gradient, 2: question_loss, 3: question_both},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={1: "rows are images, columns texts", 3: "rows are images, columns texts"},
        fine=fine,
        items=("N2.20", "N1.30"),
    ),
)
