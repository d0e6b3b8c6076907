"""A layer over several devices: weights each one holds, bytes it sends, time for both."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.published import DEVICES, MODELS
from studykit.problems.wording import cell

FAST = tuple(i for i, of in enumerate(DEVICES) if of.peak > 300)


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        H, d_k = dice.pick([16, 32, 64]), dice.pick([64, 128])
        d = H * d_k
        return {
            "d": d,
            "H": H,
            "H_kv": dice.pick([2, 4, 8]),
            "d_k": d_k,
            "d_ff": d * dice.pick([2, 3, 4]),
            "p": dice.pick([2, 4, 8]),
        }
    if level == 2:
        return {
            "d": 1024 * dice.pick([2, 4, 5, 8]),
            "L": dice.pick([16, 24, 32, 40, 64, 80]),
            "n": 256 * dice.between(1, 16),
            "p": dice.pick([2, 4, 8]),
        }
    model, device = dice.below(len(MODELS)), dice.pick(FAST)
    of = MODELS[model]
    return {
        "model": model,
        "size": of.billions,
        "L": of.layers,
        "d": of.d_model,
        "device": device,
        "peak": DEVICES[device].peak,
        "link": dice.pick([25, 50, 64, 100, 200, 300, 450]),
        "n": 1000 * dice.between(1, 16),
        "p": dice.pick([2, 4, 8]),
    }


def question_weights(d: int, H: int, H_kv: int, d_k: int, d_ff: int, p: int) -> str:
    return (
        rf"A layer has $d_{{model}}={d}$, ${H}$ query and ${H_kv}$ key/value heads of width "
        rf"${d_k}$ ($W_Q, W_K, W_V, W_O$), and a gated network of three matrices with "
        rf"$d_{{ff}}={d_ff}$; no biases. It is split over ${p}$ devices: each has an equal part of "
        r"the query heads with their rows of $W_O$, of the inner width, and of the key/value "
        r"heads; if there are fewer key/value heads than devices, each device holds one of them. "
        r"How many weights of the layer does a device hold?"
    )


def _ring(p: int) -> str:
    return (
        rf"Over ${p}$ devices each layer ends attention and network with an all-reduce of the "
        rf"$n\times d_{{model}}$ result, 2 bytes a number; in a ring every device sends "
        r"$2\frac{p-1}{p}$ times the size of the result for it."
    )


def question_bytes(d: int, L: int, n: int, p: int) -> str:
    return (
        rf"A model has ${L}$ layers with $d_{{model}}={d}$. {_ring(p)} How many MiB does a device "
        rf"send in a forward pass of ${n}$ tokens (1 MiB = $2^{{20}}$ bytes)?"
    )


def question_times(
    model: int, size: float, L: int, d: int, device: int, link: int, n: int, p: int
) -> str:
    return (
        rf"{MODELS[model].name} has ${size}\cdot 10^9$ parameters, ${L}$ layers and "
        rf"$d_{{model}}={d}$. {_ring(p)} The devices are {DEVICES[device].name} with "
        rf"${DEVICES[device].peak}\cdot 10^{{12}}$ FLOP/s and send ${link}\cdot 10^9$ bytes/s "
        rf"each. For a forward pass of ${n}$ tokens give the time for computing (2 FLOPs for each "
        r"parameter and token, split evenly) and for sending, both in ms."
    )


def held(d: int, H: int, heads: Any, d_k: int, d_ff: int, p: int) -> Any:
    """Weights on a device with so many key/value heads."""
    return 2 * d * H * d_k // p + 2 * d * heads * d_k + 3 * d * d_ff // p


STEPS = (
    Step(
        "heads",
        "Key/value heads on a device: their part, but at least one",
        "h_{kv}",
        r"\max\left(\frac{H_{kv}}{p},\ 1\right)",
        lambda H_kv, p: max(H_kv // p, 1),
        lambda H_kv, p: rf"\max\left(\frac{{{H_kv}}}{{{p}}},\ 1\right)",
        levels=(1,),
    ),
    Step(
        "weights",
        "Queries and output, keys and values, network",
        "P",
        r"\frac{2\,d_{model}\,H\,d_k}{p}+2\,d_{model}\,h_{kv}\,d_k+\frac{3\,d_{model}\,d_{ff}}{p}",
        lambda d, H, heads, d_k, d_ff, p: held(d, H, heads, d_k, d_ff, p),
        lambda d, H, heads, d_k, d_ff, p: (
            rf"\frac{{2\cdot {d}\cdot {H}\cdot {d_k}}}{{{p}}}+2\cdot {d}\cdot {heads}\cdot {d_k}"
            rf"+\frac{{3\cdot {d}\cdot {d_ff}}}{{{p}}}"
        ),
        levels=(1,),
    ),
    Step(
        "result",
        "Bytes of a result",
        "M",
        r"2\,n\,d_{model}",
        lambda n, d: 2 * n * d,
        lambda n, d: rf"2\cdot {n}\cdot {d}",
        levels=(2, 3),
    ),
    Step(
        "sent",
        "Bytes a device sends: two all-reduces in each layer",
        "B",
        r"2\,L\cdot 2\frac{p-1}{p}\,M",
        lambda result, L, p: divide(4 * L * (p - 1) * result, p),
        lambda result, L, p: rf"2\cdot {L}\cdot 2\cdot\frac{{{p - 1}}}{{{p}}}\cdot {result}",
        levels=(2, 3),
    ),
    Step(
        "mib",
        "In MiB",
        r"\text{MiB}",
        r"\frac{B}{2^{20}}",
        lambda sent: divide(sent, 2**20),
        lambda sent: rf"\frac{{{cell(sent)}}}{{2^{{20}}}}",
        levels=(2,),
    ),
    Step(
        "compute",
        "Time for computing, in milliseconds",
        r"t_{comp}",
        r"\frac{2\,N\,n}{p\cdot\text{peak}}",
        lambda size, n, p, peak: 2 * size * n / (p * peak),
        lambda size, n, p, peak: rf"\frac{{2\cdot {size}\cdot {n}}}{{{p}\cdot {peak}}}",
        levels=(3,),
    ),
    Step(
        "send",
        "Time for sending, in milliseconds",
        r"t_{send}",
        r"\frac{B}{\text{bytes/s}}",
        lambda sent, link: float(sent) / (link * 10**6),
        lambda sent, link: rf"\frac{{{cell(sent)}}}{{{link}\cdot 10^6}}",
        levels=(3,),
    ),
    Step(
        "both",
        "Together",
        r"(t_{comp},\ t_{send})",
        r"(t_{comp},\ t_{send})",
        lambda compute, send: [compute, send],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "key-heads-split-anyway",
        "heads",
        lambda H_kv, p: divide(H_kv, p),
        "You split key/value heads that cannot be split; each device holds one.",
        when=lambda H_kv, p: H_kv < p,
        cause="heads",
    ),
    Mistake(
        "key-heads-everywhere",
        "heads",
        lambda H_kv: H_kv,
        "You put all key/value heads on every device.",
        cause="heads",
    ),
    Mistake(
        "one-key-head",
        "heads",
        lambda: 1,
        "You gave each device one key/value head; there are enough for more.",
        when=lambda H_kv, p: H_kv > p,
        cause="heads",
    ),
    Mistake(
        "output-matrix-whole",
        "weights",
        lambda weights, d, H, d_k, p: weights + d * H * d_k - d * H * d_k // p,
        r"You left $W_O$ whole; its rows are split with the heads.",
        cause="split",
    ),
    Mistake(
        "network-whole",
        "weights",
        lambda weights, d, d_ff, p: weights + 3 * d * d_ff - 3 * d * d_ff // p,
        "You left the network whole; its inner width is split.",
        cause="split",
    ),
    Mistake(
        "gate-left-out",
        "weights",
        lambda weights, d, d_ff, p: weights - d * d_ff // p,
        "You counted two matrices of the network; a gated one has three.",
        cause="count",
    ),
    Mistake(
        "nothing-split",
        "weights",
        lambda d, H, H_kv, d_k, d_ff: held(d, H, H_kv, d_k, d_ff, 1),
        "You gave the weights of the whole layer.",
        cause="split",
    ),
    Mistake(
        "one-all-reduce",
        "sent",
        lambda sent: divide(sent, 2),
        "This is half: each layer has two all-reduces, and each sends the result nearly twice.",
        cause="count",
    ),
    Mistake(
        "result-sent-once",
        "sent",
        lambda result, L: 2 * L * result,
        r"You sent every result once; in a ring a device sends $2\frac{p-1}{p}$ times its size.",
        when=lambda p: p != 2,
        cause="ring",
    ),
    Mistake(
        "own-part-sent-too",
        "sent",
        lambda result, L: 4 * L * result,
        r"You left out $\frac{p-1}{p}$: of each result a part is there already.",
        when=lambda p: p != 2,
        cause="ring",
    ),
    Mistake(
        "to-every-device",
        "sent",
        lambda result, L, p: 2 * L * (p - 1) * result,
        "You sent the result to every other device; in a ring much less is sent.",
        when=lambda p: p != 2,
        cause="ring",
    ),
    Mistake(
        "all-devices-counted",
        "sent",
        lambda sent, p: sent * p,
        "You counted what all devices send; one was asked.",
        cause="ring",
    ),
    Mistake(
        "one-layer",
        "sent",
        lambda sent, L: divide(sent, L),
        "You counted one layer.",
        cause="count",
    ),
    Mistake(
        "millions-for-mib",
        "mib",
        lambda sent: divide(sent, 10**6),
        r"You divided by $10^6$; a MiB has $2^{20}$ bytes.",
        cause="unit",
    ),
    Mistake(
        "not-split",
        "compute",
        lambda compute, p: compute * p,
        "You let one device compute everything.",
        cause="split",
    ),
    Mistake(
        "backward-counted",
        "compute",
        lambda compute: 3 * compute,
        "You counted 6 FLOPs, as in training; a forward pass takes 2.",
        cause="flops",
    ),
    Mistake(
        "one-flop-a-parameter",
        "compute",
        lambda compute: compute / 2,
        "You counted one FLOP for each parameter; a multiply–add is 2.",
        cause="flops",
    ),
    Mistake(
        "link-of-all-devices",
        "send",
        lambda send, p: send / p,
        "You divided the sending among the devices; each sends this much.",
        cause="ring",
    ),
)

FAMILIES = (
    Family(
        name="tensor-parallel",
        version=1,
        title="A layer over several devices",
        topic="parameters, FLOPs and memory",
        says="Heads and inner width are split; the results are added up between devices.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_weights, 2: question_bytes, 3: question_times},
        precision={1: Exact(), 2: Exact(), 3: Places(2)},
        items=("N3.29", "N3.31", "N3.39"),
    ),
)
