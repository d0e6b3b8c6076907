"""Looks up which cards wait, for the queue: always a few rows through an index, never all of them.

`CardSource` has the shape of `memory.Source`. A scope narrows it to some decks, or to chosen cards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import update_wrapper
from heapq import merge
from itertools import islice
from typing import Any, Concatenate, ParamSpec, TypeVar

from studykit.progress.database import Database
from studykit.progress.rows import Counts, DoneToday

BURIED = "SELECT 1 FROM memory WHERE memory.card = card.id AND buried_until > :day"

LOCKED = """
SELECT 1 FROM need CROSS JOIN card AS other ON other.id = need.other
WHERE need.card = card.id AND other.fresh = 1 AND other.present = 1 AND {scope}
"""
"""A card is locked while one it presumes was never answered; what the session leaves out is not
waited for, or a deck chosen alone could be shut."""

RECALL = "CAST(:day - last AS REAL) / stability DESC, card"
"""Lowest retrievability first: it only falls with the days passed per stability."""

EARLY = "ready IS NOT NULL AND ready > :day AND last < :day AND buried_until <= :day"

ALL = "'' = ''"
IN_DECK = "deck = :deck"
CHOSEN = "{key} IN (SELECT card FROM temp.chosen)"

Part = tuple[str, str | None]
"""A condition that rows have to meet, and the deck it names, if any."""
LATELY = 500
"""So many of the last answers tell which deck's turn it is."""

Asked = ParamSpec("Asked")
Found = TypeVar("Found")


def _once(
    look: Callable[Concatenate[CardSource, Asked], Found],
) -> Callable[Concatenate[CardSource, Asked], Found]:
    """Look up once between two writes: the queue and the counts above a card ask for the same."""

    def known(self: CardSource, /, *asked: Asked.args, **named: Asked.kwargs) -> Found:
        written = self.database.written
        if written is None:
            return look(self, *asked, **named)
        key = (look.__name__, *asked, *named.items())
        when, found = self.known.get(key, (-1, None))
        if when != written:
            found = look(self, *asked, **named)
            self.known[key] = (written, found)
        return found  # type: ignore[no-any-return]

    update_wrapper(known, look)
    return known


