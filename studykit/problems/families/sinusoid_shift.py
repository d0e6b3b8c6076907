"""Sinusoidal positions shift by a rotation: one pair, two pairs, and the matrix from two codes."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, row

TRIPLES = ((3, 4, 5), (4, 3, 5), (5, 12, 13), (12, 5, 13), (8, 15, 17), (15, 8, 17))


def direction(dice: Dice) -> list[Fraction]:
    """A sine and a cosine that are rational."""
    a, b, c = dice.pick(TRIPLES)
    return [Fraction(dice.pick([-1, 1]) * a, c), Fraction(dice.pick([-1, 1]) * b, c)]


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 2:
        position, slow = dice.between(3, 40), dice.pick([Fraction(1, 10), Fraction(1, 100)])
        omega = [Fraction(1), slow]
        turned = [f(position * float(w)) for w in omega for f in (math.sin, math.cos)]
        # Five places: so that whoever finds the position and computes anew gets the same answer.
        code = [Fraction(round(x * 10**5), 10**5) for x in turned]
        return {"code": code, "omega": omega, "k": dice.between(2, 12)}
    names = ("code", "shift") if level == 1 else ("code", "later")
    return {name: direction(dice) for name in names}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Two directions that are not the same up to signs or exchange."""
    if level == 2:
        return bool(min(map(abs, givens["code"])) > 0.05)
    other = givens["shift" if level == 1 else "later"]
    return {abs(x) for x in givens["code"]} != {abs(x) for x in other}


def question_pair(code: Vector, shift: Vector) -> str:
    return (
        r"A pair of a sinusoidal code is $(\sin p\omega,\ \cos p\omega)$. At position $p$ it is "
        rf"$\left({cell(code[0])},\ {cell(code[1])}\right)$, and for the offset $k$ you know "
        rf"$\sin k\omega={cell(shift[0])}$, $\cos k\omega={cell(shift[1])}$. Give the pair at "
        r"position $p+k$."
    )


def question_code(code: Vector, omega: Vector, k: int) -> str:
    return (
        r"A sinusoidal code of width 4 is $(\sin p\omega_1,\ \cos p\omega_1,\ \sin p\omega_2,\ "
        rf"\cos p\omega_2)$ with $\omega_1={cell(omega[0])}$ and "
        rf"$\omega_2={f'{float(omega[1]):g}'}$ (radians). At an unknown position $p$ it is "
        rf"the one below. Give the code at position $p+{k}$."
        rf"$$\mathrm{{PE}}(p)={row(list(map(float, code)), 5)}$$"
    )


def question_matrix(code: Vector, later: Vector) -> str:
    return (
        r"A pair of a sinusoidal code, as a column, is $(\sin p\omega,\ \cos p\omega)^\top$. At "
        rf"position $p$ it is $\left({cell(code[0])},\ {cell(code[1])}\right)^\top$, at position "
        rf"$p+k$ it is $\left({cell(later[0])},\ {cell(later[1])}\right)^\top$. Give the matrix "
        r"$M_k$ with $\mathrm{PE}(p+k)=M_k\,\mathrm{PE}(p)$ that holds for every $p$."
    )


def moved(pair: Vector, s: Any, c: Any) -> Vector:
    """(sin a, cos a) for a greater by the angle with sine s and cosine c."""
    return [pair[0] * c + pair[1] * s, pair[1] * c - pair[0] * s]


def both(code: Vector, angles: Vector) -> Vector:
    a, b = angles
    first = moved(code[:2], math.sin(a), math.cos(a))
    return first + moved(code[2:], math.sin(b), math.cos(b))


