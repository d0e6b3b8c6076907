"""The shapes that `--json` promises."""

from __future__ import annotations

import json

from studykit.problems import (
    draw,
    families,
    families_json,
    mark,
    marking_json,
    problem_json,
)
from tests.problems.support import LEVELS, typed


def test_every_problem_is_plain_json() -> None:
    for name, level in LEVELS:
        shown = problem_json(draw(family=name, level=level, seed=5))
        assert json.loads(json.dumps(shown, allow_nan=False)) == shown
        assert {"ticket", "question", "givens", "asks", "steps", "answer"} <= shown.keys()
        assert shown["asks"].keys() >= {"kind", "shape", "precision"}
        assert all(step.keys() >= {"name", "title", "value"} for step in shown["steps"])


def test_fractions_are_numbers_with_their_exact_text_beside_them() -> None:
    problem = draw("attention-output@1/1#3")
    shown = problem_json(problem)
    [[first, second]] = problem.answer
    assert first.denominator > 1
    assert shown["answer"] == [[float(first), float(second)]]
    assert shown["answer_exact"] == [[str(first), str(second)]]
    assert any("ln" in x for row in shown["givens_exact"]["K"] for x in row)


def test_closed_scores_are_null() -> None:
    shown = problem_json(draw("attention-output@1/3#5"))
    masked = next(step for step in shown["steps"] if step["name"] == "masked")
    assert masked["value"][0][-1] is None


def test_families_are_listed_with_steps_and_mistakes() -> None:
    listed = families_json()
    assert [family["name"] for family in listed] == list(families())
    for family in listed:
        assert json.loads(json.dumps(family)) == family
        assert family["steps"]
        for mistake in family["mistakes"]:
            assert mistake.keys() >= {"name", "step", "says"}
            assert mistake["step"] in family["steps"]


def test_a_marking_tells_reading_verdict_and_diagnosis() -> None:
    problem = draw("scaled-dot@1/2#3")
    unscaled = next(w.answer for w in problem.wrongs if w.mistake.name == "no-scale")
    shown = marking_json(mark(problem, f"{unscaled:.3f}"))
    assert shown["verdict"]["result"] == "wrong"
    assert shown["diagnosis"][0]["mistake"] == "no-scale"
    unread = marking_json(mark(problem, "2..5"))
    assert unread["verdict"]["result"] == "unreadable"
    assert unread["verdict"]["cause"]
    assert isinstance(unread["verdict"]["position"], int)


def test_of_two_mistakes_together_the_second_is_marked_as_made_besides() -> None:
    problem = draw("attention-output@1/2#1")
    wrong = next(w for w in problem.wrongs if w.mistake.name == "no-scale")
    rows = [list(row) for row in wrong.answer]
    shown = marking_json(mark(problem, typed([rows[1], rows[0], *rows[2:]], problem.asks)))
    assert [one.get("besides", False) for one in shown["diagnosis"]] == [False, True]
