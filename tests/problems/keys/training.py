"""Keys by plain loops: losses of tokens, preferences and groups, and steps of optimisers."""

from __future__ import annotations

import cmath
import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.slopes import Forward, key, meet, plain, softmaxed, turned
from tests.problems.keys.tools import Givens, Key, f, weigh


def soft(z: Any) -> Any:
    return softmaxed(z, [True] * len(z))


def softmax_vjp(g: Givens) -> Any:
    if g["level"] == 3:
        z = plain(g["z"])
        return f(g["T"]), lambda T: meet([g["g"]], [soft([x / T for x in z])])
    z, T = [math.log(p) for p in g["p"]], 1.0
    if g["level"] == 1:
        return z, lambda z: meet([g["g"]], [[cmath.log(p) for p in soft(z)]])
    T = f(g["T"])
    return [T * x for x in z], lambda z: meet([g["g"]], [soft([x / T for x in z])])


def token_gradient(g: Givens) -> Any:
    def loss(Z: Any) -> Any:
        total: Any = 0.0
        count = 0
        for t, row in enumerate(Z):
            if t + 1 not in g["padding"]:
                total = total - cmath.log(soft(row)[g["labels"][t] - 1])
                count += 1
        return total / count

    return [[math.log(p) for p in row] for row in g["P"]], loss


def token_loss(g: Givens) -> Any:
    total, count = 0.0, 0
    n = len(g["q"]) if g["level"] == 1 else 3
    for t in range(n):
        if t + 1 in g["padding"]:
            continue
        count += 1
        if g["level"] == 1:
            total += math.log(1 / g["q"][t], 2)
        else:
            total += math.log(sum(math.exp(x) for x in g["Z"][t])) - g["Z"][t][g["labels"][t] - 1]
    return total / count


def kl_gradient(g: Givens) -> Any:
    p = weigh([y / g["T"] for y in g["y"]])

    def loss(z: Any) -> Any:
        q = soft([x / g["T"] for x in z])
        return sum(a * (math.log(a) - cmath.log(b)) for a, b in zip(p, q, strict=True))

    return plain(g["z"]), loss


def kl_divergence(g: Givens) -> Any:
    total = 0.0
    for a, b in zip(g["p"], g["q"], strict=True):
        total += f(a) * (math.log(a) - math.log(b))
    return total / (math.log(2) if g["level"] == 1 else 1)


def preference_gradient(g: Givens) -> Any:
    def loss(pair: Any) -> Any:
        win, lose = pair
        margin = f(g["beta"]) * ((win - g["win_ref"]) - (lose - g["lose_ref"]))
        return cmath.log(1 + cmath.exp(-margin))

    return [g["win"], g["lose"]], loss


def preference_loss(g: Givens) -> Any:
    margin = g["beta"] * (g["win"] - g["lose"] - g["win_ref"] + g["lose_ref"])
    return margin if g["level"] == 1 else math.log(1 + math.exp(-margin))


def group_advantage(g: Givens) -> Any:
    if g["level"] == 3:
        total = 0.0
        for a, new, old in zip(g["A"], g["new"], g["old"], strict=True):
            ratio = math.exp(new) / math.exp(old)
            # The objective stops growing once the ratio has gone far enough the right way.
            if a > 0 and ratio > 1.2:
                ratio = 1.2
            if a < 0 and ratio < 0.8:
                ratio = 0.8
            total += ratio * a
        return total / len(g["A"])
    r = g["r"]
    out: list[Any] = []
    for i, x in enumerate(r):
        if g["level"] == 2:
            rest = [y for j, y in enumerate(r) if j != i]
            out.append(x - Fraction(sum(rest), len(rest)))
        else:
            mean = f(sum(r)) / len(r)
            out.append((x - mean) / math.sqrt(sum(y * y for y in r) / len(r) - mean**2))
    return out


def finite_difference(g: Givens) -> Any:
    if g["level"] == 3:
        # The bound, searched for its lowest point by halving where its slope changes sign.
        M, delta = g["curve"], g["noise"] * 10.0 ** -g["power"]
        low, high = 1e-9, 1.0
        for _ in range(200):
            middle = math.sqrt(low * high)
            if M / 3 * middle - delta / middle**2 > 0:
                high = middle
            else:
                low = middle
        return low
    a, b, w, h = Fraction(g["a"]), g["b"], g["w"], Fraction(g["h"])
    # Of a cubic the central difference is off by its third derivative over 6, times h².
    exact = 3 * a * w * w + 2 * b * w
    if g["level"] == 1:
        return exact + a * h * h
    return [(3 * a * w + b) * h + a * h * h, a * h * h]


