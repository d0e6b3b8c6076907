"""Slips on the way back, from the weight that is wanted to the score or product that gives it.

`over` is the name of the step they start from; `step` the one where they happen.
"""

from __future__ import annotations

import math

from studykit.problems.exact import sqrt
from studykit.problems.family import Mistake


def log_mistakes(step: str, over: str, says: str) -> tuple[Mistake, ...]:
    """For a step that takes the logarithm of `over`; `says` what was given without it."""
    return (
        Mistake("no-logarithm", step, lambda x: x, says, takes=(over,), cause="base"),
        Mistake(
            "base-two",
            step,
            lambda x: math.log2(x),
            "You took the logarithm to base 2; the softmax uses e.",
            takes=(over,),
            cause="base",
        ),
        Mistake(
            "base-ten",
            step,
            lambda x: math.log10(x),
            "You took the logarithm to base 10; the softmax uses e.",
            takes=(over,),
            cause="base",
        ),
    )


def unscale_mistakes(step: str, over: str) -> tuple[Mistake, ...]:
    """For a step that multiplies the scaled score `over` by √d_k, to get the raw product."""
    return (
        Mistake(
            "no-scale",
            step,
            lambda scaled: scaled,
            r"You gave the scaled score; the raw product is $\sqrt{d_k}$ times as large.",
            takes=(over,),
            cause="scale",
        ),
        Mistake(
            "times-d",
            step,
            lambda scaled, d_k: d_k * scaled,
            r"You multiplied by $d_k$; the scale is its root.",
            takes=(over, "d_k"),
            cause="scale",
        ),
        Mistake(
            "divided-by-root",
            step,
            lambda scaled, d_k: scaled / sqrt(d_k),
            r"You divided by $\sqrt{d_k}$; from the scaled score back to the raw one, multiply.",
            takes=(over, "d_k"),
            cause="scale",
        ),
    )


def ratio_mistakes(weight: str) -> tuple[Mistake, ...]:
    """For a step `ratio`: the exponential of one key over that of each of the n − 1 others.

    It is w(n − 1)/(1 − w) for the weight w that is wanted, the given named by `weight`.
    """
    return (
        Mistake(
            "one-other-key",
            "ratio",
            lambda w: w / (1 - w),
            "You reckoned with one other key; all the others share the rest.",
            takes=(weight,),
            cause="count",
        ),
        Mistake(
            "itself-counted",
            "ratio",
            lambda w, n: w * n / (1 - w),
            "You counted the key among the others; there is one fewer.",
            takes=(weight, "n"),
            cause="count",
        ),
        Mistake(
            "weight-for-odds",
            "ratio",
            lambda w, n: w * (n - 1),
            f"You left out $1-{weight}$, the weight that the others share.",
            takes=(weight, "n"),
            cause="normalisation",
        ),
    )
