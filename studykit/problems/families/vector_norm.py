"""Lengths of vectors: three norms, a product from distances, a score of normalised vectors."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Vector, norm
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, tuple_of

WHOLE: tuple[tuple[int, ...], ...] = (
    (1, 2, 2),
    (2, 3, 6),
    (1, 4, 8),
    (4, 4, 7),
    (2, 6, 9),
    (6, 6, 7),
    (1, 1, 3, 5),
    (1, 3, 3, 9),
    (2, 4, 5, 6),
    (1, 5, 5, 7),
)
"""Vectors whose Euclidean length is a whole number."""


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        vector, times = dice.pick(WHOLE), dice.pick([1, 1, 2])
        return {"v": [dice.pick([-1, 1]) * times * x for x in dice.shuffled(vector)]}
    if level == 2:
        q, k, gap = dice.between(3, 12), dice.between(3, 12), dice.between(2, 20)
        return {"q": q, "k": k, "gap": gap} if abs(q - k) < gap < q + k else None
    root = dice.pick([2, 3, 4, 5, 6, 8])
    return {
        "d_k": root * root,
        "a": dice.pick([1, 2, 3]),
        "b": dice.pick([1, 2, 3]),
        "c": divide(dice.between(1, 9), 10),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """A vector with both signs; a product that is not 0."""
    if level == 1:
        return any(x < 0 for x in givens["v"]) and any(x > 0 for x in givens["v"])
    if level == 2:
        return bool(givens["product"])
    return bool(givens["a"] * givens["b"] > 1 and givens["c"] != 0.5)


def question_three(v: Vector) -> str:
    return (
        r"Give three norms of this vector: the sum of sizes $\lVert v\rVert_1$, the length "
        r"$\lVert v\rVert_2$, and the largest size $\max|v_c|$."
        rf"$$v={tuple_of(v)}$$"
    )


def question_product(q: int, k: int, gap: int) -> str:
    return (
        rf"A query and a key have the lengths $\lVert q\rVert={q}$ and $\lVert k\rVert={k}$; their "
        rf"distance is $\lVert q-k\rVert={gap}$. Give $q\cdot k$."
    )


def question_score(d_k: int, a: int, b: int, c: Any) -> str:
    return (
        rf"Queries and keys of width $d_k={d_k}$ go through RMSNorm: the query then has the "
        rf"root mean square ${a}$, the key ${b}$. The cosine of their angle is ${cell(c)}$. Give "
        r"the scaled score $q\cdot k/\sqrt{d_k}$."
    )


STEPS = (
    Step(
        "sizes",
        "Sum of the sizes",
        r"\lVert v\rVert_1",
        r"\sum_c|v_c|",
        lambda v: sum(map(abs, v)),
        lambda v: "+".join(cell(abs(x)) for x in v),
        levels=(1,),
    ),
    Step(
        "length",
        "Length",
        r"\lVert v\rVert_2",
        r"\sqrt{\sum_cv_c^2}",
        lambda v: norm(v),
        lambda v: rf"\sqrt{{{'+'.join(rf'{factor(x)}^2' for x in v)}}}",
        levels=(1,),
    ),
    Step(
        "largest",
        "Largest size",
        "m",
        r"\max|v_c|",
        lambda v: max(map(abs, v)),
        levels=(1,),
    ),
    Step(
        "all",
        "All three",
        r"\left(\lVert v\rVert_1,\ \lVert v\rVert_2,\ \max|v_c|\right)",
        r"\left(\lVert v\rVert_1,\ \lVert v\rVert_2,\ \max|v_c|\right)",
        lambda sizes, length, largest: [sizes, length, largest],
        levels=(1,),
    ),
    Step(
        "product",
        "From the square of the difference: it loses the product twice",
        r"q\cdot k",
        r"\frac{\lVert q\rVert^2+\lVert k\rVert^2-\lVert q-k\rVert^2}{2}",
        lambda q, k, gap: divide(q * q + k * k - gap * gap, 2),
        lambda q, k, gap: rf"\frac{{{q}^2+{k}^2-{gap}^2}}{{2}}",
        levels=(2,),
    ),
    Step(
        "lengths",
        "Lengths: the root mean square times the root of the width",
        r"\left(\lVert q\rVert,\ \lVert k\rVert\right)",
        r"\left(a\sqrt{d_k},\ b\sqrt{d_k}\right)",
        lambda d_k, a, b: [a * sqrt(d_k), b * sqrt(d_k)],
        lambda d_k, a: rf"{a}\cdot\sqrt{{{d_k}}}",
        levels=(3,),
    ),
    Step(
        "dot",
        "Product: lengths times cosine",
        r"q\cdot k",
        r"\lVert q\rVert\,\lVert k\rVert\cos\theta",
        lambda lengths, c: lengths[0] * lengths[1] * c,
        lambda lengths, c: rf"{cell(lengths[0])}\cdot {cell(lengths[1])}\cdot {cell(c)}",
        levels=(3,),
    ),
    Step(
        "score",
        "Scaled score",
        "s",
        r"\frac{q\cdot k}{\sqrt{d_k}}",
        lambda dot, d_k: divide(dot, sqrt(d_k)),
        lambda dot, d_k: rf"\frac{{{cell(dot)}}}{{\sqrt{{{d_k}}}}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "signs-kept",
        "sizes",
        lambda v: sum(v),
        "You added the entries with their signs; their sizes count.",
        cause="sign",
    ),
    Mistake(
        "root-left-out",
        "length",
        lambda v: sum(x * x for x in v),
        "You left out the root.",
        cause="root",
    ),
    Mistake(
        "sum-for-length",
        "length",
        lambda v: math.sqrt(sum(map(abs, v))),
        "You did not square the entries.",
        cause="root",
    ),
    Mistake(
        "mean-of-squares",
        "length",
        lambda v: math.sqrt(sum(x * x for x in v) / len(v)),
        "You divided by the number of entries: that is the root mean square.",
        cause="root",
    ),
    Mistake(
        "largest-entry",
        "largest",
        lambda v: max(v),
        "You gave the largest entry; a negative one may be larger in size.",
        when=lambda v: max(v) < max(map(abs, v)),
        cause="sign",
    ),
    Mistake(
        "number-of-entries",
        "largest",
        lambda v: len(v),
        r"You gave the number of entries; $\max|v_c|$ is the largest size.",
        when=lambda v: len(v) != max(map(abs, v)),
        cause="root",
    ),
    Mistake(
        "half-left-out",
        "product",
        lambda q, k, gap: q * q + k * k - gap * gap,
        "You left out the half: the square of the difference loses the product twice.",
        cause="square",
    ),
    Mistake(
        "sign",
        "product",
        lambda q, k, gap: divide(gap * gap - q * q - k * k, 2),
        "The sign is the wrong way round: the larger the distance, the smaller the product.",
        cause="sign",
    ),
    Mistake(
        "product-of-lengths",
        "product",
        lambda q, k: q * k,
        "You multiplied the lengths; that is the product only for one direction.",
        cause="square",
    ),
    Mistake(
        "not-squared",
        "product",
        lambda q, k, gap: divide(q + k - gap, 2),
        "You did not square.",
        cause="square",
    ),
    Mistake(
        "cosine",
        "product",
        lambda q, k, gap: divide(q * q + k * k - gap * gap, 2 * q * k),
        "You gave the cosine; the product is not divided by the lengths.",
        cause="square",
    ),
    Mistake(
        "rms-for-length",
        "lengths",
        lambda a, b: [a, b],
        r"You took the root mean squares for the lengths; those are $\sqrt{d_k}$ times as large.",
        cause="root",
    ),
    Mistake(
        "width-for-root",
        "lengths",
        lambda d_k, a, b: [a * d_k, b * d_k],
        r"You multiplied by $d_k$; the length has its root.",
        cause="root",
    ),
    Mistake(
        "not-scaled",
        "score",
        lambda dot: dot,
        r"You did not divide by $\sqrt{d_k}$.",
        cause="scale",
    ),
    Mistake(
        "divided-by-d",
        "score",
        lambda dot, d_k: divide(dot, d_k),
        r"You divided by $d_k$; the scale is its root.",
        cause="scale",
    ),
    Mistake(
        "cosine-left-out",
        "dot",
        lambda lengths: lengths[0] * lengths[1],
        "You left out the cosine: that is the largest score there can be.",
        cause="square",
    ),
    Mistake(
        "added",
        "lengths",
        lambda d_k, a, b: [(a + b) * sqrt(d_k), 1],
        "You added the lengths; they are multiplied.",
        cause="square",
    ),
)

FAMILIES = (
    Family(
        name="vector-norm",
        version=1,
        title="Lengths of vectors",
        topic="dot products and linear maps",
        says="Norms, the product behind a distance, and scores of normalised vectors.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_three, 2: question_product, 3: question_score},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={1: "in this order", 2: "", 3: ""},
        fine=fine,
        items=("N1.30", "N4.20", "N2.7", "N4.8"),
    ),
)
