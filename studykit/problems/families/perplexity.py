"""Perplexity: from probabilities exactly, from losses in nats, then bits a byte of a text."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, row, tex


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        base, n = dice.pick([2, 2, 3]), dice.pick([2, 3, 4])
        powers = dice.vector(n, 1, 5 if base == 2 else 3)
        if sum(powers) % n or len(set(powers)) == 1:
            return None
        return {"p": [Fraction(1, base**k) for k in powers], "base": base, "powers": powers}
    if level == 2:
        return {"losses": [dice.between(20, 450) / 100 for _ in range(dice.pick([3, 4, 5]))]}
    tokens = 100 * dice.between(4, 30)
    return {
        "total": 10 * round(tokens * dice.between(18, 34) / 100),
        "tokens": tokens,
        "size": round(tokens * dice.between(30, 50) / 100) * 10,
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Losses that differ enough for their mean to matter."""
    if level == 2:
        return bool(max(givens["losses"]) - min(givens["losses"]) > 1)
    return True


def question_probabilities(p: Vector) -> str:
    shown = r",\ ".join(tex(x) for x in p)
    return (
        rf"A model gave the tokens of a text, as they came, the probabilities ${shown}$. "
        r"Give its perplexity on this text."
    )


def question_losses(losses: Vector) -> str:
    return (
        r"These are a model's losses $-\ln p$ in nats on the tokens of a text. Give the mean loss, "
        r"the perplexity, and the mean loss in bits a token."
        rf"$$L={row(losses, 2)}$$"
    )


def question_text(total: int, tokens: int, size: int) -> str:
    return (
        rf"A model's losses $-\ln p$ on a text of ${tokens}$ tokens and ${size}$ bytes add up to "
        rf"${total}$ nats. Give the perplexity per token, and the loss in bits per byte."
    )


