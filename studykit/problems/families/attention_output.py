"""The output softmax(QKᵀ/√d_k + M)V: one query exactly, a full matrix, then causal with a cache."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, dot, shrink, softmax_rows
from studykit.problems.attention_steps import (
    ATTENDED,
    MASKED_WEIGHTS,
    SCALED,
    SCORES,
    WEIGHTS,
    steps_at,
    telling,
    telling_values,
)
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import ln, sqrt
from studykit.problems.family import Family, Mistake, Step, at_levels, without
from studykit.problems.mistakes.masks import CAUSAL, causal
from studykit.problems.mistakes.output import OUTPUT
from studykit.problems.mistakes.scores import PRODUCT, SCALE
from studykit.problems.mistakes.weights import weight_mistakes
from studykit.problems.wording import matrix, matrix_of_logs


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        return _one_query(dice)
    d_k, h = dice.pick([2, 3, 4, 5]), dice.pick([6, 8, 12])
    if level == 2:
        n_q, n_k = dice.pick([(2, 3), (2, 3), (3, 3), (2, 4)])
        past: dict[str, Any] = {}
    else:
        n_q, n_k = dice.pick([(3, 3), (3, 3), (2, 4)])
        past = {"past": n_k - n_q}
    return {
        "Q": dice.matrix(n_q, d_k, -2, 2),
        "K": dice.matrix(n_k, d_k, -2, 2),
        "V": dice.matrix(n_k, 2, -4, 6),
        "d_k": d_k,
        "d_v": 2,
        "h": h,
        "d_model": h * d_k,
        **past,
    }


def _one_query(dice: Dice) -> dict[str, Any] | None:
    """Keys in units of ln b, so that every weight is a power of b over their sum."""
    b, n_k = dice.pick([2, 2, 3]), dice.pick([2, 3, 3])
    query, units, halves = dice.vector(4, -1, 3), [], []
    for _ in range(n_k):
        key = dice.vector(4, -1, 2)
        while dot(query, key) % 2:  # an odd product would halve to the root of b
            key = dice.vector(4, -1, 2)
        units.append(key)
        halves.append(dot(query, key) // 2)
    if sum(b ** (p - min(halves)) for p in halves) > 13:
        return None
    return {
        "Q": [query],
        "K": [[x * ln(b) for x in key] for key in units],
        "V": dice.matrix(n_k, 2, -4, 8),
        "d_k": 4,
        "b": b,
    }


def fine(Q: Matrix, K: Matrix, V: Matrix, weights: Matrix, level: int) -> bool:
    """No row near one-hot or uniform among the keys it sees, no values or rows alike or empty."""
    return (
        not some_zero_row(Q, K)
        and telling_values(V)
        and telling(weights)
        and (level == 3 or all(max(row) < 1 for row in weights))
    )


def question_one_query(Q: Matrix, K: Matrix, V: Matrix, b: int) -> str:
    return (
        r"One query attends to the keys; $d_k=4$, rows are tokens. Compute the output "
        r"$O=\mathrm{softmax}(QK^\top/\sqrt{d_k})\,V$. "
        rf"The keys are given in units of $\ln {b}$, so that every weight is a fraction."
        rf"$$Q={matrix(Q)}$$$$K={matrix_of_logs(K, b)}\qquad V={matrix(V)}$$"
    )


def question(Q: Matrix, K: Matrix, V: Matrix, d_k: int, h: int, d_model: int) -> str:
    return (
        r"Compute the attention output $O=\mathrm{softmax}(QK^\top/\sqrt{d_k})\,V$, "
        rf"without a mask. This is one of $h={h}$ heads ($d_{{model}}={d_model}$, $d_k={d_k}$, "
        r"$d_v=2$); rows are tokens."
        rf"$$Q={matrix(Q)}\quad K={matrix(K)}\quad V={matrix(V)}$$"
    )


def question_causal(
    Q: Matrix, K: Matrix, V: Matrix, d_k: int, h: int, d_model: int, past: int
) -> str:
    cache = (
        "Queries and keys stand at the same positions."
        if past == 0
        else f"The first {past} keys and values are cached: the queries stand at positions "
        f"{past + 1} to {past + len(Q)}."
    )
    return (
        r"Compute causal attention $O=\mathrm{softmax}(QK^\top/\sqrt{d_k}+M)\,V$: "
        r"a query sees the keys up to its own position, the others get $-\infty$. "
        rf"{cache} One of $h={h}$ heads ($d_{{model}}={d_model}$, $d_k={d_k}$, $d_v=2$); "
        r"rows are tokens."
        rf"$$Q={matrix(Q)}\quad K={matrix(K)}\quad V={matrix(V)}$$"
    )


STEPS = (
    SCORES,
    SCALED,
    Step(
        "masked",
        "Causal mask: keys that come after the query get −∞",
        "S+M",
        r"S_{ij}\ \text{where key}\ j\ \text{is open, else}\ -\infty",
        causal,
        levels=(3,),
        entry=r"(S+M)_{ij}",
    ),
    *steps_at((1, 2), WEIGHTS),
    *steps_at((3,), MASKED_WEIGHTS),
    ATTENDED,
)

# With a mask, scaling late means a softmax of the masked raw scores.
SCALED_LATE = Mistake(
    "scaled-after-softmax",
    "weights",
    lambda scores, d_k, past: shrink(softmax_rows(causal(scores, past)), sqrt(d_k)),
    r"You divided by $\sqrt{d_k}$ after the softmax; the scale acts on the scores.",
    cause="scale",
)

FAMILIES = (
    Family(
        name="attention-output",
        version=1,
        title="Attention output",
        topic="attention forward",
        says="From queries, keys and values to the output: scores, scale, softmax, values.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *SCALE,
            *PRODUCT,
            *at_levels((1,), without(weight_mistakes("scaled"), "softmax-over-everything")),
            *at_levels((2,), weight_mistakes("scaled")),
            *at_levels((3,), CAUSAL),
            *at_levels((3,), without(weight_mistakes("masked"), SCALED_LATE.name)),
            *at_levels((3,), (SCALED_LATE,)),
            *OUTPUT,
        ),
        question={1: question_one_query, 2: question, 3: question_causal},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="one row for each query",
        fine=fine,
        items=("N1.19", "N2.10", "N3.14", "N3.24", "N3.46", "N3.51"),
    ),
)
