"""Two layouts of rotary pairs, neighbours and halves: reordering, turning, converting weights."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, floor, row, tuple_of


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        d = dice.pick([6, 8])
        return {"x": dice.some(range(-9, 10), d), "back": dice.below(2)}
    if level == 2:
        slow = dice.pick([0.1, 0.2, 0.25])
        return {"x": dice.vector(4, -4, 5), "p": dice.between(2, 9), "theta": [1.0, slow]}
    H, d_k = dice.pick([(12, 64), (32, 128), (64, 128), (16, 64), (8, 256)])
    return {"H": H, "d_k": d_k, "f": dice.between(d_k, H * d_k - 1), "back": dice.below(2)}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Components without zeros; a feature that moves in its head."""
    if level == 2:
        return all(givens["x"]) and len(set(givens["x"])) > 2
    if level == 3:
        head, inside = givens["place"]
        return bool(givens["moved"] != inside and 1 < inside < givens["d_k"] - 2 and head)
    return True


NEIGHBOURS = r"neighbours, $(x_1,x_2),(x_3,x_4),\ldots$"
HALVES = r"halves, $(x_1,x_{d/2+1}),(x_2,x_{d/2+2}),\ldots$"


def question_order(x: Vector, back: int) -> str:
    source, target = (HALVES, NEIGHBOURS) if back else (NEIGHBOURS, HALVES)
    return (
        rf"One implementation makes rotary pairs of {NEIGHBOURS}; another of {HALVES}. This vector "
        rf"is laid out for pairs of {source.split(',')[0]}. Give it in the order that the other "
        rf"implementation, with pairs of {target.split(',')[0]}, needs so that the same pairs meet "
        r"(each pair in its order)."
        rf"$$x={tuple_of([int(v) for v in x])}$$"
    )


def question_halves(x: Vector, p: int, theta: Vector) -> str:
    return (
        r"Rotary embedding with pairs of halves: in a head of width 4 the pairs are $(x_1,x_3)$ "
        rf"and $(x_2,x_4)$; they are turned counterclockwise by $p\,\theta_1$ and $p\,\theta_2$ "
        rf"(radians), $\theta_1={theta[0]:g}$, $\theta_2={theta[1]:g}$, $p={p}$. Give the turned "
        r"vector, in the same layout."
        rf"$$x={row(x)}$$"
    )


def question_weights(H: int, d_k: int, f: int, back: int) -> str:
    source, target = ("halves", "neighbours") if back else ("neighbours", "halves")
    return (
        rf"Query weights with ${H}$ heads of width ${d_k}$ are converted from a layout with rotary "
        rf"pairs of {source} to one with pairs of {target}, head by head: with neighbours, pair "
        rf"$i$ of a head has its components $2i$ and $2i+1$; with halves, $i$ and "
        rf"$i+{d_k // 2}$ (everything counted from 0). To which feature of the whole query goes "
        rf"feature ${f}$?"
    )


def to_halves(x: Vector) -> Vector:
    return [*x[::2], *x[1::2]]


def to_neighbours(x: Vector) -> Vector:
    half = len(x) // 2
    return [v for pair in zip(x[:half], x[half:], strict=True) for v in pair]


def converted(c: int, d_k: int, back: int) -> int:
    """Where component c of a head goes."""
    half = d_k // 2
    if back:
        return 2 * c if c < half else 2 * (c - half) + 1
    return c // 2 + half * (c % 2)


def turned(x: Vector, angles: Vector) -> Vector:
    """Pairs (x₁, x₃) and (x₂, x₄) turned by their angles."""
    a, b = angles
    x_1, x_2, x_3, x_4 = x
    return [
        x_1 * math.cos(a) - x_3 * math.sin(a),
        x_2 * math.cos(b) - x_4 * math.sin(b),
        x_1 * math.sin(a) + x_3 * math.cos(a),
        x_2 * math.sin(b) + x_4 * math.cos(b),
    ]


def as_neighbours(x: Vector, angles: Vector) -> Vector:
    """The same vector with pairs (x₁, x₂) and (x₃, x₄)."""
    y = turned(to_halves(x), angles)
    return to_neighbours(y)


