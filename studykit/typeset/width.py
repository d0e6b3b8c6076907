"""How many terminal columns a text takes: combining marks none, East Asian wide characters two."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def columns(text: str) -> int:
    """The width of one row of cleaned `text`, in terminal columns."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def padded(text: str, width: int) -> str:
    """`text` followed by blanks up to `width` columns."""
    return text + " " * (width - columns(text))


def centred(text: str, width: int) -> str:
    """`text` in the middle of `width` columns, the odd blank on the right."""
    spare = max(0, width - columns(text))
    return " " * (spare // 2) + text + " " * (spare - spare // 2)
