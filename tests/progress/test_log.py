"""Answers are added and never changed; an undo is one more row, whenever it comes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from studykit.progress import MemoryRow, ProgressError, Review, Standing
from studykit.progress.check import check
from tests.progress.desk import DAY, NOON, answer, open_desk, remembered

GIVEN = Review("d0-0", DAY, NOON, 3, DAY + 2)


def test_an_answer_comes_back_as_it_was_given(tmp_path: Path) -> None:
    review = Review(
        card="d0-0",
        day=DAY,
        at_ms=NOON,
        grade=2,
        due=DAY + 3,
        elapsed_ms=12_345,
        was="new",
        deck="d0",
        ticket="attention-output@1/2#7",
        answer="[[1, ½]]\n-0",
        result="partly",
        mistakes=("no-scale", "k-not-transposed"),
        hints=2,
        suggested=1,
        session="s1",
        detail='{"cells": [true, false]}',
    )
    with open_desk(tmp_path) as store:
        memory = MemoryRow(2.5, 5.0, DAY + 3, DAY, 1, 0, learning=False)
        id_ = store.record(review, memory)
    with open_desk(tmp_path) as store:
        assert store.history("d0-0") == [review._replace(id=id_, machine=store.machine)]
        assert store.standing("d0-0") == Standing(memory)


def test_undo_takes_back_answer_after_answer_down_to_a_new_card(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        before = []
        for grade in (3, 1, 3, 4):
            before.append(store.standing("d0-0"))
            answer(store, "d0-0", grade)
        for expected in reversed(before):
            undone = store.undo_last(DAY, NOON)
            assert undone is not None
            assert undone.card == "d0-0"
            assert store.standing("d0-0") == expected
        assert store.undo_last(DAY, NOON) is None
        assert store.counts(DAY)["d0"].new == 6
        assert store.done(DAY).answers == 0


def test_the_last_answer_can_be_undone_after_a_restart(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0", 3)
        expected = store.standing("d0-0")
        answer(store, "d0-0", 1, day=DAY + 4)
    with open_desk(tmp_path) as store:
        undone = store.undo_last(DAY + 4, NOON)
        assert undone is not None
        assert undone.review is not None
        assert undone.review.grade == 1
        assert store.standing("d0-0") == expected


def test_an_undone_answer_can_be_brought_again_until_something_else_is_done(
    tmp_path: Path,
) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0", 3)
        answer(store, "d0-1", 1)
        states = [store.standing(card) for card in ("d0-0", "d0-1")]
        store.undo_last(DAY, NOON)
        store.undo_last(DAY, NOON)
        first, second = store.redo_last(DAY, NOON), store.redo_last(DAY, NOON)
        assert first is not None
        assert second is not None
        assert (first.card, second.card) == ("d0-0", "d0-1")
        assert [store.standing(card) for card in ("d0-0", "d0-1")] == states
        assert store.redo_last(DAY, NOON) is None
        store.undo_last(DAY, NOON)
        answer(store, "d0-2", 3)
        assert store.redo_last(DAY, NOON) is None


def test_graded_forgotten_then_undone_then_known_is_as_if_never_forgotten(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0", 1)
        answer(store, "d0-0", 2)
        store.undo_last(DAY, NOON)
        store.undo_last(DAY, NOON)
        answer(store, "d0-0", 3)
        answer(store, "d0-1", 3)
        one, other = remembered(store, "d0-0"), remembered(store, "d0-1")
        assert one is not None
        assert other is not None
        assert one[:2] == other[:2]
        assert (one.reps, one.lapses) == (1, 0)


def test_suspending_burying_and_resetting_are_undone_like_answers(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0", 3)
        plain = store.standing("d0-0")
        store.suspend("d0-0", DAY, NOON)
        assert store.standing("d0-0") == plain._replace(suspended=True)
        store.bury("d0-0", DAY + 5, DAY, NOON)
        assert store.standing("d0-0").buried_until == DAY + 5
        store.reset("d0-0", DAY, NOON)
        assert store.standing("d0-0").memory is None
        for expected in ("reset", "bury", "suspend"):
            undone = store.undo_last(DAY, NOON)
            assert undone is not None
            assert (undone.kind, undone.card) == (expected, "d0-0")
        assert store.standing("d0-0") == plain
        assert check(store).sound


def test_unsuspending_and_unburying_ask_the_card_again(tmp_path: Path) -> None:
    with open_desk(tmp_path, cards=1, decks=1) as store:
        source = store.source()
        store.suspend("d0-0", DAY, NOON)
        assert source.new(DAY, 5) == []
        store.unsuspend("d0-0", DAY, NOON)
        assert source.new(DAY, 5) == ["d0-0"]
        store.bury("d0-0", DAY + 1, DAY, NOON)
        assert source.new(DAY, 5) == []
        store.unbury("d0-0", DAY, NOON)
        assert source.new(DAY, 5) == ["d0-0"]


def test_a_buried_card_is_asked_from_its_day_on(tmp_path: Path) -> None:
    with open_desk(tmp_path, cards=2, decks=1) as store:
        answer(store, "d0-0", 3)
        due = store.standing("d0-0").memory
        assert due is not None
        store.bury("d0-0", due.due + 2, due.due, NOON)
        store.bury("d0-1", due.due + 2, due.due, NOON)
        source = store.source()
        assert (source.due(due.due + 1, 5), source.new(due.due + 1, 5)) == ([], [])
        assert (source.due(due.due + 2, 5), source.new(due.due + 2, 5)) == (["d0-0"], ["d0-1"])
        assert store.counts(due.due)["d0"][:3] == (0, 0, 0)
        assert store.counts(due.due + 2)["d0"][:3] == (1, 0, 1)


def test_a_reset_card_is_new_and_its_answers_stay_in_the_log(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0", 3)
        store.reset("d0-0", DAY, NOON)
        assert store.source().new(DAY, 1) == ["d0-0"]
        assert len(store.history("d0-0")) == 1
        answer(store, "d0-0", 3)
        memory = store.standing("d0-0").memory
        assert memory is not None
        assert memory.reps == 1
        assert check(store).sound


def test_postponed_cards_are_undone_together_and_an_answer_ends_the_postponement(
    tmp_path: Path,
) -> None:
    with open_desk(tmp_path) as store:
        for card in ("d0-0", "d0-1"):
            answer(store, card, 3)
        before = [store.standing(card) for card in ("d0-0", "d0-1")]
        store.postpone({"d0-0": DAY + 50, "d0-1": DAY + 60}, DAY, NOON)
        moved = [store.standing(card).memory for card in ("d0-0", "d0-1")]
        assert [memory.due for memory in moved if memory] == [DAY + 50, DAY + 60]
        assert check(store).sound
        undone = store.undo_last(DAY, NOON)
        assert undone is not None
        assert undone.kind == "due"
        assert [store.standing(card) for card in ("d0-0", "d0-1")] == before
        store.redo_last(DAY, NOON)
        answer(store, "d0-0", 3, day=DAY + 50)
        memory = store.standing("d0-0").memory
        assert memory is not None
        assert memory.due > DAY + 51
        assert check(store).sound


def test_cram_and_interview_answers_stand_in_the_log_and_leave_memory_alone(
    tmp_path: Path,
) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0", 3)
        before = store.standing("d0-0")
        answer(store, "d0-0", 1, kind="cram")
        store.record(Review(None, DAY, NOON, None, None, kind="interview", ticket="t@1/1#1"), None)
        assert store.standing("d0-0") == before
        assert [review.kind for review in store.reviews()] == ["study", "cram", "interview"]
        assert store.done(DAY).answers == 1
        assert check(store).sound


def test_the_counts_of_a_day_leave_out_what_was_undone(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0", 3)
        answer(store, "d0-1", 1)
        answer(store, "d0-1", 3)
        store.undo_last(DAY, NOON)
        answer(store, "d0-2", 3)
        store.undo_last(DAY, NOON)
        assert store.done(DAY) == (2, 0, 2, 1, 8000)
        source = store.source()
        assert (source.introduced(DAY), source.reviewed(DAY)) == (2, 0)
        store.redo_last(DAY, NOON)
        assert source.introduced(DAY) == 3


def test_sqlite_itself_refuses_to_change_remove_or_replace_an_answer(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0", 3)
        store.suspend("d0-1", DAY, NOON)
        connection = store.database.connection
        for sql in (
            "UPDATE review SET grade = 4",
            "DELETE FROM review",
            "INSERT OR REPLACE INTO review SELECT * FROM review",
            "UPDATE action SET kind = 'bury'",
            "DELETE FROM action",
            "INSERT OR REPLACE INTO action SELECT * FROM action",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                connection.execute(sql)
        assert len(store.history("d0-0")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        GIVEN._replace(grade=0),
        GIVEN._replace(grade=5),
        GIVEN._replace(grade=None),
        GIVEN._replace(due=None),
        GIVEN._replace(card=None),
        GIVEN._replace(elapsed_ms=-1),
        GIVEN._replace(day=10**9),
    ],
)
def test_an_answer_that_cannot_be_is_refused_and_nothing_is_changed(
    tmp_path: Path, wrong: Review
) -> None:
    with open_desk(tmp_path) as store:
        with pytest.raises(ProgressError, match="unchanged"):
            store.record(wrong, MemoryRow(2.0, 5.0, DAY + 2, DAY, 1, 0, learning=False))
        assert list(store.reviews()) == []
        answer(store, "d0-0")


def test_an_answer_to_a_card_that_no_deck_holds_is_refused(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        with pytest.raises(ProgressError):
            answer(store, "nobody")
        assert list(store.reviews()) == []


def test_the_log_is_read_in_its_order_from_any_row_on(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        ids = [answer(store, f"d{n % 2}-{n % 6}", 3, at_ms=NOON - n) for n in range(30)]
        assert [review.id for review in store.reviews()] == ids == sorted(ids)
        assert [review.id for review in store.reviews(after=ids[9])] == ids[10:]
        store.undo_last(DAY, NOON)
        assert len(list(store.reviews())) == 29
        assert len(list(store.reviews(undone_too=True))) == 30


def test_facts_are_kept_across_restarts(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        machine = store.machine
        assert store.setting("weights") is None
        store.set_setting("weights", "[1]")
        store.set_setting("weights", "[2]")
    with open_desk(tmp_path) as store:
        assert store.setting("weights") == "[2]"
        assert store.machine == machine != ""
