"""A plan is cheap, ready on its date, and honest about it; also for learners unlike the model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studykit.memory import ScheduleError
from studykit.memory.many import Many
from studykit.memory.planning import Cards, Done, Pace, best_plan, outline, simulate
from tests.memory.plan_figures import TODAY, new_cards, rows


def test_a_plan_is_as_ready_as_constant_high_retention_for_much_less_work() -> None:
    for row in rows(cases=((200, 30), (460, 21)), learners=4):
        assert row.readiness_ratio >= 0.95, row
        assert row.work_ratio <= 0.75, row


def test_what_is_predicted_comes_true_within_three_percent() -> None:
    for row in rows(cases=((200, 60),), learners=4):
        assert abs(row.predicted - row.plan) <= 0.03, row


def test_no_day_takes_more_time_than_there_is() -> None:
    plan = best_plan(new_cards(300), TODAY, TODAY + 30, Pace(), Many(), seconds=20 * 60.0)
    # Answers after Again are reckoned with; how many there are is a matter of luck.
    assert max(day.seconds for day in plan.days) <= 20 * 60 * 1.03
    assert sum(day.seconds for day in plan.days) / len(plan.days) <= 20 * 60


def test_what_was_done_today_is_not_planned_once_more() -> None:
    cards, days = new_cards(200), 20
    whole = best_plan(cards, TODAY, TODAY + days, Pace(), Many(), seconds=1200.0).days[0]
    part, rest = whole.new // 2, cards.take(np.arange(int(whole.new // 2), 200))
    plan = best_plan(rest, TODAY, TODAY + days, Pace(), Many(), 1200.0, Done(new=part))
    assert plan.days[0].new + part == pytest.approx(whole.new, abs=1)
    done = best_plan(cards, TODAY, TODAY + days, Pace(), Many(), 1200.0, Done(new=60, reviews=60))
    assert done.days[0].new == done.days[0].reviews == 0
    assert done.days[1].new > 0


def test_too_little_time_leaves_cards_unlearnt_and_says_so() -> None:
    cards = new_cards(1000)
    plan = best_plan(cards, TODAY, TODAY + 10, Pace(), Many(), seconds=10 * 60.0)
    learnt = sum(day.new for day in plan.days)
    assert learnt < 150
    assert plan.readiness < 0.2
    assert (plan.recall == 0).mean() == pytest.approx(1 - learnt / 1000, abs=0.01)


def test_more_time_never_makes_a_plan_worse() -> None:
    ready = [
        outline(new_cards(300), TODAY, TODAY + 20, Pace(), Many(), minutes * 60.0).readiness
        for minutes in (5, 15, 45)
    ]
    assert ready == sorted(ready)
    assert ready[2] > ready[0]


def test_known_cards_are_asked_when_they_are_due_and_not_relearnt() -> None:
    known = Cards(
        stability=np.full(50, 30.0),
        difficulty=np.full(50, 5.0),
        last=np.full(50, TODAY - 5),
        due=np.full(50, TODAY + 12),
        new=np.zeros(50, dtype=np.bool_),
        problem=np.zeros(50, dtype=np.bool_),
    )
    plan = best_plan(known, TODAY, TODAY + 10, Pace(), Many())
    quiet = replace(plan.strategy, stretch=0, early=0)
    assert sum(day.new for day in plan.days) == 0
    assert simulate(known, TODAY, quiet, Pace(), Many()).answers == 0


def test_the_same_cards_give_the_same_plan() -> None:
    first, second = (best_plan(new_cards(120), TODAY, TODAY + 14, Pace(), Many()) for _ in range(2))
    assert first.strategy == second.strategy
    assert first.days == second.days


@pytest.mark.parametrize("ahead", [0, -3, 731])
def test_a_date_that_is_not_ahead_is_refused(ahead: int) -> None:
    with pytest.raises(ScheduleError, match="from 1 to 730 days"):
        best_plan(new_cards(5), TODAY, TODAY + ahead, Pace(), Many())


def test_a_plan_for_tomorrow_teaches_what_fits_today() -> None:
    plan = best_plan(new_cards(20), TODAY, TODAY + 1, Pace(), Many())
    assert len(plan.days) == 1
    assert plan.days[0].new == 20


def test_missed_days_are_made_up_for() -> None:
    strategy = best_plan(new_cards(100), TODAY, TODAY + 25, Pace(), Many()).strategy
    usual = strategy.new_on(TODAY, 100)
    assert strategy.new_on(TODAY + 10, 100) > usual
    assert strategy.new_on(strategy.last_new, 100) == 100
    assert strategy.new_on(strategy.last_new + 1, 100) == 0
