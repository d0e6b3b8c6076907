"""Softcapped scores: c·tanh(s/c), the weights they leave, and their place before the mask."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, masked, shrink, softmax
from studykit.problems.attention_steps import ROW_WEIGHTS, telling_row
from studykit.problems.dice import Dice
from studykit.problems.exact import ln, sqrt, tanh
from studykit.problems.family import Family, Mistake, Step, at_levels, named
from studykit.problems.mistakes.scores import SCALE
from studykit.problems.mistakes.weights import row_mistakes
from studykit.problems.wording import cell, row, tuple_of

FACTORS = (2, 3, 7, Fraction(1, 2), Fraction(1, 3), Fraction(1, 7))
"""a with a whole or nearly whole (a² − 1)/(a² + 1): 3/5, 4/5, 24/25 and their negatives."""


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        c = dice.pick([5, 10, 15, 20, 25, 30, 50])
        return {"scaled": [c * ln(a) for a in dice.some(FACTORS, 3)], "c": c}
    if level == 2:
        c = dice.pick([2, 3, 4, 5])
        return {"scaled": [dice.between(-20 * c, 20 * c) / 10 for _ in range(3)], "c": c}
    d_k = dice.pick([16, 36, 64])
    may = [1, 1, 1, 0] if dice.below(2) else [1, 1, 0, 0]
    return {
        "scores": dice.vector(4, -50, 70),
        "d_k": d_k,
        "c": dice.pick([2, 3, 4]),
        "may": dice.shuffled(may),
    }


def fine(level: int, scaled: Vector, c: int, givens: dict[str, Any]) -> bool:
    """A cap that bends some score well without flattening all; weights told apart."""
    sizes = [abs(s) / c for s in scaled]
    if level == 1:
        return bool(max(sizes) > 1)
    return 0.8 <= max(sizes) <= 2.5 and telling_row(givens["weights"], 0.02)


def question_scores(scaled: Vector, c: int) -> str:
    return (
        rf"A model caps its scaled scores softly: $s'=c\tanh(s/c)$ with $c={c}$. Give the capped "
        r"scores; $\tanh(\ln a)=(a^2-1)/(a^2+1)$."
        rf"$$s={row(scaled)}$$"
    )


def question_weights(scaled: Vector, c: int) -> str:
    return (
        rf"A model caps its scaled scores softly, $s'=c\tanh(s/c)$ with $c={c}$, before the "
        rf"softmax. Give the attention weights.$$s={row(scaled, 1)}$$"
    )


def question_masked(scores: Vector, d_k: int, c: int, may: Vector) -> str:
    return (
        r"A query's raw products $q\cdot k_j$ are scaled by $1/\sqrt{d_k}$, capped softly by "
        r"$s'=c\tanh(s/c)$, masked, and turned into weights, in this order; "
        rf"$d_k={d_k}$, $c={c}$. In the mask $m$, 1 means that the key may be attended to. Give "
        r"the weights of all keys."
        rf"$$q\cdot k={row(scores)}$$$$m={tuple_of(may)}$$"
    )


def capped(scores: Vector, c: Any, f: Any = tanh) -> Vector:
    return [c * f(x) for x in shrink(scores, c)]


STEPS = (
    Step(
        "scaled",
        "Scaled",
        "s",
        r"\frac{q\cdot k_j}{\sqrt{d_k}}",
        lambda scores, d_k: shrink(scores, sqrt(d_k)),
        lambda scores, d_k: rf"\frac{{{cell(scores[0])}}}{{\sqrt{{{d_k}}}}}",
        levels=(3,),
        entry=r"s_j",
    ),
    Step(
        "capped",
        "Capped: small scores hardly change, large ones come to the cap",
        "s'",
        r"c\tanh\frac{s}{c}",
        lambda scaled, c: capped(scaled, c),
        lambda scaled, c: rf"{c}\tanh\frac{{{cell(scaled[0])}}}{{{c}}}",
    ),
    Step(
        "weights",
        "Weights",
        "p",
        r"\mathrm{softmax}(s')",
        lambda capped: softmax(capped),
        lambda capped: (
            rf"\frac{{e^{{{cell(capped[0])}}}}}{{"
            + "+".join(f"e^{{{cell(s)}}}" for s in capped)
            + "}"
        ),
        levels=(2,),
    ),
    Step(
        "masked",
        "Closed keys get −∞, after the cap",
        "s'+M",
        r"s'_j\ \text{where open, else}\ -\infty",
        lambda capped, may: masked(capped, may),
        levels=(3,),
        entry=r"(s'+M)_j",
    ),
    replace(ROW_WEIGHTS, formula=r"\mathrm{softmax}(s'+M)", levels=(3,)),
)

CAP = (
    Mistake(
        "not-capped",
        "capped",
        lambda scaled: scaled,
        "You left out the cap.",
        cause="cap",
    ),
    Mistake(
        "clipped",
        "capped",
        lambda scaled, c: [max(-c, min(c, s)) for s in scaled],
        r"You cut the scores off at $\pm c$; the cap bends all of them, by $c\tanh(s/c)$.",
        when=lambda scaled, c: max(map(abs, scaled)) > 1.05 * c,
        cause="cap",
    ),
    Mistake(
        "not-divided",
        "capped",
        lambda scaled, c: [c * math.tanh(s) for s in scaled],
        r"You took $c\tanh s$; the score is divided by $c$ first.",
        cause="cap",
    ),
    Mistake(
        "not-multiplied",
        "capped",
        lambda scaled, c: [tanh(x) for x in shrink(scaled, c)],
        r"You took $\tanh(s/c)$; it is multiplied by $c$ again.",
        cause="cap",
    ),
    Mistake(
        "sigmoid-for-tanh",
        "capped",
        lambda scaled, c: capped(scaled, c, lambda x: 1 / (1 + math.exp(-x))),
        "You took the sigmoid for tanh.",
        cause="cap",
    ),
    Mistake(
        "tanh-only",
        "capped",
        lambda scaled: [math.tanh(s) for s in scaled],
        r"You took $\tanh s$ without the cap.",
        levels=(2, 3),
        cause="cap",
    ),
)

ORDER = (
    Mistake(
        "mask-before-cap",
        "masked",
        lambda scaled, c, may: capped(masked(scaled, may), c, math.tanh),
        r"You masked before the cap: it turned $-\infty$ into $-c$, and closed keys got weight.",
        cause="order",
    ),
    Mistake(
        "cap-before-scale",
        "capped",
        lambda scores, c, d_k: shrink(capped(scores, c), sqrt(d_k)),
        "You capped the raw products and scaled afterwards.",
        cause="order",
    ),
    Mistake(
        "mask-ignored",
        "masked",
        lambda capped: capped,
        "You left out the mask: closed keys got weight.",
        cause="mask",
    ),
    Mistake(
        "polarity-flipped",
        "masked",
        lambda capped, may: masked(capped, [1 - m for m in may]),
        "You exchanged open and closed keys.",
        cause="mask",
    ),
    Mistake(
        "closed-scores-zero",
        "masked",
        lambda capped, may: [s if m else 0 for s, m in zip(capped, may, strict=True)],
        r"You set closed scores to 0; $e^0=1$ still gets weight.",
        cause="mask",
    ),
)

FAMILIES = (
    Family(
        name="score-softcap",
        version=1,
        title="Softcapped scores",
        topic="scaling",
        says="A smooth limit for scores, c·tanh(s/c): after the scale, before the mask.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *CAP,
            *at_levels((3,), ORDER),
            *at_levels((3,), named(SCALE, "no-scale", "divided-by-d")),
            *at_levels(
                (2,), named(row_mistakes("capped"), "no-softmax", "base-two", "negated-scores")
            ),
            *at_levels((3,), named(row_mistakes("masked"), "base-two")),
        ),
        question={1: question_scores, 2: question_weights, 3: question_masked},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="in the order of the keys",
        fine=fine,
        items=("N3.11", "N4.9"),
    ),
)
