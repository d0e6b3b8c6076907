"""Attention in a sliding window: one row exactly, the outputs of four tokens, then with a sink."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector
from studykit.problems.attention_steps import (
    CLOSED,
    CLOSED_ROW,
    MASKED_WEIGHTS,
    NUMBERS,
    ROW_WEIGHTS,
    steps_at,
    telling_row,
)
from studykit.problems.degenerate import small_denominators
from studykit.problems.dice import Dice
from studykit.problems.exact import ln
from studykit.problems.family import Family, Mistake, Step, at_levels, named
from studykit.problems.mistakes.masks import BY_MASK
from studykit.problems.mistakes.weights import row_mistakes, weight_mistakes
from studykit.problems.wording import matrix, row


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        n, w = dice.pick([(5, 2), (6, 2), (6, 3)])
        i = dice.between(w + 1, n - 1)
        return {"scores": [ln(dice.between(1, 5)) for _ in range(n)], "i": i, "w": w}
    if level == 2:
        return {
            "scores": [[dice.between(-15, 15) / 10 for _ in range(4)] for _ in range(4)],
            "v": dice.vector(4, -8, 9),
            "w": dice.pick([2, 2, 3]),
        }
    n, w = dice.pick([(6, 2), (6, 3), (7, 3)])
    scores = [dice.between(-15, 15) / 10 for _ in range(n)]
    return {"scores": scores, "i": n, "w": w, "sinks": dice.pick([1, 1, 2])}


def fine(level: int, weights: Any, givens: dict[str, Any]) -> bool:
    """Weights told apart among the open keys; a window that leaves something out."""
    if level == 2:
        v = givens["v"]
        return len(set(v)) == 4 and all(v) and all(map(telling_row, weights))
    if level == 3 and givens["sinks"] + givens["w"] >= givens["i"] - 1:
        return False
    return telling_row(weights) and (level == 3 or small_denominators(weights))


def _window(w: int) -> str:
    before = "the one before it" if w == 2 else f"the {w - 1} before it"
    return f"a query sees its own position and {before}"


def question_row(scores: Vector, i: int, w: int) -> str:
    return (
        rf"Causal attention with a sliding window of ${w}$: {_window(w)}. These are the scaled "
        rf"scores of the query at position {i} with the keys at positions 1 to {len(scores)}. "
        rf"Give the weights of all keys.$$s={row(scores)}$$"
    )


def question_outputs(scores: Matrix, v: Vector, w: int) -> str:
    return (
        rf"Four tokens attend causally with a sliding window of ${w}$: {_window(w)}, as far as "
        r"there are any. $S$ holds the scaled scores (rows are queries), $v$ the values, one "
        r"number for each token. Give the four outputs."
        rf"$$S={matrix(scores, 1)}\qquad v={row(v)}$$"
    )


def question_sink(scores: Vector, i: int, w: int, sinks: int) -> str:
    kept = "the first key stays" if sinks == 1 else f"the first {sinks} keys stay"
    return (
        rf"A model streams with a sliding window of ${w}$ ({_window(w)}); besides, {kept} visible "
        rf"as attention sinks. These are the scaled scores of the query at position {i} with the "
        rf"keys at positions 1 to {i}. Give the weights of all keys.$$s={row(scores, 1)}$$"
    )


def band(n: int, first: int, last: int) -> Vector:
    """1 for the keys at positions first to last, counted from 1, of n keys."""
    return [int(first <= j <= last) for j in range(1, n + 1)]


def bands(n: int, low: int, high: int) -> Matrix:
    """For every query i the keys at positions i − low to i + high."""
    return [band(n, i - low, i + high) for i in range(1, n + 1)]


def with_sinks(may: Vector, sinks: int) -> Vector:
    return [1 if j < sinks else m for j, m in enumerate(may)]


STEPS = (
    Step(
        "may",
        "Open keys: the query's own and those before it in the window",
        "m",
        r"1\ \text{where}\ i-w<j\le i,\ \text{else}\ 0",
        lambda scores, i, w: band(len(scores), i - w + 1, i),
        levels=(1,),
        entry="m_j",
    ),
    Step(
        "may",
        "Open pairs: a band of the window's width below the diagonal",
        "m",
        r"1\ \text{where}\ i-w<j\le i,\ \text{else}\ 0",
        lambda scores, w: bands(len(scores), w - 1, 0),
        levels=(2,),
        entry="m_{ij}",
    ),
    Step(
        "may",
        "Open keys: the window, and the sinks",
        "m",
        r"1\ \text{where}\ i-w<j\le i\ \text{or}\ j\ \text{is a sink, else}\ 0",
        lambda scores, i, w, sinks: with_sinks(band(len(scores), i - w + 1, i), sinks),
        levels=(3,),
        entry="m_j",
    ),
    *steps_at((1, 3), CLOSED_ROW, ROW_WEIGHTS),
    *steps_at((2,), CLOSED, MASKED_WEIGHTS, NUMBERS),
)

ROW = (
    Mistake(
        "window-without-itself",
        "may",
        lambda scores, i, w: band(len(scores), i - w, i),
        "You let the query see that many keys before it and itself; the window counts it too.",
        cause="window",
    ),
    Mistake(
        "own-key-closed",
        "may",
        lambda scores, i, w: band(len(scores), i - w, i - 1),
        "You left out the query's own position; the window ends with it.",
        cause="window",
    ),
    Mistake(
        "window-both-sides",
        "may",
        lambda scores, i, w: band(len(scores), i - w + 1, i + w - 1),
        "You opened the window to both sides; it is causal.",
        cause="mask",
    ),
    Mistake(
        "causal-only",
        "may",
        lambda scores, i: band(len(scores), 1, i),
        "You applied the causal mask without the window.",
        cause="window",
    ),
    Mistake(
        "future-open",
        "may",
        lambda scores, i, w: band(len(scores), i - w + 1, len(scores)),
        "You closed the keys before the window but left those after the query open.",
        when=lambda scores, i, w: i + w - 1 < len(scores),
        cause="mask",
    ),
)

OUTPUTS = (
    Mistake(
        "window-without-itself",
        "may",
        lambda scores, w: bands(len(scores), w, 0),
        "You let a query see that many keys before it and itself; the window counts it too.",
        when=lambda w: w == 2,  # with 3 of 4 tokens that is the causal mask
        cause="window",
    ),
    Mistake(
        "causal-only",
        "may",
        lambda scores: bands(len(scores), len(scores), 0),
        "You applied the causal mask without the window.",
        cause="window",
    ),
    Mistake(
        "window-both-sides",
        "may",
        lambda scores, w: bands(len(scores), w - 1, w - 1),
        "You opened the window to both sides; it is causal.",
        cause="mask",
    ),
    Mistake(
        "window-ahead",
        "may",
        lambda scores, w: bands(len(scores), 0, w - 1),
        "You opened the window to the keys after the query; it lies before it.",
        cause="mask",
    ),
)

SINKS = (
    Mistake(
        "sinks-left-out",
        "may",
        lambda scores, i, w: band(len(scores), i - w + 1, i),
        "You left out the sinks; they stay visible.",
        cause="sink",
    ),
    Mistake(
        "window-left-out",
        "may",
        lambda scores, sinks: band(len(scores), 1, sinks),
        "You kept the sinks alone; the window is visible too.",
        cause="sink",
    ),
    Mistake(
        "sinks-count-in-the-window",
        "may",
        lambda scores, i, w, sinks: with_sinks(band(len(scores), i - w + 1 + sinks, i), sinks),
        "You counted the sinks as part of the window; they come on top.",
        when=lambda w, sinks: w > sinks,
        cause="window",
    ),
    Mistake(
        "window-without-itself",
        "may",
        lambda scores, i, w, sinks: with_sinks(band(len(scores), i - w, i), sinks),
        "You let the query see that many keys before it and itself; the window counts it too.",
        cause="window",
    ),
    Mistake(
        "own-key-closed",
        "may",
        lambda scores, i, w, sinks: with_sinks(band(len(scores), i - w, i - 1), sinks),
        "You left out the query's own position; the window ends with it.",
        cause="window",
    ),
)

FAMILIES = (
    Family(
        name="sliding-window",
        version=1,
        title="Attention in a sliding window",
        topic="masks",
        says="Each query sees a few keys back, and sinks keep the first ones in sight.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1,), ROW),
            *at_levels((2,), OUTPUTS),
            *at_levels((3,), SINKS),
            *at_levels((1, 3), named(row_mistakes("masked"), "base-two", "negated-scores")),
            *at_levels((2,), named(weight_mistakes("masked"), "softmax-over-columns", "base-two")),
            *BY_MASK,
        ),
        question={1: question_row, 2: question_outputs, 3: question_sink},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={1: "in the order of the keys", 2: "", 3: "in the order of the keys"},
        fine=fine,
        items=("N3.46", "N3.51"),
    ),
)
