"""What is looked at without being asked: a card with its answer, an example of a family, an
answer of the log. Nothing is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studykit.study.errors import StudyError
from studykit.study.kinds import Showing, ask
from studykit.study.practice import Exercise

if TYPE_CHECKING:
    from studykit.progress import Review
    from studykit.study.collection import Collection
    from studykit.study.kinds import Asked
    from studykit.study.question import Outcome, Question

NO_TURN = -1
"""No showing of a card has this number, so an example is never the problem that comes next."""


def preview(collection: Collection, card: str) -> tuple[Question, Outcome]:
    """Question and answer of a card. Raises StudyError where it cannot be shown."""
    from studykit.problems import ProblemError

    try:
        asked = _put(collection, card)
    except ProblemError as error:
        raise StudyError(f"This card cannot be shown: {error}. Edit it with e.") from error
    return asked.question, asked.reveal()


def example(family: str, level: int) -> Question:
    """A problem of this family and level, always the same one. Raises ProblemError."""
    return Exercise(family, level, 0).asked().question


def reopen(collection: Collection, review: Review) -> tuple[Question, Outcome]:
    """What was asked in an answer of the log, and what marking that answer says.

    Raises StudyError where it cannot be asked again.
    """
    asked = _asked_in(collection, review)
    outcome = asked.answer(review.answer) if review.answer else asked.reveal()
    return asked.question, outcome if outcome.settled else asked.reveal()


def _asked_in(collection: Collection, review: Review) -> Asked:
    from studykit.problems import ProblemError

    if review.ticket is not None:
        try:
            return Exercise.of(review.ticket).asked()
        except ProblemError as error:
            raise StudyError(
                f"This problem cannot be shown again: {error}. Practice draws others like it."
            ) from error
    if review.card is None:
        raise StudyError("The log does not say what was asked here; nothing can be shown.")
    return _put(collection, review.card)


def _put(collection: Collection, card: str) -> Asked:
    """A card, put as an example."""
    library = collection.shelf.library
    try:
        found = library.card(card)
        info = library.deck(library.deck_of(card))
    except KeyError:
        raise StudyError(
            "This card is in no deck any more. Its answers stay in the log; bring the deck "
            "back to see it."
        ) from None
    showing = Showing(
        card=card,
        deck=info.id,
        deck_title=info.title,
        status="review",
        turn=NO_TURN,
        sources=library.header(info.id).sources,
    )
    return ask(found, showing)
