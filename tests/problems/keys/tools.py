"""What the keys share: products and softmax by plain loops."""

from __future__ import annotations

import math
from collections.abc import Callable
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


def relu(z: Any) -> Any:
    return z if z > 0 else 0 * z
