"""A plan for an interview: how ready one will be, day by day what to do, and what else would do.

Reads the cards and the learner's habits, lets `memory.planning` find the plan, and says it in plain
values that the command line and the app show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from studykit.memory import NewFrom, day_text, readiness, recall_on
from studykit.memory.forecast import Readiness
from studykit.memory.many import Many
from studykit.memory.planning import LONGEST, Cards, Done, Forecast, Pace, best_plan, outline
from studykit.memory.weights import Weights
from studykit.progress.planned import Habits, PlannedCard, habits, planned_cards
from studykit.study.errors import StudyError
from studykit.study.following import Following, interview_days
from studykit.study.statistics.page import Figure, Series
from studykit.study.words import counted, percent

if TYPE_CHECKING:
    from studykit.study.collection import Collection

ENOUGH = 50
"""Answers from which a habit is told; below, the usual figures stand in."""
LEAST_MINUTES = 5
USUAL_MINUTES = 30
INTERVIEW_MINUTES = 30
WHAT_IF = (0.5, 1.0, 1.5, 2.0)
"""Budgets that are compared, as multiples of the one planned for."""
READY = 0.9
"""Readiness below which other budgets are worth a look."""
LATER = (7, 14, 28)
"""Days by which the date is moved in the comparison."""


class Remembered:
    """A memory as a forecast reads it."""

    def __init__(self, stability: float, last: int) -> None:
        self.stability, self.last = stability, last


@dataclass(frozen=True, slots=True)
class Topic:
    """How ready one is in one deck, 0 to 1."""

    id: str
    title: str
    cards: int
    new: int
    now: Readiness
    """With today's memory, today."""
    then: Readiness
    """On the date, when the plan is followed."""
    untouched: Readiness
    """On the date, when nothing more is studied."""


@dataclass(frozen=True, slots=True)
class Day:
    """What to do on one day; shares of a card are rounded."""

    day: int
    new: int
    reviews: int
    problems: int
    minutes: int
    interview: bool
    """Whether a mock interview of half an hour is set for it, not counted in the minutes."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What another budget or date would come to."""

    date: int
    minutes: int
    readiness: float
    unlearnt: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan with its prediction."""

    today: int
    date: int
    minutes: int
    """The budget of a day."""
    learned_pace: bool
    """Whether times and grades are the learner's own, or the usual ones."""
    pace: Pace
    whole: Topic
    topics: tuple[Topic, ...]
    days: tuple[Day, ...]
    unlearnt: int
    """Cards for which there will be no time."""
    following: Following
    """The same plan as a session follows it."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan is made of, read at one moment; making it needs no file any more."""

    today: int
    decks: tuple[str, ...]
    titles: dict[str, str]
    rows: list[PlannedCard]
    known: Habits
    weights: Weights
    done: Done
    """What was studied today before."""
    followed: Following | None
    """The plan in force: one for the same date goes on from the day it was begun."""

    @property
    def usual_minutes(self) -> int:
        """The learner's own habit, or half an hour."""
        return max(LEAST_MINUTES, round(self.known.minutes_a_day or USUAL_MINUTES))


def basis(collection: Collection, decks: Sequence[str] = ()) -> Basis:
    """What to plan with, of some decks (none: all that are on). Raises StudyError."""
    listed = {deck.id: deck for deck in collection.decks()}
    unknown = [deck for deck in decks if deck not in listed]
    if unknown:
        raise StudyError(
            f"There is no deck called {unknown[0]}. `studykit decks` lists what there is."
        )
    chosen = tuple(decks) or tuple(deck.id for deck in listed.values() if not deck.off)
    in_turn = collection.settings.new_from == NewFrom.TURN
    rows = planned_cards(collection.store.database, chosen, in_turn=in_turn)
    if not rows:
        raise StudyError("There are no cards to plan for. `studykit decks` lists the decks.")
    return Basis(
        today=collection.day,
        decks=chosen,
        titles={deck.id: deck.title for deck in listed.values()},
        rows=rows,
        known=habits(collection.store.database, collection.day),
        weights=collection.scheduling.weights,
        done=_done(collection),
        followed=collection.plan,
    )


def make_plan(on: Basis, date: int, minutes: int | None = None) -> Plan:
    """The plan up to `date`, a study day, at so many minutes a day (none: the learner's habit).

    Raises StudyError.
    """
    if not on.today < date <= on.today + LONGEST:
        raise StudyError(
            f"A plan reaches from tomorrow to {day_text(on.today + LONGEST)}; "
            f"{day_text(date)} is outside. Choose another date."
        )
    pace, budget = pace_of(on.known), minutes or on.usual_minutes
    goes_on = on.followed if on.followed and on.followed.date == date else None
    begun = goes_on.made if goes_on else on.today
    cards = as_cards(on.rows)
    found = best_plan(cards, on.today, date, pace, Many(on.weights), budget * 60.0, on.done)
    whole = _topic("", "All", on, np.arange(len(on.rows)), found)
    places: dict[str, list[int]] = {}
    for at, row in enumerate(on.rows):
        places.setdefault(row.deck, []).append(at)
    return Plan(
        today=on.today,
        date=date,
        minutes=budget,
        learned_pace=_told(on.known),
        pace=pace,
        whole=whole,
        topics=tuple(
            _topic(deck, on.titles[deck], on, np.asarray(at), found) for deck, at in places.items()
        ),
        days=_days(found, begun),
        unlearnt=unlearnt(cards, found),
        following=Following(
            strategy=found.strategy,
            decks=on.decks,
            made=begun,
            readiness=round(found.readiness, 4),
            new_seconds=pace.new_cost,
            review_seconds=pace.review_cost(found.strategy.retention),
        ),
    )


