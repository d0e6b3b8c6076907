"""What the list of decks shows: the counts of every deck, and what was done today.

Counts are those of the progress file, before daily limits.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from studykit.progress.pace import judged, streak

if TYPE_CHECKING:
    from studykit.decks import Library
    from studykit.progress import Counts, Store


class DeckCounts(NamedTuple):
    """A deck as the home screen and `studykit decks` list it."""

    id: str
    title: str
    total: int
    new: int
    learning: int
    due: int
    suspended: int
    path: Path
    broken: bool
    off: bool
    """Left out of "everything" until it was chosen and begun."""


class Today(NamedTuple):
    """What was done on this study day."""

    reviews: int
    """Answers of every sort."""
    new: int
    seconds: int
    right: int
    judged: int
    """Answers the program judged, and how many of them were right."""
    streak: int
    """Study days in a row, with today once something was answered."""
    new_left: int
    """New cards that today's limit still allows."""


def deck_counts(store: Store, library: Library, day: int) -> tuple[DeckCounts, ...]:
    """Every deck in the order of study, with its counts of this day."""
    counts = store.counts(day)
    rows = []
    for info in library.decks():
        count = counts.get(info.id)
        rows.append(
            DeckCounts(
                id=info.id,
                title=info.title,
                total=count.total if count else 0,
                new=count.new if count else 0,
                learning=count.learning if count else 0,
                due=count.due if count else 0,
                suspended=count.suspended if count else 0,
                path=info.path,
                broken=info.broken,
                off=info.off and not _begun(store, info.id, count),
            )
        )
    return tuple(rows)


def _begun(store: Store, deck: str, count: Counts | None) -> bool:
    """Whether a deck was studied of its own accord; what an interview missed begins none."""
    return count is not None and count.new < count.total and store.begun(deck)


def done_today(store: Store, day: int, new_a_day: int) -> Today:
    """What was done on this day, of which `new_a_day` new cards are the limit."""
    done = store.done(day)
    right, of = judged(store.database, day)
    return Today(
        reviews=done.answers,
        new=done.new,
        seconds=done.elapsed_ms // 1000,
        right=right,
        judged=of,
        streak=streak(store.database, day),
        new_left=max(0, new_a_day - done.new),
    )
