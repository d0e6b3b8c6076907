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
        if g["model"] == "line":
            return w * x + b
        return {"plain": w * x, "scaled": w * x / 2, "square": w * x * x}[g["model"]]

    def by(at: Point) -> Any:
        def moved(value: Any) -> Any:
            there = {**at, g["by"]: value}
            return loss_of(kind, logit(there["w"], there["x"], there.get("b")), at["y"], None)

        return slopes(at[g["by"]], moved)

    return by


def softmaxed(s: Any) -> Any:
    powers = [cmath.exp(x) for x in s]
    return [p / sum(powers) for p in powers]


def by_entry(j: int, row: str, f: Callable[[Point], Any]) -> At:
    """∂f by entry j of a row of numbers; all else keeps its value."""

    def at(point: Point) -> Any:
        def moved(value: Any) -> Any:
            numbers = list(point[row])
            numbers[j - 1] = value
            return f({**point, row: numbers})

        return slopes(point[row][j - 1], moved)

    return at


def softmax_entry(g: Givens) -> At:
    i, j = g["i"], g["j"]
    if g["level"] == 1:
        return by_entry(j, "s", lambda at: softmaxed(at["s"])[i - 1])
    if g["level"] == 2:

        def loss(at: Point) -> Any:
            pairs = zip(g["targets"], softmaxed(at["s"]), strict=True)
            return -sum(t * cmath.log(p) for t, p in pairs)

        return by_entry(j, "s", loss)

    def output(at: Point) -> Any:
        if g["scale"] == 1:
            s = [at["q"] * k / math.sqrt(at["d"]) for k in at["k"]]
        else:
            s = [x / at.get("tau", 1) for x in at["s"]]
        return sum(p * v for p, v in zip(softmaxed(s), at["v"], strict=True))

    return by_entry(j, "k" if g["scale"] == 1 else "s", output)


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

    def weights(at: Point) -> Any:
        return softmaxed([beta(at[how]) * s for s in at["s"]])

    if g["level"] == 2:
        return by_entry(j, "s", lambda at: weights(at)[i - 1])

    def moving(at: Point) -> Any:
        p = weights(at)
        if g["what"] == "mean":
            return sum(x * s for x, s in zip(p, at["s"], strict=True))
        return cmath.log(p[i - 1]) if g["what"] == "log" else p[i - 1]

    return lambda at: slopes(at[how], lambda value: moving({**at, how: value}))


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
        p = softmaxed([s / at.get("tau", 1) for s in at["s"]])
        if kind == "entropy":
            return -c * sum(x * cmath.log(x) for x in p)
        return c * sum(x * cmath.log(x / q) for x, q in zip(p, at["q"], strict=True))

    return by_entry(int(letter), "s", many)


def norm_derivative(g: Givens) -> At:
    i, j, level = g["i"], g["j"], g["level"]

    def length(at: Point) -> Any:
        n = 1 if g["kind"] == "norm" else len(at["x"])
        return cmath.sqrt(sum(x * x for x in at["x"]) / n + at.get("epsilon", 0))

    def entry(at: Point) -> Any:
        gain = at[f"g_{i}"] if g["gain"] else 1
        if level == 2:
            return gain * at["x"][i - 1] / length(at)
        n = len(at["x"])
        mu = sum(at["x"]) / n
        sigma = cmath.sqrt(sum((x - mu) ** 2 for x in at["x"]) / n)
        return gain * (at["x"][i - 1] - mu) / sigma

    return by_entry(j, "x", length if level == 1 else entry)


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
