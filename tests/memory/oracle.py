"""FSRS-6 once more, straight from its formulas in float64: an oracle that shares no code with us.

Both updates use the old stability and difficulty. Days are whole study days.
"""

from __future__ import annotations

from math import exp

W = [
    *(0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796),
    *(1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542),
]


def recall(t: float, S: float, w: list[float] = W) -> float:
    return float((1 + (0.9 ** (-1 / w[20]) - 1) * t / S) ** -w[20])


def interval(r: float, S: float, w: list[float] = W) -> float:
    return float(S / (0.9 ** (-1 / w[20]) - 1) * (r ** (-1 / w[20]) - 1))


def first(G: int, w: list[float] = W) -> tuple[float, float]:
    return w[G - 1], min(max(w[4] - exp(w[5] * (G - 1)) + 1, 1), 10)


def following(S: float, D: float, G: int, t: int, w: list[float] = W) -> tuple[float, float]:
    easiest = w[4] - exp(w[5] * 3) + 1
    damped = D - w[6] * (G - 3) * (10 - D) / 9
    next_D = min(max(w[7] * easiest + (1 - w[7]) * damped, 1), 10)
    R = recall(t, S, w)
    if t == 0:
        k = exp(w[17] * (G - 3 + w[18])) * S ** -w[19]
        next_S = S * (max(k, 1) if G >= 2 else k)
    elif G == 1:
        long = w[11] * D ** -w[12] * ((S + 1) ** w[13] - 1) * exp(w[14] * (1 - R))
        next_S = min(long, S / exp(w[17] * w[18]))
    else:
        bonus = {2: w[15], 3: 1.0, 4: w[16]}[G]
        growth = exp(w[8]) * (11 - D) * S ** -w[9] * (exp(w[10] * (1 - R)) - 1)
        next_S = S * (1 + growth * bonus)
    return min(max(next_S, 0.001), 36500), next_D
