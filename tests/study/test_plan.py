"""Studying by a plan: the pace of new cards, the retention, and weak cards early in the end."""

from __future__ import annotations

import pytest

from studykit.memory import Grade, day_text
from studykit.study.errors import StudyError
from studykit.study.pause import take_break
from studykit.study.plan import advice, basis, make_plan, what_if
from tests.study.desk import Desk

CARDS = 24
DAYS = 12
TEXT = "title: Many\nid: many\ncards:\n" + "".join(
    f"  - {{id: c{number:02}, front: What is the number {number}?, back: It is {number}.}}\n"
    for number in range(CARDS)
)


def study_today(desk: Desk, grade: Grade = Grade.GOOD) -> dict[str, list[str]]:
    """Answer everything that is asked; the cards by why they were asked."""
    asked: dict[str, list[str]] = {}
    with desk.open() as collection:
        session = collection.session()
        while (question := session.next()) is not None:
            session.reveal()
            session.grade(grade)
            last = list(collection.store.reviews())[-1]
            asked.setdefault(last.was, []).append(question.card)
    return asked


def start(desk: Desk, days: int = DAYS, minutes: int | None = 60) -> None:
    with desk.open() as collection:
        collection.follow(make_plan(basis(collection), collection.day + days, minutes).following)


def test_new_cards_come_at_the_pace_of_the_plan_and_are_all_learnt_in_time(desk: Desk) -> None:
    desk.deck(TEXT)
    start(desk)
    seen: list[str] = []
    for _ in range(DAYS):
        seen += study_today(desk).get("new", [])
        desk.clock.days(1)
    assert sorted(seen) == [f"c{number:02}" for number in range(CARDS)]


def test_in_the_last_days_cards_are_asked_before_they_are_due(desk: Desk) -> None:
    desk.deck(TEXT)
    start(desk)
    early = []
    for _ in range(DAYS):
        early.append(len(study_today(desk).get("early", [])))
        desk.clock.days(1)
    with desk.open() as collection:
        assert collection.plan is None, "the date has come"
    assert early[0] == 0
    assert sum(early[-7:]) > 0


def test_a_missed_week_makes_the_days_after_it_fuller(desk: Desk) -> None:
    desk.deck(TEXT)
    start(desk)
    first = len(study_today(desk)["new"])
    desk.clock.days(6)
    assert len(study_today(desk)["new"]) > first


def test_a_plan_sets_the_retention_and_stopping_it_brings_the_own_one_back(desk: Desk) -> None:
    desk.deck(TEXT)
    start(desk)
    with desk.open() as collection:
        assert collection.plan is not None
        assert collection.scheduling.retention == collection.plan.strategy.retention
        collection.follow(None)
        assert collection.scheduling.retention == collection.settings.retention
    with desk.open() as collection:
        assert collection.plan is None


def test_an_early_answer_can_be_taken_back(desk: Desk) -> None:
    desk.deck(TEXT)
    start(desk, days=8)
    for _ in range(7):
        study_today(desk)
        desk.clock.days(1)
    with desk.open() as collection:
        last = list(collection.store.reviews())[-1]
        assert last.was == "early"
        session = collection.session()
        session.undo()
        assert session.question is not None and session.question.card == last.card


def test_readiness_is_told_for_today_for_the_date_and_for_doing_nothing(desk: Desk) -> None:
    desk.deck(TEXT)
    study_today(desk)
    with desk.open() as collection:
        plan = make_plan(basis(collection), collection.day + 20, 60)
    assert plan.whole.untouched.mean < plan.whole.now.mean < plan.whole.then.mean
    assert plan.whole.then.tenth <= plan.whole.then.mean
    assert [one.id for one in plan.topics] == ["many"]
    assert [day.day for day in plan.days] == list(range(plan.today, plan.date))
    assert sum(day.interview for day in plan.days) == 3


def test_a_day_takes_no_more_new_cards_than_there_is_time_for(desk: Desk) -> None:
    desk.deck(TEXT)
    start(desk, days=2, minutes=5)
    with desk.open() as collection:
        plan = make_plan(basis(collection), collection.day + 2, 5)
        assert collection.today().new_left == plan.days[0].new == 5
        assert advice(plan)[0].startswith("New cards: 5 today; known ones come back")
    assert len(study_today(desk)["new"]) == 5


def test_a_day_that_is_done_is_not_planned_once_more(desk: Desk) -> None:
    desk.deck(TEXT)
    start(desk)
    study_today(desk)
    with desk.open() as collection:
        plan = make_plan(basis(collection), collection.day + DAYS, 60)
        assert (plan.days[0].new, plan.days[0].reviews) == (0, 0)
        assert plan.days[1].new > 0
        assert collection.today().new_left == 0
        assert "or now with `studykit study --new N`" in collection.session().nothing()


