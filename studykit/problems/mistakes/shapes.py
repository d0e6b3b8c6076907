"""What families that ask for shapes share: how a shape is named, and when a wrong one is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from studykit.problems.family import Mistake

EXCHANGED = "Rows and columns are exchanged: rows belong to queries, columns to keys."
SQUARE = "You took as many keys as queries; here their numbers differ."


def shape_of(symbol: str) -> str:
    """In TeX."""
    return rf"\text{{shape of }}{symbol}"


def where_asked(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """A wrong shape on the way often leads to a right one later: it shows only where asked."""
    return tuple(replace(one, when=_asks_for(one.step)) for one in mistakes)


def _asks_for(step: str) -> Callable[[str], bool]:
    return lambda asked: asked == step