STEPS = (
    Step(
        "order",
        "The components in the order of the other layout",
        "x'",
        lambda back: (
            r"(x_1,x_{d/2+1},x_2,x_{d/2+2},\ldots)" if back else r"(x_1,x_3,\ldots,x_2,x_4,\ldots)"
        ),
        lambda x, back: to_neighbours(x) if back else to_halves(x),
        levels=(1,),
    ),
    Step(
        "angles",
        "Angles of both pairs",
        r"(\varphi_1,\ \varphi_2)",
        r"(p\,\theta_1,\ p\,\theta_2)",
        lambda p, theta: [p * t for t in theta],
        levels=(2,),
    ),
    Step(
        "turned",
        "Each pair turned: the second half of the pair takes part in the first with a minus",
        "x'",
        r"(x_1\cos\varphi_1-x_3\sin\varphi_1,\ x_2\cos\varphi_2-x_4\sin\varphi_2,\ \ldots)",
        lambda x, angles: turned(x, angles),
        lambda x, angles: (
            rf"{cell(x[0])}\cdot\cos {cell(angles[0])}-{factor(x[2])}\cdot\sin {cell(angles[0])}"
        ),
        levels=(2,),
    ),
    Step(
        "place",
        "Head, and component in the head",
        r"(h,\ c)",
        r"\left(\left\lfloor\frac{f}{d_k}\right\rfloor,\ f-h\,d_k\right)",
        lambda f, d_k: [f // d_k, f % d_k],
        lambda f, d_k: floor(f, d_k),
        levels=(3,),
    ),
    Step(
        "moved",
        "Where this component goes in its head",
        "c'",
        lambda back: (
            r"2\left(c\bmod\frac{d_k}{2}\right)+\left\lfloor\frac{2c}{d_k}\right\rfloor"
            if back
            else r"\left\lfloor\frac{c}{2}\right\rfloor+\frac{d_k}{2}(c\bmod 2)"
        ),
        lambda place, d_k, back: converted(int(place[1]), d_k, back),
        levels=(3,),
    ),
    Step(
        "feature",
        "Back in the whole query",
        "f'",
        r"h\,d_k+c'",
        lambda place, moved, d_k: int(place[0]) * d_k + moved,
        lambda place, moved, d_k: rf"{int(place[0])}\cdot {d_k}+{moved}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "other-way",
        "order",
        lambda x, back: to_halves(x) if back else to_neighbours(x),
        "You reordered the other way round.",
        levels=(1,),
        cause="direction",
    ),
    Mistake(
        "not-moved",
        "order",
        lambda x: [int(v) for v in x],
        "You left the order as it was; then other components meet.",
        levels=(1,),
        cause="direction",
    ),
    Mistake(
        "halves-exchanged",
        "order",
        lambda order: order[len(order) // 2 :] + order[: len(order) // 2],
        "You put the second half first.",
        levels=(1,),
        cause="order",
    ),
    Mistake(
        "pairs-reversed",
        "order",
        lambda x, back: (
            to_neighbours([*x[len(x) // 2 :], *x[: len(x) // 2]])
            if back
            else to_halves([v for i in range(0, len(x), 2) for v in (x[i + 1], x[i])])
        ),
        "You exchanged the two components of every pair.",
        when=lambda back: back == 1,
        levels=(1,),
        cause="order",
    ),
    Mistake(
        "second-half-backwards",
        "order",
        lambda x, back: (
            to_neighbours([*x[: len(x) // 2], *reversed(x[len(x) // 2 :])])
            if back
            else [*x[::2], *reversed(x[1::2])]
        ),
        "You took the second components in the reverse order.",
        levels=(1,),
        cause="order",
    ),
    Mistake(
        "neighbours-for-halves",
        "turned",
        lambda x, angles: as_neighbours(x, angles),
        "You paired neighbours; here the pairs are made of the halves.",
        cause="pairs",
    ),
    Mistake(
        "clockwise",
        "turned",
        lambda x, angles: turned(x, [-a for a in angles]),
        "You turned clockwise: the minus belongs into the first half.",
        cause="direction",
    ),
    Mistake(
        "no-minus",
        "turned",
        lambda x, angles: [
            x[0] * math.cos(angles[0]) + x[2] * math.sin(angles[0]),
            x[1] * math.cos(angles[1]) + x[3] * math.sin(angles[1]),
            *turned(x, angles)[2:],
        ],
        "You left out the minus for the first half.",
        cause="direction",
    ),
    Mistake(
        "angles-exchanged",
        "turned",
        lambda x, angles: turned(x, [angles[1], angles[0]]),
        "You exchanged the angles of the pairs.",
        cause="frequency",
    ),
    Mistake(
        "angles-repeated-by-neighbours",
        "turned",
        lambda x, angles: [
            x[0] * math.cos(angles[0]) - x[2] * math.sin(angles[0]),
            x[1] * math.cos(angles[0]) - x[3] * math.sin(angles[0]),
            x[2] * math.cos(angles[1]) + x[0] * math.sin(angles[1]),
            x[3] * math.cos(angles[1]) + x[1] * math.sin(angles[1]),
        ],
        "You gave the first two components one angle and the last two the other; with halves the "
        "angles repeat as a block.",
        cause="frequency",
    ),
    Mistake(
        "position-left-out",
        "angles",
        lambda theta: theta,
        "You turned by the frequencies themselves; they are multiplied by the position.",
        cause="position",
    ),
    Mistake(
        "degrees",
        "angles",
        lambda angles: [math.radians(a) for a in angles],
        "Your calculator took the angles in degrees; they are radians.",
        cause="unit",
    ),
    Mistake(
        "other-way",
        "moved",
        lambda place, d_k, back: converted(int(place[1]), d_k, 1 - back),
        "You converted the other way round.",
        cause="direction",
    ),
    Mistake(
        "whole-width",
        "feature",
        lambda f, H, d_k, back: converted(f, H * d_k, back),
        "You reordered the whole query; every head is reordered by itself.",
        cause="width",
    ),
    Mistake(
        "head-left-out",
        "feature",
        lambda moved: moved,
        "You gave the component in the head; the feature of the whole query was asked.",
        cause="stopped",
    ),
    Mistake(
        "other-half",
        "moved",
        lambda moved, d_k, back: (
            moved + (1 if moved % 2 == 0 else -1) if back else (moved + d_k // 2) % d_k
        ),
        "You exchanged first and second component of the pair.",
        cause="order",
    ),
    Mistake(
        "half-of-the-heads",
        "feature",
        lambda place, moved, H: int(place[0]) * H + moved,
        "You multiplied the head by the number of heads; a head is d_k features wide.",
        when=lambda H, d_k: d_k != H,
        cause="width",
    ),
)

FAMILIES = (
    Family(
        name="rotary-layout",
        version=1,
        title="Two layouts of rotary pairs",
        topic="embeddings and positions",
        says="Neighbours or halves: the same rotation, two orders of the components.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_order, 2: question_halves, 3: question_weights},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        fine=fine,
        items=("N3.51",),
    ),
)
