"""Keys by plain loops: attention by other scores, other weights, or through several layers."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import Any

from tests.problems.keys.tools import Givens, Key, f, score, weigh


def qk_norm(g: Givens) -> Any:
    if g["level"] == 3:
        low, high = 0.0, 50.0
        for _ in range(200):
            scale = (low + high) / 2
            if weigh([scale, *[-scale] * (g["n"] - 1)])[0] < g["w"]:
                low = scale
            else:
                high = scale
        return low

    def unit(v: Any) -> list[float]:
        length = math.hypot(*v)
        return [x / length for x in v]

    if g["level"] == 1:
        return g["g"] * score(unit(g["q"]), unit(g["k"]))
    return weigh([g["g"] * score(unit(g["q"]), unit(k)) for k in g["K"]])


def linear_attention(g: Givens) -> Any:
    """At level 2 through the effect of one more key, at level 3 step by step."""
    if g["level"] == 1:
        terms = []
        for k in g["K"]:
            terms.append(sum(x * y for x, y in zip(g["q"], k, strict=True) if x > 0 and y > 0))
        return [Fraction(t, sum(terms)) for t in terms]
    q = g["q"]
    if g["level"] == 2:
        match = sum(a * b for a, b in zip(q, g["k"], strict=True))
        below = sum(a * b for a, b in zip(q, g["z"], strict=True)) + match
        above = [sum(q[i] * g["S"][i][c] for i in range(2)) + match * g["v"][c] for c in range(2)]
        return [Fraction(x, below) for x in above]
    state = [[Fraction(0)] * 2 for _ in range(2)]
    for k, v in zip(g["K"], g["V"], strict=True):
        for i, c in product(range(2), repeat=2):
            state[i][c] = g["g"] * state[i][c] + k[i] * v[c]
    return [sum(q[i] * state[i][c] for i in range(2)) for c in range(2)]


def sparsemax(g: Givens) -> Any:
    """The threshold by trying every set of kept keys; the factor by bisection."""

    def weights(z: list[Fraction]) -> list[Fraction]:
        for kept in product([False, True], repeat=len(z)):
            if any(kept):
                chosen = [x for x, k in zip(z, kept, strict=True) if k]
                t = (sum(chosen) - 1) / Fraction(len(chosen))
                if all((x > t) == k for x, k in zip(z, kept, strict=True)):
                    return [max(x - t, Fraction(0)) for x in z]
        raise AssertionError(z)

    z = [Fraction(x) for x in g["z"]]
    if g["level"] < 3:
        return weights(z)
    low, high = Fraction(0), Fraction(4)
    for _ in range(40):
        middle = (low + high) / 2
        if weights([middle * x for x in z])[-1] > 0:
            low = middle
        else:
            high = middle
    return low.limit_denominator(100)


def attention_dropout(g: Givens) -> Any:
    """At level 3 over all patterns of drops."""
    r = g["r"]
    if g["level"] == 3:
        mean = second = Fraction(0)
        for kept in product([0, 1], repeat=3):
            chance = Fraction(1)
            output = Fraction(0)
            for m, p, v in zip(kept, g["p"], g["v"], strict=True):
                chance *= 1 - r if m else r
                output += m * p * v / (1 - r)
            mean += chance * output
            second += chance * output * output
        return [mean, second - mean * mean]
    p = g["p"] if g["level"] == 1 else weigh(g["scores"])
    row = [x / (1 - r) if m else 0 for x, m in zip(p, g["keep"], strict=True)]
    if g["level"] == 1:
        return row
    return [sum(x * f(v[c]) for x, v in zip(row, g["V"], strict=True)) for c in range(2)]


def attention_rollout(g: Givens) -> Any:
    """By pushing each token's unit vector up through the layers."""
    n = len(g["A_1"])
    columns = []
    for token in range(n):
        stream = [Fraction(int(i == token)) for i in range(n)]
        for A in (g["A_1"], g["A_2"]):
            mixed = [sum(A[i][j] * stream[j] for j in range(n)) for i in range(n)]
            if g["level"] > 1:
                mixed = [(a + b) / 2 for a, b in zip(mixed, stream, strict=True)]
            stream = mixed
        columns.append(stream)
    rows = [[columns[j][i] for j in range(n)] for i in range(n)]
    return rows if g["level"] < 3 else rows[-1]


def output_spread(g: Givens) -> Any:
    """As a sum over all pairs of keys of p p times the covariance."""
    if g["level"] == 2:
        rest = (1 - g["w"]) / (g["n"] - 1)
        weights = [g["w"], *[rest] * (g["n"] - 1)]
        return math.sqrt(sum((x * g["sigma"]) ** 2 for x in weights))
    rho = g.get("rho", 0)
    total = Fraction(0)
    for i, a in enumerate(g["p"]):
        for j, b in enumerate(g["p"]):
            total += a * b * (1 if i == j else rho) * g["variance"]
    return total


