"""A cache in blocks: blocks and empty slots, what paging saves, what fits on real devices."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.published import MODELS
from studykit.problems.wording import ceiling, floor, several, tuple_of


def draws(dice: Dice, level: int) -> dict[str, Any]:
    block = dice.pick([8, 16, 32])
    if level == 1:
        return {"lengths": [dice.between(5, 120) for _ in range(4)], "block": block}
    if level == 2:
        kib = dice.pick([32, 64, 128, 160, 256, 320, 512])
        longest = 1024 * dice.pick([2, 4, 8])
        return {
            "kib": kib,
            "memory": dice.pick([4, 6, 8, 10, 12, 20, 24, 40]),
            "block": block,
            "longest": longest,
            "n": dice.between(100, longest // 3),
        }
    model, memory = dice.below(len(MODELS)), dice.pick([24, 40, 80])
    of = MODELS[model]
    return {
        "model": model,
        "layers": of.layers,
        "H_kv": of.kv_heads,
        "d_k": of.d_k,
        "tens": round(100 * of.billions),
        "memory": memory,
        "devices": dice.pick([1, 2, 4, 8]),
        "used": dice.pick([80, 85, 90, 95]),
        "block": block,
        "n": dice.between(300, 8000),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Sequences that do not fill their blocks; room for many, but not for hundreds of thousands."""
    block = givens["block"]
    if level == 1:
        return all(n % block for n in givens["lengths"]) and len(set(givens["lengths"])) == 4
    if givens["n"] % block == 0:
        return False
    if level == 2:
        return bool(givens["reserved"] >= 1 and givens["paged"] > givens["reserved"] + 1)
    return bool(givens["room"] > 0 and 4 <= givens["fit"] <= 2000)


def question_blocks(lengths: Vector, block: int) -> str:
    return (
        rf"A key–value cache is kept in blocks of ${block}$ tokens; a block belongs to one "
        r"sequence. How many blocks do four sequences of these lengths take, and how many token "
        r"slots in them stay empty?"
        rf"$$n={tuple_of([int(n) for n in lengths])}$$"
    )


def question_paged(kib: int, memory: int, block: int, longest: int, n: int) -> str:
    return (
        rf"A token's keys and values take ${kib}$ KiB in all layers, and ${memory}$ GiB are free "
        rf"for the cache (1 GiB = $2^{{20}}$ KiB). How many sequences fit if each reserves room "
        rf"for ${longest}$ tokens, and how many of ${n}$ tokens if each takes only the blocks of "
        rf"${block}$ tokens that it needs?"
    )


def question_model(
    model: int,
    layers: int,
    H_kv: int,
    d_k: int,
    tens: int,
    memory: int,
    devices: int,
    used: int,
    block: int,
    n: int,
) -> str:
    all_of_it = several(devices, "device")
    return (
        rf"{MODELS[model].name} has ${tens / 100:.2f}\cdot 10^9$ parameters, ${layers}$ layers and "
        rf"${H_kv}$ key/value heads of width ${d_k}$; weights and cached numbers take 2 bytes. It "
        rf"runs on {all_of_it} of ${memory}\cdot 10^9$ bytes each, of which {used} % may be used "
        rf"for weights and cache. The cache has blocks of ${block}$ tokens, each in one sequence. "
        rf"How many blocks are there, and how many sequences of ${n}$ tokens fit?"
    )


