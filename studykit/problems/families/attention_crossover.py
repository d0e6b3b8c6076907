"""The length at which scores cost as much as the matrices: with a mask, shared heads, a model."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.published import MODELS


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        model = dice.below(len(MODELS))
        of = MODELS[model]
        given = {"model": model, "d": of.d_model, "H_kv": of.kv_heads, "d_k": of.d_k}
        return given | {"d_ff": of.d_ff, "n": 1024 * dice.pick([2, 4, 8, 16, 32, 64, 128])}
    d_k, H = dice.pick([32, 64, 128]), dice.pick([4, 6, 8, 12, 16, 20])
    if level == 1:
        return {"d": H * d_k, "H": H, "causal": dice.below(2)}
    H_kv = dice.pick([k for k in (1, 2, 3, 4, 5) if H % k == 0 and k < H])
    return {"d": H * d_k, "H": H, "H_kv": H_kv, "d_k": d_k, "causal": dice.below(2)}


def _pairs(causal: int) -> str:
    if causal:
        return (
            r"With the causal mask a token attends to $T/2$ keys on average, and only those are "
            r"computed."
        )
    return r"There is no mask: every token attends to all $T$ keys."


def question_heads(d: int, H: int, causal: int) -> str:
    return (
        rf"Multi-head attention with $d_{{model}}={d}$ and ${H}$ heads has four square projections "
        rf"($W_Q, W_K, W_V, W_O$). {_pairs(causal)} For which length $T$ do scores and weighted "
        r"sums together take as many multiply–adds as the projections?"
    )


def question_grouped(d: int, H: int, H_kv: int, d_k: int, causal: int) -> str:
    return (
        rf"Grouped-query attention with $d_{{model}}={d}$ has ${H}$ query heads and ${H_kv}$ "
        rf"key/value heads of width $d_k=d_v={d_k}$. {_pairs(causal)} For which length $T$ do "
        r"scores and weighted sums together take as many multiply–adds as the four projections?"
    )


def question_model(model: int, d: int, H_kv: int, d_k: int, d_ff: int, n: int) -> str:
    return (
        rf"{MODELS[model].name}: in each layer attention with $d_{{model}}={d}$ and "
        rf"${H_kv}$ key/value heads of width ${d_k}$, then a gated network of three matrices with "
        rf"$d_{{ff}}={d_ff}$. {_pairs(1)} For which length $T^*$ do scores and weighted sums take "
        r"as many multiply–adds as all matrices of a layer, and which part of a layer's "
        rf"multiply–adds do they take for ${n}$ tokens?"
    )


def projections(d: int, H_kv: int, d_k: int) -> int:
    return 2 * d * d + 2 * d * H_kv * d_k


STEPS = (
    Step(
        "matrices",
        "A token in the four projections",
        "P",
        r"4\,d_{model}^2",
        lambda d: 4 * d * d,
        lambda d: rf"4\cdot {d}^2",
        levels=(1,),
    ),
    Step(
        "matrices",
        "A token in the projections: full for queries and output, narrow for keys and values",
        "P",
        r"2\,d_{model}^2+2\,d_{model}\,H_{kv}\,d_k",
        lambda d, H_kv, d_k: projections(d, H_kv, d_k),
        lambda d, H_kv, d_k: rf"2\cdot {d}^2+2\cdot {d}\cdot {H_kv}\cdot {d_k}",
        levels=(2,),
    ),
    Step(
        "matrices",
        "A token in all matrices of a layer",
        "P",
        r"2\,d_{model}^2+2\,d_{model}\,H_{kv}\,d_k+3\,d_{model}\,d_{ff}",
        lambda d, H_kv, d_k, d_ff: projections(d, H_kv, d_k) + 3 * d * d_ff,
        lambda d, H_kv, d_k, d_ff: (
            rf"2\cdot {d}^2+2\cdot {d}\cdot {H_kv}\cdot {d_k}+3\cdot {d}\cdot {d_ff}"
        ),
        levels=(3,),
    ),
    Step(
        "slope",
        "A token in scores and sums, for each token of the length",
        "s",
        lambda causal: r"\frac{2\,d_{model}}{2}" if causal else r"2\,d_{model}",
        lambda d, causal: d if causal else 2 * d,
        levels=(1, 2),
    ),
    Step(
        "slope",
        "A token in scores and sums, for each token of the length",
        "s",
        r"\frac{2\,d_{model}}{2}",
        lambda d: d,
        levels=(3,),
    ),
    Step(
        "length",
        "Where both are the same: sT = P",
        "T^*",
        r"\frac{P}{s}",
        lambda matrices, slope: divide(matrices, slope),
        lambda matrices, slope: rf"\frac{{{matrices}}}{{{slope}}}",
    ),
    Step(
        "share",
        "Part at the length given",
        "r",
        r"\frac{s\,n}{s\,n+P}=\frac{n}{n+T^*}",
        lambda n, length: divide(n, n + length),
        lambda n, length: rf"\frac{{{n}}}{{{n}+{length}}}",
        levels=(3,),
    ),
    Step(
        "both",
        "Together",
        r"(T^*,\ r)",
        r"(T^*,\ r)",
        lambda length, share: [length, share],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "mask-ignored",
        "slope",
        lambda d: 2 * d,
        "You let every token attend to all keys; with the mask it is half of them on average.",
        when=lambda causal: causal == 1,
        levels=(1, 2),
        cause="mask",
    ),
    Mistake(
        "mask-counted",
        "slope",
        lambda d: d,
        "You counted half of the keys; there is no mask here.",
        when=lambda causal: causal == 0,
        cause="mask",
    ),
    Mistake(
        "scores-only",
        "slope",
        lambda d, causal: divide(d, 2) if causal else d,
        "You counted the scores without the weighted sums; both take as many.",
        when=lambda causal: causal == 1,
        levels=(1, 2),
        cause="pairs",
    ),
    Mistake(
        "width-for-each-head",
        "slope",
        lambda slope, H: slope * H,
        "You counted the full width for every head; a head has its part of it.",
        levels=(1, 2),
        cause="heads",
    ),
    Mistake(
        "one-head",
        "slope",
        lambda slope, H: divide(slope, H),
        "You counted the scores of one head; every head has its own.",
        levels=(1, 2),
        cause="heads",
    ),
    Mistake(
        "output-left-out",
        "matrices",
        lambda matrices, d: matrices - d * d,
        r"You counted three projections; $W_O$ is the fourth.",
        cause="matrices",
    ),
    Mistake(
        "all-heads-have-keys",
        "matrices",
        lambda d: 4 * d * d,
        "You gave every query head its own keys and values; here they are shared.",
        levels=(2,),
        cause="heads",
    ),
    Mistake(
        "scores-with-shared-heads",
        "slope",
        lambda slope, H, H_kv: divide(slope * H_kv, H),
        "You counted scores for the key/value heads only; every query head has its own.",
        levels=(2,),
        cause="heads",
    ),
    Mistake(
        "keys-narrow-values-not",
        "matrices",
        lambda d, H_kv, d_k: 3 * d * d + d * H_kv * d_k,
        "You narrowed one of the two; keys and values are both shared.",
        levels=(2,),
        cause="heads",
    ),
    Mistake(
        "all-heads-have-keys",
        "matrices",
        lambda d, d_ff: 4 * d * d + 3 * d * d_ff,
        "You gave every query head its own keys and values; here they are shared.",
        when=lambda d, H_kv, d_k: H_kv * d_k != d,
        levels=(3,),
        cause="heads",
    ),
    Mistake(
        "network-left-out",
        "matrices",
        lambda d, H_kv, d_k: projections(d, H_kv, d_k),
        "You compared with the projections alone; the network's matrices count too.",
        levels=(3,),
        cause="matrices",
    ),
    Mistake(
        "gate-left-out",
        "matrices",
        lambda d, H_kv, d_k, d_ff: projections(d, H_kv, d_k) + 2 * d * d_ff,
        "You counted two matrices of the network; a gated one has three.",
        levels=(3,),
        cause="matrices",
    ),
    Mistake(
        "mask-ignored",
        "slope",
        lambda d: 2 * d,
        "You let every token attend to all keys; with the mask it is half of them on average.",
        levels=(3,),
        cause="mask",
    ),
    Mistake(
        "half-of-the-scores",
        "slope",
        lambda d: divide(d, 2),
        "You counted the scores without the weighted sums; both take as many.",
        levels=(3,),
        cause="pairs",
    ),
    Mistake(
        "ratio-for-part",
        "share",
        lambda n, length: divide(n, length),
        "You divided by the matrices' part; the whole holds scores and sums too.",
        cause="share",
    ),
    Mistake(
        "other-part",
        "share",
        lambda share: 1 - share,
        "You gave the part of the matrices.",
        cause="share",
    ),
)

FAMILIES = (
    Family(
        name="attention-crossover",
        version=1,
        title="When length takes over",
        topic="parameters, FLOPs and memory",
        says="The length at which scores cost what the matrices cost.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_heads, 2: question_grouped, 3: question_model},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        items=("N3.17", "N0.7"),
    ),
)
