"""One step from several micro-batches: tokens count alike, not batches; and clipping comes last."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, norm, shrink
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor, matrix, products, row, tuple_of

WHOLE = ((3, 4), (6, 8), (5, 12), (8, 6), (9, 12))
"""Vectors whose length is a whole number."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        # Both gradients lie about a drawn mean of whole norm, so that it is their weighted mean.
        m, n = dice.pick([(1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)])
        mean = [x * dice.pick([1, -1]) for x in dice.shuffled(dice.pick(WHOLE))]
        apart = dice.vector(2, -3, 3)
        first = [x + n * d for x, d in zip(mean, apart, strict=True)]
        second = [x - m * d for x, d in zip(mean, apart, strict=True)]
        return {
            "counts": [100 * m, 100 * n],
            "G": [first, second],
            "bound": dice.pick([1, 2, 3]),
        }
    counts = [dice.pick([1, 2, 3, 4, 5, 6]) * 100 for _ in range(3)]
    if level == 1:
        return {"counts": counts, "losses": [dice.between(8, 60) / 10 for _ in counts]}
    return {
        "counts": counts,
        "G": dice.matrix(3, 2, -9, 9),
        "w": dice.vector(2, -5, 5),
        "rate": Fraction(dice.pick([1, 2, 5]), 10),
    }


def fine(level: int, counts: Vector, givens: dict[str, Any]) -> bool:
    """Batches of unlike size; at level 2 a short decimal, at level 3 gradients above the bound."""
    if len(set(counts)) < 2:
        return False
    if level == 1:
        loss = givens["result"] * 100
        return len(set(givens["losses"])) > 2 and abs(loss - round(loss)) < 1e-6
    if any(not any(g) for g in givens["G"]):
        return False
    if level == 2:
        return all(abs(x * 10 - round(x * 10)) < 1e-9 for x in givens["total"])
    return bool(min(norm(g) for g in givens["G"]) > givens["bound"])


def _batches(counts: Vector) -> str:
    return ", ".join(str(int(n)) for n in counts[:-1]) + f" and {int(counts[-1])}"


def question_loss(counts: Vector, losses: Vector) -> str:
    return (
        rf"A batch is worked off in {len(counts)} micro-batches of {_batches(counts)} tokens. "
        rf"Their mean losses per token are ${tuple_of(losses, 1)}$. Give the mean loss per token "
        r"of the whole batch."
    )


def question_step(counts: Vector, G: Matrix, w: Vector, rate: Fraction) -> str:
    return (
        rf"A batch is worked off in {len(counts)} micro-batches of {_batches(counts)} tokens. The "
        r"rows of $G$ are the gradients of their mean losses per token. Make one step of gradient "
        rf"descent with rate $\eta={decimal(float(rate), 1)}$ on the mean loss per token of the "
        r"whole batch: give the new $w$."
        rf"$$G={matrix(G)}\qquad w={row(w)}$$"
    )


def question_clip(counts: Vector, G: Matrix, bound: int) -> str:
    return (
        rf"A batch is worked off in two micro-batches of {_batches(counts)} tokens. The rows of "
        r"$G$ are the gradients of their mean losses per token. The gradient of the whole batch's "
        rf"mean loss per token is clipped to the norm {bound}: if it is longer, it is scaled down "
        r"to that length. Give the clipped gradient."
        rf"$$G={matrix(G)}$$"
    )


def weighted(counts: Vector, G: Matrix) -> Vector:
    """The mean of the rows of G, each counted as often as its tokens."""
    return [
        divide(sum(n * g for n, g in zip(counts, column, strict=True)), sum(counts))
        for column in zip(*G, strict=True)
    ]


def plain(G: Matrix) -> Vector:
    return [divide(sum(column), len(G)) for column in zip(*G, strict=True)]


def summed(G: Matrix) -> Vector:
    return [sum(column) for column in zip(*G, strict=True)]


def clip(g: Vector, bound: Any) -> Vector:
    size = norm(g)
    return [divide(x * bound, size) for x in g] if size > bound else list(g)


def _quotient(counts: Vector, numbers: Vector) -> str:
    return rf"\frac{{{products(list(map(int, counts)), numbers)}}}{{{int(sum(counts))}}}"