def blocks_for(n: Any, block: int) -> int:
    return int(-(-n // block))


STEPS = (
    Step(
        "each",
        "Blocks of each sequence, rounded up",
        "b_i",
        ceiling("n_i", r"\text{block}"),
        lambda lengths, block: [blocks_for(n, block) for n in lengths],
        lambda lengths, block: ceiling(int(lengths[0]), block),
        levels=(1,),
    ),
    Step(
        "both",
        "All blocks, and their slots less the tokens",
        r"(b,\ e)",
        r"\left(\sum_i b_i,\ b\cdot\text{block}-\sum_i n_i\right)",
        lambda each, lengths, block: [sum(each), sum(each) * block - sum(lengths)],
        lambda each: "+".join(str(int(b)) for b in each),
        levels=(1,),
    ),
    Step(
        "reserved",
        "Sequences that reserve the longest length",
        r"N_{reserved}",
        floor(r"\text{memory}", r"n_{max}\cdot\text{KiB}"),
        lambda memory, kib, longest: memory * 2**20 // (longest * kib),
        lambda memory, kib, longest: floor(rf"{memory}\cdot 2^{{20}}", rf"{longest}\cdot {kib}"),
        levels=(2,),
    ),
    Step(
        "blocks",
        "Whole blocks in the memory",
        "b",
        floor(r"\text{memory}", r"\text{block}\cdot\text{KiB}"),
        lambda memory, kib, block: memory * 2**20 // (block * kib),
        lambda memory, kib, block: floor(rf"{memory}\cdot 2^{{20}}", rf"{block}\cdot {kib}"),
        levels=(2,),
    ),
    Step(
        "needed",
        "Blocks of a sequence, rounded up",
        "b_1",
        ceiling("n", r"\text{block}"),
        lambda n, block: blocks_for(n, block),
        lambda n, block: ceiling(n, block),
        levels=(2, 3),
    ),
    Step(
        "paged",
        "Sequences that take what they need",
        r"N_{paged}",
        floor("b", "b_1"),
        lambda blocks, needed: blocks // needed,
        lambda blocks, needed: floor(blocks, needed),
        levels=(2,),
    ),
    Step(
        "both",
        "Together",
        r"(N_{reserved},\ N_{paged})",
        r"(N_{reserved},\ N_{paged})",
        lambda reserved, paged: [reserved, paged],
        levels=(2,),
    ),
    Step(
        "token",
        "Bytes of one token: keys and values in every layer",
        "B_1",
        r"2\cdot L\cdot H_{kv}\cdot d_k\cdot 2",
        lambda layers, H_kv, d_k: 4 * layers * H_kv * d_k,
        lambda layers, H_kv, d_k: rf"2\cdot {layers}\cdot {H_kv}\cdot {d_k}\cdot 2",
        levels=(3,),
    ),
    Step(
        "room",
        "Bytes left for the cache",
        "R",
        r"\text{devices}\cdot\text{memory}\cdot\text{part}-2\,N",
        lambda devices, memory, used, tens: devices * memory * used * 10**7 - 2 * tens * 10**7,
        lambda devices, memory, used, tens: (
            rf"{devices}\cdot {memory}\cdot 10^9\cdot {used / 100:.2f}"
            rf"-2\cdot {tens / 100:.2f}\cdot 10^9"
        ),
        levels=(3,),
    ),
    Step(
        "blocks",
        "Whole blocks in it",
        "b",
        floor("R", r"\text{block}\cdot B_1"),
        lambda room, block, token: room // (block * token),
        lambda room, block, token: floor(room, rf"{block}\cdot {token}"),
        levels=(3,),
    ),
    Step(
        "fit",
        "Whole sequences",
        "N",
        floor("b", "b_1"),
        lambda blocks, needed: blocks // needed,
        lambda blocks, needed: floor(blocks, needed),
        levels=(3,),
    ),
    Step(
        "both",
        "Together",
        r"(b,\ N)",
        r"(b,\ N)",
        lambda blocks, fit: [blocks, fit],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "rounded-down",
        "each",
        lambda lengths, block: [n // block for n in lengths],
        "You rounded down; the last, partly filled block is needed too.",
        levels=(1,),
        cause="round",
    ),
    Mistake(
        "blocks-shared",
        "both",
        lambda lengths, block: (lambda b: [b, b * block - sum(lengths)])(
            blocks_for(sum(lengths), block)
        ),
        "You let sequences share a block; each has blocks of its own.",
        when=lambda lengths, block, each: blocks_for(sum(lengths), block) != sum(each),
        levels=(1,),
        cause="round",
    ),
    Mistake(
        "filled-slots",
        "both",
        lambda each, lengths: [sum(each), sum(lengths)],
        "You gave the slots in use; the empty ones were asked.",
        levels=(1,),
        cause="slots",
    ),
    Mistake(
        "all-slots",
        "both",
        lambda each, block: [sum(each), sum(each) * block],
        "You gave all slots; the empty ones were asked.",
        levels=(1,),
        cause="slots",
    ),
    Mistake(
        "one-block-each-too-many",
        "each",
        lambda lengths, block: [n // block + 2 for n in lengths],
        "You counted an extra block for each sequence; none of them needs it yet.",
        levels=(1,),
        cause="round",
    ),
    Mistake(
        "slots-of-the-last",
        "both",
        lambda each, lengths, block: [sum(each), block - lengths[-1] % block],
        "You counted the empty slots of the last sequence only.",
        levels=(1,),
        cause="slots",
    ),
    Mistake(
        "reserved-rounded-up",
        "reserved",
        lambda memory, kib, longest: -(-memory * 2**20 // (longest * kib)),
        "You rounded up; the last sequence would not fit.",
        when=lambda memory, kib, longest: memory * 2**20 % (longest * kib) != 0,
        cause="round",
    ),
    Mistake(
        "needs-rounded-down",
        "needed",
        lambda n, block: n // block,
        "You rounded a sequence's blocks down; its last block is needed too.",
        when=lambda n, block, blocks: blocks // (n // block) != blocks // blocks_for(n, block),
        cause="round",
    ),
    Mistake(
        "no-blocks",
        "paged",
        lambda memory, kib, n: memory * 2**20 // (n * kib),
        "You counted tokens; a sequence takes whole blocks.",
        when=lambda memory, kib, n, paged: memory * 2**20 // (n * kib) != paged,
        cause="round",
    ),
    Mistake(
        "exchanged",
        "both",
        lambda both: list(reversed(both)),
        "You exchanged the two numbers.",
        cause="order",
    ),
    Mistake(
        "billions-for-gib",
        "both",
        lambda memory, kib, longest, needed, block: [
            memory * 10**6 // (longest * kib),
            memory * 10**6 // (block * kib) // needed,
        ],
        r"You took a GiB as a million KiB; it is $2^{20}$ of them.",
        when=lambda memory, kib, longest, reserved: memory * 10**6 // (longest * kib) != reserved,
        levels=(2,),
        cause="unit",
    ),
    Mistake(
        "blocks-for-sequences",
        "paged",
        lambda blocks: blocks,
        "You gave the number of blocks; a sequence takes several.",
        cause="stopped",
    ),
    Mistake(
        "token-in-each-block",
        "blocks",
        lambda memory, kib: memory * 2**20 // kib,
        "You counted tokens for blocks; a block holds several.",
        levels=(2,),
        cause="stopped",
    ),
    Mistake(
        "weights-not-subtracted",
        "room",
        lambda devices, memory, used: devices * memory * used * 10**7,
        "You gave the cache all the memory; the weights take their part.",
        cause="room",
    ),
    Mistake(
        "weights-on-every-device",
        "room",
        lambda devices, memory, used, tens: devices * (memory * used * 10**7 - 2 * tens * 10**7),
        "You put all weights on every device; they are split, so they count once.",
        when=lambda devices, memory, used, tens: devices > 1 and memory * used > 2 * tens,
        cause="room",
    ),
    Mistake(
        "all-memory-used",
        "room",
        lambda devices, memory, tens: devices * memory * 10**9 - 2 * tens * 10**7,
        "You used all of the memory; a part of it stays free.",
        cause="room",
    ),
    Mistake(
        "part-of-the-rest",
        "room",
        lambda devices, memory, used, tens: (devices * memory * 100 - 2 * tens) * 10**5 * used,
        "You took the part of what the weights leave; it is of the whole memory.",
        cause="room",
    ),
    Mistake(
        "keys-only",
        "token",
        lambda token: token // 2,
        "You counted half: keys and values are cached, each number takes 2 bytes.",
        cause="token",
    ),
    Mistake(
        "one-layer",
        "token",
        lambda H_kv, d_k: 4 * H_kv * d_k,
        "You counted one layer; every layer has its own cache.",
        cause="token",
    ),
    Mistake(
        "rounded-up",
        "fit",
        lambda blocks, needed: -(-blocks // needed),
        "You rounded up; the last sequence would not fit.",
        when=lambda blocks, needed: blocks % needed != 0,
        cause="round",
    ),
    Mistake(
        "one-token-a-block",
        "fit",
        lambda blocks, n: blocks // n,
        "You divided the blocks by tokens; a block holds several of them.",
        cause="stopped",
    ),
)

FAMILIES = (
    Family(
        name="paged-cache",
        version=1,
        title="A cache in blocks",
        topic="streaming and decoding",
        says="Blocks are handed out as sequences grow: what stays empty, and how many fit.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_blocks, 2: question_paged, 3: question_model},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N3.22",),
    ),
)
