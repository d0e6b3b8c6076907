"""What the log says of a learner, summed up: how much, how well, how long, and what comes next.

`statistics` reads the progress file and returns one plain value; `as_json` and `pages` show it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from studykit.memory.curve import curve_factor
from studykit.memory.weights import DEFAULT_WEIGHTS, Weights
from studykit.progress import Store, tally
from studykit.progress.pace import streak
from studykit.progress.tally import DayTally
from studykit.study.statistics.recalls import (
    NONE,
    Calibration,
    KindTime,
    Retention,
    Share,
    recalls,
)

FORECAST_DAYS = 30
RECENT_DAYS = 30
"""What "lately" means for retention and decks."""
STABILITY_EDGES = (0.0, 1.0, 3.0, 7.0, 21.0, 60.0, 180.0, 365.0, 36501.0)
DIFFICULTY_EDGES = tuple(float(edge) for edge in (*range(1, 10), 11))
"""One bin a whole difficulty; 9 to 10 share the last one, for 10 is the hardest there is."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything at once."""

    cards: int
    """In the decks that are present."""
    learned: int
    """Answered at least once and still in a deck."""
    answers: int
    seconds: int
    days: int
    """Study days with an answer."""
    streak: int
    """Study days in a row with an answer of any kind, up to today or, before today's first one,
    yesterday."""
    longest_streak: int


@dataclass(frozen=True, slots=True)
class Bin:
    """How many cards lie in [low, high)."""

    low: float
    high: float
    cards: int


@dataclass(frozen=True, slots=True)
class MistakeCount:
    """A diagnosed mistake in problems of one family (empty for formula cards)."""

    mistake: str
    family: str
    says: str
    """One sentence for the learner; the mistake's name where its family is not known any more."""
    times: int
    last: int
    """Study day on which it was made last."""


@dataclass(frozen=True, slots=True)
class DeckStatistics:
    """One deck. Answers, retention and time are of the last 30 days."""

    id: str
    title: str
    cards: int
    learned: int
    recall: float | None
    """Mean probability of recall today over the learned cards; None without any."""
    answers: int
    retention: Share
    seconds: int


@dataclass(frozen=True, slots=True)
class TopicStatistics:
    """Drawn problems of one topic, in study, cram and interviews."""

    topic: str
    judged: int
    right: int
    mistakes: int
    """Diagnosed ones."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Everything there is to see. Days are study days."""

    day: int
    goal: float
    """The share of due cards that the learner wants to recall."""
    totals: Totals
    days: tuple[DayTally, ...]
    """Those with an answer, oldest first."""
    retention: Retention
    recent_retention: Retention
    """Of the last 30 days."""
    retention_by_week: tuple[tuple[int, Share], ...]
    """(Monday, true retention of that week), oldest first."""
    forecast: tuple[int, ...]
    """Cards due on each of 30 days, the first with the overdue ones."""
    overdue: int
    stability: tuple[Bin, ...]
    difficulty: tuple[Bin, ...]
    times: tuple[KindTime, ...]
    calibration: Calibration
    mistakes: tuple[MistakeCount, ...]
    """The most frequent first."""
    mistakes_by_day: tuple[tuple[int, int], ...]
    """(day, diagnosed mistakes), oldest first."""
    decks: tuple[DeckStatistics, ...]
    topics: tuple[TopicStatistics, ...]


Saying = Callable[[str, str], tuple[str, str]]
"""(family, mistake) → (topic, sentence)."""


