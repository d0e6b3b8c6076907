"""Keys of matrix gradients: the loss from its definition, differentiated by a complex step.

Each is the forward pass alone, in plain loops, from what is given; whatever the question computes
on the way (the weights A, the probabilities P) is computed here a second time.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

from tests.problems.keys.slopes import Loss, meet, slopes, times, turned
from tests.problems.keys.tools import Givens, Key

Point = dict[str, Any]
At = Callable[[Point], Any]


def scaled(A: Any, factor: Any) -> Any:
    return [[factor * x for x in row] for row in A]


def plus(A: Any, B: Any) -> Any:
    return [[x + y for x, y in zip(r, s, strict=True)] for r, s in zip(A, B, strict=True)]


def each(A: Any, f: Callable[[Any], Any]) -> Any:
    return [[f(x) for x in row] for row in A]


def entrywise(A: Any, B: Any) -> Any:
    return [[x * y for x, y in zip(r, s, strict=True)] for r, s in zip(A, B, strict=True)]


def by(name: str, loss: Callable[[Point], Any]) -> At:
    """∂loss/∂name at a point; every other name keeps its value."""

    def at(point: Point) -> Any:
        moved: Loss = lambda value: loss({**point, name: value})  # noqa: E731
        return slopes(point[name], moved)

    return at


def squares(A: Any) -> Any:
    return sum(x * x for row in A for x in row)


def column(v: Any) -> Any:
    return [[x] for x in v]


def product(at: Point, *names: str) -> Any:
    out = at[names[0]]
    for name in names[1:]:
        out = times(out, turned(at[name[:-2]]) if name.endswith("^T") else at[name])
    return out


def linear_layer(g: Givens) -> At:
    if g["level"] == 3:
        second = "W^T" if g["net"] == "tied" else "U"
        return by("W", lambda at: meet(at["dY"], scaled(product(at, "X", "W", second), g["c"])))
    forward = {"rows": ("X", "W"), "torch": ("X", "W^T"), "columns": ("W", "X")}[g["layout"]]
    c = g.get("c", 1)
    if g["asked"] == "bias":
        return lambda at: bias(at, forward, c, g["layout"] == "columns")
    name = "W" if g["asked"] == "weight" else "X"
    return by(name, lambda at: meet(at["dY"], scaled(product(at, *forward), c)))


def bias(at: Point, forward: tuple[str, str], c: int, columns: bool) -> Any:
    product_ = scaled(product(at, *forward), c)
    tall, wide = len(product_), len(product_[0])

    def loss(b: Any) -> Any:
        spread = [b[0]] * tall if not columns else [[row[0]] * wide for row in b]
        return meet(at["dY"], plus(product_, spread))

    return slopes([[0.5]] * tall if columns else [[0.5] * wide], loss)


def softmaxed(S: Any) -> Any:
    out = []
    for row in S:
        powers = [cmath.exp(s) for s in row]
        out.append([p / sum(powers) for p in powers])
    return out


def attention_gradient(g: Givens) -> At:
    level, asked = g["level"], g["asked"]
    root = (lambda at: at["tau"]) if g["scale"] == "tau" else (lambda at: math.sqrt(at["d_k"]))
    if level == 1 and asked in ("d_value", "d_weights"):
        name = "V" if asked == "d_value" else "A"
        return by(name, lambda at: meet(at["dO"], times(at["A"], at["V"])))
    if level == 1:
        name = "Q" if asked == "d_query" else "K"
        return by(name, lambda at: meet(at["dS"], scaled(product(at, "Q", "K^T"), 1 / root(at))))

    def scores(at: Point) -> Any:
        return scaled(product(at, "Q", "K^T"), 1 / root(at))

    def loss(at: Point, S: Any) -> Any:
        A = softmaxed(S)
        return meet(at["dA"], A) if level == 2 else meet(at["dO"], times(A, at["V"]))

    if asked == "d_scores":
        return lambda at: slopes(scores(at), lambda S: loss(at, S))
    return by("Q" if asked == "d_query" else "K", lambda at: loss(at, scores(at)))


def bilinear_score(g: Givens) -> At:
    asked = g["asked"]
    if g["level"] == 1:
        name = {"matrix": "M", "first": "x", "second": "y"}[asked]

        def one(at: Point) -> Any:
            x, y = at["x"], at["y"]
            if g["tokens"] == "columns":
                x, y = turned(x), turned(y)
            return g["c"] * times(times(x, at["M"]), turned(y))[0][0]

        return by(name, one)
    root = (lambda at: at["tau"]) if g["c"] == "tau" else (lambda at: math.sqrt(at[g["k"]]))
    big = g["level"] == 3
    first, second = ("X", "Y") if big else ("x", "y")
    name = {"query_weight": "W_Q", "key_weight": "W_K", "first": first, "second": second}[asked]

    def score(at: Point) -> Any:
        S = times(product(at, first, "W_Q"), turned(product(at, second, "W_K")))
        return meet(at["dS"] if big else [[1.0]], scaled(S, 1 / root(at)))

    return by(name, score)


def input_paths(g: Givens) -> At:
    level = g["level"]

    def loss(at: Point) -> Any:
        width = at["tau"] if g["scale"] == "tau" else math.sqrt(at[g["k" if level == 3 else "d"]])
        if level < 3:
            S = product(at, "X", *(("M",) if level == 2 else ()), "X^T")
            return meet(at["dS"], scaled(S, 1 / width))
        S = times(product(at, "X", "W_Q"), turned(product(at, "X", "W_K")))
        A = softmaxed(scaled(S, 1 / width))
        return meet(at["dO"], times(A, product(at, "X", "W_V")))

    return by("X", loss)


def value_path(g: Givens) -> At:
    level, c, asked = g["level"], g["c"], g["asked"]
    if level == 1:
        name = "W_V" if asked == "value_weight" else "X"
        return by(name, lambda at: meet(at["dO"], scaled(product(at, "A", "X", "W_V"), c)))
    if level == 2:
        name = {"value_weight": "W_V", "output_weight": "W_O", "input": "X"}[asked]
        return by(name, lambda at: meet(at["dY"], scaled(product(at, "A", "X", "W_V", "W_O"), c)))
    name = {"value_weight": "V_1", "output_weight": "O_1", "input": "X"}[asked]

    def heads(at: Point) -> Any:
        one, two = (product(at, f"A_{h}", "X", f"V_{h}", f"O_{h}") for h in (1, 2))
        return meet(at["dY"], scaled(plus(one, two), c))

    return by(name, heads)


def lora(g: Givens) -> At:
    name = {"down": "A", "up": "B", "input": "X"}[g["asked"]]

    def loss(at: Point) -> Any:
        factor = at["alpha"] / at["r"] if g["level"] == 2 else 1
        return meet(at["dY"], times(at["X"], plus(at["W"], scaled(product(at, "A", "B"), factor))))

    return by(name, loss)


def least_squares(g: Givens) -> At:
    X = "X"
    matrix = g["level"] == 3

    def loss(at: Point) -> Any:
        w, y = (at["W"], at["Y"]) if matrix else (column(at["w"]), column(at["y"]))
        rows = len(at[X])
        front = {"half": 0.5, "one": 1, "mean": 1 / rows, "half-mean": 0.5 / rows}[g["factor"]]
        total = front * squares(plus(times(at[X], w), scaled(y, -1)))
        if g["penalty"] != "none":
            total = total + at["lambda"] * squares(w) * {"half": 0.5, "one": 1}[g["penalty"]]
        return total

    return by(("W" if g["asked"] == "gradient" else X) if matrix else "w", loss)


def logit_gradient(g: Givens) -> At:
    def loss(at: Point) -> Any:
        factor = {"none": 1, "tau": 1 / at.get("tau", 1), "c": at.get("c", 1)}[g["scale"]]
        Z = at["Z"] if g["level"] == 1 else scaled(product(at, "X", "W"), factor)
        total = -meet(at["Y"], each(softmaxed(Z), cmath.log))
        return total / len(Z) if g["mean"] else total

    return by({"logits": "Z", "weight": "W", "input": "X"}[g["asked"]], loss)


def sigmoid(z: Any) -> Any:
    return 1 / (1 + cmath.exp(-z))


UNITS: dict[str, Callable[[Any], Any]] = {
    "plain": lambda b: b,
    "sigmoid": sigmoid,
    "tanh": cmath.tanh,
    "silu": lambda b: b * sigmoid(b),
    "relu": lambda b: b if b.real > 0 else 0 * b,
}


def gated_unit(g: Givens) -> At:
    unit, asked = UNITS[g["gate"]], g["asked"]

    def loss(at: Point) -> Any:
        given = g["level"] < 3
        A = at["A"] if given else product(at, "X", "U")
        B = at["B"] if given else product(at, "X", "V")
        return meet(at["dH"], entrywise(A, each(B, unit)))

    names = {"up": "A", "gate_back": "B", "up_weight": "U", "gate_weight": "V", "input": "X"}
    return by(names[asked], loss)


KEYS: dict[str, Key] = {
    "linear-layer-formulas": linear_layer,
    "attention-gradient-formulas": attention_gradient,
    "bilinear-score-gradient": bilinear_score,
    "value-path-gradient": value_path,
    "input-gradient-paths": input_paths,
    "lora-gradients": lora,
    "least-squares-gradient": least_squares,
    "logit-gradient-formulas": logit_gradient,
    "gated-unit-gradient": gated_unit,
}
