"""Frequencies of rotary pairs: angle a token, wavelength, and what a larger base does to them."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Figures
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell

ROOTS = (2, 3, 4, 5, 10)
"""Fourth roots of the bases at level 1."""

# name, base, width of a head: the published configurations.
MODELS = (
    ("Llama 2 7B", 10_000, 128),
    ("Llama 3 8B", 500_000, 128),
    ("Mistral 7B v0.2", 1_000_000, 128),
    ("Qwen2.5 7B", 1_000_000, 128),
    ("Gemma 2 9B", 10_000, 256),
)


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        d, quarter = 8 * dice.pick([1, 2, 4, 8, 16]), dice.pick([1, 2, 3])
        root = dice.pick(ROOTS)
        return {"d": d, "i": quarter * d // 8, "base": root**4, "root": root}
    model = dice.below(len(MODELS))
    _, base, d = MODELS[model]
    pairs = d // 2
    if level == 2:
        return {"model": model, "base": base, "d": d, "i": dice.between(2, pairs - 1)}
    return {
        "model": model,
        "base": base,
        "d": d,
        "i": dice.between(pairs // 4, pairs - 2),
        "s": dice.pick([2, 4, 8, 16]),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """No answer near the right one ends in zeros: it would look like that with fewer digits."""
    if level < 3:
        return True
    base, s, d, e = (givens[name] for name in ("base", "s", "d", "exponent"))
    near = base * s, base * power(s, (d - 2) / d), power(base * s, d / (d - 2))
    return not any(f"{2 * math.pi * power(b, e):.3e}"[3:5] == "00" for b in near)


def _pairs(d: int, base: int) -> str:
    return (
        rf"Rotary embedding in a head of width $d={d}$ turns pair $i=0,1,\ldots,{d // 2 - 1}$ by "
        rf"$\theta_i=b^{{-2i/d}}$ radians a token, with base $b={base}$."
    )


def question_angle(d: int, base: int, i: int) -> str:
    return f"{_pairs(d, base)} By how many radians does pair $i={i}$ turn a token?"


def question_wavelength(model: int, d: int, base: int, i: int) -> str:
    return (
        f"({MODELS[model][0]}.) {_pairs(d, base)} After how many tokens has pair $i={i}$ made a "
        r"full turn (its wavelength)?"
    )


def question_scaling(model: int, d: int, base: int, i: int, s: int) -> str:
    return (
        f"({MODELS[model][0]}.) {_pairs(d, base)} For a context ${s}$ times as long, NTK-aware "
        r"scaling takes the base $b'=b\,s^{d/(d-2)}$ in place of $b$. After how many tokens has "
        rf"pair $i={i}$ made a full turn then (its wavelength)?"
    )


def power(base: Any, exponent: Any) -> Any:
    return float(base) ** float(exponent)


def angle(root: int, exponent: Any) -> Fraction:
    """b^(−e) for the base b = root⁴; a learner's own exponent may be any number."""
    if abs(exponent) > MOST:
        raise OverflowError(f"an exponent of {exponent}")
    return Fraction(1, root ** int(4 * exponent))


MOST = 100
"""Exponents beyond this have too many digits to go on with."""

