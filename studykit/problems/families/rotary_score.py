"""A rotary score sees positions only through their difference: angles, two pairs, best distance."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.wording import cell, factor, tuple_of


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 2:
        n = dice.between(900, 4000)
        return {
            "q": dice.vector(4, -3, 4),
            "k": dice.vector(4, -3, 4),
            "m": n + dice.between(2, 9),
            "n": n,
            "theta": [1, dice.pick([Fraction(1, 10), Fraction(1, 5), Fraction(1, 4)])],
        }
    given = {"a": dice.between(1, 6), "b": dice.between(1, 6)}
    alpha, turned = 15 * dice.between(1, 23), 60 * dice.below(6)  # cosines known by heart
    if level == 1:
        n, theta = dice.between(1, 11), dice.pick([15, 20, 30, 45, 60])
        m = n + dice.between(1, 9)
        beta = (alpha + (m - n) * theta - turned) % 360
        return given | {"alpha": alpha, "beta": beta, "theta": theta, "m": m, "n": n}
    theta = dice.pick([3, 5, 6, 10, 12, 15])
    best = dice.between(1, 30)
    beta, D = (alpha + best * theta) % 360, best % (60 // theta) + turned // theta
    return given | {"alpha": alpha, "beta": beta, "theta": theta, "D": D}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Vectors without zeros; directions that differ; cosines known by heart."""
    if level == 2:
        return all(givens["q"]) and all(givens["k"]) and givens["q"] != givens["k"]
    if level == 3 and givens["best"] in (0, givens["D"]):
        return False
    return bool(givens["alpha"] != givens["beta"] and givens["angle"] % 60 == 0)


def question_angle(a: int, b: int, alpha: int, beta: int, theta: int, m: int, n: int) -> str:
    return (
        r"Rotary embedding turns a pair counterclockwise by position times "
        rf"$\theta={theta}$°. Before it, the query has length ${a}$ and direction "
        rf"${alpha}$° and stands at position ${m}$; the key has length ${b}$ and direction "
        rf"${beta}$° and stands at position ${n}$ (directions counterclockwise from the first "
        r"axis). Give the angle from the turned key to the turned query in degrees (0 to 359), and "
        r"the dot product of the turned vectors, not scaled."
    )


def question_pairs(q: Vector, k: Vector, m: int, n: int, theta: Vector) -> str:
    return (
        rf"Query and key stand at positions $m={m}$ and $n={n}$. Rotary embedding turns each pair "
        r"of neighbours, $(x_1,x_2)$ and $(x_3,x_4)$, counterclockwise by position times frequency "
        rf"(in radians): $\theta_1={cell(theta[0])}$ for the first pair, "
        rf"$\theta_2={f'{float(theta[1]):g}'}$ for the second. Give the dot product of the "
        r"turned vectors, not scaled."
        rf"$$q={tuple_of(q)}\qquad k={tuple_of(k)}$$"
    )


def question_best(a: int, b: int, alpha: int, beta: int, theta: int, D: int) -> str:
    return (
        r"One pair of a head: rotary embedding turns counterclockwise by position times "
        rf"$\theta={theta}$°. Before it, every query has length ${a}$ and direction "
        rf"${alpha}$°, every key length ${b}$ and direction ${beta}$°. A query at "
        r"position $m$ sees keys at $n=m-D$ with $D\ge 0$. Give the smallest distance $D^*$ with "
        rf"the largest score, that largest score, and the score at distance $D={D}$ (not scaled)."
    )


def cosine(degrees: Any) -> Any:
    """Exact at the multiples of 60° and 90°."""
    known = {0: 1, 60: Fraction(1, 2), 90: 0, 120: Fraction(-1, 2), 180: -1}
    folded = min(degrees % 360, -degrees % 360)
    return known[folded] if folded in known else math.cos(math.radians(folded))


def turned(dots: Vector, crosses: Vector, distance: Any, theta: Vector) -> Any:
    """The score at a distance, each pair turned by its own frequency."""
    parts = [(d, c, distance * w) for d, c, w in zip(dots, crosses, theta, strict=True)]
    return sum(d * math.cos(w) + c * math.sin(w) for d, c, w in parts)


def split(q: Vector, k: Vector, pairs: tuple[tuple[int, int], ...]) -> tuple[Vector, Vector]:
    """For each pair its dot product and its cross product."""
    dots = [q[i] * k[i] + q[j] * k[j] for i, j in pairs]
    return dots, [q[i] * k[j] - q[j] * k[i] for i, j in pairs]


NEIGHBOURS = ((0, 1), (2, 3))
HALVES = ((0, 2), (1, 3))

