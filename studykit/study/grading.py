"""From a verdict to a grade: what it suggests, what each grade would do, and what the log keeps.

These look at one turn and write nothing but into it; a session decides when, and records.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from studykit.memory import Grade, choices
from studykit.progress import Review
from studykit.progress.pace import recent_times
from studykit.study.question import Interval, Outcome
from studykit.study.suggest import LEAST_HISTORY, suggest

if TYPE_CHECKING:
    from studykit.memory import Choice
    from studykit.study.collection import Collection
    from studykit.study.practice import Practice
    from studykit.study.turn import Turn


def suggestion(collection: Collection, turn: Turn, outcome: Outcome) -> Grade | None:
    """The grade that a judged answer suggests, by its verdict, its hints and its time."""
    turn.elapsed_ms = turn.elapsed(collection.clock())
    times = recent_times(collection.store.database, turn.asked.question.kind)
    return suggest(
        outcome.result,
        hints=turn.hints,
        elapsed_ms=turn.elapsed_ms,
        median_ms=int(statistics.median(times)) if len(times) >= LEAST_HISTORY else None,
        seen=turn.seen,
        almost=outcome.almost,
    )


def settle(
    collection: Collection,
    turn: Turn,
    outcome: Outcome,
    suggested: Grade | None,
    *,
    scheduled: bool,
) -> Outcome:
    """Close the question, and offer the grades with the days that each would set."""
    question = turn.asked.question
    if not turn.elapsed_ms:
        turn.elapsed_ms = turn.elapsed(collection.clock())
    turn.day = collection.day
    siblings: Sequence[int] = ()
    if question.kind == "problem":
        siblings = collection.store.sibling_dues(question.card)
    turn.choices = choices(
        turn.before,
        question.card,
        turn.day,
        collection.scheduling,
        collection.store.due_on,
        siblings,
    )
    # Practice moves no due day, so there is none to promise.
    promised = turn.choices.items() if scheduled else ()
    turn.outcome = replace(
        outcome,
        suggested=suggested,
        intervals=tuple(Interval(grade, choice.days) for grade, choice in promised),
        corrects=bool(turn.asked.correction()),
    )
    return turn.outcome


def review_of(
    turn: Turn,
    outcome: Outcome,
    grade: Grade,
    choice: Choice,
    *,
    at_ms: int,
    session: str,
    practice: Practice | None,
) -> Review:
    """The row of the log for a graded answer."""
    question = turn.asked.question
    return Review(
        card=question.card or None,
        deck=question.deck or None,
        day=turn.day,
        at_ms=at_ms,
        grade=int(grade),
        due=None if practice else choice.memory.due,
        elapsed_ms=turn.elapsed_ms,
        was=turn.sort.value,
        kind=practice.kind if practice else "study",
        ticket=question.ticket or None,
        answer=turn.answer,
        result=outcome.result,
        mistakes=tuple(slip.mistake for slip in outcome.slips),
        hints=turn.hints,
        suggested=int(outcome.suggested) if outcome.suggested else None,
        session=session,
        detail=turn.kept(practice.kept(question, turn.elapsed_ms) if practice else {}),
    )
