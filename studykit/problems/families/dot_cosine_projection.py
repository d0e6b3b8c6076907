"""Dot product, cosine and projection of one pair: three numbers that are easily confused."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, dot, norm
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, number, products, tuple_of

WHOLE_NORMS = {
    2: ((3, 4), (6, 8), (5, 12), (8, 6)),
    3: ((1, 2, 2), (2, 3, 6), (2, 4, 4), (1, 4, 8), (4, 4, 7)),
    4: ((1, 1, 1, 1), (1, 1, 3, 5), (2, 2, 2, 2), (1, 2, 2, 4), (1, 1, 5, 3)),
}
"""Vectors whose length is a whole number, by their width."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        q, k = _whole_pair(dice)
        return {"q": q, "k": k}
    if level == 2:
        width = dice.pick([2, 3])
        return {"q": dice.vector(width, -5, 5), "k": dice.vector(width, -5, 5)}
    q, k = _whole_pair(dice)
    return {"q": q, "k": k, "c": dice.pick([-4, -3, -2, 2, 3, 5])}


def _whole_pair(dice: Dice) -> tuple[Vector, Vector]:
    options = WHOLE_NORMS[dice.pick([2, 3, 4])]
    return _mixed(dice, dice.pick(options)), _mixed(dice, dice.pick(options))


def _mixed(dice: Dice, v: tuple[int, ...]) -> Vector:
    """The entries in another order, some of them negative: the length stays."""
    return [x * dice.pick([1, 1, -1]) for x in dice.shuffled(v)]


def fine(q: Vector, k: Vector, product: Any, cosine: Any) -> bool:
    """Neither orthogonal nor parallel, and of different length."""
    return bool(product != 0 and abs(cosine) < 0.99 and dot(q, q) != dot(k, k) and dot(k, k) > 1)


def question(q: Vector, k: Vector) -> str:
    return (
        r"Compute three numbers for this query and key: the dot product $q\cdot k$, the cosine of "
        r"the angle between them, and the signed length of the projection of $q$ onto $k$."
        rf"$$q={tuple_of(q)}\qquad k={tuple_of(k)}$$"
    )


def question_rescaled(q: Vector, k: Vector, c: int) -> str:
    return (
        rf"The key is multiplied by ${c}$, so that the pair is now $q$ and $k'={c}\,k$. Compute "
        r"the dot product $q\cdot k'$, the cosine of the angle between them, and the signed length "
        r"of the projection of $q$ onto $k'$."
        rf"$$q={tuple_of(q)}\qquad k={tuple_of(k)}$$"
    )


def _after_the_key(k: str, levels: tuple[int, ...]) -> tuple[Step, ...]:
    """The steps from the key on, with the key written `k`: the given one or the rescaled one."""
    dotted = rf"q\cdot {k}"
    cosine = rf"\frac{{{dotted}}}{{\lVert q\rVert\lVert {k}\rVert}}"
    projection = rf"\frac{{{dotted}}}{{\lVert {k}\rVert}}"
    return (
        Step(
            "product",
            "Dot product",
            dotted,
            r"\sum_c q_c k_c" if k == "k" else r"\sum_c q_c k'_c",
            lambda q, key: dot(q, key),
            lambda q, key: products(q, key),
            levels=levels,
        ),
        Step(
            "lengths",
            "Lengths of query and key",
            rf"(\lVert q\rVert, \lVert {k}\rVert)",
            rf"\left(\sqrt{{q\cdot q}}, \sqrt{{{k}\cdot {k}}}\right)",
            lambda q, key: [norm(q), norm(key)],
            lambda q: rf"\sqrt{{{products(q, q)}}}",
            levels=levels,
        ),
        Step(
            "cosine",
            "Cosine: the dot product over both lengths",
            r"\cos\theta",
            cosine,
            lambda product, lengths: divide(product, lengths[0] * lengths[1]),
            lambda product, lengths: (
                rf"\frac{{{cell(product)}}}{{{cell(lengths[0])}\cdot {cell(lengths[1])}}}"
            ),
            levels=levels,
        ),
        Step(
            "projection",
            "Projection of the query onto the key: the dot product over the key's length",
            r"\mathrm{proj}",
            projection,
            lambda product, lengths: divide(product, lengths[1]),
            lambda product, lengths: rf"\frac{{{cell(product)}}}{{{cell(lengths[1])}}}",
            levels=levels,
        ),
        Step(
            "all",
            "The three together",
            rf"\left({dotted}, \cos\theta, \mathrm{{proj}}\right)",
            rf"\left({dotted},\ {cosine},\ {projection}\right)",
            lambda product, cosine, projection: [product, cosine, projection],
            lambda product: number(product),
            levels=levels,
        ),
    )


