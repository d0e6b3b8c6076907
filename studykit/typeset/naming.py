"""The line under a question that tells which names a typed formula may use."""

from __future__ import annotations

import re
from collections.abc import Mapping

_DEFINED = re.compile(r"(?<![<>])=")
"""Between a name's own declaration and the formula that it is short for; no ≤ or ≥."""


def names_line(names: Mapping[str, str]) -> str:
    """What an answer may be written with: "Write it with `Q` (n×d_k), `w` (d entries), `τ`.".

    A name that is short for a formula may also be written out.
    """
    if not names:
        return ""
    said = {name: _DEFINED.split(declared, maxsplit=1) for name, declared in names.items()}
    given = [_shown(name, own) for name, (own, *formula) in said.items() if not formula]
    derived = [_shown(name, own) for name, (own, *formula) in said.items() if formula]
    line = f"*Write it with* {', '.join(given)}"
    if not derived:
        return f"{line}."
    ways = "its formula" if len(derived) == 1 else "their formulas"
    return f"{line}, and {', '.join(derived)} or {ways}."


def _shown(name: str, declared: str) -> str:
    """A name with its shape, where it is no number."""
    if shape := re.search(r"[\w*·+-]+\s*×\s*[\w*·+-]+", declared):
        return f"`{name}` ({shape[0]})"
    if size := re.search(r"\bvector[\s(]+([\w*·]+)", declared):
        return f"`{name}` ({size[1]} entries)"
    return f"`{name}`"
