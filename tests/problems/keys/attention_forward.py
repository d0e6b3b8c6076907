"""Keys by plain loops: attention forward."""

from __future__ import annotations

import math
from typing import Any

from tests.problems.keys.tools import Givens, Key, f, project, score, weigh


def scaled_dot(g: Givens) -> Any:
    if "W_Q" in g:
        q, k = project(g["x"], g["W_Q"]), project(g["y"], g["W_K"])
    else:
        q, k = g["q"], g["k"]
    return score(q, k) / len(q) ** 0.5


def attention_scores(g: Givens) -> Any:
    if "X" in g:
        Q = []
        for x in g["X"]:
            plain = project(x, g["W_Q"])
            Q.append([plain[j] + g["b_Q"][j] for j in range(len(plain))])
        K = [project(x, g["W_K"]) for x in g["X"]]
    else:
        Q, K = g["Q"], g["K"]
    return [[score(q, k) / math.sqrt(len(k)) for k in K] for q in Q]


def attention_output(g: Givens) -> Any:
    out = []
    for i, q in enumerate(g["Q"]):
        seen = len(g["K"])
        if "past" in g:
            seen = min(seen, i + 1 + g["past"])
        weights = weigh([score(q, k) / math.sqrt(len(q)) for k in g["K"][:seen]])
        row = []
        for c in range(len(g["V"][0])):
            total = 0.0
            for j in range(seen):
                total += weights[j] * f(g["V"][j][c])
            row.append(total)
        out.append(row)
    return out


KEYS: dict[str, Key] = {
    "scaled-dot": scaled_dot,
    "attention-scores": attention_scores,
    "attention-output": attention_output,
}