STEPS = (
    Step(
        "key",
        "The rescaled key",
        "k'",
        r"c\,k",
        lambda k, c: [c * x for x in k],
        lambda k, c: rf"{factor(c)}\cdot {factor(k[0])}",
        levels=(3,),
    ),
    Step(
        "key",
        "The key",
        "k",
        "k",
        lambda k: list(k),
        levels=(1, 2),
    ),
    *_after_the_key("k", (1, 2)),
    *_after_the_key("k'", (3,)),
)

MISTAKES = (
    Mistake(
        "lengths-not-rooted",
        "lengths",
        lambda q, key: [dot(q, q), dot(key, key)],
        r"You used the squared lengths; a length is the root of $v\cdot v$.",
        cause="length",
    ),
    Mistake(
        "lengths-by-sums",
        "lengths",
        lambda q, key: [sum(map(abs, q)), sum(map(abs, key))],
        "You added the absolute entries for a length; it is the root of the sum of squares.",
        cause="length",
    ),
    Mistake(
        "signs-dropped",
        "product",
        lambda q, key: sum(abs(a * b) for a, b in zip(q, key, strict=True)),
        "You took every product as positive; a negative entry makes its product negative.",
        when=lambda product, q, key: (
            sum(abs(a * b) for a, b in zip(q, key, strict=True)) != -product
        ),
        cause="sign",
    ),
    Mistake(
        "sign-dropped-at-the-end",
        "product",
        lambda product: abs(product),
        "You dropped the minus: more than a right angle apart, all three are negative.",
        when=lambda product: product < 0,
        cause="sign",
    ),
    Mistake(
        "onto-the-other",
        "projection",
        lambda product, lengths: divide(product, lengths[0]),
        "You projected the key onto the query; divide by the length of the key.",
        cause="projection",
    ),
    Mistake(
        "projection-coefficient",
        "projection",
        lambda product, lengths: divide(product, lengths[1] * lengths[1]),
        r"You divided by $\lVert k\rVert^2$: that is the factor in front of $k$, not the length.",
        cause="projection",
    ),
    Mistake(
        "projection-is-cosine",
        "projection",
        lambda cosine: cosine,
        "You gave the cosine as the projection; the projection keeps the length of the query.",
        cause="projection",
    ),
    Mistake(
        "projection-is-product",
        "projection",
        lambda product: product,
        "You gave the dot product as the projection; they agree only for a key of length 1.",
        cause="projection",
    ),
    Mistake(
        "cosine-not-normalised",
        "cosine",
        lambda product, lengths: divide(product, lengths[0] + lengths[1]),
        "You divided by the sum of the lengths; the cosine divides by their product.",
        cause="cosine",
    ),
    Mistake(
        "cosine-one-length",
        "cosine",
        lambda product, lengths: divide(product, lengths[1]),
        "You divided by one length only; the cosine divides by both.",
        cause="cosine",
    ),
    Mistake(
        "order-exchanged",
        "all",
        lambda product, cosine, projection: [product, projection, cosine],
        "Cosine and projection are exchanged: first the dot product, then the cosine.",
        cause="order",
    ),
    Mistake(
        "not-rescaled",
        "key",
        lambda k: k,
        "You left the key as it was; it was multiplied first.",
        levels=(3,),
        cause="rescaling",
    ),
    Mistake(
        "sign-of-the-factor-dropped",
        "key",
        lambda k, c: [abs(c) * x for x in k],
        "You multiplied by the factor without its sign; a negative factor turns the key round.",
        when=lambda c: c < 0,
        levels=(3,),
        cause="sign",
    ),
    Mistake(
        "everything-rescaled",
        "all",
        lambda q, k, c: [
            c * dot(q, k),
            divide(c * dot(q, k), norm(q) * norm(k)),
            divide(c * dot(q, k), norm(k)),
        ],
        "You multiplied all three by the factor; cosine and projection do not see a key's length.",
        levels=(3,),
        cause="rescaling",
    ),
    Mistake(
        "cosine-rescaled",
        "cosine",
        lambda product, q, k: divide(product, norm(q) * norm(k)),
        "You let the cosine grow with the key; it depends on the angle alone.",
        levels=(3,),
        cause="rescaling",
    ),
    Mistake(
        "projection-rescaled",
        "projection",
        lambda product, k: divide(product, norm(k)),
        "You let the projection grow with the key; only its direction counts.",
        levels=(3,),
        cause="rescaling",
    ),
)

FAMILIES = (
    Family(
        name="dot-cosine-projection",
        version=1,
        title="Dot product, cosine, projection",
        topic="dot products and linear maps",
        says="Tell apart the dot product, the cosine and the projection of one pair.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question, 3: question_rescaled},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        convention="in this order",
        fine=fine,
        items=("N1.30", "N2.7", "N4.20"),
    ),
)
