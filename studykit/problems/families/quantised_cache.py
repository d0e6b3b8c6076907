"""Numbers in few bits: codes of a key, what is read back, and what a quantised cache takes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.published import MODELS
from studykit.problems.wording import cell, factor, row, several, tuple_of

STEPS_OF = (Fraction(1, 10), Fraction(1, 5), Fraction(1, 4), Fraction(1, 2), Fraction(2))
"""Distances between neighbouring codes at level 1."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        step = dice.pick(STEPS_OF)
        near = [Fraction(dice.between(-30, 30), 5) for _ in range(4)]  # in steps, on a fifth
        top = Fraction(dice.pick([-7, 7]))
        return {"x": [step * c for c in dice.shuffled([top, *near])]}
    if level == 2:
        return {"x": [Fraction(dice.between(-200, 300), 100) for _ in range(4)]}
    model = dice.below(len(MODELS))
    of = MODELS[model]
    return {
        "model": model,
        "layers": of.layers,
        "H_kv": of.kv_heads,
        "d_k": of.d_k,
        "bits": dice.pick([2, 3, 4, 8]),
        "group": dice.pick([32, 64, 128]),
        "n": 1024 * dice.pick([4, 8, 16, 32]),
        "batch": dice.pick([1, 2, 4, 8]),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """No number halfway between two codes; codes of several kinds."""
    if level == 3:
        return True
    codes = givens["codes"]
    exact = givens["shifted"] if level == 2 else [x / givens["scale"] for x in givens["x"]]
    return len(set(codes)) == len(codes) and all(abs(abs(c) % 1 - 0.5) > 0.03 for c in exact)


def question_codes(x: Vector) -> str:
    return (
        r"A key is stored in 4 bits a number, symmetrically: the scale is "
        r"$s=\max_i|x_i|/7$, and the codes are the whole numbers nearest to $x_i/s$, from $-7$ to "
        r"$7$. Give the codes."
        rf"$$x={tuple_of([float(v) for v in x], 2)}$$"
    )


def question_restored(x: Vector) -> str:
    return (
        r"A key is stored in 4 bits a number with codes from 0 to 15: the scale is "
        r"$s=(\max x-\min x)/15$, the code of $x_i$ is the whole number nearest to "
        r"$(x_i-\min x)/s$, and what is read back is $\hat x_i=\min x+s\cdot\text{code}_i$. Give "
        r"$\hat x$."
        rf"$$x={row([float(v) for v in x], 2)}$$"
    )


def question_size(
    model: int, layers: int, H_kv: int, d_k: int, bits: int, group: int, n: int, batch: int
) -> str:
    sequences = several(batch, "sequence")
    return (
        rf"{MODELS[model].name} has ${layers}$ layers and ${H_kv}$ key/value heads of width "
        rf"${d_k}$. Cached keys and values are stored in {bits} bits a number; every group of "
        rf"${group}$ numbers also keeps a scale and a zero point of 16 bits each. How many bits "
        rf"does a number take on average, and how many GiB the cache of {sequences} of ${n}$ "
        r"tokens (1 GiB = $2^{30}$ bytes)?"
    )


def largest(x: Vector) -> Any:
    return max(map(abs, x))


STEPS = (
    Step(
        "scale",
        "The largest size over the largest code",
        "s",
        r"\frac{\max_i|x_i|}{7}",
        lambda x: divide(largest(x), 7),
        lambda x: rf"\frac{{{cell(float(largest(x)), 2)}}}{{7}}",
        levels=(1,),
    ),
    Step(
        "codes",
        "Divided by the scale and rounded",
        "c",
        r"\mathrm{round}\left(\frac{x_i}{s}\right)",
        lambda x, scale: [round(v / scale) for v in x],
        lambda x, scale: (
            rf"\mathrm{{round}}\left(\frac{{{cell(float(x[0]), 2)}}}{{{cell(float(scale), 2)}}}"
            r"\right)"
        ),
        levels=(1,),
        entry=r"c_i",
    ),
    Step(
        "scale",
        "The range over 15 steps",
        "s",
        r"\frac{\max x-\min x}{15}",
        lambda x: float(max(x) - min(x)) / 15,
        lambda x: rf"\frac{{{cell(float(max(x)), 2)}-{factor(float(min(x)), 2)}}}{{15}}",
        levels=(2,),
    ),
    Step(
        "shifted",
        "From the smallest, in steps",
        "u",
        r"\frac{x_i-\min x}{s}",
        lambda x, scale: [float(v - min(x)) / scale for v in x],
        lambda x, scale: (
            rf"\frac{{{cell(float(x[0]), 2)}-{factor(float(min(x)), 2)}}}{{{cell(scale)}}}"
        ),
        levels=(2,),
        entry=r"u_i",
    ),
    Step(
        "codes",
        "Rounded",
        "c",
        r"\mathrm{round}(u_i)",
        lambda shifted: [round(u) for u in shifted],
        levels=(2,),
        entry=r"c_i",
    ),
    Step(
        "restored",
        "Read back",
        r"\hat x",
        r"\min x+s\,c_i",
        lambda codes, scale, x: [float(min(x)) + scale * c for c in codes],
        lambda codes, scale, x: rf"{cell(float(min(x)), 2)}+{cell(scale)}\cdot {cell(codes[0])}",
        levels=(2,),
        entry=r"\hat x_i",
    ),
    Step(
        "each",
        "Bits of a number, with its part of the group's two",
        "b",
        r"\text{bits}+\frac{2\cdot 16}{\text{group}}",
        lambda bits, group: bits + divide(32, group),
        lambda bits, group: rf"{bits}+\frac{{2\cdot 16}}{{{group}}}",
        levels=(3,),
    ),
    Step(
        "numbers",
        "Numbers in the cache",
        "N",
        r"2\cdot L\cdot H_{kv}\cdot d_k\cdot n\cdot\text{batch}",
        lambda layers, H_kv, d_k, n, batch: 2 * layers * H_kv * d_k * n * batch,
        lambda layers, H_kv, d_k, n, batch: (
            rf"2\cdot {layers}\cdot {H_kv}\cdot {d_k}\cdot {n}\cdot {batch}"
        ),
        levels=(3,),
    ),
    Step(
        "gib",
        "In GiB: 8 bits a byte",
        r"\text{GiB}",
        r"\frac{N\,b}{8\cdot 2^{30}}",
        lambda numbers, each: divide(numbers * each, 8 * 2**30),
        lambda numbers, each: rf"\frac{{{numbers}\cdot {cell(each)}}}{{8\cdot 2^{{30}}}}",
        levels=(3,),
    ),
    Step(
        "both",
        "Together",
        r"(b,\ \text{GiB})",
        r"(b,\ \text{GiB})",
        lambda each, gib: [each, gib],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "cut-off",
        "codes",
        lambda x, scale: [int(v / scale) for v in x],
        "You cut off; a code is the nearest whole number.",
        levels=(1,),
        cause="round",
    ),
    Mistake(
        "rounded-down",
        "codes",
        lambda x, scale: [int(v / scale // 1) for v in x],
        "You rounded down; a code is the nearest whole number.",
        levels=(1,),
        cause="round",
    ),
    Mistake(
        "eight-codes",
        "scale",
        lambda x: divide(largest(x), 8),
        "You divided by 8; the largest code here is 7.",
        levels=(1,),
        cause="scale",
    ),
    Mistake(
        "fifteen-codes",
        "scale",
        lambda x: divide(largest(x), 15),
        "You divided by 15; half of the codes are negative, the largest is 7.",
        levels=(1,),
        cause="scale",
    ),
    Mistake(
        "range-for-size",
        "scale",
        lambda x: divide(max(x) - min(x), 7),
        "You took the whole range; the scale comes from the largest size.",
        levels=(1,),
        cause="scale",
    ),
    Mistake(
        "multiplied",
        "codes",
        lambda x, scale: [round(v * scale) for v in x],
        "You multiplied by the scale; a code is how many steps go into the number.",
        when=lambda scale: scale != 1,
        levels=(1,),
        cause="scale",
    ),
    Mistake(
        "signs-lost",
        "codes",
        lambda codes: [abs(c) for c in codes],
        "You lost the signs.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "scale-of-the-largest-signed",
        "scale",
        lambda x: divide(max(x), 7),
        "You took the largest number; the largest size counts, and here it is negative.",
        when=lambda x: 0 < max(x) < largest(x),
        levels=(1,),
        cause="scale",
    ),
    Mistake(
        "sixteen-steps",
        "scale",
        lambda x: float(max(x) - min(x)) / 16,
        "You divided by 16; between 16 codes there are 15 steps.",
        levels=(2,),
        cause="scale",
    ),
    Mistake(
        "symmetric-scale",
        "scale",
        lambda x: float(largest(x)) / 7,
        "You took the symmetric scale; here the range is divided into 15 steps.",
        levels=(2,),
        cause="scale",
    ),
    Mistake(
        "zero-point-left-out",
        "restored",
        lambda codes, scale: [scale * c for c in codes],
        "You left out the smallest number when reading back.",
        cause="zero",
    ),
    Mistake(
        "cut-off",
        "codes",
        lambda shifted: [int(u) for u in shifted],
        "You cut off; a code is the nearest whole number.",
        levels=(2,),
        cause="round",
    ),
    Mistake(
        "stopped-at-codes",
        "restored",
        lambda codes: [float(c) for c in codes],
        "You gave the codes; what is read back was asked.",
        cause="stopped",
    ),
    Mistake(
        "not-rounded",
        "codes",
        lambda shifted: shifted,
        "You did not round to a code; then nothing would be lost.",
        levels=(2,),
        cause="round",
    ),
    Mistake(
        "counted-from-above",
        "restored",
        lambda codes, scale, x: [float(max(x)) - scale * c for c in codes],
        "You counted from the largest number down; codes count up from the smallest.",
        cause="zero",
    ),
    Mistake(
        "scales-left-out",
        "each",
        lambda bits: bits,
        "You left out the scales and zero points of the groups.",
        cause="overhead",
    ),
    Mistake(
        "zero-points-left-out",
        "each",
        lambda bits, group: bits + divide(16, group),
        "You counted one number for each group; it keeps a scale and a zero point.",
        cause="overhead",
    ),
    Mistake(
        "overhead-for-each-number",
        "each",
        lambda bits: bits + 32,
        "You counted scale and zero point for each number; a group shares them.",
        cause="overhead",
    ),
    Mistake(
        "overhead-in-bytes",
        "each",
        lambda bits, group: bits + divide(4, group),
        "You counted the group's two in bytes and the numbers in bits.",
        cause="unit",
    ),
    Mistake(
        "keys-only",
        "numbers",
        lambda numbers: numbers // 2,
        "You counted keys only; values are cached as well.",
        cause="count",
    ),
    Mistake(
        "one-layer",
        "numbers",
        lambda numbers, layers: numbers // layers,
        "You counted one layer.",
        cause="count",
    ),
    Mistake(
        "bits-for-bytes",
        "gib",
        lambda numbers, each: divide(numbers * each, 2**30),
        "You did not divide by 8: a byte has eight bits.",
        cause="unit",
    ),
    Mistake(
        "billions-for-gib",
        "gib",
        lambda numbers, each: divide(numbers * each, 8 * 10**9),
        r"You divided by $10^9$; a GiB has $2^{30}$ bytes.",
        cause="unit",
    ),
)

FAMILIES = (
    Family(
        name="quantised-cache",
        version=1,
        title="A cache in few bits",
        topic="parameters, FLOPs and memory",
        says="Scale, code, read back: what is lost, and what it saves.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_codes, 2: question_restored, 3: question_size},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        fine=fine,
        items=("N3.22",),
    ),
)
