"""Bytes of a key–value cache: of one token, of a batch, and how many sequences fit."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import floor

LAYERS = (16, 24, 28, 32, 36, 40, 48, 60, 61, 64, 80)
KV_HEADS = (2, 4, 8, 16)


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    layers, kv_heads, d_k = dice.pick(LAYERS), dice.pick(KV_HEADS), dice.pick([64, 128])
    given = {
        "layers": layers,
        "H": kv_heads * dice.pick([1, 2, 4, 8]),
        "H_kv": kv_heads,
        "d_k": d_k,
        "bytes_each": dice.pick([1, 2, 2, 4]),
    }
    if level == 1:
        return given
    given["tokens"] = 1024 * dice.pick([2, 4, 8, 16, 32])
    if level == 2:
        return given | {"batch": dice.pick([2, 4, 8, 16, 32])}
    memory, weights = dice.pick([16, 24, 40, 48, 80]), dice.pick([3, 7, 8, 13])
    given |= {"memory": memory, "parameters": weights}
    sequence = 2 * layers * kv_heads * d_k * given["bytes_each"] * given["tokens"]
    # Many fit, but not so many that rounding down hardly shows.
    return given if 8 <= (memory - weights) * 2**30 / sequence <= 400 else None


def _model(layers: int, H: int, H_kv: int, d_k: int, bytes_each: int) -> str:
    return (
        rf"A model has ${layers}$ layers, ${H}$ query heads and ${H_kv}$ key/value heads of width "
        rf"$d_k=d_v={d_k}$; a cached number takes {bytes_each} byte{'s' * (bytes_each > 1)}."
    )


def question_token(layers: int, H: int, H_kv: int, d_k: int, bytes_each: int) -> str:
    return (
        f"{_model(layers, H, H_kv, d_k, bytes_each)} How many KiB of key–value cache does one "
        r"token take (1 KiB = 1024 bytes)?"
    )


def question_batch(
    layers: int, H: int, H_kv: int, d_k: int, bytes_each: int, tokens: int, batch: int
) -> str:
    return (
        f"{_model(layers, H, H_kv, d_k, bytes_each)} How many GiB of cache does a batch of "
        rf"${batch}$ sequences of ${tokens}$ tokens take (1 GiB = $2^{{30}}$ bytes)?"
    )


def question_fit(
    layers: int,
    H: int,
    H_kv: int,
    d_k: int,
    bytes_each: int,
    tokens: int,
    memory: int,
    parameters: int,
) -> str:
    return (
        f"{_model(layers, H, H_kv, d_k, bytes_each)} A device has {memory} GiB of memory; the "
        rf"weights take {parameters} GiB of it. How many sequences of ${tokens}$ tokens fit at "
        r"most into the cache (1 GiB = $2^{30}$ bytes; nothing else is counted)?"
    )


STEPS = (
    Step(
        "numbers",
        "Numbers to store for one token: a key and a value in each key head of each layer",
        "N",
        r"2\cdot L\cdot H_{kv}\cdot d_k",
        lambda layers, H_kv, d_k: 2 * layers * H_kv * d_k,
        lambda layers, H_kv, d_k: rf"2\cdot {layers}\cdot {H_kv}\cdot {d_k}",
    ),
    Step(
        "token",
        "Bytes of one token",
        r"B_1",
        r"N\cdot\text{bytes}",
        lambda numbers, bytes_each: numbers * bytes_each,
        lambda numbers, bytes_each: rf"{numbers}\cdot {bytes_each}",
    ),
    Step(
        "kib",
        "In KiB",
        r"\text{KiB}",
        r"\frac{B_1}{1024}",
        lambda token: divide(token, 1024),
        lambda token: rf"\frac{{{token}}}{{1024}}",
        levels=(1,),
    ),
    Step(
        "total",
        "Bytes of the batch",
        "B",
        r"B_1\cdot n\cdot\text{batch}",
        lambda token, tokens, batch: token * tokens * batch,
        lambda token, tokens, batch: rf"{token}\cdot {tokens}\cdot {batch}",
        levels=(2,),
    ),
    Step(
        "gib",
        "In GiB",
        r"\text{GiB}",
        r"\frac{B}{2^{30}}",
        lambda total: divide(total, 2**30),
        levels=(2,),
    ),
    Step(
        "sequence",
        "Bytes of one sequence",
        "B",
        r"B_1\cdot n",
        lambda token, tokens: token * tokens,
        lambda token, tokens: rf"{token}\cdot {tokens}",
        levels=(3,),
    ),
    Step(
        "room",
        "Bytes left for the cache",
        "R",
        r"(\text{memory}-\text{weights})\cdot 2^{30}",
        lambda memory, parameters: (memory - parameters) * 2**30,
        lambda memory, parameters: rf"({memory}-{parameters})\cdot 2^{{30}}",
        levels=(3,),
    ),
    Step(
        "fit",
        "Whole sequences that fit",
        "n_{max}",
        floor("R", "B"),
        lambda room, sequence: room // sequence,
        lambda room, sequence: floor(room, sequence),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "keys-only",
        "numbers",
        lambda layers, H_kv, d_k: layers * H_kv * d_k,
        "You counted keys only; values are cached as well.",
        when=lambda bytes_each: bytes_each != 2,
        cause="count",
    ),
    Mistake(
        "query-heads-counted",
        "numbers",
        lambda layers, H, d_k: 2 * layers * H * d_k,
        "You counted query heads; only the key/value heads are cached.",
        when=lambda H, H_kv: H_kv != H,
        cause="heads",
    ),
    Mistake(
        "one-layer",
        "numbers",
        lambda H_kv, d_k: 2 * H_kv * d_k,
        "You counted one layer; every layer has its own cache.",
        cause="count",
    ),
    Mistake(
        "one-head",
        "numbers",
        lambda layers, d_k: 2 * layers * d_k,
        "You counted one head; every key/value head is cached.",
        cause="heads",
    ),
    Mistake(
        "numbers-for-bytes",
        "token",
        lambda numbers: numbers,
        "You counted numbers; each takes more than a byte.",
        when=lambda bytes_each: bytes_each > 2,
        cause="unit",
    ),
    Mistake(
        "half-counted",
        "numbers",
        lambda layers, H_kv, d_k: layers * H_kv * d_k,
        "This is half: values are cached beside keys, and each number takes 2 bytes.",
        when=lambda bytes_each: bytes_each == 2,
        cause="count",
    ),
    Mistake(
        "bits-for-bytes",
        "token",
        lambda numbers, bytes_each: numbers * bytes_each * 8,
        "You counted bits; a byte has eight of them.",
        cause="unit",
    ),
    Mistake(
        "thousand-for-1024",
        "kib",
        lambda token: divide(token, 1000),
        "You divided by 1000; a KiB has 1024 bytes.",
        cause="unit",
    ),
    Mistake(
        "billions-for-gib",
        "gib",
        lambda total: divide(total, 10**9),
        r"You divided by $10^9$; a GiB has $2^{30}$ bytes.",
        cause="unit",
    ),
    Mistake(
        "one-sequence",
        "total",
        lambda token, tokens: token * tokens,
        "You counted one sequence; each of the batch has its own cache.",
        cause="count",
    ),
    Mistake(
        "one-token-each",
        "total",
        lambda token, batch: token * batch,
        "You counted one token of each sequence; all its tokens are cached.",
        cause="count",
    ),
    Mistake(
        "weights-not-subtracted",
        "room",
        lambda memory: memory * 2**30,
        "You gave the cache all the memory; the weights take their part.",
        cause="room",
    ),
    Mistake(
        "rounded-up",
        "fit",
        lambda room, sequence: -(-room // sequence),
        "You rounded up; the last sequence would not fit.",
        when=lambda room, sequence: room % sequence != 0,
        cause="round",
    ),
)

FAMILIES = (
    Family(
        name="kv-cache",
        version=1,
        title="Size of the key–value cache",
        topic="parameters, FLOPs and memory",
        says="What decoding keeps in memory: keys and values of every layer.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_token, 2: question_batch, 3: question_fit},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="",
        items=("N3.22",),
    ),
)
