"""Keys of matrix gradients: the loss from its definition, differentiated by a complex step.

Each is the forward pass alone, in plain loops; where the gradient starts from something already
computed (the weights A), that is held to what the names of the formula say it is.
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

    def back(at: Point) -> Any:
        """∂L/∂S by the full Jacobian of the softmax, ∂A_ij/∂S_il = A_ij(δ_jl − A_il)."""
        came = at["dA"] if level == 2 else times(at["dO"], turned(at["V"]))
        out = []
        for weights, gradient in zip(at["A"], came, strict=True):
            row = []
            for k in range(len(weights)):
                total = 0.0
                for j in range(len(weights)):
                    total += gradient[j] * weights[j] * ((j == k) - weights[k])
                row.append(total)
            out.append(row)
        return out

    if asked == "d_scores":
        return back
    name = "Q" if asked == "d_query" else "K"
    return lambda at: by(
        name, lambda moved: meet(back(at), scaled(product(moved, "Q", "K^T"), 1 / root(at)))
    )(at)


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
        read = meet(at["dO"], product(at, "A", "X", "W_V"))
        return meet(at["dS"], scaled(S, 1 / width)) + read

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
    def by_logits(at: Point) -> Any:
        """∂L/∂Z where softmax(Z) = P: moved by one logit, P_ij becomes P_ij e^h over the new sum.

        The formula's P and Y are any tables, so the rows are taken as they are: each row of P is
        made a distribution by its own sum, each target row sums to what it sums to.
        """
        rows = len(at["P"])
        return [
            [(p - y) / (rows if g["mean"] else 1) for p, y in zip(P, Y, strict=True)]
            for P, Y in zip(at["P"], at["Y"], strict=True)
        ]

    if g["asked"] == "logits":
        return by_logits
    name = "W" if g["asked"] == "weight" else "X"

    def through(at: Point) -> Any:
        factor = {"none": 1, "tau": 1 / at.get("tau", 1), "c": at.get("c", 1)}[g["scale"]]
        return by(
            name, lambda moved: meet(by_logits(at), scaled(product(moved, "X", "W"), factor))
        )(at)

    return through


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

    def inner(at: Point) -> Any:
        return meet(at["dH"], entrywise(at["A"], each(at["B"], unit)))

    if g["level"] < 3:
        return by("A" if asked == "up" else "B", inner)

    def outer(at: Point) -> Any:
        # A and B are names of their own in the answer: their gradients come from `inner`.
        back_a, back_b = by("A", inner)(at), by("B", inner)(at)
        name = {"up_weight": "U", "gate_weight": "V", "input": "X"}[asked]
        return by(
            name,
            lambda moved: (
                meet(back_a, product(moved, "X", "U")) + meet(back_b, product(moved, "X", "V"))
            ),
        )(at)

    return outer


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
