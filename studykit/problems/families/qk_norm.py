"""Normalised queries and keys: a cosine times a learned scale, its weights, and its reach."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, dot, norm, softmax
from studykit.problems.attention_steps import telling_row
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step, at_levels, named
from studykit.problems.mistakes.inverse import log_mistakes, ratio_mistakes
from studykit.problems.mistakes.weights import row_mistakes
from studykit.problems.wording import cell, matrix, products, row, softmax_working, tuple_of

WHOLE = ((1, 2, 2), (2, 3, 6), (1, 4, 8), (4, 4, 7), (2, 4, 4), (0, 3, 4), (2, 6, 9), (6, 6, 7))
"""Vectors whose length is a whole number."""


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        q, k = (
            [dice.pick([-1, 1, 1]) * x for x in dice.shuffled(vector)]
            for vector in dice.some(WHOLE, 2)
        )
        return {"q": q, "k": k, "g": dice.pick([5, 6, 8, 10, 12, 15, 20])}
    if level == 2:
        return {
            "q": dice.vector(2, -4, 4),
            "K": dice.matrix(3, 2, -4, 4),
            "g": dice.between(10, 40) / 10,
        }
    w = dice.pick([0.5, 0.6, 0.75, 0.8, 0.9, 0.95, 0.99])
    return {"w": w, "n": dice.pick([16, 20, 32, 50, 64, 100, 128, 200])}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Vectors at an angle, of lengths that count; weights told apart."""
    if level == 1:
        return bool(givens["product"])
    if level == 3:
        return True
    q, K = givens["q"], givens["K"]
    return all(q) and not some_zero_row(K) and telling_row(givens["weights"])


def question_score(q: Vector, k: Vector, g: int) -> str:
    return (
        r"With QK-norm, query and key are divided by their lengths before the product, and a "
        rf"learned scale $g$ takes the place of $1/\sqrt{{d_k}}$. Give the score; $g={g}$."
        rf"$$q={tuple_of(q)}\qquad k={tuple_of(k)}$$"
    )


def question_weights(q: Vector, K: Matrix, g: float) -> str:
    return (
        r"With QK-norm, query and keys are divided by their lengths before the products, and a "
        rf"learned scale $g={cell(g, 1)}$ takes the place of $1/\sqrt{{d_k}}$. Give the attention "
        rf"weights; the rows of $K$ are the keys.$$q={row(q)}\qquad K={matrix(K)}$$"
    )


def question_reach(w: float, n: int) -> str:
    return (
        r"With QK-norm the score of a query and a key is $g$ times the cosine of their angle. "
        rf"Among ${n}$ keys one is to get the weight ${cell(w, 2)}$. How large must $g$ be at "
        r"least, if the keys may point in any direction?"
    )


def cosines(q: Vector, K: Matrix) -> Vector:
    return [divide(dot(q, k), norm(q) * norm(k)) for k in K]


def square(v: Vector) -> Any:
    return dot(v, v)


STEPS = (
    Step(
        "product",
        "Dot product",
        r"q\cdot k",
        r"\sum_c q_ck_c",
        lambda q, k: dot(q, k),
        lambda q, k: products(q, k),
        levels=(1,),
    ),
    Step(
        "lengths",
        "Lengths of query and key",
        r"\left(\lVert q\rVert,\ \lVert k\rVert\right)",
        r"\left(\sqrt{q\cdot q},\ \sqrt{k\cdot k}\right)",
        lambda q, k: [norm(q), norm(k)],
        lambda q: rf"\sqrt{{{square(q)}}}",
        levels=(1,),
    ),
    Step(
        "score",
        "The scale times the cosine",
        "s",
        r"g\,\frac{q\cdot k}{\lVert q\rVert\,\lVert k\rVert}",
        lambda product, lengths, g: divide(g * product, lengths[0] * lengths[1]),
        lambda product, lengths, g: (
            rf"{g}\cdot\frac{{{cell(product)}}}{{{cell(lengths[0])}\cdot {cell(lengths[1])}}}"
        ),
        levels=(1,),
    ),
    Step(
        "cosine",
        "Cosines of the query with the keys",
        "c",
        r"\frac{q\cdot k_j}{\lVert q\rVert\,\lVert k_j\rVert}",
        lambda q, K: cosines(q, K),
        lambda q, K: (
            rf"\frac{{{products(q, K[0])}}}"
            rf"{{\sqrt{{{cell(square(q))}}}\cdot\sqrt{{{cell(square(K[0]))}}}}}"
        ),
        levels=(2,),
        entry=r"c_j",
    ),
    Step(
        "scores",
        "Scores",
        "s",
        "g\\,c",
        lambda cosine, g: [g * c for c in cosine],
        lambda cosine, g: rf"{cell(g, 1)}\cdot {cell(cosine[0])}",
        levels=(2,),
    ),
    Step(
        "weights",
        "Weights",
        "p",
        r"\mathrm{softmax}(s)",
        lambda scores: softmax(scores),
        lambda scores: softmax_working(scores),
        levels=(2,),
    ),
    Step(
        "ratio",
        "The one exponential over each of the others",
        r"e^{2g}",
        r"\frac{w\,(n-1)}{1-w}",
        lambda w, n: w * (n - 1) / (1 - w),
        lambda w, n: rf"\frac{{{cell(w, 2)}\cdot {n - 1}}}{{1-{cell(w, 2)}}}",
        levels=(3,),
    ),
    Step(
        "lead",
        "The lead: at best the key has the score g, the others −g",
        "2g",
        r"\ln e^{2g}",
        lambda ratio: math.log(ratio),
        lambda ratio: rf"\ln {cell(ratio)}",
        levels=(3,),
    ),
    Step(
        "least",
        "The scale",
        "g",
        r"\frac{1}{2}\,(2g)",
        lambda lead: lead / 2,
        lambda lead: rf"\frac{{{cell(lead)}}}{{2}}",
        levels=(3,),
    ),
)