def statistics(
    store: Store, day: int, weights: Weights = DEFAULT_WEIGHTS, goal: float = 0.9
) -> Statistics:
    """Sum the log up on study day `day`, with the weights that the schedule is made with.

    `goal` is the retention that the learner chose.

    A log of a million answers takes some seconds: call it where nobody waits, with a store of its
    own. Raises ProgressError.
    """
    database = store.database
    days = tuple(tally.days_answered(database))
    where = tally.places(database)
    seen = recalls(tally.steps(database), where, day - RECENT_DAYS + 1, weights)
    shelf = tally.decks(database)
    recall = recall_by_deck(tally.recall_buckets(database, day), weights)
    made = tally.mistakes_by_day(database)
    present = streak(database, day)
    return Statistics(
        day=day,
        goal=goal,
        totals=Totals(
            cards=sum(deck.cards for deck in shelf),
            learned=sum(deck.learned for deck in shelf),
            answers=sum(one.answers for one in days),
            seconds=sum(one.elapsed_ms for one in days) // 1000,
            days=len(days),
            streak=present,
            longest_streak=max(present, longest_run([one.day for one in days])),
        ),
        days=days,
        retention=seen.retention,
        recent_retention=seen.recent,
        retention_by_week=seen.weeks,
        forecast=tuple(tally.due_by_day(database, day, FORECAST_DAYS)),
        overdue=tally.overdue(database, day),
        stability=_bins(STABILITY_EDGES, tally.spread(database, "stability", STABILITY_EDGES)),
        difficulty=_bins(DIFFICULTY_EDGES, tally.spread(database, "difficulty", DIFFICULTY_EDGES)),
        times=seen.times,
        calibration=seen.calibration,
        mistakes=_mistakes(made),
        mistakes_by_day=_per_day(made),
        decks=tuple(
            DeckStatistics(
                id=deck.id,
                title=deck.title,
                cards=deck.cards,
                learned=deck.learned,
                recall=recall.get(deck.id),
                answers=seen.decks[deck.id].answers if deck.id in seen.decks else 0,
                retention=seen.decks[deck.id].retention if deck.id in seen.decks else NONE,
                seconds=seen.decks[deck.id].elapsed_ms // 1000 if deck.id in seen.decks else 0,
            )
            for deck in shelf
        ),
        topics=_topics(tally.by_family(database), made),
    )


def recall_by_deck(
    buckets: Sequence[tuple[str, float, int]], weights: Weights = DEFAULT_WEIGHTS
) -> dict[str, float]:
    """Deck → mean probability of recall of its learned cards, from `tally.recall_buckets`."""
    decay = weights[20]
    factor = curve_factor(decay)
    sums: dict[str, float] = {}
    cards: dict[str, int] = {}
    for deck, ratio, count in buckets:
        sums[deck] = sums.get(deck, 0.0) + count * (1.0 + factor * ratio) ** -decay
        cards[deck] = cards.get(deck, 0) + count
    return {deck: sums[deck] / cards[deck] for deck in sums}


def longest_run(days: Sequence[int]) -> int:
    """The most days in a row among `days`, which are in order."""
    longest = run = 1 if days else 0
    for before, day in pairwise(days):
        run = run + 1 if day == before + 1 else 1
        longest = max(longest, run)
    return longest


def iso(day: int) -> str:
    """A study day as 2026-11-28."""
    return date.fromordinal(day).isoformat()


def _bins(edges: Sequence[float], counts: Sequence[int]) -> tuple[Bin, ...]:
    return tuple(
        Bin(low, high, count) for (low, high), count in zip(pairwise(edges), counts, strict=True)
    )


def _mistakes(made: Sequence[tally.MistakeTally]) -> tuple[MistakeCount, ...]:
    times: dict[tuple[str, str], int] = {}
    last: dict[tuple[str, str], int] = {}
    for one in made:
        key = one.family, one.mistake
        times[key] = times.get(key, 0) + one.times
        last[key] = max(last.get(key, 0), one.day)
    found = [
        MistakeCount(mistake, family, saying(family, mistake), count, last[family, mistake])
        for (family, mistake), count in times.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.times, -one.last, one.family, one.mistake)))


def saying(family: str, mistake: str) -> str:
    """The sentence that names a mistake to the learner who made it; else its name."""
    if family:
        from studykit.problems import families

        known = families().get(family)
        for one in known.mistakes if known else ():
            if one.name == mistake:
                return one.says
    return mistake


def _per_day(made: Sequence[tally.MistakeTally]) -> tuple[tuple[int, int], ...]:
    times: dict[int, int] = {}
    for one in made:
        times[one.day] = times.get(one.day, 0) + one.times
    return tuple(sorted(times.items()))


def _topics(
    judged: Sequence[tuple[str, int, int]], made: Sequence[tally.MistakeTally]
) -> tuple[TopicStatistics, ...]:
    if not judged:
        return ()
    from studykit.problems import families

    topic_of = {name: family.topic for name, family in families().items()}
    of: dict[str, list[int]] = {}
    for family, answers, right in judged:
        sums = of.setdefault(topic_of.get(family, family), [0, 0, 0])
        sums[0] += answers
        sums[1] += right
    for one in made:
        if one.family:
            of.setdefault(topic_of.get(one.family, one.family), [0, 0, 0])[2] += one.times
    return tuple(
        TopicStatistics(topic, answers, right, mistakes)
        for topic, (answers, right, mistakes) in sorted(of.items())
    )
