"""Speculative decoding: what is drawn after a rejection, tokens a step, and what that gains."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, to_one
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, row


def spread(dice: Dice, total: int) -> Vector | None:
    parts = [dice.between(1, total // 2) for _ in range(3)]
    rest = total - sum(parts)
    return [Fraction(x, total) for x in dice.shuffled([*parts, rest])] if rest > 0 else None


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        total = dice.pick([10, 12, 20])
        p, q = spread(dice, total), spread(dice, total)
        return {"p": p, "q": q} if p and q else None
    drafts = dice.between(3, 7)
    if level == 2:
        return {"rate": Fraction(dice.between(50, 90), 100), "drafts": drafts}
    p, q = spread(dice, 20), spread(dice, 20)
    if not p or not q:
        return None
    return {"p": p, "q": q, "drafts": drafts, "cost": Fraction(dice.between(2, 15), 100)}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Distributions that differ, with more than one token to gain; a draft that helps."""
    if level == 2:
        return True
    p, q = givens["p"], givens["q"]
    if level == 1:
        # Two tokens or three are short in the draft, and not by the same amount.
        left = [x - y for x, y in zip(p, q, strict=True) if x > y + 1e-9]
        return len(left) > 1 and max(left) - min(left) > 1e-9
    return bool(0.5 < givens["rate"] < 0.95)


def question_residual(p: Vector, q: Vector) -> str:
    return (
        r"Speculative decoding: a draft model with probabilities $q$ proposes a token, the target "
        r"model has $p$. Token $x$ is accepted with probability $\min(1,\ p(x)/q(x))$. Give the "
        r"distribution from which a token is drawn after a rejection, so that all in all tokens "
        r"follow $p$."
        rf"$$p={row(p)}$$$$q={row(q)}$$"
    )


def question_tokens(rate: Fraction, drafts: int) -> str:
    return (
        rf"In speculative decoding a draft model proposes ${drafts}$ tokens; the target model "
        rf"checks them in one pass. Each is accepted with probability {decimal(float(rate), 2)}, "
        r"independently, up to the first rejection. Every pass also yields one token of the target "
        r"model itself: in place of the first rejected one, or after the last if all are accepted. "
        r"How many tokens does a pass yield on average?"
    )


def question_speed(p: Vector, q: Vector, drafts: int, cost: Fraction) -> str:
    return (
        r"Speculative decoding: at every place the draft has the probabilities $q$, the target "
        rf"$p$, and a drafted token $x$ is accepted with $\min(1,\ p(x)/q(x))$. The draft proposes "
        rf"${drafts}$ tokens; up to the first rejection they are kept, and every target pass adds "
        rf"one token of its own. A draft token takes {decimal(float(cost), 2)} of the time of a "
        r"target pass. Give the acceptance probability of a token, the mean number of tokens a "
        r"pass, and how many times faster this is than decoding with the target alone."
        rf"$$p={row(list(map(float, p)), 2)}$$$$q={row(list(map(float, q)), 2)}$$"
    )


def overlap(p: Vector, q: Vector) -> Any:
    return sum(min(x, y) for x, y in zip(p, q, strict=True))


def missing(p: Vector, q: Vector) -> Vector:
    return [max(x - y, 0) for x, y in zip(p, q, strict=True)]


def mean_tokens(rate: Any, drafts: int) -> float:
    return (1 - float(rate) ** (drafts + 1)) / (1 - float(rate))


