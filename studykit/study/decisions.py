"""What is decided about cards outside a session: suspend, bury, reset, and taking that back.

Everything is a row of the log, so it can be undone and no answer is ever lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from studykit.progress import ProgressError
from studykit.study.errors import StudyError

if TYPE_CHECKING:
    from studykit.progress import Standing
    from studykit.study.collection import Collection

    _Is = Callable[[Standing], bool]

DONE = {
    "suspend": "Suspended",
    "unsuspend": "Taken back into study",
    "bury": "Buried until tomorrow",
    "unbury": "Asked again today",
    "reset": "New again, answers kept in the log",
}
"""What became of a card, by the action in the log."""


class Decisions:
    """Those of one visit: an undo takes back what was decided here, and nothing older.

    Methods say in a sentence what was done; they raise StudyError where nothing can be done.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._made: list[tuple[str, tuple[str, ...]]] = []

    @property
    def any(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._made)

    def suspend(self, cards: Sequence[str]) -> str:
        """Suspend the cards, or take them back if all of them are suspended."""
        return self._switch(cards, "suspend", "unsuspend", lambda one: one.suspended)

    def bury(self, cards: Sequence[str]) -> str:
        """Bury the cards until tomorrow, or take them back if all of them are buried."""
        day = self._collection.day
        return self._switch(cards, "bury", "unbury", lambda one: one.buried_until > day)

    def reset(self, cards: Sequence[str]) -> str:
        """Make the cards new again."""
        standing = self._collection.store.standing
        answered = tuple(card for card in cards if standing(card).memory is not None)
        if not answered:
            who = "it was" if len(cards) == 1 else "they were"
            raise StudyError(f"There is nothing to reset: {who} never answered.")
        return self._decide("reset", answered)

    def undo(self) -> tuple[str, tuple[str, ...]]:
        """Take back the last decision of this visit: what is said, and the cards it was about."""
        if not self._made:
            raise StudyError(
                "Nothing was changed here. A grade is taken back where you study, or on the decks."
            )
        store = self._collection.store
        try:
            store.undo_last(self._collection.day, self._collection.clock())
        except ProgressError as error:
            raise StudyError(str(error)) from error
        kind, cards = self._made.pop()
        return f"Taken back: {DONE[kind].lower()}, {_named(cards)}.", cards

    def _switch(self, cards: Sequence[str], on: str, off: str, is_on: _Is) -> str:
        standing = self._collection.store.standing
        open_ = tuple(card for card in cards if not is_on(standing(card)))
        return self._decide(on, open_) if open_ else self._decide(off, tuple(cards))

    def _decide(self, kind: str, cards: tuple[str, ...]) -> str:
        if self._collection.read_only:
            raise StudyError("studykit is open in another window; close it there to change this.")
        if not cards:
            raise StudyError(
                "No card is selected; a family cannot be set aside. Tab shows the cards."
            )
        day = self._collection.day
        try:
            self._collection.store.decide(
                kind,
                cards,
                day,
                self._collection.clock(),
                until=day + 1 if kind == "bury" else None,
            )
        except ProgressError as error:
            raise StudyError(str(error)) from error
        self._made.append((kind, cards))
        return f"{DONE[kind]}: {_named(cards)}."


def _named(cards: tuple[str, ...]) -> str:
    return cards[0] if len(cards) == 1 else f"{len(cards)} cards"
