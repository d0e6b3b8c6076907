"""Time until the first token: matrices, then attention as well, then the whole answer."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.published import DEVICES, LARGE, MODELS
from studykit.problems.wording import cell


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {
            "size": dice.pick([1, 2, 3, 6, 7, 8, 12, 13, 30, 70]),
            "n": 500 * dice.between(1, 16),
            "peak": dice.pick([100, 125, 200, 250, 400, 500, 800, 1000]),
            "used": dice.pick([40, 50, 60, 80]),
        }
    model, device = dice.below(len(MODELS)), dice.pick(LARGE)
    of = MODELS[model]
    given = {
        "model": model,
        "size": of.billions,
        "L": of.layers,
        "d": of.d_model,
        "n": 1000 * dice.pick([4, 8, 12, 16, 24, 30]),
        "device": device,
        "peak": DEVICES[device].peak,
        "used": 5 * dice.between(7, 14),
    }
    if level == 2:
        return given
    given |= {"H_kv": of.kv_heads, "d_k": of.d_k, "bandwidth": DEVICES[device].bandwidth}
    return given | {"m": 50 * dice.between(2, 20)}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Attention that shows beside the matrices; a cache that shows beside the weights."""
    if level == 1:
        return True
    if givens["pairs"] < 0.05 * givens["matrices"]:
        return False
    return level == 2 or givens["cache"] > 0.02 * givens["weights"]


def question_matrices(size: int, n: int, peak: int, used: int) -> str:
    return (
        rf"A model of ${size}\cdot 10^9$ parameters reads a prompt of ${n}$ tokens at once, at 2 "
        rf"FLOPs for each parameter and token; attention itself is left out. The device has a peak "
        rf"of ${peak}\cdot 10^{{12}}$ FLOP/s and reaches {used} % of it. How many milliseconds "
        r"does that take?"
    )


def _prompt(model: int, size: float, L: int, d: int, n: int, device: int, used: int) -> str:
    return (
        rf"{MODELS[model].name} (${size}\cdot 10^9$ parameters, ${L}$ layers, $d_{{model}}={d}$) "
        rf"reads a prompt of ${n}$ tokens at once: 2 FLOPs for each parameter and token, and "
        rf"$2\,L\,d_{{model}}\,n^2$ FLOPs for scores and weighted sums under the causal mask. "
        rf"{DEVICES[device].name}: ${DEVICES[device].peak}\cdot 10^{{12}}$ FLOP/s, of which {used} "
        r"% are reached."
    )


def question_attention(
    model: int, size: float, L: int, d: int, n: int, device: int, used: int
) -> str:
    return (
        f"{_prompt(model, size, L, d, n, device, used)} How many milliseconds does the prompt take?"
    )


def question_answer(
    model: int,
    size: float,
    L: int,
    d: int,
    n: int,
    device: int,
    used: int,
    H_kv: int,
    d_k: int,
    bandwidth: int,
    m: int,
) -> str:
    return (
        f"{_prompt(model, size, L, d, n, device, used)} Then it writes ${m}$ tokens; each takes as "
        rf"long as reading all weights and the prompt's cache (${H_kv}$ key/value heads of width "
        rf"${d_k}$) once at ${bandwidth}\cdot 10^9$ bytes/s, 2 bytes a number. Give the time of "
        r"the prompt in ms, of one written token in ms, and of both together in seconds."
    )


def milliseconds(flops: Any, peak: int, used: int) -> Any:
    """For FLOPs in units of 10⁹, at `used` percent of a peak in units of 10¹²."""
    return divide(100 * flops, peak * used)


STEPS = (
    Step(
        "flops",
        "FLOPs, in units of 10⁹",
        "F",
        r"2\,N\,n",
        lambda size, n: 2 * size * n,
        lambda size, n: rf"2\cdot {size}\cdot {n}",
        levels=(1,),
    ),
    Step(
        "prompt",
        "At the speed that is reached, in milliseconds",
        "t",
        r"\frac{F}{\text{peak}\cdot\text{part}}",
        lambda flops, peak, used: milliseconds(flops, peak, used),
        lambda flops, peak, used: rf"\frac{{{flops}}}{{{peak}\cdot {used / 100:.2f}}}",
        levels=(1,),
    ),
    Step(
        "matrices",
        "FLOPs of the matrices, in units of 10⁹",
        "F_1",
        r"2\,N\,n",
        lambda size, n: 2 * size * n,
        lambda size, n: rf"2\cdot {size}\cdot {n}",
        levels=(2, 3),
    ),
    Step(
        "pairs",
        "FLOPs of scores and weighted sums, in units of 10⁹",
        "F_2",
        r"\frac{2\,L\,d_{model}\,n^2}{10^9}",
        lambda L, d, n: 2 * L * d * n * n / 10**9,
        lambda L, d, n: rf"\frac{{2\cdot {L}\cdot {d}\cdot {n}^2}}{{10^9}}",
        levels=(2, 3),
    ),
    Step(
        "prompt",
        "At the speed that is reached, in milliseconds",
        "t",
        r"\frac{F_1+F_2}{\text{peak}\cdot\text{part}}",
        lambda matrices, pairs, peak, used: milliseconds(matrices + pairs, peak, used),
        lambda matrices, pairs, peak, used: (
            rf"\frac{{{matrices:.0f}+{pairs:.0f}}}{{{peak}\cdot {used / 100:.2f}}}"
        ),
        levels=(2, 3),
    ),
    Step(
        "weights",
        "Bytes of the weights, in units of 10⁹",
        "W",
        r"2\,N",
        lambda size: 2 * size,
        lambda size: rf"2\cdot {size}",
        levels=(3,),
    ),
    Step(
        "cache",
        "Bytes of the prompt's cache, in units of 10⁹",
        "C",
        r"\frac{2\cdot L\cdot H_{kv}\cdot d_k\cdot 2\cdot n}{10^9}",
        lambda L, H_kv, d_k, n: 4 * L * H_kv * d_k * n / 10**9,
        lambda L, H_kv, d_k, n: (
            rf"\frac{{2\cdot {L}\cdot {H_kv}\cdot {d_k}\cdot 2\cdot {n}}}{{10^9}}"
        ),
        levels=(3,),
    ),
    Step(
        "token",
        "Time of a written token, in milliseconds",
        r"t_1",
        r"\frac{W+C}{\text{bandwidth}}",
        lambda weights, cache, bandwidth: 1000 * (weights + cache) / bandwidth,
        lambda weights, cache, bandwidth: (
            rf"1000\cdot\frac{{{cell(weights)}+{cell(cache)}}}{{{bandwidth}}}"
        ),
        levels=(3,),
    ),
    Step(
        "total",
        "Prompt and answer, in seconds",
        "T",
        r"\frac{t+m\,t_1}{1000}",
        lambda prompt, token, m: (prompt + m * token) / 1000,
        lambda prompt, token, m: rf"\frac{{{cell(prompt)}+{m}\cdot {cell(token)}}}{{1000}}",
        levels=(3,),
    ),
    Step(
        "all",
        "Together",
        r"(t,\ t_1,\ T)",
        r"(t,\ t_1,\ T)",
        lambda prompt, token, total: [prompt, token, total],
        levels=(3,),
    ),
)

