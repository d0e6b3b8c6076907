"""A plan up to a date: how many new cards a day, at what retention, and what in the last days.

Every candidate plan is tried on simulated days with the learner's own memories and pace, and the
cheapest that comes close to the best is taken. Constant high retention is expensive: it keeps every
card ready every day, while an interview asks on one. So intervals are let grow, and in the last
days the cards that would be weakest on the day are asked early.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from studykit.memory.errors import ScheduleError
from studykit.memory.many import Flags, Floats, Ints, Many
from studykit.memory.strategy import Strategy, spread_evenly

RETENTIONS = (0.70, 0.80, 0.85, 0.90, 0.95)
LAST_STRETCH = (0, 3, 7)
"""Days before the date on which weak cards are asked early."""
EARLY_SHARES = (0.1, 0.2)
"""Cards asked early on each of those days, as a share of all."""
CLOSE = 0.965
"""A plan with this share of the best readiness is good enough; the cheapest one is taken."""
SAMPLE = 400
"""Cards on which candidates are compared; the chosen plan is then tried on all of them."""
REPEATS = 3000
"""A small collection is simulated several times, for so many cards in all: chance averages out."""
LONGEST = 730
"""Days that can be planned."""


@dataclass(frozen=True, eq=False)
class Cards:
    """The cards a plan is for, one entry each; those never answered come in the order to learn.

    stability, difficulty  0 for a new card
    last, due              study days; of no meaning for a new card
    new                    whether it was never answered
    problem                whether it is answered by computing a problem
    """

    stability: Floats
    difficulty: Floats
    last: Ints
    due: Ints
    new: Flags
    problem: Flags

    def __len__(self) -> int:
        return len(self.stability)

    def take(self, chosen: Ints) -> Cards:
        """Some of the cards, in the order given."""
        return Cards(
            self.stability[chosen],
            self.difficulty[chosen],
            self.last[chosen],
            self.due[chosen],
            self.new[chosen],
            self.problem[chosen],
        )


@dataclass(frozen=True)
class Pace:
    """What a learner is like: seconds for an answer, and how they grade.

    first  shares of Again, Hard, Good, Easy at the first answer to a card
    later  shares of Hard, Good, Easy among later answers that were recalled
    """

    review_seconds: float = 25.0
    new_seconds: float = 60.0
    first: tuple[float, float, float, float] = (0.2, 0.15, 0.55, 0.1)
    later: tuple[float, float, float] = (0.1, 0.8, 0.1)

    @property
    def new_cost(self) -> float:
        """Seconds that a new card takes on its first day, with the answer after Again."""
        return self.new_seconds + self.first[0] * self.review_seconds

    def review_cost(self, recall: float) -> float:
        """The same for a known card that is recalled with this probability."""
        return self.review_seconds * (2 - recall)


@dataclass(frozen=True)
class Done:
    """What of the first day is behind already, in cards."""

    new: float = 0.0
    reviews: float = 0.0
    early: float = 0.0

    def part(self, share: float) -> Done:
        """The same for a share of the cards."""
        return Done(self.new * share, self.reviews * share, self.early * share)


NOTHING = Done()


@dataclass(frozen=True)
class PlannedDay:
    """What one day brings."""

    day: int
    new: float
    reviews: float
    """Answers to known cards, those after Again included."""
    problems: float
    """Cards among all of these whose answer is computed."""
    seconds: float


@dataclass(frozen=True, eq=False)
class Forecast:
    """What a strategy comes to. `recall` (repeats, cards): on the date, in each simulation."""

    strategy: Strategy
    days: tuple[PlannedDay, ...]
    recall: Floats

    @property
    def readiness(self) -> float:
        """Mean recall on the date, 0 to 1; a card not learnt counts as unknown."""
        return float(self.recall.mean()) if self.recall.size else 0.0

    @property
    def answers(self) -> float:
        """All answers of all days."""
        return sum(day.new + day.reviews for day in self.days)


def best_plan(
    cards: Cards,
    today: int,
    date: int,
    pace: Pace,
    model: Many,
    seconds: float = 0.0,
    done: Done = NOTHING,
) -> Forecast:
    """The plan from `today` to `date`, the day of the interview, on which nothing is studied.

    `seconds` is what a day may take, 0 for no limit; `done` is what was studied today before.
    Raises ScheduleError for a date that is not after today, or too far.
    """
    found = outline(cards, today, date, pace, model, seconds, done).strategy
    share = min(1.0, SAMPLE / max(1, len(cards)))
    whole = replace(
        found,
        new_a_day=spread_evenly(int(cards.new.sum() + done.new), today, found.last_new),
        early=round(found.early / share),
        seconds=seconds,
    )
    repeats = -(-REPEATS // max(1, len(cards)))
    return simulate(cards, today, whole, pace, model, repeats=repeats, done=done)


def outline(
    cards: Cards,
    today: int,
    date: int,
    pace: Pace,
    model: Many,
    seconds: float = 0.0,
    done: Done = NOTHING,
) -> Forecast:
    """The same, found and predicted on a sample of the cards."""
    if not today < date <= today + LONGEST:
        raise ScheduleError(f"A plan reaches from 1 to {LONGEST} days ahead.")
    sample = cards.take(_sample(len(cards)))
    share = len(sample) / max(1, len(cards))
    repeats = -(-SAMPLE // max(1, len(sample)))
    part = done.part(share)
    tried = [
        simulate(sample, today, one, pace, model, repeats=repeats, done=part)
        for one in candidates(sample, today, date, seconds * share, part)
    ]
    best = max(one.readiness for one in tried)
    enough = (one for one in tried if one.readiness >= CLOSE * best)
    return min(enough, key=lambda one: one.answers)


def candidates(
    cards: Cards, today: int, date: int, seconds: float, done: Done = NOTHING
) -> Iterator[Strategy]:
    """The plans that are compared."""
    days = date - today
    margin = min(days - 1, max(1, min(3, days // 8)))
    last_new = date - 1 - margin
    new_a_day = spread_evenly(int(cards.new.sum() + done.new), today, last_new)
    for retention in RETENTIONS:
        for stretch in LAST_STRETCH:
            for share in EARLY_SHARES if stretch else (0.0,):
                if stretch < days or stretch == min(LAST_STRETCH[1:]):
                    early = max(1, round(share * len(cards))) if share else 0
                    yield Strategy(date, new_a_day, last_new, retention, stretch, early, seconds)


def simulate(
    cards: Cards,
    today: int,
    strategy: Strategy,
    pace: Pace,
    model: Many,
    *,
    truth: Many | None = None,
    repeats: int = 1,
    seed: int = 1,
    done: Done = NOTHING,
) -> Forecast:
    """Follow a strategy from `today`, of which `done` is behind, to the day before its date.

    A recalled card is graded as `pace` says, a forgotten one Again and then Good on the same day.
    `truth` is how the learner really remembers, where that is not as the scheduler assumes.
    """
    many = np.tile(np.arange(len(cards)), repeats)
    learner = _Learner(cards.take(many), pace, model, truth, seed)
    days = []
    for day in range(today, strategy.date):
        days.append(learner.study(day, strategy, repeats, done if day == today else NOTHING))
    recall = learner.recall_on(strategy.date).reshape(repeats, len(cards))
    return Forecast(strategy, tuple(days), recall)


class _Learner:
    """The cards as they stand on a simulated day: as the scheduler believes, and as they are."""

    def __init__(
        self, cards: Cards, pace: Pace, model: Many, truth: Many | None, seed: int
    ) -> None:
        self.believed = model
        self.truth = truth or model
        self.honest = truth is None
        self.S, self.D = cards.stability.copy(), cards.difficulty.copy()
        self.true_S, self.true_D = (
            (self.S, self.D) if self.honest else (self.S.copy(), self.D.copy())
        )
        self.last, self.due = cards.last.copy(), cards.due.copy()
        self.new = cards.new.copy()
        self.problem = cards.problem
        self.pace = pace
        self.random = np.random.default_rng(seed)

    def study(self, day: int, strategy: Strategy, repeats: int, done: Done) -> PlannedDay:
        """One day: new cards, then what is due, then the weakest early, while there is time."""
        room = self._room(strategy, done) * repeats
        left = np.flatnonzero(self.new)
        wanted = strategy.new_on(day, -(-len(left) // repeats) + round(done.new)) - done.new
        affordable = int(min(len(left), max(0.0, room) // self.pace.new_cost))
        begun = left[: max(0, min(round(wanted * repeats), affordable))]
        new, again = self._answer(begun, day, strategy, first=True)
        room -= new * self.pace.new_seconds + again * self.pace.review_seconds

        due = np.flatnonzero(~self.new & (self.due <= day) & (self.last < day))
        due = self._weakest(due, day, strategy.date, room)
        reviews, more = self._answer(due, day, strategy)
        room -= (reviews + more) * self.pace.review_seconds
        again += more

        early = np.flatnonzero(~self.new & (self.last < day))
        most = max(0, round((strategy.early_on(day) - done.early) * repeats))
        early = self._weakest(early, day, strategy.date, room)[:most]
        extra, more = self._answer(early, day, strategy)
        reviews += extra
        again += more
        problems = sum(int(self.problem[asked].sum()) for asked in (begun, due, early))
        seconds = new * self.pace.new_seconds + (reviews + again) * self.pace.review_seconds
        return PlannedDay(
            day, new / repeats, (reviews + again) / repeats, problems / repeats, seconds / repeats
        )

    def recall_on(self, date: int) -> Floats:
        """True recall of every card on a day; 0 for one never learnt."""
        S = np.maximum(self.true_S, 1e-3)
        return np.where(self.new, 0.0, self.truth.recall(S, np.maximum(0, date - self.last)))

    def _room(self, strategy: Strategy, done: Done) -> float:
        """Seconds that are left of a day for one simulation."""
        if not strategy.seconds:
            return np.inf
        reviews = (done.reviews + done.early) * self.pace.review_cost(strategy.retention)
        return strategy.seconds - done.new * self.pace.new_cost - reviews

    def _weakest(self, chosen: Ints, day: int, date: int, room: float) -> Ints:
        """Those there is time for, first those that are expected to be weakest on the date."""
        strength = self.believed.recall(self.S[chosen], np.maximum(0, date - self.last[chosen]))
        ordered = chosen[np.argsort(strength, kind="stable")]
        recall = self.believed.recall(self.S[ordered], np.maximum(0, day - self.last[ordered]))
        seconds = np.cumsum(self.pace.review_seconds * (2 - recall))
        return ordered[: int(np.searchsorted(seconds, room, side="right"))]

    def _answer(
        self, chosen: Ints, day: int, strategy: Strategy, first: bool = False
    ) -> tuple[int, int]:
        """Ask these cards; how many, and how many of them had to be asked again that day."""
        if not len(chosen):
            return 0, 0
        luck = self.random.random((2, len(chosen)))
        if first:
            bounds = np.cumsum(self.pace.first)[:3]
            grades = 1 + np.searchsorted(bounds, luck[0])
        else:
            elapsed = np.maximum(0, day - self.last[chosen])
            recalled = luck[0] < self.truth.recall(self.true_S[chosen], elapsed)
            bounds = np.cumsum(self.pace.later)[:2]
            grades = np.where(recalled, 2 + np.searchsorted(bounds, luck[1]), 1)
        self._grade(chosen, grades, day, first)
        forgotten = chosen[grades == 1]
        self._grade(forgotten, np.full(len(forgotten), 3), day, first=False)
        self.due[chosen] = day + self.believed.intervals(self.S[chosen], strategy.retention)
        return len(chosen), len(forgotten)

    def _grade(self, chosen: Ints, grades: Ints, day: int, first: bool) -> None:
        elapsed = np.maximum(0, day - self.last[chosen])
        sides = [(self.believed, self.S, self.D)]
        if not self.honest:
            sides.append((self.truth, self.true_S, self.true_D))
        for model, S, D in sides:
            S[chosen], D[chosen] = (
                model.first(grades) if first else model.next(S[chosen], D[chosen], grades, elapsed)
            )
        self.last[chosen] = day
        self.new[chosen] = False


def _sample(cards: int) -> Ints:
    """Evenly spaced cards, so that every deck is there."""
    if cards <= SAMPLE:
        return np.arange(cards)
    return np.unique(np.linspace(0, cards - 1, SAMPLE).astype(np.int64))
