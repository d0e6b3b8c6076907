"""Counting parameters: of attention, of a block, of a whole model with grouped heads."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import several


def draws(dice: Dice, level: int) -> dict[str, Any]:
    d_k, heads = dice.pick([16, 32, 64]), dice.pick([2, 3, 4, 5, 6, 8, 10, 12])
    d_model = heads * d_k
    if level == 1:
        return {"d_model": d_model, "h": heads, "bias": dice.between(0, 1)}
    if level == 2:
        return {
            "d_model": d_model,
            "h": heads,
            "d_ff": d_model * dice.pick([2, 3, 4]),
            "gated": dice.between(0, 1),
        }
    kv = dice.pick([k for k in (1, 2, 3, 4) if heads % k == 0 and k < heads] or [1])
    return {
        "d_model": d_model,
        "h": heads,
        "h_kv": kv,
        "d_ff": d_model * dice.pick([2, 3, 4]),
        "layers": dice.pick([2, 4, 6, 8, 12, 16, 24]),
        "vocabulary": 1000 * dice.pick([8, 10, 16, 32, 50]),
        "tied": dice.between(0, 1),
    }


def question_attention(d_model: int, h: int, bias: int) -> str:
    biases = "Each of the four has a bias." if bias else "There are no biases."
    return (
        rf"Multi-head attention with $d_{{model}}={d_model}$ and $h={h}$ heads, "
        r"$d_k=d_v=d_{model}/h$, has the matrices $W_Q, W_K, W_V$ (all heads) and $W_O$. "
        f"{biases} How many parameters are that?"
    )


def question_block(d_model: int, h: int, d_ff: int, gated: int) -> str:
    network = (
        r"a gated network $(\mathrm{silu}(xW_{gate})\circ xW_{up})W_{down}$"
        if gated
        else r"a network $\mathrm{relu}(xW_1)W_2$"
    )
    return (
        rf"A block has attention with ${h}$ heads ($W_Q, W_K, W_V, W_O$, "
        rf"$d_{{model}}={d_model}$, $d_k=d_v=d_{{model}}/h$), {network} of "
        rf"inner width $d_{{ff}}={d_ff}$, and two LayerNorms with gain and bias. No matrix has a "
        r"bias. How many parameters has the block?"
    )


def question_model(
    d_model: int, h: int, h_kv: int, d_ff: int, layers: int, vocabulary: int, tied: int
) -> str:
    table = (
        "The output layer shares the embedding table."
        if tied
        else "The output layer has a table of its own."
    )
    return (
        rf"A model has ${layers}$ layers with $d_{{model}}={d_model}$: attention with ${h}$ query "
        rf"heads and {several(h_kv, 'key/value head')} ($d_k=d_v=d_{{model}}/{h}$), a gated "
        rf"network of three matrices with $d_{{ff}}={d_ff}$, no biases; norms are not counted. "
        rf"Its vocabulary has {vocabulary} tokens. {table} How many parameters are that?"
    )


STEPS = (
    Step(
        "attention",
        "Four matrices, each of the model's width both ways",
        "P",
        r"4\,d_{model}^2",
        lambda d_model: 4 * d_model**2,
        lambda d_model: rf"4\cdot {d_model}^2",
        levels=(1, 2),
    ),
    Step(
        "attention",
        "Full matrices for queries and output, narrow ones for keys and values",
        "P",
        r"2\,d_{model}^2+2\,d_{model}\,h_{kv}\,d_k",
        lambda d_model, h, h_kv: 2 * d_model**2 + 2 * d_model * h_kv * (d_model // h),
        lambda d_model, h, h_kv: (
            rf"2\cdot {d_model}^2+2\cdot {d_model}\cdot {h_kv}\cdot "
            rf"{d_model // h}"
        ),
        levels=(3,),
    ),
    Step(
        "biases",
        "Biases, one number for each output of a matrix that has one",
        "b",
        lambda bias: r"4\,d_{model}" if bias else "0",
        lambda d_model, bias: 4 * d_model * bias,
        levels=(1,),
    ),
    Step(
        "total",
        "Together",
        r"P_{all}",
        "P+b",
        lambda attention, biases: attention + biases,
        lambda attention, biases: rf"{attention}+{biases}",
        levels=(1,),
    ),
    Step(
        "network",
        "Network: two matrices, three if gated",
        "F",
        lambda gated: rf"{3 if gated else 2}\,d_{{model}}\,d_{{ff}}",
        lambda d_model, d_ff, gated: (3 if gated else 2) * d_model * d_ff,
        lambda d_model, d_ff, gated: rf"{3 if gated else 2}\cdot {d_model}\cdot {d_ff}",
        levels=(2,),
    ),
    Step(
        "norms",
        "Two norms, each with gain and bias",
        "N",
        r"2\cdot 2\,d_{model}",
        lambda d_model: 4 * d_model,
        lambda d_model: rf"2\cdot 2\cdot {d_model}",
        levels=(2,),
    ),
    Step(
        "total",
        "Together",
        r"P_{block}",
        "P+F+N",
        lambda attention, network, norms: attention + network + norms,
        lambda attention, network, norms: rf"{attention}+{network}+{norms}",
        levels=(2,),
    ),
    Step(
        "network",
        "Network: three matrices",
        "F",
        r"3\,d_{model}\,d_{ff}",
        lambda d_model, d_ff: 3 * d_model * d_ff,
        lambda d_model, d_ff: rf"3\cdot {d_model}\cdot {d_ff}",
        levels=(3,),
    ),
    Step(
        "stack",
        "All layers",
        "L",
        r"\text{layers}\cdot(P+F)",
        lambda layers, attention, network: layers * (attention + network),
        lambda layers, attention, network: rf"{layers}\cdot({attention}+{network})",
        levels=(3,),
    ),
    Step(
        "tables",
        "Embedding table, counted once if it is shared",
        "E",
        lambda tied: r"|V|\,d_{model}" if tied else r"2\,|V|\,d_{model}",
        lambda vocabulary, d_model, tied: vocabulary * d_model * (1 if tied else 2),
        levels=(3,),
    ),
    Step(
        "total",
        "Together",
        r"P_{all}",
        "L+E",
        lambda stack, tables: stack + tables,
        lambda stack, tables: rf"{stack}+{tables}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "output-matrix-left-out",
        "attention",
        lambda d_model: 3 * d_model**2,
        r"You counted three matrices; $W_O$ is the fourth.",
        levels=(1, 2),
        cause="matrices",
    ),
    Mistake(
        "times-heads",
        "attention",
        lambda d_model, h: 4 * d_model**2 * h,
        "You multiplied by the heads; they share the model's width.",
        levels=(1, 2),
        cause="heads",
    ),
    Mistake(
        "one-head",
        "attention",
        lambda d_model, h: 4 * d_model * (d_model // h),
        "You counted one head; the matrices hold all heads side by side.",
        levels=(1, 2),
        cause="heads",
    ),
    Mistake(
        "biases-left-out",
        "biases",
        lambda: 0,
        "You left out the biases.",
        when=lambda bias: bias == 1,
        cause="bias",
    ),
    Mistake(
        "biases-counted",
        "biases",
        lambda d_model: 4 * d_model,
        "You counted biases; there are none here.",
        when=lambda bias: bias == 0,
        cause="bias",
    ),
    Mistake(
        "bias-of-output-left-out",
        "biases",
        lambda d_model: 3 * d_model,
        r"You counted three biases; $W_O$ has one as well.",
        when=lambda bias: bias == 1,
        cause="bias",
    ),
    Mistake(
        "one-network-matrix",
        "network",
        lambda d_model, d_ff: d_model * d_ff,
        "You counted one matrix of the network.",
        cause="matrices",
    ),
    Mistake(
        "gate-left-out",
        "network",
        lambda d_model, d_ff: 2 * d_model * d_ff,
        "You counted two matrices; a gated network has three.",
        levels=(3,),
        cause="matrices",
    ),
    Mistake(
        "gate-left-out",
        "network",
        lambda d_model, d_ff: 2 * d_model * d_ff,
        "You counted two matrices; a gated network has three.",
        when=lambda gated: gated == 1,
        cause="matrices",
    ),
    Mistake(
        "gate-counted",
        "network",
        lambda d_model, d_ff: 3 * d_model * d_ff,
        "You counted three matrices; without a gate there are two.",
        when=lambda gated: gated == 0,
        cause="matrices",
    ),
    Mistake(
        "norms-left-out",
        "norms",
        lambda: 0,
        "You left out the norms.",
        cause="norms",
    ),
    Mistake(
        "half-of-the-norms",
        "norms",
        lambda d_model: 2 * d_model,
        "This counts half of the norms: there are two, each with gain and bias.",
        cause="norms",
    ),
    Mistake(
        "all-heads-have-keys",
        "attention",
        lambda d_model: 4 * d_model**2,
        "You gave every query head its own keys and values; here they are shared.",
        levels=(3,),
        cause="heads",
    ),
    Mistake(
        "keys-shared-values-not",
        "attention",
        lambda d_model, h, h_kv: 3 * d_model**2 + d_model * h_kv * (d_model // h),
        "You narrowed one of the matrices only; keys and values are both shared.",
        levels=(3,),
        cause="heads",
    ),
    Mistake(
        "one-key-head",
        "attention",
        lambda d_model, h: 2 * d_model**2 + 2 * d_model * (d_model // h),
        "You counted one key/value head.",
        when=lambda h_kv: h_kv > 1,
        cause="heads",
    ),
    Mistake(
        "output-matrix-left-out",
        "attention",
        lambda d_model, h, h_kv: d_model**2 + 2 * d_model * h_kv * (d_model // h),
        r"You left out $W_O$.",
        levels=(3,),
        cause="matrices",
    ),
    Mistake(
        "one-layer",
        "stack",
        lambda attention, network: attention + network,
        "You counted one layer.",
        cause="layers",
    ),
    Mistake(
        "tables-twice",
        "tables",
        lambda vocabulary, d_model: 2 * vocabulary * d_model,
        "You counted the table twice; the output layer shares it.",
        when=lambda tied: tied == 1,
        cause="tables",
    ),
    Mistake(
        "tables-once",
        "tables",
        lambda vocabulary, d_model: vocabulary * d_model,
        "You counted one table; the output layer has its own.",
        when=lambda tied: tied == 0,
        cause="tables",
    ),
    Mistake(
        "tables-left-out",
        "tables",
        lambda: 0,
        "You left out the embedding table.",
        cause="tables",
    ),
)

FAMILIES = (
    Family(
        name="parameter-count",
        version=1,
        title="Counting parameters",
        topic="parameters, FLOPs and memory",
        says="Matrices, biases, norms, tables: where the parameters are.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_attention, 2: question_block, 3: question_model},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="",
        items=("N2.15", "N3.29", "N3.39", "N3.43", "N4.1"),
    ),
)
