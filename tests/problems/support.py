"""Every family and level, and answers as a learner types them: shared by this room's tests."""

from __future__ import annotations

from studykit.problems import Asks, families
from studykit.problems.written import written as typed

__all__ = ["IDS", "LEVELS", "typed"]

LEVELS = [(name, level) for name, family in families().items() for level in family.levels]
"""Every family with every one of its levels."""

IDS = [f"{name}-{level}" for name, level in LEVELS]


def everywhere(number: str, asks: Asks) -> str:
    """A value of the shape that is asked, with this number in every cell."""
    rows, columns = (1, *asks.shape)[-2:] if asks.shape else (1, 1)
    return "; ".join([" ".join([number] * columns)] * rows)
