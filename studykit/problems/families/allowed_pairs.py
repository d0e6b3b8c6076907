"""How many pairs of query and key a mask leaves: causal, with a cache, in a sliding window."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        return {"n": dice.between(6, 100)}
    if level == 2:
        return {"n": dice.between(3, 20), "past": dice.between(3, 80)}
    n, w = dice.between(12, 200), dice.between(3, 60)
    return {"n": n, "w": w} if w + 4 <= n else None


def fine(n: int, givens: dict[str, Any]) -> bool:
    return bool(givens.get("past") != n)


def question_causal(n: int) -> str:
    return (
        rf"Causal self-attention runs on ${n}$ tokens; a query sees its own position and those "
        r"before it. How many pairs of query and key does the mask leave open?"
    )


def question_cached(n: int, past: int) -> str:
    return (
        rf"The keys of ${past}$ tokens are cached. ${n}$ tokens more are read at once with a "
        r"causal mask; each sees the cache, the earlier ones among the new and itself. How many "
        r"pairs of query and key are open in this step?"
    )


def question_window(n: int, w: int) -> str:
    return (
        rf"Attention on ${n}$ tokens is causal with a sliding window of ${w}$: a query sees its "
        rf"own position and the ${w - 1}$ before it, as far as there are any. How many pairs of "
        r"query and key are open?"
    )


def triangle(n: Any) -> Any:
    return divide(n * (n + 1), 2)


STEPS = (
    Step(
        "pairs",
        "One key for the first query, two for the second, and so on",
        "N",
        r"\sum_{i=1}^{n}i=\frac{n(n+1)}{2}",
        lambda n: triangle(n),
        lambda n: rf"\frac{{{n}\cdot {n + 1}}}{{2}}",
        levels=(1,),
    ),
    Step(
        "cached",
        "Every new query with every cached key",
        "N_1",
        r"n\cdot p",
        lambda n, past: n * past,
        lambda n, past: rf"{n}\cdot {past}",
        levels=(2,),
    ),
    Step(
        "among",
        "The new ones among themselves, a triangle with its diagonal",
        "N_2",
        r"\frac{n(n+1)}{2}",
        lambda n: triangle(n),
        lambda n: rf"\frac{{{n}\cdot {n + 1}}}{{2}}",
        levels=(2,),
    ),
    Step(
        "pairs",
        "Together",
        "N",
        "N_1+N_2",
        lambda cached, among: cached + among,
        lambda cached, among: rf"{cached}+{among}",
        levels=(2,),
    ),
    Step(
        "start",
        "The first queries see fewer keys than the window holds",
        "N_1",
        r"\sum_{i=1}^{w}i=\frac{w(w+1)}{2}",
        lambda w: triangle(w),
        lambda w: rf"\frac{{{w}\cdot {w + 1}}}{{2}}",
        levels=(3,),
    ),
    Step(
        "full",
        "All later ones see a full window",
        "N_2",
        r"(n-w)\,w",
        lambda n, w: (n - w) * w,
        lambda n, w: rf"({n}-{w})\cdot {w}",
        levels=(3,),
    ),
    Step(
        "pairs",
        "Together",
        "N",
        "N_1+N_2",
        lambda start, full: start + full,
        lambda start, full: rf"{start}+{full}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "mask-ignored",
        "pairs",
        lambda n: n * n,
        "You counted all pairs; the mask closes the keys after a query.",
        levels=(1,),
        cause="mask",
    ),
    Mistake(
        "diagonal-left-out",
        "pairs",
        lambda n: divide(n * (n - 1), 2),
        "You left out the diagonal; a query sees its own position.",
        levels=(1,),
        cause="diagonal",
    ),
    Mistake(
        "half-of-all",
        "pairs",
        lambda n: divide(n * n, 2),
        "You took half of all pairs; the diagonal is open whole.",
        levels=(1,),
        cause="diagonal",
    ),
    Mistake(
        "one-too-many",
        "pairs",
        lambda n: triangle(n + 1),
        "You counted one query too many.",
        levels=(1,),
        cause="count",
    ),
    Mistake(
        "cache-left-out",
        "cached",
        lambda: 0,
        "You left out the cached keys; every new query sees them.",
        cause="cache",
    ),
    Mistake(
        "cache-once",
        "cached",
        lambda past: past,
        "You counted the cached keys once; every new query sees them all.",
        cause="cache",
    ),
    Mistake(
        "new-ones-all-open",
        "among",
        lambda n: n * n,
        "You let the new tokens see each other whole; among them the mask is causal.",
        cause="mask",
    ),
    Mistake(
        "diagonal-left-out",
        "among",
        lambda n: divide(n * (n - 1), 2),
        "You left out the diagonal; a query sees its own position.",
        cause="diagonal",
    ),
    Mistake(
        "cached-queries-again",
        "pairs",
        lambda n, past: triangle(n + past),
        "You counted the cached tokens' queries too; only the new ones are computed.",
        levels=(2,),
        cause="cache",
    ),
    Mistake(
        "window-everywhere-full",
        "pairs",
        lambda n, w: n * w,
        "You gave every query a full window; the first ones have fewer keys before them.",
        levels=(3,),
        cause="start",
    ),
    Mistake(
        "window-ignored",
        "pairs",
        lambda n: triangle(n),
        "You counted the causal mask without the window.",
        levels=(3,),
        cause="mask",
    ),
    Mistake(
        "window-without-itself",
        "pairs",
        lambda n, w: triangle(w + 1) + (n - w - 1) * (w + 1),
        "You let a query see that many keys before it and itself; the window counts it too.",
        levels=(3,),
        cause="diagonal",
    ),
    Mistake(
        "window-both-sides",
        "full",
        lambda n, w: (n - w) * (2 * w - 1),
        "You opened the window to both sides; it is causal.",
        cause="mask",
    ),
    Mistake(
        "start-left-out",
        "start",
        lambda: 0,
        "You left out the first queries, whose window is not full.",
        cause="start",
    ),
)

FAMILIES = (
    Family(
        name="allowed-pairs",
        version=1,
        title="Counting open pairs",
        topic="masks",
        says="How much of the score matrix a mask leaves open.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_causal, 2: question_cached, 3: question_window},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="",
        fine=fine,
        items=("N3.46", "N3.51"),
    ),
)