STEPS = (
    Step(
        "moved",
        "Sine and cosine of a sum",
        r"\mathrm{PE}(p+k)",
        r"\left(\sin p\omega\cos k\omega+\cos p\omega\sin k\omega,\ "
        r"\cos p\omega\cos k\omega-\sin p\omega\sin k\omega\right)",
        lambda code, shift: moved(code, *shift),
        lambda code, shift: (
            rf"{factor(code[0])}\cdot {factor(shift[1])}+{factor(code[1])}\cdot {factor(shift[0])}"
        ),
        levels=(1,),
    ),
    Step(
        "angles",
        "Angle of the offset in each pair",
        r"(k\omega_1,\ k\omega_2)",
        r"(k\omega_1,\ k\omega_2)",
        lambda omega, k: [k * w for w in omega],
        levels=(2,),
    ),
    Step(
        "moved",
        "Each pair turned by its own angle",
        r"\mathrm{PE}(p+k)",
        r"(s_1\cos k\omega_1+c_1\sin k\omega_1,\ c_1\cos k\omega_1-s_1\sin k\omega_1,\ \ldots)",
        lambda code, angles: both(code, angles),
        lambda code, angles: (
            rf"{factor(float(code[0]), 5)}\cdot\cos {cell(angles[0])}+"
            rf"{factor(float(code[1]), 5)}\cdot\sin {cell(angles[0])}"
        ),
        levels=(2,),
    ),
    Step(
        "cosine",
        "Cosine of the offset: the dot product of the two codes",
        r"\cos k\omega",
        r"\sin p\omega\,\sin p'\omega+\cos p\omega\,\cos p'\omega,\quad p'=p+k",
        lambda code, later: code[0] * later[0] + code[1] * later[1],
        lambda code, later: (
            rf"{factor(code[0])}\cdot {factor(later[0])}+{factor(code[1])}\cdot {factor(later[1])}"
        ),
        levels=(3,),
    ),
    Step(
        "sine",
        "Sine of the offset: later minus earlier",
        r"\sin k\omega",
        r"\sin p'\omega\,\cos p\omega-\cos p'\omega\,\sin p\omega",
        lambda code, later: later[0] * code[1] - later[1] * code[0],
        lambda code, later: (
            rf"{factor(later[0])}\cdot {factor(code[1])}-{factor(later[1])}\cdot {factor(code[0])}"
        ),
        levels=(3,),
    ),
    Step(
        "matrix",
        "The matrix of the shift",
        "M_k",
        r"\begin{bmatrix}\cos k\omega & \sin k\omega\\ -\sin k\omega & \cos k\omega\end{bmatrix}",
        lambda cosine, sine: [[cosine, sine], [-sine, cosine]],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "codes-added",
        "moved",
        lambda code, shift: [a + b for a, b in zip(code, shift, strict=True)],
        "You added sines and cosines; the sine of a sum is not the sum of sines.",
        levels=(1,),
        cause="addition",
    ),
    Mistake(
        "codes-multiplied",
        "moved",
        lambda code, shift: [a * b for a, b in zip(code, shift, strict=True)],
        "You multiplied entry by entry; each entry needs both of the other pair.",
        levels=(1,),
        cause="addition",
    ),
    Mistake(
        "shifted-back",
        "moved",
        lambda code, shift: moved(code, -shift[0], shift[1]),
        r"You turned back: this is the pair at $p-k$.",
        levels=(1,),
        cause="direction",
    ),
    Mistake(
        "signs-alike",
        "moved",
        lambda code, shift: [
            code[0] * shift[1] + code[1] * shift[0],
            code[1] * shift[1] + code[0] * shift[0],
        ],
        "The cosine of a sum has a minus between its two products.",
        levels=(1,),
        cause="direction",
    ),
    Mistake(
        "exchanged",
        "moved",
        lambda code, shift: list(reversed(moved(code, *shift))),
        "You gave the cosine first; the pair is (sin, cos).",
        levels=(1,),
        cause="order",
    ),
    Mistake(
        "cosine-first",
        "moved",
        lambda code, shift: moved(code, shift[1], shift[0]),
        "You exchanged sine and cosine of the offset.",
        levels=(1,),
        cause="order",
    ),
    Mistake(
        "offset-alone",
        "moved",
        lambda angles: [f(a) for a in angles for f in (math.sin, math.cos)],
        "You gave the code of the offset; it is added to the position.",
        levels=(2,),
        cause="addition",
    ),
    Mistake(
        "codes-added",
        "moved",
        lambda code, angles: [
            x + f(a)
            for (x, y), a in zip((code[:2], code[2:]), angles, strict=True)
            for x, f in ((x, math.sin), (y, math.cos))
        ],
        "You added sines and cosines; the sine of a sum is not the sum of sines.",
        levels=(2,),
        cause="addition",
    ),
    Mistake(
        "shifted-back",
        "moved",
        lambda code, angles: both(code, [-a for a in angles]),
        r"You turned back: this is the code at $p-k$.",
        levels=(2,),
        cause="direction",
    ),
    Mistake(
        "one-frequency",
        "moved",
        lambda code, angles: both(code, [angles[0]] * 2),
        "You turned both pairs by the first angle.",
        levels=(2,),
        cause="frequency",
    ),
    Mistake(
        "frequencies-exchanged",
        "moved",
        lambda code, angles: both(code, [angles[1], angles[0]]),
        "You exchanged the frequencies of the pairs.",
        levels=(2,),
        cause="frequency",
    ),
    Mistake(
        "degrees",
        "moved",
        lambda code, angles: both(code, list(map(math.radians, angles))),
        "Your calculator took the angles in degrees; they are radians.",
        levels=(2,),
        cause="unit",
    ),
    Mistake(
        "one-position-on",
        "moved",
        lambda code, omega: both(code, omega),
        "You moved on by one position only.",
        levels=(2,),
        cause="addition",
    ),
    Mistake(
        "shifted-back",
        "sine",
        lambda sine: -sine,
        r"Your matrix goes back: it takes the code at $p+k$ to the one at $p$.",
        cause="direction",
    ),
    Mistake(
        "signs-alike",
        "matrix",
        lambda cosine, sine: [[cosine, sine], [sine, cosine]],
        "One of the sines needs a minus, or lengths would change.",
        cause="direction",
    ),
    Mistake(
        "sine-and-cosine-exchanged",
        "matrix",
        lambda cosine, sine: [[sine, cosine], [-cosine, sine]],
        "You exchanged sine and cosine; for k = 0 the matrix must be the unit matrix.",
        cause="order",
    ),
    Mistake(
        "signs-in-the-cosine",
        "cosine",
        lambda code, later: code[1] * later[1] - code[0] * later[0],
        "This is the cosine of the sum of both angles; you need their difference.",
        cause="addition",
    ),
    Mistake(
        "signs-in-the-sine",
        "sine",
        lambda code, later: later[0] * code[1] + later[1] * code[0],
        "This is the sine of the sum of both angles; you need their difference.",
        cause="addition",
    ),
    Mistake(
        "ratios",
        "matrix",
        lambda code, later: [[later[0] / code[0], 0], [0, later[1] / code[1]]],
        r"A diagonal matrix does it for this $p$ only; $M_k$ must not depend on $p$.",
        cause="position",
    ),
)

FAMILIES = (
    Family(
        name="sinusoid-shift",
        version=1,
        title="Shifting a sinusoidal code",
        topic="embeddings and positions",
        says="The code of a later position is a fixed rotation of the earlier one.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_pair, 2: question_code, 3: question_matrix},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        fine=fine,
        items=("N3.51",),
    ),
)
