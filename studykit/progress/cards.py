"""Which decks and cards exist: kept in step with the deck files, without ever losing a card.

A card that leaves its deck is marked as not present and keeps its history; when it comes back,
under its id or under a new one, the history comes back with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable

from studykit.progress.database import Database
from studykit.progress.rows import CardRow, DeckRow, KnownCard

PUT_DECK = """
INSERT INTO deck (id, hash, title, position, path, total, present) VALUES (?, ?, ?, ?, ?, ?, 1)
ON CONFLICT (id) DO UPDATE SET
    hash = excluded.hash, title = excluded.title, position = excluded.position,
    path = excluded.path, total = excluded.total, present = 1
"""

PUT_CARD = """
INSERT INTO card (id, deck, position, kind, family, text, present) VALUES (?, ?, ?, ?, ?, ?, 1)
ON CONFLICT (id) DO UPDATE SET
    deck = excluded.deck, position = excluded.position, kind = excluded.kind,
    family = excluded.family, text = excluded.text, present = 1
WHERE deck <> excluded.deck OR position <> excluded.position OR text <> excluded.text
   OR kind <> excluded.kind OR family IS NOT excluded.family OR present = 0
"""

FOLLOW = """
UPDATE memory SET (deck, present, ready) = (
    SELECT card.deck, card.present,
           CASE WHEN card.present = 1 AND suspended = 0 AND learning = 0 AND reps > 0
                THEN max(due, buried_until) END
    FROM card WHERE card.id = memory.card)
WHERE card IN (SELECT memory.card FROM card JOIN memory ON memory.card = card.id
               WHERE (card.deck = ?1 OR memory.deck = ?1)
                 AND (card.deck <> memory.deck OR card.present <> memory.present))
"""


def put_deck(connection: sqlite3.Connection, deck: DeckRow, cards: Collection[CardRow]) -> None:
    """Make the deck's cards those given, in their order; others of it are no longer present."""
    connection.execute(
        PUT_DECK, (deck.id, deck.hash, deck.title, deck.position, deck.path, len(cards))
    )
    kept = {card.id for card in cards}
    gone = [
        (card,)
        for (card,) in connection.execute(
            "SELECT id FROM card WHERE deck = ? AND present = 1", (deck.id,)
        )
        if card not in kept
    ]
    connection.executemany("UPDATE card SET present = 0 WHERE id = ?", gone)
    connection.executemany(
        PUT_CARD,
        (
            (card.id, deck.id, position, card.kind, card.family, card.text)
            for position, card in enumerate(cards)
        ),
    )
    connection.execute(
        "DELETE FROM need WHERE card IN (SELECT id FROM card WHERE deck = ?)", (deck.id,)
    )
    connection.executemany(
        "INSERT OR IGNORE INTO need VALUES (?, ?)",
        ((card.id, other) for card in cards for other in card.requires),
    )
    connection.execute(FOLLOW, (deck.id,))


def keep_decks(connection: sqlite3.Connection, ids: Iterable[str]) -> list[str]:
    """Hide every deck not named, until it is read again; returns those hidden by this call."""
    kept = set(ids)
    hidden = [
        deck
        for (deck,) in connection.execute("SELECT id FROM deck WHERE present = 1")
        if deck not in kept
    ]
    for deck in hidden:
        connection.execute("UPDATE deck SET present = 0, hash = '' WHERE id = ?", (deck,))
        connection.execute("UPDATE card SET present = 0 WHERE deck = ? AND present = 1", (deck,))
        connection.execute(FOLLOW, (deck,))
    return hidden


def ensure_card(connection: sqlite3.Connection, card: str, deck: str | None) -> None:
    """Make room for a card that only a log from elsewhere knows, hidden until its deck is read."""
    home = deck or "unknown"
    connection.execute(
        "INSERT OR IGNORE INTO deck (id, hash, title, position, path, present) "
        "VALUES (?, '', ?, 1000, '', 0)",
        (home, home),
    )
    connection.execute(
        "INSERT OR IGNORE INTO card (id, deck, position, kind, text, present) "
        "VALUES (?, ?, 0, '', '', 0)",
        (card, home),
    )


def known_cards(database: Database, deck: str) -> list[KnownCard]:
    """Every card ever seen in a deck, also those cut from it, but not under former ids."""
    return [
        KnownCard(id_, text, bool(present), reps or 0)
        for id_, text, present, reps in database.rows(
            """
            SELECT card.id, card.text, card.present, memory.reps
            FROM card LEFT JOIN memory ON memory.card = card.id
            WHERE card.deck = ? AND card.id NOT IN (SELECT old FROM alias)
            ORDER BY card.position, card.id
            """,
            (deck,),
        )
    ]


def rename(connection: sqlite3.Connection, old: str, card: str) -> None:
    """Let the history of `old` count for `card`; the caller refreshes `card` afterwards."""
    connection.execute("UPDATE alias SET card = ? WHERE card = ?", (card, old))
    connection.execute("DELETE FROM alias WHERE old = ?", (card,))
    connection.execute(
        "INSERT INTO alias (old, card) VALUES (?, ?) "
        "ON CONFLICT (old) DO UPDATE SET card = excluded.card",
        (old, card),
    )
    connection.execute(
        "INSERT INTO card (id, deck, position, kind, family, text, present) "
        "SELECT ?, deck, position, kind, family, text, present FROM card WHERE id = ? "
        "ON CONFLICT (id) DO NOTHING",
        (card, old),
    )
    connection.execute("UPDATE card SET present = 0, fresh = 0 WHERE id = ?", (old,))
    connection.execute("DELETE FROM memory WHERE card = ?", (old,))


def current(connection: sqlite3.Connection, card: str) -> str:
    """The id that a card has since it was renamed, or its own."""
    found = connection.execute("SELECT card FROM alias WHERE old = ?", (card,)).fetchone()
    return card if found is None else str(found[0])
