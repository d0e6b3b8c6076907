"""What the first screen says beside the decks: the week ahead, the weeks behind, what is weak.

Every figure comes from an index, from sums that SQLite makes, or from the end of the log, so that a
hundred thousand cards cost some milliseconds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from studykit.memory.weights import DEFAULT_WEIGHTS, weights_from_json
from studykit.progress import Store, tally
from studykit.study.following import Following
from studykit.study.statistics import recall_by_deck
from studykit.study.statistics.recalls import monday

WEEK = 7
WEEKS_BACK = 26
LEAST_LEARNED = 3
"""Learned cards of a deck before its mean says anything."""
WORST = 5


@dataclass(frozen=True, slots=True)
class Weak:
    """A deck and the mean probability of recall of its learned cards today."""

    deck: str
    title: str
    recall: float
    learned: int


@dataclass(frozen=True, slots=True)
class Slipped:
    """A mistake of the last thousand answers."""

    mistake: str
    family: str
    times: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """Days are study days."""

    day: int
    week: tuple[int, ...]
    """Cards due on each of seven days; today's holds the overdue ones."""
    answers: dict[int, int]
    """Day → answers, of the last 26 weeks."""
    weak: tuple[Weak, ...]
    """The decks with the lowest recall today, lowest first."""
    slips: tuple[Slipped, ...]
    """The most frequent mistakes lately."""
    interview: int | None
    """The day that the plan is for, if one is followed."""
    mock: bool
    """Whether it sets a mock interview for today."""

    @property
    def days_left(self) -> int | None:
        """Days until the interview; None without one, or once it is over."""
        if self.interview is None or self.interview < self.day:
            return None
        return self.interview - self.day


def outlook(store: Store, day: int, plan: Following | None = None) -> Outlook:
    """Look ahead and back from `day`, with the plan that is followed. Raises ProgressError."""
    database = store.database
    stored = store.setting("weights")
    weights = weights_from_json(stored) if stored else DEFAULT_WEIGHTS
    recall = recall_by_deck(tally.recall_buckets(database, day), weights)
    decks = [
        Weak(deck.id, deck.title, recall[deck.id], deck.learned)
        for deck in tally.decks(database)
        if deck.learned >= LEAST_LEARNED and deck.id in recall
    ]
    slips = Counter(tally.latest_mistakes(database)).most_common(WORST)
    return Outlook(
        day=day,
        week=tuple(tally.due_by_day(database, day, WEEK)),
        answers=tally.answers_by_day(database, monday(day) - 7 * (WEEKS_BACK - 1)),
        weak=tuple(sorted(decks, key=lambda one: one.recall)[:WORST]),
        slips=tuple(Slipped(mistake, family, times) for (mistake, family), times in slips),
        interview=plan.date if plan else None,
        mock=plan is not None and plan.mock_on(day),
    )
