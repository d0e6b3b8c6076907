"""Keys by plain loops: heads and W_O."""

from __future__ import annotations

from typing import Any

from tests.problems.keys.tools import Givens, Key


def concat_heads(g: Givens) -> Any:
    out = []
    for a, b in zip(g["O_1"], g["O_2"], strict=True):
        row = []
        for j in range(len(g["W_O"][0])):
            row.append(sum(x * g["W_O"][i][j] for i, x in enumerate([*a, *b])))
        out.append(row)
    return out


def grouped_heads(g: Givens) -> Any:
    """Key heads repeated as often as query heads share them, then looked up."""
    keys = [head for head in range(g["H_kv"]) for _ in range(g["H"] // g["H_kv"])]
    if g["level"] == 1:
        return keys[g["i"]]
    users = [head for head, key in enumerate(keys) if key == g["j"]]
    return [keys[g["i"]], min(users), max(users)]


KEYS: dict[str, Key] = {
    "concat-heads": concat_heads,
    "grouped-heads": grouped_heads,
}
