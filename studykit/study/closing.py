"""The end of a session: what it came to, or why there was nothing to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection as Several
from collections.abc import Sequence
from typing import TYPE_CHECKING

from studykit.memory import UNLIMITED, Grade, Order
from studykit.study.question import Summary

if TYPE_CHECKING:
    from studykit.study.collection import Collection
    from studykit.study.turn import Done

JUDGED = ("right", "partly", "wrong")
"""Results that are the program's, not the learner's own."""


def summed(done: Sequence[Done], collection: Collection) -> Summary:
    """What these answers came to."""
    grades = Counter(one.grade for one in done)
    judged = [one for one in done if one.result in JUDGED]
    slips = Counter(slip for one in done for slip in one.slips)
    tomorrow = collection.day + 1
    everything = collection.store.source()
    return Summary(
        reviews=len(done),
        by_grade=(
            grades[Grade.AGAIN],
            grades[Grade.HARD],
            grades[Grade.GOOD],
            grades[Grade.EASY],
        ),
        right=sum(one.result == "right" for one in judged),
        judged=len(judged),
        seconds=sum(one.elapsed_ms for one in done) // 1000,
        new=sum(one.new for one in done),
        mistakes=tuple(slips.most_common(5)),
        due_tomorrow=everything.due_count(tomorrow, UNLIMITED) + len(everything.learning(tomorrow)),
    )


def why_nothing(
    collection: Collection, decks: Several[str], begun: Several[str], order: Order
) -> str:
    """Why these decks (none: all) ask nothing, and what to do about it, in Markdown.

    `begun` are those whose new cards come (none: all).
    """
    counts = collection.store.counts(collection.day)
    here = [count for deck, count in counts.items() if not decks or deck in decks]
    done, planned = collection.store.done(collection.day), collection.plan is not None
    if not sum(one.total for one in here):
        return "There are no cards here to ask. `studykit check` says whether a deck is broken."
    due = sum(one.due for one in here)
    new = sum(count.new for deck, count in counts.items() if not begun or deck in begun)
    if due and done.reviews >= order.reviews_a_day:
        how = (
            "until you plan more minutes a day with `studykit plan`"
            if planned
            else "until you raise `reviews_per_day` in the settings"
        )
        return (
            f"{_done(order.reviews_a_day, 'review')}; {due} more are due here. "
            f"They wait until tomorrow, or {how}."
        )
    if new and done.new >= order.new_a_day:
        how = (
            "as your plan has it, or now with `studykit study --new N`"
            if planned
            else "or now if you raise `new_per_day` in the settings or run `studykit study --new N`"
        )
        done_for_today = _done(order.new_a_day, "new card")
        return f"{done_for_today}; {new} more wait here. They come tomorrow, {how}."
    return "Nothing here is due today. Well done."


def _done(limit: int, what: str) -> str:
    """That a limit of the day is reached."""
    if not limit:
        return f"No {what} is asked today"
    return f"Today's {what} is done" if limit == 1 else f"Today's {limit} {what}s are done"
