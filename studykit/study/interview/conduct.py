"""Beginning, taking up, and ending an interview: what is kept of it outside its answers.

Its terms are on the disk before the first question and its answers before the next, so a crash
loses at most what was being typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studykit.memory import Grade, Memory
from studykit.memory.state import answered
from studykit.progress import ProgressError, Review
from studykit.study.errors import StudyError
from studykit.study.interview.interviewer import Interviewer
from studykit.study.interview.marks import Mark, mark_of
from studykit.study.interview.pool import pool
from studykit.study.interview.terms import SENIORITIES, Terms, read_terms

if TYPE_CHECKING:
    from studykit.study.collection import Collection
    from studykit.study.start import Booking

OPEN = "interview"
"""Under this name the progress file keeps the terms of an interview that is not over."""
GIVEN_UP = "interviews given up"
"""And under this the ids of those that were given up for another."""
SHORTEST, USUAL, LONGEST = 5, 45, 180
"""Minutes of an interview."""
MISSED = 0.5
"""Score below which a card is asked again tomorrow."""


def begin(
    collection: Collection,
    *,
    minutes: int = USUAL,
    seniority: str = "mid",
    topics: Sequence[str] = (),
    seed: int | None = None,
) -> Interviewer:
    """A new interview; one that was not over is given up. Raises StudyError."""
    if not SHORTEST <= minutes <= LONGEST:
        raise StudyError(f"An interview takes {SHORTEST} to {LONGEST} minutes, not {minutes}.")
    if seniority not in SENIORITIES:
        raise StudyError(f"Seniority is one of {', '.join(SENIORITIES)}, not {seniority}.")
    level = next(one for one in SENIORITIES if one == seniority)
    found = pool(collection, topics)
    begun = collection.clock()
    terms = Terms(
        id=f"i{begun:x}",
        seed=begun % 1_000_000 if seed is None else seed,
        minutes=minutes,
        seniority=level,
        topics=tuple(topics) or found.topics,
        begun_ms=begun,
    )
    _give_up(collection)
    _keep(collection, terms)
    return Interviewer(found, terms)


def unfinished(collection: Collection) -> Terms | None:
    """The terms of an interview that was left, if there is one."""
    text = collection.store.setting(OPEN)
    return read_terms(text) if text else None


def given_up(collection: Collection) -> frozenset[str]:
    """The ids of interviews that were given up for another."""
    return frozenset((collection.store.setting(GIVEN_UP) or "").split())


def take_up(collection: Collection) -> Interviewer:
    """The interview that was left, with every answer that was given. Raises StudyError."""
    terms = unfinished(collection)
    if terms is None:
        raise StudyError("No interview is open. Begin one with studykit interview.")
    return Interviewer(pool(collection, terms.topics), terms, answers(collection, terms.id))


def booked(collection: Collection, booking: Booking) -> Interviewer:
    """The open interview, unless another was asked for; else a new one. Raises StudyError."""
    asked = booking.fresh or booking.seed is not None or booking.topics
    if not asked and booking.minutes is None and booking.seniority is None:
        if unfinished(collection) is not None:
            return take_up(collection)
    elif not booking.fresh and unfinished(collection) is not None:
        raise StudyError(
            "An interview is still open. `studykit interview` goes on with it; "
            "`studykit interview --new` gives it up and begins another."
        )
    return begin(
        collection,
        minutes=booking.minutes or USUAL,
        seniority=booking.seniority or "mid",
        topics=booking.topics,
        seed=booking.seed,
    )


def answers(collection: Collection, interview: str) -> list[Review]:
    """The logged answers of an interview, in their order."""
    return collection.store.of_kind(Interviewer.kind, interview)


def finish(collection: Collection, terms: Terms) -> tuple[str, ...]:
    """End it: what was missed is due tomorrow. The cards that this concerns."""
    marks = [mark_of(review) for review in answers(collection, terms.id)]
    missed = missed_cards(marks)
    day, at_ms = collection.day, collection.clock()
    try:
        known = {}
        for card in missed:
            memory = collection.store.standing(card).memory
            if memory is None:
                _begin_to_learn(collection, terms, card, day, at_ms)
            elif memory.due > day + 1:
                known[card] = day + 1
        if known:
            collection.store.postpone(known, day, at_ms)
        _keep(collection, None)
    except ProgressError as error:
        raise StudyError(str(error)) from error
    return missed


def missed_cards(marks: Sequence[Mark]) -> tuple[str, ...]:
    """Cards whose question, follow-ups apart, went badly."""
    return tuple(
        mark.card for mark in marks if mark.follow_up is None and mark.score < MISSED and mark.card
    )


def _begin_to_learn(collection: Collection, terms: Terms, card: str, day: int, at_ms: int) -> None:
    """A card that was never studied and failed in an interview: Again, and due tomorrow."""
    strength = collection.scheduling.model.first(Grade.AGAIN)
    memory: Memory = answered(None, Grade.AGAIN, day, day + 1, strength)
    collection.store.record(
        Review(
            card=card,
            day=day,
            at_ms=at_ms,
            grade=int(Grade.AGAIN),
            due=day + 1,
            was="missed",
            session=terms.id,
        ),
        memory,
    )


def _give_up(collection: Collection) -> None:
    """The open interview, if there is one, was not held to its end."""
    terms = unfinished(collection)
    if terms is not None:
        ids = sorted(given_up(collection) | {terms.id})
        collection.store.set_setting(GIVEN_UP, " ".join(ids))


def _keep(collection: Collection, terms: Terms | None) -> None:
    collection.store.set_setting(OPEN, terms.text() if terms else "")