STEPS = (
    Step(
        "result",
        "Every micro-batch counts by its tokens",
        "L",
        r"\frac{\sum_b n_bL_b}{\sum_b n_b}",
        lambda counts, losses: (
            sum(n * x for n, x in zip(counts, losses, strict=True)) / sum(counts)
        ),
        lambda counts, losses: _quotient(counts, [round(x, 1) for x in losses]),
        levels=(1,),
    ),
    Step(
        "total",
        "Gradient of the whole batch: every micro-batch counts by its tokens",
        "g",
        r"\frac{\sum_b n_bG_b}{\sum_b n_b}",
        lambda counts, G: weighted(counts, G),
        lambda counts, G: _quotient(counts, [r[0] for r in G]),
        levels=(2, 3),
    ),
    Step(
        "result",
        "The step",
        "w'",
        r"w-\eta g",
        lambda w, rate, total: [a - rate * g for a, g in zip(w, total, strict=True)],
        lambda w, rate, total: rf"{cell(w[0])}-{cell(rate)}\cdot {factor(total[0])}",
        levels=(2,),
    ),
    Step(
        "size",
        "Its norm",
        r"\lVert g\rVert",
        r"\sqrt{\sum_i g_i^2}",
        lambda total: norm(total),
        lambda total: rf"\sqrt{{{products(total, total)}}}",
        levels=(3,),
    ),
    Step(
        "result",
        "Scaled down to the bound",
        "g'",
        r"\frac{c}{\lVert g\rVert}\,g",
        lambda total, bound, size: [divide(bound * x, size) for x in total],
        lambda total, bound, size: rf"\frac{{{bound}}}{{{cell(size)}}}\cdot {factor(total[0])}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "batches-count-alike",
        "result",
        lambda losses: sum(losses) / len(losses),
        "You took the plain mean of the micro-batches; each one counts by its tokens.",
        cause="mean",
    ),
    Mistake(
        "not-divided",
        "result",
        lambda losses: sum(losses),
        "You added the mean losses up; the loss stays a mean.",
        levels=(1,),
        cause="mean",
    ),
    Mistake(
        "weights-upside-down",
        "result",
        lambda counts, losses: (
            sum(x / n for n, x in zip(counts, losses, strict=True)) / sum(1 / n for n in counts)
        ),
        "You weighed by one over the tokens; larger micro-batches count more, not less.",
        levels=(1,),
        cause="weights",
    ),
    Mistake(
        "largest-batch-only",
        "result",
        lambda counts, losses: losses[max(range(len(counts)), key=lambda b: counts[b])],
        "You took the largest micro-batch alone.",
        levels=(1,),
        cause="weights",
    ),
    Mistake(
        "divided-by-the-batches",
        "result",
        lambda counts, losses: (
            sum(n * x for n, x in zip(counts, losses, strict=True)) / len(counts)
        ),
        "You weighed by tokens but divided by the number of micro-batches.",
        levels=(1,),
        cause="mean",
    ),
    Mistake(
        "batches-count-alike",
        "total",
        lambda G: plain(G),
        "You took the plain mean of the gradients; every micro-batch counts by its tokens.",
        cause="mean",
    ),
    Mistake(
        "not-divided",
        "total",
        lambda G: summed(G),
        "You added the gradients up without dividing; the loss is a mean.",
        levels=(2,),
        cause="mean",
    ),
    Mistake(
        "last-batch-only",
        "total",
        lambda G: list(G[-1]),
        "You used the last micro-batch's gradient alone; the others were to be kept.",
        levels=(2,),
        cause="accumulation",
    ),
    Mistake(
        "uphill",
        "result",
        lambda w, rate, total: [a + rate * g for a, g in zip(w, total, strict=True)],
        "You added the step; descent subtracts it.",
        cause="sign",
    ),
    Mistake(
        "rate-left-out",
        "result",
        lambda w, total: [a - g for a, g in zip(w, total, strict=True)],
        "You left out the rate.",
        cause="rate",
    ),
    Mistake(
        "not-clipped",
        "result",
        lambda total: total,
        "You did not clip; the norm lies above the bound.",
        levels=(3,),
        cause="clip",
    ),
    Mistake(
        "clipped-before-the-mean",
        "result",
        lambda counts, G, bound: weighted(counts, [clip(g, bound) for g in G]),
        "You clipped every micro-batch by itself; the gradient of the whole batch is clipped.",
        levels=(3,),
        cause="clip",
    ),
    Mistake(
        "clipped-entry-by-entry",
        "result",
        lambda total, bound: [max(-bound, min(bound, x)) for x in total],
        "You clipped every entry by itself, which turns the gradient; it is scaled whole.",
        levels=(3,),
        cause="clip",
    ),
    Mistake(
        "to-length-one",
        "result",
        lambda total, size: shrink(total, size),
        "You scaled to length 1; the bound is the length.",
        when=lambda bound: bound != 1,
        levels=(3,),
        cause="clip",
    ),
)

FAMILIES = (
    Family(
        name="gradient-accumulation",
        version=1,
        title="Gradient from micro-batches",
        topic="gradient descent and optimisers",
        says="Loss, step and clipping when a batch is worked off in pieces of unlike size.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_loss, 2: question_step, 3: question_clip},
        precision={1: Places(2), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N2.26", "N2.31", "N2.39"),
    ),
)
