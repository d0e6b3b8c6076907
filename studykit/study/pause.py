"""A break from studying: moves what would pile up, in one step that an undo takes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studykit.memory.spread import Waiting, spread
from studykit.study.errors import StudyError

if TYPE_CHECKING:
    from studykit.study.collection import Collection

LONGEST_BREAK = 365


@dataclass(frozen=True, slots=True)
class Pause:
    """What a break does: cards moved, and how many are due on each day after it."""

    days: int
    back: int
    """The study day on which it goes on."""
    moved: int
    due: tuple[int, ...]
    """Cards due on that day and those after it, the moved ones included."""


def take_break(collection: Collection, days: int, over: int | None = None) -> Pause:
    """Study nothing for `days` days from today; spread what falls due over `over` days after them.

    Twice the length of the break unless given. Raises StudyError.
    """
    if not 1 <= days <= LONGEST_BREAK:
        raise StudyError(f"A break lasts from 1 to {LONGEST_BREAK} days, not {days}.")
    over = 2 * days if over is None else over
    if not 1 <= over <= 2 * LONGEST_BREAK:
        raise StudyError(f"Spread it over 1 to {2 * LONGEST_BREAK} days, not {over}.")
    if collection.read_only:
        raise StudyError("studykit is open in another window. Close it there first.")
    store, today = collection.store, collection.day
    back = today + days
    waiting = [
        Waiting(card, memory.due, memory.due - memory.last)
        for card, standing in store.standings().items()
        if (memory := standing.memory) is not None
        and not standing.suspended
        and max(memory.due, standing.buried_until) < back
    ]
    load = [store.due_on(back + after) for after in range(over)]
    dues = spread(waiting, back, load)
    if dues:
        store.postpone(dues, today, collection.clock())
    return Pause(
        days=days,
        back=back,
        moved=len(dues),
        due=tuple(store.due_on(back + after) for after in range(over)),
    )
