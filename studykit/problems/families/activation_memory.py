"""What training keeps for the backward pass: of a layer, without the weights A, and recomputed."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.published import MODELS
from studykit.problems.wording import several


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        model = dice.below(len(MODELS))
        of = MODELS[model]
        return {
            "model": model,
            "L": of.layers,
            "d": of.d_model,
            "narrow": of.kv_heads * of.d_k,
            "d_ff": of.d_ff,
            "n": 1024 * dice.pick([2, 4, 8, 16]),
            "batch": dice.pick([1, 2, 4, 8]),
        }
    H = dice.pick([4, 6, 8, 12, 16])
    d = 64 * H
    given = {
        "n": 256 * dice.pick([1, 2, 3, 4, 6, 8]),
        "d": d,
        "H": H,
        "d_ff": dice.pick([3, 4]) * d,
    }
    if level == 1:
        return given
    return given | {"L": dice.pick([12, 16, 24, 32, 48]), "batch": dice.pick([2, 4, 8, 16])}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """As many scores as other values, more or less: neither is lost beside the other."""
    return level == 3 or 0.1 < givens["pairs"] / givens["plain"] < 10


def _kept(n: int, d: int, H: int, d_ff: int) -> str:
    return (
        rf"A layer with $d_{{model}}={d}$, ${H}$ heads and $d_{{ff}}={d_ff}$ keeps for the "
        rf"backward pass of ${n}$ tokens: its input, queries, keys, values and the heads' output "
        r"($n\times d_{model}$ each), the attention weights of every head ($n\times n$ each), and "
        r"the network's inner values before and after the activation ($n\times d_{ff}$ each); 2 "
        r"bytes a number."
    )


def question_layer(n: int, d: int, H: int, d_ff: int) -> str:
    return f"{_kept(n, d, H, d_ff)} How many MiB are that (1 MiB = $2^{{20}}$ bytes)?"


def question_selective(n: int, d: int, H: int, d_ff: int, L: int, batch: int) -> str:
    return (
        rf"{_kept(n, d, H, d_ff)} A model has ${L}$ such layers; a batch has ${batch}$ sequences "
        r"of this length. Give the GiB for the whole batch, first as it is, then if the attention "
        r"weights are computed again instead of kept (1 GiB = $2^{30}$ bytes)."
    )


def question_checkpoints(
    model: int, L: int, d: int, narrow: int, d_ff: int, n: int, batch: int
) -> str:
    sequences = several(batch, "sequence")
    return (
        rf"{MODELS[model].name}: ${L}$ layers. For each token a layer keeps for the backward pass: "
        r"its input, the results of both norms, queries, the heads' output and the stream before "
        rf"the network (six vectors of width ${d}$), keys and values (width ${narrow}$ each), and "
        rf"three inner vectors of the gated network (width ${d_ff}$ each); 2 bytes a number, no "
        rf"attention weights. For {sequences} of ${n}$ tokens give the GiB if everything is kept, "
        r"then if only the layers' inputs are kept and one layer at a time computes the rest again "
        r"(1 GiB = $2^{30}$ bytes)."
    )


def in_gib(numbers: Any) -> Any:
    return divide(2 * numbers, 2**30)


STEPS = (
    Step(
        "plain",
        "Numbers without the pairs: five of the model's width, two of the network's",
        "P",
        r"5\,n\,d_{model}+2\,n\,d_{ff}",
        lambda n, d, d_ff: 5 * n * d + 2 * n * d_ff,
        lambda n, d, d_ff: rf"5\cdot {n}\cdot {d}+2\cdot {n}\cdot {d_ff}",
        levels=(1, 2),
    ),
    Step(
        "pairs",
        "Attention weights of all heads",
        "A",
        r"H\,n^2",
        lambda n, H: H * n * n,
        lambda n, H: rf"{H}\cdot {n}^2",
        levels=(1, 2),
    ),
    Step(
        "mib",
        "2 bytes each, in MiB",
        r"\text{MiB}",
        r"\frac{2\,(P+A)}{2^{20}}",
        lambda plain, pairs: divide(2 * (plain + pairs), 2**20),
        lambda plain, pairs: rf"\frac{{2\cdot({plain}+{pairs})}}{{2^{{20}}}}",
        levels=(1,),
    ),
    Step(
        "both",
        "For all layers and sequences, in GiB, with and without the weights",
        r"(G,\ G')",
        r"\left(\frac{2\,L\,b\,(P+A)}{2^{30}},\ \frac{2\,L\,b\,P}{2^{30}}\right)",
        lambda plain, pairs, L, batch: [in_gib(L * batch * x) for x in (plain + pairs, plain)],
        lambda plain, pairs, L, batch: (
            rf"\frac{{2\cdot {L}\cdot {batch}\cdot({plain}+{pairs})}}{{2^{{30}}}}"
        ),
        levels=(2,),
    ),
    Step(
        "token",
        "Numbers of a token in one layer",
        "P",
        r"6\,d_{model}+2\,d_{kv}+3\,d_{ff}",
        lambda d, narrow, d_ff: 6 * d + 2 * narrow + 3 * d_ff,
        lambda d, narrow, d_ff: rf"6\cdot {d}+2\cdot {narrow}+3\cdot {d_ff}",
        levels=(3,),
    ),
    Step(
        "everything",
        "Everything kept, in GiB",
        "G",
        r"\frac{2\,L\,b\,n\,P}{2^{30}}",
        lambda token, L, n, batch: in_gib(L * batch * n * token),
        lambda token, L, n, batch: (
            rf"\frac{{2\cdot {L}\cdot {batch}\cdot {n}\cdot {token}}}{{2^{{30}}}}"
        ),
        levels=(3,),
    ),
    Step(
        "checkpointed",
        "Inputs of all layers, and the rest of one layer",
        "G'",
        r"\frac{2\,b\,n\,(L\,d_{model}+P-d_{model})}{2^{30}}",
        lambda token, L, d, n, batch: in_gib(batch * n * (L * d + token - d)),
        lambda token, L, d, n, batch: (
            rf"\frac{{2\cdot {batch}\cdot {n}\cdot({L}\cdot {d}+{token}-{d})}}{{2^{{30}}}}"
        ),
        levels=(3,),
    ),
    Step(
        "both",
        "Together",
        r"(G,\ G')",
        r"(G,\ G')",
        lambda everything, checkpointed: [everything, checkpointed],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "one-head",
        "pairs",
        lambda n: n * n,
        "You counted the weights of one head; every head has its own.",
        cause="pairs",
    ),
    Mistake(
        "pairs-left-out",
        "pairs",
        lambda: 0,
        r"You left out the attention weights.",
        levels=(1,),
        cause="pairs",
    ),
    Mistake(
        "scores-kept-too",
        "pairs",
        lambda pairs: 2 * pairs,
        "You counted the scores as well; only the weights are kept.",
        cause="pairs",
    ),
    Mistake(
        "one-inner-vector",
        "plain",
        lambda n, d, d_ff: 5 * n * d + n * d_ff,
        "You counted the network's inner values once; they are kept before and after the "
        "activation.",
        cause="plain",
    ),
    Mistake(
        "input-left-out",
        "plain",
        lambda n, d, d_ff: 4 * n * d + 2 * n * d_ff,
        "You counted four vectors of the model's width; there are five.",
        cause="plain",
    ),
    Mistake(
        "times-heads",
        "plain",
        lambda n, d, d_ff, H: (2 + 3 * H) * n * d + 2 * n * d_ff,
        "You counted queries, keys and values whole for every head; the heads share the width.",
        cause="plain",
    ),
    Mistake(
        "numbers-for-bytes",
        "mib",
        lambda plain, pairs: divide(plain + pairs, 2**20),
        "You counted numbers; each takes 2 bytes.",
        cause="unit",
    ),
    Mistake(
        "millions-for-mib",
        "mib",
        lambda plain, pairs: divide(2 * (plain + pairs), 10**6),
        r"You divided by $10^6$; a MiB has $2^{20}$ bytes.",
        cause="unit",
    ),
    Mistake(
        "one-sequence",
        "both",
        lambda both, batch: [divide(x, batch) for x in both],
        "You counted one sequence.",
        when=lambda batch: batch > 1,
        cause="batch",
    ),
    Mistake(
        "one-layer",
        "both",
        lambda both, L: [divide(x, L) for x in both],
        "You counted one layer.",
        levels=(2,),
        cause="layers",
    ),
    Mistake(
        "weights-for-the-rest",
        "both",
        lambda both: [both[0], both[0] - both[1]],
        "You gave what is saved; what is left was asked.",
        levels=(2,),
        cause="saving",
    ),
    Mistake(
        "billions-for-gib",
        "both",
        lambda both: [divide(x * 2**30, 10**9) for x in both],
        r"You divided by $10^9$; a GiB has $2^{30}$ bytes.",
        cause="unit",
    ),
    Mistake(
        "one-layer-left-out",
        "checkpointed",
        lambda L, d, n, batch: in_gib(batch * n * L * d),
        "You left out the layer that is being computed again; its values are in memory then.",
        cause="checkpoint",
    ),
    Mistake(
        "input-counted-twice",
        "checkpointed",
        lambda token, L, d, n, batch: in_gib(batch * n * (L * d + token)),
        "You counted that layer's input twice; it is kept already.",
        cause="checkpoint",
    ),
    Mistake(
        "one-layer-only",
        "checkpointed",
        lambda token, n, batch: in_gib(batch * n * token),
        "You counted one layer only; the inputs of all layers are kept.",
        cause="checkpoint",
    ),
    Mistake(
        "keys-as-wide-as-queries",
        "token",
        lambda d, d_ff: 8 * d + 3 * d_ff,
        "You took keys and values as wide as the queries; they have fewer heads.",
        when=lambda d, narrow: d != narrow,
        cause="plain",
    ),
    Mistake(
        "one-inner-vector",
        "token",
        lambda d, narrow, d_ff: 6 * d + 2 * narrow + d_ff,
        "You counted one inner vector of the network; there are three.",
        cause="plain",
    ),
    Mistake(
        "network-left-out",
        "token",
        lambda d, narrow: 6 * d + 2 * narrow,
        "You left out the network.",
        cause="plain",
    ),
)

FAMILIES = (
    Family(
        name="activation-memory",
        version=1,
        title="Memory for the backward pass",
        topic="parameters, FLOPs and memory",
        says="What training keeps, and what it may compute again instead.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_layer, 2: question_selective, 3: question_checkpoints},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N2.23", "N3.21", "N3.39"),
    ),
)
