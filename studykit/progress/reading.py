"""Everything that can be asked of a progress file, by its writer and by readers alike.

Nothing here changes the file.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from studykit.progress import cards, due, log
from studykit.progress.database import Database
from studykit.progress.rows import (
    Counts,
    DeckRow,
    DoneToday,
    KnownCard,
    MemoryRow,
    Review,
    Standing,
)

MEMORY = "stability, difficulty, due, last, reps, lapses, learning"


class Reading:
    """What stands, what waits and what was answered. Days are study days."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.machine: str = self.setting("machine") or ""

    @property
    def path(self) -> Path:
        """The file."""
        return self.database.path

    @property
    def latest_id(self) -> str:
        """The id of the last row of the log; "" in a fresh file."""
        found: str = self.database.value(
            "SELECT max(coalesce((SELECT max(id) FROM review), ''), "
            "coalesce((SELECT max(id) FROM action), ''))"
        )
        return found

    def setting(self, name: str) -> str | None:
        """A stored fact, such as fitted weights; None if it was never set."""
        found: str | None = self.database.value("SELECT value FROM meta WHERE name = ?", (name,))
        return found

    # The log

    def history(self, card: str) -> list[Review]:
        """The standing answers of a card, oldest first, also those under its former ids."""
        where = "(card = ?1 OR card IN (SELECT old FROM alias WHERE card = ?1)) ORDER BY id"
        return list(log.read_reviews(self.database.rows(log.select_reviews(where), (card,))))

    def times_answered(self, card: str) -> int:
        """How many answers of a card stand, those under its former ids included."""
        sql = (
            "SELECT count(*) FROM standing "
            "WHERE card = ?1 OR card IN (SELECT old FROM alias WHERE card = ?1)"
        )
        return int(self.database.value(sql, (card,)))

    def reviews(self, after: str = "", *, undone_too: bool = False) -> Iterator[Review]:
        """All answers in the order of the log, from the one after the id `after`; lazily."""
        sql = log.select_reviews("id > ? ORDER BY id LIMIT 1000", undone_too=undone_too)
        while rows := list(log.read_reviews(self.database.rows(sql, (after,)))):
            yield from rows
            after = rows[-1].id

    def of_kind(self, kind: str, session: str | None = None) -> list[Review]:
        """The standing answers of a kind (interview, rapid), of one session or of all, by age."""
        where = "kind = ?1 AND (?2 IS NULL OR session = ?2) ORDER BY id"
        return list(
            log.read_reviews(self.database.rows(log.select_reviews(where), (kind, session)))
        )

    def mistaken(self) -> list[Review]:
        """The standing answers in which a mistake was named, oldest first."""
        return list(
            log.read_reviews(
                self.database.rows(log.select_reviews("mistakes IS NOT NULL ORDER BY id"))
            )
        )

    def right_answers(self, after: str = "") -> list[Review]:
        """The standing answers that were right without a hint, after the one with this id."""
        where = "id > ? AND result = 'right' AND hints = 0 ORDER BY id"
        return list(log.read_reviews(self.database.rows(log.select_reviews(where), (after,))))

    def mistakes_by_card(self) -> dict[str, tuple[str, ...]]:
        """The names of the mistakes that were made on each card, under its present id."""
        found: dict[str, dict[str, None]] = {}
        for card, names in self.database.rows(
            "SELECT DISTINCT coalesce(alias.card, standing.card), mistakes FROM standing "
            "LEFT JOIN alias ON alias.old = standing.card "
            "WHERE mistakes IS NOT NULL AND standing.card IS NOT NULL"
        ):
            found.setdefault(card, {}).update(dict.fromkeys(json.loads(names)))
        return {card: tuple(names) for card, names in found.items()}

    # Decks and cards

    def decks(self) -> list[DeckRow]:
        """The decks that are present, in their order."""
        return [
            DeckRow(*row)
            for row in self.database.rows(
                "SELECT id, hash, title, position, path FROM deck WHERE present = 1 "
                "ORDER BY position, id"
            )
        ]

    def known_cards(self, deck: str) -> list[KnownCard]:
        """Every card ever seen in a deck, to find one again whose text was edited."""
        return cards.known_cards(self.database, deck)

    def former_ids(self) -> dict[str, str]:
        """Former id → the id that its card has since; a former id is never given anew."""
        return dict(self.database.rows("SELECT old, card FROM alias"))

    # What stands and what waits

    def standing(self, card: str) -> Standing:
        """The memory of a card and whether it is set aside."""
        row = self.database.row(
            f"SELECT {MEMORY}, suspended, buried_until FROM memory WHERE card = ?",  # noqa: S608
            (card,),
        )
        return Standing(None) if row is None else _standing(row)

    def standings(self) -> dict[str, Standing]:
        """The same for every present card that was ever answered or set aside."""
        return {
            row[0]: _standing(row[1:])
            for row in self.database.rows(
                f"SELECT card, {MEMORY}, suspended, buried_until FROM memory WHERE present = 1"  # noqa: S608
            )
        }

    def source(
        self,
        decks: Iterable[str] | None = None,
        chosen: Collection[str] | None = None,
        begun: Iterable[str] | None = None,
    ) -> due.CardSource:
        """Waiting cards for the queue: of all decks, of some, or of chosen cards (the last asked).

        Of all decks only those `begun` give new cards, if some are named. Its learning, due and
        new limits are those of the queue, not of this room.
        """
        if chosen is not None:
            due.choose(self.database, chosen)
        return due.CardSource(
            self.database,
            None if decks is None else tuple(decks),
            chosen is not None,
            None if begun is None else tuple(begun),
        )

    def begun(self, deck: str) -> bool:
        """Whether a new card of this deck was ever asked in a session."""
        return due.begun(self.database, deck)

    def counts(self, day: int) -> dict[str, Counts]:
        """Counts of every present deck on a day, in deck order, before daily limits."""
        return due.counts(self.database, day)

    def done(self, day: int) -> DoneToday:
        """What was studied on a day."""
        return due.done_on(self.database, day)

    def due_on(self, day: int) -> int:
        """How many cards are due on exactly this day: the load that balancing looks at."""
        return int(
            self.database.value(
                "SELECT count(*) FROM memory WHERE ready IS NOT NULL AND ready = ?", (day,)
            )
        )

    def sibling_dues(self, card: str) -> list[int]:
        """Due days of the other cards that draw from the same family."""
        return [
            row[0]
            for row in self.database.rows(
                "SELECT memory.due FROM card AS own JOIN card ON card.deck = own.deck "
                "AND card.family = own.family AND card.id <> own.id "
                "JOIN memory ON memory.card = card.id "
                "WHERE own.id = ? AND memory.reps > 0 AND memory.learning = 0",
                (card,),
            )
        ]

    def memories(self, deck: str | None = None) -> Iterator[tuple[str, MemoryRow | None]]:
        """(card, memory) of every present card that is not suspended, in no order."""
        where = "" if deck is None else "AND card.deck = ?"
        for row in self.database.rows(
            f"SELECT card.id, {MEMORY} FROM card LEFT JOIN memory ON memory.card = card.id "  # noqa: S608
            f"WHERE card.present = 1 AND coalesce(memory.suspended, 0) = 0 {where}",
            () if deck is None else (deck,),
        ):
            yield row[0], MemoryRow._make((*row[1:7], bool(row[7]))) if row[5] else None


def _standing(row: tuple[object, ...]) -> Standing:
    """A row of `MEMORY`, suspended, buried_until."""
    memory = MemoryRow._make((*row[:6], bool(row[6]))) if row[4] else None
    return Standing(memory, bool(row[7]), row[8])  # type: ignore[arg-type]  # a column of integers
