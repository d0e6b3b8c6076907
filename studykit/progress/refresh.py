"""Makes the memory of a card again from its log: after an undo, a merge, or for a whole check.

The `memory` table is a cache. Whatever is not a plain answer goes through `refresh`, so there is
one way from the log to the cache and nothing to keep in step by hand.
"""

from __future__ import annotations

import sqlite3
from typing import Any
from zlib import crc32

from studykit.progress.errors import ProgressError
from studykit.progress.rows import Answered, Fold, MemoryRow, Remembered, Standing

PUT = """
INSERT INTO memory (card, deck, present, stability, difficulty, due, last, reps, lapses, learning,
                    suspended, buried_until, shuffle, ready)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (card) DO UPDATE SET
    deck = excluded.deck, present = excluded.present, stability = excluded.stability,
    difficulty = excluded.difficulty, due = excluded.due, last = excluded.last,
    reps = excluded.reps, lapses = excluded.lapses, learning = excluded.learning,
    suspended = excluded.suspended, buried_until = excluded.buried_until,
    shuffle = excluded.shuffle, ready = excluded.ready
"""

CARD = """
SELECT card.deck, card.present, card.fresh, coalesce(suspended, 0), coalesce(buried_until, 0)
FROM card LEFT JOIN memory ON memory.card = card.id WHERE card.id = ?
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
    """Where a card stands among those due on the same day: by chance, yet always the same.

    A bare CRC keeps a deck together whose ids differ in a digit alone, so that decks would hardly
    mix; it is stirred as MurmurHash3 does at its end (Appleby 2011).
    """
    mixed = crc32(f"{card}/{reps}".encode())
    mixed = ((mixed ^ (mixed >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return mixed ^ (mixed >> 16)


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
                buried_until = due or 0 if kind == "bury" else 0
            case "reset":
                reset = id_
            case "due" if due:
                moved, moved_to = id_, due
    logged = connection.execute(ANSWERS, (card, reset)).fetchall()
    folded = fold([Answered(*row[1:]) for row in logged])
    if folded is None:
        return Standing(None, suspended, buried_until)
    memory = as_row(folded)
    if moved > max(id_ for id_, *_, kind in logged if kind == "study"):
        memory = memory._replace(due=moved_to)
    return Standing(memory, suspended, buried_until)


def refresh(connection: sqlite3.Connection, card: str, fold: Fold) -> None:
    """Write the memory of a card as its log says, inside the caller's transaction."""
    put_standing(connection, card, standing_of(connection, card, fold))


def remember(connection: sqlite3.Connection, card: str, memory: Remembered) -> None:
    """Write the memory that an answer leaves; what was decided about the card stays."""
    row = connection.execute(CARD, (card,)).fetchone()
    suspended, buried_until = row[3:] if row else (0, 0)
    put_standing(connection, card, Standing(as_row(memory), bool(suspended), buried_until), row)


def put_standing(
    connection: sqlite3.Connection, card: str, standing: Standing, row: Any = None
) -> None:
    """Write the cached state of a card, and whether it is asked as a new one.

    `row` is what `CARD` selects, where the caller has it already.
    """
    row = row or connection.execute(CARD, (card,)).fetchone()
    if row is None:
        raise ProgressError(f"The card {card} is not known: its deck has not been read.")
    deck, present, fresh, *_ = row
    memory, suspended, buried_until = standing
    if memory is None and not suspended and not buried_until:
        connection.execute("DELETE FROM memory WHERE card = ?", (card,))
    else:
        fields = memory or (None, None, None, None, 0, 0, False)
        reps = memory.reps if memory else 0
        asked = memory is not None and present and not suspended and not memory.learning
        ready = max(memory.due, buried_until) if memory and asked else None
        shuffle = shuffled(card, reps)
        connection.execute(
            PUT, (card, deck, present, *fields, suspended, buried_until, shuffle, ready)
        )
    is_fresh = memory is None and not suspended
    if is_fresh != fresh:
        connection.execute("UPDATE card SET fresh = ? WHERE id = ?", (is_fresh, card))


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
