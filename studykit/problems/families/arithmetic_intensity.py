"""FLOPs for every byte moved: of a product, against a device's ridge point, of decoding."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.published import DEVICES, MODELS
from studykit.problems.wording import ceiling, cell


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        m, k, n = (dice.pick([8, 16, 32, 64, 128, 256]) for _ in range(3))
        return {"m": m, "k": k, "n": n, "bytes_each": dice.pick([1, 2, 4])}
    device = dice.below(len(DEVICES))
    given = {"device": device, "peak": DEVICES[device].peak, "bandwidth": DEVICES[device].bandwidth}
    if level == 2:
        return given | {
            "d": 1024 * dice.pick([2, 4, 5, 8]),
            "d_ff": 1024 * dice.pick([8, 11, 14, 28]),
            "bytes_each": dice.pick([Fraction(1, 2), 1, 2, 4]),
        }
    model = dice.below(len(MODELS))
    of = MODELS[model]
    given |= {"model": model, "H": of.heads, "H_kv": of.kv_heads, "d_k": of.d_k}
    return given | {"n": 1024 * dice.pick([2, 4, 8]), "bytes_each": dice.pick([1, 2])}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """A product that is no square; a ridge reached neither at once nor by a hair."""
    if level == 1:
        return len({givens["m"], givens["k"], givens["n"]}) > 1
    if level == 3:
        often = givens["ridge"] / givens["intensity"]
        return bool(often > 2 and 0.02 < often % 1 < 0.98)
    return True


def _bytes(each: Any) -> str:
    return {Fraction(1, 2): "half a byte", 1: "1 byte"}.get(Fraction(each), f"{each} bytes")


def question_product(m: int, k: int, n: int, bytes_each: int) -> str:
    return (
        rf"A product of two matrices, ${m}\times {k}$ and ${k}\times {n}$, reads both from memory "
        rf"once and writes the result once; a number takes {_bytes(bytes_each)}. A "
        r"multiply–add counts as 2 FLOPs. Give the arithmetic intensity in FLOPs per byte."
    )


def _device(device: int) -> str:
    name, peak, bandwidth = DEVICES[device]
    return rf"{name}: ${peak}\cdot 10^{{12}}$ FLOP/s, ${bandwidth}\cdot 10^9$ bytes/s."


def question_ridge(device: int, d: int, d_ff: int, bytes_each: Any) -> str:
    return (
        rf"{_device(device)} A layer multiplies $B$ tokens by weights, ${d}\times {d_ff}$ numbers "
        rf"of {_bytes(bytes_each)} each; a multiply–add counts as 2 FLOPs. Only "
        r"the weights' traffic is counted, read once for all tokens. For how many tokens $B$ does "
        r"computing take as long as reading?"
    )


def question_decode(
    device: int, model: int, H: int, H_kv: int, d_k: int, n: int, bytes_each: int
) -> str:
    return (
        rf"{MODELS[model].name} has ${H}$ query heads and ${H_kv}$ key/value heads of width "
        rf"${d_k}$. With $s$ new queries at once it attends to ${n}$ cached tokens (each query "
        rf"sees the whole cache): every cached key and value is read once, {_bytes(bytes_each)} a "
        r"number; scores and weighted sums count 2 FLOPs a multiply–add, nothing else counts. Give "
        r"the FLOPs per byte for $s=1$, then the smallest $s$ that reaches the ridge point (FLOP/s "
        rf"over bytes/s) of this device. {_device(device)}"
    )


STEPS = (
    Step(
        "flops",
        "FLOPs: two for each multiply–add",
        "F",
        r"2\,m\,k\,n",
        lambda m, k, n: 2 * m * k * n,
        lambda m, k, n: rf"2\cdot {m}\cdot {k}\cdot {n}",
        levels=(1,),
    ),
    Step(
        "traffic",
        "Bytes: both factors read, the result written",
        "M",
        r"(m\,k+k\,n+m\,n)\cdot\text{bytes}",
        lambda m, k, n, bytes_each: (m * k + k * n + m * n) * bytes_each,
        lambda m, k, n, bytes_each: rf"({m * k}+{k * n}+{m * n})\cdot {bytes_each}",
        levels=(1,),
    ),
    Step(
        "intensity",
        "FLOPs per byte",
        "I",
        r"\frac{F}{M}",
        lambda flops, traffic: divide(flops, traffic),
        lambda flops, traffic: rf"\frac{{{flops}}}{{{traffic}}}",
        levels=(1,),
    ),
    Step(
        "ridge",
        "Ridge point of the device",
        "I^*",
        r"\frac{\text{FLOP/s}}{\text{bytes/s}}",
        lambda peak, bandwidth: 1000 * peak / bandwidth,
        lambda peak, bandwidth: rf"\frac{{{peak}\cdot 10^{{12}}}}{{{bandwidth}\cdot 10^9}}",
        levels=(2, 3),
    ),
    Step(
        "tokens",
        "2Bdf FLOPs over df·bytes: the sizes of the matrix cancel",
        "B",
        r"\frac{I^*\cdot\text{bytes}}{2}",
        lambda ridge, bytes_each: ridge * bytes_each / 2,
        lambda ridge, bytes_each: rf"\frac{{{cell(ridge)}\cdot {cell(float(bytes_each), 1)}}}{{2}}",
        levels=(2,),
    ),
    Step(
        "intensity",
        "For one query: 4·H·n·d FLOPs over 2·H_kv·n·d numbers",
        "I_1",
        r"\frac{4\,H\,n\,d_k}{2\,H_{kv}\,n\,d_k\cdot\text{bytes}}=\frac{2\,H}{H_{kv}\cdot\text{bytes}}",
        lambda H, H_kv, bytes_each: divide(2 * H, H_kv * bytes_each),
        lambda H, H_kv, bytes_each: rf"\frac{{2\cdot {H}}}{{{H_kv}\cdot {bytes_each}}}",
        levels=(3,),
    ),
    Step(
        "needed",
        "Queries at once, rounded up: the intensity grows with them",
        "s",
        ceiling("I^*", "I_1"),
        lambda intensity, ridge: math.ceil(ridge / intensity),
        lambda intensity, ridge: ceiling(cell(ridge), cell(intensity)),
        levels=(3,),
    ),
    Step(
        "both",
        "Together",
        r"(I_1,\ s)",
        r"(I_1,\ s)",
        lambda intensity, needed: [intensity, needed],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "multiply-adds-for-flops",
        "flops",
        lambda m, k, n: m * k * n,
        "You counted multiply–adds; each is 2 FLOPs.",
        cause="unit",
    ),
    Mistake(
        "numbers-for-bytes",
        "traffic",
        lambda m, k, n: m * k + k * n + m * n,
        "You counted numbers; each takes more than a byte.",
        when=lambda bytes_each: bytes_each > 2,
        cause="unit",
    ),
    Mistake(
        "result-left-out",
        "traffic",
        lambda m, k, n, bytes_each: (m * k + k * n) * bytes_each,
        "You left out the result; it is written to memory.",
        cause="traffic",
    ),
    Mistake(
        "result-only",
        "traffic",
        lambda m, n, bytes_each: m * n * bytes_each,
        "You counted the result only; both factors are read.",
        cause="traffic",
    ),
    Mistake(
        "one-factor-only",
        "traffic",
        lambda m, k, n, bytes_each: (k * n + m * n) * bytes_each,
        "You counted one factor only.",
        when=lambda m, n: m != n,
        cause="traffic",
    ),
    Mistake(
        "bits-for-bytes",
        "traffic",
        lambda traffic: 8 * traffic,
        "You counted bits; a byte has eight of them.",
        cause="unit",
    ),
    Mistake(
        "inverted",
        "intensity",
        lambda flops, traffic: divide(traffic, flops),
        "You gave bytes per FLOP.",
        levels=(1,),
        cause="ratio",
    ),
    Mistake(
        "ridge-itself",
        "tokens",
        lambda ridge: ridge,
        "You gave the ridge point; a token makes 2 FLOPs for each weight of so many bytes.",
        when=lambda bytes_each: bytes_each > 2,
        cause="stopped",
    ),
    Mistake(
        "multiply-adds-for-flops",
        "tokens",
        lambda ridge, bytes_each: ridge * bytes_each,
        "You counted a multiply–add as one FLOP.",
        levels=(2,),
        cause="unit",
    ),
    Mistake(
        "bytes-below",
        "tokens",
        lambda ridge, bytes_each: ridge / (2 * bytes_each),
        "You divided by the bytes; larger numbers take longer to read, so more tokens are needed.",
        when=lambda bytes_each: bytes_each != 1,
        cause="ratio",
    ),
    Mistake(
        "bits-for-bytes",
        "tokens",
        lambda tokens: 8 * tokens,
        "You counted bits; a byte has eight of them.",
        cause="unit",
    ),
    Mistake(
        "ridge-inverted",
        "ridge",
        lambda peak, bandwidth: bandwidth / peak,
        "You inverted the ridge point: it is FLOPs per byte.",
        levels=(2,),
        cause="ratio",
    ),
    Mistake(
        "power-of-ten-of-the-ridge",
        "ridge",
        lambda peak, bandwidth: peak / bandwidth,
        r"You lost the powers of ten: $10^{12}$ over $10^9$ is 1000.",
        levels=(2,),
        cause="unit",
    ),
    Mistake(
        "scores-only",
        "intensity",
        lambda intensity: divide(intensity, 2),
        "You counted half of the FLOPs: scores and weighted sums, 2 for each multiply–add.",
        levels=(3,),
        cause="flops",
    ),
    Mistake(
        "keys-only",
        "intensity",
        lambda intensity: 2 * intensity,
        "You counted half of the traffic: keys and values are both read.",
        levels=(3,),
        cause="traffic",
    ),
    Mistake(
        "keys-for-each-query-head",
        "intensity",
        lambda bytes_each: divide(2, bytes_each),
        "You read keys and values for every query head; the heads of a group share them.",
        when=lambda H, H_kv: H_kv != H,
        cause="heads",
    ),
    Mistake(
        "heads-inverted",
        "intensity",
        lambda H, H_kv, bytes_each: divide(2 * H_kv, H * bytes_each),
        "You inverted the ratio of heads; sharing makes more FLOPs for each byte.",
        when=lambda H, H_kv: H_kv != H,
        cause="heads",
    ),
    Mistake(
        "bits-for-bytes",
        "intensity",
        lambda intensity: divide(intensity, 8),
        "You counted bits; a byte has eight of them.",
        levels=(3,),
        cause="unit",
    ),
    Mistake(
        "rounded-down",
        "needed",
        lambda needed: needed - 1,
        "You rounded down; then the ridge is not reached.",
        cause="round",
    ),
    Mistake(
        "ridge-for-queries",
        "needed",
        lambda ridge: math.ceil(ridge),
        "You gave the ridge point; every query makes some FLOPs for each byte already.",
        when=lambda intensity: intensity != 1,
        cause="stopped",
    ),
)

FAMILIES = (
    Family(
        name="arithmetic-intensity",
        version=1,
        title="FLOPs per byte",
        topic="parameters, FLOPs and memory",
        says="Whether a device waits for its memory: intensity against the ridge point.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_product, 2: question_ridge, 3: question_decode},
        precision={1: Exact(), 2: Places(1), 3: Exact()},
        fine=fine,
        items=("N3.17", "N0.7"),
    ),
)
