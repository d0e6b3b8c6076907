"""Rapid fire: two minutes of short questions, and the best round is remembered."""

from __future__ import annotations

from studykit.memory import Grade
from studykit.problems import family_named
from studykit.study.interview import rapid
from tests.study.desk import Desk


def play(desk: Desk, right: bool, seconds: int) -> rapid.Rapid:
    with desk.open() as collection:
        round_ = rapid.rapid_fire(collection, seed=4)
        session = collection.session(practice=round_)
        while (question := session.next()) is not None:
            desk.clock.seconds(seconds)
            if question.asks == "choice":
                session.choose(question.options.index("two" if right else "one"))
            else:
                session.reveal()
            outcome = session.outcome
            assert outcome is not None and session.auto
            session.grade(outcome.suggested or Grade.AGAIN)
        return rapid.result(collection, round_)


def test_a_round_takes_two_minutes(desk: Desk) -> None:
    desk.deck()
    assert play(desk, right=True, seconds=10).asked == 12
    assert play(desk, right=True, seconds=50).asked == 3


def test_the_families_of_shapes_are_there() -> None:
    for family, level in rapid.SHAPES:
        assert level in family_named(family).levels


def test_two_minutes_are_told_by_the_second(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session(practice=rapid.rapid_fire(collection, seed=4))
        session.next()
        assert session.beat == 1
        desk.clock.seconds(1)
        assert "1:59 left" in session.heading()


def test_an_answer_after_the_two_minutes_does_not_count(desk: Desk) -> None:
    desk.deck()
    assert play(desk, right=True, seconds=130).right == 0
    desk.clock.seconds(5)
    in_time = play(desk, right=True, seconds=10)
    assert in_time.best == 0 and in_time.right > 0


def test_the_best_round_is_remembered(desk: Desk) -> None:
    desk.deck()
    first = play(desk, right=True, seconds=10)
    assert first.best == 0 and first.record == (first.right > 0)
    desk.clock.seconds(5)
    second = play(desk, right=False, seconds=10)
    assert second.best == first.right and not second.record


def test_a_round_moves_no_due_day(desk: Desk) -> None:
    desk.deck()
    play(desk, right=True, seconds=20)
    with desk.open() as collection:
        assert not any(one.memory for one in collection.store.standings().values())
