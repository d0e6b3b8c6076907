"""Entropy of a row of weights: in bits exactly, in nats with its perplexity, then from scores."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, dot, shrink, softmax
from studykit.problems.dice import Dice
from studykit.problems.exact import sqrt
from studykit.problems.family import Family, Mistake, Step, named
from studykit.problems.mistakes.scores import SCALE
from studykit.problems.wording import cell, products, row

HALVES = ((1, 2, 2), (1, 2, 3, 3), (1, 3, 3, 3, 3), (2, 2, 2, 3, 3))
"""Exponents k of rows of weights (1/2)^k that sum to 1."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        weights = [Fraction(1, 2**k) for k in dice.pick(HALVES)]
        if len(weights) < 5 and dice.below(2):
            weights.append(Fraction(0))
        return {"p": dice.shuffled(weights)}
    if level == 2:
        odds = dice.vector(dice.pick([3, 4]), 1, 6)
        return {"p": [Fraction(a, sum(odds)) for a in odds]}
    return {"scores": dice.vector(3, -4, 6), "d_k": dice.pick([4, 9, 16])}


def fine(p: Vector) -> bool:
    """Neither uniform nor near one-hot."""
    return bool(max(p) <= 0.9 and max(p) - min(p) >= 0.05 and all(x == 0 or x >= 0.02 for x in p))


def question(p: Vector) -> str:
    return (
        r"A query spreads its attention with these weights. Give the entropy of the row in bits, "
        r"$H=-\sum_j p_j\log_2 p_j$ with $0\log_2 0=0$."
        rf"$$p={row(p)}$$"
    )


def question_nats(p: Vector) -> str:
    return (
        r"A query spreads its attention with these weights. Give the entropy of the row in nats, "
        r"$H=-\sum_j p_j\ln p_j$, and its perplexity $e^H$, the effective number of keys."
        rf"$$p={row(p)}$$"
    )


def question_from_scores(scores: Vector, d_k: int) -> str:
    return (
        rf"These are a query's raw products with its keys, not yet scaled; $d_k={d_k}$. Give the "
        r"entropy of its attention weights in nats, $H=-\sum_j p_j\ln p_j$, and the perplexity "
        r"$e^H$."
        rf"$$q\cdot k_j:\quad {row(scores)}$$"
    )


def bits(p: Any) -> Any:
    """−log₂ p, exact for a power of ½; 0 for a weight of 0, which counts nothing."""
    if not p:
        return 0
    if isinstance(p, Fraction) and p.numerator == 1 and not p.denominator & (p.denominator - 1):
        return p.denominator.bit_length() - 1
    return -math.log2(p)


def nats(p: Any) -> float:
    return -math.log(p) if p else 0.0


STEPS = (
    Step(
        "scaled",
        "Scaled scores",
        "s",
        r"\frac{q\cdot k_j}{\sqrt{d_k}}",
        lambda scores, d_k: shrink(scores, sqrt(d_k)),
        lambda scores, d_k: rf"\frac{{{cell(scores[0])}}}{{\sqrt{{{d_k}}}}}",
        levels=(3,),
        entry=r"s_j",
    ),
    Step(
        "p",
        "Weights",
        "p",
        r"\mathrm{softmax}(s)",
        lambda scaled: softmax(scaled),
        levels=(3,),
    ),
    Step(
        "surprise",
        "How surprising each key is, in bits",
        r"-\log_2 p",
        r"-\log_2 p_j",
        lambda p: [bits(x) for x in p],
        lambda p: rf"-\log_2({cell(p[0])})" if p[0] else "0",
        levels=(1,),
        entry=r"(-\log_2 p)_j",
    ),
    Step(
        "surprise",
        "How surprising each key is, in nats",
        r"-\ln p",
        r"-\ln p_j",
        lambda p: [nats(x) for x in p],
        lambda p: rf"-\ln({cell(p[0])})",
        levels=(2, 3),
        entry=r"(-\ln p)_j",
    ),
    Step(
        "entropy",
        "Entropy: the mean surprise",
        "H",
        r"\sum_j p_j\cdot(-\log p_j)",
        lambda p, surprise: dot(p, surprise),
        lambda p, surprise: products(p, surprise),
    ),
    Step(
        "perplexity",
        "Perplexity: the effective number of keys",
        "e^H",
        r"e^{H}",
        lambda entropy: math.exp(entropy),
        lambda entropy: rf"e^{{{cell(entropy)}}}",
        levels=(2, 3),
    ),
    Step(
        "both",
        "Both together",
        r"\left(H,\ e^H\right)",
        r"\left(H,\ e^H\right)",
        lambda entropy, perplexity: [entropy, perplexity],
        levels=(2, 3),
    ),
)

MISTAKES = (
    Mistake(
        "nats-for-bits",
        "surprise",
        lambda p: [nats(x) for x in p],
        "You used the natural logarithm; in bits it is the logarithm to base 2.",
        levels=(1,),
        cause="base",
    ),
    Mistake(
        "bits-for-nats",
        "surprise",
        lambda p: [-math.log2(x) if x else 0.0 for x in p],
        "You used the logarithm to base 2; in nats it is the natural one.",
        levels=(2, 3),
        cause="base",
    ),
    Mistake(
        "decimal-logarithm",
        "surprise",
        lambda p: [-math.log10(x) if x else 0.0 for x in p],
        "You used the logarithm to base 10.",
        cause="base",
    ),
    Mistake(
        "minus-missing",
        "entropy",
        lambda entropy: -entropy,
        "The minus is missing: logarithms of weights are negative, an entropy is not.",
        cause="sign",
    ),
    Mistake(
        "not-weighted",
        "entropy",
        lambda surprise: sum(surprise),
        "You added the surprises without their weights.",
        cause="mean",
    ),
    Mistake(
        "plain-mean",
        "entropy",
        lambda surprise: sum(surprise) / len(surprise),
        "You took the plain mean of the surprises; it is weighted with p.",
        cause="mean",
    ),
    Mistake(
        "as-if-uniform",
        "entropy",
        lambda p: bits(1 / len(p)),
        r"You gave $\log_2 n$, the entropy of a uniform row.",
        levels=(1,),
        cause="uniform",
    ),
    Mistake(
        "as-if-uniform",
        "entropy",
        lambda p: math.log(len(p)),
        r"You gave $\ln n$, the entropy of a uniform row.",
        levels=(2, 3),
        cause="uniform",
    ),
    Mistake(
        "sum-of-squares",
        "entropy",
        lambda p: dot(p, p),
        r"You added the squares of the weights; the entropy weighs logarithms.",
        cause="mean",
    ),
    Mistake(
        "power-of-two",
        "perplexity",
        lambda entropy: 2.0**entropy,
        r"You took $2^H$ with $H$ in nats; with nats it is $e^H$.",
        cause="base",
    ),
    Mistake(
        "perplexity-is-count",
        "perplexity",
        lambda p: float(len(p)),
        "You gave the number of keys; that is the perplexity of a uniform row only.",
        cause="uniform",
    ),
    *named(SCALE, "no-scale", "divided-by-d", "times-root"),
)

FAMILIES = (
    Family(
        name="attention-entropy",
        version=1,
        title="Entropy of attention weights",
        topic="softmax",
        says="How widely a query spreads its attention.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question_nats, 3: question_from_scores},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="",
        fine=fine,
        items=("N3.19",),
    ),
)
