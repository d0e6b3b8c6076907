"""The progress of one learner: record answers, take them back, ask what stands and what waits.

`open_store` gives the one writing store or a reader. Everything that changes the file is a method
here and is one transaction; when the method returns, it is on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from sqlite3 import Connection
from types import TracebackType
from typing import Self

from studykit.progress import cards, log
from studykit.progress.database import Database, Mode, open_database
from studykit.progress.ids import Ids
from studykit.progress.reading import Reading
from studykit.progress.refresh import refresh
from studykit.progress.rows import (
    CardRow,
    DeckRow,
    Fold,
    Remembered,
    Review,
    Undone,
)


class Store(Reading):
    """An open progress file; also a context manager. Days are study days, `at_ms` is the clock.

    Every method raises ProgressError with one sentence when the file cannot do it.
    """

    def __init__(self, database: Database, fold: Fold | None) -> None:
        super().__init__(database)
        self._fold = fold
        self.ids = Ids(self.latest_id)

    @property
    def fold(self) -> Fold:
        """How answers become a memory, as given to `open_store`."""
        if self._fold is None:
            raise RuntimeError("this store was opened without a fold, to read")
        return self._fold

    def adopt(self, fold: Fold) -> None:
        """Fold otherwise from here on, as with fitted weights; then call `check.rebuild`."""
        self._fold = fold

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

    def last_done(self) -> str:
        """What an undo would take back: "review" or the kind of an action; "" for nothing."""
        found = log.last_standing(self.database.connection, self.machine)
        return "" if found is None else found[1]

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

    def decide(
        self,
        kind: str,
        cards: Sequence[str],
        day: int,
        at_ms: int,
        *,
        until: int | None = None,
    ) -> None:
        """Any of these for several cards, all in one step of undo; `until` is for `bury`."""
        dues = None if until is None else dict.fromkeys(cards, until)
        self._act(kind, cards, day, at_ms, dues)

    def postpone(self, dues: Mapping[str, int], day: int, at_ms: int) -> None:
        """Set the due days of answered cards otherwise, all in one step of undo."""
        self._act("due", list(dues), day, at_ms, dues)

    # Decks and cards

    def sync_deck(self, deck: DeckRow, rows: Collection[CardRow]) -> None:
        """Make the deck's cards those given, in this order; others keep their history."""
        with self.database.write() as connection:
            cards.put_deck(connection, deck, rows)

    def keep_decks(self, ids: Iterable[str]) -> list[str]:
        """Hide every deck not named (removed, or broken) until it is synced again; those hidden."""
        with self.database.write() as connection:
            return cards.keep_decks(connection, ids)

    def rename(self, old: str, card: str, day: int, at_ms: int) -> None:
        """The history of `old` counts for `card` from here on, on every machine after a merge."""
        if old == card:
            return
        with self.database.write() as connection:
            self._log(connection, "rename", day, at_ms, card=old, target=card)
            cards.rename(connection, old, card)
            refresh(connection, card, self.fold)

    def same(self, card: str, text: str, day: int, at_ms: int) -> None:
        """Note that the learner took an edited text for the same card, so nobody asks again."""
        with self.database.write() as connection:
            self._log(connection, "same", day, at_ms, card=card, note=text)

    # Facts of this file

    def set_setting(self, name: str, value: str) -> None:
        """Store a fact."""
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO meta VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

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
