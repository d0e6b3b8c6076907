"""Answers found a second way: plain loops over the givens, with fractions where the key is exact.

Written apart from the families: nothing here imports their steps, their arithmetic or the engine.
Each function takes a problem's givens, its "level" and the step "asked", and returns the answer.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

Givens = dict[str, Any]
Key = Callable[[Givens], Any]


def f(x: Any) -> float:
    return float(x)


def score(q: Any, k: Any) -> float:
    total = 0.0
    for c in range(len(q)):
        total += f(q[c]) * f(k[c])
    return total


def project(x: Any, W: Any) -> list[float]:
    out = []
    for j in range(len(W[0])):
        total = 0.0
        for i in range(len(x)):
            total += f(x[i]) * f(W[i][j])
        out.append(total)
    return out


def weigh(row: list[float]) -> list[float]:
    total = 0.0
    for s in row:
        total += math.exp(s)
    return [math.exp(s) / total for s in row]


def scaled_dot(g: Givens) -> Any:
    if "W_Q" in g:
        q, k = project(g["x"], g["W_Q"]), project(g["y"], g["W_K"])
    else:
        q, k = g["q"], g["k"]
    return score(q, k) / len(q) ** 0.5


def attention_scores(g: Givens) -> Any:
    if "X" in g:
        Q = []
        for x in g["X"]:
            plain = project(x, g["W_Q"])
            Q.append([plain[j] + g["b_Q"][j] for j in range(len(plain))])
        K = [project(x, g["W_K"]) for x in g["X"]]
    else:
        Q, K = g["Q"], g["K"]
    return [[score(q, k) / math.sqrt(len(k)) for k in K] for q in Q]


def softmax_row(g: Givens) -> Any:
    if "d_k" in g:
        return [weigh([f(s) / math.sqrt(g["d_k"]) for s in row]) for row in g["scores"]]
    return weigh([f(s) for s in g["scores"]])


def attention_output(g: Givens) -> Any:
    out = []
    for i, q in enumerate(g["Q"]):
        seen = len(g["K"])
        if "past" in g:
            seen = min(seen, i + 1 + g["past"])
        weights = weigh([score(q, k) / math.sqrt(len(q)) for k in g["K"][:seen]])
        row = []
        for c in range(len(g["V"][0])):
            total = 0.0
            for j in range(seen):
                total += weights[j] * f(g["V"][j][c])
            row.append(total)
        out.append(row)
    return out


def attention_shapes(g: Givens) -> Any:
    every: dict[str, Callable[[], tuple[int, ...]]] = {
        "scores": lambda: (g["n_q"], g["n_k"]),
        "output": lambda: (g["n_q"], g["d_v"]),
        "heads_q": lambda: (g["B"], g["h"], g["n_q"], g["d_model"] // g["h"]),
        "head_scores": lambda: (g["B"], g["h"], g["n_q"], g["n_k"]),
        "head_outputs": lambda: (g["B"], g["h"], g["n_q"], g["d_v"]),
        "concat": lambda: (g["B"], g["n_q"], g["h"] * g["d_v"]),
        "W_O": lambda: (g["h"] * g["d_v"], g["d_model"]),
        "cache": lambda: (g["B"], g["H_kv"], g["past"] + g["n"], g["d_k"]),
        "cache_scores": lambda: (g["B"], g["H"], g["n"], g["past"] + g["n"]),
        "W_K": lambda: (g["d_model"], g["H_kv"] * g["d_k"]),
    }
    return every[g["asked"]]()


def dot_cosine_projection(g: Givens) -> Any:
    q, k = g["q"], [g.get("c", 1) * x for x in g["k"]]
    product = score(q, k)
    return [
        product,
        product / math.dist(q, [0] * len(q)) / math.hypot(*k),
        product / math.hypot(*k),
    ]


def score_spread(g: Givens) -> Any:
    if "sigma_w" in g:
        one = Fraction(0)
        for _ in range(g["d_model"]):
            one += Fraction(g["sigma_w"]) ** 2
        variance = sum((one * one for _ in range(g["d_model"] // g["h"])), Fraction(0))
        return [one, variance, math.sqrt(variance) / g["c"]]
    if "sigma_q" in g:
        variance = Fraction(0)
        for _ in range(g["d_k"]):
            variance += (g["sigma_q"] * g["sigma_k"]) ** 2
        return [variance, math.sqrt(variance), math.sqrt(variance / g["d_k"])]
    return [g["d_model"] / g["h"], (g["d_model"] / g["h"]) ** 0.5]


def score_saturation(g: Givens) -> Any:
    def slope(t: float) -> float:  # the product of both weights
        return 1 / (math.exp(t) + 2 + math.exp(-t))

    gap = f(g["a"]) - f(g["b"])
    small = gap / math.sqrt(g["d_k"])
    if g["level"] == 3:
        return [slope(small), slope(gap)]
    return [weigh([small, 0.0])[0], slope(small)]


def softmax_jacobian(g: Givens) -> Any:
    p = weigh(g["scores"]) if "scores" in g else [f(x) for x in g["p"]]
    n = len(p)
    jacobian = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            jacobian[i][j] = p[i] * ((1.0 if i == j else 0.0) - p[j])
    if "g" not in g:
        return jacobian
    return [sum(g["g"][i] * jacobian[i][j] for i in range(n)) for j in range(n)]


def attention_entropy(g: Givens) -> Any:
    if "scores" in g:
        p = weigh([s / math.sqrt(g["d_k"]) for s in g["scores"]])
    else:
        p = [f(x) for x in g["p"]]
    total = 0.0
    for x in p:
        if x > 0:
            total -= x * math.log(x)
    return total / math.log(2) if g["level"] == 1 else [total, math.exp(total)]


def masked_softmax(g: Givens) -> Any:
    def row(scores: list[float], seen: list[bool]) -> list[float]:
        total = sum(math.exp(s) for s, open_ in zip(scores, seen, strict=True) if open_)
        return [
            math.exp(s) / total if open_ else 0.0 for s, open_ in zip(scores, seen, strict=True)
        ]

    if "may" in g:
        return row([f(s) for s in g["scores"]], [m == 1 for m in g["may"]])
    out = []
    for i, scores in enumerate(g["scaled"]):
        seen = [j <= i and j + 1 != g.get("padding") for j in range(len(scores))]
        out.append(row(scores, seen) if any(seen) else [0.0] * len(scores))
    return out


def attention_backward(g: Givens) -> Any:
    """Entry by entry from the definition, ∂A_ia/∂S_ij written out."""
    A, V, G = g["A"], g["V"], g["G"]
    n_q, n_k, d_v = len(A), len(V), len(V[0])
    d_scores = [[0.0] * n_k for _ in range(n_q)]
    for i in range(n_q):
        for j in range(n_k):
            for a in range(n_k):
                slope = f(A[i][a]) * ((1.0 if a == j else 0.0) - f(A[i][j]))
                for c in range(d_v):
                    d_scores[i][j] += slope * f(V[a][c]) * f(G[i][c])
    asked = g["asked"]
    if asked == "d_scores":
        return d_scores
    if asked == "d_value":
        return [
            [sum(f(A[i][j]) * f(G[i][c]) for i in range(n_q)) for c in range(d_v)]
            for j in range(n_k)
        ]
    root, width = math.sqrt(g["d_k"]), 4
    if asked == "d_query":
        return [
            [sum(d_scores[i][j] * g["K"][j][c] for j in range(n_k)) / root for c in range(width)]
            for i in range(n_q)
        ]
    return [
        [sum(d_scores[i][j] * g["Q"][i][c] for i in range(n_q)) / root for c in range(width)]
        for j in range(n_k)
    ]


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


def linear_forward(g: Givens) -> Any:
    out = []
    for x in g["X"]:
        row = []
        for j, bias in enumerate(g["b"]):
            column = g["W"][j] if g["level"] == 3 else [r[j] for r in g["W"]]
            row.append(bias + score(x, column))
        out.append(row)
    return out


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


def descent_step(g: Givens) -> Any:
    rate = Fraction(g["rate"])
    if g["level"] == 2:
        off = g["w"] * g["x"] + g["b"] - g["y"]
        return [g["w"] - rate * 2 * off * g["x"], g["b"] - rate * 2 * off]
    w = Fraction(g["w"])
    for _ in range(1 if g["level"] == 1 else 2):
        w -= rate * ((w + 1) ** 2 * g["a"] - (w - 1) ** 2 * g["a"] + 2 * g["c"]) / 2
    return w


def concat_heads(g: Givens) -> Any:
    out = []
    for a, b in zip(g["O_1"], g["O_2"], strict=True):
        row = []
        for j in range(len(g["W_O"][0])):
            row.append(sum(x * g["W_O"][i][j] for i, x in enumerate([*a, *b])))
        out.append(row)
    return out


def kv_cache(g: Givens) -> Any:
    token = 0
    for _layer in range(g["layers"]):
        for _head in range(g["H_kv"]):
            token += (g["d_k"] + g["d_k"]) * g["bytes_each"]
    if g["level"] == 1:
        return Fraction(token, 2**10)
    if g["level"] == 2:
        return Fraction(token * g["tokens"] * g["batch"], 2**30)
    left, fit = (g["memory"] - g["parameters"]) * 2**30, 0
    while left >= token * g["tokens"]:
        left -= token * g["tokens"]
        fit += 1
    return fit


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


def online_softmax(g: Givens) -> Any:
    """Without any maximum: sums and outputs over plain exponentials, brought to m at the end."""
    weight_1 = f(g["l_1"]) * math.exp(f(g["m_1"]))
    weight_2 = f(g["l_2"]) * math.exp(f(g["m_2"]))
    both = weight_1 + weight_2
    output = (weight_1 * f(g["o_1"]) + weight_2 * f(g["o_2"])) / both
    return [both / math.exp(max(f(g["m_1"]), f(g["m_2"]))), output]


def parameter_count(g: Givens) -> Any:
    d = g["d_model"]
    d_k = d // g["h"]
    attention = 0
    for _head in range(g["h"]):
        attention += 2 * d * d_k  # W_Q and W_O
    for _head in range(g["h_kv"] if "h_kv" in g else g["h"]):
        attention += 2 * d * d_k  # W_K and W_V
    if g["level"] == 1:
        return attention + (4 * d if g["bias"] else 0)
    if g["level"] == 2:
        gate = d * g["d_ff"] if g["gated"] else 0
        return attention + d * g["d_ff"] + g["d_ff"] * d + gate + (d + d) + (d + d)
    total = g["vocabulary"] * d
    if not g["tied"]:
        total += d * g["vocabulary"]
    for _layer in range(g["layers"]):
        total += attention + 3 * d * g["d_ff"]
    return total


def rotary_embedding(g: Givens) -> Any:
    """With complex numbers: turning by φ is multiplying by e^{iφ}."""

    def angle(parts: tuple[int, int], position: int) -> complex:
        top, bottom = parts
        return cmath.exp(1j * math.pi * top * position / bottom)

    if "q" in g:
        q = complex(*g["q"]) * angle(g["parts"], g["m"])
        k = complex(*g["k"]) * angle(g["parts"], g["n"])
        return (q * k.conjugate()).real
    out = []
    second = g["second"] if "second" in g else g["parts"]
    for pair, parts in ((g["x"][:2], g["parts"]), (g["x"][2:], second)):
        if pair:
            z = complex(*pair) * angle(parts, g["position"])
            out += [z.real, z.imag]
    return out


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


def relu(z: Any) -> Any:
    return z if z > 0 else 0 * z


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


def unit_change(g: Givens) -> Any:
    def loss(w: Fraction) -> Fraction:
        value: Fraction = ((g["a"] * w + g["b"]) * w + g["c"]) * w
        return value

    w, h = Fraction(g["w"]), Fraction(g["h"])
    slope = (loss(w + 1) - loss(w - 1)) / 2 - g["a"]
    change = loss(w + h) - loss(w)
    return [slope * h, change, change - slope * h] if g["level"] == 3 else [slope, change]


def qk_bilinear(g: Givens) -> Any:
    """The form through its values at unit vectors."""

    def look(x: Any, y: Any) -> Any:
        total = 0
        for c in range(len(g["W_Q"][0])):
            query = sum(a * r[c] for a, r in zip(x, g["W_Q"], strict=True))
            total += query * sum(a * r[c] for a, r in zip(y, g["W_K"], strict=True))
        return total

    if g["level"] == 2:
        return [look(g["x_1"], g["x_2"]), look(g["x_2"], g["x_1"])]
    d = len(g["W_Q"])
    unit = [[int(i == j) for j in range(d)] for i in range(d)]
    if g["level"] == 1:
        return [[look(x, y) for y in unit] for x in unit]
    return [[Fraction(look(x, y) + look(y, x), 2) for y in unit] for x in unit]


def written(a: Any, X: Any, M: Any) -> list[Fraction]:
    """Each token through M first, then weighed."""
    out = [Fraction(0)] * len(M[0])
    for weight, x in zip(a, X, strict=True):
        for j in range(len(out)):
            out[j] += Fraction(weight) * sum(x[i] * M[i][j] for i in range(len(x)))
    return out


def ov_merge(g: Givens) -> Any:
    if g["level"] == 3:
        both = written(g["a"], g["X"], g["M_1"]), written(g["b"], g["X"], g["M_2"])
        return [x + y for x, y in zip(*both, strict=True)]
    if g["level"] == 1:
        return [[v * o for o in g["W_O"][0]] for (v,) in g["W_V"]]
    (value,) = written(g["a"], g["X"], g["W_V"])
    return [value * o for o in g["W_O"][0]]


def value_mixture(g: Givens) -> Any:
    if g["level"] == 1:
        (a, b), V = g["known"], g["V"]
        # From the third value towards the others.
        return [V[2][c] + a * (V[0][c] - V[2][c]) + b * (V[1][c] - V[2][c]) for c in range(2)]
    if g["level"] == 2:
        for bottom in range(1, 9):
            for top in range(1, bottom):
                p = Fraction(top, bottom)
                if p * g["v_1"] + (1 - p) * g["v_2"] == g["o"]:
                    return p
        return None
    out = []
    for c in range(2):
        total = Fraction(0)
        for weight, x in zip(g["p"], g["X"], strict=True):
            total += weight * (x[0] * g["W"][0][c] + x[1] * g["W"][1][c] + g["b"][c])
        out.append(total)
    return out


def token_lookup(g: Givens) -> Any:
    """With one-hot rows: a lookup is a product, its gradient a product with the transpose."""
    hot = [[int(w == i) for w in range(g["words"])] for i in g["ids"]]
    if g["level"] == 1:
        return [sum(h[w] * g["E"][w][c] for h in hot for w in range(g["words"])) for c in range(2)]
    gradient = [
        [sum(h[w] * row[c] for h, row in zip(hot, g["G"], strict=True)) for c in range(2)]
        for w in range(g["words"])
    ]
    if g["level"] == 2:
        return gradient
    return [[g["E"][w][c] - g["rate"] * gradient[w][c] for c in range(2)] for w in range(3)]


def affine_map(g: Givens) -> Any:
    if g["level"] == 1:
        s = g["s"]
        return [
            u + s * v - s * zero for u, v, zero in zip(g["f_u"], g["f_v"], g["f_0"], strict=True)
        ]
    if g["level"] == 2:
        (a, b), (c, d) = g["W"]
        trace, det = a * a + b * b + c * c + d * d, a * d - b * c
        root = math.sqrt(trace * trace - 4 * det * det)
        return [math.sqrt((trace + root) / 2), math.sqrt((trace - root) / 2), det]

    def both(x: list[int]) -> list[int]:
        for W, bias in ((g["W_1"], g["b_1"]), (g["W_2"], g["b_2"])):
            x = [bias[j] + sum(x[i] * W[i][j] for i in range(2)) for j in range(2)]
        return x

    zero = both([0, 0])
    rows = [both([1, 0]), both([0, 1])]
    return [[y - z for y, z in zip(r, zero, strict=True)] for r in rows] + [zero]


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


def multiply_adds(g: Givens) -> Any:
    """Head by head."""
    n, d, h = g["n"], g["d"], g["h"]
    matrices = pairs = 0
    for _head in range(h):
        matrices += 3 * n * d * (d // h) + n * (d // h) * d
        pairs += n * n * (d // h) + n * n * (d // h)
    if g["level"] == 1:
        return matrices
    if g["level"] == 2:
        return 2 * matrices + 2 * pairs
    matrices += n * d * 4 * d + n * 4 * d * d
    return [Fraction(pairs, pairs + matrices), Fraction(n * matrices, pairs)]


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


def temperature_softmax(g: Givens) -> Any:
    if g["level"] == 3:
        low, high = 0.01, 100.0  # the odds fall as it gets warmer
        for _ in range(200):
            middle = (low + high) / 2
            p = sorted(weigh([z / middle - max(g["z"]) / middle for z in g["z"]]))
            low, high = (middle, high) if p[-1] > g["r"] * p[-2] else (low, middle)
        return low
    powers = [math.exp(f(z)) ** (1 / f(g["T"])) for z in g["z"]]
    return [p / sum(powers) for p in powers]


def log_softmax(g: Givens) -> Any:
    if g["level"] == 1:
        powers = [Fraction(2) ** z for z in g["z"]]
        return [math.log2(p / sum(powers)) for p in powers]
    if g["level"] == 2:
        return [math.log(p) for p in weigh(g["z"])]
    least = min(g["z"])
    loss = -math.log(weigh([z - least for z in g["z"]])[g["label"] - 1])
    return [g["z"][g["label"] - 1] + loss, loss]


def allowed_pairs(g: Givens) -> Any:
    """Counted one by one."""
    past = g.get("past", 0)
    keys, window = past + g["n"], g.get("w", past + g["n"])
    return sum(1 for i in range(past, keys) for j in range(keys) if i - window < j <= i)


def alibi_bias(g: Givens) -> Any:
    ratio = 2 ** (-8 / g["H"])
    slope = 1.0
    for _head in range(g["h"]):
        slope *= ratio
    bias = [sum(-slope for _step in range(int(key), g["i"])) for key in g["keys"]]
    if g["level"] == 1:
        return bias
    return weigh([s + b for s, b in zip(g["scores"], bias, strict=True)])


def sinusoidal_position(g: Givens) -> Any:
    omega = [g["base"] ** (-2 * i / g["d"]) for i in range(g["d"] // 2)]

    def code(position: int) -> list[float]:
        out = []
        for w in omega:
            z = cmath.exp(1j * position * w)
            out += [z.imag, z.real]
        return out

    if g["level"] == 3:
        return score(code(g["a"]), code(g["b"]))
    return code(g["position"]) if g["level"] == 2 else [g["position"] * w for w in omega]


def grouped_heads(g: Givens) -> Any:
    """Key heads repeated as often as query heads share them, then looked up."""
    keys = [head for head in range(g["H_kv"]) for _ in range(g["H"] // g["H_kv"])]
    if g["level"] == 1:
        return keys[g["i"]]
    users = [head for head, key in enumerate(keys) if key == g["j"]]
    return [keys[g["i"]], min(users), max(users)]


def low_rank_adapter(g: Givens) -> Any:
    if g["level"] == 3:
        out = [[Fraction(w) for w in row] for row in g["W"]]
        for i in range(2):
            for j in range(2):
                for c in range(g["r"]):
                    out[i][j] += Fraction(g["alpha"], g["r"]) * g["A"][i][c] * g["B"][c][j]
        return out
    one = sum(g["d_in"] + g["d_out"] for _ in range(g["r"]))
    if g["level"] == 1:
        return one
    matrices = g["layers"] * g["each"]
    return [one * matrices, Fraction(one * matrices, matrices * g["d_in"] ** 2)]


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


def nucleus_sampling(g: Givens) -> Any:
    p = [f(x) for x in g["p"]] if "p" in g else weigh([z / f(g["T"]) for z in g["z"]])
    kept: dict[int, float] = {}
    left = dict(enumerate(p))
    while len(kept) < g.get("k", 5) and sum(kept.values()) < f(g.get("bound", 2)):
        largest = max(left, key=lambda i: left[i])
        kept[largest] = left.pop(largest)
    return [kept.get(i, 0.0) / sum(kept.values()) for i in range(len(p))]


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


def cost_growth(g: Givens) -> Any:
    """By counting a small model before and after."""

    def scores(n: Any, h: Any, batch: Any) -> Fraction:
        entries: Fraction = Fraction(batch) * h * n * n
        return entries

    def model(n: Any, d: Any) -> list[Fraction]:
        return [2 * Fraction(n) * n * d, Fraction(n) * 12 * d * d, Fraction(12) * d * d]

    if g["level"] == 1:
        return scores(12 * g["n"], 12 * g["h"], 12 * g["b"]) / scores(12, 12, 12)
    after, before = model(12 * g["n"], 12 * g["d"]), model(12, 12)
    return [a / b for a, b in zip(after, before, strict=True)]


def training_cost(g: Givens) -> Any:
    parameters = g["size"] * 10**9
    if g["level"] == 1:
        numbers = [g["low"], g["low"], 4, 4, g["master"]]  # weight, gradient, moments, copy
        return Fraction(sum(parameters * b for b in numbers), 10**9)
    seconds = 6.0 * parameters * g["tokens"] * 1e9 / (g["devices"] * g["peak"] * 1e12)
    return seconds / f(g["used"]) / 60 / 60 / 24


KEYS: dict[str, Key] = {
    "training-cost": training_cost,
    "gradient-clipping": gradient_clipping,
    "rate-schedule": rate_schedule,
    "cost-growth": cost_growth,
    "alibi-bias": alibi_bias,
    "sinusoidal-position": sinusoidal_position,
    "grouped-heads": grouped_heads,
    "low-rank-adapter": low_rank_adapter,
    "norm-backward": norm_backward,
    "nucleus-sampling": nucleus_sampling,
    "label-smoothing": label_smoothing,
    "perplexity": perplexity,
    "temperature-softmax": temperature_softmax,
    "log-softmax": log_softmax,
    "allowed-pairs": allowed_pairs,
    "initialisation": initialisation,
    "optimiser-step": optimiser_step,
    "feed-forward": feed_forward,
    "multiply-adds": multiply_adds,
    "qk-bilinear": qk_bilinear,
    "ov-merge": ov_merge,
    "value-mixture": value_mixture,
    "token-lookup": token_lookup,
    "affine-map": affine_map,
    "step-size": step_size,
    "chain-rule": chain_rule,
    "unit-change": unit_change,
    "rotary-embedding": rotary_embedding,
    "layer-norm": layer_norm,
    "online-softmax": online_softmax,
    "parameter-count": parameter_count,
    "linear-forward": linear_forward,
    "squared-loss-gradient": squared_loss_gradient,
    "descent-step": descent_step,
    "concat-heads": concat_heads,
    "kv-cache": kv_cache,
    "softmax-jacobian": softmax_jacobian,
    "attention-entropy": attention_entropy,
    "masked-softmax": masked_softmax,
    "attention-backward": attention_backward,
    "cross-entropy": cross_entropy,
    "scaled-dot": scaled_dot,
    "attention-scores": attention_scores,
    "softmax-row": softmax_row,
    "attention-output": attention_output,
    "attention-shapes": attention_shapes,
    "dot-cosine-projection": dot_cosine_projection,
    "score-spread": score_spread,
    "score-saturation": score_saturation,
}
