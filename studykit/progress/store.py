"""The progress of one learner: record answers, take them back, ask what stands and what waits.

`open_store` gives the one writing store or a reader. Everything that changes the file is a method
here and is one transaction; when the method returns, it is on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from sqlite3 import Connection
from types import TracebackType
from typing import Self

from studykit.progress import cards, due, log
from studykit.progress.database import Database, Mode, open_database
from studykit.progress.ids import Ids
from studykit.progress.refresh import refresh
from studykit.progress.rows import (
    CardRow,
    Counts,
    DeckRow,
    DoneToday,
    Fold,
    KnownCard,
    MemoryRow,
    Remembered,
    Review,
    Standing,
    Undone,
)

MEMORY = "stability, difficulty, due, last, reps, lapses, learning"


class Store:
    """An open progress file; also a context manager. Days are study days, `at_ms` is the clock.

    Every method raises ProgressError with one sentence when the file cannot do it.
    """

    def __init__(self, database: Database, fold: Fold | None) -> None:
        self.database = database
        self._fold = fold
        self.machine: str = self.setting("machine") or ""
        self.ids = Ids(self.latest_id)

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

    @property
    def fold(self) -> Fold:
        """How answers become a memory, as given to `open_store`."""
        if self._fold is None:
            raise RuntimeError("this store was opened without a fold, to read")
        return self._fold

    def close(self) -> None:
        """Close the file and let others write it."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Answers

    def record(self, review: Review, memory: Remembered | None) -> str:
        """Log an answer with the memory it leaves (None for cram and interview); its id.

        It is on the disk when this returns.
        """
        stamped = review._replace(id=self.ids.next(review.at_ms), machine=self.machine)
        with self.database.write() as connection:
            log.add_review(connection, stamped, memory)
        return stamped.id

    def undo_last(self, day: int, at_ms: int) -> Undone | None:
        """Take back the last answer or action of this machine that still stands, of any session."""
        return self._cancel("undo", log.last_standing, day, at_ms)

    def redo_last(self, day: int, at_ms: int) -> Undone | None:
        """Bring again what the last undo took back, unless something else was done since."""
        return self._cancel("redo", log.last_undone, day, at_ms)

    def history(self, card: str) -> list[Review]:
        """The standing answers of a card, oldest first, also those under its former ids."""
        where = "(card = ?1 OR card IN (SELECT old FROM alias WHERE card = ?1)) ORDER BY id"
        return list(log.read_reviews(self.database.rows(log.select_reviews(where), (card,))))

    def reviews(self, after: str = "", *, undone_too: bool = False) -> Iterator[Review]:
        """All answers in the order of the log, from the one after the id `after`; lazily."""
        sql = log.select_reviews("id > ? ORDER BY id LIMIT 1000", undone_too=undone_too)
        while rows := list(log.read_reviews(self.database.rows(sql, (after,)))):
            yield from rows
            after = rows[-1].id

    # Decisions about a card

    def suspend(self, card: str, day: int, at_ms: int) -> None:
        """Never ask the card until it is unsuspended."""
        self._act("suspend", [card], day, at_ms)

    def unsuspend(self, card: str, day: int, at_ms: int) -> None:
        """Ask the card again."""
        self._act("unsuspend", [card], day, at_ms)

    def bury(self, card: str, until: int, day: int, at_ms: int) -> None:
        """Do not ask the card before study day `until`."""
        self._act("bury", [card], day, at_ms, {card: until})

    def unbury(self, card: str, day: int, at_ms: int) -> None:
        """Ask a buried card again."""
        self._act("unbury", [card], day, at_ms)

    def reset(self, card: str, day: int, at_ms: int) -> None:
        """Make the card new again; its answers stay in the log."""
        self._act("reset", [card], day, at_ms)

    def postpone(self, dues: Mapping[str, int], day: int, at_ms: int) -> None:
        """Set the due days of answered cards otherwise, all in one step of undo."""
        self._act("due", list(dues), day, at_ms, dues)

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

    def sync_deck(self, deck: DeckRow, rows: Collection[CardRow]) -> None:
        """Make the deck's cards those given, in this order; others keep their history."""
        with self.database.write() as connection:
            cards.put_deck(connection, deck, rows)

    def keep_decks(self, ids: Iterable[str]) -> list[str]:
        """Hide every deck not named (removed, or broken) until it is synced again; those hidden."""
        with self.database.write() as connection:
            return cards.keep_decks(connection, ids)

    def known_cards(self, deck: str) -> list[KnownCard]:
        """Every card ever seen in a deck, to find one again whose text was edited."""
        return cards.known_cards(self.database, deck)

    def former_ids(self) -> dict[str, str]:
        """Former id → the id that its card has since; a former id is never given anew."""
        return dict(self.database.rows("SELECT old, card FROM alias"))

    def rename(self, old: str, card: str, day: int, at_ms: int) -> None:
        """The history of `old` counts for `card` from here on, on every machine after a merge."""
        with self.database.write() as connection:
            self._log(connection, "rename", day, at_ms, card=old, target=card)
            cards.rename(connection, old, card)
            refresh(connection, card, self.fold)

    def same(self, card: str, text: str, day: int, at_ms: int) -> None:
        """Note that the learner took an edited text for the same card, so nobody asks again."""
        with self.database.write() as connection:
            self._log(connection, "same", day, at_ms, card=card, note=text)

    def _act(
        self,
        kind: str,
        touched: Collection[str],
        day: int,
        at_ms: int,
        dues: Mapping[str, int] | None = None,
    ) -> None:
        """Log one action for each card, undone together, and refresh those cards."""
        batch = self.ids.next(at_ms) if len(touched) > 1 else None
        with self.database.write() as connection:
            for card in touched:
                due_day = None if dues is None else dues[card]
                self._log(connection, kind, day, at_ms, card=card, due=due_day, batch=batch)
                refresh(connection, card, self.fold)

    def _log(
        self, connection: Connection, kind: str, day: int, at_ms: int, **fields: object
    ) -> None:
        id_ = self.ids.next(at_ms)
        log.add_action(
            connection, id=id_, machine=self.machine, day=day, at_ms=at_ms, kind=kind, **fields
        )

    def _cancel(
        self,
        kind: str,
        find: Callable[[Connection, str], tuple[str, str] | None],
        day: int,
        at_ms: int,
    ) -> Undone | None:
        with self.database.write() as connection:
            what = find(connection, self.machine)
            if what is None:
                return None
            undone, targets = log.undone(connection, *what)
            for target, card in targets:
                self._log(connection, kind, day, at_ms, target=target, card=card)
                if card is not None:
                    refresh(connection, cards.current(connection, card), self.fold)
            return undone

    # What stands and what waits

    def standing(self, card: str) -> Standing:
        """The memory of a card and whether it is set aside."""
        row = self.database.row(
            f"SELECT {MEMORY}, suspended, buried_until FROM memory WHERE card = ?",  # noqa: S608
            (card,),
        )
        if row is None:
            return Standing(None)
        memory = MemoryRow._make((*row[:6], bool(row[6]))) if row[4] else None
        return Standing(memory, bool(row[7]), row[8])

    def source(
        self, decks: Iterable[str] | None = None, chosen: Collection[str] | None = None
    ) -> due.CardSource:
        """Waiting cards for the queue: of all decks, of some, or of chosen cards (the last asked).

        Its learning, due and new limits are those of the queue, not of this room.
        """
        if chosen is not None:
            due.choose(self.database, chosen)
        return due.CardSource(
            self.database, None if decks is None else tuple(decks), chosen is not None
        )

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

    # Facts of this file

    def setting(self, name: str) -> str | None:
        """A stored fact, such as fitted weights; None if it was never set."""
        found: str | None = self.database.value("SELECT value FROM meta WHERE name = ?", (name,))
        return found

    def set_setting(self, name: str, value: str) -> None:
        """Store a fact."""
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO meta VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )


def open_store(path: Path, fold: Fold | None = None, mode: Mode = "write", at_ms: int = 0) -> Store:
    """Open the progress file `path`.

    Mode "write" makes it with its folder where it is missing, migrates it after a backup (named by
    `at_ms`), and holds it against a second writer; it needs `fold`. Mode "read" works beside a
    writer. Raises ProgressError with one sentence: what is wrong, where, and what to do.
    """
    database = open_database(path, mode, at_ms)
    try:
        return Store(database, fold)
    except BaseException:
        database.close()
        raise
