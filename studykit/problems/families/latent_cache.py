"""Multi-head latent attention: one latent vector is cached in place of all keys and values."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Figures
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import several

# name, layers, heads, head width, latent width, rotary width: the published configurations.
MODELS = (
    ("DeepSeek-V2-Lite", 27, 16, 128, 512, 64),
    ("DeepSeek-V2", 60, 128, 128, 512, 64),
    ("DeepSeek-V3", 61, 128, 128, 512, 64),
)


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        model = dice.below(len(MODELS))
        _, layers, heads, width, latent, rope = MODELS[model]
        given = {"model": model, "layers": layers, "H": heads, "d_h": width}
        given |= {"latent": latent, "rope": rope, "bytes_each": dice.pick([1, 2])}
        given |= {"tokens": 1024 * dice.pick([16, 32, 64, 128]), "batch": dice.between(2, 32)}
        return given | {"G": dice.pick([4, 8, 16])}
    given = {
        "H": dice.pick([16, 24, 32, 40, 64, 128]),
        "d_h": dice.pick([64, 96, 128, 192]),
        "latent": 64 * dice.pick([3, 4, 6, 8, 12]),
        "rope": dice.pick([32, 64]),
    }
    if level == 1:
        return given | {
            "layers": dice.pick([16, 24, 27, 30, 32, 40, 48, 60, 61]),
            "bytes_each": dice.pick([1, 2, 4]),
        }
    return given | {"G": dice.pick([2, 4, 8])}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Less than grouped heads would take; a latent vector wider than the rotary key."""
    if level == 2:
        return bool(givens["latent"] + givens["rope"] < 2 * givens["G"] * givens["d_h"])
    return True


def _cached(H: int, latent: int, rope: int) -> str:
    return (
        "Multi-head latent attention caches, for each token and layer, one latent vector of width "
        rf"$d_c={latent}$ (keys and values of all ${H}$ heads are computed from it) and one rotary "
        rf"key of width $d_R={rope}$ shared by the heads."
    )


def question_token(layers: int, H: int, latent: int, rope: int, bytes_each: int) -> str:
    each = several(bytes_each, "byte")
    return (
        f"{_cached(H, latent, rope)} The model has ${layers}$ layers, a cached number takes "
        f"{each}. How many KiB of cache does one token take (1 KiB = 1024 bytes)?"
    )


def question_ratio(H: int, d_h: int, latent: int, rope: int, G: int) -> str:
    return (
        f"{_cached(H, latent, rope)} Compare with ordinary heads of width $d_k=d_v={d_h}$ in the "
        rf"same number type. By which factor is the cache smaller than that of multi-head "
        rf"attention with all ${H}$ heads, and by which factor smaller than that of grouped-query "
        rf"attention with ${G}$ key/value heads?"
    )


def question_model(
    model: int,
    layers: int,
    H: int,
    d_h: int,
    latent: int,
    rope: int,
    bytes_each: int,
    tokens: int,
    batch: int,
    G: int,
) -> str:
    each = several(bytes_each, "byte")
    return (
        f"{MODELS[model][0]} has ${layers}$ layers. {_cached(H, latent, rope)} A cached number "
        rf"takes {each}. How many GiB does the cache of ${batch}$ sequences of ${tokens}$ tokens "
        rf"take, and how many would that of grouped-query attention with ${G}$ key/value heads of "
        rf"width $d_k=d_v={d_h}$ take (1 GiB = $2^{{30}}$ bytes)?"
    )


