"""Which card a session puts on the table next, and how it lies there.

What comes next is looked up each time, from the queue or from a practice; nothing is dealt ahead.
What was taken back, or is asked once more, goes before both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studykit.memory import UNLIMITED, Memory, Next, Queue, Sort
from studykit.study.closing import why_nothing
from studykit.study.kinds import Showing, ask
from studykit.study.practice import Cards, Exercise, Posed, Practice
from studykit.study.question import Remaining, Status
from studykit.study.scope import order_of, tagged
from studykit.study.turn import Turn

if TYPE_CHECKING:
    from studykit.progress import Undone
    from studykit.study.collection import Collection

STATUS: dict[Sort, Status] = {
    Sort.NEW: "new",
    Sort.LEARNING: "learning",
    Sort.DUE: "review",
    Sort.EARLY: "review",
}


class Dealer:
    """Deals the cards of one session."""

    def __init__(
        self,
        collection: Collection,
        *,
        decks: tuple[str, ...] = (),
        begun: tuple[str, ...] | None = None,
        limit: int | None = None,
        tag: str = "",
        cram: bool = False,
        new: int | None = None,
        practice: Practice | None = None,
    ) -> None:
        """`decks` are those that are asked (none: all), `begun` those whose new cards come."""
        self._collection = collection
        self._store = collection.store
        self._limit = limit
        self._decks = frozenset(decks)
        self._begun = self._decks if begun is None else frozenset(begun)
        chosen = tagged(collection, decks, tag) if tag else None
        source = self._store.source(decks or None, chosen, begun)
        self._queue = Queue(source, order_of(collection, source, decks, new))
        self.practice = practice
        """Where the cards come from in place of the queue."""
        if cram:
            self.practice = Cards(source.everything(collection.day, limit or UNLIMITED))
        self._again: Next | Exercise | Posed | None = None
        self._skip: set[str] = set()

    def deal(self, done: int) -> Turn | None:
        """The next card, after so many graded ones; None when nothing is left to ask."""
        while (chosen := self._next(done)) is not None:
            try:
                return self._turn(chosen)
            except KeyError:
                # Its deck lost the card since the queue was looked up.
                if isinstance(chosen, Next):
                    self._skip.add(chosen.card)
        return None

    def once_more(self, turn: Turn) -> None:
        """Deal the card of this turn again, before any other."""
        self._again = Next(turn.asked.question.card, turn.sort)

    def take_back(self, undone: Undone) -> None:
        """Deal the card of what was undone, before any other."""
        if undone.card is None and undone.review and undone.review.ticket:
            self._again = Exercise.of(undone.review.ticket)
        elif undone.card is not None:
            self._again = Next(undone.card, self._sort_before(undone))

    def left(self, done: int, on_table: bool) -> Remaining:
        """What is still to come after so many graded cards, within every limit.

        The question on the table is one of them.
        """
        if self.practice:
            return Remaining(new=0, learning=0, review=(self.practice.left() or 0) + on_table)
        today = self._queue.left(self._collection.day)
        counts = Remaining(new=today.new, learning=today.learning, review=today.due)
        if self._limit is None:
            return counts
        room = max(0, self._limit - done)
        learning = min(counts.learning, room)
        review = min(counts.review, room - learning)
        return Remaining(min(counts.new, room - learning - review), learning, review)

    def nothing(self) -> str:
        """Why there is nothing to ask, and what to do about it, in Markdown."""
        return why_nothing(self._collection, self._decks, self._begun, self._queue.order)

    def _next(self, done: int) -> Next | Exercise | Posed | None:
        if self._again is not None:
            chosen, self._again = self._again, None
            return chosen
        if self._limit is not None and done >= self._limit:
            return None
        if self.practice:
            item = self.practice.next()
            return Next(item, Sort.DUE) if isinstance(item, str) else item
        return self._queue.next(self._collection.day, self._skip)

    def _turn(self, chosen: Next | Exercise | Posed) -> Turn:
        decimal_comma = self._collection.settings.decimal_comma
        if isinstance(chosen, Exercise):
            day, at_ms = self._collection.day, self._collection.clock()
            return Turn(chosen.asked(decimal_comma), Sort.DUE, day, at_ms, seen=0, before=None)
        library = self._collection.shelf.library
        card, posed = library.card(chosen.card), chosen if isinstance(chosen, Posed) else None
        sort = Sort.DUE if isinstance(chosen, Posed) else chosen.sort
        info = library.deck(library.deck_of(chosen.card))
        seen = self._store.times_answered(chosen.card)
        showing = Showing(
            card=chosen.card,
            deck=info.id,
            deck_title=info.title,
            status=STATUS[sort],
            turn=seen,
            drawn=posed.drawn if posed else None,
            sources=library.header(info.id).sources,
            decimal_comma=decimal_comma,
        )
        row = self._store.standing(chosen.card).memory
        return Turn(
            asked=ask(posed.of(card) if posed else card, showing),
            sort=sort,
            day=self._collection.day,
            shown_ms=self._collection.clock(),
            seen=seen,
            before=Memory(*row) if row else None,
        )

    def _sort_before(self, undone: Undone) -> Sort:
        """What the card was before what is undone; what an interview missed was none of these."""
        was = undone.review.was if undone.review else ""
        if was in set(Sort):
            return Sort(was)
        memory = self._store.standing(undone.card or "").memory
        if memory is None:
            return Sort.NEW
        return Sort.LEARNING if memory.learning else Sort.DUE
