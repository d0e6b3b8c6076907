"""Keys by plain loops: embeddings and positions."""

from __future__ import annotations

import cmath
import math
from typing import Any

from tests.problems.keys.tools import Givens, Key, score, weigh


def rotary_embedding(g: Givens) -> Any:
    """With complex numbers: turning by φ is multiplying by e^{iφ}."""

    def angle(parts: tuple[int, int], position: int) -> complex:
        top, bottom = parts
        return cmath.exp(1j * math.pi * top * position / bottom)

    if "q" in g:
        q = complex(*g["q"]) * angle(g["parts"], g["m"])
        k = complex(*g["k"]) * angle(g["parts"], g["n"])
        return (q * k.conjugate()).real
    out = []
    second = g["second"] if "second" in g else g["parts"]
    for pair, parts in ((g["x"][:2], g["parts"]), (g["x"][2:], second)):
        if pair:
            z = complex(*pair) * angle(parts, g["position"])
            out += [z.real, z.imag]
    return out


def token_lookup(g: Givens) -> Any:
    """With one-hot rows: a lookup is a product, its gradient a product with the transpose."""
    hot = [[int(w == i) for w in range(g["words"])] for i in g["ids"]]
    if g["level"] == 1:
        return [sum(h[w] * g["E"][w][c] for h in hot for w in range(g["words"])) for c in range(2)]
    gradient = [
        [sum(h[w] * row[c] for h, row in zip(hot, g["G"], strict=True)) for c in range(2)]
        for w in range(g["words"])
    ]
    if g["level"] == 2:
        return gradient
    return [[g["E"][w][c] - g["rate"] * gradient[w][c] for c in range(2)] for w in range(3)]


def alibi_bias(g: Givens) -> Any:
    ratio = 2 ** (-8 / g["H"])
    slope = 1.0
    for _head in range(g["h"]):
        slope *= ratio
    bias = [sum(-slope for _step in range(int(key), g["i"])) for key in g["keys"]]
    if g["level"] == 1:
        return bias
    return weigh([s + b for s, b in zip(g["scores"], bias, strict=True)])


def sinusoidal_position(g: Givens) -> Any:
    omega = [g["base"] ** (-2 * i / g["d"]) for i in range(g["d"] // 2)]

    def code(position: int) -> list[float]:
        out = []
        for w in omega:
            z = cmath.exp(1j * position * w)
            out += [z.imag, z.real]
        return out

    if g["level"] == 3:
        return score(code(g["a"]), code(g["b"]))
    return code(g["position"]) if g["level"] == 2 else [g["position"] * w for w in omega]


KEYS: dict[str, Key] = {
    "rotary-embedding": rotary_embedding,
    "token-lookup": token_lookup,
    "alibi-bias": alibi_bias,
    "sinusoidal-position": sinusoidal_position,
}
