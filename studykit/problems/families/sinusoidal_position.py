"""Sinusoidal positions: the angles, the encoding, then the product of two encodings."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell


def draws(dice: Dice, level: int) -> dict[str, Any]:
    pairs = dice.pick([2, 4]) if level == 1 else dice.pick([2, 3]) if level == 3 else 2
    root = dice.pick([2, 3, 4, 5, 10] if level == 1 else [2, 4, 5, 10])
    given: dict[str, Any] = {"d": 2 * pairs, "base": root**pairs, "root": root}
    if level == 3:
        return given | {"a": dice.between(2, 12), "b": dice.between(0, 12)}
    return given | {"position": dice.between(2, 30 if level == 1 else 16)}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Positions that differ, and values that are not all near 0 or 1."""
    if level == 3:
        return bool(givens["a"] != givens["b"])
    return level == 1 or all(0.02 < abs(x) < 0.998 for x in givens["encoding"])


def _code(d: int, base: int) -> str:
    counts = "0, 1" if d == 4 else rf"0,\ldots,{d // 2 - 1}"
    return (
        rf"A sinusoidal code of width $d={d}$ gives position $p$ the pairs "
        rf"$(\sin p\omega_i,\ \cos p\omega_i)$ with $\omega_i={base}^{{-2i/d}}$, "
        rf"$i={counts}$"
    )


def question_angles(d: int, base: int, position: int) -> str:
    return (
        rf"{_code(d, base)}. Give the angles $p\omega_i$ of all pairs for position "
        rf"$p={position}$."
    )


def question_encoding(d: int, base: int, position: int) -> str:
    return (
        rf"{_code(d, base)}, one pair after the other (angles in radians). Give the code of "
        rf"position $p={position}$."
    )


def question_product(d: int, base: int, a: int, b: int) -> str:
    return (
        rf"{_code(d, base)} (angles in radians). Give the dot product of the codes of positions "
        rf"{a} and {b}."
    )


def frequencies(root: Any, d: Any) -> Vector:
    return [divide(1, root**i) for i in range(d // 2)]


STEPS = (
    Step(
        "frequencies",
        "Frequencies of the pairs",
        r"\omega",
        r"B^{-2i/d}",
        lambda root, d: frequencies(root, d),
        lambda base, d: rf"{base}^{{-2\cdot 0/{d}}}",
        entry=r"\omega_i",
    ),
    Step(
        "angles",
        "Angles of this position",
        r"p\,\omega",
        r"p\,\omega_i",
        lambda position, frequencies: [position * w for w in frequencies],
        lambda position, frequencies: rf"{position}\cdot {cell(frequencies[0])}",
        levels=(1, 2),
        entry=r"(p\,\omega)_i",
    ),
    Step(
        "encoding",
        "Sine and cosine of each angle, pair after pair",
        "e",
        r"\left(\sin p\omega_0,\ \cos p\omega_0,\ \sin p\omega_1,\ \cos p\omega_1\right)",
        lambda angles: [f(a) for a in angles for f in (math.sin, math.cos)],
        lambda angles: rf"\sin {cell(angles[0])}",
        levels=(2,),
    ),
    Step(
        "angles",
        "Angles of the difference: sines and cosines of a pair combine to one cosine",
        r"(a-b)\,\omega",
        r"(a-b)\,\omega_i",
        lambda a, b, frequencies: [(a - b) * w for w in frequencies],
        lambda a, b, frequencies: rf"({a}-{b})\cdot {cell(frequencies[0])}",
        levels=(3,),
        entry=r"((a-b)\,\omega)_i",
    ),
    Step(
        "product",
        "Sum of their cosines",
        r"e_a\cdot e_b",
        r"\sum_i \cos\left((a-b)\,\omega_i\right)",
        lambda angles: sum(math.cos(x) for x in angles),
        lambda angles: "+".join(rf"\cos({cell(x)})" for x in angles),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "exponent-halved",
        "frequencies",
        lambda root, d: [float(root) ** (-i / 2) for i in range(d // 2)],
        r"You took $-i/d$ as the exponent; with $i$ counting pairs it is $-2i/d$.",
        cause="exponent",
    ),
    Mistake(
        "pairs-from-one",
        "frequencies",
        lambda root, d: [divide(1, root ** (i + 1)) for i in range(d // 2)],
        "You counted the pairs from 1; the first one has frequency 1.",
        cause="exponent",
    ),
    Mistake(
        "exponent-positive",
        "frequencies",
        lambda root, d: [root**i for i in range(d // 2)],
        "You left out the minus of the exponent; later pairs turn more slowly.",
        cause="exponent",
    ),
    Mistake(
        "linear-frequencies",
        "frequencies",
        lambda d: [divide(1, i + 1) for i in range(d // 2)],
        "You took 1, 1/2, 1/3 …; the frequencies fall geometrically.",
        when=lambda root: root != 2,
        cause="exponent",
    ),
    Mistake(
        "position-left-out",
        "angles",
        lambda frequencies: frequencies,
        "You left out the position.",
        levels=(1,),
        cause="position",
    ),
    Mistake(
        "position-from-zero",
        "angles",
        lambda position, frequencies: [(position - 1) * w for w in frequencies],
        "You lowered the position by one; it is used as it stands.",
        levels=(1, 2),
        cause="position",
    ),
    Mistake(
        "sine-cosine-exchanged",
        "encoding",
        lambda angles: [f(a) for a in angles for f in (math.cos, math.sin)],
        "You exchanged sine and cosine; in each pair the sine comes first.",
        levels=(2,),
        cause="order",
    ),
    Mistake(
        "in-halves",
        "encoding",
        lambda angles: [f(a) for f in (math.sin, math.cos) for a in angles],
        "You put all sines first; here the pairs stand one after the other.",
        levels=(2,),
        cause="order",
    ),
    Mistake(
        "degrees",
        "encoding",
        lambda angles: [f(math.radians(a)) for a in angles for f in (math.sin, math.cos)],
        "You took the angles in degrees; they are in radians.",
        levels=(2,),
        cause="unit",
    ),
    Mistake(
        "degrees",
        "product",
        lambda angles: sum(math.cos(math.radians(x)) for x in angles),
        "You took the angles in degrees; they are in radians.",
        levels=(3,),
        cause="unit",
    ),
    Mistake(
        "positions-added",
        "angles",
        lambda a, b, frequencies: [(a + b) * w for w in frequencies],
        "You added the positions; the product depends on their difference.",
        when=lambda a, b: a != 0 and b != 0,
        levels=(3,),
        cause="position",
    ),
    Mistake(
        "sines-for-cosines",
        "product",
        lambda angles: sum(math.sin(x) for x in angles),
        r"You added sines; $\sin\alpha\sin\beta+\cos\alpha\cos\beta=\cos(\alpha-\beta)$.",
        levels=(3,),
        cause="cosine",
    ),
    Mistake(
        "mean-for-sum",
        "product",
        lambda angles: sum(math.cos(x) for x in angles) / len(angles),
        "You averaged over the pairs; a dot product adds.",
        levels=(3,),
        cause="mean",
    ),
)

FAMILIES = (
    Family(
        name="sinusoidal-position",
        version=1,
        title="Sinusoidal positions",
        topic="embeddings and positions",
        says="Pairs of sine and cosine that turn more and more slowly.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_angles, 2: question_encoding, 3: question_product},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="",
        fine=fine,
        items=("N3.51",),
    ),
)
