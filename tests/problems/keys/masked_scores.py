"""Keys by plain loops: masks, windows, caps, biases and sinks, pair by pair."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f, score, weigh

May = Callable[[int, int], bool]
"""Whether query i may see key j, both counted from 0."""


def weights_of(scores: Any, i: int, may: May) -> list[float]:
    """The softmax over the keys that the query sees, 0 elsewhere."""
    seen = [j for j in range(len(scores)) if may(i, j)]
    total = sum(math.exp(f(scores[j])) for j in seen)
    return [math.exp(f(scores[j])) / total if j in seen else 0.0 for j in range(len(scores))]


def outputs(S: Any, v: Any, may: May) -> list[float]:
    out = []
    for i, scores in enumerate(S):
        weights = weights_of(scores, i, may)
        out.append(sum(w * x for w, x in zip(weights, v, strict=True)))
    return out


def sliding_window(g: Givens) -> Any:
    w, sinks = g["w"], g.get("sinks", 0)

    def may(i: int, j: int) -> bool:
        return j <= i and (i - j < w or j < sinks)

    if g["level"] == 2:
        return outputs(g["scores"], g["v"], may)
    return weights_of(g["scores"], g["i"] - 1, may)


def prefix_mask(g: Givens) -> Any:
    m = g["m"]

    def may(i: int, j: int) -> bool:
        return j < m or j <= i

    if g["level"] == 3:
        return sum(may(i, j) for i in range(g["n"]) for j in range(g["n"]))
    if g["level"] == 2:
        return outputs(g["scores"], g["v"], may)
    return weights_of(g["scores"], g["i"] - 1, may)


def packed_sequences(g: Givens) -> Any:
    text = [t for t, length in enumerate(g["lengths"]) for _ in range(length)]
    n = len(text)

    def may(i: int, j: int) -> bool:
        return text[i] == text[j] and j <= i

    if g["level"] == 3:
        kept = sum(may(i, j) for i in range(n) for j in range(n))
        return Fraction(kept, sum(j <= i for i in range(n) for j in range(n)))
    if g["level"] == 2:
        return outputs(g["scores"], g["v"], may)
    return weights_of(g["scores"], g["i"] - 1, may)


def mask_matrix(g: Givens) -> Any:
    """Row by row from lists of positions."""
    n, rows = g["n"], []
    if g["level"] == 1:
        for length in g["lengths"]:
            tokens, padding = [1] * length, [0] * (n - length)
            rows.append(padding + tokens if g["left"] else tokens + padding)
    elif g["level"] == 2:
        for i in range(n):
            seen = g["past"] + i + 1
            shown = min(seen, g["window"] or seen)
            rows.append([0] * (seen - shown) + [1] * shown + [0] * (n - i - 1))
    else:
        tokens = [0] * g["padding"] + [1] * (n - g["padding"])
        if not g["left"]:
            tokens.reverse()
        rows = [tokens[: i + 1] + [0] * (n - i - 1) for i in range(n)]
    return rows if g["one_is_open"] else [[int(x == 0) for x in row] for row in rows]


def masked_row(g: Givens) -> Any:
    """Without large numbers: which keys are closed by the fewest masks, and what they keep."""
    if g["level"] == 1:
        scores = [f(s) if g["added"] else 0.0 for s in g["scores"]]
        weights = weigh(scores)
        return [sum(w * v[c] for w, v in zip(weights, g["V"], strict=True)) for c in range(2)]
    out = []
    for i, scores in enumerate(g["scores"]):
        closed = [int(j < g["padding"]) + int(j > i) for j in range(len(scores))]
        if g["level"] == 2:
            closed = [min(1, c) for c in closed]
            if min(closed) == 1:
                scores = [0.0] * len(scores)
        fewest = min(closed)
        weights = weights_of(scores, i, lambda _, j, c=closed, m=fewest: c[j] == m)  # type: ignore[misc]
        out.append(sum(w * x for w, x in zip(weights, g["v"], strict=True)))
    return out


def score_softcap(g: Givens) -> Any:
    """tanh through exponentials."""
    c = g["c"]

    def cap(s: float) -> float:
        return f(c) * (1 - 2 / (1 + math.exp(2 * s / c)))

    if g["level"] == 1:
        return [cap(f(s)) for s in g["scaled"]]
    if g["level"] == 2:
        return weigh([cap(s) for s in g["scaled"]])
    bent = [cap(s / math.sqrt(g["d_k"])) for s in g["scores"]]
    return weights_of(bent, 0, lambda _, j: bool(g["may"][j]))


def relative_bias(g: Givens) -> Any:
    """Pair by pair, the bias looked up by its offset."""
    if g["level"] == 1:
        n = len(g["scaled"])
        return weigh([f(g["scaled"][j]) + f(g["table"][n - 1 - j]) for j in range(n)])
    reach = g["reach"]
    table = dict(zip(range(-reach, reach + 1), g["table"], strict=True))
    out = []
    for i in range(3):
        row = []
        for j in range(3):
            s = g["scaled"][i][j] if g["level"] == 2 else score(g["Q"][i], g["K"][j])
            offset = j - i
            while offset not in table:
                offset -= 1 if offset > 0 else -1
            row.append(s + table[offset])
        out.append(weigh(row))
    return out


def attention_sink(g: Givens) -> Any:
    """As a softmax with one more key, whose weight is thrown away; at level 3 by bisection."""
    scores = [f(s) for s in g["scores"]]
    if g["level"] == 3:
        low, high = -30.0, 30.0
        for _ in range(200):
            b = (low + high) / 2
            if sum(weigh([*scores, b])[:-1]) > g["T"]:
                low = b
            else:
                high = b
        return low
    weights = weigh([*scores, g["sink"]])[:-1]
    if g["level"] == 1:
        return weights
    return [sum(w * v[c] for w, v in zip(weights, g["V"], strict=True)) for c in range(2)]


KEYS: dict[str, Key] = {
    "sliding-window": sliding_window,
    "prefix-mask": prefix_mask,
    "packed-sequences": packed_sequences,
    "mask-matrix": mask_matrix,
    "masked-row": masked_row,
    "score-softcap": score_softcap,
    "relative-bias": relative_bias,
    "attention-sink": attention_sink,
}
