"""The key earns full marks, a corrupted cell loses exactly that cell, and nothing unreadable is
scored silently."""

from __future__ import annotations

import pytest

from studykit.problems import draw
from studykit.problems.values import form
from studykit.sheets.errors import SheetError
from studykit.sheets.grading import grade, mark_problem, overview
from studykit.sheets.responses import Filled, Response
from tests.problems.support import typed
from tests.sheets.filling import corrupted, key_of, right, sheet_of

SHEET = sheet_of(count=40)
TICKETS = [(item.number, item.ticket) for item in SHEET.items]


def test_the_key_earns_full_marks() -> None:
    (marked,) = grade(TICKETS, [key_of(SHEET)])
    assert [one.result for one in marked.marks] == ["right"] * len(TICKETS)
    assert marked.points == len(TICKETS)


def test_one_corrupted_cell_loses_exactly_that_cell() -> None:
    seen = 0
    for number, ticket in TICKETS:
        problem = draw(ticket)
        if problem.asks.kind != "matrix" or len(form(problem.answer)) != 2:
            continue
        text, cells = corrupted(problem)
        one = mark_problem(number, problem, Response(text))
        assert one.points == pytest.approx(1 - 1 / cells, abs=1e-4), (ticket, text)
        assert sum(not cell for row in one.cells for cell in row) == 1
        seen += 1
    assert seen >= 5


def test_a_slip_in_a_step_is_followed_through() -> None:
    problem = draw("attention-output@1/2#7")
    steps = {step.name: typed(step.value, problem.asks_at(step.name)) for step in problem.steps}
    asked = steps.pop(problem.asked)
    first, *later = list(steps)
    slipped = mark_problem(1, problem, Response("", {first: "[[9, 9], [9, 9]]"}))
    assert slipped.steps[0].result != "right"
    whole = mark_problem(1, problem, Response(asked, steps))
    assert whole.points == 1 and all(step.result == "right" for step in whole.steps)
    assert later


def test_steps_earn_something_where_the_answer_is_missing() -> None:
    problem = draw("attention-output@1/2#7")
    given = {
        step.name: typed(step.value, problem.asks_at(step.name))
        for step in problem.typed_steps[:-1]
    }
    one = mark_problem(1, problem, Response("", given))
    assert one.points == pytest.approx(0.75) and one.result == "partly"


def test_what_cannot_be_read_is_listed_with_cause_and_place_and_not_scored() -> None:
    number, ticket = TICKETS[0]
    one = mark_problem(number, draw(ticket), Response("((("))
    assert one.result == "unreadable" and one.points == 0
    assert one.says and one.position is not None


def test_nothing_given_is_blank_and_not_wrong() -> None:
    (marked,) = grade(TICKETS, [Filled("Ada", {})])
    assert {one.result for one in marked.marks} == {"blank"}


def test_a_class_is_summed_up_with_its_most_common_mistake() -> None:
    problem = draw("attention-output@1/2#7")
    tickets = [(1, problem.ticket)]
    wrong = next(one for one in problem.wrongs if one.mistake.name == "no-scale")
    text = typed(wrong.answer, problem.asks)
    learners = [
        Filled("Ada", {1: Response(right(problem))}),
        Filled("Ben", {1: Response(text)}),
        Filled("Cem", {1: Response(text)}),
    ]
    whole = overview(grade(tickets, learners))
    assert whole.learners == 3 and whole.of == 1
    assert whole.mean == pytest.approx(1 / 3) and whole.median == 0
    assert whole.mistakes[0][0] == "no-scale" and whole.mistakes[0][2] == 2


def test_answers_to_problems_that_are_not_on_the_sheet_are_refused() -> None:
    with pytest.raises(SheetError, match="no problem 99"):
        list(grade(TICKETS, [Filled("Ada", {99: Response("1")})]))
    with pytest.raises(SheetError, match="no step dance"):
        mark_problem(1, draw(TICKETS[0][1]), Response("1", {"dance": "1"}))
