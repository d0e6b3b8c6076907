"""Looks a progress file over and mends it: is the file sound, and does the cache equal the log?

It returns counts and names; the sentences are made by whoever shows them. After `rebuild` a second
check finds nothing.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from studykit.progress.cards import rename
from studykit.progress.refresh import refresh, standing_of
from studykit.progress.rows import Standing
from studykit.progress.store import Store

TOLERANCE = 1e-9
"""Relative difference of S and D that another machine's arithmetic may make."""

WITH_STATE = """
WITH named (card) AS (
    SELECT card FROM review WHERE card IS NOT NULL
    UNION SELECT action.card FROM action JOIN card ON card.id = action.card
)
SELECT card FROM memory
UNION SELECT coalesce(alias.card, named.card) FROM named LEFT JOIN alias ON alias.old = named.card
UNION SELECT id FROM card WHERE fresh = 0 AND id NOT IN (SELECT old FROM alias)
"""
"""Every card that the log says anything about, or whose cached state says it does."""


class Findings(NamedTuple):
    """What a check found; all empty in a sound file."""

    damage: list[str]
    """What SQLite itself reports of the file."""
    dangling: int
    """Rows that point at nothing."""
    stale: list[str]
    """Cards whose memory is not what their answers say."""
    cards: int
    reviews: int

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not (self.damage or self.dangling or self.stale)


def check(store: Store) -> Findings:
    """Look everything over without changing anything."""
    database = store.database
    damage = [row[0] for row in database.rows("PRAGMA quick_check") if row[0] != "ok"]
    if damage:
        return Findings(damage, 0, [], 0, 0)
    return Findings(
        damage,
        len(database.rows("PRAGMA foreign_key_check")),
        list(stale_cards(store)),
        database.value("SELECT count(*) FROM card"),
        database.value("SELECT count(*) FROM review"),
    )


def rebuild(store: Store) -> list[str]:
    """Make every memory that is not what its answers say again, in one transaction; those cards."""
    with store.database.write() as connection:
        replay_renames(connection)
        stale = list(stale_cards(store))
        for card in stale:
            refresh(connection, card, store.fold)
    return stale


def stale_cards(store: Store) -> Iterator[str]:
    """The cards whose cached state differs from what the log says."""
    connection = store.database.connection
    aliases = dict(store.database.rows("SELECT old, card FROM alias"))
    for (card,) in store.database.rows(WITH_STATE):
        if card in aliases:
            yield card  # it has a memory, which a former id must not have
            continue
        logged = standing_of(connection, card, store.fold)
        fits = store.database.row(
            """
            SELECT card.fresh, coalesce(memory.deck = card.deck, 1),
                   coalesce(memory.present = card.present, 1)
            FROM card LEFT JOIN memory ON memory.card = card.id WHERE card.id = ?
            """,
            (card,),
        )
        wanted = (logged.memory is None and not logged.suspended, 1, 1)
        if fits != wanted or not _equal(logged, store.standing(card)):
            yield card


def replay_renames(connection: sqlite3.Connection) -> None:
    """Make the former ids of cards again from the log, in its order."""
    connection.execute("DELETE FROM alias")
    for old, card in connection.execute(
        "SELECT card, target FROM action WHERE kind = 'rename' ORDER BY id"
    ).fetchall():
        rename(connection, old, card)


def _equal(one: Standing, other: Standing) -> bool:
    if one.memory is None or other.memory is None:
        return one == other
    near = all(
        math.isclose(a, b, rel_tol=TOLERANCE)
        for a, b in zip(one.memory[:2], other.memory[:2], strict=True)
    )
    return near and one.memory[2:] == other.memory[2:] and one[1:] == other[1:]
