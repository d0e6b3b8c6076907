"""Clipping a gradient by its norm: one vector, then all parameters together."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Vector, norm
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, products, row

WHOLE = {
    2: ((3, 4), (6, 8), (5, 12), (8, 15), (9, 12)),
    3: ((2, 3, 6), (4, 4, 7), (2, 6, 9), (1, 4, 8), (6, 6, 7), (2, 10, 11), (2, 4, 4)),
}
"""Vectors whose length is a whole number, by their width."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    options = dice.shuffled(dice.pick(WHOLE[2 if level == 1 else 3]))
    entries = [x * dice.pick([1, -1]) for x in options]
    bound = dice.pick([1, 2, 3, 4])
    if level == 1:
        return {"g": entries, "bound": bound}
    return {"g_W": entries[:2], "g_b": entries[2], "bound": bound}


def fine(size: Any, bound: int) -> bool:
    return bool(size > bound)


def question_one(g: Vector, bound: int) -> str:
    return (
        rf"A gradient is clipped to the norm {bound}: if it is longer, it is scaled down to that "
        rf"length. Give the clipped gradient.$$g={row(g)}$$"
    )


def question_all(g_W: Vector, g_b: int, bound: int) -> str:
    return (
        rf"Gradients are clipped to the global norm {bound}, over all parameters together. A layer "
        r"has two weights and one bias; these are their gradients. Give the clipped gradients, "
        rf"the bias last.$$g_W={row(g_W)}\qquad g_b={g_b}$$"
    )


STEPS = (
    Step(
        "size",
        "Norm",
        r"\lVert g\rVert",
        r"\sqrt{\sum_i g_i^2}",
        lambda g: norm(g),
        lambda g: rf"\sqrt{{{products(g, g)}}}",
        levels=(1,),
    ),
    Step(
        "g",
        "All gradients in one vector",
        "g",
        "(g_W,\\ g_b)",
        lambda g_W, g_b: [*g_W, g_b],
        levels=(2,),
    ),
    Step(
        "size",
        "Norm over all of them",
        r"\lVert g\rVert",
        r"\sqrt{\sum_i g_i^2}",
        lambda g: norm(g),
        lambda g: rf"\sqrt{{{products(g, g)}}}",
        levels=(2,),
    ),
    Step(
        "ratio",
        "Factor that brings it to the bound",
        "s",
        r"\frac{c}{\lVert g\rVert}",
        lambda bound, size: divide(bound, size),
        lambda bound, size: rf"\frac{{{bound}}}{{{cell(size)}}}",
    ),
    Step(
        "clipped",
        "Scaled: the direction stays",
        "g'",
        r"s\,g",
        lambda g, ratio: [ratio * x for x in g],
        lambda g, ratio: rf"{cell(ratio)}\cdot {factor(g[0])}",
    ),
)

MISTAKES = (
    Mistake(
        "entry-by-entry",
        "clipped",
        lambda g, bound: [max(-bound, min(bound, x)) for x in g],
        "You clipped every entry by itself, which turns the gradient; here it is scaled whole.",
        cause="norm",
    ),
    Mistake(
        "norm-not-rooted",
        "size",
        lambda g: sum(x * x for x in g),
        "You divided by the squared norm; the norm is its root.",
        cause="norm",
    ),
    Mistake(
        "norm-by-sum",
        "size",
        lambda g: sum(abs(x) for x in g),
        "You added absolute values for the norm; it is the root of the sum of squares.",
        cause="norm",
    ),
    Mistake(
        "largest-for-norm",
        "size",
        lambda g: max(abs(x) for x in g),
        "You took the largest entry for the norm.",
        cause="norm",
    ),
    Mistake(
        "made-a-unit-vector",
        "ratio",
        lambda size: divide(1, size),
        "You scaled to length 1; the bound is the length wanted.",
        when=lambda bound: bound != 1,
        cause="bound",
    ),
    Mistake(
        "not-clipped",
        "clipped",
        lambda g: list(g),
        "You left the gradient as it is; it is longer than the bound.",
        levels=(2,),
        cause="bound",
    ),
    Mistake(
        "bound-divided-twice",
        "ratio",
        lambda bound, size: divide(1, bound * size),
        "You divided by the bound; the gradient is multiplied by it.",
        when=lambda bound: bound != 1,
        cause="bound",
    ),
    Mistake(
        "each-by-its-own-norm",
        "clipped",
        lambda g_W, g_b, bound: [
            *[x * min(1.0, bound / norm(g_W)) for x in g_W],
            g_b * min(1.0, bound / abs(g_b)),
        ],
        "You clipped weights and bias each by itself; the global norm is over all together.",
        levels=(2,),
        cause="norm",
    ),
)

FAMILIES = (
    Family(
        name="gradient-clipping",
        version=1,
        title="Clipping a gradient",
        topic="gradient descent and optimisers",
        says="Too long a gradient is shortened, not turned.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_all},
        precision={1: Exact(), 2: Exact()},
        convention="",
        fine=fine,
        items=("N2.26", "N2.30"),
    ),
)
