"""What was answered: one SQLite file with an append-only log, and what follows from it.

It knows nothing of FSRS: the caller hands in `fold`, which turns logged answers into a memory.
"""

from studykit.progress.due import CardSource
from studykit.progress.errors import ProgressError
from studykit.progress.rows import (
    Answered,
    CardRow,
    Counts,
    DeckRow,
    DoneToday,
    Fold,
    KnownCard,
    MemoryRow,
    Review,
    Standing,
    Undone,
)
from studykit.progress.store import Store, open_store

__all__ = [
    "Answered",
    "CardRow",
    "CardSource",
    "Counts",
    "DeckRow",
    "DoneToday",
    "Fold",
    "KnownCard",
    "MemoryRow",
    "ProgressError",
    "Review",
    "Standing",
    "Store",
    "Undone",
    "open_store",
]