STEPS = (
    Step(
        "bits",
        "Mean of the exponents: how often the base is divided by, on average",
        r"\bar k",
        r"\frac{1}{n}\sum_t \log_b\frac{1}{p_t}",
        lambda powers: divide(sum(powers), len(powers)),
        lambda powers: rf"\frac{{{'+'.join(str(k) for k in powers)}}}{{{len(powers)}}}",
        levels=(1,),
    ),
    Step(
        "perplexity",
        "Perplexity: the geometric mean of 1/p",
        r"\mathrm{PPL}",
        r"b^{\bar k}=\left(\prod_t p_t\right)^{-1/n}",
        lambda base, bits: base**bits,
        lambda base, bits: rf"{base}^{{{cell(bits)}}}",
        levels=(1,),
    ),
    Step(
        "mean",
        "Mean loss",
        r"\bar L",
        r"\frac{1}{n}\sum_t L_t",
        lambda losses: sum(losses) / len(losses),
        levels=(2,),
    ),
    Step(
        "mean",
        "Mean loss of a token",
        r"\bar L",
        r"\frac{\text{nats}}{\text{tokens}}",
        lambda total, tokens: divide(total, tokens),
        lambda total, tokens: rf"\frac{{{total}}}{{{tokens}}}",
        levels=(3,),
    ),
    Step(
        "perplexity",
        "Perplexity",
        r"\mathrm{PPL}",
        r"e^{\bar L}",
        lambda mean: math.exp(mean),
        lambda mean: rf"e^{{{cell(mean)}}}",
        levels=(2, 3),
    ),
    Step(
        "bits",
        "Mean loss in bits: a bit is ln 2 nats",
        r"\bar L_2",
        r"\frac{\bar L}{\ln 2}",
        lambda mean: mean / math.log(2),
        lambda mean: rf"\frac{{{cell(mean)}}}{{\ln 2}}",
        levels=(2,),
    ),
    Step(
        "bits",
        "Bits a byte: all nats, in bits, over all bytes",
        r"\mathrm{bpb}",
        r"\frac{\text{nats}}{\ln 2\cdot\text{bytes}}",
        lambda total, size: total / math.log(2) / size,
        lambda total, size: rf"\frac{{{total}}}{{\ln 2\cdot {size}}}",
        levels=(3,),
    ),
    Step(
        "all",
        "All three",
        r"(\bar L,\ \mathrm{PPL},\ \bar L_2)",
        r"(\bar L,\ \mathrm{PPL},\ \bar L_2)",
        lambda mean, perplexity, bits: [mean, perplexity, bits],
        levels=(2,),
    ),
    Step(
        "all",
        "Both together",
        r"(\mathrm{PPL},\ \mathrm{bpb})",
        r"(\mathrm{PPL},\ \mathrm{bpb})",
        lambda perplexity, bits: [perplexity, bits],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "mean-of-perplexities",
        "perplexity",
        lambda p: divide(sum(divide(1, x) for x in p), len(p)),
        "You averaged 1/p; perplexity is the geometric mean, so the logarithms are averaged.",
        levels=(1,),
        cause="mean",
    ),
    Mistake(
        "inverse-mean-probability",
        "perplexity",
        lambda p: divide(len(p), sum(p)),
        "You inverted the mean probability; the logarithms are averaged.",
        levels=(1,),
        cause="mean",
    ),
    Mistake(
        "no-root",
        "perplexity",
        lambda base, powers: base ** sum(powers),
        "You inverted the product of all probabilities; its n-th root is still to be taken.",
        levels=(1,),
        cause="mean",
    ),
    Mistake(
        "not-inverted",
        "perplexity",
        lambda base, bits: divide(1, base**bits),
        "You gave the geometric mean of the probabilities; perplexity is its inverse.",
        levels=(1,),
        cause="inverse",
    ),
    Mistake(
        "exponent-for-perplexity",
        "perplexity",
        lambda bits: bits,
        "You gave the mean exponent; the perplexity is the base to that power.",
        levels=(1,),
        cause="stopped",
    ),
    Mistake(
        "mean-of-perplexities",
        "perplexity",
        lambda losses: sum(math.exp(x) for x in losses) / len(losses),
        "You averaged the tokens' perplexities; average the losses first.",
        levels=(2,),
        cause="mean",
    ),
    Mistake(
        "sum-for-mean",
        "mean",
        lambda losses: sum(losses),
        "You added the losses; they are averaged over the tokens.",
        levels=(2,),
        cause="mean",
    ),
    Mistake(
        "power-of-two",
        "perplexity",
        lambda mean: 2.0**mean,
        r"You took $2^L$ with $L$ in nats; with nats it is $e^L$.",
        levels=(2, 3),
        cause="base",
    ),
    Mistake(
        "times-ln-two",
        "bits",
        lambda mean: mean * math.log(2),
        r"You multiplied by $\ln 2$; a bit is the smaller unit, so there are more of them.",
        levels=(2,),
        cause="base",
    ),
    Mistake(
        "decimal-logarithm",
        "bits",
        lambda mean: mean / math.log(10),
        r"You divided by $\ln 10$; for bits it is $\ln 2$.",
        levels=(2,),
        cause="base",
    ),
    Mistake(
        "bits-a-token",
        "bits",
        lambda mean: mean / math.log(2),
        "You gave bits a token; per byte all bits are shared among the bytes.",
        levels=(3,),
        cause="unit",
    ),
    Mistake(
        "nats-a-byte",
        "bits",
        lambda total, size: total / size,
        r"You gave nats a byte; a bit is $\ln 2$ nats.",
        levels=(3,),
        cause="unit",
    ),
    Mistake(
        "perplexity-of-a-byte",
        "perplexity",
        lambda total, size: math.exp(total / size),
        "You divided by the bytes for the perplexity; it is asked per token.",
        levels=(3,),
        cause="unit",
    ),
    Mistake(
        "times-ln-two",
        "bits",
        lambda total, size: total * math.log(2) / size,
        r"You multiplied by $\ln 2$; a bit is the smaller unit, so there are more of them.",
        levels=(3,),
        cause="base",
    ),
)

FAMILIES = (
    Family(
        name="perplexity",
        version=1,
        title="Perplexity and bits",
        topic="losses and their gradients",
        says="From probabilities and losses to perplexity, bits a token and bits a byte.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_probabilities, 2: question_losses, 3: question_text},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="",
        fine=fine,
        items=("N2.20", "N3.19"),
    ),
)
