"""Keys by plain loops: prompts, layers over several devices, budgets of FLOPs."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f


def prefill_time(g: Givens) -> Any:
    speed = g["peak"] * 10**12 * Fraction(g["used"], 100)
    if g["level"] == 1:
        return sum(2 * g["size"] * 10**9 for _token in range(g["n"])) / speed * 1000
    flops = 2 * g["size"] * 1e9 * g["n"]
    # A token sees those before it: half of all pairs, two products of width d in each layer.
    flops += g["L"] * 2 * (2.0 * g["d"]) * (g["n"] * g["n"] / 2)
    prompt = 1000 * flops / f(speed)
    if g["level"] == 2:
        return prompt
    read = 2 * g["size"] * 1e9
    for _layer in range(g["L"]):
        read += 2 * 2 * g["H_kv"] * g["d_k"] * g["n"]
    token = 1000 * read / (g["bandwidth"] * 1e9)
    return [prompt, token, (prompt + sum(token for _ in range(g["m"]))) / 1000]


def tensor_parallel(g: Givens) -> Any:
    p = g["p"]
    if g["level"] == 1:
        mine = 0
        for head in range(g["H"]):
            if head % p == 0:
                mine += g["d"] * g["d_k"] + g["d_k"] * g["d"]
        for head in range(max(g["H_kv"], p)):
            if head % p == 0:
                mine += g["d"] * g["d_k"] + g["d"] * g["d_k"]
        return mine + sum(g["d"] + g["d"] + g["d"] for inner in range(g["d_ff"]) if inner % p == 0)
    # In a ring a result goes round in p pieces, once to add up and once to hand out.
    piece = Fraction(2 * g["n"] * g["d"], p)
    sent = sum(piece for _reduce in range(2 * g["L"]) for _way in range(2) for _hop in range(p - 1))
    if g["level"] == 2:
        return sent / 2**20
    computing = g["size"] * 1e9 * g["n"] * 2 / p / (g["peak"] * 1e12)
    return [1000 * computing, 1000 * f(sent) / (g["link"] * 1e9)]


def compute_budget(g: Givens) -> Any:
    if g["level"] == 3:
        N, D = g["size"] * 1e9, g["tokens"] * 1e9
        end = 1.69 + 406.4 * math.exp(-0.34 * math.log(N))
        return [end + 410.7 * math.exp(-0.28 * math.log(D)), end]
    if g["level"] == 1:
        N = next(n for n in range(1, 100) if 6 * n * g["each"] * n == g["budget"] * 1000)
        return [N, N * g["each"]]
    flops = math.log10(g["mantissa"] / 10) + g["power"] - math.log10(6 * g["each"])
    return 10 ** (flops / 2 - 9)


KEYS: dict[str, Key] = {
    "prefill-time": prefill_time,
    "tensor-parallel": tensor_parallel,
    "compute-budget": compute_budget,
}
