"""A card with its answer, or an example of a family, without asking it: nothing is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studykit.study.errors import StudyError
from studykit.study.kinds import Showing, ask
from studykit.study.practice import Exercise

if TYPE_CHECKING:
    from studykit.study.collection import Collection
    from studykit.study.question import Outcome, Question

NO_TURN = -1
"""No showing of a card has this number, so an example is never the problem that comes next."""


def preview(collection: Collection, card: str) -> tuple[Question, Outcome]:
    """Question and answer of a card. Raises StudyError where it cannot be shown."""
    from studykit.problems import ProblemError

    library = collection.shelf.library
    try:
        found = library.card(card)
        info = library.deck(library.deck_of(card))
        showing = Showing(
            card=card,
            deck=info.id,
            deck_title=info.title,
            status="review",
            turn=NO_TURN,
            sources=library.header(info.id).sources,
        )
        asked = ask(found, showing)
        return asked.question, asked.reveal()
    except KeyError:
        raise StudyError("This card is in no deck any more; leave and come back.") from None
    except ProblemError as error:
        raise StudyError(f"This card cannot be shown: {error}. Edit it with e.") from error


def example(family: str, level: int) -> Question:
    """A problem of this family and level, always the same one. Raises ProblemError."""
    return Exercise(family, level, 0).asked().question
