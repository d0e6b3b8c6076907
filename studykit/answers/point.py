"""Where a formula is evaluated, and how much work that may take."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .declarations import Dim, size_names
from .errors import AnswerError
from .tree import Node

WORK_CAP = 100_000


@dataclass(slots=True)
class Work:
    """Node visits left to one judgement."""

    left: float = WORK_CAP

    def spend(self, at: int, cost: float = 1) -> None:
        self.left -= cost
        if self.left < 0:
            raise AnswerError("This takes too long to work out; write it more simply.", at)


@dataclass(frozen=True, slots=True)
class Point:
    """Values for every name: scalars, and arrays as nested lists; `sizes` for the dimensions.

    `derived` holds the trees of those names that are computed from others.
    """

    values: Mapping[str, Any]
    sizes: Mapping[str, int]
    derived: Mapping[str, Node] = field(default_factory=dict)

    def dim(self, dim: Dim) -> int:
        """A dimension at this point: 3, n, or h*d_k."""
        if isinstance(dim, int):
            return dim
        return math.prod(self.sizes[name] for name in size_names(dim))
