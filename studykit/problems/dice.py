"""The source of chance for a drawn problem: whole numbers from a hash of the ticket.

The bits are sha256(ticket, counter), so a ticket gives the same numbers on every machine and in
every version of Python. Only whole numbers are drawn: no generator's float methods, no `shuffle`.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from struct import unpack
from typing import TypeVar

T = TypeVar("T")

_WORD = 1 << 32


class Dice:
    """A stream of 32-bit words; the same text gives the same stream."""

    __slots__ = ("_counter", "_text", "_words")

    def __init__(self, text: str) -> None:
        self._text = text.encode()
        self._counter = 0
        self._words: list[int] = []

    def _word(self) -> int:
        if not self._words:
            block = sha256(self._text + b"|%d" % self._counter).digest()
            self._counter += 1
            self._words = list(unpack(">8I", block))
        return self._words.pop()

    def below(self, n: int) -> int:
        """A whole number in 0 … n − 1, each as likely as the others (1 ≤ n ≤ 2³²)."""
        limit = _WORD - _WORD % n  # words above would make small numbers a little likelier
        while (word := self._word()) >= limit:
            pass
        return word % n

    def between(self, low: int, high: int) -> int:
        """A whole number in low … high, both included."""
        return low + self.below(high - low + 1)

    def pick(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All items in a drawn order (Fisher and Yates)."""
        left = list(items)
        for i in range(len(left) - 1, 0, -1):
            j = self.below(i + 1)
            left[i], left[j] = left[j], left[i]
        return left

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different items in a drawn order."""
        return self.shuffled(items)[:count]

    def vector(self, n: int, low: int, high: int) -> list[int]:
        return [self.between(low, high) for _ in range(n)]

    def matrix(self, rows: int, columns: int, low: int, high: int) -> list[list[int]]:
        return [self.vector(columns, low, high) for _ in range(rows)]
