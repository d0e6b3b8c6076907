"""What a plan needs of the progress file: every card with its memory, and how the learner answers.

Cards come in the order in which new ones are learnt. Only the recent part of the log tells the
pace.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from studykit.progress.database import Database

RECENT = 2000
"""Answers back that still tell how somebody answers."""
DAYS = 14
"""Study days back that tell how much time somebody takes a day."""


class PlannedCard(NamedTuple):
    """A card that is present and not suspended; no stability for one never answered."""

    id: str
    deck: str
    kind: str
    stability: float | None
    difficulty: float | None
    last: int | None
    due: int | None


class Habits(NamedTuple):
    """How a learner answered lately; `None` and zeros where there was too little to tell."""

    review_seconds: float | None
    new_seconds: float | None
    first: tuple[int, int, int, int]
    """Counts of Again, Hard, Good, Easy at first answers."""
    later: tuple[int, int, int]
    """Counts of Hard, Good, Easy at later answers."""
    minutes_a_day: float | None
    """On the days on which there was study."""


TURN = """
row_number() OVER (PARTITION BY card.deck, coalesce(reps, 0) > 0 ORDER BY card.position, card.id)
"""
"""Which round of the decks a card never answered comes in, when they take turns."""


def planned_cards(
    database: Database, decks: Sequence[str], *, in_turn: bool = False
) -> list[PlannedCard]:
    """The cards of some decks, by deck order and position; `in_turn`: one of each deck a round."""
    marks = ", ".join("?" * len(decks))
    order = "deck.position, card.deck, card.position, card.id"
    return [
        PlannedCard(*row)
        for row in database.rows(
            f"""
            SELECT card.id, card.deck, card.kind,
                   CASE WHEN reps > 0 THEN stability END, CASE WHEN reps > 0 THEN difficulty END,
                   CASE WHEN reps > 0 THEN last END,
                   CASE WHEN reps > 0 THEN max(due, buried_until) END
            FROM card JOIN deck ON deck.id = card.deck
                      LEFT JOIN memory ON memory.card = card.id
            WHERE card.present = 1 AND deck.present = 1 AND coalesce(suspended, 0) = 0
              AND card.deck IN ({marks})
            ORDER BY {f"{TURN}, {order}" if in_turn else order}
            """,  # noqa: S608 - only marks and our own order are put in
            tuple(decks),
        )
    ]


def habits(database: Database, day: int) -> Habits:
    """How the learner answers, from the recent part of the log."""
    rows = database.rows(
        "SELECT was, grade, count(*), sum(elapsed_ms) FROM "
        "(SELECT was, grade, elapsed_ms FROM standing WHERE kind = 'study' "
        "ORDER BY id DESC LIMIT ?) GROUP BY was, grade",
        (RECENT,),
    )
    first, later = [0, 0, 0, 0], [0, 0, 0]
    counts, times = {True: 0, False: 0}, {True: 0, False: 0}
    for was, grade, count, elapsed in rows:
        new = was == "new"
        counts[new] += count
        times[new] += elapsed
        if new:
            first[grade - 1] += count
        elif grade > 1:
            later[grade - 2] += count
    (spent,) = database.row(
        "SELECT avg(spent) FROM (SELECT sum(elapsed_ms) AS spent FROM standing "
        "WHERE kind = 'study' AND day >= ? AND day < ? GROUP BY day)",
        (day - DAYS, day),
    ) or (None,)
    return Habits(
        review_seconds=times[False] / counts[False] / 1000 if counts[False] else None,
        new_seconds=times[True] / counts[True] / 1000 if counts[True] else None,
        first=(first[0], first[1], first[2], first[3]),
        later=(later[0], later[1], later[2]),
        minutes_a_day=None if spent is None else spent / 60_000,
    )