class CardSource:
    """Waiting cards of a collection, of `decks`, or of the cards in `temp.chosen`.

    `begun` narrows whose new cards come: known ones come from every deck.
    """

    def __init__(
        self,
        database: Database,
        decks: tuple[str, ...] | None = None,
        chosen: bool = False,
        begun: tuple[str, ...] | None = None,
    ) -> None:
        self.database = database
        self.decks = decks
        self.chosen = chosen
        self.begun = begun
        self.known: dict[object, tuple[int, Any]] = {}
        """What was looked up, and after how many changes of the file."""

    @_once
    def learning(self, day: int) -> list[tuple[str, int]]:
        """(card, answers given since its own), the longest waiting first."""
        rows = self.database.rows(
            f"""
            SELECT card, deck, last < :day,
                   (SELECT max(id) FROM review WHERE card = memory.card) AS answered
            FROM memory WHERE learning = 1 AND present = 1 AND suspended = 0
              AND due <= :day AND buried_until <= :day
              AND {CHOSEN.format(key="card") if self.chosen else ALL}
            ORDER BY answered
            """,  # noqa: S608 - conditions are ours
            {"day": day},
        )
        return [
            (card, 1_000_000 if earlier else self._since(answered))
            for card, deck, earlier, answered in rows
            if self.decks is None or deck in self.decks
        ]

    def due(self, day: int, limit: int, by_recall: bool = False) -> list[str]:
        """The first due cards, by day and shuffled within it, or the likeliest forgotten first."""
        order = RECALL if by_recall else "ready, shuffle, card"
        key = "CAST(:day - last AS REAL) / -stability, 0" if by_recall else "ready, shuffle"
        found: list[list[tuple[float, int, str]]] = [
            self.database.rows(
                f"""
                SELECT {key}, card FROM memory
                WHERE ready IS NOT NULL AND ready <= :day AND {where}
                ORDER BY {order} LIMIT :limit
                """,  # noqa: S608 - conditions are ours
                {"day": day, "limit": limit, "deck": deck},
            )
            for where, deck in self._parts()
        ]
        return [row[2] for row in islice(merge(*found), limit)]

    def is_due(self, card: str, day: int) -> bool:
        """Whether this card is due, whatever the scope."""
        sql = "SELECT 1 FROM memory WHERE card = ? AND ready <= ?"
        return self.database.row(sql, (card, day)) is not None

    def new(self, day: int, limit: int, in_turn: bool = False) -> list[str]:
        """The first cards never answered, by deck order and position in the deck.

        `in_turn`: by the deck whose last new card is longest ago. Those whose prerequisites were
        not answered come only when there are no others.
        """
        parts = self._new_parts(in_turn)
        return self._new(parts, day, limit, False) or self._new(parts, day, limit, True)

    def _new(self, parts: Sequence[Part], day: int, limit: int, locked: bool) -> list[str]:
        cards: list[str] = []
        for where, deck in parts:
            cards += self._new_of(where, deck, day, limit - len(cards), locked)
            if len(cards) >= limit:
                break
        return cards

    def _new_parts(self, in_turn: bool) -> Sequence[Part]:
        """Where new cards are looked for, one part after another."""
        if self.chosen:
            return [(CHOSEN.format(key="id"), None)]
        rows = self.database.rows("SELECT id FROM deck WHERE present = 1 ORDER BY position, id")
        wanted = self._new_decks
        decks = [deck for (deck,) in rows if wanted is None or deck in wanted]
        return [(IN_DECK, deck) for deck in (self._in_turn(decks) if in_turn else decks)]

    def _in_turn(self, decks: Sequence[str]) -> list[str]:
        """The decks, the one whose last new card is longest ago first; in their order where none
        had one lately. An answer that was undone was a turn too: its card is asked again anyway."""
        lately = self.database.rows(
            "SELECT (SELECT deck FROM card WHERE card.id = lately.card) "
            "FROM (SELECT card, kind, was FROM review ORDER BY id DESC LIMIT ?) AS lately "
            "WHERE kind = 'study' AND was = 'new' LIMIT ?",
            (LATELY, len(decks)),
        )
        ago: dict[str, int] = {}
        for at, (deck,) in enumerate(lately):
            ago.setdefault(deck, at)
        return sorted(decks, key=lambda deck: -ago.get(deck, len(decks)))

    def early(self, day: int, date: int, limit: int) -> list[str]:
        """Known cards, neither due nor answered on `day`, the lowest recall on `date` first."""
        found: list[list[tuple[float, str]]] = [
            self.database.rows(
                f"""
                SELECT CAST(:date - last AS REAL) / -stability, card FROM memory
                WHERE {EARLY} AND {where}
                ORDER BY CAST(:date - last AS REAL) / stability DESC, card LIMIT :limit
                """,  # noqa: S608 - conditions are ours
                {"day": day, "date": date, "limit": limit, "deck": deck},
            )
            for where, deck in self._parts()
        ]
        return [row[1] for row in islice(merge(*found), limit)]

    def is_early(self, card: str, day: int) -> bool:
        """Whether this card is known, neither due nor answered on `day`, whatever the scope."""
        sql = f"SELECT 1 FROM memory WHERE card = :card AND {EARLY}"  # noqa: S608
        return self.database.row(sql, {"card": card, "day": day}) is not None

    @_once
    def early_count(self, day: int, limit: int) -> int:
        """How many of them there are, counted up to `limit`."""
        return self._waiting(EARLY, day, limit)

    @_once
    def due_count(self, day: int, limit: int) -> int:
        """How many are due, counted up to `limit`."""
        return self._waiting("ready IS NOT NULL AND ready <= :day", day, limit)

    @_once
    def new_count(self, day: int, limit: int) -> int:
        """How many are new, counted up to `limit`."""
        return int(
            self.database.value(
                f"""
                SELECT count(*) FROM (SELECT 1 FROM card
                    WHERE fresh = 1 AND present = 1 AND {self._within("id", self._new_decks)}
                      AND NOT EXISTS ({BURIED}) LIMIT :limit)
                """,  # noqa: S608 - conditions are ours
                {"day": day, "limit": limit, **named(self._new_decks)},
            )
        )

    @_once
    def introduced(self, day: int) -> int:
        """New cards first answered on this day, in the whole collection."""
        return self._answered(day, "new")

    @_once
    def reviewed(self, day: int) -> int:
        """Answers to due cards on this day, in the whole collection."""
        return self._answered(day, "due")

    @_once
    def hastened(self, day: int) -> int:
        """Answers to cards asked early on this day, in the whole collection."""
        return self._answered(day, "early")

    def everything(self, day: int, limit: int) -> list[str]:
        """Cards for a cram: the likeliest forgotten first, then those never answered."""
        found: list[list[tuple[float, str]]] = [
            self.database.rows(
                f"""
                SELECT CAST(:day - last AS REAL) / -stability, card FROM memory
                WHERE present = 1 AND suspended = 0 AND reps > 0 AND {where}
                ORDER BY {RECALL} LIMIT :limit
                """,  # noqa: S608 - conditions are ours
                {"day": day, "limit": limit, "deck": deck},
            )
            for where, deck in self._parts()
        ]
        cards = [row[1] for row in islice(merge(*found), limit)]
        return cards + self.new(day, limit - len(cards)) if len(cards) < limit else cards

    @property
    def _new_decks(self) -> tuple[str, ...] | None:
        """The decks whose new cards come; None for all."""
        return self.decks if self.begun is None else self.begun

    def _scope(self) -> str:
        """Which prerequisites are waited for: those that this session can ask."""
        return self._within("other.id", self._new_decks, "other.deck")

    def _within(self, key: str, decks: tuple[str, ...] | None, deck: str = "deck") -> str:
        """The condition that a row belongs here; its values are those of `named`."""
        if self.chosen:
            return CHOSEN.format(key=key)
        if decks is None:
            return ALL
        return f"{deck} IN ({', '.join(f':deck{at}' for at in range(len(decks)))})"

    def _parts(self) -> Sequence[Part]:
        # One query a deck: `deck IN (…)` would sort everything due instead of walking the index.
        if self.chosen:
            return [(CHOSEN.format(key="card"), None)]
        if self.decks is None:
            return [(ALL, None)]
        return [(IN_DECK, deck) for deck in self.decks]

    def _waiting(self, condition: str, day: int, limit: int) -> int:
        # In one query: a count needs no order, so `IN` walks the index of each deck.
        return int(
            self.database.value(
                f"""
                SELECT count(*) FROM (SELECT 1 FROM memory
                    WHERE {condition} AND {self._within("card", self.decks)} LIMIT :limit)
                """,  # noqa: S608 - conditions are ours
                {"day": day, "limit": limit, **named(self.decks)},
            )
        )

    def _since(self, answered: str) -> int:
        # Answers to other cards after it; a hundred are as good as more.
        return int(
            self.database.value(
                "SELECT count(*) FROM (SELECT 1 FROM standing WHERE id > ? AND kind = 'study' "
                "LIMIT 100)",
                (answered,),
            )
        )

    def _answered(self, day: int, was: str) -> int:
        # All answers by index alone, less the few undone ones: asking each whether it stands
        # would take a millisecond a thousand.
        return int(
            self.database.value(
                """
                SELECT (SELECT count(*) FROM review WHERE day = :day AND kind = 'study'
                                                      AND was = :was)
                     - (SELECT count(*) FROM undone JOIN review ON review.id = undone.id
                        WHERE review.day = :day AND review.kind = 'study' AND was = :was)
                """,
                {"day": day, "was": was},
            )
        )

    def _new_of(
        self, where: str, deck: str | None, day: int, limit: int, locked: bool
    ) -> list[str]:
        order = "position, id" if deck is not None else "deck_position, card.deck, position, id"
        unlocked = ALL if locked else f"NOT EXISTS ({LOCKED.format(scope=self._scope())})"
        rows = self.database.rows(
            f"""
            SELECT id, (SELECT position FROM deck WHERE deck.id = card.deck) AS deck_position
            FROM card WHERE fresh = 1 AND present = 1 AND {where} AND NOT EXISTS ({BURIED})
              AND {unlocked}
            ORDER BY {order} LIMIT :limit
            """,  # noqa: S608 - conditions are ours
            {"day": day, "limit": limit, "deck": deck, **named(self._new_decks)},
        )
        return [row[0] for row in rows]


