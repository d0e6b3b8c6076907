"""Sampling from the best tokens only: top-k, top-p, then a temperature before top-k."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, shrink, softmax, to_one
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, row, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 3:
        z = [dice.between(-20, 30) / 10 for _ in range(5)]
        rate = Fraction(dice.pick([5, 6, 8, 14, 15, 20]), 10)
        return {"z": z, "T": rate, "k": dice.pick([2, 3])} if len(set(z)) == 5 else None
    parts = dice.some(range(1, 11), 5)
    if sum(parts) != 20:
        return None
    given: dict[str, Any] = {"p": [Fraction(a, 20) for a in parts]}
    if level == 1:
        return given | {"k": dice.pick([2, 3, 4])}
    return given | {"bound": Fraction(dice.pick([5, 6, 7, 8, 9]), 10)}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """At level 2 the bound falls between two sums, and 2 to 4 tokens stay."""
    kept = givens["kept"]
    stay = sum(1 for x in kept if x)
    if level == 2:
        total, bound = 0.0, givens["bound"]
        for x in sorted(givens["p"], reverse=True):
            total += x
            if abs(total - bound) < 1e-6:
                return False
        return 2 <= stay <= 4
    if level == 3:
        return bool(max(kept) < 0.92 and min(x for x in kept if x) > 0.04)
    return True


def question_top_k(p: Vector, k: int) -> str:
    return (
        rf"A model gives five tokens these probabilities. Sampling keeps the top $k={k}$. Give the "
        r"probabilities with which the five tokens are drawn."
        rf"$$p={row(p)}$$"
    )


def question_top_p(p: Vector, bound: Fraction) -> str:
    return (
        r"A model gives five tokens these probabilities. Nucleus sampling keeps the fewest most "
        rf"likely tokens that together reach at least ${decimal(float(bound), 1)}$. Give the "
        r"probabilities with which the five tokens are drawn."
        rf"$$p={row(p)}$$"
    )


def question_temperature(z: Vector, T: Fraction, k: int) -> str:
    return (
        rf"A model gives five tokens these logits. They are sampled with temperature "
        rf"$T={decimal(float(T), 1)}$ from the top $k={k}$. Give the probabilities with which "
        r"the five tokens are drawn."
        rf"$$z={row(z, 1)}$$"
    )


def best(p: Vector, k: Any) -> Vector:
    """The k largest in their places, the others 0."""
    order = sorted(range(len(p)), key=lambda i: -p[i])[: int(k)]
    return [x if i in order else 0 for i, x in enumerate(p)]


def reaching(p: Vector, bound: Any) -> int:
    """How many of the largest together reach the bound."""
    total, count = 0, 0
    for x in sorted(p, reverse=True):
        total, count = total + x, count + 1
        if total >= bound:
            break
    return count


STEPS = (
    Step(
        "p",
        "Probabilities at this temperature",
        "p",
        r"\mathrm{softmax}(z/T)",
        lambda z, T: softmax(shrink(z, T)),
        lambda z, T: softmax_working(shrink(z, T)),
        levels=(3,),
    ),
    Step(
        "kept",
        "The largest stay, the others get 0",
        "p'",
        r"p_j\ \text{if among the top}\ k,\ \text{else}\ 0",
        lambda p, k: best(p, k),
        levels=(1, 3),
        entry=r"p'_j",
    ),
    Step(
        "kept",
        "Taken from the largest down until the sum reaches the bound",
        "p'",
        r"p_j\ \text{if in the nucleus, else}\ 0",
        lambda p, bound: best(p, reaching(p, bound)),
        levels=(2,),
        entry=r"p'_j",
    ),
    Step(
        "drawn",
        "Brought back to a sum of 1",
        "q",
        r"\frac{p'}{\sum_j p'_j}",
        lambda kept: to_one(kept),
        lambda kept: rf"\frac{{{cell(kept[0])}}}{{{cell(sum(kept))}}}",
    ),
)

MISTAKES = (
    Mistake(
        "not-renormalised",
        "drawn",
        lambda kept: kept,
        "You did not bring the kept probabilities back to a sum of 1.",
        cause="normalisation",
    ),
    Mistake(
        "uniform-over-kept",
        "drawn",
        lambda kept: [divide(1, sum(1 for y in kept if y)) if x else 0 for x in kept],
        "You gave all kept tokens the same probability; they keep their proportions.",
        cause="normalisation",
    ),
    Mistake(
        "softmax-again",
        "drawn",
        lambda kept: (lambda s: [s.pop(0) if x else 0 for x in kept])(
            softmax([float(x) for x in kept if x])
        ),
        "You applied a softmax to probabilities; they are divided by their sum.",
        cause="normalisation",
    ),
    Mistake(
        "rest-to-the-first",
        "drawn",
        lambda kept: [x + (1 - sum(kept)) if x == max(kept) else x for x in kept],
        "You gave what was cut off to the most likely token; it is shared in proportion.",
        cause="normalisation",
    ),
    Mistake(
        "one-too-many",
        "kept",
        lambda p, k: best(p, k + 1),
        "You kept one token too many.",
        when=lambda k: k < 4,
        levels=(1, 3),
        cause="count",
    ),
    Mistake(
        "one-too-few",
        "kept",
        lambda p, k: best(p, k - 1),
        "You kept one token too few.",
        levels=(1, 3),
        cause="count",
    ),
    Mistake(
        "first-in-the-row",
        "kept",
        lambda p, k: [*p[: int(k)], *[0 for _ in p[int(k) :]]],
        "You kept the first tokens as they stand; the most likely ones are kept.",
        when=lambda p, k: best(p, k) != [*p[: int(k)], *[0 for _ in p[int(k) :]]],
        levels=(1, 3),
        cause="count",
    ),
    Mistake(
        "stopped-early",
        "kept",
        lambda p, bound: best(p, reaching(p, bound) - 1),
        "You stopped before the bound; the token that crosses it belongs to the nucleus.",
        levels=(2,),
        cause="count",
    ),
    Mistake(
        "went-on",
        "kept",
        lambda p, bound: best(p, reaching(p, bound) + 1),
        "You went on after the bound was reached.",
        when=lambda p, bound: reaching(p, bound) < 4,
        levels=(2,),
        cause="count",
    ),
    Mistake(
        "largest-only",
        "kept",
        lambda p: best(p, 1),
        "You kept the most likely token alone, as greedy decoding does.",
        when=lambda p, bound: reaching(p, bound) > 2,
        levels=(2,),
        cause="count",
    ),
    Mistake(
        "temperature-ignored",
        "p",
        lambda z: softmax(z),
        "You left out the temperature; logits are divided by it.",
        levels=(3,),
        cause="temperature",
    ),
    Mistake(
        "multiplied-by-temperature",
        "p",
        lambda z, T: softmax([x * T for x in z]),
        "You multiplied by the temperature; logits are divided by it.",
        levels=(3,),
        cause="temperature",
    ),
)

FAMILIES = (
    Family(
        name="nucleus-sampling",
        version=1,
        title="Top-k and nucleus sampling",
        topic="streaming and decoding",
        says="Cut off the unlikely tokens, then bring the rest back to 1.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_top_k, 2: question_top_p, 3: question_temperature},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        convention="in the order of the tokens",
        fine=fine,
        items=("N3.19", "N4.9"),
    ),
)
