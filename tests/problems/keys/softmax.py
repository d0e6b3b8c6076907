"""Keys by plain loops: softmax."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f, weigh


def softmax_row(g: Givens) -> Any:
    if "d_k" in g:
        return [weigh([f(s) / math.sqrt(g["d_k"]) for s in row]) for row in g["scores"]]
    return weigh([f(s) for s in g["scores"]])


def softmax_jacobian(g: Givens) -> Any:
    p = weigh(g["scores"]) if "scores" in g else [f(x) for x in g["p"]]
    n = len(p)
    jacobian = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            jacobian[i][j] = p[i] * ((1.0 if i == j else 0.0) - p[j])
    if "g" not in g:
        return jacobian
    return [sum(g["g"][i] * jacobian[i][j] for i in range(n)) for j in range(n)]


def attention_entropy(g: Givens) -> Any:
    if "scores" in g:
        p = weigh([s / math.sqrt(g["d_k"]) for s in g["scores"]])
    else:
        p = [f(x) for x in g["p"]]
    total = 0.0
    for x in p:
        if x > 0:
            total -= x * math.log(x)
    return total / math.log(2) if g["level"] == 1 else [total, math.exp(total)]


def log_softmax(g: Givens) -> Any:
    if g["level"] == 1:
        powers = [Fraction(2) ** z for z in g["z"]]
        return [math.log2(p / sum(powers)) for p in powers]
    if g["level"] == 2:
        return [math.log(p) for p in weigh(g["z"])]
    least = min(g["z"])
    loss = -math.log(weigh([z - least for z in g["z"]])[g["label"] - 1])
    return [g["z"][g["label"] - 1] + loss, loss]


KEYS: dict[str, Key] = {
    "softmax-row": softmax_row,
    "softmax-jacobian": softmax_jacobian,
    "attention-entropy": attention_entropy,
    "log-softmax": log_softmax,
}
