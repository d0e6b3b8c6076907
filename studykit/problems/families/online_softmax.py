"""Merging tiles of keys: running maximum, rescaled sums, and the output of the whole."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, exp, ln
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        low, high = dice.between(1, 4), dice.between(2, 8)
        if high <= low or high % low:
            return None
        return {
            "m_1": ln(low),
            "l_1": Fraction(dice.between(2, 6), dice.pick([1, 1, 2])),
            "o_1": dice.between(-6, 8),
            "m_2": ln(high),
            "l_2": Fraction(dice.between(2, 6), dice.pick([1, 1, 2])),
            "o_2": dice.between(-6, 8),
        }
    return {
        "m_1": dice.between(-10, 15) / 10,
        "l_1": dice.between(11, 30) / 10,
        "o_1": dice.between(-60, 80) / 10,
        "m_2": dice.between(5, 30) / 10,
        "l_2": dice.between(11, 30) / 10,
        "o_2": dice.between(-60, 80) / 10,
    }


def fine(m_1: Any, m_2: Any, l_1: Any, l_2: Any, o_1: Any, o_2: Any) -> bool:
    """A new maximum in the second tile, so that the first is rescaled; outputs apart."""
    return bool(0.3 <= m_2 - m_1 <= 2.2 and abs(o_1 - o_2) >= 2 and l_1 != l_2 and o_1 and o_2)


def question(m_1: Any, l_1: Any, o_1: Any, m_2: Any, l_2: Any, o_2: Any) -> str:
    first = rf"m_1={cell(m_1, 1)},\quad \ell_1={cell(l_1, 1)},\quad o_1={cell(o_1, 1)}"
    second = rf"m_2={cell(m_2, 1)},\quad \ell_2={cell(l_2, 1)},\quad o_2={cell(o_2, 1)}"
    return (
        r"A query's keys come in two tiles. Of each we have the largest score $m$, the sum "
        r"$\ell=\sum e^{s-m}$ over its scores $s$, and its output $o$, already divided by $\ell$. "
        r"Give the sum $\ell$ (for the common maximum) and the output $o$ of both tiles together."
        rf"$${first}$$$${second}$$"
    )


STEPS = (
    Step(
        "maximum",
        "The common maximum",
        "m",
        r"\max(m_1, m_2)",
        lambda m_1, m_2: max(m_1, m_2),
    ),
    Step(
        "share_1",
        "Sum of the first tile, brought to the common maximum",
        "a_1",
        r"\ell_1\,e^{m_1-m}",
        lambda l_1, m_1, maximum: l_1 * exp(m_1 - maximum),
        lambda l_1, m_1, maximum: rf"{cell(l_1)}\cdot e^{{{cell(m_1)}-{factor(maximum)}}}",
    ),
    Step(
        "share_2",
        "Sum of the second tile, brought to the common maximum",
        "a_2",
        r"\ell_2\,e^{m_2-m}",
        lambda l_2, m_2, maximum: l_2 * exp(m_2 - maximum),
        lambda l_2, m_2, maximum: rf"{cell(l_2)}\cdot e^{{{cell(m_2)}-{factor(maximum)}}}",
    ),
    Step(
        "total",
        "Sum of both",
        r"\ell",
        r"a_1+a_2",
        lambda share_1, share_2: share_1 + share_2,
        lambda share_1, share_2: rf"{cell(share_1)}+{cell(share_2)}",
    ),
    Step(
        "output",
        "Output: both outputs, weighted with their sums",
        "o",
        r"\frac{a_1o_1+a_2o_2}{\ell}",
        lambda share_1, share_2, o_1, o_2, total: divide(share_1 * o_1 + share_2 * o_2, total),
        lambda share_1, share_2, o_1, o_2, total: (
            rf"\frac{{{cell(share_1)}\cdot {factor(o_1)}"
            rf"+{cell(share_2)}\cdot {factor(o_2)}}}{{{cell(total)}}}"
        ),
    ),
    Step(
        "both",
        "Both together",
        r"(\ell,\ o)",
        r"(\ell,\ o)",
        lambda total, output: [total, output],
    ),
)

MISTAKES = (
    Mistake(
        "not-rescaled",
        "share_1",
        lambda l_1: l_1,
        r"You did not rescale the first tile: its sum is multiplied by $e^{m_1-m}$.",
        cause="rescaling",
    ),
    Mistake(
        "factor-inverted",
        "share_1",
        lambda l_1, m_1, maximum: l_1 * exp(maximum - m_1),
        r"You multiplied by $e^{m-m_1}$; sums shrink when the maximum grows, $e^{m_1-m}$.",
        cause="rescaling",
    ),
    Mistake(
        "smaller-maximum",
        "maximum",
        lambda m_1, m_2: min(m_1, m_2),
        "You took the smaller of the two maxima.",
        cause="maximum",
    ),
    Mistake(
        "maxima-added",
        "maximum",
        lambda m_1, m_2: m_1 + m_2,
        "You added the maxima; the common one is the larger.",
        when=lambda m_1: m_1 != 0,
        cause="maximum",
    ),
    Mistake(
        "maximum-zero",
        "maximum",
        lambda: 0,
        "You left the exponentials unshifted: the sum is asked for the common maximum.",
        when=lambda maximum, m_1: maximum != 0 and m_1 != 0,
        cause="maximum",
    ),
    Mistake(
        "outputs-averaged",
        "output",
        lambda o_1, o_2: divide(o_1 + o_2, 2),
        "You took the plain mean of the outputs; they are weighted with their sums.",
        cause="output",
    ),
    Mistake(
        "outputs-added",
        "output",
        lambda o_1, o_2: o_1 + o_2,
        "You added the outputs; they are averaged with their sums as weights.",
        cause="output",
    ),
    Mistake(
        "old-sums-as-weights",
        "output",
        lambda l_1, l_2, o_1, o_2: divide(l_1 * o_1 + l_2 * o_2, l_1 + l_2),
        "You weighted the outputs with the old sums; they have to be rescaled first.",
        cause="rescaling",
    ),
    Mistake(
        "not-divided",
        "output",
        lambda share_1, share_2, o_1, o_2: share_1 * o_1 + share_2 * o_2,
        r"You did not divide by the sum $\ell$ at the end.",
        cause="output",
    ),
    Mistake(
        "first-output-rescaled-alone",
        "output",
        lambda o_1, o_2, m_1, maximum: o_1 * exp(m_1 - maximum) + o_2,
        "You rescaled the first output and added the second; both are weighted with their sums.",
        cause="output",
    ),
)

FAMILIES = (
    Family(
        name="online-softmax",
        version=1,
        title="Merging tiles of a softmax",
        topic="streaming and decoding",
        says="The step by which attention is computed tile by tile.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question},
        precision={1: Exact(), 2: Places(3)},
        convention="in this order",
        fine=fine,
        items=("N3.19",),
    ),
)
