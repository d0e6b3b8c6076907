"""Reinforcing sampled tokens: the gradient with a baseline, over a group, with an entropy bonus."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, column, softmax
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import (
    cell,
    decimal,
    factor,
    products,
    row,
    softmax_working,
    tuple_of,
)


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 3:
        return {
            "z": [dice.between(-15, 20) / 10 for _ in range(3)],
            "token": dice.between(1, 3),
            "advantage": dice.pick([-15, -10, -5, 5, 10, 15, 20]) / 10,
            "beta": dice.pick([1, 2, 5]) / 10,
        }
    odds = dice.vector(dice.pick([3, 4]), 1, 5)
    if sum(odds) not in (4, 5, 6, 8, 10):
        return None
    given: dict[str, Any] = {"p": [Fraction(a, sum(odds)) for a in odds]}
    n = len(odds)
    if level == 1:
        return given | {
            "token": dice.between(1, n),
            "reward": dice.between(-3, 8),
            "baseline": dice.between(-2, 5),
        }
    return given | {
        "tokens": dice.vector(3, 1, n),
        "rewards": dice.vector(3, 0, 9),
    }


def fine(p: Vector, level: int, givens: dict[str, Any]) -> bool:
    """A spread row; rewards that differ from each other and from their baseline."""
    if max(p) > 0.9 or min(p) < 0.03 or len(set(p)) < 2:
        return False
    if level == 1:
        reward, baseline = givens["reward"], givens["baseline"]
        return bool(reward and baseline and abs(reward - baseline) > 1)
    if level == 2:
        return len(set(givens["tokens"])) == 2 and len(set(givens["rewards"])) == 3
    return True


def question_one(p: Vector, token: int, reward: int, baseline: int) -> str:
    return (
        r"A model samples a token from $p=\mathrm{softmax}(z)$ and is rewarded for it. The "
        r"objective, to be made large, is $J=(R-b)\ln p_a$ with the reward "
        rf"$R={reward}$, the baseline $b={baseline}$ and the sampled token $a={token}$. Give "
        r"$\partial J/\partial z$."
        rf"$$p={row(p)}$$"
    )


def question_group(p: Vector, tokens: Vector, rewards: Vector) -> str:
    return (
        r"A model samples three tokens from the same $p=\mathrm{softmax}(z)$: the tokens "
        rf"$a={tuple_of(list(map(int, tokens)))}$ with the rewards "
        rf"$R={tuple_of(list(map(int, rewards)))}$. The baseline $b$ is the mean of the rewards. "
        r"The objective, to be made large, is the mean over the samples of $(R-b)\ln p_a$. Give "
        r"$\partial J/\partial z$."
        rf"$$p={row(p)}$$"
    )


def question_entropy(z: Vector, token: int, advantage: float, beta: float) -> str:
    return (
        r"A model samples a token from $p=\mathrm{softmax}(z)$. The objective, to be made large, "
        r"has a bonus for entropy: $J=A\ln p_a+\beta H$ with $H=-\sum_j p_j\ln p_j$, the advantage "
        rf"$A={decimal(advantage, 1)}$, $\beta={decimal(beta, 1)}$ and the sampled token "
        rf"$a={token}$. Give $\partial J/\partial z$."
        rf"$$z={row(z, 1)}$$"
    )


def hot(token: Any, n: int) -> Vector:
    return [1 if j == int(token) - 1 else 0 for j in range(n)]


def toward(p: Vector, token: Any) -> Vector:
    """e_a − p, the gradient of ln p_a."""
    return [e - x for e, x in zip(hot(token, len(p)), p, strict=True)]


def times(v: Vector, by: Any) -> Vector:
    return [x * by for x in v]


def mean_of(v: Vector) -> Any:
    return divide(sum(v), len(v))


def mixed(directions: Matrix, weights: Vector) -> Vector:
    """The mean over the samples of weight times direction."""
    return [
        mean_of([w * d for w, d in zip(weights, column, strict=True)])
        for column in zip(*directions, strict=True)
    ]


def entropy(p: Vector) -> float:
    return float(-sum(x * math.log(x) for x in p))


def entropy_slope(p: Vector) -> Vector:
    H = entropy(p)
    return [-x * (math.log(x) + H) for x in p]


STEPS = (
    Step(
        "p",
        "Probabilities",
        "p",
        r"\mathrm{softmax}(z)",
        lambda z: softmax(z),
        lambda z: softmax_working(z),
        levels=(3,),
    ),
    Step(
        "direction",
        "Gradient of the logarithm: 1 at the sampled token, less the probabilities",
        r"\frac{\partial\ln p_a}{\partial z}",
        "e_a-p",
        lambda p, token: toward(p, token),
        lambda p, token: rf"{hot(token, len(p))[0]}-{cell(p[0])}",
        levels=(1, 3),
    ),
    Step(
        "gradient",
        "So much better or worse than the baseline",
        r"\frac{\partial J}{\partial z}",
        r"(R-b)\,(e_a-p)",
        lambda direction, reward, baseline: times(direction, reward - baseline),
        lambda direction, reward, baseline: (
            rf"({cell(reward)}-{factor(baseline)})\cdot {factor(direction[0])}"
        ),
        levels=(1,),
    ),
    Step(
        "advantages",
        "Rewards less their mean",
        "R-b",
        r"R_i-\frac{1}{3}\sum_jR_j",
        lambda rewards: [r - mean_of(rewards) for r in rewards],
        lambda rewards: rf"{cell(rewards[0])}-{factor(mean_of(rewards))}",
        levels=(2,),
        entry=r"R_i-b",
    ),
    Step(
        "directions",
        "For each sample 1 at its token, less the probabilities",
        "D",
        r"e_{a_i}-p",
        lambda p, tokens: [toward(p, t) for t in tokens],
        lambda p, tokens: rf"{hot(tokens[0], len(p))[0]}-{cell(p[0])}",
        levels=(2,),
        entry=r"D_i",
    ),
    Step(
        "gradient",
        "Mean over the samples",
        r"\frac{\partial J}{\partial z}",
        r"\frac{1}{3}\sum_i(R_i-b)\,D_i",
        lambda directions, advantages: mixed(directions, advantages),
        lambda directions, advantages: rf"\frac{{{products(advantages, column(directions))}}}{{3}}",
        levels=(2,),
    ),
    Step(
        "bonus",
        "Gradient of the entropy",
        r"\frac{\partial H}{\partial z}",
        r"-p\circ(\ln p+H)",
        lambda p: entropy_slope(p),
        lambda p: rf"-{cell(p[0])}\cdot(\ln {cell(p[0])}+{cell(entropy(p))})",
        levels=(3,),
    ),
    Step(
        "gradient",
        "Both parts",
        r"\frac{\partial J}{\partial z}",
        r"A\,(e_a-p)+\beta\,\frac{\partial H}{\partial z}",
        lambda direction, advantage, bonus, beta: [
            advantage * d + beta * h for d, h in zip(direction, bonus, strict=True)
        ],
        lambda direction, advantage, bonus, beta: (
            rf"{decimal(advantage, 1)}\cdot {factor(direction[0])}"
            rf"+{decimal(beta, 1)}\cdot {factor(bonus[0])}"
        ),
        levels=(3,),
    ),
)


MISTAKES = (
    Mistake(
        "baseline-left-out",
        "gradient",
        lambda direction, reward: times(direction, reward),
        "You left out the baseline; the token is measured against it.",
        cause="baseline",
    ),
    Mistake(
        "sign-flipped",
        "direction",
        lambda direction: times(direction, -1),
        r"You gave $p-e_a$, as for a loss; the objective is to be made large.",
        cause="sign",
    ),
    Mistake(
        "sampled-token-only",
        "direction",
        lambda p, token: [1 - x if e else 0 for e, x in zip(hot(token, len(p)), p, strict=True)],
        "You gave the sampled token alone; the other logits have a gradient as well.",
        cause="softmax",
    ),
    Mistake(
        "probabilities-left-out",
        "direction",
        lambda p, token: hot(token, len(p)),
        "You left out the probabilities: pushing one token up pushes the others down.",
        cause="softmax",
    ),
    Mistake(
        "through-the-probability",
        "direction",
        lambda p, token: times(toward(p, token), p[int(token) - 1]),
        r"You took the gradient of $p_a$; that of $\ln p_a$ has no factor $p_a$.",
        cause="logarithm",
    ),
    Mistake(
        "baseline-added",
        "gradient",
        lambda direction, reward, baseline: times(direction, reward + baseline),
        "You added the baseline; it is subtracted.",
        cause="baseline",
    ),
    Mistake(
        "baseline-left-out",
        "advantages",
        lambda rewards: list(rewards),
        "You left out the baseline; each reward is measured against the mean.",
        cause="baseline",
    ),
    Mistake(
        "sum-for-mean",
        "gradient",
        lambda directions, advantages: times(mixed(directions, advantages), len(advantages)),
        "You gave the sum over the samples; the objective is their mean.",
        levels=(2,),
        cause="mean",
    ),
    Mistake(
        "best-sample-only",
        "gradient",
        lambda directions, advantages: times(
            directions[advantages.index(max(advantages))], max(advantages)
        ),
        "You used the best sample alone; the worse ones push as well.",
        levels=(2,),
        cause="samples",
    ),
    Mistake(
        "sign-flipped",
        "gradient",
        lambda directions, advantages: times(mixed(directions, advantages), -1),
        r"You gave $p-e_a$, as for a loss; the objective is to be made large.",
        levels=(2,),
        cause="sign",
    ),
    Mistake(
        "advantages-as-rewards-of-one",
        "advantages",
        lambda rewards: [1 if r > mean_of(rewards) else -1 for r in rewards],
        "You only used whether a reward lies above the mean; by how much counts.",
        cause="baseline",
    ),
    Mistake(
        "bonus-left-out",
        "gradient",
        lambda direction, advantage: times(direction, advantage),
        "You left out the bonus for entropy.",
        cause="entropy",
    ),
    Mistake(
        "bonus-subtracted",
        "gradient",
        lambda direction, advantage, bonus, beta: [
            advantage * d - beta * h for d, h in zip(direction, bonus, strict=True)
        ],
        "You subtracted the bonus; more entropy makes the objective larger.",
        cause="sign",
    ),
    Mistake(
        "entropy-not-through-softmax",
        "bonus",
        lambda p: [-(math.log(x) + 1) for x in p],
        r"You gave $-(\ln p+1)$, the derivative for $p$; the softmax is between it and $z$.",
        cause="entropy",
    ),
    Mistake(
        "entropy-left-out-of-its-slope",
        "bonus",
        lambda p: [-x * math.log(x) for x in p],
        r"You gave $-p\ln p$, the terms of the entropy; its gradient is $-p\,(\ln p+H)$.",
        cause="entropy",
    ),
)

FAMILIES = (
    Family(
        name="policy-gradient",
        version=1,
        title="Policy gradient of a sampled token",
        topic="losses and their gradients",
        says="A sampled token is made likelier by how much it beats its baseline.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_group, 3: question_entropy},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        convention="in the order of the tokens",
        fine=fine,
        items=("N2.20", "N2.24"),
    ),
)
