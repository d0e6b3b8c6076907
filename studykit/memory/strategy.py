"""What a plan does each day up to its date: new cards, retention, and weak cards early at the end.

Apart from `planning`, which finds it by simulation, because a session only has to follow it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Strategy:
    """What is done each day until `date`; days are study days.

    new_a_day  new cards introduced a day, up to and with `last_new`
    retention  at which known cards come due
    stretch    so many days before the date cards are asked early,
    early      at most so many a day, those first that would be weakest on the date
    seconds    that a day may take; 0 for no limit
    """

    date: int
    new_a_day: int
    last_new: int
    retention: float
    stretch: int
    early: int
    seconds: float = 0.0

    def early_on(self, day: int) -> int:
        """Cards to be asked early on this day."""
        return self.early if 0 < self.date - day <= self.stretch else 0

    def new_on(self, day: int, left: int, each: float = 0.0) -> int:
        """New cards for this day with so many left: missed days are made up for evenly, as far as
        there is time for cards of `each` seconds."""
        if day > self.last_new:
            return 0
        wanted = min(left, max(self.new_a_day, spread_evenly(left, day, self.last_new)))
        return min(wanted, round(self.seconds / each)) if self.seconds and each else wanted


def spread_evenly(cards: int, first: int, last: int) -> int:
    """Cards a day from `first` to `last`, rounded up."""
    return -(-cards // max(1, last - first + 1))
