"""Keys by plain loops: losses and their gradients."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key, f, relu, weigh


def cross_entropy(g: Givens) -> Any:
    if "Z" in g:
        out = []
        for z, label in zip(g["Z"], g["labels"], strict=True):
            p = weigh(z)
            out.append([(p[c] - (c + 1 == label)) / len(g["Z"]) for c in range(len(z))])
        return out
    z = [f(x) for x in g["z"]]
    if g["level"] == 1:
        return [p - (c + 1 == g["label"]) for c, p in enumerate(weigh(z))]
    loss = math.log(sum(math.exp(x) for x in z)) - z[g["label"] - 1]
    return [loss, math.exp(loss)]


def squared_loss_gradient(g: Givens) -> Any:
    """Central differences of the loss itself, exact for a quadratic."""

    def loss(theta: list[Fraction]) -> Fraction:
        if g["level"] == 1:
            off = sum((t * x for t, x in zip(theta, g["x"], strict=False)), Fraction(0))
            off += theta[-1] - g["y"]
            one: Fraction = off * off * (Fraction(1, 2) if g["half"] else 1)
            return one
        if g["level"] == 2:
            errors = [theta[0] * x + theta[1] - y for x, y in zip(g["x"], g["y"], strict=True)]
            mean: Fraction = sum((e * e for e in errors), Fraction(0)) / len(errors)
            return mean
        total = Fraction(0)
        for x, y in zip(g["X"], g["Y"], strict=True):
            for j in range(2):
                total += (x[0] * theta[j] + x[1] * theta[2 + j] - y[j]) ** 2
        return total / 2

    if g["level"] == 3:
        start = [Fraction(w) for row in g["W"] for w in row]
    else:
        start = [Fraction(w) for w in ([*g["w"]] if g["level"] == 1 else [g["w"]])]
        start.append(Fraction(g["b"]))
    out = []
    for i in range(len(start)):
        up, down = list(start), list(start)
        up[i] += 1
        down[i] -= 1
        out.append((loss(up) - loss(down)) / 2)
    return [out[:2], out[2:]] if g["level"] == 3 else out


def differences(loss: Callable[[list[Fraction]], Fraction], start: list[Any]) -> list[Fraction]:
    """Slopes over steps so small that no ReLU turns on or off: exact for a square."""
    h, out = Fraction(1, 10**6), []
    for i in range(len(start)):
        up, down = [Fraction(s) for s in start], [Fraction(s) for s in start]
        up[i] += h
        down[i] -= h
        out.append((loss(up) - loss(down)) / (2 * h))
    return out


def chain_rule(g: Givens) -> Any:
    def one(theta: list[Fraction]) -> Fraction:
        v, w = theta
        off: Fraction = v * relu(w * g["x"] + g["b"]) - g["y"]
        return off * off / 2

    def two(theta: list[Fraction]) -> Fraction:
        off = Fraction(-g["y"])
        for j in range(2):
            off += g["v"][j] * relu(g["x"][0] * theta[j] + g["x"][1] * theta[2 + j])
        return off * off / 2

    def way(x: list[Fraction]) -> Fraction:
        hidden = [relu(sum(x[i] * g["W_1"][i][j] for i in range(3))) for j in range(3)]
        total = Fraction(0)
        for c in range(3):
            total += g["g"][c] * sum(hidden[j] * g["W_2"][j][c] for j in range(3))
        return total

    if g["level"] == 1:
        return differences(one, [g["v"], g["w"]])
    if g["level"] == 2:
        flat = differences(two, [w for row in g["W"] for w in row])
        return [flat[:2], flat[2:]]
    return differences(way, g["x"])


def perplexity(g: Givens) -> Any:
    if g["level"] == 1:
        product = 1.0
        for p in g["p"]:
            product *= f(p)
        return product ** (-1 / len(g["p"]))
    if g["level"] == 2:
        n = len(g["losses"])
        product = 1.0
        for loss in g["losses"]:
            product *= math.exp(-loss)
        each = product ** (-1 / n)
        return [math.log(each), each, math.log2(each)]
    each = math.exp(g["total"] / g["tokens"])
    return [each, math.log2(each) * g["tokens"] / g["size"]]


def label_smoothing(g: Givens) -> Any:
    p = [f(x) for x in g["p"]] if "p" in g else weigh(g["z"])
    epsilon, right = f(g["epsilon"]), g["label"] - 1
    # A mixture of the plain loss and the mean over all classes taken as labels.
    if g["level"] == 2:
        every = sum(-math.log(x) for x in p) / len(p)
        return (1 - epsilon) * -math.log(p[right]) + epsilon * every
    out = []
    for c, x in enumerate(p):
        plain = x - (c == right)
        every = sum(x - (c == other) for other in range(len(p))) / len(p)
        out.append((1 - epsilon) * plain + epsilon * every)
    return out


KEYS: dict[str, Key] = {
    "cross-entropy": cross_entropy,
    "squared-loss-gradient": squared_loss_gradient,
    "chain-rule": chain_rule,
    "perplexity": perplexity,
    "label-smoothing": label_smoothing,
}
