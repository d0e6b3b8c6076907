"""Beam search: which hypotheses survive, and how their lengths are made comparable."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, matrix, row

PARTS = tuple(
    (a, b, 20 - a - b) for a in range(1, 19) for b in range(a + 1, 20 - a) if b < 20 - a - b
)
"""Three different whole numbers that sum to 20: probabilities on a twentieth."""

EVEN = tuple(parts for parts in PARTS if parts[2] < 10)
"""Those of which none is a half or more."""


def drawn(dice: Dice, parts: tuple[tuple[int, int, int], ...]) -> Vector:
    return [Fraction(x, 20) for x in dice.shuffled(dice.pick(parts))]


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {"p": drawn(dice, EVEN), "P": [drawn(dice, PARTS) for _ in range(3)]}
    short, long = dice.pick([2, 3]), dice.pick([4, 5])
    return {
        "short": [Fraction(dice.between(25, 80), 100) for _ in range(short)],
        "long": [Fraction(dice.between(40, 95), 100) for _ in range(long)],
        "alpha": Fraction(dice.pick([6, 7, 8, 9]), 10),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """No ties; an α for equal scores that somebody might use."""
    if level == 1:
        return all(
            a - b > 1e-9
            for J in (givens["joint"], joint(givens["p"], givens["P"]))
            for a, b in pairwise(best([x for r in J for x in r], 3))
        )
    first, second = givens["scores"]
    if abs(first - second) < 0.02:
        return False
    return bool(level == 2 or 0.2 < givens["equal"] < 2)


def question_step(p: Vector, P: Matrix) -> str:
    chances, later = list(map(float, p)), [list(map(float, r)) for r in P]
    return (
        r"Beam search of width 2 over three words. The first step gives them the probabilities "
        r"$p$; row $i$ of $P$ gives those of the second step after word $i$. Give the "
        r"probabilities of the two hypotheses of two words that are kept, the better first."
        rf"$$p={row(chances, 2)}\qquad P={matrix(later, 2)}$$"
    )


def _hypotheses(short: Vector, long: Vector) -> str:
    return (
        "Two finished hypotheses were given these probabilities, token by token:"
        rf"$$a:\ {row(list(map(float, short)), 2)}\qquad b:\ {row(list(map(float, long)), 2)}$$"
    )


def question_mean(short: Vector, long: Vector, alpha: Fraction) -> str:
    return (
        f"{_hypotheses(short, long)}Their score is the sum of natural logarithms divided by "
        rf"$n^\alpha$, where $n$ is the number of tokens and $\alpha={decimal(float(alpha), 1)}$. "
        r"Give the scores of $a$ and $b$."
    )


def question_penalty(short: Vector, long: Vector, alpha: Fraction) -> str:
    return (
        f"{_hypotheses(short, long)}Their score is the sum of natural logarithms divided by the "
        r"length penalty $\left(\frac{5+n}{6}\right)^\alpha$, where $n$ is the number of tokens "
        rf"and $\alpha={decimal(float(alpha), 1)}$. Give the scores of $a$ and $b$, then the "
        r"$\alpha$ at which both would be equally good."
    )


def best(numbers: list[Any], count: int) -> list[Any]:
    return sorted(numbers, reverse=True)[:count]


def joint(p: Vector, P: Matrix) -> Matrix:
    return [[a * b for b in r] for a, r in zip(p, P, strict=True)]


def winners(p: Vector, P: Matrix) -> list[int]:
    """The first words of the two best hypotheses, if all words were continued."""
    every = [(a * b, i) for i, (a, r) in enumerate(zip(p, P, strict=True)) for b in r]
    return [i for _, i in sorted(every, reverse=True)[:2]]


def both_from_the_best(p: Vector, P: Matrix) -> bool:
    return winners(p, P) == [p.index(max(p))] * 2


def both_from_one(p: Vector, P: Matrix) -> bool:
    first, second = winners(p, P)
    return first == second and p[first] != min(p)


def worst_word_comes_back(p: Vector, P: Matrix) -> bool:
    return p.index(min(p)) in winners(p, P)


def equal_at(sums: Vector, ratio: float) -> float:
    """The power of the ratio that makes up for the ratio of the sums."""
    if sums[0] * sums[1] <= 0:
        raise ArithmeticError
    return math.log(sums[1] / sums[0]) / math.log(ratio)


def logs(p: Vector) -> float:
    return sum(math.log(x) for x in p)


STEPS = (
    Step(
        "beam",
        "The two best words stay, the third is dropped",
        "p'",
        r"p_i\ \text{if among the best two, else}\ 0",
        lambda p: [x if x in best(p, 2) else 0 for x in p],
        levels=(1,),
        entry=r"p'_i",
    ),
    Step(
        "joint",
        "Every continuation: probabilities are multiplied",
        "J",
        r"p'_i\,P_{ij}",
        lambda beam, P: joint(beam, P),
        levels=(1,),
        entry=r"J_{ij}",
    ),
    Step(
        "kept",
        "The best two of all continuations",
        r"(J^{(1)},\ J^{(2)})",
        r"\text{the two largest entries of}\ J",
        lambda joint: best([x for r in joint for x in r], 2),
        levels=(1,),
    ),
    Step(
        "sums",
        "Sums of the logarithms",
        r"(L_a,\ L_b)",
        r"\sum_t\ln p_t",
        lambda short, long: [logs(short), logs(long)],
        lambda short: "+".join(rf"\ln {cell(float(x), 2)}" for x in short),
        levels=(2, 3),
    ),
    Step(
        "scores",
        "Divided by the length, raised to α",
        r"(s_a,\ s_b)",
        r"\frac{L}{n^\alpha}",
        lambda sums, short, long, alpha: [
            x / len(p) ** float(alpha) for x, p in zip(sums, (short, long), strict=True)
        ],
        lambda sums, short, alpha: (
            rf"\frac{{{cell(sums[0])}}}{{{len(short)}^{{{cell(float(alpha), 1)}}}}}"
        ),
        levels=(2,),
    ),
    Step(
        "scores",
        "Divided by the length penalty",
        r"(s_a,\ s_b)",
        r"\frac{L}{\left(\frac{5+n}{6}\right)^\alpha}",
        lambda sums, short, long, alpha: [
            x / ((5 + len(p)) / 6) ** float(alpha) for x, p in zip(sums, (short, long), strict=True)
        ],
        levels=(3,),
    ),
    Step(
        "equal",
        "The α at which the scores are equal",
        r"\alpha^*",
        r"\frac{\ln(L_b/L_a)}{\ln\frac{5+n_b}{5+n_a}}",
        lambda sums, short, long: equal_at(sums, (5 + len(long)) / (5 + len(short))),
        levels=(3,),
    ),
    Step(
        "all",
        "Together",
        r"(s_a,\ s_b,\ \alpha^*)",
        r"(s_a,\ s_b,\ \alpha^*)",
        lambda scores, equal: [*scores, equal],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "greedy",
        "beam",
        lambda p: [x if x == max(p) else 0 for x in p],
        "You kept the best word only, as greedy decoding does; the beam holds two.",
        when=lambda p, P: not both_from_the_best(p, P),
        cause="width",
    ),
    Mistake(
        "no-beam",
        "beam",
        lambda p: p,
        "You continued the third word too; it was dropped after the first step.",
        when=lambda p, P: worst_word_comes_back(p, P),
        cause="width",
    ),
    Mistake(
        "one-from-each",
        "kept",
        lambda joint: best([max(r) for r in joint], 2),
        "You kept the best continuation of each word; both may follow the same one.",
        when=lambda p, P: both_from_the_best(p, P) or both_from_one(p, P),
        cause="width",
    ),
    Mistake(
        "probabilities-added",
        "joint",
        lambda beam, P: [[a + b if a else 0 for b in r] for a, r in zip(beam, P, strict=True)],
        "You added the probabilities; those of one after the other are multiplied.",
        cause="product",
    ),
    Mistake(
        "last-step-only",
        "joint",
        lambda beam, P: [[b if a else 0 for b in r] for a, r in zip(beam, P, strict=True)],
        "You compared the second step alone; a hypothesis has both probabilities.",
        cause="product",
    ),
    Mistake(
        "brought-to-one",
        "kept",
        lambda kept: [x / sum(kept) for x in kept],
        "You brought the two to a sum of 1; beam search compares them as they are.",
        cause="normalisation",
    ),
    Mistake(
        "columns-for-rows",
        "joint",
        lambda beam, P: joint(beam, [list(c) for c in zip(*P, strict=True)]),
        "You took the columns of P; row i belongs to what follows word i.",
        cause="axis",
    ),
    Mistake(
        "penalty-left-out",
        "scores",
        lambda sums: sums,
        "You left out the length; without it short hypotheses win.",
        cause="length",
    ),
    Mistake(
        "alpha-left-out",
        "scores",
        lambda sums, short, long: [sums[0] / len(short), sums[1] / len(long)],
        r"You took the plain mean; the length is raised to $\alpha$.",
        levels=(2,),
        cause="length",
    ),
    Mistake(
        "alpha-as-factor",
        "scores",
        lambda sums, short, long, alpha: [
            x / (float(alpha) * len(p)) for x, p in zip(sums, (short, long), strict=True)
        ],
        r"You multiplied the length by $\alpha$; it is raised to it.",
        levels=(2,),
        cause="length",
    ),
    Mistake(
        "multiplied-by-penalty",
        "scores",
        lambda sums, short, long, alpha: [
            x * len(p) ** float(alpha) for x, p in zip(sums, (short, long), strict=True)
        ],
        "You multiplied; the sum is divided by the length.",
        levels=(2,),
        cause="length",
    ),
    Mistake(
        "plain-length",
        "scores",
        lambda sums, short, long, alpha: [
            x / len(p) ** float(alpha) for x, p in zip(sums, (short, long), strict=True)
        ],
        r"You divided by $n^\alpha$; here the penalty is $\left(\frac{5+n}{6}\right)^\alpha$.",
        levels=(3,),
        cause="length",
    ),
    Mistake(
        "alpha-left-out",
        "scores",
        lambda sums, short, long: [
            6 * x / (5 + len(p)) for x, p in zip(sums, (short, long), strict=True)
        ],
        r"You did not raise the penalty to $\alpha$.",
        levels=(3,),
        cause="length",
    ),
    Mistake(
        "one-length-for-both",
        "scores",
        lambda sums, long, alpha: [x / ((5 + len(long)) / 6) ** float(alpha) for x in sums],
        "You used the longer one's length for both.",
        levels=(3,),
        cause="length",
    ),
    Mistake(
        "decimal-logarithms",
        "sums",
        lambda sums: [x / math.log(10) for x in sums],
        "You used decimal logarithms; natural ones were asked.",
        cause="logarithm",
    ),
    Mistake(
        "logarithms-of-two",
        "sums",
        lambda sums: [x / math.log(2) for x in sums],
        "You used logarithms to base 2; natural ones were asked.",
        cause="logarithm",
    ),
    Mistake(
        "logarithm-of-the-sum",
        "sums",
        lambda short, long: [math.log(sum(short)), math.log(sum(long))],
        "You took the logarithm of the sum; the logarithms are added.",
        cause="logarithm",
    ),
    Mistake(
        "sign-lost",
        "sums",
        lambda sums: [-x for x in sums],
        "You lost the sign: logarithms of probabilities are negative.",
        cause="logarithm",
    ),
    Mistake(
        "ratio-of-lengths",
        "equal",
        lambda sums, short, long: equal_at(sums, len(long) / len(short)),
        "You compared the lengths themselves; the penalty counts 5 more.",
        cause="length",
    ),
)

FAMILIES = (
    Family(
        name="beam-search",
        version=1,
        title="Beam search",
        topic="streaming and decoding",
        says="Keep the best few hypotheses, and compare long ones with short ones fairly.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_step, 2: question_mean, 3: question_penalty},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        fine=fine,
        items=("N3.51", "N3.19"),
    ),
)