STEPS = (
    Step(
        "exponent",
        "Exponent of this pair",
        "e",
        r"\frac{2i}{d}",
        lambda i, d: divide(2 * i, d),
        lambda i, d: rf"\frac{{2\cdot {i}}}{{{d}}}",
    ),
    Step(
        "theta",
        "Angle a token",
        r"\theta_i",
        r"b^{-e}",
        angle,
        lambda base, exponent: rf"{base}^{{-{exponent}}}",
        levels=(1,),
    ),
    Step(
        "theta",
        "Angle a token",
        r"\theta_i",
        r"b^{-e}",
        lambda base, exponent: power(base, -exponent),
        lambda base, exponent: rf"{base}^{{-{exponent}}}",
        levels=(2,),
    ),
    Step(
        "wavelength",
        "Tokens for a full turn",
        r"\lambda_i",
        r"\frac{2\pi}{\theta_i}",
        lambda theta: 2 * math.pi / theta,
        levels=(2,),
    ),
    Step(
        "new_base",
        "The larger base",
        "b'",
        r"b\,s^{d/(d-2)}",
        lambda base, s, d: base * power(s, d / (d - 2)),
        lambda base, s, d: rf"{base}\cdot {s}^{{{d}/{d - 2}}}",
        levels=(3,),
    ),
    Step(
        "wavelength",
        "Tokens for a full turn",
        r"\lambda'_i",
        r"2\pi\,(b')^{e}",
        lambda new_base, exponent: 2 * math.pi * power(new_base, exponent),
        lambda new_base, exponent: rf"2\pi\cdot {cell(new_base, 1)}^{{{exponent}}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "exponent-halved",
        "exponent",
        lambda i, d: divide(i, d),
        r"You used $i/d$; the exponent is $2i/d$, so that it runs up to 1 over the pairs.",
        cause="exponent",
        levels=(2, 3),
    ),
    Mistake(
        "exponent-halved",
        "theta",
        lambda base, i, d: power(base, -i / d),
        r"You used $i/d$; the exponent is $2i/d$, so that it runs up to 1 over the pairs.",
        levels=(1,),
        cause="exponent",
    ),
    Mistake(
        "exponent-positive",
        "theta",
        lambda base, exponent: power(base, exponent),
        "You left out the minus in the exponent: later pairs turn more slowly.",
        cause="exponent",
    ),
    Mistake(
        "divided-by-base",
        "theta",
        lambda base, exponent: divide(exponent, base) if type(exponent) is int else exponent / base,
        "You divided the exponent by the base; the base is raised to it.",
        levels=(1,),
        cause="exponent",
    ),
    Mistake(
        "next-pair",
        "theta",
        lambda base, i, d: power(base, -2 * (i + 1) / d),
        r"This is the next pair; the first one is $i=0$.",
        cause="index",
    ),
    Mistake(
        "pair-before",
        "theta",
        lambda base, i, d: power(base, -2 * (i - 1) / d),
        r"This is the pair before it; the first one is $i=0$.",
        cause="index",
    ),
    Mistake(
        "natural-base",
        "theta",
        lambda exponent: math.exp(-exponent),
        r"You took powers of $e$; the base is given.",
        cause="base",
    ),
    Mistake(
        "base-ten-thousand",
        "theta",
        lambda exponent: power(10_000, -exponent),
        "You took the base 10000 of the first models; here it is another one.",
        when=lambda base: base != 10_000,
        cause="base",
    ),
    Mistake(
        "circle-left-out",
        "wavelength",
        lambda theta: 1 / theta,
        r"You left out $2\pi$: a full turn is $2\pi$ radians.",
        levels=(2,),
        cause="unit",
    ),
    Mistake(
        "degrees",
        "wavelength",
        lambda theta: 360 / theta,
        "You took the angle as degrees; it is in radians.",
        cause="unit",
    ),
    Mistake(
        "half-a-turn",
        "wavelength",
        lambda theta: math.pi / theta,
        r"That is half a turn; a full one is $2\pi$ radians.",
        cause="unit",
    ),
    Mistake(
        "base-times-factor",
        "new_base",
        lambda base, s: base * s,
        r"You multiplied the base by $s$; its exponent $d/(d-2)$ is missing.",
        cause="base",
    ),
    Mistake(
        "exponent-inverted",
        "new_base",
        lambda base, s, d: base * power(s, (d - 2) / d),
        r"You inverted the exponent; it is $d/(d-2)$.",
        cause="base",
    ),
    Mistake(
        "whole-base-raised",
        "new_base",
        lambda base, s, d: power(base * s, d / (d - 2)),
        r"You raised $b\,s$ to the power; only $s$ is.",
        cause="base",
    ),
    Mistake(
        "base-kept",
        "new_base",
        lambda base: float(base),
        "This is the wavelength with the old base.",
        cause="base",
    ),
    Mistake(
        "all-pairs-alike",
        "wavelength",
        lambda base, exponent, s: 2 * math.pi * s * power(base, exponent),
        "You stretched the old wavelength by the whole factor, as position interpolation does; "
        "with a larger base fast pairs grow less.",
        cause="base",
    ),
    Mistake(
        "circle-left-out",
        "wavelength",
        lambda new_base, exponent: power(new_base, exponent),
        r"You left out $2\pi$: a full turn is $2\pi$ radians.",
        levels=(3,),
        cause="unit",
    ),
    Mistake(
        "angle-for-wavelength",
        "wavelength",
        lambda new_base, exponent: power(new_base, -exponent),
        r"You gave the angle a token; the wavelength is $2\pi$ over it.",
        levels=(3,),
        cause="unit",
    ),
)

FAMILIES = (
    Family(
        name="rotary-wavelength",
        version=1,
        title="Wavelengths of rotary pairs",
        topic="embeddings and positions",
        says="How fast each pair turns, and what a larger base does to that.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_angle, 2: question_wavelength, 3: question_scaling},
        precision={1: Exact(), 2: Figures(4), 3: Figures(4)},
        fine=fine,
        items=("N3.51",),
    ),
)
