"""The line under a question that tells which names a typed formula may use."""

from __future__ import annotations

from collections.abc import Mapping


def names_line(names: Mapping[str, str]) -> str:
    """What an answer may be written with: "Write it with `Q` (n×d_k), `w` (d entries), `τ`."."""
    if not names:
        return ""
    return f"*Write it with* {', '.join(_shown(*one) for one in names.items())}."


def _shown(name: str, declared: str) -> str:
    """A name with its shape, where it is no number."""
    if "×" in declared:
        return f"`{name}` ({declared})"
    kind, _, size = declared.partition(" ")
    return f"`{name}` ({size.strip('() ')} entries)" if kind == "vector" else f"`{name}`"
