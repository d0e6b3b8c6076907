"""Grouped-query attention: which key head a query head reads, and which it is shared with."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import floor


def draws(dice: Dice, level: int) -> dict[str, Any]:
    shared, group = dice.pick([2, 3, 4, 8]), dice.pick([2, 3, 4, 5, 8])
    heads = shared * group
    given = {"H": heads, "H_kv": shared, "i": dice.between(1, heads - 1)}
    return given if level == 1 else given | {"j": dice.between(1, shared - 1)}


def fine(H: int, H_kv: int, i: int) -> bool:
    """More heads in a group than one, and not as many groups as heads in each."""
    return H_kv * H_kv != H and i >= H // H_kv


def question_one(H: int, H_kv: int, i: int) -> str:
    return (
        rf"Grouped-query attention has ${H}$ query heads and ${H_kv}$ key/value heads; "
        r"neighbouring query heads share one. All are counted from 0. Which key/value head does "
        rf"query head {i} use?"
    )


def question_three(H: int, H_kv: int, i: int, j: int) -> str:
    return (
        rf"Grouped-query attention has ${H}$ query heads and ${H_kv}$ key/value heads; "
        r"neighbouring query heads share one. All are counted from 0. Give the key/value head "
        rf"that query head {i} uses, then the first and the last query head that use key/value "
        rf"head {j}."
    )


STEPS = (
    Step(
        "group",
        "Query heads that share a key/value head",
        "g",
        r"\frac{H}{H_{kv}}",
        lambda H, H_kv: H // H_kv,
        lambda H, H_kv: rf"\frac{{{H}}}{{{H_kv}}}",
    ),
    Step(
        "used",
        "The key/value head used: whole groups that lie before",
        "k",
        floor("i", "g"),
        lambda i, group: i // group,
        lambda i, group: floor(i, group),
    ),
    Step(
        "ends",
        "First and last query head of the other group",
        r"(q_{first},\ q_{last})",
        r"\left(j\,g,\ j\,g+g-1\right)",
        lambda j, group: [j * group, j * group + group - 1],
        lambda j, group: rf"{j}\cdot {group}",
        levels=(2,),
    ),
    Step(
        "all",
        "Together",
        r"(k,\ q_{first},\ q_{last})",
        r"(k,\ q_{first},\ q_{last})",
        lambda used, ends: [used, *ends],
        levels=(2,),
    ),
)

MISTAKES = (
    Mistake(
        "taken-in-turn",
        "used",
        lambda i, H_kv: i % H_kv,
        r"You dealt the heads out in turn, $i \bmod H_{kv}$; here neighbours share a head.",
        when=lambda i, H_kv, group: i % H_kv != i // group,
        cause="mapping",
    ),
    Mistake(
        "divided-by-key-heads",
        "used",
        lambda i, H_kv: i // H_kv,
        "You divided by the number of key/value heads; the size of a group counts.",
        when=lambda i, H_kv, group: i // H_kv != i // group,
        cause="mapping",
    ),
    Mistake(
        "counted-from-one",
        "used",
        lambda i, group: i // group + 1,
        "You counted key/value heads from 1; the first one is 0.",
        cause="index",
    ),
    Mistake(
        "own-head",
        "used",
        lambda i: i,
        "You gave every query head its own key/value head; here they are shared.",
        cause="mapping",
    ),
    Mistake(
        "place-in-group",
        "used",
        lambda i, group: i % group,
        "You gave the place within the group; the number of the group was asked.",
        when=lambda i, group: i % group != i // group,
        cause="mapping",
    ),
    Mistake(
        "every-so-many",
        "ends",
        lambda j, H, H_kv: [j, H - H_kv + j],
        "You dealt the heads out in turn; neighbouring query heads share a key/value head.",
        cause="mapping",
    ),
    Mistake(
        "one-past-the-end",
        "ends",
        lambda j, group: [j * group, (j + 1) * group],
        "Your last head belongs to the next group.",
        cause="index",
    ),
    Mistake(
        "groups-from-one",
        "ends",
        lambda j, group: [(j - 1) * group, j * group - 1],
        "You counted key/value heads from 1; the first one is 0.",
        cause="index",
    ),
)

FAMILIES = (
    Family(
        name="grouped-heads",
        version=1,
        title="Query heads that share keys",
        topic="heads and W_O",
        says="Which key/value head a query head reads.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_three},
        precision={1: Exact(), 2: Exact()},
        convention="",
        fine=fine,
        items=("N3.22",),
    ),
)
