"""Keys by plain loops: gradient descent and optimisers."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f


def descent_step(g: Givens) -> Any:
    rate = Fraction(g["rate"])
    if g["level"] == 2:
        off = g["w"] * g["x"] + g["b"] - g["y"]
        return [g["w"] - rate * 2 * off * g["x"], g["b"] - rate * 2 * off]
    w = Fraction(g["w"])
    for _ in range(1 if g["level"] == 1 else 2):
        w -= rate * ((w + 1) ** 2 * g["a"] - (w - 1) ** 2 * g["a"] + 2 * g["c"]) / 2
    return w


def step_size(g: Givens) -> Any:
    """From the gradient itself: where one step takes a point on each axis."""
    rate = Fraction(g["rate"])
    if g["level"] == 1:
        w = Fraction(3)
        slope = ((w + 1) ** 2 - (w - 1) ** 2) / 2 * g["a"]
        return [(w - rate * slope) / w, Fraction(1) / g["a"]]
    if g["level"] == 2:
        curvatures = [g["flat"], g["steep"]]
    else:
        (a, b), _ = g["H"]
        curvatures = sorted([a + b, a - b])  # along (1, 1) and (1, −1)
    limit = min(Fraction(2, c) for c in curvatures)
    return [*[1 - rate * c for c in curvatures], limit]


def unit_change(g: Givens) -> Any:
    def loss(w: Fraction) -> Fraction:
        value: Fraction = ((g["a"] * w + g["b"]) * w + g["c"]) * w
        return value

    w, h = Fraction(g["w"]), Fraction(g["h"])
    slope = (loss(w + 1) - loss(w - 1)) / 2 - g["a"]
    change = loss(w + h) - loss(w)
    return [slope * h, change, change - slope * h] if g["level"] == 3 else [slope, change]


def optimiser_step(g: Givens) -> Any:
    """The rules as loops over the steps."""
    w = start = f(g["w"])
    m = v = 0.0
    for t, gradient in enumerate([g["g_1"], g["g_2"]], start=1):
        start = w
        if g["level"] == 1:
            v = f(g["beta"]) * v + gradient
            w -= f(g["rate"]) * v
            continue
        one, two = f(g["beta_1"]), f(g["beta_2"])
        m = one * m + (1 - one) * gradient
        v = two * v + (1 - two) * gradient**2
        w -= f(g["rate"]) * (m / (1 - one**t)) / math.sqrt(v / (1 - two**t))
        w -= f(g["rate"]) * f(g.get("decay", 0)) * start
    return w - start if g["level"] == 2 else w


def gradient_clipping(g: Givens) -> Any:
    entries = g["g"] if "g" in g else [*g["g_W"], g["g_b"]]
    total = 0.0
    for x in entries:
        total += x * x
    return [g["bound"] * x / math.sqrt(total) for x in entries]


def rate_schedule(g: Givens) -> Any:
    if g["level"] == 1:
        return Fraction(g["peak"], g["warm"]) * g["t"]
    # (1 + cos 2a)/2 is cos²a.
    quarter = math.pi / 2 * (g["t"] - g["warm"]) / (g["total"] - g["warm"])
    return g["peak"] * math.cos(quarter) ** 2 + g["low"] * math.sin(quarter) ** 2


KEYS: dict[str, Key] = {
    "descent-step": descent_step,
    "step-size": step_size,
    "unit-change": unit_change,
    "optimiser-step": optimiser_step,
    "gradient-clipping": gradient_clipping,
    "rate-schedule": rate_schedule,
}