def test_a_deck_that_is_off_adds_no_new_cards_to_a_day(desk: Desk) -> None:
    desk.deck(TEXT)
    off = TEXT.replace("id: many\n", "id: off\noff: true\n").replace("{id: c", "{id: o")
    desk.deck(off.replace("What is", "What was").replace("title: Many", "title: Off"), "off.yaml")
    start(desk)
    with desk.open() as collection:
        left = collection.today().new_left
    assert left == len(study_today(desk)["new"])


def test_mock_interviews_stay_on_their_days_while_a_plan_is_followed(desk: Desk) -> None:
    desk.deck(TEXT)
    start(desk)
    with desk.open() as collection:
        begun = collection.day
    told = []
    for _ in range(DAYS):
        with desk.open() as collection:
            plan = make_plan(basis(collection), begun + DAYS, 60)
            assert plan.days[0].interview == collection.outlook().mock
            told += [collection.day - begun] * plan.days[0].interview
            collection.follow(plan.following)  # Followed anew, it goes on.
        desk.clock.days(1)
    assert told == [6, 9, 10]


def test_more_new_cards_than_planned_can_be_asked_for(desk: Desk) -> None:
    desk.deck(TEXT)
    start(desk)
    study_today(desk)
    with desk.open() as collection:
        assert collection.session().next() is None
        question = collection.session(new=CARDS).next()
        assert question is not None and question.status == "new"


def test_why_a_card_is_asked_names_the_plan_that_decides(desk: Desk) -> None:
    desk.deck(TEXT)
    start(desk)
    with desk.open() as collection:
        assert "as your plan allows" in collection.info("c00")
        collection.follow(None)
        assert "as the setting `new_per_day` allows" in collection.info("c00")
    study_today(desk)
    start(desk)
    with desk.open() as collection:
        assert "the retention of your plan" in collection.info("c00")


def test_with_nothing_new_the_advice_is_about_known_cards(desk: Desk) -> None:
    desk.deck(TEXT)
    with desk.open(new_per_day=CARDS) as collection:
        session = collection.session()
        while session.next() is not None:
            session.reveal()
            session.grade(Grade.GOOD)
        plan = make_plan(basis(collection), collection.day + DAYS, 60)
    assert advice(plan)[0].startswith("Known cards come back at ")


def test_other_budgets_and_dates_are_compared(desk: Desk) -> None:
    desk.deck(TEXT)
    with desk.open() as collection:
        on = basis(collection)
        plan = make_plan(on, collection.day + 3, 5)
        rows = what_if(on, plan)
    assert [one.minutes for one in rows[:4]] == [2, 5, 8, 10]
    assert rows[0].readiness < rows[3].readiness
    assert rows[0].unlearnt > 0
    assert [one.date - plan.date for one in rows[4:]] == [7, 14, 28]


def test_a_plan_that_cannot_be_made_says_what_to_do(desk: Desk) -> None:
    desk.deck(TEXT)
    with desk.open() as collection:
        with pytest.raises(StudyError, match="Choose another date"):
            make_plan(basis(collection), collection.day)
        with pytest.raises(StudyError, match="no deck called other"):
            basis(collection, ["other"])


def test_a_break_moves_what_would_pile_up_and_one_undo_brings_it_back(desk: Desk) -> None:
    desk.deck(TEXT)
    with desk.open(new_per_day=CARDS) as collection:
        session = collection.session()
        while session.next() is not None:
            session.reveal()
            session.grade(Grade.GOOD)
    desk.clock.days(1)
    with desk.open() as collection:
        store, today = collection.store, collection.day
        before = {card: one.memory.due for card, one in store.standings().items() if one.memory}
        pause = take_break(collection, 5)
        assert pause.moved > 0
        after = {card: one.memory.due for card, one in store.standings().items() if one.memory}
        assert all(due >= today + 5 for due in after.values()), day_text(today + 5)
        assert sum(pause.due) >= pause.moved
        assert max(pause.due) == -(-CARDS // 10)
        assert store.last_done() == "due"
        store.undo_last(today, collection.clock())
        again = {card: one.memory.due for card, one in store.standings().items() if one.memory}
        assert again == before


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_break_of_no_or_endless_length_is_refused(desk: Desk, days: int) -> None:
    desk.deck(TEXT)
    with desk.open() as collection, pytest.raises(StudyError, match="1 to 365 days"):
        take_break(collection, days)
