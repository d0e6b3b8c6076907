"""Keys by plain loops: experts, intensity, decoding time, caches in blocks."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f


def expert_count(g: Givens) -> Any:
    if g["level"] == 2:
        order = sorted(zip(g["r"], g["Y"], strict=True), key=lambda pair: -pair[0])[:2]
        total = sum(math.exp(r) for r, _ in order)
        return [sum(math.exp(r) / total * y[c] for r, y in order) for c in range(2)]
    held = used = 0
    for _layer in range(g["layers"] if g["level"] == 3 else 1):
        for expert in range(g["E"]):
            size = 2 * g["d"] * g["d_ff"] + g["d_ff"] * g["d"]
            held += size + g["d"]  # with its column of the router
            used += (size if expert < g["k"] else 0) + g["d"]
        if g["level"] == 3:
            attention = g["d"] * (g["H"] + 2 * g["H_kv"]) * g["d_k"] + g["H"] * g["d_k"] * g["d"]
            held, used = held + attention, used + attention
    if g["level"] == 1:
        return [held, used]
    tables = g["vocabulary"] * g["d"] + g["d"] * g["vocabulary"]
    return [(held + tables) / 1e9, (used + tables) / 1e9]


def arithmetic_intensity(g: Givens) -> Any:
    if g["level"] == 1:
        flops = moved = 0
        for _row in range(g["m"]):
            moved += g["k"] + g["n"]
            flops += g["n"] * (g["k"] + g["k"])
        moved += g["k"] * g["n"]
        return Fraction(flops, moved * g["bytes_each"])
    per_second = g["peak"] * 10**12
    if g["level"] == 2:
        reading = (
            Fraction(g["d"] * g["d_ff"]) * Fraction(g["bytes_each"]) / (g["bandwidth"] * 10**9)
        )
        return reading / Fraction(2 * g["d"] * g["d_ff"], per_second)
    flops = sum(2 * g["n"] * g["d_k"] + 2 * g["n"] * g["d_k"] for _head in range(g["H"]))
    moved = sum(2 * g["n"] * g["d_k"] * g["bytes_each"] for _head in range(g["H_kv"]))
    s = 1
    while Fraction(s * flops, per_second) < Fraction(moved, g["bandwidth"] * 10**9):
        s += 1
    return [Fraction(flops, moved), s]


def decode_latency(g: Givens) -> Any:
    read = Fraction(g["size"]) * 10**9 * g["bytes_each"]
    if g["level"] == 1:
        return read / (g["bandwidth"] * 10**6)
    for _sequence in range(g["batch"]):
        for _layer in range(g["layers"]):
            read += (g["d_k"] + g["d_k"]) * g["H_kv"] * g["bytes_each"] * g["n"]
    seconds = f(read) / (g["bandwidth"] * 1e9 * g.get("devices", 1))
    if g["level"] == 2:
        return 1000 * seconds
    computing = f(g["size"]) * 1e9 * 2 * g["batch"] / (g["peak"] * 1e12 * g["devices"])
    return g["batch"] / max(seconds, computing)


def paged_cache(g: Givens) -> Any:
    def blocks(n: int) -> int:
        taken = 0
        while taken * g["block"] < n:
            taken += 1
        return taken

    if g["level"] == 1:
        taken = sum(blocks(n) for n in g["lengths"])
        return [taken, sum(-n % g["block"] for n in g["lengths"])]
    if g["level"] == 2:
        free, reserved = Fraction(g["memory"] * 2**20, g["kib"]), 0  # in tokens
        while (reserved + 1) * g["longest"] <= free:
            reserved += 1
        return [reserved, math.floor(free / g["block"]) // blocks(g["n"])]
    part = Fraction(g["used"], 100)
    free = g["devices"] * g["memory"] * 10**9 * part - Fraction(g["tens"], 100) * 10**9 * 2
    block = sum(2 * 2 * g["H_kv"] * g["d_k"] * g["block"] for _layer in range(g["layers"]))
    whole = math.floor(free / block)
    return [whole, whole // blocks(g["n"])]


KEYS: dict[str, Key] = {
    "expert-count": expert_count,
    "arithmetic-intensity": arithmetic_intensity,
    "decode-latency": decode_latency,
    "paged-cache": paged_cache,
}
