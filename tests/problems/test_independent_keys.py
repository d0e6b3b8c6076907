"""Two ways to every answer: the family's pipeline and plain loops written apart from it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from studykit.attention import attend
from studykit.problems import draw
from studykit.problems.formula import Formula
from studykit.problems.values import cells, floated, form
from tests.problems.keys import KEYS
from tests.problems.support import IDS, LEVELS

TICKETS = 40


@pytest.mark.parametrize(("name", "level"), LEVELS, ids=IDS)
def test_plain_loops_agree_with_the_pipeline(name: str, level: int) -> None:
    for seed in range(TICKETS):
        problem = draw(family=name, level=level, seed=seed)
        key = KEYS[name]({**problem.givens, "level": level, "asked": problem.asked})
        if isinstance(problem.answer, Formula):
            the_formula_has_these_values(problem.answer, key, problem.ticket)
            continue
        assert form(key) == form(problem.answer), problem.ticket
        assert [float(x) for x in cells(key)] == pytest.approx(
            [float(x) for x in cells(problem.answer)], rel=1e-9, abs=1e-12
        ), problem.ticket


def the_formula_has_these_values(answer: Formula, key: Any, ticket: str) -> None:
    for point in answer.points[:3]:
        value = answer.at(point)
        expected = [float(x) for x in cells(key({**point.values, **point.sizes}))]
        assert value is not None, (ticket, answer.text)
        assert list(value[1]) == pytest.approx(expected, rel=1e-6, abs=1e-9), (ticket, answer.text)


@pytest.mark.parametrize(("name", "level"), LEVELS, ids=IDS)
def test_exact_numbers_and_floats_tell_the_same(name: str, level: int) -> None:
    for seed in range(TICKETS):
        problem = draw(family=name, level=level, seed=seed)
        for step in problem.pipeline.names:
            exact, rough = problem.values[step], problem.floats[step]
            assert form(exact) == form(rough)
            assert cells(floated(exact)) == pytest.approx(cells(rough), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_attention_engine_agrees_at_every_step(level: int) -> None:
    for seed in range(200):
        problem = draw(family="attention-output", level=level, seed=seed)
        given = {name: np.array(floated(problem.givens[name])) for name in ("Q", "K", "V")}
        past = problem.givens.get("past", 0)
        trace = attend(
            given["Q"],
            given["K"][past:],
            given["V"][past:],
            causal=level == 3,
            past_key=given["K"][:past],
            past_value=given["V"][:past],
        )
        for step in problem.pipeline.names:
            np.testing.assert_allclose(
                getattr(trace, step), np.array(problem.floats[step], dtype=float), atol=1e-12
            )
