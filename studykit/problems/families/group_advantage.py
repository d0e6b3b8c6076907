"""Advantages in a group of answers: normalised, against the others, and in a clipped objective."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import added, cell, decimal, factor, row

DEVIATIONS = (
    (3, 3, -3, -3),
    (2, 2, -2, -2),
    (5, -3, -1, -1),
    (-5, 3, 1, 1),
    (1, 7, -1, -7),
)
"""Deviations from a mean with a whole root of their mean square."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        mean = dice.between(1, 9)
        return {"r": [mean + a for a in dice.shuffled(dice.pick(DEVIATIONS))]}
    if level == 2:
        return {"r": dice.vector(dice.pick([3, 4, 5]), 0, 9)}
    n = dice.pick([3, 4])
    return {
        "A": [dice.pick([-1, 1]) * dice.between(3, 18) / 10 for _ in range(n)],
        "new": [-dice.between(10, 40) / 10 for _ in range(n)],
        "old": [-dice.between(10, 40) / 10 for _ in range(n)],
        "epsilon": 0.2,
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Rewards that differ; at level 3 ratios on both sides of the range and inside it."""
    if level < 3:
        return len(set(givens["r"])) > 1 and sum(givens["r"]) != 0
    ratios = givens["ratios"]
    bound = [(x > 1.22) - (x < 0.78) for x in ratios]
    A = givens["A"]
    bites = any(b * a > 0 for a, b in zip(A, bound, strict=True))
    spares = any(b * a < 0 for a, b in zip(A, bound, strict=True))
    near = any(abs(x - y) < 0.02 for x in ratios for y in (0.8, 1.0, 1.2))
    return bites and spares and not near and all(0.3 < x < 2.2 for x in ratios)


def question_normal(r: Vector) -> str:
    return (
        rf"A model wrote {len(r)} answers to one question and got the rewards $r$. Give the "
        r"advantages of the group: the reward less the group's mean, divided by its standard "
        r"deviation (of the population, $\varepsilon=0$)."
        rf"$$r={row(r)}$$"
    )


def question_others(r: Vector) -> str:
    return (
        rf"A model wrote {len(r)} answers to one question and got the rewards $r$. The advantage "
        r"of an answer is its reward less the mean reward of the other answers (leave one out), "
        r"not normalised. Give the advantages."
        rf"$$r={row(r)}$$"
    )


def question_clipped(A: Vector, new: Vector, old: Vector, epsilon: float) -> str:
    return (
        r"Answers were drawn from an old model and have the advantages $A$. With the ratio "
        r"$\rho=\pi/\pi_{old}$ the objective is the mean over the answers of "
        rf"$\min\left(\rho A,\ \mathrm{{clip}}(\rho,\ 1-\varepsilon,\ 1+\varepsilon)\,A\right)$, "
        rf"$\varepsilon={decimal(epsilon, 1)}$. Give it."
        rf"$$A={row(A, 1)}$$$$\ln\pi={row(new, 1)}$$"
        rf"$$\ln\pi_{{old}}={row(old, 1)}$$"
    )


def mean_of(v: Vector) -> Any:
    return divide(sum(v), len(v))


def clipped(x: Any, epsilon: Any) -> Any:
    return min(max(x, 1 - epsilon), 1 + epsilon)


def objective(A: Vector, ratios: Vector, pick: Any) -> Vector:
    return [pick(x, a) for x, a in zip(ratios, A, strict=True)]


STEPS = (
    Step(
        "mean",
        "Mean of the group",
        r"\mu",
        r"\frac{1}{n}\sum_i r_i",
        lambda r: mean_of(r),
        lambda r: rf"\frac{{{added(r)}}}{{{len(r)}}}",
        levels=(1,),
    ),
    Step(
        "spread",
        "Standard deviation of the group",
        r"\sigma",
        r"\sqrt{\frac{1}{n}\sum_i(r_i-\mu)^2}",
        lambda r, mean: sqrt(mean_of([(x - mean) ** 2 for x in r])),
        levels=(1,),
    ),
    Step(
        "advantage",
        "Advantages",
        "A",
        r"\frac{r-\mu}{\sigma}",
        lambda r, mean, spread: [divide(x - mean, spread) for x in r],
        lambda r, mean, spread: rf"\frac{{{cell(r[0])}-{factor(mean)}}}{{{cell(spread)}}}",
        levels=(1,),
    ),
    Step(
        "others",
        "Mean of the other answers, for each",
        r"\mu_{-i}",
        r"\frac{1}{n-1}\sum_{j\ne i}r_j",
        lambda r: [divide(sum(r) - x, len(r) - 1) for x in r],
        lambda r: rf"\frac{{{added(r[1:])}}}{{{len(r) - 1}}}",
        levels=(2,),
    ),
    Step(
        "advantage",
        "Advantages",
        "A",
        r"r_i-\mu_{-i}",
        lambda r, others: [x - y for x, y in zip(r, others, strict=True)],
        lambda r, others: f"{cell(r[0])}-{factor(others[0])}",
        levels=(2,),
        entry=r"A_i",
    ),
    Step(
        "ratios",
        "Ratios of the probabilities",
        r"\rho",
        r"e^{\ln\pi-\ln\pi_{old}}",
        lambda new, old: [math.exp(a - b) for a, b in zip(new, old, strict=True)],
        lambda new, old: rf"e^{{{new[0]:.1f}-({old[0]:.1f})}}",
        levels=(3,),
    ),
    Step(
        "terms",
        "The smaller of both for every answer",
        "t",
        r"\min\left(\rho A,\ \mathrm{clip}(\rho)\,A\right)",
        lambda A, ratios, epsilon: objective(
            A, ratios, lambda x, a: min(x * a, clipped(x, epsilon) * a)
        ),
        lambda A, ratios, epsilon: (
            rf"\min\left({cell(ratios[0])}\cdot {factor(A[0], 1)},\ "
            rf"{cell(clipped(ratios[0], epsilon))}\cdot {factor(A[0], 1)}\right)"
        ),
        levels=(3,),
    ),
    Step(
        "value",
        "Mean over the answers",
        "J",
        r"\frac{1}{n}\sum_i t_i",
        lambda terms: mean_of(terms),
        lambda terms: rf"\frac{{{added(terms)}}}{{{len(terms)}}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "one-fewer",
        "spread",
        lambda r, mean: sqrt(divide(sum((x - mean) ** 2 for x in r), len(r) - 1)),
        r"You divided by $n-1$ under the root; here it is the population's, by $n$.",
        cause="deviation",
    ),
    Mistake(
        "variance-for-deviation",
        "spread",
        lambda r, mean: mean_of([(x - mean) ** 2 for x in r]),
        "You divided by the variance; the standard deviation is its root.",
        when=lambda spread: spread != 1,
        cause="deviation",
    ),
    Mistake(
        "not-divided",
        "advantage",
        lambda r, mean: [x - mean for x in r],
        "You left out the division by the standard deviation.",
        when=lambda spread: spread != 1,
        cause="deviation",
    ),
    Mistake(
        "not-centred",
        "advantage",
        lambda r, spread: [divide(x, spread) for x in r],
        "You left out the mean; it is the baseline.",
        cause="baseline",
    ),
    Mistake(
        "against-the-best",
        "advantage",
        lambda r, spread: [divide(x - max(r), spread) for x in r],
        "You compared with the best answer; the baseline is the mean.",
        cause="baseline",
    ),
    Mistake(
        "own-reward-in-the-mean",
        "others",
        lambda r: [mean_of(r) for _ in r],
        "You used the mean of all answers; an answer's own reward stays out of its baseline.",
        cause="baseline",
    ),
    Mistake(
        "divided-by-all",
        "others",
        lambda r: [divide(sum(r) - x, len(r)) for x in r],
        "You divided the sum of the others by all; there is one fewer of them.",
        cause="baseline",
    ),
    Mistake(
        "sum-of-the-others",
        "others",
        lambda r: [sum(r) - x for x in r],
        "You subtracted the sum of the others; the baseline is their mean.",
        cause="baseline",
    ),
    Mistake(
        "baseline-only",
        "advantage",
        lambda others: others,
        "You gave the baselines; the advantage is the reward less its baseline.",
        cause="stopped",
    ),
    Mistake(
        "sign-flipped",
        "advantage",
        lambda advantage: [-x for x in advantage],
        "You subtracted the rewards from the baseline; it is the other way round.",
        cause="sign",
    ),
    Mistake(
        "not-clipped",
        "terms",
        lambda A, ratios: objective(A, ratios, lambda x, a: x * a),
        "You did not clip the ratios.",
        cause="clip",
    ),
    Mistake(
        "always-clipped",
        "terms",
        lambda A, ratios, epsilon: objective(A, ratios, lambda x, a: clipped(x, epsilon) * a),
        "You clipped every ratio; the smaller of the clipped and the plain product counts.",
        cause="clip",
    ),
    Mistake(
        "larger-of-both",
        "terms",
        lambda A, ratios, epsilon: objective(
            A, ratios, lambda x, a: max(x * a, clipped(x, epsilon) * a)
        ),
        "You took the larger of both; the objective takes the smaller.",
        cause="clip",
    ),
    Mistake(
        "ratio-upside-down",
        "ratios",
        lambda new, old: [math.exp(b - a) for a, b in zip(new, old, strict=True)],
        "You divided the old probability by the new one.",
        cause="ratio",
    ),
    Mistake(
        "ratio-of-logarithms",
        "ratios",
        lambda new, old: [a / b for a, b in zip(new, old, strict=True)],
        "You divided the logarithms; the ratio is e to their difference.",
        cause="ratio",
    ),
    Mistake(
        "sum-for-mean",
        "value",
        lambda terms: sum(terms),
        "You gave the sum; the objective is the mean over the answers.",
        cause="mean",
    ),
)

FAMILIES = (
    Family(
        name="group-advantage",
        version=1,
        title="Advantages in a group (GRPO)",
        topic="losses and their gradients",
        says="Rewards against their group, and the clipped objective made of them.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_normal, 2: question_others, 3: question_clipped},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        convention={1: "in the order of the answers", 2: "in the order of the answers"},
        fine=fine,
        items=("N2.20", "N2.26"),
    ),
)
