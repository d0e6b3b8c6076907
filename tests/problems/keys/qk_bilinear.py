"""Keys by plain loops: QK bilinear form."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key


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


KEYS: dict[str, Key] = {
    "qk-bilinear": qk_bilinear,
}
