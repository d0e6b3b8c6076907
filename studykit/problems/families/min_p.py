"""Min-p sampling: tokens stay if they are likely enough beside the likeliest one."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, shrink, softmax, to_one
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, row, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        parts = dice.some(range(1, 15), 5)
        total = sum(parts)
        if total not in (20, 24, 25, 30):
            return None
        part = Fraction(1, dice.pick([2, 3, 4, 5]))
        return {"p": [Fraction(a, total) for a in parts], "part": part}
    z = [dice.between(-20, 40) / 10 for _ in range(5)]
    if len(set(z)) < 5:
        return None
    given = {"z": z, "part": Fraction(dice.pick([5, 10, 15, 20, 25, 30]), 100)}
    return given if level == 2 else given | {"T": Fraction(dice.pick([6, 7, 8, 14, 15, 18]), 10)}


def fine(givens: dict[str, Any]) -> bool:
    """2 to 4 tokens stay, and none is near the bound."""
    p, part = givens["p"], float(givens["part"])
    stay = sum(1 for x in p if x >= part * max(p))
    if not 2 <= stay <= 4:
        return False
    return all(abs(x / max(p) - part) > 0.01 for x in p)


def question_probabilities(p: Vector, part: Fraction) -> str:
    return (
        rf"A model gives five tokens these probabilities. Min-p sampling with $p_{{min}}={part}$ "
        r"keeps the tokens whose probability is at least $p_{min}$ times the largest one. Give the "
        r"probabilities with which the five tokens are drawn."
        rf"$$p={row(p)}$$"
    )


def question_logits(z: Vector, part: Fraction) -> str:
    return (
        rf"A model gives five tokens these logits. Min-p sampling with $p_{{min}}="
        rf"{decimal(float(part), 2)}$ keeps the tokens whose probability is at least $p_{{min}}$ "
        r"times the largest one. Give the probabilities with which the five tokens are drawn."
        rf"$$z={row(z, 1)}$$"
    )


def question_temperature(z: Vector, part: Fraction, T: Fraction) -> str:
    return (
        rf"A model gives five tokens these logits. Min-p sampling with $p_{{min}}="
        rf"{decimal(float(part), 2)}$ first keeps the tokens whose probability (at temperature 1) "
        r"is at least $p_{min}$ times the largest one; then those are drawn at temperature "
        rf"$T={decimal(float(T), 1)}$. Give the probabilities with which the five tokens are drawn."
        rf"$$z={row(z, 1)}$$"
    )


def at_least(p: Vector, bound: Any) -> Vector:
    return [x if x >= bound else 0 for x in p]


def drawn_at(z: Vector, kept: Vector, T: Any) -> Vector:
    """Softmax at temperature T over the tokens kept."""
    if not any(kept):
        raise ArithmeticError
    return softmax([x / float(T) if k else -math.inf for x, k in zip(z, kept, strict=True)])


def nucleus(p: Vector, bound: Any) -> Vector:
    """The likeliest tokens, up to the one with which their sum reaches the bound."""
    total, kept = 0.0, set()
    for i in sorted(range(len(p)), key=lambda i: -p[i]):
        kept.add(i)
        total += float(p[i])
        if total >= float(bound):
            break
    return [x if i in kept else 0 for i, x in enumerate(p)]


def count(kept: Vector) -> int:
    """How many tokens stay; the likeliest ones do, so the number says which."""
    return sum(1 for x in kept if x)


def by_other_rules(p: Vector, part: Any) -> list[int]:
    """How many stay if all are compared with p_min itself, and by top-p."""
    return [count(at_least(p, part)), count(nucleus(p, part))]


STEPS = (
    Step(
        "p",
        "Probabilities",
        "p",
        r"\mathrm{softmax}(z)",
        lambda z: softmax(z),
        lambda z: softmax_working(z, 1),
        levels=(2, 3),
    ),
    Step(
        "bound",
        "The bound: a part of the largest probability",
        "b",
        r"p_{min}\,\max_j p_j",
        lambda p, part: part * max(p),
        lambda p, part, level: (
            rf"{cell(part if level == 1 else float(part), 2)}\cdot {cell(max(p))}"
        ),
    ),
    Step(
        "kept",
        "What reaches the bound stays, the others get 0",
        "p'",
        r"p_j\ \text{if}\ p_j\ge b,\ \text{else}\ 0",
        lambda p, bound: at_least(p, bound),
        entry=r"p'_j",
    ),
    Step(
        "drawn",
        "Brought back to a sum of 1",
        "q",
        r"\frac{p'}{\sum_j p'_j}",
        lambda kept: to_one(kept),
        lambda kept: rf"\frac{{{cell(kept[0])}}}{{{cell(sum(kept))}}}",
        levels=(1, 2),
    ),
    Step(
        "drawn",
        "Softmax of the kept logits at this temperature",
        "q",
        r"\frac{e^{z_j/T}}{\sum_{i\ \text{kept}} e^{z_i/T}}",
        lambda z, kept, T: drawn_at(z, kept, T),
        levels=(3,),
        entry=r"q_j",
    ),
)


MISTAKES = (
    Mistake(
        "bound-for-all",
        "bound",
        lambda part: part,
        r"You compared with $p_{min}$ itself; the bound is that part of the largest probability.",
        when=lambda p, part, kept: by_other_rules(p, part)[0] not in (0, count(kept)),
        cause="bound",
    ),
    Mistake(
        "top-p",
        "kept",
        lambda p, part: nucleus(p, part),
        "You added up probabilities as top-p does; min-p compares each with the largest.",
        when=lambda p, part, kept: (
            by_other_rules(p, part)[1] not in (count(kept), by_other_rules(p, part)[0])
        ),
        levels=(1, 2),
        cause="bound",
    ),
    Mistake(
        "one-too-few",
        "kept",
        lambda kept: [0 if x == min(y for y in kept if y) else x for x in kept],
        "You left out the last token that reaches the bound.",
        when=lambda p, part, kept: count(kept) - 1 not in by_other_rules(p, part),
        cause="count",
    ),
    Mistake(
        "one-too-many",
        "kept",
        lambda p, kept: [
            x if k or x == max(y for y, j in zip(p, kept, strict=True) if not j) else 0
            for x, k in zip(p, kept, strict=True)
        ],
        "You kept a token below the bound.",
        when=lambda p, part, kept: count(kept) + 1 not in by_other_rules(p, part),
        cause="count",
    ),
    Mistake(
        "not-renormalised",
        "drawn",
        lambda kept: kept,
        "You did not bring the kept probabilities back to a sum of 1.",
        levels=(1, 2),
        cause="normalisation",
    ),
    Mistake(
        "uniform-over-kept",
        "drawn",
        lambda kept: to_one([1 if x else 0 for x in kept]),
        "You gave all kept tokens the same probability; they keep their proportions.",
        levels=(1, 2),
        cause="normalisation",
    ),
    Mistake(
        "rest-to-the-first",
        "drawn",
        lambda kept: [x + 1 - sum(kept) if x == max(kept) else x for x in kept],
        "You gave what was cut off to the most likely token; it is shared in proportion.",
        levels=(1, 2),
        cause="normalisation",
    ),
    Mistake(
        "bound-on-logits",
        "kept",
        lambda z, p, part: [x if y >= part * max(z) else 0 for x, y in zip(p, z, strict=True)],
        "You compared logits; the bound is a part of the largest probability.",
        when=lambda z, kept, part: (
            [y >= part * max(z) for y in z] != [bool(k) for k in kept] and max(z) > 0
        ),
        cause="bound",
    ),
    Mistake(
        "temperature-ignored",
        "drawn",
        lambda kept: to_one(kept),
        "You left out the temperature.",
        levels=(3,),
        cause="temperature",
    ),
    Mistake(
        "multiplied-by-temperature",
        "drawn",
        lambda z, kept, T: drawn_at(z, kept, 1 / T),
        "You multiplied by the temperature; logits are divided by it.",
        levels=(3,),
        cause="temperature",
    ),
    Mistake(
        "temperature-first",
        "kept",
        lambda z, p, part, T: (lambda q: at_least(q, part * max(q)))(softmax(shrink(z, T))),
        "You applied the temperature before the bound; here the bound comes first.",
        when=lambda z, kept, part, T: (
            (lambda q: [x >= part * max(q) for x in q])(softmax(shrink(z, T)))
            != [bool(k) for k in kept]
        ),
        levels=(3,),
        cause="temperature",
    ),
    Mistake(
        "all-tokens",
        "kept",
        lambda p: p,
        "You kept all tokens.",
        when=lambda kept: kept.count(0) > 1,
        levels=(2, 3),
        cause="count",
    ),
)


FAMILIES = (
    Family(
        name="min-p",
        version=1,
        title="Min-p sampling",
        topic="streaming and decoding",
        says="A bound that follows the likeliest token: strict when the model is sure.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_probabilities, 2: question_logits, 3: question_temperature},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="in the order of the tokens",
        fine=fine,
        items=("N3.19", "N4.9"),
    ),
)
