"""Keys by plain loops: parameters, FLOPs and memory."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f


def kv_cache(g: Givens) -> Any:
    token = 0
    for _layer in range(g["layers"]):
        for _head in range(g["H_kv"]):
            token += (g["d_k"] + g["d_k"]) * g["bytes_each"]
    if g["level"] == 1:
        return Fraction(token, 2**10)
    if g["level"] == 2:
        return Fraction(token * g["tokens"] * g["batch"], 2**30)
    left, fit = (g["memory"] - g["parameters"]) * 2**30, 0
    while left >= token * g["tokens"]:
        left -= token * g["tokens"]
        fit += 1
    return fit


def parameter_count(g: Givens) -> Any:
    d = g["d_model"]
    d_k = d // g["h"]
    attention = 0
    for _head in range(g["h"]):
        attention += 2 * d * d_k  # W_Q and W_O
    for _head in range(g["h_kv"] if "h_kv" in g else g["h"]):
        attention += 2 * d * d_k  # W_K and W_V
    if g["level"] == 1:
        return attention + (4 * d if g["bias"] else 0)
    if g["level"] == 2:
        gate = d * g["d_ff"] if g["gated"] else 0
        return attention + d * g["d_ff"] + g["d_ff"] * d + gate + (d + d) + (d + d)
    total = g["vocabulary"] * d
    if not g["tied"]:
        total += d * g["vocabulary"]
    for _layer in range(g["layers"]):
        total += attention + 3 * d * g["d_ff"]
    return total


def multiply_adds(g: Givens) -> Any:
    """Head by head."""
    n, d, h = g["n"], g["d"], g["h"]
    matrices = pairs = 0
    for _head in range(h):
        matrices += 3 * n * d * (d // h) + n * (d // h) * d
        pairs += n * n * (d // h) + n * n * (d // h)
    if g["level"] == 1:
        return matrices
    if g["level"] == 2:
        return 2 * matrices + 2 * pairs
    matrices += n * d * 4 * d + n * 4 * d * d
    return [Fraction(pairs, pairs + matrices), Fraction(n * matrices, pairs)]


def low_rank_adapter(g: Givens) -> Any:
    if g["level"] == 3:
        out = [[Fraction(w) for w in row] for row in g["W"]]
        for i in range(2):
            for j in range(2):
                for c in range(g["r"]):
                    out[i][j] += Fraction(g["alpha"], g["r"]) * g["A"][i][c] * g["B"][c][j]
        return out
    one = sum(g["d_in"] + g["d_out"] for _ in range(g["r"]))
    if g["level"] == 1:
        return one
    matrices = g["layers"] * g["each"]
    return [one * matrices, Fraction(one * matrices, matrices * g["d_in"] ** 2)]


def cost_growth(g: Givens) -> Any:
    """By counting a small model before and after."""

    def scores(n: Any, h: Any, batch: Any) -> Fraction:
        entries: Fraction = Fraction(batch) * h * n * n
        return entries

    def model(n: Any, d: Any) -> list[Fraction]:
        return [2 * Fraction(n) * n * d, Fraction(n) * 12 * d * d, Fraction(12) * d * d]

    if g["level"] == 1:
        return scores(12 * g["n"], 12 * g["h"], 12 * g["b"]) / scores(12, 12, 12)
    after, before = model(12 * g["n"], 12 * g["d"]), model(12, 12)
    return [a / b for a, b in zip(after, before, strict=True)]


def training_cost(g: Givens) -> Any:
    parameters = g["size"] * 10**9
    if g["level"] == 1:
        numbers = [g["low"], g["low"], 4, 4, g["master"]]  # weight, gradient, moments, copy
        return Fraction(sum(parameters * b for b in numbers), 10**9)
    seconds = 6.0 * parameters * g["tokens"] * 1e9 / (g["devices"] * g["peak"] * 1e12)
    return seconds / f(g["used"]) / 60 / 60 / 24


KEYS: dict[str, Key] = {
    "kv-cache": kv_cache,
    "parameter-count": parameter_count,
    "multiply-adds": multiply_adds,
    "low-rank-adapter": low_rank_adapter,
    "cost-growth": cost_growth,
    "training-cost": training_cost,
}