STEPS = (
    Step(
        "numbers",
        "Numbers cached for a token and layer: one latent vector, one rotary key",
        "N",
        "d_c+d_R",
        lambda latent, rope: latent + rope,
        lambda latent, rope: f"{latent}+{rope}",
    ),
    Step(
        "token",
        "Bytes of one token in all layers",
        "B_1",
        r"N\cdot L\cdot\text{bytes}",
        lambda numbers, layers, bytes_each: numbers * layers * bytes_each,
        lambda numbers, layers, bytes_each: rf"{numbers}\cdot {layers}\cdot {bytes_each}",
        levels=(1, 3),
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
        "all_heads",
        "Against keys and values of all heads",
        "r",
        r"\frac{2\,H\,d_h}{N}",
        lambda numbers, H, d_h: 2 * H * d_h / numbers,
        lambda numbers, H, d_h: rf"\frac{{2\cdot {H}\cdot {d_h}}}{{{numbers}}}",
        levels=(2,),
    ),
    Step(
        "grouped",
        "Against keys and values of the groups",
        "r_G",
        r"\frac{2\,G\,d_h}{N}",
        lambda numbers, G, d_h: 2 * G * d_h / numbers,
        lambda numbers, G, d_h: rf"\frac{{2\cdot {G}\cdot {d_h}}}{{{numbers}}}",
        levels=(2,),
    ),
    Step(
        "both",
        "Both factors",
        r"(r,\ r_G)",
        r"(r,\ r_G)",
        lambda all_heads, grouped: [all_heads, grouped],
        levels=(2,),
    ),
    Step(
        "gib",
        "In GiB, for all tokens of all sequences",
        r"\text{GiB}",
        r"\frac{B_1\cdot n\cdot\text{batch}}{2^{30}}",
        lambda token, tokens, batch: divide(token * tokens * batch, 2**30),
        lambda token, tokens, batch: rf"\frac{{{token}\cdot {tokens}\cdot {batch}}}{{2^{{30}}}}",
        levels=(3,),
    ),
    Step(
        "grouped",
        "Grouped heads: a key and a value in each, in every layer",
        r"\text{GiB}_G",
        r"\frac{2\,G\,d_h\cdot L\cdot\text{bytes}\cdot n\cdot\text{batch}}{2^{30}}",
        lambda G, d_h, layers, bytes_each, tokens, batch: divide(
            2 * G * d_h * layers * bytes_each * tokens * batch, 2**30
        ),
        lambda G, d_h, layers, bytes_each, tokens, batch: (
            rf"\frac{{2\cdot {G}\cdot {d_h}\cdot {layers}\cdot {bytes_each}"
            rf"\cdot {tokens}\cdot {batch}}}{{2^{{30}}}}"
        ),
        levels=(3,),
    ),
    Step(
        "both",
        "Together",
        r"(\text{GiB},\ \text{GiB}_G)",
        r"(\text{GiB},\ \text{GiB}_G)",
        lambda gib, grouped: [gib, grouped],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "latent-twice",
        "numbers",
        lambda latent, rope: 2 * latent + rope,
        "You counted a latent vector for keys and one for values; both come from the same one.",
        cause="count",
    ),
    Mistake(
        "keys-and-values-twice",
        "numbers",
        lambda latent, rope: 2 * (latent + rope),
        "You doubled for keys and values; the latent vector serves both.",
        cause="count",
    ),
    Mistake(
        "rotary-key-left-out",
        "numbers",
        lambda latent: latent,
        "You left out the rotary key; it is cached beside the latent vector.",
        cause="rotary",
    ),
    Mistake(
        "rotary-key-for-each-head",
        "numbers",
        lambda latent, rope, H: latent + H * rope,
        "You counted a rotary key for every head; the heads share one.",
        cause="rotary",
    ),
    Mistake(
        "latent-for-each-head",
        "numbers",
        lambda latent, rope, H: H * latent + rope,
        "You counted a latent vector for every head; all heads are computed from one.",
        cause="heads",
    ),
    Mistake(
        "one-layer",
        "token",
        lambda numbers, bytes_each: numbers * bytes_each,
        "You counted one layer; every layer has its own cache.",
        cause="count",
    ),
    Mistake(
        "numbers-for-bytes",
        "token",
        lambda numbers, layers: numbers * layers,
        "You counted numbers; each takes more than a byte.",
        when=lambda bytes_each: bytes_each > 1,
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
        "factors-inverted",
        "both",
        lambda all_heads, grouped: [1 / all_heads, 1 / grouped],
        "You inverted the factors; asked is how many times smaller the latent cache is.",
        levels=(2,),
        cause="ratio",
    ),
    Mistake(
        "saving-for-factor",
        "both",
        lambda all_heads, grouped: [1 - 1 / all_heads, 1 - 1 / grouped],
        "You gave the part that is saved; the factor was asked.",
        levels=(2,),
        cause="ratio",
    ),
    Mistake(
        "billions-for-gib",
        "gib",
        lambda token, tokens, batch: divide(token * tokens * batch, 10**9),
        r"You divided by $10^9$; a GiB has $2^{30}$ bytes.",
        cause="unit",
    ),
    Mistake(
        "one-sequence",
        "gib",
        lambda token, tokens: divide(token * tokens, 2**30),
        "You counted one sequence; each of the batch has its own cache.",
        cause="count",
    ),
    Mistake(
        "keys-only",
        "grouped",
        lambda grouped: divide(grouped, 2),
        "You counted the grouped keys only; their values are cached as well.",
        levels=(3,),
        cause="count",
    ),
    Mistake(
        "all-heads",
        "grouped",
        lambda grouped, G, H: divide(grouped * H, G),
        "You counted keys and values of all heads; grouped heads share them.",
        when=lambda G, H: G != H,
        levels=(3,),
        cause="heads",
    ),
)

FAMILIES = (
    Family(
        name="latent-cache",
        version=1,
        title="Cache of latent attention",
        topic="parameters, FLOPs and memory",
        says="MLA caches one vector for all heads: how much that saves.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_token, 2: question_ratio, 3: question_model},
        precision={1: Exact(), 2: Figures(4), 3: Exact()},
        fine=fine,
        items=("N3.22", "N3.29"),
    ),
)
