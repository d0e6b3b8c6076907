"""Everything of one learner, opened: decks, progress, settings and the clock.

A front end opens one Collection, lists its decks, and takes sessions from it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from studykit.decks.places import shipped_decks
from studykit.memory.days import study_day
from studykit.progress import Fold, ProgressError, Store, open_store
from studykit.study.counts import DeckCounts, Today, deck_counts, done_today
from studykit.study.errors import StudyError
from studykit.study.home import Home
from studykit.study.scheduling import Scheduling
from studykit.study.settings import Settings, load
from studykit.study.shelf import IdentityQuestion, Shelf

if TYPE_CHECKING:
    from studykit.decks.faults import Fault
    from studykit.memory import Settings as Policy
    from studykit.progress.database import Database
    from studykit.study.drafts import Drafts
    from studykit.study.following import Following
    from studykit.study.outlook import Outlook
    from studykit.study.practice import Practice
    from studykit.study.session import Session
    from studykit.study.start import Start
    from studykit.study.statistics import Statistics

PLAN = "plan"
"""The name of a plan among the facts of the progress file."""

WELCOMED = "welcomed"
Clock = Callable[[], int]
"""Milliseconds since the epoch."""


def system_clock() -> int:
    return time.time_ns() // 1_000_000


class Collection:
    """Use `Collection.open`; also a context manager."""

    def __init__(
        self,
        home: Home,
        settings: Settings,
        store: Store,
        shelf: Shelf,
        scheduling: Scheduling,
        clock: Clock,
        read_only: bool,
    ) -> None:
        self.home = home
        self.settings = settings
        self.store = store
        self.shelf = shelf
        self._scheduling = scheduling
        self.clock = clock
        self.read_only = read_only
        self._drafts: Drafts | None = None
        self._opened_at = store.latest_id
        self._plan = store.setting(PLAN) or ""
        self._summing: Database | None = None

    @classmethod
    def open(
        cls,
        home: Home,
        *,
        paths: Sequence[Path] = (),
        settings: Settings | None = None,
        clock: Clock = system_clock,
        read_only: bool = False,
    ) -> Collection:
        """Open the learner's progress and find the decks: shipped ones, own ones, and `paths`.

        `read_only` is for looking: it works while the app is open elsewhere. Raises StudyError
        with one sentence about what is wrong and what to do.
        """
        settings = settings or load(home)
        for path in paths:
            if not path.exists():
                raise StudyError(
                    f"There is no deck file or folder {path}. `studykit decks` lists decks."
                )
        home.make()

        scheduling = Scheduling(settings)

        def now() -> tuple[int, int]:
            at_ms = clock()
            return study_day(at_ms, rollover_hour=scheduling.settings.rollover), at_ms

        store: Store | None = None
        try:
            store, writable = _open_store(home, scheduling.fold, clock(), read_only)
            scheduling.weights = store.setting("weights") or ""
            places = (*paths, home.decks, shipped_decks())
            shelf = Shelf(store, places, home.cache, now=now, writable=writable)
        except ProgressError as error:
            if store is not None:
                store.close()
            raise StudyError(str(error)) from error
        except BaseException:
            if store is not None:
                store.close()
            raise
        return cls(home, settings, store, shelf, scheduling, clock, not writable)

    def rest(self) -> None:
        """Tidy the progress file at a moment in which nobody waits, such as the end of a session.

        It copies the write-ahead log into the file, so that this never happens amid an answer.
        """
        if not self.read_only:
            self.store.database.checkpoint()

    def close(self) -> None:
        """Back up what was answered, if the last backup is old enough, and let go of the files."""
        self.shelf.library.close()
        try:
            if not self.read_only and self.store.latest_id != self._opened_at:
                from studykit.progress.backup import back_up

                back_up(self.store, self.clock())
                self.rest()
        except ProgressError as error:
            raise StudyError(str(error)) from error
        finally:
            self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def first_time(self) -> bool:
        """Whether nobody was welcomed here yet, nor has answered anything."""
        return (
            not self.read_only and not self.store.latest_id and self.store.setting(WELCOMED) is None
        )

    def welcomed(self) -> None:
        """Note that the learner has seen, or skipped, what a newcomer is told."""
        if self.first_time:
            self.store.set_setting(WELCOMED, "yes")

    def change(self, settings: Settings) -> None:
        """Go by other settings from here on; a session keeps the daily limits it began with."""
        self.settings = settings
        self._scheduling.change(settings)

    @property
    def scheduling(self) -> Policy:
        """Retention, weights and longest interval, as the memory room takes them.

        A plan that is followed decides the retention.
        """
        policy = self._scheduling.policy
        plan = self.plan
        return replace(policy, retention=plan.strategy.retention) if plan else policy

    def use_weights(self, text: str) -> None:
        """Schedule and fold with these weights, as they are stored, from here on."""
        self._scheduling = Scheduling(self.settings)
        self._scheduling.weights = text
        self.store.adopt(self._scheduling.fold)

    @property
    def plan(self) -> Following | None:
        """The plan that is followed today, if there is one."""
        if not self._plan:
            return None
        from studykit.study.following import read_plan

        return read_plan(self._plan, self.day)

    def follow(self, plan: Following | None) -> None:
        """Put a plan in force, or none; it is kept. Raises StudyError where that cannot be."""
        if self.read_only:
            raise StudyError("studykit is open in another window. Close it there first.")
        self._plan = plan.text() if plan else ""
        self.store.set_setting(PLAN, self._plan)

    @property
    def day(self) -> int:
        """The study day it is."""
        return study_day(self.clock(), rollover_hour=self.settings.rollover)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the decks that are broken; the others are served."""
        return tuple(one for found in self.shelf.library.faults.values() for one in found)

    def decks(self) -> tuple[DeckCounts, ...]:
        """Every deck in the order of study, with today's counts."""
        return deck_counts(self.store, self.shelf.library, self.day)

    def asked_for(self, start: Start) -> tuple[str, ...]:
        """The decks named at the door, those of deck files given by path included."""
        paths = [path.resolve() for path in start.paths]
        given = [
            info.id
            for info in self.shelf.library.decks()
            if any(path in (info.path.resolve(), *info.path.resolve().parents) for path in paths)
        ]
        return tuple(dict.fromkeys((*start.decks, *given)))

    def no_deck(self, name: str) -> StudyError:
        """What is said when no deck has this id."""
        from difflib import get_close_matches

        near = get_close_matches(name, [info.id for info in self.shelf.library.decks()], n=1)
        hint = f"Did you mean {near[0]}?" if near else "`studykit decks` lists them."
        return StudyError(f"There is no deck called {name}. {hint}")

    def today(self) -> Today:
        """What was done today."""
        return done_today(self.store, self.day, self.new_a_day())

    def new_a_day(self) -> int:
        """New cards today, by the plan that is followed or by the settings."""
        if self.plan is None:
            return self.settings.new_per_day
        source = self.store.source(begun=self._served())
        return self.plan.order(self.settings, source, self.day).new_a_day

    def _served(self) -> tuple[str, ...] | None:
        """The decks that are on, where some are off; None where all are on."""
        listed = self.decks()
        on = tuple(deck.id for deck in listed if not deck.off)
        return on if len(on) < len(listed) else None

    def statistics(self) -> Statistics:
        """What the log says, summed up; from a connection of its own, so that a thread may ask."""
        from studykit.study.statistics import statistics

        policy = self.scheduling
        with self._beside() as store:
            self._summing = store.database
            try:
                return statistics(store, self.day, policy.weights, policy.retention)
            finally:
                self._summing = None

    def stop_statistics(self) -> None:
        """Whoever waits in `statistics` gets a StudyError: leaving the program must not wait."""
        if self._summing is not None:
            self._summing.interrupt()

    def outlook(self) -> Outlook:
        """What the first screen says beside the decks; a thread may ask this too."""
        from studykit.study.outlook import outlook

        with self._beside() as store:
            return outlook(store, self.day, self.plan)

    @contextmanager
    def _beside(self) -> Iterator[Store]:
        """The progress file for reading, beside the connection that writes."""
        try:
            with open_store(self.home.db, mode="read") as store:
                yield store
        except ProgressError as error:
            raise StudyError(str(error)) from error

    @property
    def drafts(self) -> Drafts:
        """What was begun and not graded yet."""
        if self._drafts is None:
            from studykit.study.drafts import Drafts

            self._drafts = Drafts(self.home.drafts)
        return self._drafts

    def questions(self) -> tuple[IdentityQuestion, ...]:
        """Cards without an id whose text was edited, to be settled once."""
        return () if self.read_only else self.shelf.questions()

    def decide(self, question: IdentityQuestion, keep: bool) -> None:
        """Settle such a question."""
        self.shelf.decide(question, keep)

    def to_edit(self, path: Path) -> Path:
        """The file to edit for a deck: a copy, where it belongs to the installed program."""
        from studykit.study.copies import to_edit

        return to_edit(self.home, path)

    def refresh(self, path: Path) -> tuple[Fault, ...]:
        """Read a deck file again after an edit; what is wrong with it now."""
        self.shelf.refresh(path)
        return tuple(self.shelf.library.faults.get(path, ()))

    def place(self, card: str) -> tuple[Path, int]:
        """The file and line where a card stands. Raises StudyError when it is gone."""
        if not card:
            raise StudyError(
                "This problem was drawn for practice: no deck holds it, so there is nothing to "
                "edit."
            )
        try:
            return self.shelf.library.line(card)
        except KeyError:
            raise StudyError(
                f"No deck holds the card {card} any more: go on with another."
            ) from None

    def info(self, card: str) -> str:
        """Why this card is due, in Markdown, with the learner's own numbers."""
        from studykit.study.why import whence, why

        planned = self.plan is not None
        text = why(self.store, card, self.day, self.scheduling, planned=planned)
        return "\n\n".join([text, *whence(self.shelf.library, card)])

    def session(
        self,
        *,
        decks: Sequence[str] = (),
        limit: int | None = None,
        tag: str = "",
        cram: bool = False,
        new: int | None = None,
        practice: Practice | None = None,
    ) -> Session:
        """A session over some decks (all by default), or over what `practice` gives.

        `new` is how many new cards today may bring, whatever is planned.
        Raises StudyError for an unknown deck.
        """
        from studykit.study.dealer import Dealer
        from studykit.study.session import Session

        if self.read_only:
            raise StudyError(
                "studykit is open in another window, and only one can write your progress. "
                "Close it there first."
            )
        known = [info.id for info in self.shelf.library.decks()]
        for deck in decks:
            if deck not in known:
                raise self.no_deck(deck)
        dealer = Dealer(
            self,
            decks=tuple(decks),
            begun=None if decks or tag else self._served(),
            limit=limit,
            tag=tag,
            cram=cram,
            new=new,
            practice=practice,
        )
        return Session(self, dealer)


def _open_store(home: Home, refold: Fold, at_ms: int, read_only: bool) -> tuple[Store, bool]:
    """The store, and whether it can be written. Looking falls back to reading beside a writer."""
    try:
        return open_store(home.db, refold, "write", at_ms), True
    except ProgressError:
        if not read_only or not home.db.exists():
            raise
        return open_store(home.db, refold, "read"), False
