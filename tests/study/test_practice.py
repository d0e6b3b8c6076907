"""Practice outside the schedule: logged as cram with its ticket, and no due day moves."""

from __future__ import annotations

import pytest

from studykit.memory import Grade
from studykit.study import StudyError
from studykit.study.practice import Cards, Drill, Exercise
from tests.study.desk import Desk


def test_a_family_is_practised_without_a_card_until_one_stops(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session(practice=Drill("attention-scores", 1, seed=3))
        tickets = []
        for _ in range(3):
            question = session.next()
            assert question is not None
            assert question.ticket.startswith("attention-scores@")
            assert question.card == ""
            tickets.append(question.ticket)
            outcome = session.reveal()
            assert outcome.intervals == (), "nothing is scheduled, so nothing is promised"
            session.grade(Grade.AGAIN)
        logged = list(collection.store.reviews())
        assert [one.ticket for one in logged] == tickets
        assert {(one.kind, one.card, one.deck, one.due) for one in logged} == {
            ("cram", None, None, None)
        }
        assert collection.store.standings() == {}
        assert session.remaining().total == 0
        assert session.next() is not None


def test_an_undo_asks_the_very_same_problem_again(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session(practice=Drill("attention-scores", 1, seed=3))
        first = session.next()
        assert first is not None
        session.reveal()
        session.grade(Grade.GOOD)
        assert session.next() is not None
        again = session.undo()
        assert again is not None
        assert again.ticket == first.ticket


def test_a_practised_card_keeps_its_place_in_the_schedule(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session(practice=Cards(["six", "one"]))
        question = session.next()
        assert question is not None
        assert question.card == "six"
        assert session.remaining().review == 2
        session.reveal()
        session.grade(Grade.GOOD)
        assert session.next() is not None
        assert collection.store.standing("six").memory is None
        (logged,) = collection.store.reviews()
        assert (logged.card, logged.kind, logged.ticket) == ("six", "cram", question.ticket)


def test_a_problem_of_no_card_can_be_neither_buried_nor_suspended(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session(practice=Drill("attention-scores", 1, seed=3))
        session.next()
        with pytest.raises(StudyError, match="belongs to no card"):
            session.suspend()
        with pytest.raises(StudyError, match="belongs to no card"):
            session.bury()
        assert "drawn for now" in session.why()
        assert session.question is not None


def test_a_ticket_names_its_exercise() -> None:
    assert Exercise.of("attention-output@1/2#7") == Exercise("attention-output", 2, 7)
