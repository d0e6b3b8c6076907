"""Deck files and progress brought together: which card in a file is which card in the log.

Only decks whose content changed are looked into. A card without an id that was edited becomes a
question, kept in the progress file until it is answered, so it is asked once and never forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from studykit.decks.library import DeckInfo, Library
from studykit.progress import CardRow, DeckRow, Store

if TYPE_CHECKING:
    from studykit.decks.identity import Found

QUESTIONS = "identity-questions"


class IdentityQuestion(NamedTuple):
    """Is the card that reads `new_text` the one that read `old_text`? Its reviews hang on it."""

    deck: str
    deck_title: str
    old_card: str
    new_card: str
    old_text: str
    new_text: str
    likeness: float
    """0 to 1."""
    reviews: int


class Shelf:
    """The library, kept in step with the store. `now` gives (study day, ms since the epoch)."""

    def __init__(
        self,
        store: Store,
        places: Iterable[Path],
        cache: Path | None,
        *,
        now: Callable[[], tuple[int, int]],
        writable: bool = True,
    ) -> None:
        self._store = store
        self._now = now
        self._writable = writable
        self._raised: dict[str, IdentityQuestion] = {}
        self.library = Library(places, cache, identify=self._identify if writable else None)
        if writable:
            self._sync()

    def questions(self) -> tuple[IdentityQuestion, ...]:
        """Edited cards that nobody has decided on yet."""
        stored = json.loads(self._store.setting(QUESTIONS) or "[]")
        return tuple(IdentityQuestion(**one) for one in stored)

    def decide(self, question: IdentityQuestion, keep: bool) -> None:
        """Settle a question: the reviews go on with the edited card, or stay with the old one."""
        from studykit.decks.identity import is_derived

        day, at_ms = self._now()
        explicit = not is_derived(question.new_card)
        if keep and explicit:
            self._store.rename(question.old_card, question.new_card, day, at_ms)
        elif keep:
            self._store.same(question.old_card, question.new_text, day, at_ms)
            info = self.library.deck(question.deck)
            rows = self._rows(info)
            self._put(
                info,
                [
                    row._replace(id=question.old_card) if row.id == question.new_card else row
                    for row in rows
                ],
            )
            self._store.rename(question.new_card, question.old_card, day, at_ms)
            self.library.reidentify(question.deck)
        left = [one for one in self.questions() if one != question]
        self._keep(left)

    def refresh(self, path: Path) -> None:
        """Read a file again after an edit."""
        self.library.refresh(path)
        if self._writable:
            self._sync()

    def _identify(self, deck: str, found: Sequence[Found]) -> Sequence[str]:
        from studykit.decks.identity import Known, ids_of, is_derived, match

        rows = self._store.known_cards(deck)
        known = [Known(row.id, row.text, explicit=not is_derived(row.id)) for row in rows]
        matching = match(known, found)
        day, at_ms = self._now()
        for rename in matching.renames:
            self._store.rename(rename.old_id, rename.new_id, day, at_ms)
        taken = {row.id for row in rows} | set(self._store.former_ids())
        ids = ids_of(deck, found, matching.assigned, taken)
        by_id = {row.id: row for row in rows}
        for index, old, alike in matching.questions:
            row = by_id[old]
            if row.reps:
                self._raised[row.id] = IdentityQuestion(
                    deck=deck,
                    deck_title=deck,
                    old_card=row.id,
                    new_card=ids[index],
                    old_text=row.text,
                    new_text=found[index].text,
                    likeness=alike,
                    reviews=row.reps,
                )
        return ids

    def _sync(self) -> None:
        """Tell the store of every deck whose content, place or title changed."""
        stored = {row.id: row for row in self._store.decks()}
        infos = self.library.decks()
        changed = [
            (position, info)
            for position, info in enumerate(infos)
            if stored.get(info.id) != _deck_row(info, position)
        ]
        for position, info in changed:
            self._put(info, self._rows(info), position)
        if changed:
            # Reading decks takes its time anyway; in the log, they would delay every start that
            # follows a crash.
            self._store.database.checkpoint(empty=True)
        if set(stored) - {info.id for info in infos}:
            self._store.keep_decks([info.id for info in infos])
        if self._raised:
            titles = {info.id: info.title for info in infos}
            raised = [
                one._replace(deck_title=titles.get(one.deck, one.deck))
                for one in self._raised.values()
            ]
            self._raised.clear()
            # A card edited twice before anybody answered: the latest text is asked about.
            fresh = {one.old_card for one in raised}
            self._keep([*(one for one in self.questions() if one.old_card not in fresh), *raised])

    def _keep(self, questions: Sequence[IdentityQuestion]) -> None:
        self._store.set_setting(
            QUESTIONS, json.dumps([one._asdict() for one in questions], ensure_ascii=False)
        )

    def _put(self, info: DeckInfo, rows: Sequence[CardRow], position: int | None = None) -> None:
        if position is None:
            position = [one.id for one in self.library.decks()].index(info.id)
        self._store.sync_deck(_deck_row(info, position), rows)

    def _rows(self, info: DeckInfo) -> list[CardRow]:
        from studykit.decks.schema import ProblemCard, front_of

        return [
            CardRow(
                id=name,
                kind=str(type(card).__struct_config__.tag),
                text=front_of(card),
                family=card.family if isinstance(card, ProblemCard) else None,
                requires=card.requires,
            )
            for name, card in self.library.cards(info.id)
        ]


def _deck_row(info: DeckInfo, position: int) -> DeckRow:
    return DeckRow(info.id, info.hash, info.title, position, str(info.path))
