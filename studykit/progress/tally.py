"""Sums over the log and over what is remembered, for statistics: added up by SQLite, row by row.

Answers here are those that form memory (kind `study`) and were not undone. Days are study days.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from studykit.progress.database import Database
from studykit.progress.errors import explain

# The few undone rows are looked up in a list made once: asking the view of each answer whether it
# stands would take twice as long.
COUNTED = "kind = 'study' AND id NOT IN (SELECT id FROM undone)"
LEARNED = "reps > 0 AND present = 1"
TAIL = 1000
"""Answers back that "lately" means, so that it costs the same after years."""


class DayTally(NamedTuple):
    """What was answered on one study day."""

    day: int
    again: int
    hard: int
    good: int
    easy: int
    new: int
    """Cards answered for the first time."""
    elapsed_ms: int

    @property
    def answers(self) -> int:
        return self.again + self.hard + self.good + self.easy


Step: TypeAlias = tuple[str, int, int, int, str, int]
"""One answer as a replay needs it: card, day, grade, due day, why it was asked, elapsed ms.

A reset has grade 0: the card is new after it. A plain tuple, for there may be a million."""


class MistakeTally(NamedTuple):
    """A diagnosed mistake on one study day."""

    day: int
    mistake: str
    family: str
    """Of the drawn problem; empty for another kind of card."""
    times: int


class DeckTally(NamedTuple):
    """Cards of one deck."""

    id: str
    title: str
    cards: int
    learned: int
    """Answered at least once and still in the deck."""


def days_answered(database: Database, first: int = 1) -> list[DayTally]:
    """Every study day from `first` on which something was answered, in order."""
    return [
        DayTally(*row)
        for row in database.rows(
            f"""
            SELECT day, sum(grade = 1), sum(grade = 2), sum(grade = 3), sum(grade = 4),
                   sum(was = 'new'), sum(elapsed_ms)
            FROM review WHERE day >= ? AND {COUNTED} GROUP BY day
            """,  # noqa: S608 - the condition is ours
            (first,),
        )
    ]


def answers_by_day(database: Database, first: int) -> dict[int, int]:
    """How many answers each study day from `first` has; through an index, for the first screen."""
    counts: dict[int, int] = dict(
        database.rows(
            "SELECT day, count(*) FROM review WHERE day >= ? AND kind = 'study' GROUP BY day",
            (first,),
        )
    )
    for day, undone in database.rows(
        "SELECT day, count(*) FROM undone JOIN review ON review.id = undone.id "
        "WHERE day >= ? AND kind = 'study' GROUP BY day",
        (first,),
    ):
        counts[day] -= undone
    return {day: count for day, count in counts.items() if count}


def steps(database: Database) -> Iterator[Step]:
    """Every answer and every reset in the order of the log, each under its card's present id."""
    aliases: dict[str, str] = dict(database.rows("SELECT old, card FROM alias"))
    resets: list[tuple[str, str, int]] = database.rows(
        "SELECT id, card, day FROM decided WHERE kind = 'reset' ORDER BY id DESC"
    )
    try:
        for id_, card, day, grade, due, was, elapsed_ms in database.connection.execute(
            f"""
            SELECT id, card, day, grade, due, was, elapsed_ms
            FROM review WHERE {COUNTED} ORDER BY id
            """  # noqa: S608 - the condition is ours
        ):
            while resets and resets[-1][0] < id_:
                _, reset, on = resets.pop()
                yield aliases.get(reset, reset), on, 0, on, "", 0
            yield aliases.get(card, card) if aliases else card, day, grade, due, was, elapsed_ms
    except sqlite3.Error as error:
        raise explain(error, database.path) from error


ASKED = """
SELECT ready AS day FROM memory WHERE ready IS NOT NULL
UNION ALL
SELECT max(due, buried_until) FROM memory WHERE learning = 1 AND present = 1 AND suspended = 0
"""
"""The day of every card that will be asked again, those in learning included."""


def due_by_day(database: Database, day: int, days: int) -> list[int]:
    """How many cards are due on each of `days` study days from `day`; overdue ones on the first."""
    counts = [0] * days
    for due, count in database.rows(
        f"SELECT day, count(*) FROM ({ASKED}) WHERE day >= ? AND day < ? GROUP BY day",  # noqa: S608 - ours
        (day, day + days),
    ):
        counts[due - day] = count
    counts[0] += overdue(database, day)
    return counts