STEPS = (
    Step(
        "short",
        "Where the draft gives too little",
        "r",
        r"\max(0,\ p-q)",
        lambda p, q: missing(p, q),
        lambda p, q: rf"\max\left(0,\ {cell(p[0])}-{cell(q[0])}\right)",
        levels=(1,),
    ),
    Step(
        "residual",
        "Brought to a sum of 1",
        "p'",
        r"\frac{r}{\sum_x r(x)}",
        lambda short: to_one(short),
        lambda short: rf"\frac{{{cell(short[0])}}}{{{cell(sum(short))}}}",
        levels=(1,),
    ),
    Step(
        "rate",
        "Acceptance: what both distributions share",
        r"\alpha",
        r"\sum_x q(x)\min\left(1,\ \frac{p(x)}{q(x)}\right)=\sum_x\min(p(x),\ q(x))",
        lambda p, q: overlap(p, q),
        lambda p, q: "+".join(cell(float(min(x, y)), 2) for x, y in zip(p, q, strict=True)),
        levels=(3,),
    ),
    Step(
        "tokens",
        "Mean number of tokens a pass: a geometric sum",
        "E",
        r"1+\alpha+\ldots+\alpha^\gamma=\frac{1-\alpha^{\gamma+1}}{1-\alpha}",
        lambda rate, drafts: mean_tokens(rate, drafts),
        lambda rate, drafts: (
            rf"\frac{{1-{decimal(float(rate), 2)}^{{{drafts + 1}}}}}{{1-{decimal(float(rate), 2)}}}"
        ),
        levels=(2, 3),
    ),
    Step(
        "speed",
        "Over the time of a pass with its drafts",
        "s",
        r"\frac{E}{1+\gamma c}",
        lambda tokens, drafts, cost: tokens / (1 + drafts * float(cost)),
        lambda tokens, drafts, cost: (
            rf"\frac{{{cell(tokens)}}}{{1+{drafts}\cdot {cell(float(cost), 2)}}}"
        ),
        levels=(3,),
    ),
    Step(
        "all",
        "Together",
        r"(\alpha,\ E,\ s)",
        r"(\alpha,\ E,\ s)",
        lambda rate, tokens, speed: [rate, tokens, speed],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "target-itself",
        "residual",
        lambda p: p,
        "You drew from the target itself; then accepted tokens would come too often.",
        cause="residual",
    ),
    Mistake(
        "not-normalised",
        "residual",
        lambda short: short,
        "You did not bring the differences to a sum of 1.",
        cause="normalisation",
    ),
    Mistake(
        "draft-too-much",
        "short",
        lambda p, q: missing(q, p),
        "You took where the draft gives too much; what is missing has to be made up for.",
        cause="residual",
    ),
    Mistake(
        "distances",
        "short",
        lambda p, q: [abs(x - y) for x, y in zip(p, q, strict=True)],
        "You took distances; where the draft gives too much, nothing is drawn.",
        cause="residual",
    ),
    Mistake(
        "uniform-over-missing",
        "residual",
        lambda short: to_one([1 if x else 0 for x in short]),
        "You gave all tokens that are short the same probability.",
        cause="normalisation",
    ),
    Mistake(
        "target-over-missing",
        "residual",
        lambda p, short: to_one([x if s else 0 for x, s in zip(p, short, strict=True)]),
        r"You shared in proportion to $p$; it is in proportion to what is missing, $p-q$.",
        cause="residual",
    ),
    Mistake(
        "overlap-for-residual",
        "short",
        lambda p, q: [min(x, y) for x, y in zip(p, q, strict=True)],
        "You took what both share; that is what is accepted.",
        cause="residual",
    ),
    Mistake(
        "own-token-left-out",
        "tokens",
        lambda rate, drafts: mean_tokens(rate, drafts) - 1,
        "You left out the target's own token of every pass.",
        cause="count",
    ),
    Mistake(
        "accepted-without-order",
        "tokens",
        lambda rate, drafts: 1 + drafts * float(rate),
        "You counted every accepted token; after the first rejection the others are lost.",
        cause="order",
    ),
    Mistake(
        "one-draft-less",
        "tokens",
        lambda rate, drafts: mean_tokens(rate, drafts - 1),
        r"You stopped the sum one term early: it goes to $\alpha^\gamma$.",
        cause="count",
    ),
    Mistake(
        "without-end",
        "tokens",
        lambda rate: 1 / (1 - float(rate)),
        "You summed without end; the drafts are limited.",
        cause="count",
    ),
    Mistake(
        "all-or-nothing",
        "tokens",
        lambda rate, drafts: 1 + drafts * float(rate) ** drafts,
        "You counted only the case that all are accepted.",
        cause="order",
    ),
    Mistake(
        "probabilities-of-both",
        "rate",
        lambda p, q: sum(x * y for x, y in zip(p, q, strict=True)),
        "You multiplied both distributions: that both draw the same token is another question.",
        cause="acceptance",
    ),
    Mistake(
        "distance-for-rate",
        "rate",
        lambda p, q: 1 - overlap(p, q),
        "You gave the probability of a rejection.",
        cause="acceptance",
    ),
    Mistake(
        "ratios-averaged",
        "rate",
        lambda p, q: sum(min(1, x / y) for x, y in zip(p, q, strict=True)) / len(p),
        r"You took the plain mean of $\min(1,p/q)$; each counts as often as it is drafted.",
        cause="acceptance",
    ),
    Mistake(
        "drafts-free",
        "speed",
        lambda tokens: tokens,
        "You left out the time for the drafts.",
        cause="time",
    ),
    Mistake(
        "one-draft-paid",
        "speed",
        lambda tokens, cost: tokens / (1 + float(cost)),
        "You counted the time of one draft token; all of them take time.",
        cause="time",
    ),
    Mistake(
        "target-pass-left-out",
        "speed",
        lambda tokens, drafts, cost: tokens / (drafts * float(cost)),
        "You left out the target's own pass.",
        cause="time",
    ),
    Mistake(
        "pass-for-each-token",
        "speed",
        lambda tokens, drafts, cost: tokens / (1 + drafts),
        "You counted a whole pass for each draft token; a draft takes a part of that.",
        cause="time",
    ),
)

FAMILIES = (
    Family(
        name="speculative-decoding",
        version=1,
        title="Speculative decoding",
        topic="streaming and decoding",
        says="A small model drafts, the large one checks: what is kept, and what that gains.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_residual, 2: question_tokens, 3: question_speed},
        precision={1: Exact(), 2: Places(3), 3: Places(2)},
        convention={1: "in the order of the tokens"},
        fine=fine,
        items=("N3.51", "N3.19"),
    ),
)
