"""How the learner has been going: usual times, days in a row, and how much was right.

Only the recent part of the log is looked at, so it costs the same after years.
"""

from __future__ import annotations

from studykit.progress.database import Database

RECENT = 1000
"""Answers back that still tell how fast somebody is."""


def recent_times(database: Database, kind: str, limit: int = 50) -> list[int]:
    """Milliseconds of the last answers to cards of this kind that were right, newest first."""
    return [
        row[0]
        for row in database.rows(
            "SELECT elapsed_ms FROM (SELECT * FROM standing ORDER BY id DESC LIMIT ?) AS recent "
            "JOIN card ON card.id = recent.card "
            "WHERE card.kind = ? AND recent.kind = 'study' AND grade > 1 AND elapsed_ms > 0 "
            "ORDER BY recent.id DESC LIMIT ?",
            (RECENT, kind, limit),
        )
    ]


def streak(database: Database, day: int) -> int:
    """Study days in a row with an answer, up to `day`; today counts once it has one."""
    length = 0
    for back in range(day):
        if database.value("SELECT 1 FROM review WHERE day = ? LIMIT 1", (day - back,)):
            length += 1
        elif back:
            break
    return length


def judged(database: Database, day: int) -> tuple[int, int]:
    """(right, judged): of the reviews of a day that the program judged, how many were right."""
    right, of = database.row(
        "SELECT coalesce(sum(result = 'right'), 0), count(*) FROM standing "
        "WHERE day = ? AND kind = 'study' AND result IN ('right', 'partly', 'wrong')",
        (day,),
    )
    return int(right), int(of)
