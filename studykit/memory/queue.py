"""Which card comes next: an order over a `Source`, which looks cards up and never loads them all.

The queue keeps almost nothing of its own. What was answered today, what waits in learning and what
is due is asked of the source each time, so undo, a restart or a second deck need no special case.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

from studykit.memory.errors import ScheduleError

UNLIMITED = 1_000_000
"""A limit that nobody reaches in a day."""

MIXED_OVER = 1000
"""Cards looked ahead to spread new ones among due ones; counting more would only cost time."""

PAGE = 50
"""Cards sorted by retrievability at a time: that order changes daily, so no index holds it."""


class DueOrder(StrEnum):
    """Which due card first: the longest due (shuffled within a day), or the likeliest forgotten."""

    DAY = "day"
    RETRIEVABILITY = "retrievability"


class NewOrder(StrEnum):
    """Where new cards stand among the due ones."""

    MIXED = "mixed"
    FIRST = "first"
    LAST = "last"


class NewFrom(StrEnum):
    """Which deck the next new card comes from: each in turn, or one after another as in a course.

    A card waits for those that it presumes in either case.
    """

    TURN = "turn"
    COURSE = "course"


class Sort(StrEnum):
    """Why a card is asked."""

    NEW = "new"
    LEARNING = "learning"
    DUE = "due"
    EARLY = "early"
    """Not due yet, but weak on the day a plan is for."""


class Waiting(NamedTuple):
    """A card in learning, and how many answers to other cards came after its own."""

    card: str
    since: int


class Source(Protocol):
    """Where the cards are. Every list is in the order to ask; `day` is a study day."""

    def learning(self, day: int) -> Sequence[tuple[str, int]]:
        """(card, answers given since it), the longest waiting first."""
        ...

    def due(self, day: int, limit: int, by_recall: bool) -> Sequence[str]:
        """The first due cards: by day and shuffle, or the lowest retrievability first."""
        ...

    def is_due(self, card: str, day: int) -> bool:
        """Whether this card is among the due ones."""
        ...

    def new(self, day: int, limit: int, in_turn: bool) -> Sequence[str]:
        """The first cards never answered, by position: deck after deck, or from each in turn."""
        ...

    def due_count(self, day: int, limit: int) -> int:
        """How many are due, counted up to `limit`."""
        ...

    def new_count(self, day: int, limit: int) -> int:
        """How many are new, counted up to `limit`."""
        ...

    def early(self, day: int, date: int, limit: int) -> Sequence[str]:
        """Known cards, neither due nor answered on `day`, the lowest recall on `date` first."""
        ...

    def is_early(self, card: str, day: int) -> bool:
        """Whether this card is known, neither due nor answered on `day`."""
        ...

    def early_count(self, day: int, limit: int) -> int:
        """How many of them there are, counted up to `limit`."""
        ...

    def introduced(self, day: int) -> int:
        """New cards first answered on this day, in the whole collection."""
        ...

    def reviewed(self, day: int) -> int:
        """Answers to due cards on this day, in the whole collection."""
        ...

    def hastened(self, day: int) -> int:
        """Answers to cards asked early on this day, in the whole collection."""
        ...


@dataclass(frozen=True)
class Order:
    """Limits of a study day, and what goes before what. Raises ScheduleError below 0."""

    new_a_day: int = 20
    reviews_a_day: int = 200
    due: DueOrder = DueOrder.DAY
    new: NewOrder = NewOrder.MIXED
    new_from: NewFrom = NewFrom.TURN
    again_after: int = 5
    """How many other cards come before one graded Again does, while there are others."""
    early: int = 0
    """Cards asked before they are due, once nothing else is left."""
    date: int = 0
    """The day for which they are asked: the likeliest forgotten then come first."""

    def __post_init__(self) -> None:
        if min(self.new_a_day, self.reviews_a_day, self.again_after, self.early) < 0:
            raise ScheduleError("Daily limits count cards, from 0 upwards.")


class Next(NamedTuple):
    """The card to ask, and why."""

    card: str
    sort: Sort


class Left(NamedTuple):
    """What is left of today within the limits."""

    new: int
    learning: int
    due: int

    @property
    def total(self) -> int:
        """Cards that will still be asked."""
        return self.new + self.learning + self.due


@dataclass
class Queue:
    """The order of one session over a source."""

    source: Source
    order: Order = Order()
    _page: list[str] = field(default_factory=list, repr=False)
    _weak: list[str] = field(default_factory=list, repr=False)

    def next(self, day: int, skip: Collection[str] = ()) -> Next | None:
        """The card to ask, or None when the day is done.

        `skip` holds cards that cannot be shown. A card graded Again returns once enough others
        came between, or when it alone is left.
        """
        waiting = [
            Waiting(card, since) for card, since in self.source.learning(day) if card not in skip
        ]
        for card, since in waiting:
            if since >= self.order.again_after:
                return Next(card, Sort.LEARNING)
        fresh = self._either(day, skip)
        if fresh is None and waiting:
            return Next(waiting[0].card, Sort.LEARNING)
        return fresh

    def left(self, day: int) -> Left:
        """Cards still to come today, within the limits."""
        new_room, due_room = self._room(day)
        early_room = self._early_room(day)
        early = self.source.early_count(day, early_room) if early_room else 0
        return Left(
            new=self.source.new_count(day, new_room) if new_room else 0,
            learning=len(self.source.learning(day)),
            due=(self.source.due_count(day, due_room) if due_room else 0) + early,
        )

    def _either(self, day: int, skip: Collection[str]) -> Next | None:
        new_room, due_room = self._room(day)
        sorts = [Sort.DUE, Sort.NEW]
        if self._new_is_next(day, new_room, due_room):
            sorts.reverse()
        for sort in sorts:
            card = (
                self._new(day, new_room, skip)
                if sort is Sort.NEW
                else self._due(day, due_room, skip)
            )
            if card is not None:
                return Next(card, sort)
        return self._early(day, skip)

    def _room(self, day: int) -> tuple[int, int]:
        return (
            max(0, self.order.new_a_day - self.source.introduced(day)),
            max(0, self.order.reviews_a_day - self.source.reviewed(day)),
        )

    def _new_is_next(self, day: int, new_room: int, due_room: int) -> bool:
        """Mixed: new cards are spread evenly over the day, whatever was done of either before.

        With 3 new and 9 due ahead every fourth card is new: the due come first, d d d n d d d n …
        """
        if not new_room:
            return False
        if self.order.new is not NewOrder.MIXED:
            return self.order.new is NewOrder.FIRST
        if not due_room:
            return True
        new_left = self.source.new_count(day, min(new_room, MIXED_OVER))
        due_left = self.source.due_count(day, min(due_room, MIXED_OVER))
        new_all = new_left + self.source.introduced(day)
        due_all = due_left + self.source.reviewed(day)
        # Share of each that would be done after the next one; the smaller share goes first.
        return new_left > 0 and (
            due_left == 0 or (new_all - new_left + 1) * due_all <= (due_all - due_left) * new_all
        )

    def _early_room(self, day: int) -> int:
        return max(0, self.order.early - self.source.hastened(day)) if self.order.early else 0

    def _due(self, day: int, room: int, skip: Collection[str]) -> str | None:
        if not room:
            return None
        if self.order.due is DueOrder.DAY:
            return _first(self.source.due(day, 1 + len(skip), by_recall=False), skip)
        return _paged(
            self._page,
            lambda card: card not in skip and self.source.is_due(card, day),
            lambda: self.source.due(day, PAGE + len(skip), by_recall=True),
        )

    def _early(self, day: int, skip: Collection[str]) -> Next | None:
        if not self._early_room(day):
            return None
        card = _paged(
            self._weak,
            lambda card: card not in skip and self.source.is_early(card, day),
            lambda: self.source.early(day, self.order.date, PAGE + len(skip)),
        )
        return None if card is None else Next(card, Sort.EARLY)

    def _new(self, day: int, room: int, skip: Collection[str]) -> str | None:
        if not room:
            return None
        in_turn = self.order.new_from is NewFrom.TURN
        return _first(self.source.new(day, 1 + len(skip), in_turn), skip)


def _first(cards: Sequence[str], skip: Collection[str]) -> str | None:
    return next((card for card in cards if card not in skip), None)


def _paged(
    page: list[str], still: Callable[[str], bool], more: Callable[[], Sequence[str]]
) -> str | None:
    """The first card of the page that still waits; the page is filled anew when it is used up."""
    for _ in range(2):
        while page:
            if still(page[0]):
                return page[0]
            del page[0]
        page.extend(more())
    return None
