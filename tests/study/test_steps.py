"""A problem taken step by step: follow-through, what all come to, nothing lost by undo."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from studykit.memory import Grade
from studykit.problems import draw
from studykit.study import Session, StudyError
from tests.study.desk import Desk

DECK = """\
title: Problems
id: problems
sources: {note: A note}
cards:
  - {id: whole, kind: problem, family: attention-output, level: 2, sources: [note]}
  - {id: plain, kind: basic, front: What is one?, back: The first., sources: [note]}
"""


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    """A session at its problem: scores, scaled scores, weights and output to compute."""
    desk.deck(DECK)
    with desk.open(new_order="first") as collection:
        session = collection.session()
        while (question := session.next()) is not None and question.kind != "problem":
            session.reveal()
            session.grade(Grade.EASY)
        yield session


def values(session: Session) -> dict[str, list[list[float]]]:
    """The right value of every step, in floats."""
    assert session.question is not None
    problem = draw(session.question.ticket)
    return {
        step.name: [[float(x) for x in row] for row in problem.floats[step.name]]
        for step in problem.steps
    }


def text(rows: list[list[float]], places: int = 6) -> str:
    return "; ".join(" ".join(f"{x:.{places}f}" for x in row) for row in rows)


def following(session: Session, scores: list[list[float]]) -> dict[str, list[list[float]]]:
    """What the right method gives from these scores."""
    assert session.question is not None
    problem = draw(session.question.ticket)
    pool = problem.pipeline.after(problem.floats, "scores", scores)
    return {name: pool[name] for name in problem.pipeline.names}


def test_the_steps_of_a_problem_are_asked_in_order_with_shape_and_precision(
    session: Session,
) -> None:
    assert session.question is not None
    assert [one.name for one in session.question.steps] == ["scores", "scaled", "weights", "output"]
    step = session.begin_steps()
    assert step is session.step is session.question.steps[0]
    assert (step.asks, step.symbol) == ("matrix", r"QK^\top")
    assert "exact" in step.expects and "×" in step.expects


def test_every_step_right_is_right_and_suggests_good(session: Session) -> None:
    right = values(session)
    session.begin_steps()
    for name in ("scores", "scaled", "weights"):
        outcome = session.answer(text(right[name]))
        assert (outcome.result, outcome.of_step, outcome.settled) == ("right", True, False)
        assert session.outcome is None
    outcome = session.answer(text(right["output"]))
    assert outcome.settled and outcome.by_steps and session.step is None
    assert (outcome.result, outcome.suggested) == ("right", Grade.GOOD)
    assert outcome.says == "Every step is right." and outcome.back and outcome.intervals


def test_a_slip_of_arithmetic_is_carried_and_leaves_the_method_right(session: Session) -> None:
    scores = [row[:] for row in values(session)["scores"]]
    scores[0][1] += 1.0
    own = following(session, scores)
    session.begin_steps()
    first = session.answer(text(scores))
    assert first.result == "partly"
    assert first.cells[0] == (True, False, *first.cells[0][2:])
    for name in ("scaled", "weights"):
        assert session.answer(text(own[name])).follow_through
    outcome = session.answer(text(own["output"]))
    assert outcome.result == "partly" and outcome.almost
    assert outcome.says == r"Method right; an arithmetic slip in $QK^\top$, row 1, column 2."
    assert outcome.suggested is Grade.HARD
    assert [one.outcome.result for one in outcome.steps] == ["partly", "right", "right", "right"]


def test_a_wrong_method_is_named_with_its_step(session: Session) -> None:
    right = values(session)
    session.begin_steps()
    session.answer(text(right["scores"]))
    outcome = session.answer(text(right["scores"]))
    assert [slip.mistake for slip in outcome.slips] == ["no-scale"]
    for name in ("weights", "output"):
        session.answer(text(right[name]))
    assert session.outcome is not None
    assert session.outcome.says.startswith("Step 2 (")
    assert "scale" in session.outcome.says or r"\sqrt" in session.outcome.says
    assert session.outcome.suggested is Grade.AGAIN


def test_a_right_answer_after_a_step_that_is_off_for_no_known_reason_is_hard_not_again(
    session: Session,
) -> None:
    right = values(session)
    session.begin_steps()
    session.answer(text([[one + 7.0 for one in row] for row in right["scores"]]))
    for name in ("scaled", "weights", "output"):
        outcome = session.answer(text(right[name]))
    assert outcome.result == "partly" and outcome.says.endswith("right, and so is the answer.")
    assert outcome.suggested is Grade.HARD


def test_an_unreadable_step_costs_nothing(session: Session) -> None:
    session.begin_steps()
    outcome = session.answer("1 2; banana")
    assert outcome.result == "unreadable" and outcome.position is not None
    assert session.steps_done == () and session.step is not None


def test_a_step_that_is_shown_is_no_right_step(session: Session) -> None:
    right = values(session)
    session.begin_steps()
    shown = session.reveal()
    assert shown.result == "self" and "bmatrix" in shown.back and not shown.settled
    for name in ("scaled", "weights", "output"):
        session.answer(text(right[name]))
    assert session.outcome is not None
    assert session.outcome.result == "partly"
    assert session.outcome.says == "Shown and not answered: step 1. The other steps are right."
    assert session.outcome.suggested is Grade.AGAIN


def test_steps_have_hints_of_their_own_which_make_the_answer_hard(session: Session) -> None:
    right = values(session)
    step = session.begin_steps()
    given = [session.hint() for _ in range(step.hints + 1)]
    assert all(given[:-1]) and given[-1] is None
    session.answer(text(right["scores"]))
    assert session.hint() not in given
    for name in ("scaled", "weights", "output"):
        session.answer(text(right[name]))
    assert session.outcome is not None and session.outcome.suggested is Grade.HARD


def test_after_a_wrong_whole_answer_the_steps_say_where_and_its_grade_stays(
    session: Session,
) -> None:
    right = values(session)
    whole = session.answer("1 1; 1 1")
    assert whole.settled and whole.suggested is Grade.AGAIN
    session.begin_steps()
    for name in ("scores", "scaled", "weights"):
        session.answer(text(right[name]))
    outcome = session.answer(text(right["output"]))
    assert outcome.result == whole.result and outcome.says == whole.says
    assert outcome.suggested is Grade.AGAIN
    assert outcome.steps_say == "Every step is right." and len(outcome.steps) == 4
    with pytest.raises(StudyError, match="Every step is done"):
        session.begin_steps()


def test_steps_can_be_left_and_taken_up_again(session: Session) -> None:
    right = values(session)
    session.begin_steps()
    session.answer(text(right["scores"]))
    session.leave_steps()
    assert session.step is None and len(session.steps_done) == 1
    assert session.begin_steps().name == "scaled"
    session.leave_steps()
    assert session.answer(text(right["output"])).result == "right"
    with pytest.raises(StudyError, match="was right"):
        session.begin_steps()


def test_a_card_without_steps_says_so(session: Session) -> None:
    session.reveal()
    session.grade(Grade.EASY)
    assert session.next() is not None
    with pytest.raises(StudyError, match="no steps"):
        session.begin_steps()


def test_the_steps_are_logged_and_come_back_on_undo_with_the_last_one_open(
    desk: Desk, session: Session
) -> None:
    scores = [row[:] for row in values(session)["scores"]]
    scores[1][0] -= 2.0
    own = following(session, scores)
    session.begin_steps()
    texts = [text(scores), *(text(own[name]) for name in ("scaled", "weights", "output"))]
    for typed in texts:
        session.answer(typed)
    before = session.outcome
    session.grade(Grade.HARD)
    with sqlite3.connect(desk.home.db) as connection:
        row = connection.execute("SELECT detail, answer, result FROM review").fetchall()[-1]
    connection.close()
    kept: dict[str, Any] = json.loads(row[0])
    assert [one["typed"] for one in kept["steps"]] == texts
    assert row[1:] == (texts[-1], "partly")

    question = session.undo()
    assert question is not None and session.step is question.steps[-1]
    assert [one.typed for one in session.steps_done] == texts[:-1]
    assert session.draft == texts[-1]
    assert session.answer(session.draft) == before


def test_a_whole_answer_comes_back_as_a_draft_on_undo(session: Session) -> None:
    session.answer("1 1; 1 1")
    session.begin_steps()
    session.reveal()
    session.grade(Grade.AGAIN)
    session.undo()
    assert (session.draft, session.outcome, session.step) == ("1 1; 1 1", None, None)
    assert len(session.steps_done) == 1


def test_notes_are_kept_with_the_review_and_come_back_on_undo(desk: Desk, session: Session) -> None:
    session.reveal()
    session.grade(Grade.EASY)
    assert session.next() is not None
    session.note("It is the first,\nI think.")
    session.reveal()
    session.grade(Grade.GOOD)
    with sqlite3.connect(desk.home.db) as connection:
        detail = connection.execute("SELECT detail FROM review ORDER BY id").fetchall()[-1][0]
    connection.close()
    assert json.loads(detail) == {"notes": "It is the first,\nI think."}
    session.undo()
    assert session.notes == "It is the first,\nI think."


def test_what_was_read_is_drawn_in_two_dimensions(session: Session) -> None:
    outcome = session.answer("1/2 sqrt(2) 3")
    assert outcome.reading == r"$\begin{bmatrix}\frac{1}{2} & \sqrt{2} & 3\end{bmatrix}$"


def test_the_value_that_is_shown_for_a_step_is_accepted_as_its_answer() -> None:
    from studykit.problems import ProblemError, answer, families, mark

    for name, family in families().items():
        for level in family.levels:
            problem = draw(family=name, level=level, seed=11)
            for step in problem.steps:
                try:
                    shape = problem.asks_at(step.name).kind == "shape"
                except ProblemError:
                    continue
                shown = answer(problem, step.name)
                marking = mark(problem, shown.replace("\\ ", " ") if shape else shown, step.name)
                assert marking.result == "right", (problem.ticket, step.name, shown, marking.says)
