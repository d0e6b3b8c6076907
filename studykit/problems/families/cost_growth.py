"""By which factor cost and memory grow when length, width, heads or batch change."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, tex

FACTORS = (Fraction(1, 4), Fraction(1, 3), Fraction(1, 2), 2, 3, 4, 5, 8)


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n, h, b = dice.some(FACTORS, 3)
        return {"n": n, "h": h, "b": b}
    n, d = dice.some(FACTORS, 2)
    return {"n": n, "d": d}


def fine(total: Any) -> bool:
    numbers = total if isinstance(total, list) else [total]
    return all(abs(x - 1) > 0.01 for x in numbers)


def _times(x: Any) -> str:
    return rf"${tex(x)}$ times"


def question_scores(n: Any, h: Any, b: Any) -> str:
    return (
        r"Multi-head attention keeps the scores of all its heads in memory. Tokens a sequence "
        rf"become {_times(n)} as many, heads {_times(h)} as many (of the model's unchanged width), "
        rf"and sequences in the batch {_times(b)} as many. By which factor does the memory for "
        r"scores change?"
    )


def question_both(n: Any, d: Any) -> str:
    return (
        rf"The number of tokens becomes {_times(n)} as large, the model's width {_times(d)} "
        r"(the network's inner width with it). Give the factor by which the multiply–adds for "
        r"scores and weighted sums change, then the factor for all weight matrices, then the "
        r"factor for the number of parameters in them."
    )


def squared(x: Any) -> str:
    return f"{x}^2" if isinstance(x, int) else rf"\left({cell(x)}\right)^2"


STEPS = (
    Step(
        "pairs",
        "Pairs of tokens in a sequence",
        "f_{pairs}",
        "a_n^2",
        lambda n: n**2,
        lambda n: squared(n),
    ),
    Step(
        "total",
        "For every head of every sequence",
        "f",
        r"a_B\,a_h\,a_n^2",
        lambda b, h, pairs: b * h * pairs,
        lambda b, h, pairs: rf"{cell(b)}\cdot {cell(h)}\cdot {cell(pairs)}",
        levels=(1,),
    ),
    Step(
        "square",
        "Entries of a weight matrix, which is as wide as high",
        "f_{W}",
        "a_d^2",
        lambda d: d**2,
        lambda d: squared(d),
        levels=(2,),
    ),
    Step(
        "total",
        "Pairs over the width; tokens through the matrices; the matrices themselves",
        "f",
        r"\left(a_n^2a_d,\ a_na_d^2,\ a_d^2\right)",
        lambda n, d, pairs, square: [pairs * d, n * square, square],
        lambda d, pairs: rf"{cell(pairs)}\cdot {cell(d)}",
        levels=(2,),
    ),
)

MISTAKES = (
    Mistake(
        "length-not-squared",
        "pairs",
        lambda n: n,
        "You counted the length once; every token meets every token.",
        cause="length",
    ),
    Mistake(
        "heads-share-the-scores",
        "total",
        lambda b, pairs: b * pairs,
        "You left out the heads; each has a matrix of scores of its own.",
        levels=(1,),
        cause="heads",
    ),
    Mistake(
        "batch-left-out",
        "total",
        lambda h, pairs: h * pairs,
        "You left out the batch.",
        levels=(1,),
        cause="batch",
    ),
    Mistake(
        "batch-squared",
        "total",
        lambda b, h, pairs: b**2 * h * pairs,
        "You squared the batch; sequences do not attend to each other.",
        levels=(1,),
        cause="batch",
    ),
    Mistake(
        "heads-shrink-them",
        "total",
        lambda b, h, pairs: b * pairs / h,
        "You divided by the heads; a narrower head still has a full matrix of scores.",
        levels=(1,),
        cause="heads",
    ),
    Mistake(
        "width-left-out",
        "total",
        lambda n, pairs, square: [pairs, n * square, square],
        "You left the width out of the scores; every score sums over components.",
        levels=(2,),
        cause="width",
    ),
    Mistake(
        "width-not-squared",
        "square",
        lambda d: d,
        "You counted the width once; a matrix grows both ways.",
        cause="width",
    ),
    Mistake(
        "parameters-with-length",
        "total",
        lambda n, d, pairs, square: [pairs * d, n * square, n * square],
        "You let the parameters grow with the length; all tokens share them.",
        levels=(2,),
        cause="parameters",
    ),
    Mistake(
        "matrices-quadratic-in-length",
        "total",
        lambda d, pairs, square: [pairs * d, pairs * square, square],
        "You squared the length for the matrices; each token goes through them once.",
        levels=(2,),
        cause="length",
    ),
)

FAMILIES = (
    Family(
        name="cost-growth",
        version=1,
        title="How cost grows",
        topic="parameters, FLOPs and memory",
        says="What is squared when a model or its text grows, and what is not.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_scores, 2: question_both},
        precision={1: Exact(), 2: Exact()},
        convention="",
        fine=fine,
        items=("N3.17", "N3.22"),
    ),
)
