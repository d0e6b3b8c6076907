"""Sparsemax: weights that can be 0, from a threshold; and how large a factor silences a key."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Vector, softmax
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import added, cell, factor, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        first, second, third = sorted(dice.some(range(-6, 13), 3), reverse=True)
        return {"z": [Fraction(first, 2), Fraction(second, 2), Fraction(third, 2)]}
    count, parts = (3, 4) if level == 1 else (5, dice.pick([4, 5, 10]))
    return {"z": [Fraction(dice.between(-parts, 2 * parts), parts) for _ in range(count)]}


def fine(level: int, z: Vector, givens: dict[str, Any]) -> bool:
    """Some keys with weight, some without; no score on the threshold, none there twice."""
    if len(set(z)) < len(z):
        return False
    if level == 3:
        return bool(givens["least"] not in (1, 0))
    weights = givens["weights"]
    kept = sum(w > 0 for w in weights)
    on_edge = any(abs(x - givens["threshold"]) < 1e-9 for x in z)
    return 2 <= kept < len(z) and not on_edge and any(z)


RULE = (
    r"Sparsemax turns scores into weights $p_j=\max(z_j-\tau,\ 0)$, with the threshold $\tau$ for "
    r"which they sum to 1."
)


def question_weights(z: Vector) -> str:
    return rf"{RULE} Give the weights for these scores.$$z={row(z)}$$"


def question_factor(z: Vector) -> str:
    return (
        rf"{RULE} The scores are multiplied by a factor $\beta$. Up to which $\beta$ does the last "
        rf"key, whose score is the smallest, keep a weight above 0?$$z={row(z)}$$"
    )


def kept_keys(z: Vector) -> int:
    """How many of the largest scores get weight: the most for which 1 + k·z₍ₖ₎ > Σ of them."""
    ordered = sorted(z, reverse=True)
    return max(k for k in range(1, len(z) + 1) if 1 + k * ordered[k - 1] > sum(ordered[:k]))


def threshold_of(z: Vector, kept: int) -> Any:
    return divide(sum(sorted(z, reverse=True)[:kept]) - 1, kept)


def above(z: Vector, threshold: Any) -> Vector:
    return [max(x - threshold, 0) for x in z]


STEPS = (
    Step(
        "kept",
        "How many of the largest scores keep weight: the most with 1 + k z₍ₖ₎ > their sum",
        "k",
        r"\max\left\{k:\ 1+k\,z_{(k)}>\sum_{i\le k}z_{(i)}\right\}",
        lambda z: kept_keys(z),
        levels=(1, 2),
    ),
    Step(
        "threshold",
        "Threshold: these scores lie above it by 1 in all",
        r"\tau",
        r"\frac{\sum_{i\le k}z_{(i)}-1}{k}",
        lambda z, kept: threshold_of(z, kept),
        lambda z, kept: rf"\frac{{{added(sorted(z, reverse=True)[:kept])}-1}}{{{kept}}}",
        levels=(1, 2),
    ),
    Step(
        "weights",
        "Weights: what lies above the threshold",
        "p",
        r"\max(z-\tau,\ 0)",
        lambda z, threshold: above(z, threshold),
        lambda z, threshold: rf"\max\left({cell(z[0])}-{factor(threshold)},\ 0\right)",
        levels=(1, 2),
    ),
    Step(
        "excess",
        "How far the others lie above the last key, together",
        "e",
        r"(z_1-z_3)+(z_2-z_3)",
        lambda z: z[0] + z[1] - 2 * z[2],
        lambda z: rf"{cell(z[0])}+{factor(z[1])}-2\cdot {factor(z[2])}",
        levels=(3,),
    ),
    Step(
        "least",
        "The last key has weight as long as this, times the factor, is below 1",
        r"\beta",
        r"\frac{1}{e}",
        lambda excess: divide(1, excess),
        lambda excess: rf"\frac{{1}}{{{cell(excess)}}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "all-kept",
        "kept",
        lambda z: len(z),
        "You reckoned the threshold with all scores, also those below it; your weights sum to "
        "more than 1.",
        cause="support",
    ),
    Mistake(
        "negative-kept",
        "weights",
        lambda z: [x - threshold_of(z, len(z)) for x in z],
        "You kept negative weights; what lies below the threshold gets 0.",
        cause="support",
    ),
    Mistake(
        "one-key-only",
        "weights",
        lambda z: [int(x == max(z)) for x in z],
        "You gave all the weight to the largest score; others lie above the threshold too.",
        cause="support",
    ),
    Mistake(
        "one-key-too-few",
        "kept",
        lambda kept: kept - 1,
        "You counted one key too few into the threshold.",
        when=lambda kept: kept > 2,
        cause="support",
    ),
    Mistake(
        "softmax",
        "weights",
        lambda z: softmax(z),
        "You took the softmax; sparsemax subtracts a threshold.",
        cause="normalisation",
    ),
    Mistake(
        "clipped-and-divided",
        "weights",
        lambda z: [divide(max(x, 0), sum(max(y, 0) for y in z)) for x in z],
        "You cut off negative scores and divided by the sum; the threshold is subtracted.",
        cause="normalisation",
    ),
    Mistake(
        "one-left-out",
        "threshold",
        lambda z, kept: divide(sum(sorted(z, reverse=True)[:kept]), kept),
        "You took the mean of the kept scores; subtract 1 from their sum first.",
        cause="threshold",
    ),
    Mistake(
        "one-after-the-division",
        "threshold",
        lambda z, kept: divide(sum(sorted(z, reverse=True)[:kept]), kept) - 1,
        "You subtracted 1 after the division; it is subtracted from the sum.",
        cause="threshold",
    ),
    Mistake(
        "next-key-only",
        "excess",
        lambda z: z[1] - z[2],
        "You compared with the second key alone; the largest counts as well.",
        cause="support",
    ),
    Mistake(
        "largest-only",
        "excess",
        lambda z: z[0] - z[2],
        "You compared with the largest key alone; the second counts as well.",
        cause="support",
    ),
    Mistake(
        "second-key-silenced",
        "excess",
        lambda z: z[0] - z[1],
        "You gave the factor at which the second key loses its weight; the third goes first.",
        cause="support",
    ),
    Mistake(
        "sum-of-all",
        "excess",
        lambda z: z[0] + z[1] + z[2],
        "You took the sum of the scores; only distances to the last one matter.",
        when=lambda z: sum(z) > 0,
        cause="threshold",
    ),
    Mistake(
        "turned-over",
        "least",
        lambda excess: excess,
        r"You gave the excess; $\beta$ times it must stay below 1.",
        cause="threshold",
    ),
)

FAMILIES = (
    Family(
        name="sparsemax",
        version=1,
        title="Sparsemax",
        topic="softmax",
        says="A softmax's rival that gives exact zeros: subtract a threshold, keep what is above.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_weights, 2: question_weights, 3: question_factor},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={1: "in the order of the scores", 2: "in the order of the scores", 3: ""},
        fine=fine,
        items=("N1.34", "N2.9", "N3.19", "N3.20"),
    ),
)
