"""Shapes: of one head with its own number of keys, of many heads, of shared heads with a cache."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.mistakes.shapes import EXCHANGED, SQUARE, shape_of, where_asked

Shape = tuple[int, ...]


def draws(dice: Dice, level: int) -> dict[str, Any]:
    """All sizes differ, so that no two axes can be confused unnoticed."""
    if level == 1:
        n_q, n_k, d_k, d_v, d_model = dice.some([3, 4, 5, 6, 7, 9, 10, 12, 16, 20], 5)
        return {"n_q": n_q, "n_k": n_k, "d_k": d_k, "d_v": d_v, "d_model": d_model}
    batch, h, n_q, n_k, d_k, d_v = dice.some([2, 3, 4, 5, 6, 7, 9, 10, 16], 6)
    if level == 2:
        return {
            "B": batch,
            "h": h,
            "n_q": n_q,
            "n_k": n_k,
            "d_k": d_k,
            "d_v": d_v,
            "d_model": h * d_k,
        }
    groups, h_kv = dice.pick([(2, 4), (4, 2), (4, 3), (3, 4), (2, 6), (8, 2)])
    return {
        "B": batch,
        "H": groups * h_kv,
        "H_kv": h_kv,
        "n": n_q,
        "past": 20 + n_k,
        "d_k": dice.pick([32, 64]),
        "d_model": dice.pick([96, 160, 192]),
    }


NAMES = {
    "scores": r"the scores $QK^\top$",
    "output": "the output",
    "heads_q": "the queries, split into heads",
    "head_scores": "the scores of all heads",
    "head_outputs": "the outputs of all heads, before they are concatenated",
    "concat": r"the concatenated heads, before $W_O$",
    "W_O": r"the matrix $W_O$, which turns the concatenated heads into the model's width",
    "cache": "the keys after the step: cached and new ones together",
    "cache_scores": "the scores",
    "W_K": r"the matrix $W_K$, which makes the keys of all key heads at once",
}


def question_one_head(n_q: int, n_k: int, d_k: int, d_v: int, d_model: int, asked: str) -> str:
    return (
        rf"One head of cross-attention: ${n_q}$ queries, ${n_k}$ keys and values; "
        rf"$d_{{model}}={d_model}$, $d_k={d_k}$, $d_v={d_v}$. Rows are tokens. "
        f"What is the shape of {NAMES[asked]}?"
    )


def question_many_heads(
    B: int, h: int, n_q: int, n_k: int, d_k: int, d_v: int, d_model: int, asked: str
) -> str:
    return (
        rf"Cross-attention with $h={h}$ heads on a batch of ${B}$: ${n_q}$ queries and ${n_k}$ "
        rf"keys each; $d_{{model}}={d_model}$, and in a head $d_k={d_k}$, $d_v={d_v}$. "
        r"Weights act from the right ($XW$); axes in the order batch, head, token, width. "
        f"What is the shape of {NAMES[asked]}?"
    )


def question_shared_heads(
    B: int, H: int, H_kv: int, n: int, past: int, d_k: int, d_model: int, asked: str
) -> str:
    return (
        rf"Grouped-query attention while decoding: a batch of ${B}$, ${H}$ query heads share "
        rf"${H_kv}$ key and value heads, $d_k=d_v={d_k}$, $d_{{model}}={d_model}$. "
        rf"${past}$ keys of each sequence are cached; ${n}$ new tokens come in. "
        r"Weights act from the right ($XW$); axes in the order batch, head, token, width. "
        f"What is the shape of {NAMES[asked]}?"
    )


def side_by_side(B: int, h: int, n: int, d: int) -> Shape:
    """The heads of each token in its last axis."""
    return B, n, h * d


STEPS = (
    Step("Q", "Queries", shape_of("Q"), r"(n_q,\ d_k)", lambda n_q, d_k: (n_q, d_k), levels=(1,)),
    Step("K", "Keys", shape_of("K"), r"(n_k,\ d_k)", lambda n_k, d_k: (n_k, d_k), levels=(1,)),
    Step("V", "Values", shape_of("V"), r"(n_k,\ d_v)", lambda n_k, d_v: (n_k, d_v), levels=(1,)),
    Step(
        "scores",
        "Scores: a row for each query, a column for each key",
        shape_of(r"QK^\top"),
        r"(n_q,\ n_k)",
        lambda Q, K: (Q[0], K[0]),
        levels=(1,),
    ),
    Step(
        "output",
        "Output: a row for each query, as wide as a value",
        shape_of("AV"),
        r"(n_q,\ d_v)",
        lambda scores, V: (scores[0], V[1]),
        levels=(1,),
    ),
    Step(
        "heads_q",
        "Queries of all heads",
        shape_of("Q"),
        r"(B,\ h,\ n_q,\ d_k)",
        lambda B, h, n_q, d_k: (B, h, n_q, d_k),
        levels=(2,),
    ),
    Step(
        "head_scores",
        "Scores: a matrix for each head of each sequence",
        shape_of(r"QK^\top"),
        r"(B,\ h,\ n_q,\ n_k)",
        lambda heads_q, n_k: (*heads_q[:3], n_k),
        levels=(2,),
    ),
    Step(
        "head_outputs",
        "Outputs of the heads",
        shape_of("AV"),
        r"(B,\ h,\ n_q,\ d_v)",
        lambda head_scores, d_v: (*head_scores[:3], d_v),
        levels=(2,),
    ),
    Step(
        "concat",
        "Concatenated: the heads side by side in the last axis",
        shape_of("C"),
        r"(B,\ n_q,\ h\,d_v)",
        lambda head_outputs: side_by_side(*head_outputs),
        levels=(2,),
    ),
    Step(
        "W_O",
        "Back to the model's width",
        shape_of("W_O"),
        r"(h\,d_v,\ d_{model})",
        lambda concat, d_model: (concat[-1], d_model),
        levels=(2,),
    ),
    Step(
        "cache",
        "Keys: few heads, all positions",
        shape_of("K"),
        r"(B,\ H_{kv},\ \text{past}+n,\ d_k)",
        lambda B, H_kv, past, n, d_k: (B, H_kv, past + n, d_k),
        levels=(3,),
    ),
    Step(
        "cache_scores",
        "Scores: a matrix for each query head, over all positions",
        shape_of(r"QK^\top"),
        r"(B,\ H,\ n,\ \text{past}+n)",
        lambda cache, H, n: (cache[0], H, n, cache[2]),
        levels=(3,),
    ),
    Step(
        "W_K",
        "Weights of the keys: from the model's width to all key heads",
        shape_of("W_K"),
        r"(d_{model},\ H_{kv}\,d_k)",
        lambda d_model, cache: (d_model, cache[1] * cache[3]),
        levels=(3,),
    ),
)


MISTAKES = (
    Mistake(
        "axes-exchanged",
        "scores",
        lambda Q, K: (K[0], Q[0]),
        EXCHANGED,
        cause="axes",
    ),
    Mistake(
        "widths-left",
        "scores",
        lambda Q, K: (Q[1], K[1]),
        r"You summed over the tokens ($Q^\top K$); the product sums over the width $d_k$.",
        cause="product",
    ),
    Mistake(
        "entry-by-entry",
        "scores",
        lambda Q: Q,
        "You kept the width of the queries; it is summed over, a number for each key is left.",
        cause="product",
    ),
    Mistake(
        "square",
        "scores",
        lambda Q: (Q[0], Q[0]),
        SQUARE,
        cause="axes",
    ),
    Mistake(
        "key-width",
        "output",
        lambda scores, K: (scores[0], K[1]),
        r"You gave the output the width of the keys; it is made of values, so $d_v$.",
        cause="width",
    ),
    Mistake(
        "row-for-each-key",
        "output",
        lambda V: V,
        "You gave one row for each key; the output has one row for each query.",
        cause="axes",
    ),
    Mistake(
        "stopped-at-weights",
        "output",
        lambda scores: scores,
        "That is the shape of the weights; they are still multiplied by the values.",
        cause="stopped",
    ),
    Mistake(
        "model-width",
        "output",
        lambda scores, d_model: (scores[0], d_model),
        r"You gave the model's width; one head's output is $d_v$ wide.",
        cause="width",
    ),
    Mistake(
        "model-width",
        "heads_q",
        lambda B, h, n_q, d_model: (B, h, n_q, d_model),
        r"You kept the model's width in each head; the heads share it, $d_k$ each.",
        cause="width",
    ),
    Mistake(
        "head-after-token",
        "heads_q",
        lambda B, h, n_q, d_k: (B, n_q, h, d_k),
        "Heads and tokens are exchanged: the head axis comes before the tokens.",
        cause="axes",
    ),
    Mistake(
        "keys-for-queries",
        "heads_q",
        lambda B, h, n_k, d_k: (B, h, n_k, d_k),
        "You took the number of keys; there is one row for each query.",
        cause="axes",
    ),
    Mistake(
        "heads-forgotten",
        "heads_q",
        lambda B, n_q, d_k: (B, n_q, d_k),
        "The axis of the heads is missing.",
        cause="heads",
    ),
    Mistake(
        "axes-exchanged",
        "head_scores",
        lambda heads_q, n_k: (*heads_q[:2], n_k, heads_q[2]),
        EXCHANGED,
        cause="axes",
    ),
    Mistake(
        "heads-added",
        "head_scores",
        lambda heads_q, n_k: (heads_q[0], heads_q[2], n_k),
        "You have one matrix for all heads; every head has scores of its own.",
        cause="heads",
    ),
    Mistake(
        "square",
        "head_scores",
        lambda heads_q: (*heads_q[:3], heads_q[2]),
        SQUARE,
        cause="axes",
    ),
    Mistake(
        "key-width",
        "head_outputs",
        lambda heads_q: heads_q,
        r"You gave the outputs the width of the keys; they are made of values, so $d_v$.",
        cause="width",
    ),
    Mistake(
        "row-for-each-key",
        "head_outputs",
        lambda B, h, n_k, d_v: (B, h, n_k, d_v),
        "You gave one row for each key; the output has one row for each query.",
        cause="axes",
    ),
    Mistake(
        "stopped-at-weights",
        "head_outputs",
        lambda head_scores: head_scores,
        "That is the shape of the weights; they are still multiplied by the values.",
        cause="stopped",
    ),
    Mistake(
        "heads-averaged",
        "concat",
        lambda head_outputs: (head_outputs[0], *head_outputs[2:]),
        "You added or averaged the heads; they are put side by side.",
        cause="heads",
    ),
    Mistake(
        "side-by-side-in-tokens",
        "concat",
        lambda head_outputs, d_v: (head_outputs[0], head_outputs[1] * head_outputs[2], d_v),
        "You put the heads one below the other; they stand side by side in the last axis.",
        cause="heads",
    ),
    Mistake(
        "model-width-early",
        "concat",
        lambda head_outputs, d_model: (head_outputs[0], head_outputs[2], d_model),
        r"You gave the model's width; before $W_O$ the width is $h\,d_v$.",
        cause="width",
    ),
    Mistake(
        "layout-of-linear",
        "W_O",
        lambda concat, d_model: (d_model, concat[-1]),
        r"That is PyTorch's layout (out, in); with $XW$ the matrix is in × out.",
        cause="layout",
    ),
    Mistake(
        "square-weights",
        "W_O",
        lambda d_model: (d_model, d_model),
        r"You took $W_O$ as square; it takes in $h\,d_v$ numbers, here not $d_{model}$ of them.",
        cause="width",
    ),
    Mistake(
        "one-head-only",
        "W_O",
        lambda d_v, d_model: (d_v, d_model),
        "You counted one head; the matrix acts on all heads side by side.",
        cause="heads",
    ),
    Mistake(
        "query-heads-cached",
        "cache",
        lambda B, H, past, n, d_k: (B, H, past + n, d_k),
        "You cached a key for every query head; only the shared key heads are stored.",
        cause="heads",
    ),
    Mistake(
        "new-keys-only",
        "cache",
        lambda B, H_kv, n, d_k: (B, H_kv, n, d_k),
        "You left out the cached keys; the new ones come after them.",
        cause="cache",
    ),
    Mistake(
        "cached-keys-only",
        "cache",
        lambda B, H_kv, past, d_k: (B, H_kv, past, d_k),
        "You left out the keys of the new tokens; they are added before attending.",
        cause="cache",
    ),
    Mistake(
        "heads-of-the-keys",
        "cache_scores",
        lambda cache, n: (cache[0], cache[1], n, cache[2]),
        "You gave one matrix for each key head; every query head has its own scores.",
        cause="heads",
    ),
    Mistake(
        "all-positions-ask",
        "cache_scores",
        lambda cache, H: (cache[0], H, cache[2], cache[2]),
        "You gave a row for every position; only the new tokens ask.",
        cause="cache",
    ),
    Mistake(
        "axes-exchanged",
        "cache_scores",
        lambda cache, H, n: (cache[0], H, cache[2], n),
        EXCHANGED,
        cause="axes",
    ),
    Mistake(
        "query-heads-counted",
        "W_K",
        lambda d_model, H, d_k: (d_model, H * d_k),
        "You counted the query heads; the keys have fewer heads.",
        cause="heads",
    ),
    Mistake(
        "layout-of-linear",
        "W_K",
        lambda d_model, cache: (cache[1] * cache[3], d_model),
        r"That is PyTorch's layout (out, in); with $XW$ the matrix is in × out.",
        cause="layout",
    ),
    Mistake(
        "one-head-only",
        "W_K",
        lambda d_model, d_k: (d_model, d_k),
        "You counted one head; the matrix makes the keys of all key heads.",
        cause="heads",
    ),
    Mistake(
        "square-weights",
        "W_K",
        lambda d_model: (d_model, d_model),
        "You took the matrix as square; it makes only the shared key heads.",
        cause="width",
    ),
)


FAMILIES = (
    Family(
        name="attention-shapes",
        version=1,
        title="Shapes in attention",
        topic="parameters and shapes",
        says="Follow the shape of every tensor from the tokens to the output.",
        draws=draws,
        steps=STEPS,
        mistakes=where_asked(MISTAKES),
        question={1: question_one_head, 2: question_many_heads, 3: question_shared_heads},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={
            1: ("scores", "output"),
            2: ("heads_q", "head_scores", "head_outputs", "concat", "W_O"),
            3: ("cache", "cache_scores", "W_K"),
        },
        items=("N1.3", "N1.29", "N1.35", "N3.22", "N3.35", "N4.26"),
    ),
)