def kernel_regression(g: Givens) -> Any:
    if g["level"] == 3:
        return weigh(
            [-sum((a - b) ** 2 for a, b in zip(g["q"], k, strict=True)) / 2 for k in g["K"]]
        )
    x, h = g["x"], g["h"]
    if g["level"] == 1:
        above = below = Fraction(0)
        for k, y in zip(g["keys"], g["values"], strict=True):
            if abs(k - x) < h:
                above += (h - abs(k - x)) * y
                below += h - abs(k - x)
        return above / below
    weights = weigh([-((x - k) ** 2) / 2 / h**2 for k in g["keys"]])
    return sum(w * y for w, y in zip(weights, g["values"], strict=True))


def averaging_head(g: Givens) -> Any:
    """Level 2 value by value, level 3 position by position."""
    if g["level"] == 1:
        return [Fraction(sum(g["v"][: i + 1]), i + 1) for i in range(4)]
    if g["level"] == 2:
        values: list[Fraction] = []
        for i, o in enumerate(g["o"]):
            values.append(o * (i + 1) - sum(values))
        return values
    position = 1
    while weigh([f(g["lead"]), *[0.0] * (position - 1)])[0] > f(g["o"]) + 1e-9:
        position += 1
    return position


def differential_attention(g: Givens) -> Any:
    first, second = (weigh([f(s) for s in g[name]]) for name in ("s_1", "s_2"))
    if g["level"] == 3:
        return first[g["j"] - 1] / second[g["j"] - 1]
    row = [a - f(g["part"]) * b for a, b in zip(first, second, strict=True)]
    if g["level"] == 1:
        return row
    return [sum(w * f(v[c]) for w, v in zip(row, g["V"], strict=True)) for c in range(2)]


def sigmoid_attention(g: Givens) -> Any:
    """Each weight as that of a key against n keys of score 0; at level 3 by bisection."""
    n = g["n"]
    if g["level"] == 3:
        low, high = -20.0, 20.0
        for _ in range(200):
            middle = (low + high) / 2
            if math.exp(middle) / (math.exp(middle) + n) < g["w"]:
                low = middle
            else:
                high = middle
        return low
    row = [math.exp(f(s)) / (math.exp(f(s)) + n) for s in g["scores"]]
    if g["level"] == 1:
        return row
    return [sum(w * f(v[c]) for w, v in zip(row, g["V"], strict=True)) for c in range(2)]


def length_scaling(g: Givens) -> Any:
    """By softmaxes over all n keys; at level 3 by bisection on them."""
    n = g["n"]
    if g["level"] == 1:
        return weigh([math.log(n) * s for s in g["scores"]])

    def weight(times: float) -> float:
        return weigh([times * g["lead"], *[0.0] * (n - 1)])[0]

    if g["level"] == 2:
        return [weight(1.0), weight(g["c"] * math.log(n))]
    low, high = 0.0, 20.0
    for _ in range(100):
        middle = (low + high) / 2
        if weight(middle * math.log(n)) < g["w"]:
            low = middle
        else:
            high = middle
    return low


def receptive_field(g: Givens) -> Any:
    """Layer by layer, from the position down."""
    w = g["w"]
    if g["level"] == 2:
        lowest, layers = g["i"], 0
        while lowest > g["j"]:
            lowest, layers = lowest - (w - 1), layers + 1
        return layers
    back, step = 0, 1
    for _ in range(g["layers"]):
        back += (w - 1) * step
        step *= 2 if g["level"] == 3 else 1
    return back + 1


def vector_norm(g: Givens) -> Any:
    """Level 2 from the cosine rule, level 3 with vectors that have these means and this angle."""
    if g["level"] == 1:
        sizes = [abs(x) for x in g["v"]]
        return [sum(sizes), math.hypot(*sizes), sorted(sizes)[-1]]
    if g["level"] == 2:
        cosine = Fraction(g["q"] ** 2 + g["k"] ** 2 - g["gap"] ** 2, 2 * g["q"] * g["k"])
        return g["q"] * g["k"] * cosine
    c, root = float(g["c"]), math.sqrt(g["d_k"])
    q, k = [g["a"] * root, 0.0], [g["b"] * root * c, g["b"] * root * math.sqrt(1 - c * c)]
    return score(q, k) / root


KEYS: dict[str, Key] = {
    "qk-norm": qk_norm,
    "linear-attention": linear_attention,
    "sparsemax": sparsemax,
    "attention-dropout": attention_dropout,
    "attention-rollout": attention_rollout,
    "output-spread": output_spread,
    "kernel-regression": kernel_regression,
    "averaging-head": averaging_head,
    "differential-attention": differential_attention,
    "sigmoid-attention": sigmoid_attention,
    "length-scaling": length_scaling,
    "receptive-field": receptive_field,
    "vector-norm": vector_norm,
}
