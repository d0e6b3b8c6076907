"""Decks, counts and faults as a front end sees them, and progress that survives edits."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from studykit.memory import Grade
from studykit.study import Collection, StudyError
from tests.study.desk import DECK, PLAIN, Desk


def study_all(collection: Collection, grade: Grade = Grade.GOOD) -> int:
    session = collection.session()
    count = 0
    while session.next() is not None:
        session.reveal()
        session.grade(grade)
        count += 1
    return count


def test_a_fresh_home_lists_the_decks_with_everything_new(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        (deck,) = collection.decks()
        assert (deck.id, deck.title, deck.total, deck.new, deck.due) == (
            "small",
            "A small deck",
            7,
            7,
            0,
        )


@pytest.mark.parametrize("somebody_reads", [False, True])
def test_what_was_read_of_decks_lies_in_the_file_and_not_in_its_log(
    desk: Desk, somebody_reads: bool
) -> None:
    desk.deck()
    with desk.open():
        pass
    desk.deck(DECK.replace("What is one?", "What is the one?"))
    path = desk.home.db
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as reader:
        if somebody_reads:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM card").fetchone()
        with desk.open() as collection:
            (text,) = collection.store.database.row("SELECT text FROM card WHERE id = 'one'")
            assert "the one" in text
            if not somebody_reads:
                assert path.with_name("studykit.db-wal").stat().st_size == 0


def test_a_broken_deck_is_named_and_the_others_are_served(desk: Desk) -> None:
    desk.deck()
    desk.deck("title: Broken\ncards:\n  - kind: bassic\n    front: a\n", "broken.yaml")
    with desk.open() as collection:
        by_id = {deck.id: deck for deck in collection.decks()}
        assert by_id["broken"].broken and not by_id["small"].broken
        assert any("bassic" in str(fault) for fault in collection.faults)
        assert all(":" in str(fault) for fault in collection.faults)
        assert collection.session().next() is not None


def test_progress_stays_when_a_card_with_an_id_is_rewritten(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        study_all(collection)
    desk.deck(DECK.replace("What is one?", "Say in your own words what one is."))
    with desk.open() as collection:
        assert collection.questions() == ()
        memory = collection.store.standing("one").memory
        assert memory is not None and memory.reps == 1


def test_progress_stays_when_cards_without_ids_change_places(desk: Desk) -> None:
    desk.deck(PLAIN, "noids.yaml")
    with desk.open() as collection:
        assert study_all(collection) == 2
    head, first, second = PLAIN.partition("  - kind: basic\n    front: What")[0], "", ""
    cards = PLAIN.split("  - kind: basic\n")[1:]
    first, second = cards
    desk.deck(f"{head}  - kind: basic\n{second}  - kind: basic\n{first}", "noids.yaml")
    with desk.open() as collection:
        (deck,) = collection.decks()
        assert (deck.new, deck.total) == (0, 2)
        assert collection.questions() == ()


EDITED = PLAIN.replace(
    "What does the query of a token express in words?",
    "What does the query vector of a token express in words?",
)


def edited(desk: Desk) -> None:
    desk.deck(PLAIN, "noids.yaml")
    with desk.open() as collection:
        study_all(collection)
    desk.deck(EDITED, "noids.yaml")


def test_an_edited_card_without_an_id_is_asked_about_once_and_keeps_its_reviews(
    desk: Desk,
) -> None:
    edited(desk)
    with desk.open() as collection:
        (question,) = collection.questions()
        assert "query of a token" in question.old_text
        assert "query vector" in question.new_text
        assert question.reviews == 1 and question.deck_title == "Without ids"
    with desk.open() as collection:
        (question,) = collection.questions()
        collection.decide(question, keep=True)
        assert collection.questions() == ()
        (deck,) = collection.decks()
        assert (deck.new, deck.total) == (0, 2)
    with desk.open() as collection:
        assert collection.questions() == ()
        (deck,) = collection.decks()
        assert (deck.new, deck.total) == (0, 2)


def test_an_edited_card_that_is_another_card_starts_new(desk: Desk) -> None:
    edited(desk)
    with desk.open() as collection:
        (question,) = collection.questions()
        collection.decide(question, keep=False)
    with desk.open() as collection:
        assert collection.questions() == ()
        (deck,) = collection.decks()
        assert (deck.new, deck.total) == (1, 2)


def test_a_kept_card_survives_a_second_edit(desk: Desk) -> None:
    edited(desk)
    with desk.open() as collection:
        collection.decide(collection.questions()[0], keep=True)
    desk.deck(EDITED.replace("express in words", "express, in words"), "noids.yaml")
    with desk.open() as collection:
        (question,) = collection.questions()
        assert question.reviews == 1
        collection.decide(question, keep=True)
        (deck,) = collection.decks()
        assert (deck.new, deck.total) == (0, 2)


def test_a_deck_file_that_is_renamed_keeps_the_progress_of_cards_with_ids(desk: Desk) -> None:
    path = desk.deck()
    with desk.open() as collection:
        study_all(collection)
    path.unlink()
    desk.deck(DECK.replace("id: small", "id: moved"), "moved.yaml")
    with desk.open() as collection:
        (deck,) = collection.decks()
        assert (deck.id, deck.new) == ("moved", 0)


def test_a_deck_that_comes_back_brings_its_progress_back(desk: Desk) -> None:
    path = desk.deck()
    with desk.open() as collection:
        study_all(collection)
    text = path.read_text()
    path.unlink()
    with desk.open() as collection:
        assert collection.decks() == ()
    path.write_text(text)
    with desk.open() as collection:
        (deck,) = collection.decks()
        assert (deck.new, deck.total) == (0, 7)


def test_an_edit_is_read_by_refresh_and_its_faults_are_returned(desk: Desk) -> None:
    path = desk.deck()
    with desk.open() as collection:
        assert collection.place("one") == (path, 5)
        path.write_text(DECK + "  - kind: nonsense\n")
        faults = collection.refresh(path)
        assert [fault.code for fault in faults] == ["unknown-kind"]
        assert collection.session().next() is not None


def test_a_second_program_may_look_but_not_study(desk: Desk) -> None:
    desk.deck()
    with desk.open():
        with pytest.raises(StudyError, match=r"open|running|use"):
            Collection.open(desk.home, clock=desk.clock)
        with Collection.open(desk.home, clock=desk.clock, read_only=True) as second:
            assert [deck.new for deck in second.decks()] == [7]
            with pytest.raises(StudyError, match="another window"):
                second.session()


def test_a_path_that_does_not_exist_is_named(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"nowhere\.yaml"):
        Collection.open(desk.home, paths=[tmp_path / "nowhere.yaml"], clock=desk.clock)


def test_a_file_that_is_no_database_is_left_alone(desk: Desk) -> None:
    desk.home.make()
    desk.home.db.write_bytes(b"this is not a database, but it may be somebody's text" * 100)
    before = desk.home.db.read_bytes()
    with pytest.raises(StudyError, match=r"not a progress file"):
        Collection.open(desk.home, clock=desk.clock)
    assert desk.home.db.read_bytes() == before


def test_today_counts_what_was_done(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session(limit=2)
        for _ in range(2):
            session.next()
            desk.clock.seconds(10)
            session.reveal()
            session.grade(Grade.GOOD)
        today = collection.today()
        assert (today.reviews, today.new, today.seconds, today.streak) == (2, 2, 20, 1)
        assert today.new_left == 8
    desk.clock.days(1)
    with desk.open() as collection:
        assert collection.today().streak == 1
        assert collection.today().reviews == 0


def test_a_deck_that_is_off_waits_until_it_is_chosen(desk: Desk) -> None:
    desk.deck()
    desk.deck(PLAIN.replace("id: noids", "id: noids\noff: true"), "noids.yaml")
    with desk.open(new_per_day=20) as collection:
        assert [(deck.id, deck.off) for deck in collection.decks()] == [
            ("small", False),
            ("noids", True),
        ]
        assert study_all(collection) == 7
        session = collection.session(decks=["noids"], limit=1)
        assert session.next() is not None
        session.reveal()
        session.grade(Grade.GOOD)
        assert [deck.off for deck in collection.decks()] == [False, False]
        assert study_all(collection) == 1
