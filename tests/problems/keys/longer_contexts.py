"""Keys by plain loops: composed heads, rotary layouts, windows, contexts."""

from __future__ import annotations

import cmath
import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f


def head_composition(g: Givens) -> Any:
    if g["level"] == 1:
        out = [Fraction(0), Fraction(0)]
        for j, token in enumerate(g["X"]):  # each token's way through both heads
            for i in range(2):
                for k in range(2):
                    for c in range(2):
                        out[c] += g["a"][j] * token[i] * g["M_1"][i][k] * g["M_2"][k][c]
        return out
    if g["level"] == 2:
        total = Fraction(0)
        for j, token in enumerate(g["X"]):  # each token's own part in the score
            for i in range(2):
                for c in range(2):
                    written = sum(token[b] * g["M_OV"][b][c] for b in range(2))
                    total += g["a"][j] * g["x"][i] * g["M_QK"][i][c] * written
        return total
    norm = 0.0
    for i in range(2):
        for j in range(2):
            if g["keys"]:
                entry = sum(g["M_QK"][i][k] * g["M_OV"][j][k] for k in range(2))
            else:
                entry = sum(g["M_OV"][i][k] * g["M_QK"][k][j] for k in range(2))
            norm += entry * entry
    for M in (g["M_OV"], g["M_QK"]):
        norm /= sum(x * x for row in M for x in row)
    return math.sqrt(norm)


def rotary_layout(g: Givens) -> Any:
    if g["level"] == 1:
        x, half = g["x"], len(g["x"]) // 2
        out = [0] * len(x)
        for pair in range(half):
            for part in range(2):
                neighbour, halves = 2 * pair + part, pair + part * half
                if g["back"]:
                    out[neighbour] = x[halves]
                else:
                    out[halves] = x[neighbour]
        return out
    if g["level"] == 2:
        z = [
            complex(g["x"][i], g["x"][i + 2]) * cmath.exp(1j * g["p"] * g["theta"][i])
            for i in range(2)
        ]
        return [z[0].real, z[1].real, z[0].imag, z[1].imag]
    d = g["d_k"]
    neighbours: list[int] = []
    as_halves: list[int] = []
    for head in range(g["H"]):
        for pair in range(d // 2):
            for part in range(2):
                neighbours.append(head * d + 2 * pair + part)
                as_halves.append(head * d + pair + part * d // 2)
    source, target = (as_halves, neighbours) if g["back"] else (neighbours, as_halves)
    return target[source.index(g["f"])]


def rolling_cache(g: Givens) -> Any:
    if g["level"] == 1:
        buffer: dict[int, int] = {}
        slot = -1
        for position in range(g["t"] + 1):
            slot = (slot + 1) % g["window"]
            buffer[slot] = position
        oldest = min(buffer, key=lambda s: buffer[s])
        return [slot, buffer[oldest], oldest]
    windowed = everything = wide = 0
    for layer in range(g["layers"]):
        row = sum(2 * (g["d_k"] + g["d_k"]) for _head in range(g["H_kv"]))
        kept = g["n"] if layer < g["full"] else min(g["n"], g["window"])
        windowed += row * kept
        everything += row * g["n"]
        wide += row * kept if layer < g["full"] else 0
    if g["level"] == 2:
        return [Fraction(windowed, 2**20), Fraction(everything, 2**20)]
    return [Fraction(windowed * g["batch"], 2**30), Fraction(wide, windowed)]


def context_extension(g: Givens) -> Any:
    if g["level"] == 1:
        query = Fraction(g["m"], g["s"]) * g["theta"]
        return [query, query - Fraction(g["n"], g["s"]) * g["theta"]]
    theta = math.exp(-2 * g["i"] / g["d"] * math.log(g["base"]))
    turns = g["trained"] / (2 * math.pi / theta)
    part = (turns - g["low"]) / (g["high"] - g["low"])
    changed = part * theta + (1 - part) * theta / g["s"]
    if g["level"] == 2:
        return [turns, part, changed / theta]
    return f(g["n"]) * changed


KEYS: dict[str, Key] = {
    "head-composition": head_composition,
    "rotary-layout": rotary_layout,
    "rolling-cache": rolling_cache,
    "context-extension": context_extension,
}
