"""Longer contexts by slower rotations: interpolated positions, a ramp over the pairs, Llama 3.1."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Figures, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        trained, s = 1024 * dice.pick([2, 4, 8]), dice.pick([2, 4, 8, 16])
        theta = dice.pick([1, 2, 3, 5, 6, 9])
        return {
            "trained": trained,
            "s": s,
            "theta": theta,
            "m": s * dice.between(3, 60) + s // 2,
            "n": s * dice.between(1, 40),
        }
    if level == 2:
        return {
            "base": 10_000,
            "d": 128,
            "trained": 4096,
            "s": dice.pick([2, 4, 8, 16, 32]),
            "low": 1,
            "high": 32,
            "i": dice.between(21, 44),
        }
    return {
        "base": 500_000,
        "d": 128,
        "trained": 8192,
        "s": 8,
        "low": 1,
        "high": 4,
        "i": dice.between(29, 34),
        "n": 1000 * dice.between(2, 120),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """A pair on the ramp; positions apart."""
    if level == 1:
        return bool(givens["m"] > givens["n"])
    return bool(0.03 < givens["ramp"] < 0.97)


def question_interpolated(trained: int, s: int, theta: int, m: int, n: int) -> str:
    return (
        rf"A model was trained on ${trained}$ tokens with rotary embedding. For a context "
        rf"${s}$ times as long its positions are interpolated: every position is divided by "
        rf"${s}$ before the rotation. A pair turns by ${theta}$° a position. By how many degrees "
        rf"is a query at position ${m}$ turned, and by how many more than a key at position "
        rf"${n}$?"
    )


def _ramp(d: int, base: int, i: int, trained: int, low: int, high: int, s: int) -> str:
    return (
        rf"A head of width $d={d}$ turns pair $i={i}$ (counted from 0) by $\theta_i=b^{{-2i/d}}$ "
        rf"radians a token, $b={base}$. In the ${trained}$ tokens of training it makes "
        rf"$r=\frac{{{trained}\,\theta_i}}{{2\pi}}$ turns. With $\gamma=\frac{{r-{low}}}"
        rf"{{{high}-{low}}}$, held between 0 and 1, the new angle a token is "
        rf"$\theta'_i=\gamma\,\theta_i+(1-\gamma)\,\theta_i/{s}$."
    )


def question_ramp(base: int, d: int, trained: int, s: int, low: int, high: int, i: int) -> str:
    return (
        rf"YaRN stretches a context by the factor ${s}$. "
        rf"{_ramp(d, base, i, trained, low, high, s)} Give $r$, $\gamma$ and "
        rf"$\theta'_i/\theta_i$."
    )


def question_llama(
    base: int, d: int, trained: int, s: int, low: int, high: int, i: int, n: int
) -> str:
    return (
        rf"Llama 3.1 stretches its context by the factor ${s}$. "
        rf"{_ramp(d, base, i, trained, low, high, s)} By how many radians are two tokens turned "
        rf"against each other that are ${n}$ tokens apart (whole turns included)?"
    )


def turns_of(trained: int, base: int, exponent: float) -> float:
    return float(trained * float(base) ** -exponent / (2 * math.pi))


def clipped(x: float) -> float:
    return min(1.0, max(0.0, x))


STEPS = (
    Step(
        "query",
        "Angle of the query at its interpolated position",
        r"\varphi_m",
        r"\frac{m}{s}\,\theta",
        lambda m, s, theta: divide(m * theta, s),
        lambda m, s, theta: rf"\frac{{{m}}}{{{s}}}\cdot {theta}",
        levels=(1,),
    ),
    Step(
        "gap",
        "Between both: the difference of positions is interpolated too",
        r"\Delta",
        r"\frac{m-n}{s}\,\theta",
        lambda m, n, s, theta: divide((m - n) * theta, s),
        lambda m, n, s, theta: rf"\frac{{{m}-{n}}}{{{s}}}\cdot {theta}",
        levels=(1,),
    ),
    Step(
        "both",
        "Together",
        r"(\varphi_m,\ \Delta)",
        r"(\varphi_m,\ \Delta)",
        lambda query, gap: [query, gap],
        levels=(1,),
    ),
    Step(
        "theta",
        "Angle a token before",
        r"\theta_i",
        r"b^{-2i/d}",
        lambda base, i, d: float(base) ** (-2 * i / d),
        lambda base, i, d: rf"{base}^{{-2\cdot {i}/{d}}}",
        levels=(3,),
    ),
    Step(
        "turns",
        "Turns in the text of training",
        "r",
        r"\frac{L\,b^{-2i/d}}{2\pi}",
        lambda trained, base, i, d: turns_of(trained, base, 2 * i / d),
        lambda trained, base, i, d: rf"\frac{{{trained}\cdot {base}^{{-2\cdot {i}/{d}}}}}{{2\pi}}",
        levels=(2,),
    ),
    Step(
        "turns",
        "Turns in the text of training",
        "r",
        r"\frac{L\,\theta_i}{2\pi}",
        lambda trained, theta: trained * theta / (2 * math.pi),
        lambda trained, base, i, d: rf"\frac{{{trained}\cdot {base}^{{-2\cdot {i}/{d}}}}}{{2\pi}}",
        levels=(3,),
    ),
    Step(
        "ramp",
        "Place on the ramp",
        r"\gamma",
        r"\frac{r-r_{low}}{r_{high}-r_{low}}",
        lambda turns, low, high: clipped((turns - low) / (high - low)),
        lambda turns, low, high: rf"\frac{{{cell(turns)}-{low}}}{{{high}-{low}}}",
        levels=(2, 3),
    ),
    Step(
        "factor",
        "What becomes of the angle",
        r"\frac{\theta'_i}{\theta_i}",
        r"\gamma+\frac{1-\gamma}{s}",
        lambda ramp, s: ramp + (1 - ramp) / s,
        lambda ramp, s: rf"{cell(ramp)}+\frac{{1-{cell(ramp)}}}{{{s}}}",
        levels=(2, 3),
    ),
    Step(
        "all",
        "Together",
        r"\left(r,\ \gamma,\ \frac{\theta'_i}{\theta_i}\right)",
        r"\left(r,\ \gamma,\ \frac{\theta'_i}{\theta_i}\right)",
        lambda turns, ramp, factor: [turns, ramp, factor],
        levels=(2,),
    ),
    Step(
        "angle",
        "Over the distance",
        r"\Delta",
        r"n\,\theta'_i",
        lambda n, theta, factor: n * theta * factor,
        lambda n, base, i, d, factor: rf"{n}\cdot {base}^{{-2\cdot {i}/{d}}}\cdot {cell(factor)}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "not-interpolated",
        "both",
        lambda m, n, theta: [m * theta, (m - n) * theta],
        "You used the positions as they are; they are divided first.",
        cause="scale",
    ),
    Mistake(
        "multiplied",
        "both",
        lambda m, n, s, theta: [m * s * theta, (m - n) * s * theta],
        "You multiplied by the factor; a longer context is squeezed into the old positions.",
        cause="scale",
    ),
    Mistake(
        "gap-not-interpolated",
        "gap",
        lambda m, n, theta: (m - n) * theta,
        "You interpolated the query only; the key's position is divided too.",
        cause="scale",
    ),
    Mistake(
        "positions-cut",
        "both",
        lambda m, n, s, theta: [m // s * theta, (m // s - n // s) * theta],
        "You cut the divided positions to whole numbers; they may be fractions.",
        cause="round",
    ),
    Mistake(
        "key-for-gap",
        "both",
        lambda query, n, s, theta: [query, divide(n * theta, s)],
        "You gave the key's angle; the difference was asked.",
        cause="gap",
    ),
    Mistake(
        "circle-left-out",
        "turns",
        lambda turns: turns * 2 * math.pi,
        r"You gave radians; a turn has $2\pi$ of them.",
        levels=(2,),
        cause="turns",
    ),
    Mistake(
        "exponent-halved",
        "turns",
        lambda trained, base, i, d: turns_of(trained, base, i / d),
        r"You used $i/d$; the exponent is $2i/d$.",
        levels=(2,),
        cause="theta",
    ),
    Mistake(
        "next-pair",
        "theta",
        lambda base, i, d: float(base) ** (-2 * (i + 1) / d),
        r"This is the next pair; the first one is $i=0$.",
        levels=(3,),
        cause="theta",
    ),
    Mistake(
        "next-pair",
        "turns",
        lambda trained, base, i, d: turns_of(trained, base, 2 * (i + 1) / d),
        r"This is the next pair; the first one is $i=0$.",
        levels=(2,),
        cause="theta",
    ),
    Mistake(
        "low-end-left-out",
        "ramp",
        lambda turns, high: clipped(turns / high),
        "You left out the low end of the ramp.",
        cause="ramp",
    ),
    Mistake(
        "ramp-reversed",
        "factor",
        lambda ramp, s: 1 - ramp + ramp / s,
        "You exchanged the ends: pairs that turn often keep their angle.",
        cause="ramp",
    ),
    Mistake(
        "all-interpolated",
        "factor",
        lambda s: 1 / s,
        "You interpolated the pair wholly; on the ramp it is a mixture.",
        cause="mixture",
    ),
    Mistake(
        "wavelengths-mixed",
        "factor",
        lambda ramp, s: 1 / (ramp + (1 - ramp) * s),
        "You mixed the wavelengths; the angles are mixed.",
        cause="mixture",
    ),
    Mistake(
        "nothing-changed",
        "factor",
        lambda: 1.0,
        "You used the old angle.",
        levels=(3,),
        cause="mixture",
    ),
)

FAMILIES = (
    Family(
        name="context-extension",
        version=1,
        title="Rotations for a longer context",
        topic="embeddings and positions",
        says="Positions squeezed, or only the slow pairs slowed down.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_interpolated, 2: question_ramp, 3: question_llama},
        precision={1: Exact(), 2: Places(3), 3: Figures(4)},
        fine=fine,
        items=("N3.51",),
    ),
)