def quadratic_descent(g: Givens) -> Any:
    if g["level"] == 3:
        flat, steep = Fraction(g["flat"]), g["steep"]
        return [2 / (flat + steep), (steep - flat) / (steep + flat)]
    w, steps = Fraction(g["w"]), 0
    while True:
        w -= g["rate"] * g["curve"] * (w - g["target"])
        steps += 1
        if g["level"] == 1 and steps == g["k"]:
            return w
        if g["level"] == 2 and abs(w - g["target"]) < g["near"]:
            return steps


def nesterov_momentum(g: Givens) -> Any:
    w, beta, rate = Fraction(g["w"]), g["beta"], g["rate"]
    v = Fraction(g.get("v", 0))
    for step in range(1 if g["level"] == 1 else 2):
        if g["level"] == 3:
            v = beta * v + g[f"g_{step + 1}"]
            w -= rate * g[f"g_{step + 1}"] + rate * beta * v
        else:
            v = beta * v + g["a"] * (w - rate * beta * v)
            w -= rate * v
    return w


def weight_average(g: Givens) -> Any:
    if g["level"] == 3:
        left, steps = 1.0, 0
        while left >= g["share"]:
            left *= g["beta"]
            steps += 1
        return steps
    beta = g["beta"]
    if g["level"] == 1:
        return beta**2 * g["start"] + (1 - beta) * (beta * g["w"][0] + g["w"][1])
    shares = [beta**2, beta, 1.0]
    return sum(s * w for s, w in zip(shares, g["w"], strict=True)) / sum(shares)


def weight_decay(g: Givens) -> Any:
    rate, decay = g["rate"], g["decay"]
    if g["level"] == 2:
        w, v = Fraction(g["w"]), Fraction(0)
        for slope in (g["g_1"], g["g_2"]):
            shrink = rate * decay * w if g["asked"] == "decoupled" else 0
            v = g["beta"] * v + slope + (decay * w if g["asked"] == "coupled" else 0)
            w = w - rate * v - shrink
        return w
    plain_step, adam, beside = [], [], []
    for w, slope in zip(g["w"], g["g"], strict=True):
        joint = slope + decay * w
        plain_step.append(w - rate * joint)
        adam.append(w - rate if joint > 0 else w + rate)
        beside.append(w * (1 - rate * decay) - (rate if slope > 0 else -rate))
    return plain_step if g["level"] == 1 else [adam, beside]


def gradient_accumulation(g: Givens) -> Any:
    """Token by token: each one brings its micro-batch's mean."""
    tokens = sum(g["counts"])
    if g["level"] == 1:
        return sum(n * x for n, x in zip(g["counts"], g["losses"], strict=True)) / tokens
    total = [Fraction(0), Fraction(0)]
    for n, row in zip(g["counts"], g["G"], strict=True):
        for j in range(2):
            total[j] += Fraction(n * row[j], tokens)
    if g["level"] == 2:
        return [w - g["rate"] * x for w, x in zip(g["w"], total, strict=True)]
    length = math.hypot(*total)
    return [f(x) / length * min(length, g["bound"]) for x in total]


def norm_axis(g: Givens) -> Any:
    def standard(v: Any) -> Any:
        mean = Fraction(sum(v), len(v))
        root = math.sqrt(sum((a - mean) ** 2 for a in v) / len(v))
        return [f(a - mean) / root for a in v]

    if g["level"] == 1:
        return standard([row[g["j"] - 1] for row in g["X"]])
    x = g["x"]
    if g["level"] == 3:
        return standard(x[:4]) + standard(x[4:])
    mean = Fraction(sum(x), 4)
    variance = Fraction(sum(a * a for a in x), 4) - mean**2
    m = g["rate"]
    return [
        g["kept_mean"] + m * (mean - g["kept_mean"]),
        g["kept_variance"] + m * (variance - g["kept_variance"]),
    ]


def pre_post_norm(g: Givens) -> Any:
    def rms(v: Any) -> Any:
        root = math.sqrt(sum(a * a for a in v) / 2)
        return [a / root for a in v]

    def across(v: Any, W: Any) -> Any:
        return [v[0] * W[0][j] + v[1] * W[1][j] for j in range(2)]

    x = g["x"]
    if g["level"] == 2:
        return rms([a + b for a, b in zip(x, across(x, g["W"]), strict=True)])
    for name in ("W", "U")[: 1 if g["level"] == 1 else 2]:
        x = [a + b for a, b in zip(x, across(rms(x), g[name]), strict=True)]
    return x