ONE = (
    Mistake(
        "not-normalised",
        "score",
        lambda product, g: g * product,
        "You left the lengths in; query and key are divided by them first.",
        cause="norm",
    ),
    Mistake(
        "query-only",
        "score",
        lambda product, lengths, g: divide(g * product, lengths[0]),
        "You normalised the query alone; the key is divided by its length too.",
        cause="norm",
    ),
    Mistake(
        "squares",
        "score",
        lambda product, lengths, g: divide(g * product, (lengths[0] * lengths[1]) ** 2),
        "You divided by the squares of the lengths.",
        cause="norm",
    ),
    Mistake(
        "scale-left-out",
        "score",
        lambda product, lengths: divide(product, lengths[0] * lengths[1]),
        r"You gave the cosine; it is multiplied by the scale $g$.",
        cause="scale",
    ),
    Mistake(
        "root-as-well",
        "score",
        lambda product, lengths, g, q: g * product / (lengths[0] * lengths[1] * sqrt(len(q))),
        r"You divided by $\sqrt{d_k}$ as well; $g$ takes its place.",
        cause="scale",
    ),
    Mistake(
        "sums-for-lengths",
        "lengths",
        lambda q, k: [sum(map(abs, q)), sum(map(abs, k))],
        "You added up the sizes of the components; a length is the root of the sum of squares.",
        cause="norm",
    ),
)

SEVERAL = (
    Mistake(
        "not-normalised",
        "cosine",
        lambda q, K: [dot(q, k) for k in K],
        "You left the lengths in; query and keys are divided by them first.",
        cause="norm",
    ),
    Mistake(
        "query-only",
        "cosine",
        lambda q, K: [dot(q, k) / norm(q) for k in K],
        "You normalised the query alone; every key is divided by its length too.",
        cause="norm",
    ),
    Mistake(
        "keys-only",
        "cosine",
        lambda q, K: [dot(q, k) / norm(k) for k in K],
        "You normalised the keys alone; the query is divided by its length too.",
        cause="norm",
    ),
    Mistake(
        "scale-left-out",
        "scores",
        lambda cosine: cosine,
        r"You left out the scale $g$.",
        cause="scale",
    ),
    Mistake(
        "divided-by-scale",
        "scores",
        lambda cosine, g: [c / g for c in cosine],
        r"You divided by $g$; here it multiplies.",
        cause="scale",
    ),
    Mistake(
        "root-as-well",
        "scores",
        lambda cosine, g, q: [g * c / sqrt(len(q)) for c in cosine],
        r"You divided by $\sqrt{d_k}$ as well; $g$ takes its place.",
        cause="scale",
    ),
)

REACH = (
    Mistake(
        "others-at-zero",
        "least",
        lambda lead: lead,
        r"You let the others have the score 0; a cosine can be $-1$, their score $-g$.",
        cause="reach",
    ),
    Mistake(
        "doubled",
        "least",
        lambda lead: 2 * lead,
        r"You doubled; the lead is $2g$, so $g$ is half of it.",
        cause="reach",
    ),
    *ratio_mistakes("w"),
    *named(
        log_mistakes("lead", "ratio", "You took the ratio for the lead; take its logarithm."),
        "base-two",
        "base-ten",
    ),
)

FAMILIES = (
    Family(
        name="qk-norm",
        version=1,
        title="Normalised queries and keys",
        topic="scaling",
        says="QK-norm: a cosine and a learned scale, so that no score grows beyond it.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1,), ONE),
            *at_levels((2,), SEVERAL),
            *at_levels(
                (2,), named(row_mistakes("scores"), "no-softmax", "base-two", "negated-scores")
            ),
            *at_levels((3,), REACH),
        ),
        question={1: question_score, 2: question_weights, 3: question_reach},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={1: "", 2: "in the order of the keys", 3: ""},
        fine=fine,
        items=("N1.30", "N3.11", "N4.8", "N4.9"),
    ),
)
