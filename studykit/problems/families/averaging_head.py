"""A head whose scores are all alike: running means, values read back, a position told by a sink."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, exp, ln
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {"v": dice.vector(4, -8, 9)}
    if level == 2:
        v = dice.vector(4, -8, 9)
        return {"o": [Fraction(sum(v[: i + 1]), i + 1) for i in range(4)]}
    c = dice.pick([2, 3, 4, 5, 6, 8])
    i = dice.between(3, 40)
    return {"lead": ln(c), "o": Fraction(c, c + i - 1)}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Values that differ, means that do too."""
    if level == 3:
        return True
    v = givens["v"] if level == 1 else givens["values"]
    o = givens["output"] if level == 1 else givens["o"]
    return len(set(v)) == 4 and all(v) and len(set(o)) == 4 and o != v


def question_means(v: Vector) -> str:
    return (
        r"The query matrix of a causal head is zero, $W_Q=0$. Its values are numbers, one for each "
        rf"token. Give the four outputs.$$v={row(v)}$$"
    )


def question_values(o: Vector) -> str:
    return (
        r"In a causal head all scores are 0; values and outputs are numbers, one for each token. "
        rf"These are the outputs. Give the values.$$o={row(o)}$$"
    )


def question_position(lead: Any, o: Fraction) -> str:
    return (
        r"A causal head without positions gives every key the score 0, but the first one "
        rf"${cell(lead)}$. The value of the first token is 1, that of all others 0. The output at "
        rf"some position is ${cell(o)}$. Which position is it, counted from 1?"
    )


def sums(v: Vector) -> Vector:
    return [sum(v[: i + 1]) for i in range(len(v))]


def c_of(lead: Any) -> int:
    """The exponential of the first score: a whole number."""
    return round(float(exp(lead)))


STEPS = (
    Step(
        "sums",
        "Sums of the values so far",
        r"\Sigma",
        r"v_1+\dots+v_i",
        lambda v: sums(v),
        levels=(1,),
        entry=r"\Sigma_i",
    ),
    Step(
        "output",
        "All scores are 0, so every open key has the same weight: running means",
        "o",
        r"\frac{v_1+\dots+v_i}{i}",
        lambda sums: [divide(s, i) for i, s in enumerate(sums, start=1)],
        lambda sums: rf"\frac{{{cell(sums[0])}}}{{1}}",
        levels=(1,),
        entry=r"o_i",
    ),
    Step(
        "totals",
        "Each output is a mean of as many values as its position says",
        r"\Sigma",
        r"i\,o_i",
        lambda o: [i * x for i, x in enumerate(o, start=1)],
        lambda o: rf"1\cdot {factor(o[0])}",
        levels=(2,),
        entry=r"\Sigma_i",
    ),
    Step(
        "values",
        "Each value is the step from one sum to the next",
        "v",
        r"i\,o_i-(i-1)\,o_{i-1}",
        lambda totals: [x - y for x, y in zip(totals, [0, *totals[:-1]], strict=True)],
        lambda totals: rf"{cell(totals[0])}-0",
        levels=(2,),
        entry=r"v_i",
    ),
    Step(
        "below",
        "The sum of the exponentials: the output is the first key's weight",
        "Z",
        r"\frac{e^{s_1}}{o}",
        lambda lead, o: divide(c_of(lead), o),
        lambda lead, o: rf"\frac{{{c_of(lead)}}}{{{cell(o)}}}",
        levels=(3,),
    ),
    Step(
        "position",
        "Of it the other keys have 1 each; the first key comes on top",
        "i",
        r"Z-e^{s_1}+1",
        lambda below, lead: below - c_of(lead) + 1,
        lambda below, lead: rf"{cell(below)}-{c_of(lead)}+1",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "mask-ignored",
        "output",
        lambda v: [divide(sum(v), len(v)) for _ in v],
        "You averaged over all tokens; the head is causal.",
        cause="mask",
    ),
    Mistake(
        "zeros",
        "output",
        lambda v: [0 for _ in v],
        r"You took the weights as 0; equal scores give equal weights, $e^0=1$ for each key.",
        cause="softmax",
    ),
    Mistake(
        "not-divided",
        "output",
        lambda sums: sums,
        "You added the values up; the weights sum to 1, so divide by the number of open keys.",
        cause="softmax",
    ),
    Mistake(
        "divided-by-all",
        "output",
        lambda sums: [divide(s, len(sums)) for s in sums],
        "You divided by the number of all tokens; only open keys share the weight.",
        cause="softmax",
    ),
    Mistake(
        "own-value-only",
        "output",
        lambda v: v,
        "You gave each token its own value; it is mixed with the earlier ones.",
        cause="mask",
    ),
    Mistake(
        "future-averaged",
        "output",
        lambda v: [divide(sum(v[i:]), len(v) - i) for i in range(len(v))],
        "You averaged over the token and the later ones; the mask closes those.",
        cause="mask",
    ),
    Mistake(
        "differences",
        "values",
        lambda o: [x - y for x, y in zip(o, [0, *o[:-1]], strict=True)],
        "You took the differences of the outputs; they are means of different numbers of values.",
        cause="mean",
    ),
    Mistake(
        "stopped-at-sums",
        "values",
        lambda totals: totals,
        "You gave the sums; each value is the step from one to the next.",
        cause="mean",
    ),
    Mistake(
        "outputs-taken",
        "values",
        lambda o: o,
        "You took the outputs for the values.",
        cause="mean",
    ),
    Mistake(
        "averaged-once-more",
        "values",
        lambda o: [divide(s, i) for i, s in enumerate(sums(o), start=1)],
        "You averaged once more; the way back was asked.",
        cause="mean",
    ),
    Mistake(
        "first-left-out",
        "position",
        lambda below, lead: below - c_of(lead),
        "You counted the other keys; the first one is before them.",
        cause="count",
    ),
    Mistake(
        "lead-left-out",
        "position",
        lambda o: divide(1, o),
        "You took all keys as alike; the first one is ahead.",
        cause="softmax",
    ),
    Mistake(
        "sum-for-position",
        "position",
        lambda below: below,
        r"You gave the sum of the exponentials; the first key has $e^{s_1}$ of it.",
        cause="count",
    ),
    Mistake(
        "one-key-too-many",
        "position",
        lambda below, lead: below - c_of(lead) + 2,
        "You counted one key too many.",
        cause="count",
    ),
)

FAMILIES = (
    Family(
        name="averaging-head",
        version=1,
        title="A head whose scores are alike",
        topic="masks",
        says="Equal scores under a causal mask: running means, and what can be read from them.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_means, 2: question_values, 3: question_position},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={1: "in the order of the tokens", 2: "in the order of the tokens", 3: ""},
        fine=fine,
        items=("N3.20", "N3.46", "N3.51", "N2.10"),
    ),
)
