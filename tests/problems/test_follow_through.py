"""Later steps marked from the learner's own earlier value, and values that earn nothing."""

from __future__ import annotations

from typing import Any

import pytest

from studykit.problems import draw, mark
from tests.problems.support import IDS, LEVELS, everywhere, typed

PROBLEM = draw("attention-output@1/2#7")
SLIPPED: Any = [list(row) for row in PROBLEM.floats["scores"]]
SLIPPED[0][1] += 1.0
"""One score off by one: a slip of arithmetic, not of method."""


def from_own(step: str, own: dict[str, Any]) -> Any:
    """What the right method gives from these values."""
    pool = dict(PROBLEM.floats)
    for stage in PROBLEM.pipeline.stages:
        name = stage.step.name
        pool[name] = own.get(name) or stage.value(pool)
    return pool[step]


def test_a_later_step_is_right_from_the_learners_own_value() -> None:
    for step in ("scaled", "weights", "output"):
        text = typed(from_own(step, {"scores": SLIPPED}), PROBLEM.asks_at(step))
        assert mark(PROBLEM, text, step=step).result in ("wrong", "partly")
        marking = mark(PROBLEM, text, step=step, earlier={"scores": SLIPPED})
        assert marking.result == "right"
        assert marking.follow_through
        assert r"your own $QK^\top$" in marking.says


def test_earlier_values_may_be_text_as_typed() -> None:
    scores = typed(SLIPPED, PROBLEM.asks_at("scores"))
    text = typed(from_own("output", {"scores": SLIPPED}), PROBLEM.asks)
    assert mark(PROBLEM, text, earlier={"scores": scores}).follow_through


def test_the_true_answer_stays_right_whatever_came_before() -> None:
    marking = mark(PROBLEM, typed(PROBLEM.answer, PROBLEM.asks), earlier={"scores": SLIPPED})
    assert marking.result == "right"
    assert not marking.follow_through


def test_a_right_earlier_value_is_not_follow_through() -> None:
    weights = typed(PROBLEM.values["weights"], PROBLEM.asks_at("weights"))
    wrong = typed(PROBLEM.wrongs[0].answer, PROBLEM.asks)
    marking = mark(PROBLEM, wrong, earlier={"weights": weights})
    assert marking.result in ("wrong", "partly")
    assert not marking.follow_through


def test_a_silly_earlier_value_that_makes_the_rest_trivial_earns_nothing() -> None:
    zeros = [[0.0] * len(row) for row in PROBLEM.floats["scores"]]
    text = typed(from_own("output", {"scores": zeros}), PROBLEM.asks)
    marking = mark(PROBLEM, text, earlier={"scores": zeros})
    assert marking.result in ("wrong", "partly")
    assert not marking.follow_through
    assert "too easy" in marking.says or marking.diagnosis


def test_a_mistake_after_an_own_value_is_still_named() -> None:
    unscaled = from_own("output", {"scores": SLIPPED, "scaled": SLIPPED})
    marking = mark(PROBLEM, typed(unscaled, PROBLEM.asks), earlier={"scores": SLIPPED})
    assert marking.result in ("wrong", "partly")
    assert [d.mistake for d in marking.diagnosis] == ["no-scale"]


def test_unreadable_and_misshapen_earlier_values_are_left_out() -> None:
    wrong = typed(PROBLEM.wrongs[0].answer, PROBLEM.asks)
    for earlier in ({"scores": "[[oops"}, {"scores": [[1.0]]}, {"nothing": "1"}):
        assert not mark(PROBLEM, wrong, earlier=earlier).follow_through


@pytest.mark.parametrize(("name", "level"), LEVELS, ids=IDS)
def test_no_value_of_ones_own_is_beyond_marking(name: str, level: int) -> None:
    problem = draw(family=name, level=level, seed=10**6)
    steps = [step for step in problem.typed_steps if problem.asks_at(step.name).kind != "formula"]
    for number in ("0", "-1", "0.5", "1e9"):
        earlier: dict[str, str] = {}
        for step in steps:
            text = everywhere(number, problem.asks_at(step.name))
            for own in ({}, earlier):
                assert mark(problem, text, step=step.name, earlier=own).result
            earlier = {**earlier, step.name: text}
