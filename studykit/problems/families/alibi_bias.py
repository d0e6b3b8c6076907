"""ALiBi: a head's linear penalty by distance, then the weights it leaves."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, softmax
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, row, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any]:
    heads, i = dice.pick([2, 4, 8, 8]), dice.between(5, 16 if level == 1 else 8)
    count = dice.pick([3, 4])
    given: dict[str, Any] = {
        "H": heads,
        "h": dice.between(1, min(heads, 6 if level == 1 else 3)),
        "i": i,
        "keys": sorted(dice.some(range(1, i + 1), count)),
    }
    if level == 2:
        given["scores"] = [dice.between(-15, 15) / 10 for _ in range(count)]
    return given


def fine(level: int, H: int, h: int, givens: dict[str, Any]) -> bool:
    """Slopes that show: not the last head of few; weights neither alike nor near one-hot."""
    if level == 1:
        return 8 * h <= 6 * H
    p = givens["weights"]
    return bool(max(p) <= 0.95 and min(p) >= 0.01 and givens["slope"] > 0.06)


def _where(keys: Vector) -> str:
    return f"{', '.join(map(str, keys[:-1]))} and {keys[-1]}"


def question_bias(H: int, h: int, i: int, keys: Vector) -> str:
    return (
        r"ALiBi adds $-m_h\,(i-j)$ to the score of the query at position $i$ for the key at "
        r"position $j$. The slope of head $h$ of $H$, counted from 1, is $m_h=2^{-8h/H}$. Give "
        rf"the biases of head {h} of {H} for the query at position {i} and the keys at positions "
        rf"{_where(keys)}."
    )


def question_weights(H: int, h: int, i: int, keys: Vector, scores: Vector) -> str:
    return (
        r"ALiBi adds $-m_h\,(i-j)$ to the scaled score of query $i$ for key $j$; the slope of "
        rf"head $h$ of $H$, counted from 1, is $m_h=2^{{-8h/H}}$. In head {h} of {H} the query at "
        rf"position {i} sees the keys at positions {_where(keys)} only, with these scaled scores. "
        r"Give their weights."
        rf"$$s={row(scores, 1)}$$"
    )


STEPS = (
    Step(
        "slope",
        "Slope of this head",
        "m_h",
        r"2^{-8h/H}",
        lambda h, H: Fraction(1, 2 ** (8 * h // H)),
        lambda h, H: rf"2^{{-8\cdot {h}/{H}}}",
    ),
    Step(
        "distance",
        "How far each key lies behind the query",
        "i-j",
        r"i-j",
        lambda i, keys: [i - j for j in keys],
        lambda i, keys: rf"{i}-{cell(keys[0])}",
    ),
    Step(
        "bias",
        "Biases: never positive, 0 for the query's own position",
        "b",
        r"-m_h\,(i-j)",
        lambda slope, distance: [-slope * d for d in distance],
        lambda slope, distance: rf"-{cell(slope)}\cdot {cell(distance[0])}",
    ),
    Step(
        "biased",
        "Scores with their biases",
        "s+b",
        "s+b",
        lambda scores, bias: [s + b for s, b in zip(scores, bias, strict=True)],
        lambda scores, bias: rf"{cell(scores[0])}+{factor(bias[0])}",
        levels=(2,),
    ),
    Step(
        "weights",
        "Weights",
        "p",
        r"\mathrm{softmax}(s+b)",
        lambda biased: softmax(biased),
        lambda biased: softmax_working(biased),
        levels=(2,),
    ),
)

MISTAKES = (
    Mistake(
        "bias-added",
        "bias",
        lambda slope, distance: [slope * d for d in distance],
        "You added the bias; it is a penalty, so distant keys lose.",
        cause="sign",
    ),
    Mistake(
        "from-the-start",
        "distance",
        lambda keys: [j - 1 for j in keys],
        "You counted from the first position; the distance is counted back from the query.",
        levels=(1,),
        cause="distance",
    ),
    Mistake(
        "distance-one-too-many",
        "distance",
        lambda i, keys: [i - j + 1 for j in keys],
        "You counted one position too many; a key at the query's own has distance 0.",
        levels=(1,),
        cause="distance",
    ),
    Mistake(
        "slope-of-head-before",
        "slope",
        lambda h, H: Fraction(1, 2 ** (8 * (h - 1) // H)),
        "You counted the heads from 0; here the first one is head 1.",
        cause="slope",
    ),
    Mistake(
        "slope-by-number",
        "slope",
        lambda h: Fraction(1, 2**h),
        r"You took $2^{-h}$; the exponent is spread over the heads, $8h/H$.",
        when=lambda H: H != 8,
        cause="slope",
    ),
    Mistake(
        "slope-one-over-heads",
        "slope",
        lambda h, H: Fraction(h, H),
        "You took h/H; the slopes form a geometric sequence.",
        cause="slope",
    ),
    Mistake(
        "bias-left-out",
        "biased",
        lambda scores: scores,
        "You left out the bias.",
        levels=(2,),
        cause="bias",
    ),
    Mistake(
        "bias-multiplied",
        "biased",
        lambda scores, bias: [s * b for s, b in zip(scores, bias, strict=True)],
        "You multiplied by the bias; it is added to the scores.",
        levels=(2,),
        cause="bias",
    ),
)

FAMILIES = (
    Family(
        name="alibi-bias",
        version=1,
        title="ALiBi: a penalty by distance",
        topic="embeddings and positions",
        says="Position without embeddings: each head loses interest at its own rate.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_bias, 2: question_weights},
        precision={1: Exact(), 2: Places(3)},
        convention="in the order of the keys",
        fine=fine,
        items=("N3.51",),
    ),
)
