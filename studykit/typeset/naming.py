"""The line under a question that tells which names a typed formula may use."""

from __future__ import annotations

from collections.abc import Mapping


def names_line(names: Mapping[str, str]) -> str:
    """What an answer may be written with: "Write it with `Q` (n×d_k), `d_k`."."""
    if not names:
        return ""
    shown = ", ".join(
        f"`{name}` ({declared})" if "×" in declared else f"`{name}`"
        for name, declared in names.items()
    )
    return f"*Write it with* {shown}."
