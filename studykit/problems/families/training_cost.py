"""What training takes: memory for weights, gradients and moments, then days on given devices."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import decimal, several

DAY = 86_400


def draws(dice: Dice, level: int) -> dict[str, Any]:
    size = dice.pick([1, 2, 3, 6, 7, 8, 13, 20, 34, 70])
    if level == 1:
        return {"size": size, "low": dice.pick([1, 2, 4]), "master": dice.pick([0, 4])}
    return {
        "size": size,
        "tokens": 10 * dice.between(2, 150),
        "devices": dice.pick([8, 64, 128, 256, 512, 1024]),
        "peak": dice.pick([125, 312, 500, 989]),
        "used": Fraction(dice.pick([25, 30, 35, 40, 45, 50]), 100),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """No second copy of weights that are precise already; days that are some, not years."""
    if level == 1:
        return not (givens["low"] == 4 and givens["master"])
    return bool(2 <= givens["days"] <= 200)


def question_memory(size: int, low: int, master: int) -> str:
    bytes_ = several(low, "byte")
    copy = " Adam also keeps a copy of the weights in 4 bytes each." if master else ""
    return (
        rf"A model of ${size}\cdot 10^9$ parameters is trained with Adam. Weights and gradients "
        rf"take {bytes_} a number, each of Adam's two moments 4 bytes.{copy} How many GB is that "
        r"(1 GB = $10^9$ bytes; activations are not counted)?"
    )


def question_days(size: int, tokens: int, devices: int, peak: int, used: Fraction) -> str:
    return (
        rf"A model of ${size}\cdot 10^9$ parameters is trained on ${tokens}\cdot 10^9$ tokens, "
        rf"at 6 FLOPs a parameter and token. ${devices}$ devices have a peak of ${peak}\cdot "
        rf"10^{{12}}$ FLOPs a second each, of which the part {decimal(float(used), 2)} is "
        r"reached (MFU). How many days does it take?"
    )


STEPS = (
    Step(
        "each",
        "Bytes for one parameter: weight, gradient, two moments, and the copy if there is one",
        "B_1",
        r"b+b+4+4+\text{copy}",
        lambda low, master: 2 * low + 8 + master,
        lambda low, master: rf"{low}+{low}+4+4+{master}",
        levels=(1,),
    ),
    Step(
        "gigabytes",
        "For all parameters, in GB",
        "B",
        r"\frac{N\,B_1}{10^9}",
        lambda size, each: size * each,
        lambda size, each: rf"{size}\cdot {each}",
        levels=(1,),
    ),
    Step(
        "flops",
        "FLOPs of the training, in units of 10^18",
        "C",
        r"6\,N\,D",
        lambda size, tokens: 6 * size * tokens,
        lambda size, tokens: rf"6\cdot {size}\cdot {tokens}",
        levels=(2,),
    ),
    Step(
        "speed",
        "FLOPs a second of all devices together, in units of 10^12",
        "F",
        r"\text{devices}\cdot\text{peak}\cdot\text{MFU}",
        lambda devices, peak, used: devices * peak * used,
        lambda devices, peak, used: rf"{devices}\cdot {peak}\cdot {used}",
        levels=(2,),
    ),
    Step(
        "days",
        "Days: 10^6 for the units, 86 400 seconds a day",
        "t",
        r"\frac{10^6\,C}{86400\,F}",
        lambda flops, speed: divide(10**6 * flops, DAY * speed),
        levels=(2,),
    ),
)

MISTAKES = (
    Mistake(
        "weights-only",
        "each",
        lambda low: low,
        "You counted the weights alone; gradients and moments take memory too.",
        levels=(1,),
        cause="count",
    ),
    Mistake(
        "one-moment",
        "each",
        lambda each: each - 4,
        "You left out 4 bytes: Adam keeps two moments, and a copy only where it is said.",
        levels=(1,),
        cause="count",
    ),
    Mistake(
        "gradients-left-out",
        "each",
        lambda each, low: each - low,
        "You left out the gradients.",
        when=lambda low: low != 4,
        levels=(1,),
        cause="count",
    ),
    Mistake(
        "moments-in-few-bytes",
        "each",
        lambda low, master: 4 * low + master,
        "You gave the moments the bytes of the weights; they are kept more precisely.",
        when=lambda low: low != 4,
        levels=(1,),
        cause="count",
    ),
    Mistake(
        "bits-for-bytes",
        "gigabytes",
        lambda size, each: 8 * size * each,
        "You counted bits; a byte has eight of them.",
        levels=(1,),
        cause="unit",
    ),
    Mistake(
        "forward-only",
        "flops",
        lambda size, tokens: 2 * size * tokens,
        "You counted the way forward; with the way back it is 6 FLOPs a parameter and token.",
        levels=(2,),
        cause="flops",
    ),
    Mistake(
        "utilisation-left-out",
        "speed",
        lambda devices, peak: devices * peak,
        "You took the peak for the speed; only a part of it is reached.",
        levels=(2,),
        cause="speed",
    ),
    Mistake(
        "divided-by-utilisation",
        "speed",
        lambda devices, peak, used: devices * peak / used,
        "You divided the speed by the part that is reached; it is multiplied.",
        levels=(2,),
        cause="speed",
    ),
    Mistake(
        "one-device",
        "speed",
        lambda peak, used: peak * used,
        "You counted one device.",
        levels=(2,),
        cause="speed",
    ),
    Mistake(
        "hours-for-days",
        "days",
        lambda flops, speed: 10**6 * flops / (3600 * speed),
        "You gave hours; a day has 24 of them.",
        levels=(2,),
        cause="unit",
    ),
)

FAMILIES = (
    Family(
        name="training-cost",
        version=1,
        title="Memory and days of a training",
        topic="parameters, FLOPs and memory",
        says="Bytes a parameter, FLOPs a token, and how long devices need.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_memory, 2: question_days},
        precision={1: Exact(), 2: Places(1)},
        convention="",
        fine=fine,
        items=("N3.17", "N2.26"),
    ),
)
