"""Model FLOPs utilisation: which part of the devices' peak goes into the model itself."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.published import DEVICES, MODELS

TRAINING = tuple(i for i, of in enumerate(DEVICES) if of.peak > 150)
"""Devices large models are trained on."""


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        size, devices = dice.pick([1, 2, 4, 5, 8, 10, 20, 40]), dice.pick([8, 16, 32, 64, 128])
        peak, percent = dice.pick([150, 300, 600, 900, 1200]), dice.between(20, 62)
        rate = divide(10 * peak * devices * percent, 6 * size)
        if not isinstance(rate, int) or rate % 100:
            return None
        return {"size": size, "rate": rate, "devices": devices, "peak": peak}
    model, device = dice.below(len(MODELS)), dice.pick(TRAINING)
    of, peak, devices = MODELS[model], DEVICES[device].peak, dice.pick([8, 16, 64, 256, 512])
    n = 1024 * dice.pick([2, 4, 8, 16, 32])
    each = 6 * of.billions * 1e9 + 12 * of.layers * of.d_model * n
    wanted = dice.between(250, 550) / 1000
    return {
        "model": model,
        "size": of.billions,
        "L": of.layers,
        "d": of.d_model,
        "n": n,
        "device": device,
        "peak": peak,
        "devices": devices,
        "rate": round(wanted * devices * peak * 1e9 / each) * 1000,
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Attention that shows beside the parameters."""
    return level == 1 or givens["pairs"] / givens["matrices"] > 0.02


def question_parameters(size: int, rate: int, devices: int, peak: int) -> str:
    return (
        rf"Training a model of ${size}\cdot 10^9$ parameters handles ${rate}$ tokens a second on "
        rf"${devices}$ devices with a peak of ${peak}\cdot 10^{{12}}$ FLOP/s each. A token takes 6 "
        r"FLOPs for each parameter, forward and backward together; attention itself is left out. "
        r"Give the model FLOPs utilisation (MFU) in percent."
    )


def _run(model: int, size: float, L: int, d: int, n: int, device: int, devices: int) -> str:
    return (
        rf"{MODELS[model].name} (${size}\cdot 10^9$ parameters, ${L}$ layers, $d_{{model}}={d}$) "
        rf"is trained on sequences of ${n}$ tokens by ${devices}$ {DEVICES[device].name} with a "
        rf"peak of ${DEVICES[device].peak}\cdot 10^{{12}}$ FLOP/s each."
    )


def question_attention(
    model: int, size: float, L: int, d: int, n: int, device: int, devices: int, rate: int
) -> str:
    return (
        f"{_run(model, size, L, d, n, device, devices)} A token takes 6 FLOPs for each parameter "
        rf"and $12\,L\,d_{{model}}\,n$ for scores and weighted sums (forward and backward, the "
        rf"mask not discounted). Together the devices handle ${rate}$ tokens a second. Give the "
        r"model FLOPs utilisation (MFU) in percent."
    )


def question_hardware(
    model: int, size: float, L: int, d: int, n: int, device: int, devices: int, rate: int
) -> str:
    return (
        f"{_run(model, size, L, d, n, device, devices)} A forward pass takes 2 FLOPs for each "
        rf"parameter and token and $4\,L\,d_{{model}}\,n$ for its scores and weighted sums (the "
        r"mask not discounted), a backward pass twice as many. To save memory each forward pass is "
        rf"computed a second time during the backward pass. Together the devices handle ${rate}$ "
        r"tokens a second. Give the utilisation in percent counting what the model needs (MFU), "
        r"then counting all FLOPs that are computed (HFU)."
    )


def percent(flops: float, rate: int, devices: int, peak: int) -> float:
    """FLOPs of a token, in units of 10⁹, as percent of the peak."""
    return 100 * flops * rate / (devices * peak * 1000)


