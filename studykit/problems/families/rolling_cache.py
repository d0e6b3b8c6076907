"""Caches of layers with a window: slots of a rolling buffer, bytes of mixed layers, real models."""

from __future__ import annotations

from typing import Any, NamedTuple

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import several


class Windowed(NamedTuple):
    """A model some of whose layers see a window only; `full` counts the others."""

    name: str
    layers: int
    full: int
    kv_heads: int
    d_k: int
    window: int


# Gemma 3: every sixth layer sees everything.
MODELS = (
    Windowed("Gemma 3 1B", 26, 4, 1, 256, 512),
    Windowed("Gemma 3 4B", 34, 5, 4, 256, 1024),
    Windowed("Gemma 3 12B", 48, 8, 8, 256, 1024),
    Windowed("Gemma 3 27B", 62, 10, 16, 128, 1024),
)


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        window = dice.pick([4, 5, 6, 8, 10, 12, 16])
        return {"window": window, "t": dice.between(2 * window, 9 * window)}
    if level == 2:
        full = dice.pick([2, 4, 5, 6, 8])
        return {
            "layers": full * dice.pick([2, 3, 4, 6]),
            "full": full,
            "H_kv": dice.pick([1, 2, 4, 8]),
            "d_k": dice.pick([64, 128, 256]),
            "window": dice.pick([256, 512, 1024, 2048]),
            "n": 1024 * dice.pick([4, 8, 16, 32]),
        }
    model = dice.below(len(MODELS))
    of = MODELS[model]
    return {
        "model": model,
        "layers": of.layers,
        "full": of.full,
        "H_kv": of.kv_heads,
        "d_k": of.d_k,
        "window": of.window,
        "n": 1024 * dice.pick([4, 8, 16, 32]),
        "batch": dice.between(1, 8),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """A text that does not end with the buffer."""
    return level > 1 or givens["t"] % givens["window"] not in (0, givens["window"] - 1)


def question_slot(window: int, t: int) -> str:
    return (
        rf"A layer with a window of ${window}$ tokens keeps its keys and values in a rolling "
        rf"buffer of ${window}$ slots: position $i$ goes into slot $i\bmod {window}$ (both counted "
        rf"from 0). Token ${t}$ has just been written. Give its slot, the oldest position still in "
        r"the buffer, and the slot of that one."
    )


def _model(layers: int, full: int, H_kv: int, d_k: int, window: int) -> str:
    return (
        rf"${layers}$ layers with ${H_kv}$ key/value head{'s' * (H_kv > 1)} of width ${d_k}$. "
        rf"${full}$ of the layers see all tokens, the others a window of the last ${window}$ and "
        r"cache no more than these. A number takes 2 bytes."
    )


def question_mixed(layers: int, full: int, H_kv: int, d_k: int, window: int, n: int) -> str:
    return (
        rf"A model has {_model(layers, full, H_kv, d_k, window)} How many MiB does the cache of "
        rf"${n}$ tokens take, and how many if all layers saw all tokens (1 MiB = $2^{{20}}$ bytes)?"
    )


def question_model(
    model: int, layers: int, full: int, H_kv: int, d_k: int, window: int, n: int, batch: int
) -> str:
    sequences = several(batch, "sequence")
    return (
        rf"{MODELS[model].name} has {_model(layers, full, H_kv, d_k, window)} How many GiB does "
        rf"the cache of {sequences} of ${n}$ tokens take (1 GiB = $2^{{30}}$ bytes), and which "
        r"part of it belongs to the layers that see everything?"
    )


def row_bytes(H_kv: int, d_k: int) -> int:
    """Of one token in one layer: a key and a value, 2 bytes a number."""
    return 4 * H_kv * d_k


STEPS = (
    Step(
        "slot",
        "Slot of the newest token",
        "s",
        r"t\bmod W",
        lambda t, window: t % window,
        lambda t, window: rf"{t}\bmod {window}",
        levels=(1,),
    ),
    Step(
        "oldest",
        "Oldest position: the window holds W tokens with the newest",
        "o",
        "t-W+1",
        lambda t, window: t - window + 1,
        lambda t, window: f"{t}-{window}+1",
        levels=(1,),
    ),
    Step(
        "oldest_slot",
        "Its slot: the one that is written next",
        r"s_o",
        r"o\bmod W",
        lambda oldest, window: oldest % window,
        lambda oldest, window: rf"{oldest}\bmod {window}",
        levels=(1,),
    ),
    Step(
        "all",
        "Together",
        r"(s,\ o,\ s_o)",
        r"(s,\ o,\ s_o)",
        lambda slot, oldest, oldest_slot: [slot, oldest, oldest_slot],
        levels=(1,),
    ),
    Step(
        "row",
        "Bytes of a token in a layer: a key and a value in each head",
        "r",
        r"2\cdot H_{kv}\cdot d_k\cdot 2",
        lambda H_kv, d_k: row_bytes(H_kv, d_k),
        lambda H_kv, d_k: rf"2\cdot {H_kv}\cdot {d_k}\cdot 2",
        levels=(2, 3),
    ),
    Step(
        "tokens",
        "Tokens in all layers: all of them in full layers, a window in the others",
        "N",
        r"L_{full}\,n+(L-L_{full})\,W",
        lambda layers, full, n, window: full * n + (layers - full) * window,
        lambda layers, full, n, window: rf"{full}\cdot {n}+({layers}-{full})\cdot {window}",
        levels=(2, 3),
    ),
    Step(
        "both",
        "In MiB, with the windows and without",
        r"(M,\ M_{full})",
        r"\left(\frac{r\,N}{2^{20}},\ \frac{r\,L\,n}{2^{20}}\right)",
        lambda row, tokens, layers, n: [divide(row * x, 2**20) for x in (tokens, layers * n)],
        lambda row, tokens: rf"\frac{{{row}\cdot {tokens}}}{{2^{{20}}}}",
        levels=(2,),
    ),
    Step(
        "gib",
        "In GiB for all sequences",
        "G",
        r"\frac{r\,N\cdot\text{batch}}{2^{30}}",
        lambda row, tokens, batch: divide(row * tokens * batch, 2**30),
        lambda row, tokens, batch: rf"\frac{{{row}\cdot {tokens}\cdot {batch}}}{{2^{{30}}}}",
        levels=(3,),
    ),
    Step(
        "part",
        "Part of the full layers",
        "p",
        r"\frac{L_{full}\,n}{N}",
        lambda full, n, tokens: divide(full * n, tokens),
        lambda full, n, tokens: rf"\frac{{{full}\cdot {n}}}{{{tokens}}}",
        levels=(3,),
    ),
    Step(
        "both",
        "Together",
        r"(G,\ p)",
        r"(G,\ p)",
        lambda gib, part: [gib, part],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "one-too-old",
        "oldest",
        lambda t, window: t - window,
        "That position has just been overwritten: the window counts the newest token too.",
        cause="window",
    ),
    Mistake(
        "slots-from-one",
        "all",
        lambda slot, oldest, oldest_slot: [slot + 1, oldest, oldest_slot + 1],
        "You counted slots from 1; the first one is 0.",
        cause="index",
    ),
    Mistake(
        "oldest-in-slot-zero",
        "all",
        lambda slot, oldest: [slot, oldest, 0],
        "You put the oldest token into slot 0; the buffer goes round.",
        when=lambda oldest_slot: oldest_slot != 0,
        cause="slot",
    ),
    Mistake(
        "turns-counted",
        "slot",
        lambda t, window: t // window,
        "You gave how often the buffer went round; the slot is what is left over.",
        when=lambda t, window: t // window != t % window,
        cause="slot",
    ),
    Mistake(
        "first-position",
        "all",
        lambda slot: [slot, 0, 0],
        "You took the first token as the oldest; it was overwritten long ago.",
        cause="window",
    ),
    Mistake(
        "start-of-the-turn",
        "all",
        lambda t, window, slot: [slot, t // window * window, 0],
        "You took the token in slot 0 as the oldest; older ones are in the slots after the newest.",
        cause="window",
    ),
    Mistake(
        "keys-only",
        "row",
        lambda row: row // 2,
        "You counted half: a key and a value are cached, each number takes 2 bytes.",
        cause="row",
    ),
    Mistake(
        "one-head",
        "row",
        lambda d_k: 4 * d_k,
        "You counted one key/value head.",
        when=lambda H_kv: H_kv > 1,
        cause="row",
    ),
    Mistake(
        "window-ignored",
        "tokens",
        lambda layers, n: layers * n,
        "You let every layer cache all tokens.",
        cause="window",
    ),
    Mistake(
        "layers-exchanged",
        "tokens",
        lambda layers, full, n, window: (layers - full) * n + full * window,
        "You exchanged the two kinds of layers.",
        when=lambda layers, full: layers != 2 * full,
        cause="layers",
    ),
    Mistake(
        "window-in-every-layer",
        "tokens",
        lambda layers, window: layers * window,
        "You gave every layer a window; some see all tokens.",
        cause="window",
    ),
    Mistake(
        "full-layers-only",
        "tokens",
        lambda full, n: full * n,
        "You left out the layers with a window; they cache as well.",
        cause="layers",
    ),
    Mistake(
        "window-besides",
        "tokens",
        lambda layers, full, n, window: layers * window + full * n,
        "You added a window to the full layers; they cache every token once.",
        cause="layers",
    ),
    Mistake(
        "millions-for-mib",
        "both",
        lambda both: [divide(x * 2**20, 10**6) for x in both],
        r"You divided by $10^6$; a MiB has $2^{20}$ bytes.",
        levels=(2,),
        cause="unit",
    ),
    Mistake(
        "one-sequence",
        "gib",
        lambda row, tokens: divide(row * tokens, 2**30),
        "You counted one sequence.",
        when=lambda batch: batch > 1,
        cause="batch",
    ),
    Mistake(
        "other-part",
        "part",
        lambda part: 1 - part,
        "You gave the part of the layers with a window.",
        cause="part",
    ),
    Mistake(
        "part-of-the-layers",
        "part",
        lambda full, layers: divide(full, layers),
        "You gave their part of the layers; the part of the cache was asked.",
        cause="part",
    ),
)

FAMILIES = (
    Family(
        name="rolling-cache",
        version=1,
        title="Caches with a window",
        topic="streaming and decoding",
        says="A layer that sees a window keeps no more than the window.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_slot, 2: question_mixed, 3: question_model},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N3.22", "N3.17"),
    ),
)
