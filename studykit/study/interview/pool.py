"""What can be asked in an interview: the open questions, formulas, problems and flaws of the decks.

Read from the library once, as plain values, so that choosing the next question needs no decks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from studykit.decks.schema import Choice, Flaw, Formula, Open, ProblemCard
from studykit.study.errors import StudyError
from studykit.study.interview.terms import Seniority

if TYPE_CHECKING:
    from studykit.study.collection import Collection as StudyCollection

KINDS: Mapping[type, str] = {
    Open: "open",
    Formula: "formula",
    ProblemCard: "problem",
    Flaw: "flaw",
    Choice: "choice",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card that an interviewer may ask."""

    card: str
    kind: str
    topic: str
    difficulty: int
    seniority: Seniority | None = None
    """From whom it is expected; only open questions say so."""
    follow_ups: int = 0
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pool:
    """Every candidate by its card, in the order of the decks."""

    candidates: Mapping[str, Candidate]

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics there are, in the order of the decks."""
        return tuple(dict.fromkeys(one.topic for one in self.candidates.values()))

    @cached_property
    def leads_to(self) -> Mapping[str, tuple[str, ...]]:
        """Card → those that presume it."""
        above: dict[str, list[str]] = {}
        for one in self.candidates.values():
            for below in one.requires:
                above.setdefault(below, []).append(one.card)
        return {card: tuple(cards) for card, cards in above.items()}


def pool(collection: StudyCollection, topics: Collection[str] = ()) -> Pool:
    """The candidates of some topics (none: all decks). Raises StudyError for an unknown one."""
    library = collection.shelf.library
    found: dict[str, Candidate] = {}
    for deck in library.decks():
        for name, card in library.cards(deck.id):
            kind = KINDS.get(type(card))
            if kind is None or (isinstance(card, Formula) and not card.accepts):
                continue
            opened = card if isinstance(card, Open) else None
            topic = (opened.topic if opened else "") or deck.id
            found[name] = Candidate(
                card=name,
                kind=kind,
                topic=topic,
                difficulty=card.difficulty,
                seniority=opened.seniority if opened else None,
                follow_ups=len(opened.follow_ups) if opened else 0,
                requires=card.requires,
            )
    whole = Pool(found)
    missing = [topic for topic in topics if topic not in whole.topics]
    if missing and whole.topics:
        raise StudyError(
            f"There is nothing to ask about {missing[0]}. There is about: "
            f"{', '.join(whole.topics)}."
        )
    if not found:
        raise StudyError(
            "No deck has anything that an interview could ask. `studykit check` says what is "
            "broken."
        )
    if not topics:
        return whole
    return Pool({name: one for name, one in found.items() if one.topic in topics})
