"""Keys by plain loops: quantised caches, traffic of tiles, activations, utilisation, crossover."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f


def quantised_cache(g: Givens) -> Any:
    """By trying every code and keeping the nearest."""
    if g["level"] == 3:
        group = g["bits"] * g["group"] + 16 + 16  # bits of a whole group
        bits = Fraction(0)
        for _layer in range(g["layers"]):
            for _kind in ("keys", "values"):
                numbers = g["H_kv"] * g["d_k"] * g["n"] * g["batch"]
                bits += Fraction(numbers, g["group"]) * group
        return [Fraction(group, g["group"]), bits / 8 / 2**30]
    if g["level"] == 1:
        scale = max(max(g["x"]), -min(g["x"])) / 7
        return [min(range(-7, 8), key=lambda c: abs(c * scale - x)) for x in g["x"]]
    low, high = min(g["x"]), max(g["x"])
    levels = [low + (high - low) * c / 15 for c in range(16)]
    return [f(min(levels, key=lambda v: abs(v - x))) for x in g["x"]]


def tile_traffic(g: Givens) -> Any:
    n, d = g["n"], g["d"]
    naive = 0
    for read, written in ((n * d + n * d, n * n), (n * n, n * n), (n * n + n * d, n * d)):
        naive += read + written
    if g["level"] == 1:
        return Fraction(naive * g["bytes_each"], 2**20)
    if g["level"] == 2:
        block = g["block"]
    else:
        powers = [2**k for k in range(20)]
        sizes = {B: 2 * (B * d + B * d + B * d + B * d) + 4 * B * B for B in powers}
        block = max(B for B in powers if sizes[B] <= g["kib"] * 2**10)
    tiled = 0
    for _start in range(0, n, block):
        tiled += block * d + n * d + n * d + block * d
    if g["level"] == 2:
        return [Fraction(x * 2, 2**20) for x in (naive, tiled)]
    return [block, Fraction(naive, tiled)]


def activation_memory(g: Givens) -> Any:
    """Tensor by tensor."""
    n, d, d_ff = g["n"], g["d"], g["d_ff"]
    if g["level"] == 3:
        wide = ("input", "norm 1", "norm 2", "queries", "heads", "stream")
        rest = [n * d for name in wide if name != "input"]
        rest += [n * g["narrow"] for _ in ("keys", "values")]
        rest += [n * d_ff for _ in ("gate", "up", "product")]
        everything = sum(n * d + sum(rest) for _layer in range(g["L"]))
        kept = sum(n * d for _layer in range(g["L"])) + sum(rest)
        return [Fraction(2 * g["batch"] * x, 2**30) for x in (everything, kept)]
    tensors = [(n, d)] * 5 + [(n, d_ff)] * 2
    plain = sum(rows * columns for rows, columns in tensors)
    pairs = sum(n * n for _head in range(g["H"]))
    if g["level"] == 1:
        return Fraction(2 * (plain + pairs), 2**20)
    copies = g["L"] * g["batch"]
    return [Fraction(2 * copies * x, 2**30) for x in (plain + pairs, plain)]


def model_flops_utilisation(g: Givens) -> Any:
    """By the seconds the devices would need at their peak for one second's tokens."""
    if g["level"] == 1:
        seconds = Fraction(6 * g["size"] * 10**9 * g["rate"], g["devices"] * g["peak"] * 10**12)
        return seconds * 100
    forward = 2 * g["size"] * 1e9 + 4.0 * g["L"] * g["d"] * g["n"]
    speed = g["devices"] * g["peak"] * 1e12
    needed = g["rate"] * (forward + 2 * forward) / speed
    if g["level"] == 2:
        return 100 * needed
    return [100 * needed, 100 * g["rate"] * (forward + forward + 2 * forward) / speed]


def attention_crossover(g: Givens) -> Any:
    """From the costs at two lengths: the pairs of a layer grow with the square."""
    d = g["d"]
    if g["level"] == 1:
        weights = 4 * d * d
    else:
        weights = d * d + d * g["H_kv"] * g["d_k"] + d * g["H_kv"] * g["d_k"] + d * d
    if g["level"] == 3:
        weights += d * g["d_ff"] + d * g["d_ff"] + g["d_ff"] * d
    masked = g["level"] == 3 or g["causal"]

    def pairs(T: int) -> Fraction:
        return Fraction(2 * T * T * d, 2 if masked else 1)

    length = Fraction(weights * 1000, 1) / (pairs(1000) / 1000)
    if g["level"] < 3:
        return length
    n = g["n"]
    return [length, pairs(n) / (pairs(n) + n * weights)]


KEYS: dict[str, Key] = {
    "quantised-cache": quantised_cache,
    "tile-traffic": tile_traffic,
    "activation-memory": activation_memory,
    "model-flops-utilisation": model_flops_utilisation,
    "attention-crossover": attention_crossover,
}
