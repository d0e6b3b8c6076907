"""Keys by plain loops: rotary embedding and tied tables backward, and the noise of gradients."""

from __future__ import annotations

import cmath
import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.slopes import Forward, key, meet, plain, softmaxed, times, turned
from tests.problems.keys.tools import Givens, Key, f


def rotary_backward(g: Givens) -> Any:
    if g["level"] == 1:
        c, s = f(g["c"]), f(g["s"])
        return [0.0, 0.0], lambda q: meet([g["g"]], [[c * q[0] - s * q[1], s * q[0] + c * q[1]]])

    def moved(x: Any, position: int) -> list[Any]:
        out = []
        for n, part in enumerate(g["parts"]):
            c, s = math.cos(position * math.pi / part), math.sin(position * math.pi / part)
            out += [c * x[2 * n] - s * x[2 * n + 1], s * x[2 * n] + c * x[2 * n + 1]]
        return out

    def loss(x: Any) -> Any:
        total: Any = 0.0
        for other, position, delta in zip(g["keys"], g["at"], g["delta"], strict=True):
            pairs = zip(moved(x, g["m"]), moved(other, position), strict=True)
            total = total + delta * sum(a * b for a, b in pairs)
        return total

    return [0.0] * len(g["keys"][0]), loss


def tied_gradient(g: Givens) -> Any:
    """The logits given by P come from any table: E stands for a change of it."""

    def loss(E: Any) -> Any:
        total: Any = 0.0
        n = len(g["ids"])
        for t in range(n):
            total = total + meet([g["D"][t]], [E[g["ids"][t] - 1]])
            logits = times([g["H"][t]], turned(E))[0]
            z = [math.log(p) + move for p, move in zip(g["P"][t], logits, strict=True)]
            total = total - cmath.log(softmaxed(z, [True] * 3)[g["labels"][t] - 1]) / n
        return total

    return [[0.0, 0.0] for _ in range(3)], loss


def tied_step(g: Givens) -> Any:
    slope = key(tied_gradient)(g)
    return [
        [f(e) - f(g["rate"]) * d for e, d in zip(r, s, strict=True)]
        for r, s in zip(plain(g["E"]), slope, strict=True)
    ]


def tied_embedding(g: Givens) -> Any:
    return tied_step(g) if g["level"] == 3 else key(tied_gradient)(g)


def gradient_noise(g: Givens) -> Any:
    if g["level"] == 1:
        # Var = E[g²] − E[g]², and independent examples' variances add up.
        mean = Fraction(sum(g["g"]), 4)
        variance = Fraction(sum(x * x for x in g["g"]), 4) - mean**2
        total = sum(variance for _ in range(g["B"]))
        return [mean, math.sqrt(total / g["B"] ** 2)]
    if g["level"] == 2:
        size = 1
        while g["spread"] ** 2 * 100**2 > size * (g["percent"] * g["slope"]) ** 2:
            size += 1
        return size
    trace, signal = Fraction(0), Fraction(0)
    for j in range(2):
        mean = Fraction(sum(row[j] for row in g["G"]), 4)
        signal += mean**2
        trace += Fraction(sum(row[j] ** 2 for row in g["G"]), 4) - mean**2
    return trace / signal


FORWARD: dict[str, Forward] = {
    "rotary-backward": rotary_backward,
    "tied-embedding": tied_gradient,
}
GRADIENT_LEVELS: dict[str, tuple[int, ...]] = {"tied-embedding": (1, 2)}

KEYS: dict[str, Key] = {
    "rotary-backward": key(rotary_backward),
    "tied-embedding": tied_embedding,
    "gradient-noise": gradient_noise,
}