STEPS = (
    Step(
        "angle",
        "Angle from the turned key to the turned query",
        r"\gamma",
        r"\alpha-\beta+(m-n)\theta\bmod 360",
        lambda alpha, beta, theta, m, n: (alpha - beta + (m - n) * theta) % 360,
        lambda alpha, beta, theta, m, n: rf"{alpha}-{beta}+({m}-{n})\cdot {theta}",
        levels=(1,),
    ),
    Step(
        "score",
        "Lengths and the cosine of the angle",
        "s",
        r"\lVert q\rVert\,\lVert k\rVert\cos\gamma",
        lambda a, b, angle: a * b * cosine(angle),
        lambda a, b, angle: rf"{a}\cdot {b}\cdot\cos {angle}\text{{°}}",
        levels=(1,),
    ),
    Step(
        "all",
        "Both",
        r"(\gamma,\ s)",
        r"(\gamma,\ s)",
        lambda angle, score: [angle, score],
        levels=(1,),
    ),
    Step(
        "distance",
        "Only the difference of the positions matters",
        "D",
        "m-n",
        lambda m, n: m - n,
        lambda m, n: f"{m}-{n}",
        levels=(2,),
    ),
    Step(
        "dots",
        "Dot product of each pair",
        "a_i",
        r"q_{2i-1}k_{2i-1}+q_{2i}k_{2i}",
        lambda q, k: split(q, k, NEIGHBOURS)[0],
        lambda q, k: rf"{factor(q[0])}\cdot {factor(k[0])}+{factor(q[1])}\cdot {factor(k[1])}",
        levels=(2,),
    ),
    Step(
        "crosses",
        "Cross product of each pair",
        "b_i",
        r"q_{2i-1}k_{2i}-q_{2i}k_{2i-1}",
        lambda q, k: split(q, k, NEIGHBOURS)[1],
        lambda q, k: rf"{factor(q[0])}\cdot {factor(k[1])}-{factor(q[1])}\cdot {factor(k[0])}",
        levels=(2,),
    ),
    Step(
        "score",
        "Each pair turned by its own angle",
        "s",
        r"\sum_i a_i\cos(D\theta_i)+b_i\sin(D\theta_i)",
        lambda dots, crosses, distance, theta: turned(dots, crosses, distance, theta),
        lambda dots, crosses, distance, theta: " + ".join(
            rf"{factor(d)}\cdot\cos {cell(distance * float(t), 2)}+{factor(c)}\cdot"
            rf"\sin {cell(distance * float(t), 2)}"
            for d, c, t in zip(dots, crosses, theta, strict=True)
        ),
        levels=(2,),
    ),
    Step(
        "best",
        "Distance at which the turned vectors point the same way",
        "D^*",
        r"\frac{(\beta-\alpha)\bmod 360}{\theta}",
        lambda alpha, beta, theta: divide((beta - alpha) % 360, theta),
        lambda alpha, beta, theta: rf"\frac{{{(beta - alpha) % 360}}}{{{theta}}}",
        levels=(3,),
    ),
    Step(
        "largest",
        "Score there: the cosine is 1",
        "s^*",
        r"\lVert q\rVert\,\lVert k\rVert",
        lambda a, b: a * b,
        lambda a, b: rf"{a}\cdot {b}",
        levels=(3,),
    ),
    Step(
        "angle",
        "Angle at the distance given",
        r"\gamma",
        r"\alpha-\beta+D\theta",
        lambda alpha, beta, theta, D: alpha - beta + D * theta,
        lambda alpha, beta, theta, D: rf"{alpha}-{beta}+{D}\cdot {theta}",
        levels=(3,),
    ),
    Step(
        "score",
        "Score there",
        "s",
        r"\lVert q\rVert\,\lVert k\rVert\cos\gamma",
        lambda a, b, angle: a * b * cosine(angle),
        lambda a, b, angle: rf"{a}\cdot {b}\cdot\cos {angle % 360}\text{{°}}",
        levels=(3,),
    ),
    Step(
        "all",
        "Together",
        r"(D^*,\ s^*,\ s)",
        r"(D^*,\ s^*,\ s)",
        lambda best, largest, score: [best, largest, score],
        levels=(3,),
    ),
)

