"""A number between 0 and 1 that belongs to a card and a count, the same on every machine.

Fuzz drawn from it makes a preview come true and an undone answer repeat itself. `random.Random`
would do, but importing it costs more than the whole start of this room.
"""

from __future__ import annotations

from zlib import crc32

_MASK = (1 << 64) - 1


def fraction(card_id: str, count: int) -> float:
    """Uniform in [0, 1): splitmix64 (Steele, Lea, Flood 2014) over the id's CRC and the count."""
    mixed = ((crc32(card_id.encode()) << 32 | (count & 0xFFFFFFFF)) + 0x9E3779B97F4A7C15) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((mixed ^ (mixed >> 31)) >> 11) / (1 << 53)
