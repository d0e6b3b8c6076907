"""Ids of log rows: uuid7 (RFC 9562), always greater than every id already in the log.

So the order of the ids is the order of the log, also after the clock was set back, and the union
of two machines' logs has one order on both.
"""

from __future__ import annotations

import os

_SEQUENCE_MAX = 0xFFF


class Ids:
    """Makes ids after `last`, the greatest id known ("" for none)."""

    def __init__(self, last: str = "") -> None:
        self._ms = 0
        self._sequence = 0
        self.seen(last)

    def seen(self, other: str) -> None:
        """Take note of an id made elsewhere, so that the following ones come after it."""
        if other:
            ms = int(other[:8] + other[9:13], 16)
            sequence = int(other[15:18], 16)
            if (ms, sequence) > (self._ms, self._sequence):
                self._ms, self._sequence = ms, sequence

    def next(self, at_ms: int) -> str:
        """The id of something that happened at `at_ms` by the clock."""
        if at_ms > self._ms:
            self._ms, self._sequence = at_ms, 0
        elif self._sequence < _SEQUENCE_MAX:
            self._sequence += 1
        else:
            self._ms, self._sequence = self._ms + 1, 0
        chance = int.from_bytes(os.urandom(8)) >> 2
        low = (0b10 << 62) | chance
        digits = f"{self._ms & 0xFFFFFFFFFFFF:012x}7{self._sequence:03x}{low:016x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