MISTAKES = (
    *at_levels(
        (1,),
        (
            Mistake(
                "positions-added",
                "angle",
                lambda alpha, beta, theta, m, n: (alpha - beta + (m + n) * theta) % 360,
                "You added the positions; the score depends on their difference.",
                cause="positions",
            ),
            Mistake(
                "positions-exchanged",
                "angle",
                lambda alpha, beta, theta, m, n: (alpha - beta + (n - m) * theta) % 360,
                "You exchanged the positions: the query is turned by its own position.",
                cause="positions",
            ),
            Mistake(
                "not-turned",
                "angle",
                lambda alpha, beta: (alpha - beta) % 360,
                "You left out the rotation.",
                cause="positions",
            ),
            Mistake(
                "query-only",
                "angle",
                lambda alpha, beta, theta, m: (alpha - beta + m * theta) % 360,
                "You turned the query only; the key is turned by its own position.",
                cause="positions",
            ),
            Mistake(
                "key-only",
                "angle",
                lambda alpha, beta, theta, n: (alpha - beta - n * theta) % 360,
                "You turned the key only; the query is turned by its own position.",
                cause="positions",
            ),
            Mistake(
                "directions-added",
                "angle",
                lambda alpha, beta, theta, m, n: (alpha + beta + (m + n) * theta) % 360,
                "You added the two directions; the angle between vectors is a difference.",
                cause="angle",
            ),
            Mistake(
                "positions-only",
                "angle",
                lambda theta, m, n: ((m - n) * theta) % 360,
                "You used the rotation alone; the vectors had directions of their own.",
                cause="angle",
            ),
            Mistake(
                "sine-for-cosine",
                "score",
                lambda a, b, angle: a * b * cosine(90 - angle),
                "You took the sine; a dot product is lengths times the cosine.",
                cause="angle",
            ),
            Mistake(
                "lengths-left-out",
                "score",
                lambda angle: cosine(angle),
                "You left out the lengths.",
                when=lambda a, b: a * b > 1,
                cause="angle",
            ),
        ),
    ),
    Mistake(
        "other-direction",
        "score",
        lambda dots, crosses, distance, theta: turned(dots, crosses, -distance, theta),
        "You turned the other way round: the sine's sign is wrong.",
        levels=(2,),
        cause="direction",
    ),
    Mistake(
        "not-turned",
        "score",
        lambda dots: sum(dots),
        "You left out the rotation.",
        levels=(2,),
        cause="positions",
    ),
    Mistake(
        "one-frequency",
        "score",
        lambda dots, crosses, distance, theta: turned(dots, crosses, distance, [theta[0]] * 2),
        "You turned both pairs by the first frequency.",
        cause="frequency",
    ),
    Mistake(
        "frequencies-exchanged",
        "score",
        lambda dots, crosses, distance, theta: turned(dots, crosses, distance, theta[::-1]),
        "You exchanged the frequencies of the pairs.",
        cause="frequency",
    ),
    Mistake(
        "pairs-from-halves",
        "score",
        lambda q, k, distance, theta: turned(*split(q, k, HALVES), distance, theta),
        "You paired components from the two halves; here neighbours make a pair.",
        cause="pairs",
    ),
    Mistake(
        "degrees",
        "score",
        lambda dots, crosses, distance, theta: turned(dots, crosses, math.radians(distance), theta),
        "Your calculator took the angles in degrees; they are radians.",
        cause="unit",
    ),
    Mistake(
        "query-only",
        "distance",
        lambda m: m,
        "You turned the query only; the key is turned by its own position.",
        levels=(2,),
        cause="positions",
    ),
    Mistake(
        "sines-left-out",
        "score",
        lambda dots, distance, theta: turned(dots, [0, 0], distance, theta),
        "You multiplied the dot products by cosines; turning brings in sines as well.",
        cause="direction",
    ),
    Mistake(
        "directions-exchanged",
        "best",
        lambda alpha, beta, theta: divide((alpha - beta) % 360, theta),
        "You exchanged query and key: the query is ahead and turns on with the distance.",
        when=lambda alpha, beta: (alpha - beta) % 360 != 180,
        cause="direction",
    ),
    Mistake(
        "worst-distance",
        "best",
        lambda alpha, beta, theta: divide((beta - alpha + 180) % 360, theta),
        "That is where the vectors point apart, and the score is smallest.",
        cause="direction",
    ),
    Mistake(
        "not-divided",
        "best",
        lambda alpha, beta: (beta - alpha) % 360,
        r"You gave the angle; the distance is how often $\theta$ goes into it.",
        cause="angle",
    ),
    Mistake(
        "right-angle",
        "best",
        lambda alpha, beta, theta: divide((beta - alpha + 90) % 360, theta),
        "That is where the vectors are at right angles, and the score is 0.",
        cause="angle",
    ),
    Mistake(
        "other-direction",
        "angle",
        lambda alpha, beta, theta, D: alpha - beta - D * theta,
        "You turned the other way round at this distance.",
        levels=(3,),
        cause="direction",
    ),
    Mistake(
        "not-turned",
        "angle",
        lambda alpha, beta: alpha - beta,
        "You left out the rotation at this distance.",
        levels=(3,),
        cause="positions",
    ),
    Mistake(
        "lengths-added",
        "largest",
        lambda a, b: a + b,
        "You added the lengths; a dot product multiplies them.",
        cause="angle",
    ),
)

FAMILIES = (
    Family(
        name="rotary-score",
        version=1,
        title="Rotary scores and distance",
        topic="embeddings and positions",
        says="A rotary score depends on the distance of two tokens, not on where they stand.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_angle, 2: question_pairs, 3: question_best},
        precision={1: Exact(), 2: Places(2), 3: Exact()},
        fine=fine,
        items=("N3.51",),
    ),
)