STEPS = (
    Step(
        "used",
        "FLOPs a second that go into the model, in units of 10⁹",
        "F",
        r"6\,N\,r",
        lambda size, rate: 6 * size * rate,
        lambda size, rate: rf"6\cdot {size}\cdot {rate}",
        levels=(1,),
    ),
    Step(
        "available",
        "FLOPs a second at the peak, in units of 10⁹",
        "F_{max}",
        r"\text{devices}\cdot\text{peak}",
        lambda devices, peak: 1000 * devices * peak,
        lambda devices, peak: rf"{devices}\cdot {peak}\cdot 10^3",
        levels=(1,),
    ),
    Step(
        "mfu",
        "The part, in percent",
        r"\text{MFU}",
        r"100\cdot\frac{F}{F_{max}}",
        lambda used, available: divide(100 * used, available),
        lambda used, available: rf"100\cdot\frac{{{used}}}{{{available}}}",
        levels=(1,),
    ),
    Step(
        "matrices",
        "FLOPs of a token in the matrices, in units of 10⁹",
        "F_1",
        r"6\,N",
        lambda size: 6 * size,
        lambda size: rf"6\cdot {size}",
        levels=(2, 3),
    ),
    Step(
        "pairs",
        "FLOPs of a token in scores and weighted sums, in units of 10⁹",
        "F_2",
        r"\frac{12\,L\,d_{model}\,n}{10^9}",
        lambda L, d, n: 12 * L * d * n / 10**9,
        lambda L, d, n: rf"\frac{{12\cdot {L}\cdot {d}\cdot {n}}}{{10^9}}",
        levels=(2, 3),
    ),
    Step(
        "mfu",
        "Times the tokens a second, over the peak, in percent",
        r"\text{MFU}",
        r"100\cdot\frac{(F_1+F_2)\,r}{\text{devices}\cdot\text{peak}}",
        lambda matrices, pairs, rate, devices, peak: percent(matrices + pairs, rate, devices, peak),
        lambda matrices, pairs, rate, devices, peak: (
            rf"100\cdot\frac{{({matrices:.2f}+{pairs:.2f})\cdot {rate}}}"
            rf"{{{devices}\cdot {peak}\cdot 10^3}}"
        ),
        levels=(2, 3),
    ),
    Step(
        "hfu",
        "Two forward passes and a backward pass: 4 parts where the model needs 3",
        r"\text{HFU}",
        r"\frac{4}{3}\,\text{MFU}",
        lambda mfu: mfu * 4 / 3,
        lambda mfu: rf"\frac{{4}}{{3}}\cdot {mfu}",
        levels=(3,),
    ),
    Step(
        "both",
        "Together",
        r"(\text{MFU},\ \text{HFU})",
        r"(\text{MFU},\ \text{HFU})",
        lambda mfu, hfu: [mfu, hfu],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "forward-only",
        "used",
        lambda size, rate: 2 * size * rate,
        "You counted 2 FLOPs for each parameter, the forward pass alone.",
        cause="passes",
    ),
    Mistake(
        "backward-only",
        "used",
        lambda size, rate: 4 * size * rate,
        "You counted the backward pass alone.",
        cause="passes",
    ),
    Mistake(
        "multiply-adds-for-flops",
        "used",
        lambda size, rate: 3 * size * rate,
        "You counted multiply–adds; each is 2 FLOPs.",
        cause="unit",
    ),
    Mistake(
        "one-device",
        "available",
        lambda peak: 1000 * peak,
        "You compared with the peak of one device.",
        cause="devices",
    ),
    Mistake(
        "part-for-percent",
        "mfu",
        lambda used, available: divide(used, available),
        "You gave the part; percent were asked.",
        levels=(1,),
        cause="unit",
    ),
    Mistake(
        "part-left-idle",
        "mfu",
        lambda mfu: 100 - mfu,
        "You gave the part that lies idle.",
        cause="part",
    ),
    Mistake(
        "inverted",
        "mfu",
        lambda used, available: divide(100 * available, used),
        "You divided the peak by what is used.",
        levels=(1,),
        cause="part",
    ),
    Mistake(
        "attention-left-out",
        "pairs",
        lambda: 0.0,
        "You left out scores and weighted sums.",
        cause="pairs",
    ),
    Mistake(
        "mask-discounted",
        "pairs",
        lambda pairs: pairs / 2,
        "You took half of the pairs for the mask; here it is not discounted.",
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
        "forward-only",
        "matrices",
        lambda size: 2 * size,
        "You counted 2 FLOPs for each parameter, the forward pass alone.",
        cause="passes",
    ),
    Mistake(
        "attention-forward-only",
        "pairs",
        lambda pairs: pairs / 3,
        "You counted the scores of the forward pass alone.",
        levels=(3,),
        cause="passes",
    ),
    Mistake(
        "recomputation-in-both",
        "both",
        lambda hfu: [hfu, hfu],
        "You counted the second forward pass in the MFU; the model does not need it.",
        cause="recomputation",
    ),
    Mistake(
        "recomputation-nowhere",
        "hfu",
        lambda mfu: mfu,
        "You left the second forward pass out of the HFU.",
        cause="recomputation",
    ),
    Mistake(
        "both-passes-again",
        "hfu",
        lambda mfu: 2 * mfu,
        "You counted everything twice; only the forward pass is computed again.",
        cause="recomputation",
    ),
    Mistake(
        "backward-again",
        "hfu",
        lambda mfu: mfu * 5 / 3,
        "You counted the backward pass twice; the forward pass is computed again.",
        cause="recomputation",
    ),
)

FAMILIES = (
    Family(
        name="model-flops-utilisation",
        version=1,
        title="Model FLOPs utilisation",
        topic="parameters, FLOPs and memory",
        says="How much of what the devices could compute goes into the model.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_parameters, 2: question_attention, 3: question_hardware},
        precision={1: Exact(), 2: Places(1), 3: Places(1)},
        convention="in percent",
        fine=fine,
        items=("N3.17", "N2.23"),
    ),
)