ATTENTION = (
    Mistake(
        "attention-left-out",
        "pairs",
        lambda: 0.0,
        "You left out scores and weighted sums.",
        cause="pairs",
    ),
    Mistake(
        "one-layer",
        "pairs",
        lambda pairs, L: pairs / L,
        "You counted the scores of one layer.",
        cause="pairs",
    ),
    Mistake(
        "mask-ignored",
        "pairs",
        lambda pairs: 2 * pairs,
        "You counted all pairs; under the mask half of them are computed.",
        cause="pairs",
    ),
    Mistake(
        "backward-counted",
        "matrices",
        lambda matrices: 3 * matrices,
        "You counted 6 FLOPs, as in training; reading is a forward pass.",
        cause="flops",
    ),
    Mistake(
        "multiply-adds-for-flops",
        "matrices",
        lambda matrices: matrices / 2,
        "You counted multiply–adds; each is 2 FLOPs.",
        cause="flops",
    ),
    Mistake(
        "peak-reached",
        "prompt",
        lambda matrices, pairs, peak: (matrices + pairs) / peak,
        "You used the peak; only a part of it is reached.",
        cause="speed",
    ),
)

MISTAKES = (
    Mistake(
        "backward-counted",
        "flops",
        lambda flops: 3 * flops,
        "You counted 6 FLOPs, as in training; reading is a forward pass.",
        cause="flops",
    ),
    Mistake(
        "multiply-adds-for-flops",
        "flops",
        lambda size, n: size * n,
        "You counted multiply–adds; each is 2 FLOPs.",
        cause="flops",
    ),
    Mistake(
        "one-token",
        "flops",
        lambda size: 2 * size,
        "You counted one token; all tokens of the prompt go through.",
        cause="flops",
    ),
    Mistake(
        "peak-reached",
        "prompt",
        lambda flops, peak: divide(flops, peak),
        "You used the peak; only a part of it is reached.",
        levels=(1,),
        cause="speed",
    ),
    Mistake(
        "part-multiplied",
        "prompt",
        lambda flops, peak, used: divide(flops * used, 100 * peak),
        "You multiplied by the part; less speed takes more time.",
        levels=(1,),
        cause="speed",
    ),
    Mistake(
        "seconds-for-milliseconds",
        "prompt",
        lambda prompt: divide(prompt, 1000),
        "You gave seconds.",
        levels=(1,),
        cause="unit",
    ),
    *at_levels((2, 3), ATTENTION),
    Mistake(
        "cache-left-out",
        "cache",
        lambda: 0.0,
        "You left out the cache; every written token reads it.",
        cause="cache",
    ),
    Mistake(
        "keys-only",
        "cache",
        lambda cache: cache / 2,
        "You counted half of the cache: keys and values, 2 bytes a number.",
        cause="cache",
    ),
    Mistake(
        "prompt-left-out",
        "total",
        lambda token, m: m * token / 1000,
        "You left out the prompt.",
        cause="total",
    ),
    Mistake(
        "one-written-token",
        "total",
        lambda prompt, token: (prompt + token) / 1000,
        "You counted one written token.",
        cause="total",
    ),
    Mistake(
        "numbers-for-bytes",
        "weights",
        lambda size: size,
        "You counted parameters; each takes 2 bytes.",
        cause="unit",
    ),
)

FAMILIES = (
    Family(
        name="prefill-time",
        version=1,
        title="Time to the first token",
        topic="streaming and decoding",
        says="A prompt is computed, an answer is read: two limits of one device.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_matrices, 2: question_attention, 3: question_answer},
        precision={1: Exact(), 2: Places(1), 3: Places(2)},
        fine=fine,
        items=("N3.17", "N3.22"),
    ),
)