def what_if(on: Basis, plan: Plan) -> tuple[Otherwise, ...]:
    """What other budgets, and the same budget with more time, would come to."""
    today, date = plan.today, plan.date
    tried = [(date, max(1, round(plan.minutes * share))) for share in WHAT_IF]
    tried += [(date + days, plan.minutes) for days in LATER if date + days <= today + LONGEST]
    cards = as_cards(on.rows)
    model = Many(on.weights)
    rows = []
    for day, minutes in tried:
        found = outline(cards, today, day, plan.pace, model, minutes * 60.0, on.done)
        rows.append(Otherwise(day, minutes, found.readiness, unlearnt(cards, found)))
    return tuple(rows)


def pace_of(known: Habits) -> Pace:
    """The learner's pace where there is enough to tell it, the usual one elsewhere."""
    pace = Pace()
    if (total := sum(known.first)) >= ENOUGH:
        again, hard, good, easy = (count / total for count in known.first)
        seconds = max(5.0, known.new_seconds or pace.new_seconds)
        pace = replace(pace, first=(again, hard, good, easy), new_seconds=seconds)
    if (total := sum(known.later)) >= ENOUGH:
        hard, good, easy = (count / total for count in known.later)
        seconds = max(3.0, known.review_seconds or pace.review_seconds)
        pace = replace(pace, later=(hard, good, easy), review_seconds=seconds)
    return pace


def as_cards(rows: Sequence[PlannedCard]) -> Cards:
    """The cards as planning takes them."""
    return Cards(
        stability=np.array([row.stability or 0.0 for row in rows]),
        difficulty=np.array([row.difficulty or 0.0 for row in rows]),
        last=np.array([row.last or 0 for row in rows], dtype=np.int64),
        due=np.array([row.due or 0 for row in rows], dtype=np.int64),
        new=np.array([row.stability is None for row in rows], dtype=np.bool_),
        problem=np.array([row.kind == "problem" for row in rows], dtype=np.bool_),
    )


def unlearnt(cards: Cards, found: Forecast) -> int:
    """New cards for which the plan has no time; from a sample, for all of them."""
    new, learnt = int(cards.new.sum()), sum(day.new for day in found.days)
    return max(0, new - round(learnt * len(cards) / int(found.recall.shape[1])))


def _done(collection: Collection) -> Done:
    source, day = collection.store.source(), collection.day
    return Done(source.introduced(day), source.reviewed(day), source.hastened(day))


def _told(known: Habits) -> bool:
    return sum(known.first) >= ENOUGH and sum(known.later) >= ENOUGH


def _days(found: Forecast, begun: int) -> tuple[Day, ...]:
    interviews = interview_days(begun, found.strategy.date)
    return tuple(
        Day(
            day=one.day,
            new=round(one.new),
            reviews=round(one.reviews),
            problems=round(one.problems),
            minutes=round(one.seconds / 60),
            interview=one.day in interviews,
        )
        for one in found.days
    )


def _topic(
    deck: str,
    title: str,
    on: Basis,
    at: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    found: Forecast,
) -> Topic:
    memories = [
        Remembered(row.stability, row.last)
        if row.stability is not None and row.last is not None
        else None
        for row in (on.rows[i] for i in at)
    ]
    return Topic(
        id=deck,
        title=title,
        cards=len(memories),
        new=sum(memory is None for memory in memories),
        now=readiness(recall_on(on.today, memories, on.weights)),
        then=readiness(found.recall[:, at].ravel().tolist()),
        untouched=readiness(recall_on(found.strategy.date, memories, on.weights)),
    )


def advice(plan: Plan) -> list[str]:
    """What the plan does and where it falls short, a sentence each."""
    strategy = plan.following.strategy
    found = [_pace_of_new(plan)]
    if strategy.early:
        found.append(
            f"In the last {strategy.stretch} days also {strategy.early} a day that would be "
            "weakest on the day."
        )
    if plan.unlearnt:
        found.append(
            f"There is no time for {plan.unlearnt} of {plan.whole.new} new cards: plan more "
            "minutes or a later date, or fewer decks."
        )
    elif plan.whole.then.mean < READY:
        found.append(
            f"{counted(plan.minutes, 'minute')} a day leave some cards weak: try more, or a later "
            "date."
        )
    if not plan.learned_pace:
        found.append("Your pace is not known yet; usual times are reckoned with.")
    return found


def _pace_of_new(plan: Plan) -> str:
    strategy = plan.following.strategy
    known = f"come back at {percent(strategy.retention)} recall."
    if not plan.whole.new:
        return f"Known cards {known}"
    new = strategy.new_on(plan.today, plan.whole.new, plan.following.new_seconds)
    last = strategy.last_new
    until = "today" if last == plan.today else f"a day until {day_text(last)}"
    return f"New cards: {new} {until}; known ones {known}"


def load_figure(plan: Plan) -> Figure:
    """New cards and answers of every day, to be drawn."""
    return Figure(
        title="Cards a day",
        kind="bars",
        head="day",
        places=tuple(day_text(one.day)[5:] for one in plan.days),
        series=(
            Series("answers", tuple(float(one.reviews) for one in plan.days), "due"),
            Series("new", tuple(float(one.new) for one in plan.days), "new"),
        ),
    )