def contrastive_gradient(g: Givens) -> Any:
    def surprise(rows: Any, n: int) -> Any:
        return -sum(cmath.log(soft(rows[i])[i]) for i in range(n)) / n

    if g["level"] == 1:
        n = len(g["P"])
        return [[math.log(p) for p in row] for row in g["P"]], lambda S: surprise(S, n)

    def both(S: Any) -> Any:
        rows = [[s / g["tau"] for s in row] for row in S]
        return (surprise(rows, 2) + surprise(turned(rows), 2)) / 2

    return plain(g["S"]), both


def contrastive_loss(g: Givens) -> Any:
    total = 0.0
    for i, row in enumerate(g["S"]):
        total += math.log(sum(math.exp((s - row[i]) / g["tau"]) for s in row))
    return total / len(g["S"])


def policy_gradient(g: Givens) -> Any:
    if g["level"] == 3:

        def bonus(z: Any) -> Any:
            p = soft(z)
            spread = -sum(x * cmath.log(x) for x in p)
            return g["advantage"] * cmath.log(p[g["token"] - 1]) + g["beta"] * spread

        return plain(g["z"]), bonus
    if g["level"] == 1:
        samples = [(g["token"], g["reward"] - g["baseline"])]
    else:
        mean = sum(g["rewards"]) / 3
        samples = [(t, r - mean) for t, r in zip(g["tokens"], g["rewards"], strict=True)]
    return [
        math.log(p) for p in g["p"]
    ], lambda z: sum(a * cmath.log(soft(z)[t - 1]) for t, a in samples) / len(samples)


def adaptive_rates(g: Givens) -> Any:
    if g["level"] == 3:
        m, slope, w = g["m"], g["g"], g["w"]
        turn = g["beta_1"] * m + slope - g["beta_1"] * slope
        w = w - g["rate"] * g["decay"] * w + (-g["rate"] if turn > 0 else g["rate"])
        return [w, m + (1 - g["beta_2"]) * (slope - m)]
    w, squares = f(g["w"]), 0.0
    for slope in (g["g_1"], g["g_2"]):
        if g["level"] == 2:
            squares *= g["rho"]
        squares += slope**2 * (1 - g["rho"] if g["level"] == 2 else 1)
        w -= f(g["rate"]) * slope / math.sqrt(squares)
    return w


def saddle_descent(g: Givens) -> Any:
    if g["level"] == 2:
        v, steps = 10.0 ** -g["start"], 0
        while v <= 1:
            v += g["rate"] * g["sink"] * v
            steps += 1
        return steps
    a, b = (Fraction(x) for x in g["w"])
    for _ in range(2):
        if g["level"] == 1:
            a, b = a - g["rate"] * g["bowl"] * a, b + g["rate"] * g["sink"] * b
        else:
            a, b = a - g["rate"] * g["bowl"] * b, b - g["rate"] * g["bowl"] * a
    return [a, b]


FORWARD: dict[str, Forward] = {
    "contrastive-loss": contrastive_gradient,
    "policy-gradient": policy_gradient,
    "softmax-vjp": softmax_vjp,
    "token-loss": token_gradient,
    "kl-divergence": kl_gradient,
    "preference-loss": preference_gradient,
}
GRADIENT_LEVELS: dict[str, tuple[int, ...]] = {
    "contrastive-loss": (1, 3),
    "token-loss": (2,),
    "kl-divergence": (3,),
    "preference-loss": (3,),
}
"""Where a loss is given for some levels only, these; the key of the others stands in KEYS."""

OTHERS: dict[str, Key] = {
    "contrastive-loss": contrastive_loss,
    "token-loss": token_loss,
    "kl-divergence": kl_divergence,
    "preference-loss": preference_loss,
}


def _either(name: str) -> Key:
    slope = key(FORWARD[name])
    return lambda g: (slope if g["level"] in GRADIENT_LEVELS[name] else OTHERS[name])(g)


KEYS: dict[str, Key] = {
    "softmax-vjp": key(softmax_vjp),
    "policy-gradient": key(policy_gradient),
    "adaptive-rates": adaptive_rates,
    "saddle-descent": saddle_descent,
    **{name: _either(name) for name in OTHERS},
    "group-advantage": group_advantage,
    "finite-difference": finite_difference,
    "quadratic-descent": quadratic_descent,
    "nesterov-momentum": nesterov_momentum,
    "weight-average": weight_average,
    "weight-decay": weight_decay,
    "gradient-accumulation": gradient_accumulation,
    "norm-axis": norm_axis,
    "pre-post-norm": pre_post_norm,
}