def overdue(database: Database, day: int) -> int:
    """How many cards were due before `day`."""
    sql = f"SELECT count(*) FROM ({ASKED}) WHERE day < ?"  # noqa: S608 - ours
    return int(database.value(sql, (day,)))


def spread(database: Database, column: str, edges: Sequence[float]) -> list[int]:
    """Learned cards by stability or difficulty: how many lie in [edges[i], edges[i + 1])."""
    if column not in ("stability", "difficulty"):
        raise ValueError(f"{column} is no strength of a card")
    sums = ", ".join(
        f"sum({column} >= {low!r} AND {column} < {high!r})" for low, high in pairwise(edges)
    )
    row = database.row(f"SELECT {sums} FROM memory WHERE {LEARNED}")  # noqa: S608 - ours
    return [count or 0 for count in row]


def recall_buckets(database: Database, day: int) -> list[tuple[str, float, int]]:
    """(deck, days since the last answer per stability, cards) of learned cards.

    Cards whose ratio is nearly the same are brought together, for there the forgetting curve is as
    good as straight: a hundred thousand cards become some hundred rows.
    """
    return database.rows(
        f"""
        SELECT deck, avg(ratio), count(*) FROM (
            SELECT deck, max(0.0, :day - last) / stability AS ratio FROM memory WHERE {LEARNED})
        GROUP BY deck, CASE WHEN ratio < 10 THEN CAST(20 * ratio AS INTEGER)
                            ELSE 200 + CAST(min(ratio, 1000) / 10 AS INTEGER) END
        """,  # noqa: S608 - the condition is ours
        {"day": day},
    )


def mistakes_by_day(database: Database) -> list[MistakeTally]:
    """Every diagnosed mistake of study, cram and interviews, by day."""
    rows = database.rows(
        """
        SELECT day, mistakes, substr(ticket, 1, instr(ticket, '@') - 1), count(*) FROM review
        WHERE mistakes IS NOT NULL AND id NOT IN (SELECT id FROM undone)
        GROUP BY 1, 2, 3 ORDER BY 1
        """
    )
    return [
        MistakeTally(day, mistake, family or "", times)
        for day, listed, family, times in rows
        for mistake in json.loads(listed)
    ]


def latest_mistakes(database: Database) -> list[tuple[str, str]]:
    """(mistake, family) of the last answers with a diagnosis, newest first."""
    rows = database.rows(
        "SELECT mistakes, substr(ticket, 1, instr(ticket, '@') - 1) FROM "
        "(SELECT * FROM standing ORDER BY id DESC LIMIT ?) WHERE mistakes IS NOT NULL",
        (TAIL,),
    )
    return [(mistake, family or "") for listed, family in rows for mistake in json.loads(listed)]


def by_family(database: Database) -> list[tuple[str, int, int]]:
    """(family, answers that were judged, right ones) of drawn problems."""
    return database.rows(
        """
        SELECT substr(ticket, 1, instr(ticket, '@') - 1) AS family, count(*),
               sum(result = 'right')
        FROM review WHERE ticket IS NOT NULL AND result IN ('right', 'partly', 'wrong')
                      AND id NOT IN (SELECT id FROM undone)
        GROUP BY family
        """
    )


def decks(database: Database) -> list[DeckTally]:
    """Present decks in their order."""
    learned: dict[str, int] = dict(
        database.rows(f"SELECT deck, count(*) FROM memory WHERE {LEARNED} GROUP BY deck")  # noqa: S608
    )
    return [
        DeckTally(id_, title, total, learned.get(id_, 0))
        for id_, title, total in database.rows(
            "SELECT id, title, total FROM deck WHERE present = 1 ORDER BY position, id"
        )
    ]


def places(database: Database) -> dict[str, tuple[str, str]]:
    """Card → (deck, kind) of every card ever seen, for one that was reset has answers too."""
    rows = database.rows("SELECT id, deck, kind FROM card")
    return {card: (deck, kind) for card, deck, kind in rows}
