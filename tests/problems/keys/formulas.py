"""Keys of scalar formulas: the function itself, written a second time, and its slope by a complex
step; counts by adding up one matrix at a time. Nothing here differentiates by rule.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

from tests.problems.keys.slopes import slopes
from tests.problems.keys.tools import Givens, Key

Point = dict[str, Any]
At = Callable[[Point], Any]


def sigmoid(u: Any) -> Any:
    return 1 / (1 + cmath.exp(-u))


def softplus(u: Any) -> Any:
    return cmath.log(1 + cmath.exp(u))


GATES: dict[str, Callable[[Any], Any]] = {
    "sigmoid": sigmoid,
    "tanh": cmath.tanh,
    "softplus": softplus,
    "square": lambda u: u * u,
}


def activation_derivative(g: Givens) -> At:
    a, b = g["a"], g["b"]

    def f(z: Any) -> Any:
        if g["level"] == 1:
            return g["c"] * GATES[g["kind"]](a * z + b)
        if g["level"] == 2:
            return g["c"] * z * GATES[g["kind"]](a * z + b)
        if g["kind"] == "gelu":
            return z * (1 + cmath.tanh(a * z + b * z**3)) / 2
        if g["kind"] == "mish":
            return z * cmath.tanh(softplus(a * z))
        return z * sigmoid(a * z**2 + b * z)

    return lambda at: slopes(at["z"], f)


def loss_of(kind: str, u: Any, y: Any, delta: Any) -> Any:
    match kind:
        case "squared":
            return (u - y) ** 2
        case "half":
            return (u - y) ** 2 / 2
        case "quarter":
            return (u - y) ** 2 / 4
        case "quartic":
            return (u - y) ** 4
        case "huber":
            return delta * (u - y) - delta**2 / 2
        case "logcosh":
            return cmath.log(cmath.cosh(u - y))
        case "crossing":
            return -(y * cmath.log(u) + (1 - y) * cmath.log(1 - u))
        case "cross-entropy":
            return -(y * cmath.log(sigmoid(u)) + (1 - y) * cmath.log(1 - sigmoid(u)))
        case "softplus":
            return softplus(u) - y * u
        case "tanh-half":
            return (cmath.tanh(u) - y) ** 2 / 2
        case _:
            return (sigmoid(u) - y) ** 2 / (2 if kind == "half-brier" else 1)


def loss_derivative(g: Givens) -> At:
    kind = g["kind"]
    if g["level"] < 3:
        weight = g.get("weight", 1)
        return lambda at: slopes(
            at[g["letter"]], lambda u: weight * loss_of(kind, u, at["y"], at.get("delta"))
        )

    def logit(w: Any, x: Any, b: Any) -> Any:
        return {"line": w * x + b, "plain": w * x, "scaled": w * x / 2, "square": w * x * x}[
            g["model"]
        ]

    def by(at: Point) -> Any:
        def moved(value: Any) -> Any:
            there = {**at, g["by"]: value}
            return loss_of(kind, logit(there["w"], there["x"], there["b"]), at["y"], None)

        return slopes(at[g["by"]], moved)

    return by


def entry_slope(p_i: Any, p_j: Any, *, same: bool) -> Any:
    """∂p_i/∂s_j from the definition: both are e^s over a sum, of which the rest is held fixed."""
    if same:
        rest = 1 - p_i  # p = e^s/(e^s + rest) at s = ln p
        return slopes(math.log(p_i), lambda s: cmath.exp(s) / (cmath.exp(s) + rest))
    rest = 1 - p_i - p_j
    return slopes(math.log(p_j), lambda s: p_i / (p_i + cmath.exp(s) + rest))


def softmax_entry(g: Givens) -> At:
    i, j = g["i"], g["j"]
    if g["level"] == 1:
        return lambda at: entry_slope(at[f"p_{i}"], at[f"p_{j}"], same=i == j)
    if g["level"] == 2:
        total, own = sum(g["targets"]), g["targets"][j - 1]

        def loss(at: Point) -> Any:
            """Of one target t: t(ln Σe^s − s); all of them share ln Σe^s, one holds s_j."""
            rest = 1 - at[f"p_{j}"]
            return slopes(
                math.log(at[f"p_{j}"]),
                lambda s: total * cmath.log(cmath.exp(s) + rest) - own * s,
            )

        return loss

    def value(at: Point) -> Any:
        """The other values' weighted sum makes o what it is: Σ_k≠j w_k v_k = o − p_j v_j."""
        p, v, o = at[f"p_{j}"], at[f"v_{j}"], at["o"]
        others, rest = o - p * v, 1 - p

        def mixed(s: Any) -> Any:
            return (cmath.exp(s) * v + others) / (cmath.exp(s) + rest)

        start = math.log(p)
        if g["scale"] == 2:
            return slopes(start * at["tau"], lambda s: mixed(s / at["tau"]))
        if g["scale"] == 1:
            factor = at["q"] / math.sqrt(at["d"])
            return slopes(start / factor, lambda k: mixed(k * factor))
        return slopes(start, mixed)

    return value