def named(decks: tuple[str, ...] | None) -> dict[str, str]:
    """The values of a condition that names decks."""
    return {f"deck{at}": deck for at, deck in enumerate(decks or ())}


def begun(database: Database, deck: str) -> bool:
    """Whether a new card of this deck was ever asked in a session."""
    sql = (
        "SELECT 1 FROM card JOIN standing ON standing.card = card.id "
        "WHERE card.deck = ? AND standing.was = 'new' AND standing.kind = 'study' LIMIT 1"
    )
    return database.row(sql, (deck,)) is not None


def choose(database: Database, cards: Collection[str]) -> None:
    """Put the chosen cards into a temporary table of this connection; readers may too."""
    database.rows("CREATE TEMP TABLE IF NOT EXISTS chosen (card TEXT PRIMARY KEY) WITHOUT ROWID")
    database.rows("DELETE FROM temp.chosen")
    for card in set(cards):
        database.rows("INSERT INTO temp.chosen VALUES (?)", (card,))


def counts(database: Database, day: int) -> dict[str, Counts]:
    """Counts of every present deck, in deck order; covering indexes only."""

    def by_deck(sql: str) -> dict[str, int]:
        return dict(database.rows(sql, {"day": day}))

    # New is what is left of all cards: counting the answered ones costs nothing at the start and,
    # when everything is answered, no more than counting the new ones did before.
    answered = by_deck("SELECT deck, count(*) FROM memory WHERE ready IS NOT NULL GROUP BY deck")
    unsettled = by_deck(
        "SELECT deck, count(*) FROM memory WHERE learning = 1 AND present = 1 AND suspended = 0 "
        "GROUP BY deck"
    )
    # CROSS JOIN: few are buried and many are new, whatever the planner thinks.
    buried = by_deck(
        "SELECT card.deck, count(*) FROM memory CROSS JOIN card ON card.id = memory.card "
        "WHERE buried_until > 0 AND buried_until > :day AND fresh = 1 AND card.present = 1 "
        "GROUP BY card.deck"
    )
    learning = by_deck(
        "SELECT deck, count(*) FROM memory WHERE learning = 1 AND present = 1 AND suspended = 0 "
        "AND due <= :day AND buried_until <= :day GROUP BY deck"
    )
    suspended = by_deck(
        "SELECT deck, count(*) FROM memory WHERE suspended = 1 AND present = 1 GROUP BY deck"
    )
    due_sql = (
        "SELECT count(*) FROM memory WHERE ready IS NOT NULL AND deck = :deck AND ready <= :day"
    )
    return {
        deck: Counts(
            new=total
            - answered.get(deck, 0)
            - unsettled.get(deck, 0)
            - suspended.get(deck, 0)
            - buried.get(deck, 0),
            learning=learning.get(deck, 0),
            due=database.value(due_sql, {"day": day, "deck": deck}),
            total=total,
            suspended=suspended.get(deck, 0),
        )
        for deck, total in database.rows(
            "SELECT id, total FROM deck WHERE present = 1 ORDER BY position, id"
        )
    }


def done_on(database: Database, day: int) -> DoneToday:
    """What was answered on a study day."""
    return DoneToday(
        *database.row(
            "SELECT coalesce(sum(was = 'new'), 0), coalesce(sum(was = 'due'), 0), count(*), "
            "coalesce(sum(grade = 1), 0), coalesce(sum(elapsed_ms), 0) "
            "FROM standing WHERE day = ? AND kind = 'study'",
            (day,),
        )
    )
