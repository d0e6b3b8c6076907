"""Keys by plain loops: rotary scores and frequencies, shifted sinusoids, with complex numbers."""

from __future__ import annotations

import cmath
import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f


def rotary_score(g: Givens) -> Any:
    """Every vector is turned by its own absolute position."""
    if g["level"] == 2:
        total = 0.0
        for i, theta in enumerate(g["theta"]):
            q = complex(g["q"][2 * i], g["q"][2 * i + 1]) * cmath.exp(1j * g["m"] * f(theta))
            k = complex(g["k"][2 * i], g["k"][2 * i + 1]) * cmath.exp(1j * g["n"] * f(theta))
            total += (q * k.conjugate()).real
        return total

    def score(m: int, n: int) -> float:
        q = cmath.rect(g["a"], math.radians(g["alpha"] + m * g["theta"]))
        k = cmath.rect(g["b"], math.radians(g["beta"] + n * g["theta"]))
        return (q * k.conjugate()).real

    if g["level"] == 1:
        key, query = g["beta"] + g["n"] * g["theta"], g["alpha"] + g["m"] * g["theta"]
        while query < key:
            query += 360
        while query >= key + 360:
            query -= 360
        return [query - key, score(g["m"], g["n"])]
    scores = [score(500, 500 - D) for D in range(360 // g["theta"] + 1)]
    best = next(D for D, s in enumerate(scores) if s > max(scores) - 1e-6)
    return [best, scores[best], score(500, 500 - g["D"])]


def rotary_wavelength(g: Givens) -> Any:
    """Pair by pair: each turns more slowly than the one before by the same ratio."""

    def angle(base: float) -> float:
        theta, ratio = 1.0, math.exp(-2 * math.log(base) / g["d"])
        for _pair in range(g["i"]):
            theta *= ratio
        return theta

    if g["level"] == 1:
        return angle(g["base"])
    if g["level"] == 2:
        return 2 * math.pi / angle(g["base"])
    base = math.exp(math.log(g["base"]) + math.log(g["s"]) * g["d"] / (g["d"] - 2))
    return 2 * math.pi / angle(base)


def sinusoid_shift(g: Givens) -> Any:
    """(sin a, cos a) is the complex number i·e^{−ia}: turning on divides."""
    if g["level"] == 3:
        (s, c), (later_s, later_c) = g["code"], g["later"]
        # Solve for the matrix [[x, y], [−y, x]] by Cramer's rule.
        x = (later_s * s + later_c * c) / Fraction(s * s + c * c)
        y = (later_s * c - later_c * s) / Fraction(s * s + c * c)
        return [[x, y], [-y, x]]
    if g["level"] == 1:
        turn = complex(f(g["shift"][1]), f(g["shift"][0]))
        turns = [turn]
    else:
        turns = [cmath.exp(1j * g["k"] * f(w)) for w in g["omega"]]
    out = []
    for i, turn in enumerate(turns):
        z = complex(f(g["code"][2 * i + 1]), f(g["code"][2 * i])) * turn
        out += [z.imag, z.real]
    return out


KEYS: dict[str, Key] = {
    "rotary-score": rotary_score,
    "rotary-wavelength": rotary_wavelength,
    "sinusoid-shift": sinusoid_shift,
}