LETTERS = {"ab": ("a", "b"), "xy": ("x", "y"), "s": ("s_1", "s_2"), "z": ("z_1", "z_2")}


def temperature_derivative(g: Givens) -> At:
    how = g["how"]

    def beta(value: Any) -> Any:
        return 1 / value if how == "tau" else value

    if g["level"] == 1:
        first, second = LETTERS[g["letters"]]
        name = {"first": first, "second": second, "how": how}[g["by"]]

        def weight(at: Point) -> Any:
            a = cmath.exp(beta(at[how]) * g["c"] * (at[first] - at[second]))
            return a / (a + 1)

        return lambda at: slopes(at[name], lambda x: weight({**at, name: x}))
    i, j = g["i"], g["j"]
    if g["level"] == 2:
        return lambda at: entry_slope(at[f"p_{i}"], at[f"p_{j}"], same=i == j) * beta(at[how])

    def by_how(at: Point) -> Any:
        """Weights p_k ∝ w_k e^{(b − b₀)s_k}: to first order only their mean score counts."""
        start = at[how]

        def moved(value: Any) -> Any:
            return beta(value) - beta(start)

        if g["what"] == "mean":
            m, r = at["m"], at["r"]  # Σ p s e^{xs} / Σ p e^{xs}, to first order in x
            return slopes(start, lambda value: (m + moved(value) * r) / (1 + moved(value) * m))
        m, s = at["m"], at[f"s_{i}"]

        def share(value: Any) -> Any:
            return cmath.exp(moved(value) * s) / (1 + moved(value) * m)

        if g["what"] == "log":
            return slopes(start, lambda value: cmath.log(share(value)))
        return slopes(start, lambda value: at[f"p_{i}"] * share(value))

    return by_how


def two_layer(g: Givens) -> At:
    def loss(at: Point) -> Any:
        u = g["c"] * at["w"] * at["x"] + at["b"]
        if g["net"] == "line":
            guess = u
        else:
            outer = at["w"] if g["net"] == "tied" else at["v"]
            guess = outer * GATES[g["gate"]](u) + (at["x"] if g["net"] == "residual" else 0)
        return (guess - at["y"]) ** 2 * (0.5 if g["loss"] == "half" else 1)

    return lambda at: slopes(at[g["by"]], lambda value: loss({**at, g["by"]: value}))


def score_moments(g: Givens) -> At:
    """Every entry is one of two values, each with probability ½: mean ± deviation. All d pairs
    are alike, so the moments of one pair are counted out over its four cases."""

    def moments(at: Point) -> Any:
        d = at["d"]
        at = {"one": 1.0, "zero": 0.0, **at}
        a, b = {
            "letters": ("sigma_q", "sigma_k"),
            "one": ("sigma", "sigma"),
            "query": ("sigma", "one"),
        }[g["sigma"]]
        mu, nu = {
            "none": ("zero", "zero"),
            "query": ("mu", "zero"),
            "both": ("mu", "nu"),
            "same": ("mu", "mu"),
        }[g["means"]]
        cases = [
            (at[mu] + up * at[a]) * (at[nu] + over * at[b]) for up in (-1, 1) for over in (-1, 1)
        ]
        mean = sum(cases) / 4
        variance = sum((x - mean) ** 2 for x in cases) / 4
        factor = g["factor"] / {"none": 1, "root": math.sqrt(d), "d": d}[g["scale"]]
        if g["asked"] == "square":
            return factor**2 * d * variance + (factor * d * mean) ** 2
        return factor**2 * d * variance

    return moments


