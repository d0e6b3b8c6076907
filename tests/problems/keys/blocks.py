"""Keys by plain loops: normalisation and blocks."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f, project, relu


def layer_norm(g: Givens) -> Any:
    x, n = g["x"], len(g["x"])
    mean = 0.0 if g["level"] == 3 else sum(x) / n
    spread = 0.0
    for a in x:
        spread += (a - mean) ** 2 / n
    root = math.sqrt(spread + g.get("epsilon", 0))
    return [
        g["gain"][i] * (a - mean) / root + (g["bias"][i] if "bias" in g else 0.0)
        for i, a in enumerate(x)
    ]


def initialisation(g: Givens) -> Any:
    if g["level"] == 1:
        return [
            (g["fan_in"] / 2) ** -0.5,
            ((g["fan_in"] + g["fan_out"]) / 2) ** -0.5,
        ]
    if g["level"] == 2:
        variance = Fraction(g["variance"])
        for _layer in range(g["layers"]):
            variance = sum((variance * g["sigma"] ** 2 for _ in range(g["width"])), Fraction(0))
        return variance
    plain = scaled = f(g["variance"])
    for _branch in range(2 * g["blocks"]):
        plain += f(g["branch"])
        scaled += f(g["branch"]) * (1 / math.sqrt(2 * g["blocks"])) ** 2
    return [math.sqrt(plain), math.sqrt(scaled)]


def feed_forward(g: Givens) -> Any:
    out = []
    for x in g["X"]:
        if g["level"] == 3:
            gate, up = project(x, g["W_gate"]), project(x, g["W_up"])
            hidden = [z * u * (1 + math.tanh(z / 2)) / 2 for z, u in zip(gate, up, strict=True)]
            out.append(project(hidden, g["W_down"]))
            continue
        hidden = [relu(z + b) for z, b in zip(project(x, g["W_1"]), g["b_1"], strict=True)]
        out.append([y + b for y, b in zip(project(hidden, g["W_2"]), g["b_2"], strict=True)])
    return out


def norm_backward(g: Givens) -> Any:
    """The Jacobian entry by entry, ∂x̂_i/∂x_j."""
    x, n = g["x"], len(g["x"])
    mean = sum(x) / n
    root = math.sqrt(sum((a - mean) ** 2 for a in x) / n)
    out = []
    for j in range(n):
        total = 0.0
        for i in range(n):
            slope = (i == j) - 1 / n - (x[i] - mean) * (x[j] - mean) / root**2 / n
            total += g["G"][i] * f(g["gain"][i] if "gain" in g else 1) * slope / root
        out.append(total)
    return out


KEYS: dict[str, Key] = {
    "layer-norm": layer_norm,
    "initialisation": initialisation,
    "feed-forward": feed_forward,
    "norm-backward": norm_backward,
}
