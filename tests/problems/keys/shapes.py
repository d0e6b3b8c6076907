"""Keys by plain loops: parameters and shapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.problems.keys.tools import Givens, Key


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


KEYS: dict[str, Key] = {
    "attention-shapes": attention_shapes,
}
