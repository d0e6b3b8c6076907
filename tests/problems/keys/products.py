"""Keys by plain loops and NumPy: products of matrices and their shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.problems.keys.tools import Givens, Key


def matrix_product(g: Givens) -> Any:
    """At level 3 in the order that the worked solution does not take."""
    if g["level"] == 1:
        return [sum(a * c for a, c in zip(row, g["x"], strict=True)) for row in g["A"]]
    if g["level"] == 2:
        A, B = np.array(g["A"]), np.array(g["B"])
        return (A @ B - B @ A).tolist()
    Q, K, V = (np.array(g[name]) for name in "QKV")
    return ((Q @ K.T) @ V).tolist()


def outer_product(g: Givens) -> Any:
    """The state's reading as the sum of what the old state gives and q·k times the value."""
    if g["level"] == 1:
        return np.outer(g["u"], g["v"]).tolist()
    if g["level"] == 2:
        j = g["j"] - 1
        return [[row[j] * x for x in g["V"][j]] for row in g["A"]]
    match = sum(a * b for a, b in zip(g["q"], g["k"], strict=True))
    out = []
    for c in range(2):
        read = sum(g["q"][i] * g["S"][i][c] for i in range(2))
        out.append(read + match * g["v"][c])
    return out


def product_shape(g: Givens) -> Any:
    """By multiplying arrays of ones."""
    if g["level"] == 1:
        n, m, p, r = (g[name] for name in "nmpr")
        ones = np.ones
        results = (
            lambda: ones((n, m)) @ ones((p, m)).T @ ones((p, r)),
            lambda: (ones((n, m)) @ ones((p, m)).T).T @ ones((n, r)),
            lambda: ones((m, n)).T @ ones((m, p)) @ ones((r, p)).T,
            lambda: (ones((n, m)) @ ones((m, p))).T @ ones((n, r)),
            lambda: ones((n, m)) @ (ones((r, p)) @ ones((m, p)).T).T,
            lambda: ones((m, n)).T @ (ones((r, p)) @ ones((p, m))).T,
        )
        return results[g["which"]]().shape
    if g["level"] == 2:
        text = (
            "bqc,bkc->bqk",
            "bhqk,bkhc->bqhc",
            "bnd,dhc->bhnc",
            "bhnc,hcd->bnd",
            "bqhc,bkhc->bhqk",
            "bqgrc,bkgc->bgrqk",
        )[g["which"]]
        size = dict(zip(sorted(set(text) - set(",->")), g["sizes"], strict=True))
        x, y = (np.ones([size[i] for i in part]) for part in text.split("->")[0].split(","))
        return np.einsum(text, x, y).shape
    b, n, m, h, c = (g[name] for name in "bnmhc")
    q = np.ones((b, n, h * c)).reshape(b, n, h, c).transpose(0, 2, 1, 3)
    k = v = np.ones((b, h, m, c))
    s = q @ k.swapaxes(-2, -1)
    o = s @ v
    y = o.swapaxes(1, 2).reshape(b, n, -1)
    return {"split": q, "scores": s, "mixed": o, "merged": y}[g["asked"]].shape


KEYS: dict[str, Key] = {
    "matrix-product": matrix_product,
    "outer-product": outer_product,
    "product-shape": product_shape,
}
