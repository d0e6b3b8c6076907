"""Mixture of experts: parameters held and used, what the router lets through, a whole model."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, matmul, mean_row, softmax
from studykit.problems.degenerate import some_constant_column
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import matrix, products, row

# name, layers, width, query heads, key/value heads, head width, inner width, vocabulary, E, k.
MODELS = (
    ("Mixtral 8x7B", 32, 4096, 32, 8, 128, 14_336, 32_000, 8, 2),
    ("Mixtral 8x22B", 56, 6144, 48, 8, 128, 16_384, 32_768, 8, 2),
    ("DBRX", 40, 6144, 48, 8, 128, 10_752, 100_352, 16, 4),
)


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        d = 64 * dice.pick([1, 2, 4, 8])
        E = dice.pick([4, 8, 16])
        return {"d": d, "d_ff": d * dice.pick([1, 2, 3, 4]), "E": E, "k": dice.pick([1, 2])}
    if level == 2:
        r = [dice.between(-20, 30) / 10 for _ in range(5)]
        return {"r": r, "Y": dice.matrix(5, 2, -6, 8), "k": 2} if len(set(r)) == 5 else None
    model = dice.below(len(MODELS))
    names = ("layers", "d", "H", "H_kv", "d_k", "d_ff", "vocabulary")
    given = dict(zip(names, MODELS[model][1:8], strict=True))
    E, k = dice.pick([4, 8, 16, 32, 64]), dice.pick([1, 2, 4])
    return {"model": model, **given, "E": E, "k": k} if k < E else None


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Two experts that both count and say different things."""
    if level != 2:
        return True
    weights = sorted(givens["weights"])
    return weights[-2] > 0.1 and not some_constant_column(givens["Y"])


def question_layer(d: int, d_ff: int, E: int, k: int) -> str:
    experts = "one expert works" if k == 1 else f"{k} experts work"
    return (
        rf"In a mixture-of-experts layer with $d_{{model}}={d}$ each of ${E}$ experts is a gated "
        rf"network of three matrices with $d_{{ff}}={d_ff}$, without biases. A router, one matrix "
        rf"from $d_{{model}}$ to a logit for each expert, chooses: {experts} on a token. How many "
        r"parameters has the layer, and how many of them does a token use?"
    )


def question_router(r: Vector, Y: Matrix) -> str:
    return (
        r"A router gave one token the logits $r$ for five experts. The two best experts work on "
        r"it; their weights are the softmax over their two logits alone. Row $i$ of $Y$ is what "
        r"expert $i$ would answer. Give the layer's output for the token."
        rf"$$r={row(r, 1)}\qquad Y={matrix(Y)}$$"
    )


def question_model(
    model: int,
    layers: int,
    d: int,
    H: int,
    H_kv: int,
    d_k: int,
    d_ff: int,
    vocabulary: int,
    E: int,
    k: int,
) -> str:
    name, *_, E_own, k_own = MODELS[model]
    return (
        rf"{name}: ${layers}$ layers, $d_{{model}}={d}$; attention with ${H}$ query and ${H_kv}$ "
        rf"key/value heads of width ${d_k}$; experts with three matrices each, $d_{{ff}}={d_ff}$; "
        rf"a router matrix in each layer; {vocabulary} words, input and output tables apart; no "
        rf"biases, norms not counted. Published with {E_own} experts, {k_own} for a token; take "
        rf"${E}$ experts, {k} for a token. Give all parameters and those that a "
        r"token uses, in units of $10^9$; both tables count whole."
    )


def best(r: Vector, k: int) -> list[int]:
    return sorted(range(len(r)), key=lambda i: -r[i])[:k]


def weights_of(r: Vector, chosen: list[int]) -> Vector:
    return softmax([x if i in chosen else -math.inf for i, x in enumerate(r)])


def attention(d: int, H: int, H_kv: int, d_k: int) -> int:
    return 2 * d * H * d_k + 2 * d * H_kv * d_k