def entropy_derivative(g: Givens) -> At:
    kind, c, letter = g["kind"], g["c"], g["letter"]

    def two(p: Any, a: Any) -> Any:
        pairs = [(p, a), (1 - p, 1 - a if a is not None else None)]
        match kind:
            case "entropy":
                return -sum(x * cmath.log(x) for x, _ in pairs)
            case "crossed":
                return -sum(y * cmath.log(x) for x, y in pairs)
            case "divergence":
                return sum(x * cmath.log(x / y) for x, y in pairs)
            case _:
                return sum(y * cmath.log(y / x) for x, y in pairs)

    if g["level"] == 1:
        return lambda at: slopes(at[letter], lambda p: c * two(p, at.get("a")))
    if g["level"] == 2:
        return lambda at: slopes(at[letter], lambda z: c * two(sigmoid(z), at.get("a")))

    def many(at: Point) -> Any:
        """One weight is p, the others keep their proportions: Σ_k≠i p_k f(p_k) is what is left."""
        p = at[f"p_{letter}"]
        rest, tau = 1 - p, at["tau"] if g["how"] == "tau" else 1
        if kind == "entropy":
            inner = -at["H"] - p * math.log(p)  # Σ over the others of p_k ln p_k
            sign, q = -1, 1.0
        else:
            q = at[f"q_{letter}"]
            inner = at["D"] - p * math.log(p / q)
            sign = 1

        def f(s: Any) -> Any:
            total = cmath.exp(s / tau) + rest
            weight = cmath.exp(s / tau) / total
            shrunk = (inner - rest * cmath.log(total)) / total
            return sign * c * (weight * cmath.log(weight / q) + shrunk)

        return slopes(math.log(p) * tau, f)

    return many


def norm_derivative(g: Givens) -> At:
    i, j, level = g["i"], g["j"], g["level"]

    def width(at: Point) -> Any:
        return 1 if g["kind"] == "norm" else 4 if g["size"] == "4" else at[g["size"]]

    def by_length(at: Point) -> Any:
        """The square of the length is the others' share and x_j²/n."""
        n, x, r = width(at), at[f"x_{j}"], at["r"]
        others = r * r - x * x / n

        def length(value: Any) -> Any:
            return cmath.sqrt(others + value * value / n)

        if level == 1:
            return slopes(x, length)
        gain = at[f"g_{i}"] if g["gain"] else 1
        if i == j:
            return slopes(x, lambda value: gain * value / length(value))
        return slopes(x, lambda value: gain * at[f"x_{i}"] / length(value))

    def by_deviation(at: Point) -> Any:
        """With x_j moved by h: the mean by h/n, and the variance from Σ(x−μ)² = nσ²."""
        n, sigma = width(at), at["sigma"]
        z_i, z_j = at[f"z_{i}"] * sigma, at[f"z_{j}"] * sigma
        gain = at[f"g_{i}"] if g["gain"] else 1

        def normalised(h: Any) -> Any:
            squares = n * sigma**2 + 2 * z_j * h + h * h - h * h / n
            own = z_i + (h if i == j else 0) - h / n
            return gain * own / cmath.sqrt(squares / n)

        return slopes(0.0, normalised)

    return by_deviation if level == 3 else by_length


def descent(g: Givens) -> At:
    a, c = g["a"], g["c"]

    def loss(w: Any) -> Any:
        return a * (w - c) ** 2 / 2 + g["decay"] * w**2 / 2

    def walked(at: Point) -> Any:
        w = at["w" if g["level"] == 1 else "w_0"]
        for _ in range(1 if g["level"] == 1 else int(at["k"])):
            w = w - at["eta"] * slopes(w, loss)
        return loss(w) if g["level"] == 3 else w

    return walked


def count(g: Givens) -> At:
    def counted(at: Point) -> Any:
        d, h = at["d"], at.get("h", 1)
        keys = {"full": d, "grouped": at.get("g", 1) * (d / h), "single": d / h}[g["heads"]]
        inner = g["ratio"] * d
        outer = [(d, inner)] * (2 if g["ffn"] == "gated" else 1) + [(inner, d)]
        matrices = [(d, d), (d, keys), (d, keys), (d, d), *outer]
        block = sum(rows * columns for rows, columns in matrices)
        if g["extra"] == "biases":
            block += sum(columns for _, columns in matrices)
        if g["extra"] == "norms":
            block += 2 * (d + d)
        if g["level"] == 1:
            return block
        if g["level"] == 2:
            return at["L"] * block + at["V"] * d * (1 if g["tied"] else 2)
        n = at["n"]
        products = [(n, rows, columns) for rows, columns in matrices]
        products += [(n, d, n), (n, n, d)]  # all heads together: scores, and their mixing
        return at["L"] * sum(2 * a * b * c for a, b, c in products)

    return counted


KEYS: dict[str, Key] = {
    "activation-derivative": activation_derivative,
    "loss-derivative": loss_derivative,
    "softmax-entry": softmax_entry,
    "temperature-derivative": temperature_derivative,
    "two-layer-derivative": two_layer,
    "score-moments": score_moments,
    "entropy-derivative": entropy_derivative,
    "norm-derivative": norm_derivative,
    "descent-closed-form": descent,
    "count-formulas": count,
}
