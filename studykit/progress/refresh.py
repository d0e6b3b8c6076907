"""Makes the memory of a card again from its log: after an undo, a merge, or for a whole check.

The `memory` table is a cache. Whatever is not a plain answer goes through `refresh`, so there is
one way from the log to the cache and nothing to keep in step by hand.
"""

from __future__ import annotations

import sqlite3
from zlib import crc32

from studykit.progress.rows import Answered, Fold, MemoryRow, Remembered, Standing

PUT = """
INSERT INTO memory (card, deck, present, stability, difficulty, due, last, reps, lapses, learning,
                    suspended, buried_until, shuffle)
SELECT id, deck, present, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM card WHERE id = ?
ON CONFLICT (card) DO UPDATE SET
    deck = excluded.deck, present = excluded.present, stability = excluded.stability,
    difficulty = excluded.difficulty, due = excluded.due, last = excluded.last,
    reps = excluded.reps, lapses = excluded.lapses, learning = excluded.learning,
    suspended = excluded.suspended, buried_until = excluded.buried_until,
    shuffle = excluded.shuffle
"""

ANSWERS = """
SELECT id, day, grade, due, kind FROM standing
WHERE (card = ?1 OR card IN (SELECT old FROM alias WHERE card = ?1))
  AND id > ?2 AND grade IS NOT NULL AND due IS NOT NULL
ORDER BY id
"""

DECISIONS = """
SELECT id, kind, due FROM decided
WHERE (card = ?1 OR card IN (SELECT old FROM alias WHERE card = ?1))
ORDER BY id
"""


def shuffled(card: str, reps: int) -> int:
    """Where a card stands among those due on the same day: by chance, yet always the same."""
    return crc32(f"{card}/{reps}".encode())


def standing_of(connection: sqlite3.Connection, card: str, fold: Fold) -> Standing:
    """What the log says of a card: its answers folded, then what was decided about it."""
    reset = moved = ""
    moved_to = buried_until = 0
    suspended = False
    for id_, kind, due in connection.execute(DECISIONS, (card,)):
        match kind:
            case "suspend" | "unsuspend":
                suspended = kind == "suspend"
            case "bury" | "unbury":
                buried_until = due if kind == "bury" else 0
            case "reset":
                reset = id_
            case "due":
                moved, moved_to = id_, due
    logged = connection.execute(ANSWERS, (card, reset)).fetchall()
    folded = fold([Answered(*row[1:]) for row in logged])
    if folded is None:
        return Standing(None, suspended, buried_until)
    memory = as_row(folded)
    if moved > max(row[0] for row in logged):
        memory = memory._replace(due=moved_to)
    return Standing(memory, suspended, buried_until)


def refresh(connection: sqlite3.Connection, card: str, fold: Fold) -> Standing:
    """Write the memory of a card as its log says, inside the caller's transaction."""
    standing = standing_of(connection, card, fold)
    put_standing(connection, card, standing)
    return standing


def put_standing(connection: sqlite3.Connection, card: str, standing: Standing) -> None:
    """Write the cached state of a card, and whether it is asked as a new one."""
    memory, suspended, buried_until = standing
    if memory is None and not suspended and not buried_until:
        connection.execute("DELETE FROM memory WHERE card = ?", (card,))
    else:
        fields = memory or (None, None, None, None, 0, 0, False)
        reps = memory.reps if memory else 0
        connection.execute(PUT, (*fields, suspended, buried_until, shuffled(card, reps), card))
    connection.execute(
        "UPDATE card SET fresh = ?1 WHERE id = ?2 AND fresh <> ?1",
        (memory is None and not suspended, card),
    )


def as_row(memory: Remembered) -> MemoryRow:
    """The plain row of any memory."""
    return MemoryRow(
        memory.stability,
        memory.difficulty,
        memory.due,
        memory.last,
        memory.reps,
        memory.lapses,
        bool(memory.learning),
    )
