"""Log-softmax: with powers of 2 exactly, in nats, then with logits too large to exponentiate."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        # Splitting 2^k into 2^(k−1) + 2^(k−1) keeps the sum a power of 2.
        z = [dice.between(1, 6)]
        for _ in range(dice.pick([2, 3])):
            half = z.pop(dice.below(len(z))) - 1
            z += [half, half]
        return {"z": dice.shuffled(z)}
    if level == 2:
        return {"z": [dice.between(-20, 30) / 10 for _ in range(3)]}
    far = dice.pick([200, 500, 800, 900, 1000, -900, -1000])
    large = [far + dice.between(-20, 20) / 10 for _ in range(dice.pick([3, 4]))]
    return {"z": large, "label": dice.between(1, len(large))}


def fine(z: Vector) -> bool:
    return len(set(z)) > 1 and max(z) - min(z) <= 6


def question_binary(z: Vector) -> str:
    return (
        r"A fast kernel computes attention with powers of 2 instead of e. For these scores give "
        r"$\log_2 p$ of every weight $p_j=2^{z_j}/\sum_i 2^{z_i}$."
        rf"$$z={row(z)}$$"
    )


def question_nats(z: Vector) -> str:
    return (
        r"Give the log-softmax of these logits, $\ln p_j$ with $p=\mathrm{softmax}(z)$."
        rf"$$z={row(z, 1)}$$"
    )


def question_large(z: Vector, label: int) -> str:
    return (
        r"These logits are too large (or too small) for $e^z$ in floating point. Give "
        r"$\mathrm{LSE}=\ln\sum_i e^{z_i}$ by subtracting the maximum, and the cross-entropy "
        rf"$-\ln p_y$ of class {label}."
        rf"$$z={row(z, 1)}$$"
    )


def lse(z: Vector) -> float:
    top = float(max(z))
    return top + math.log(sum(math.exp(x - top) for x in z))


STEPS = (
    Step(
        "total",
        "Sum of the powers",
        "Z",
        r"\sum_i 2^{z_i}",
        lambda z: sum(2**x for x in z),
        lambda z: "+".join(rf"2^{{{x}}}" for x in z),
        levels=(1,),
    ),
    Step(
        "lse",
        "Its logarithm to base 2",
        r"\ell",
        r"\log_2 Z",
        lambda total: round(math.log2(total)),
        lambda total: rf"\log_2 {cell(total)}",
        levels=(1,),
    ),
    Step(
        "rest",
        "The maximum, and the logits less the maximum",
        "t",
        r"z-\max z",
        lambda z: [x - max(z) for x in z],
        lambda z: rf"{cell(z[0], 1)}-{factor(max(z), 1)}",
        levels=(2, 3),
    ),
    Step(
        "lse",
        "Logarithm of the sum, with the maximum put back",
        r"\ell",
        r"\max z+\ln\sum_i e^{t_i}",
        lambda z, rest: max(z) + math.log(sum(math.exp(t) for t in rest)),
        lambda z: rf"{cell(max(z), 1)}+\ln\sum_i e^{{t_i}}",
        levels=(2, 3),
    ),
    Step(
        "log_p",
        "Every score less that logarithm",
        r"\log p",
        r"z-\ell",
        lambda z, lse: [x - lse for x in z],
        lambda z, lse: rf"{cell(z[0])}-{factor(lse)}",
        levels=(1, 2),
    ),
    Step(
        "loss",
        "Cross-entropy of the right class",
        "L",
        r"\ell-z_y",
        lambda lse, z, label: lse - z[label - 1],
        lambda lse, z, label: rf"{cell(lse)}-{factor(z[label - 1], 1)}",
        levels=(3,),
    ),
    Step(
        "both",
        "Both together",
        r"(\ell,\ L)",
        r"(\ell,\ L)",
        lambda lse, loss: [lse, loss],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "only-maximum-subtracted",
        "lse",
        lambda z: max(z),
        "You subtracted the maximum only; the logarithm of the sum is larger.",
        cause="sum",
    ),
    Mistake(
        "sum-for-logarithm",
        "lse",
        lambda z: sum(z),
        "You added the scores themselves; their powers are added, then the logarithm taken.",
        levels=(1, 2),
        cause="sum",
    ),
    Mistake(
        "mean-subtracted",
        "lse",
        lambda z: sum(z) / len(z),
        "You subtracted the mean of the scores.",
        levels=(1, 2),
        cause="sum",
    ),
    Mistake(
        "probabilities",
        "log_p",
        lambda z, lse: [2.0 ** (x - lse) for x in z],
        "You gave the weights; their logarithms were asked.",
        levels=(1,),
        cause="stopped",
    ),
    Mistake(
        "probabilities",
        "log_p",
        lambda z, lse: [math.exp(x - lse) for x in z],
        "You gave the probabilities; their logarithms were asked.",
        levels=(2,),
        cause="stopped",
    ),
    Mistake(
        "sign-turned",
        "log_p",
        lambda z, lse: [lse - x for x in z],
        "The sign is turned round: logarithms of probabilities are negative.",
        levels=(1, 2),
        cause="sign",
    ),
    Mistake(
        "logarithm-not-taken",
        "log_p",
        lambda z, total: [x - total for x in z],
        "You subtracted the sum itself; its logarithm is subtracted.",
        levels=(1,),
        cause="sum",
    ),
    Mistake(
        "logarithm-to-base-two",
        "lse",
        lambda z, rest: max(z) + math.log2(sum(math.exp(t) for t in rest)),
        "You used the logarithm to base 2; with powers of e it is the natural one.",
        levels=(2, 3),
        cause="base",
    ),
    Mistake(
        "mean-inside",
        "lse",
        lambda z, rest: max(z) + math.log(sum(math.exp(t) for t in rest) / len(z)),
        "You averaged the powers; they are added.",
        levels=(2, 3),
        cause="sum",
    ),
    Mistake(
        "maximum-not-put-back",
        "lse",
        lambda rest: math.log(sum(math.exp(t) for t in rest)),
        "You did not put the maximum back.",
        levels=(3,),
        cause="maximum",
    ),
    Mistake(
        "minus-logit",
        "loss",
        lambda z, label: -z[label - 1],
        r"You gave $-z_y$; the logarithm of the sum is added.",
        levels=(3,),
        cause="loss",
    ),
    Mistake(
        "sign-of-loss",
        "loss",
        lambda loss: -loss,
        r"You gave $\ln p_y$; the loss is its negative.",
        levels=(3,),
        cause="sign",
    ),
)

FAMILIES = (
    Family(
        name="log-softmax",
        version=1,
        title="Log-softmax and log-sum-exp",
        topic="softmax",
        says="Logarithms of weights without ever exponentiating a large number.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_binary, 2: question_nats, 3: question_large},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="",
        fine=fine,
        items=("N3.13", "N3.19", "N2.20"),
    ),
)
