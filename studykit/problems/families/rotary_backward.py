"""Back through rotary embedding: a turn is undone by the turn the other way round."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, matmul
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, partial, row, tuple_of

EXACT = ((3, 4, 5), (4, 3, 5), (5, 12, 13), (12, 5, 13), (8, 15, 17))
"""Cosine and sine over a common denominator."""

ANGLES = (6, 4, 3, 12, 8)
"""π over these is a frequency."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        c, s, whole = dice.pick(EXACT)
        return {
            "c": Fraction(c, whole),
            "s": Fraction(s, whole) * dice.pick([1, 1, -1]),
            "g": [whole * dice.between(-3, 3), whole * dice.between(-3, 3)],
        }
    parts = dice.some(ANGLES, 1 if level == 2 else 2)
    width = 2 * len(parts)
    return {
        "keys": dice.matrix(2, width, -3, 4),
        "delta": [dice.between(-10, 10) / 10 for _ in range(2)],
        "at": dice.some(range(1, 7), 2),
        "m": dice.between(1, 6),
        "parts": tuple(parts),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Nothing that drops out; positions that differ, turns that are no half circles."""
    if level == 1:
        g = givens["g"]
        return bool(g[0] and g[1] and abs(g[0]) != abs(g[1]))
    if 0 in givens["delta"] or abs(givens["delta"][0]) == abs(givens["delta"][1]):
        return False
    positions = [*givens["at"], givens["m"]]
    turns = all((p % part) for p in positions for part in givens["parts"])
    return turns and len(set(positions)) == 3 and all(map(any, givens["keys"]))


def question_pair(c: Fraction, s: Fraction, g: Vector) -> str:
    return (
        r"Rotary embedding turns a pair of a query: "
        r"$\tilde q=(c\,q_1-s\,q_2,\ s\,q_1+c\,q_2)$. At this position "
        rf"$c={cell(c)}$ and $s={cell(s)}$ are cosine and sine of the angle. Coming back is "
        r"$g=\partial L/\partial\tilde q$. Give $\partial L/\partial q$."
        rf"$$g={row(g)}$$"
    )


def _turns(parts: tuple[int, ...]) -> str:
    if len(parts) == 1:
        return rf"counterclockwise by position times $\theta=\pi/{parts[0]}$"
    return (
        r"counterclockwise, the pair $(x_1,x_2)$ by position times "
        rf"$\pi/{parts[0]}$ and $(x_3,x_4)$ by position times $\pi/{parts[1]}$"
    )


def question_query(keys: Matrix, delta: Vector, at: Vector, m: int, parts: tuple[int, ...]) -> str:
    first, second = map(int, at)
    return (
        rf"Rotary embedding turns query and keys {_turns(parts)}. The query stands at position "
        rf"{m}, the keys, the rows of $K$, at {first} and {second}. The scores are "
        r"$s_j=\tilde q\cdot\tilde k_j$ of the turned vectors, not scaled; coming back is "
        r"$\delta_j=\partial L/\partial s_j$. Give $\partial L/\partial q$, of the query before "
        r"it is turned."
        rf"$$K={matrix(keys)}\qquad\delta={row(delta, 1)}$$"
    )


def question_key(keys: Matrix, delta: Vector, at: Vector, m: int, parts: tuple[int, ...]) -> str:
    return (
        rf"Rotary embedding turns queries and keys {_turns(parts)}. A key at position {m} is seen "
        rf"by two queries, the rows of $Q$, at the positions ${tuple_of(list(map(int, at)))}$. The "
        r"scores are $s_i=\tilde q_i\cdot\tilde k$, not scaled; coming back is "
        r"$\delta_i=\partial L/\partial s_i$. Give $\partial L/\partial k$, before it is turned."
        rf"$$Q={matrix(keys)}\qquad\delta={row(delta, 1)}$$"
    )


def turned(x: Vector, position: Any, parts: tuple[Any, ...]) -> Vector:
    """Every pair turned counterclockwise by position times π over its part."""
    out: Vector = []
    for i, part in enumerate(parts):
        angle = float(position) * math.pi / part
        a, b = x[2 * i], x[2 * i + 1]
        out += [
            a * math.cos(angle) - b * math.sin(angle),
            a * math.sin(angle) + b * math.cos(angle),
        ]
    return out


def mixed(rows: Matrix, delta: Vector) -> Vector:
    return matmul([delta], rows)[0]


OWN, OTHERS = {2: "q", 3: "k"}, {2: "k", 3: "q"}
"""What the gradient is of, and what it collects."""

STEPS = (
    Step(
        "gradient",
        "The transposed turn: the other way round",
        r"\frac{\partial L}{\partial q}",
        r"\left(c\,g_1+s\,g_2,\ -s\,g_1+c\,g_2\right)",
        lambda c, s, g: [c * g[0] + s * g[1], -s * g[0] + c * g[1]],
        lambda c, s, g: rf"{cell(c)}\cdot {factor(g[0])}+{factor(s)}\cdot {factor(g[1])}",
        levels=(1,),
    ),
    Step(
        "others",
        "The others turned by their positions",
        lambda level: rf"\tilde {OTHERS[level]}",
        lambda level: rf"R(p_j\theta)\,{OTHERS[level]}_j",
        lambda keys, at, parts: [turned(k, p, parts) for k, p in zip(keys, at, strict=True)],
        levels=(2, 3),
    ),
    Step(
        "collected",
        "Gradient of the turned vector: it collects the others",
        lambda level: partial(rf"\tilde {OWN[level]}"),
        lambda level: rf"\sum_j\delta_j\,\tilde {OTHERS[level]}_j",
        lambda others, delta: mixed(others, delta),
        lambda others, delta: "+".join(
            rf"{factor(d)}\cdot {factor(x[0])}" for d, x in zip(delta, others, strict=True)
        ),
        levels=(2, 3),
    ),
    Step(
        "gradient",
        "Turned back by its own position",
        lambda level: partial(OWN[level]),
        lambda level, m: rf"R(-{'' if m == 1 else m}\theta)\," + partial(rf"\tilde {OWN[level]}"),
        lambda collected, m, parts: turned(collected, -m, parts),
        lambda collected, m, parts: (
            rf"\cos\frac{{{m}\pi}}{{{parts[0]}}}\cdot {factor(collected[0])}"
            rf"+\sin\frac{{{m}\pi}}{{{parts[0]}}}\cdot {factor(collected[1])}"
        ),
        levels=(2, 3),
    ),
)

MISTAKES = (
    Mistake(
        "turned-on",
        "gradient",
        lambda c, s, g: [c * g[0] - s * g[1], s * g[0] + c * g[1]],
        "You turned the gradient the same way as the query; backward the turn is transposed.",
        cause="direction",
    ),
    Mistake(
        "not-turned",
        "gradient",
        lambda g: list(g),
        "You handed the gradient on as it is; it goes back through the turn.",
        cause="turn",
    ),
    Mistake(
        "cosine-and-sine-exchanged",
        "gradient",
        lambda c, s, g: [s * g[0] + c * g[1], -c * g[0] + s * g[1]],
        "You exchanged cosine and sine.",
        cause="turn",
    ),
    Mistake(
        "both-signs-plus",
        "gradient",
        lambda c, s, g: [c * g[0] + s * g[1], s * g[0] + c * g[1]],
        "You left out the minus; a turn has one sine with each sign.",
        cause="sign",
    ),
    Mistake(
        "cosine-only",
        "gradient",
        lambda c, g: [c * x for x in g],
        "You used the cosine alone; the turn mixes both numbers.",
        cause="turn",
    ),
    Mistake(
        "not-turned-back",
        "gradient",
        lambda collected: list(collected),
        "You gave the gradient of the turned vector; it is still to be turned back.",
        levels=(2, 3),
        cause="stopped",
    ),
    Mistake(
        "turned-on",
        "gradient",
        lambda collected, m, parts: turned(collected, m, parts),
        "You turned the gradient on by its position; backward it is turned the other way round.",
        levels=(2, 3),
        cause="direction",
    ),
    Mistake(
        "others-not-turned",
        "others",
        lambda keys: keys,
        "You left the others unturned; the scores are made of turned vectors.",
        levels=(2, 3),
        cause="turn",
    ),
    Mistake(
        "nothing-turned",
        "gradient",
        lambda keys, delta: mixed(keys, delta),
        "You left rotary embedding out altogether.",
        levels=(2, 3),
        cause="turn",
    ),
    Mistake(
        "gradients-ignored",
        "collected",
        lambda others: mixed(others, [1 for _ in others]),
        r"You took every $\delta$ as 1; each of the others comes in with its own.",
        levels=(2, 3),
        cause="chain",
    ),
    Mistake(
        "others-turned-back",
        "others",
        lambda keys, at, parts: [turned(k, -p, parts) for k, p in zip(keys, at, strict=True)],
        "You turned the others clockwise; they are turned forward, as for the scores.",
        levels=(2, 3),
        cause="direction",
    ),
    Mistake(
        "one-frequency",
        "gradient",
        lambda collected, m, parts: turned(collected, -m, (parts[0], parts[0])),
        "You used the first frequency for both pairs.",
        when=lambda parts: len(parts) == 2,
        cause="frequency",
    ),
)

FAMILIES = (
    Family(
        name="rotary-backward",
        version=1,
        title="Backward through rotary embedding",
        topic="embeddings and positions",
        says="A gradient is turned back by the position that turned the vector.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_pair, 2: question_query, 3: question_key},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        fine=fine,
        items=("N2.20", "N3.51"),
    ),
)
