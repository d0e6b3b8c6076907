"""Keys for the ways back through layers: the forward pass by loops, and its derivative."""

from __future__ import annotations

import cmath
import math
from typing import Any

from tests.problems.keys.slopes import Forward, key, meet, plain, times, turned, zeros
from tests.problems.keys.tools import Givens, Key


def squash(z: Any) -> Any:
    return 1 / (1 + cmath.exp(-z))


def linear_backward(g: Givens) -> Any:
    X, D, asked = plain(g["X"]), g["D"], g["asked"]
    if g["level"] == 3:
        s = g["alpha"] / g["rank"]
        if asked == "d_down":
            return plain(g["A"]), lambda A: s * meet(D, times(times(X, A), g["B"]))
        return plain(g["B"]), lambda B: s * meet(D, times(times(X, g["A"]), B))
    W = turned(g["W"]) if g["level"] == 2 else g["W"]
    if asked == "d_input":
        return X, lambda X: meet(D, times(X, W))
    return plain(g["W"]), lambda W: meet(D, times(X, turned(W)))


def bias_gradient(g: Givens) -> Any:
    D = g["D"]
    n = len(D)
    if g["level"] == 3:
        return [0.0] * n, lambda b: sum(D[i][j] * b[i - j] for i in range(n) for j in range(i + 1))
    start = plain(g["gain"]) if g["level"] == 2 else [0.0] * len(D[0])
    at = plain(g["H"]) if g["level"] == 2 else [[1.0] * len(D[0])] * n
    return start, lambda b: sum(
        D[i][c] * at[i][c] * b[c] for i in range(n) for c in range(len(D[0]))
    )


def feed_forward_backward(g: Givens) -> Any:
    if g["level"] == 1:
        return plain(g["Z"]), lambda Z: meet(g["D"], times(_each(Z, _relu), g["W_2"]))
    if g["level"] == 2:

        def network(W: Any) -> Any:
            Z = [[z + b for z, b in zip(r, g["b_1"], strict=True)] for r in times(g["X"], W)]
            return meet(g["D"], times(_each(Z, _relu), g["W_2"]))

        return plain(g["W_1"]), network

    def around(W: Any) -> Any:
        """Z is given without the weights it came from: W stands for a change of them."""
        moved, at = times(g["X"], W), plain(g["Z"])
        Z = [[at[i][j] + moved[i][j] for j in range(2)] for i in range(2)]
        return meet(g["D"], times(_each(Z, lambda z: z * squash(z)), g["W_2"]))

    return zeros(2, 2), around


def _relu(z: Any) -> Any:
    return z if z.real > 0 else 0.0


def _each(Z: Any, f: Any) -> Any:
    return [[f(z) for z in row] for row in Z]


def rms_norm_backward(g: Givens) -> Any:
    gain = plain(g.get("gain", [1] * len(g["x"])))

    def loss(x: Any) -> Any:
        root = cmath.sqrt(sum(a * a for a in x) / len(x) + g.get("epsilon", 0))
        return sum(d * w * a / root for d, w, a in zip(g["G"], gain, x, strict=True))

    return plain(g["x"]), loss


def activation_slope(g: Givens) -> Any:
    z = float(g["z"])
    if g["level"] == 1:
        return z, squash if g["asked"] == "sigmoid_slope" else cmath.tanh
    if g["level"] == 2:
        return z, lambda z: z * squash(z)
    share = float(g["share"])

    def gelu(at: Any) -> Any:
        """Φ beside z by the midpoint rule, whose slope at z is the density itself."""
        middle = (at + z) / 2
        rise = (at - z) * cmath.exp(-middle * middle / 2) / math.sqrt(2 * math.pi)
        return at * (share + rise)

    return z, gelu


def gated_unit(g: Givens) -> Any:
    if g["level"] == 1:
        # What gets through, as a gradient: of Σ c∘h by c.
        gates = [squash(float(b)) for b in g["b"]]
        return [0.0] * 3, lambda c: sum(w * a * s for w, a, s in zip(c, g["a"], gates, strict=True))
    if g["level"] == 2:
        return [plain(g["a"]), plain(g["b"])], lambda both: sum(
            d * u * squash(v) for d, u, v in zip(g["g"], *both, strict=True)
        )

    def through(x: Any) -> Any:
        a, b = times([x], g["W_a"])[0], times([x], g["W_b"])[0]
        return sum(d * u * squash(v) for d, u, v in zip(g["g"], a, b, strict=True))

    return plain(g["x"]), through


def residual_gradient(g: Givens) -> Any:
    if g["level"] == 3:

        def two(x: Any) -> Any:
            for c in (g["c_1"], g["c_2"]):
                x = x + float(c) * cmath.tanh(x)
            return x

        return float(g["x"]), two
    if g["level"] == 1:

        def stack(x: Any) -> Any:
            for a in g["slopes"]:
                x = x + float(a) * x
            return g["g"] * x

        return 0.0, stack

    def rows(x: Any) -> Any:
        out = [x]
        for J in (g["J_1"], g["J_2"]):
            out = [[a + b for a, b in zip(out[0], times(out, J)[0], strict=True)]]
        return meet([g["g"]], out)

    return [0.0, 0.0], rows


FORWARD: dict[str, Forward] = {
    "linear-backward": linear_backward,
    "bias-gradient": bias_gradient,
    "feed-forward-backward": feed_forward_backward,
    "rms-norm-backward": rms_norm_backward,
    "activation-slope": activation_slope,
    "gated-unit": gated_unit,
    "residual-gradient": residual_gradient,
}

KEYS: dict[str, Key] = {name: key(forward) for name, forward in FORWARD.items()}