STEPS = (
    Step(
        "expert",
        "One expert: three matrices",
        "P",
        r"3\,d_{model}\,d_{ff}",
        lambda d, d_ff: 3 * d * d_ff,
        lambda d, d_ff: rf"3\cdot {d}\cdot {d_ff}",
        levels=(1, 3),
    ),
    Step(
        "router",
        "The router",
        "R",
        r"d_{model}\,E",
        lambda d, E: d * E,
        lambda d, E: rf"{d}\cdot {E}",
        levels=(1, 3),
    ),
    Step(
        "both",
        "All experts, and those at work; the router counts in both",
        r"(N,\ N_{active})",
        r"(E\,P+R,\ k\,P+R)",
        lambda expert, router, E, k: [E * expert + router, k * expert + router],
        lambda expert, router, E: rf"{E}\cdot {expert}+{router}",
        levels=(1,),
    ),
    Step(
        "weights",
        "Softmax over the two best logits, 0 for the others",
        "w",
        r"\mathrm{softmax}(r_i:\ i\ \text{among the best two})",
        lambda r, k: weights_of(r, best(r, k)),
        levels=(2,),
    ),
    Step(
        "output",
        "The experts' answers with these weights",
        "y",
        r"\sum_i w_i\,Y_i",
        lambda weights, Y: matmul([weights], Y)[0],
        lambda weights, Y: products(
            [w for w in weights if w], [y[0] for w, y in zip(weights, Y, strict=True) if w]
        ),
        levels=(2,),
    ),
    Step(
        "attention",
        "Attention: queries and output for all heads, keys and values for the shared ones",
        "A",
        r"2\,d_{model}\,H\,d_k+2\,d_{model}\,H_{kv}\,d_k",
        lambda d, H, H_kv, d_k: attention(d, H, H_kv, d_k),
        lambda d, H, H_kv, d_k: (
            rf"2\cdot {d}\cdot {H}\cdot {d_k}+2\cdot {d}\cdot {H_kv}\cdot {d_k}"
        ),
        levels=(3,),
    ),
    Step(
        "tables",
        "Both tables",
        "T",
        r"2\,|V|\,d_{model}",
        lambda vocabulary, d: 2 * vocabulary * d,
        lambda vocabulary, d: rf"2\cdot {vocabulary}\cdot {d}",
        levels=(3,),
    ),
    Step(
        "both",
        "All layers and the tables, in units of 10⁹",
        r"(N,\ N_{active})",
        r"\left(\frac{L\,(A+R+E\,P)+T}{10^9},\ \frac{L\,(A+R+k\,P)+T}{10^9}\right)",
        lambda attention, router, expert, layers, tables, E, k: [
            (layers * (attention + router + count * expert) + tables) / 10**9 for count in (E, k)
        ],
        lambda attention, router, expert, layers, tables, E: (
            rf"\frac{{{layers}\cdot({attention}+{router}+{E}\cdot {expert})+{tables}}}{{10^9}}"
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "gate-left-out",
        "expert",
        lambda d, d_ff: 2 * d * d_ff,
        "You counted two matrices for an expert; a gated network has three.",
        cause="matrices",
    ),
    Mistake(
        "one-matrix",
        "expert",
        lambda d, d_ff: d * d_ff,
        "You counted one matrix for an expert; a gated network has three.",
        cause="matrices",
    ),
    Mistake(
        "router-left-out",
        "router",
        lambda: 0,
        "You left out the router.",
        levels=(1,),
        cause="router",
    ),
    Mistake(
        "router-in-proportion",
        "both",
        lambda expert, router, E, k: [E * expert + router, k * expert + router * k // E],
        "You counted a part of the router as used; every token goes through all of it.",
        levels=(1,),
        cause="router",
    ),
    Mistake(
        "all-at-work",
        "both",
        lambda both: [both[0], both[0]],
        "You let every expert work on the token.",
        cause="active",
    ),
    Mistake(
        "one-expert-held",
        "both",
        lambda expert, router, k: [k * expert + router] * 2,
        "You counted the experts at work; the layer holds all of them.",
        levels=(1,),
        cause="active",
    ),
    Mistake(
        "exchanged",
        "both",
        lambda both: list(reversed(both)),
        "You exchanged the two numbers; all parameters come first.",
        cause="order",
    ),
    Mistake(
        "not-renormalised",
        "weights",
        lambda r, k: [x if i in best(r, k) else 0 for i, x in enumerate(softmax(r))],
        "You took the softmax over all experts and kept two of its weights: they do not sum to 1.",
        cause="weights",
    ),
    Mistake(
        "all-experts",
        "weights",
        lambda r: softmax(r),
        "You let all experts work; only the two best do.",
        cause="choice",
    ),
    Mistake(
        "equal-weights",
        "weights",
        lambda r, k: [1 / k if i in best(r, k) else 0 for i in range(len(r))],
        "You took the plain mean of the two experts; the router weighs them.",
        cause="weights",
    ),
    Mistake(
        "best-only",
        "weights",
        lambda r: weights_of(r, best(r, 1)),
        "You used the best expert alone; two work on a token.",
        cause="choice",
    ),
    Mistake(
        "answers-added",
        "weights",
        lambda r, k: [1 if i in best(r, k) else 0 for i in range(len(r))],
        "You added the two answers without weights.",
        cause="weights",
    ),
    Mistake(
        "weights-exchanged",
        "weights",
        lambda r, k: weights_of([-x for x in r], best(r, k)),
        "You gave each of the two experts the other one's weight.",
        cause="weights",
    ),
    Mistake(
        "first-two-experts",
        "weights",
        lambda r: weights_of(r, [0, 1]),
        "You took the first two experts; the two with the largest logits work.",
        when=lambda r, k: set(best(r, k)) != {0, 1},
        cause="choice",
    ),
    Mistake(
        "mean-of-all",
        "output",
        lambda Y: mean_row(Y),
        "You averaged all experts.",
        cause="choice",
    ),
    Mistake(
        "tables-left-out",
        "tables",
        lambda: 0,
        "You left out the tables.",
        cause="tables",
    ),
    Mistake(
        "one-table",
        "tables",
        lambda vocabulary, d: vocabulary * d,
        "You counted one table; input and output have their own.",
        cause="tables",
    ),
    Mistake(
        "attention-for-each-expert",
        "both",
        lambda attention, router, expert, layers, tables, E, k: [
            (layers * (count * (attention + expert) + router) + tables) / 10**9 for count in (E, k)
        ],
        "You counted attention once for each expert; the experts share it.",
        when=lambda E, k: E > 1 and k > 1,
        levels=(3,),
        cause="attention",
    ),
    Mistake(
        "attention-left-out",
        "attention",
        lambda: 0,
        "You left out attention.",
        cause="attention",
    ),
    Mistake(
        "all-heads-have-keys",
        "attention",
        lambda d, H, d_k: 4 * d * H * d_k,
        "You gave every query head its own keys and values; here they are shared.",
        cause="attention",
    ),
    Mistake(
        "one-layer",
        "both",
        lambda attention, router, expert, tables, E, k: [
            (attention + router + count * expert + tables) / 10**9 for count in (E, k)
        ],
        "You counted one layer.",
        levels=(3,),
        cause="layers",
    ),
)

FAMILIES = (
    Family(
        name="expert-count",
        version=1,
        title="Mixture of experts",
        topic="parameters, FLOPs and memory",
        says="Many parameters are held, few are used: counting experts and weighing two.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_layer, 2: question_router, 3: question_model},
        precision={1: Exact(), 2: Places(3), 3: Places(2)},
        fine=fine,
        items=("N3.39", "N3.29", "N4.1"),
    ),
)
