"""Rotary embedding: one pair turned, two pairs with their own frequencies, then a score."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Places
from studykit.problems.arithmetic import Vector, dot
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, products, tuple_of

ANGLES = ((1, 6), (1, 4), (1, 3), (1, 12), (1, 8))
"""Angles a position as fractions of π."""


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    top, bottom = dice.pick(ANGLES)
    if level == 1:
        return {
            "x": dice.vector(2, -4, 5),
            "position": dice.between(1, 5),
            "parts": (top, bottom),
        }
    if level == 2:
        other = dice.pick(ANGLES)
        if other == (top, bottom):
            return None
        return {
            "x": dice.vector(4, -4, 5),
            "position": dice.between(1, 3),
            "parts": (top, bottom),
            "second": other,
        }
    return {
        "q": dice.vector(2, -3, 4),
        "k": dice.vector(2, -3, 4),
        "m": dice.between(2, 6),
        "n": dice.between(0, 4),
        "parts": (top, bottom),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Vectors without zeros, angles that really turn, different positions."""
    vectors = [givens[name] for name in ("x", "q", "k") if name in givens]
    if any(0 in v for v in vectors):
        return False
    top, bottom = givens["parts"]
    if level == 3:
        return bool(givens["m"] != givens["n"] and givens["q"] != givens["k"])
    return bool(givens["position"] * top % bottom != 0)


def _angle(parts: tuple[int, int]) -> str:
    top, bottom = parts
    return rf"\pi/{bottom}" if top == 1 else rf"{top}\pi/{bottom}"


def question(x: Vector, position: int, parts: tuple[int, int]) -> str:
    return (
        r"Rotary embedding turns the pair $(x_1, x_2)$ by the angle $p\,\theta$, counterclockwise. "
        rf"Turn $x$ at position $p={position}$ with $\theta={_angle(parts)}$."
        rf"$$x={tuple_of(x)}$$"
    )


def question_two_pairs(
    x: Vector, position: int, parts: tuple[int, int], second: tuple[int, int]
) -> str:
    return (
        r"Rotary embedding turns each pair of neighbours, $(x_1, x_2)$ and $(x_3, x_4)$, "
        rf"counterclockwise by position times frequency. Turn $x$ at position $p={position}$ with "
        rf"$\theta_1={_angle(parts)}$ for the first pair and $\theta_2={_angle(second)}$ for the "
        r"second."
        rf"$$x={tuple_of(x)}$$"
    )


def question_score(q: Vector, k: Vector, m: int, n: int, parts: tuple[int, int]) -> str:
    return (
        rf"A query stands at position ${m}$, a key at position ${n}$. Rotary embedding turns both "
        rf"counterclockwise by position times $\theta={_angle(parts)}$. Give the dot product of "
        r"the turned vectors, not scaled."
        rf"$$q={tuple_of(q)}\qquad k={tuple_of(k)}$$"
    )


def turned(pair: Vector, angle: float) -> Vector:
    a, b = pair
    return [
        a * math.cos(angle) - b * math.sin(angle),
        a * math.sin(angle) + b * math.cos(angle),
    ]


def turn(parts: tuple[int, int], position: int) -> float:
    return position * math.pi * parts[0] / parts[1]


