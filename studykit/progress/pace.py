"""How the learner has been going: usual times, and on how many days in a row."""

from __future__ import annotations

from studykit.progress.database import Database


def recent_times(database: Database, kind: str, limit: int = 50) -> list[int]:
    """Milliseconds of the last answers to cards of this kind that were right, newest first."""
    return [
        row[0]
        for row in database.rows(
            "SELECT elapsed_ms FROM standing JOIN card ON card.id = standing.card "
            "WHERE card.kind = ? AND standing.kind = 'study' AND grade > 1 AND elapsed_ms > 0 "
            "ORDER BY standing.id DESC LIMIT ?",
            (kind, limit),
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
    """(right, judged): of the answers of a day that the program judged, how many were right."""
    right, of = database.row(
        "SELECT coalesce(sum(result = 'right'), 0), count(*) FROM standing "
        "WHERE day = ? AND result IN ('right', 'partly', 'wrong')",
        (day,),
    )
    return int(right), int(of)
