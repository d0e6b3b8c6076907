"""A mock interview in line mode: asked, paused, ended early, and listed."""

from __future__ import annotations

import json

from tests.cli.run import own_deck, studykit
from tests.study.test_interview import deck_text


def interview(typed: str, *arguments: str) -> str:
    """What is printed when these lines are typed."""
    own_deck(deck_text("roles", 0), "roles.yaml")
    ran = studykit("interview", "--plain", *arguments, typed=typed)
    assert ran.code == 0, ran.err
    return ran.out


NEW = ("--topic", "roles", "--seed", "2")


def test_the_end_of_the_input_pauses_and_the_notes_are_there_again() -> None:
    first = interview("half a thought\n", *NEW)
    assert "Paused." in first
    again = interview("1 2\n:end\n")
    assert "half a thought" not in first.split("Paused.")[1]
    assert again.count("— Interview · ") == 2, "the question that was left, then the next one"
    assert "covered 2 of 4 points" in again


def test_the_points_that_were_ticked_are_counted() -> None:
    assert "2 of 4 points." in interview("\n1 2\n:q\n", *NEW)


def test_an_interview_can_be_ended_early_for_its_scorecard() -> None:
    printed = interview("\n1 2 3 4\n:?\n:end\n", *NEW)
    assert "shows the scorecard" in printed.split("— Interview")[2], "among the commands"
    assert "Ended." in printed
    assert "Mock interview" in printed and "covered 4 of 4 points" in printed
    assert "No interview so far" not in studykit("interview", "--history").err


def test_no_line_is_broken_by_the_terminal() -> None:
    before, _ = interview(":q\n", *NEW).split("— Interview")
    assert "Say your answer aloud" in before
    assert max(map(len, before.splitlines())) <= 80


def test_an_interview_that_is_ended_before_the_first_answer_leaves_nothing_behind() -> None:
    own_deck(deck_text("roles", 0), "roles.yaml")
    ran = studykit("interview", "--plain", *NEW, typed=":end\n")
    assert "Nothing was answered in this interview." in ran.err
    assert studykit("interview", "--history").err.startswith("No interview so far")


def test_the_history_tells_an_open_interview() -> None:
    interview("\n1 2\n", *NEW)
    assert "still open" in studykit("interview", "--history").out
    (row,) = json.loads(studykit("interview", "--json").out)
    assert row["open"] is True and row["questions"] == 1
    interview(":end\n")
    assert "still open" not in studykit("interview", "--history").out


def test_the_history_tells_an_interview_that_was_given_up() -> None:
    interview("\n1 2\n", *NEW)
    interview("\n1 2\n:end\n", "--new", *NEW)
    assert studykit("interview", "--history").out.count("given up") == 1
    dropped, held = json.loads(studykit("interview", "--json").out)
    assert (dropped["given_up"], held["given_up"]) == (True, False)


def test_a_rapid_round_that_was_left_early_claims_no_two_minutes() -> None:
    printed = interview("1\n:q\n", "--rapid", "--seed", "2")
    assert " of 1. Your best" in printed


def test_outside_an_interview_end_is_no_command() -> None:
    own_deck(deck_text("roles", 0), "roles.yaml")
    ran = studykit("study", "roles", "--plain", typed=":end\n:q\n")
    assert ":q" in ran.out and "Ended." not in ran.out