STEPS = (
    Step(
        "angle",
        "Angle of this position",
        r"\varphi",
        r"p\,\theta",
        lambda parts, position: turn(parts, position),
        levels=(1, 2),
    ),
    Step(
        "rotated",
        "The pair turned",
        "x'",
        r"\left(x_1\cos\varphi-x_2\sin\varphi,\ x_1\sin\varphi+x_2\cos\varphi\right)",
        lambda x, angle: turned(x, angle),
        lambda x, angle: (
            rf"{cell(x[0])}\cdot\cos {cell(angle)}-{factor(x[1])}\cdot\sin {cell(angle)}"
        ),
        levels=(1,),
    ),
    Step(
        "second_angle",
        "Angle of the second pair",
        r"\varphi_2",
        r"p\,\theta_2",
        lambda second, position: turn(second, position),
        levels=(2,),
    ),
    Step(
        "rotated",
        "Each pair turned by its own angle",
        "x'",
        r"\left(R(\varphi)(x_1, x_2),\ R(\varphi_2)(x_3, x_4)\right)",
        lambda x, angle, second_angle: turned(x[:2], angle) + turned(x[2:], second_angle),
        lambda x, angle: (
            rf"{cell(x[0])}\cdot\cos {cell(angle)}-{factor(x[1])}\cdot\sin {cell(angle)}"
        ),
        levels=(2,),
    ),
    Step(
        "turned_query",
        "The query turned by its position",
        "q'",
        r"R(m\theta)\,q",
        lambda q, parts, m: turned(q, turn(parts, m)),
        levels=(3,),
    ),
    Step(
        "turned_key",
        "The key turned by its position",
        "k'",
        r"R(n\theta)\,k",
        lambda k, parts, n: turned(k, turn(parts, n)),
        levels=(3,),
    ),
    Step(
        "score",
        "Dot product: it depends on the difference of the positions alone",
        r"q'\cdot k'",
        r"q\cdot R\big((n-m)\theta\big)\,k",
        lambda turned_query, turned_key: dot(turned_query, turned_key),
        lambda turned_query, turned_key: products(turned_query, turned_key),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "clockwise",
        "angle",
        lambda angle: -angle,
        "You turned clockwise: the minus stands before sin in the first component.",
        levels=(1,),
        cause="direction",
    ),
    Mistake(
        "position-ignored",
        "angle",
        lambda parts: turn(parts, 1),
        "You turned by one angle only; it is multiplied by the position.",
        when=lambda position: position > 1,
        levels=(1,),
        cause="position",
    ),
    Mistake(
        "position-off-by-one",
        "angle",
        lambda parts, position: turn(parts, position + 1),
        "You counted one position too many.",
        levels=(1,),
        cause="position",
    ),
    Mistake(
        "sine-and-cosine-exchanged",
        "rotated",
        lambda x, angle: turned(x, math.pi / 2 - angle),
        "You exchanged sine and cosine.",
        levels=(1,),
        cause="direction",
    ),
    Mistake(
        "degrees-as-radians",
        "angle",
        lambda angle: math.degrees(angle),
        "You put degrees into functions that expect radians.",
        levels=(1,),
        cause="unit",
    ),
    Mistake(
        "signs-alike",
        "rotated",
        lambda x, angle: [
            x[0] * math.cos(angle) + x[1] * math.sin(angle),
            x[0] * math.sin(angle) + x[1] * math.cos(angle),
        ],
        "You left out the minus; a rotation has one before sin.",
        levels=(1,),
        cause="direction",
    ),
    Mistake(
        "components-scaled",
        "rotated",
        lambda x, angle: [x[0] * math.cos(angle), x[1] * math.sin(angle)],
        "You multiplied each component by one factor; a rotation mixes both.",
        levels=(1,),
        cause="direction",
    ),
    Mistake(
        "pairs-from-halves",
        "rotated",
        lambda x, angle, second_angle: (lambda a, b: [a[0], b[0], a[1], b[1]])(
            turned([x[0], x[2]], angle), turned([x[1], x[3]], second_angle)
        ),
        "You paired components from the two halves; here neighbours make a pair.",
        levels=(2,),
        cause="pairs",
    ),
    Mistake(
        "one-frequency",
        "second_angle",
        lambda angle: angle,
        "You turned both pairs by the first frequency.",
        cause="frequency",
    ),
    Mistake(
        "frequencies-exchanged",
        "rotated",
        lambda x, angle, second_angle: turned(x[:2], second_angle) + turned(x[2:], angle),
        "You exchanged the frequencies of the pairs.",
        levels=(2,),
        cause="frequency",
    ),
    Mistake(
        "clockwise",
        "rotated",
        lambda x, angle, second_angle: turned(x[:2], -angle) + turned(x[2:], -second_angle),
        "You turned clockwise: the minus stands before sin in the first component of a pair.",
        levels=(2,),
        cause="direction",
    ),
    Mistake(
        "position-ignored",
        "rotated",
        lambda x, parts, second: turned(x[:2], turn(parts, 1)) + turned(x[2:], turn(second, 1)),
        "You turned by the frequencies themselves; they are multiplied by the position.",
        when=lambda position: position > 1,
        levels=(2,),
        cause="position",
    ),
    Mistake(
        "second-pair-not-turned",
        "rotated",
        lambda x, angle: turned(x[:2], angle) + list(x[2:]),
        "You turned the first pair only.",
        levels=(2,),
        cause="pairs",
    ),
    Mistake(
        "not-turned",
        "score",
        lambda q, k: dot(q, k),
        "You took the dot product without turning the vectors.",
        cause="position",
    ),
    Mistake(
        "query-only",
        "turned_key",
        lambda k: k,
        "You turned the query only; the key is turned by its own position.",
        when=lambda n: n != 0,
        cause="position",
    ),
    Mistake(
        "key-only",
        "turned_query",
        lambda q: q,
        "You turned the key only; the query is turned by its own position.",
        cause="position",
    ),
    Mistake(
        "positions-added",
        "turned_key",
        lambda k, parts, n: turned(k, -turn(parts, n)),
        "You turned the key the other way round: the difference of positions counts, not the sum.",
        when=lambda n: n != 0,
        cause="direction",
    ),
    Mistake(
        "positions-exchanged",
        "score",
        lambda q, k, parts, m, n: dot(turned(q, turn(parts, n)), turned(k, turn(parts, m))),
        "You exchanged the positions (or turned clockwise): the query stands at the first one.",
        cause="direction",
    ),
)

FAMILIES = (
    Family(
        name="rotary-embedding",
        version=1,
        title="Rotary position embedding",
        topic="embeddings and positions",
        says="Turn queries and keys by their positions, so that scores see the distance.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question_two_pairs, 3: question_score},
        precision={1: Places(3), 2: Places(3), 3: Places(3)},
        convention="",
        fine=fine,
        items=("N3.51",),
    ),
)
