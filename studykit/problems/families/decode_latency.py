"""Time of a decoding step: weights and cache have to come through the memory's bandwidth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studykit.answers import Exact, Figures, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.published import DEVICES, LARGE, MODELS
from studykit.problems.wording import cell, several


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {
            "size": dice.pick([1, 2, 3, 4, 7, 8, 13, 14, 34, 70]),
            "bytes_each": dice.pick([1, 2, 4]),
            "bandwidth": dice.pick([100, 200, 400, 500, 800, 1000, 2000, 4000]),
        }
    model = dice.below(len(MODELS))
    of = MODELS[model]
    given: dict[str, Any] = {"model": model, "size": of.billions}
    given |= {"layers": of.layers, "H_kv": of.kv_heads, "d_k": of.d_k, "bytes_each": 2}
    given |= {"n": 1024 * dice.pick([1, 2, 4, 8])}
    device = dice.pick(LARGE)
    given |= {"device": device, "bandwidth": DEVICES[device].bandwidth}
    if level == 2:
        return given | {"batch": dice.pick([1, 2, 4, 8, 16])}
    given |= {"batch": dice.pick([8, 32, 64, 256, 512, 1024]), "devices": dice.pick([2, 4, 8])}
    return given | {"peak": DEVICES[device].peak, "n": 256 * dice.pick([1, 2, 4, 8])}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """A cache that counts beside the weights; at level 3 two times that differ."""
    if level == 1:
        return bool(givens["size"] * givens["bytes_each"] * 100 >= givens["bandwidth"])
    part = givens["cache"] / (givens["weights"] + givens["cache"])
    if level == 2:
        return bool(part > 0.02)
    if not 0.1 < part < 0.9:
        return False
    ratio = givens["memory"] / givens["compute"]
    return bool(0.1 < ratio < 10 and abs(ratio - 1) > 0.1)


def _model(model: int, size: float, layers: int, H_kv: int, d_k: int) -> str:
    return (
        rf"{MODELS[model].name} has ${size}\cdot 10^9$ parameters, ${layers}$ layers and ${H_kv}$ "
        rf"key/value heads of width ${d_k}$; weights and cached numbers take 2 bytes."
    )


def question_weights(size: int, bytes_each: int, bandwidth: int) -> str:
    each = several(bytes_each, "byte")
    return (
        rf"A model of ${size}\cdot 10^9$ parameters of {each} decodes one sequence. Every step "
        rf"reads all weights from memory once, at ${bandwidth}\cdot 10^9$ bytes/s; nothing else "
        r"takes time. How many milliseconds does a token take?"
    )


def question_batch(
    model: int,
    size: float,
    layers: int,
    H_kv: int,
    d_k: int,
    device: int,
    bandwidth: int,
    n: int,
    batch: int,
) -> str:
    one = f"one sequence with ${n}$ cached tokens"
    sequences = one if batch == 1 else f"{batch} sequences with ${n}$ cached tokens each"
    return (
        f"{_model(model, size, layers, H_kv, d_k)} The {DEVICES[device].name} reads "
        rf"${bandwidth}\cdot 10^9$ bytes/s. A decoding step for {sequences} reads all weights once "
        r"and the whole cache once; nothing else takes time. How many milliseconds does a step "
        r"take?"
    )


def question_throughput(
    model: int,
    size: float,
    layers: int,
    H_kv: int,
    d_k: int,
    device: int,
    peak: int,
    bandwidth: int,
    n: int,
    batch: int,
    devices: int,
) -> str:
    return (
        f"{_model(model, size, layers, H_kv, d_k)} Weights and cache are split evenly over "
        rf"{devices} {DEVICES[device].name}, each with ${peak}\cdot 10^{{12}}$ FLOP/s and "
        rf"${bandwidth}\cdot 10^9$ bytes/s. A step decodes one token for each of ${batch}$ "
        rf"sequences with ${n}$ cached tokens. It takes the longer of two times: reading weights "
        r"and cache once, or computing 2 FLOPs for each parameter and token (attention and "
        r"communication are left out). How many tokens a second do all sequences get together?"
    )


STEPS = (
    Step(
        "weights",
        "Bytes of the weights, in units of 10⁹",
        "W",
        r"N\cdot\text{bytes}",
        lambda size, bytes_each: size * bytes_each,
        lambda size, bytes_each: rf"{size}\cdot {bytes_each}",
    ),
    Step(
        "time",
        "Read at this bandwidth, in milliseconds",
        "t",
        r"\frac{W}{\text{bandwidth}}",
        lambda weights, bandwidth: divide(1000 * weights, bandwidth),
        lambda weights, bandwidth: rf"1000\cdot\frac{{{weights}}}{{{bandwidth}}}",
        levels=(1,),
    ),
    Step(
        "token",
        "Bytes of one cached token: keys and values in every layer",
        "B_1",
        r"2\cdot L\cdot H_{kv}\cdot d_k\cdot\text{bytes}",
        lambda layers, H_kv, d_k, bytes_each: 2 * layers * H_kv * d_k * bytes_each,
        lambda layers, H_kv, d_k, bytes_each: (
            rf"2\cdot {layers}\cdot {H_kv}\cdot {d_k}\cdot {bytes_each}"
        ),
        levels=(2, 3),
    ),
    Step(
        "cache",
        "Bytes of the cache, in units of 10⁹",
        "C",
        r"\frac{B_1\cdot n\cdot\text{batch}}{10^9}",
        lambda token, n, batch: token * n * batch / 10**9,
        lambda token, n, batch: rf"\frac{{{token}\cdot {n}\cdot {batch}}}{{10^9}}",
        levels=(2, 3),
    ),
    Step(
        "time",
        "Both read at this bandwidth, in milliseconds",
        "t",
        r"\frac{W+C}{\text{bandwidth}}",
        lambda weights, cache, bandwidth: 1000 * (weights + cache) / bandwidth,
        lambda weights, cache, bandwidth: (
            rf"1000\cdot\frac{{{cell(weights)}+{cell(cache)}}}{{{bandwidth}}}"
        ),
        levels=(2,),
    ),
    Step(
        "memory",
        "Time for reading, in milliseconds",
        r"t_{read}",
        r"\frac{W+C}{\text{devices}\cdot\text{bandwidth}}",
        lambda weights, cache, devices, bandwidth: 1000 * (weights + cache) / (devices * bandwidth),
        lambda weights, cache, devices, bandwidth: (
            rf"1000\cdot\frac{{{cell(weights)}+{cell(cache)}}}{{{devices}\cdot {bandwidth}}}"
        ),
        levels=(3,),
    ),
    Step(
        "compute",
        "Time for computing, in milliseconds",
        r"t_{comp}",
        r"\frac{2\,N\cdot\text{batch}}{\text{devices}\cdot\text{peak}}",
        lambda size, batch, devices, peak: 2 * size * batch / (devices * peak),
        lambda size, batch, devices, peak: (
            rf"\frac{{2\cdot {size}\cdot {batch}}}{{{devices}\cdot {peak}}}"
        ),
        levels=(3,),
    ),
    Step(
        "throughput",
        "Tokens a second: one for each sequence in the longer time",
        "r",
        r"\frac{\text{batch}}{\max(t_{read},\ t_{comp})}",
        lambda batch, memory, compute: 1000 * batch / max(memory, compute),
        lambda batch, memory, compute: (
            rf"1000\cdot\frac{{{batch}}}{{{cell(max(memory, compute))}}}"
        ),
        levels=(3,),
    ),
)

READING = (
    Mistake(
        "numbers-for-bytes",
        "weights",
        lambda size: size,
        "You counted parameters; each takes more than a byte.",
        when=lambda bytes_each: bytes_each > 1,
        cause="unit",
    ),
    Mistake(
        "bits-for-bytes",
        "weights",
        lambda weights: 8 * weights,
        "You counted bits; a byte has eight of them.",
        cause="unit",
    ),
    Mistake(
        "cache-left-out",
        "cache",
        lambda: 0,
        "You left out the cache.",
        cause="cache",
    ),
    Mistake(
        "keys-only",
        "token",
        lambda token: token / 2,
        "You counted half of the cache: it holds keys and values, each number takes 2 bytes.",
        cause="cache",
    ),
    Mistake(
        "one-layer",
        "token",
        lambda token, layers: token / layers,
        "You counted the cache of one layer.",
        cause="cache",
    ),
    Mistake(
        "one-sequence",
        "cache",
        lambda token, n: token * n / 10**9,
        "You counted the cache of one sequence.",
        when=lambda batch: batch > 1,
        cause="batch",
    ),
    Mistake(
        "weights-for-each-sequence",
        "weights",
        lambda weights, batch: weights * batch,
        "You read the weights once for each sequence; a step reads them once for all.",
        when=lambda batch: batch > 1,
        cause="batch",
    ),
)


def shows(memory: float, compute: float) -> bool:
    """Whether what is wrong about the reading reaches the answer: the longer time counts."""
    return memory > compute


MISTAKES = (
    *at_levels((1, 2), READING[:2]),
    *at_levels((2,), READING[2:]),
    *at_levels((3,), (replace(m, when=shows) for m in READING)),
    Mistake(
        "flops-for-bytes",
        "weights",
        lambda size: 2 * size,
        "You counted 2 FLOPs for each parameter; here time goes into reading bytes.",
        when=lambda bytes_each: bytes_each != 2,
        levels=(1,),
        cause="kind",
    ),
    Mistake(
        "tokens-a-second",
        "time",
        lambda weights, bandwidth: divide(bandwidth, weights),
        "You gave tokens a second.",
        levels=(1,),
        cause="ratio",
    ),
    Mistake(
        "seconds-for-milliseconds",
        "time",
        lambda time: divide(time, 1000),
        "You gave seconds.",
        cause="unit",
    ),
    Mistake(
        "times-added",
        "throughput",
        lambda batch, memory, compute: 1000 * batch / (memory + compute),
        "You added both times; the longer one counts.",
        cause="time",
    ),
    Mistake(
        "shorter-time",
        "throughput",
        lambda batch, memory, compute: 1000 * batch / min(memory, compute),
        "You took the shorter time; the longer one counts.",
        cause="time",
    ),
    Mistake(
        "tokens-of-one-sequence",
        "throughput",
        lambda memory, compute: 1000 / max(memory, compute),
        "You gave the tokens of one sequence; all of them together were asked.",
        cause="batch",
    ),
    Mistake(
        "one-device",
        "throughput",
        lambda batch, memory, compute, devices: 1000 * batch / (devices * max(memory, compute)),
        "You counted one device; they read and compute side by side.",
        cause="devices",
    ),
    Mistake(
        "one-flop-a-parameter",
        "compute",
        lambda compute: compute / 2,
        "You counted one FLOP for each parameter; a multiply–add is 2.",
        when=lambda compute, memory: compute > memory,
        cause="flops",
    ),
)

FAMILIES = (
    Family(
        name="decode-latency",
        version=1,
        title="Time of a decoding step",
        topic="streaming and decoding",
        says="Decoding waits for memory: weights and cache over bandwidth.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_weights, 2: question_batch, 3: question_throughput},
        precision={1: Exact(), 2: Places(2), 3: Figures(3)},
        fine=fine,
        items=("N3.22", "N3.17"),
    ),
)
