"""Gradients against the loss itself: a small move of every entry, with no formula in between."""

from __future__ import annotations

import pytest

from studykit.problems import draw, families
from studykit.problems.values import cells
from tests.problems.keys import FORWARD, GRADIENT_LEVELS
from tests.problems.keys.slopes import differences

LEVELS = [
    (name, level)
    for name in FORWARD
    for level in GRADIENT_LEVELS.get(name, families()[name].levels)
]


@pytest.mark.parametrize(("name", "level"), LEVELS, ids=[f"{n}-{k}" for n, k in LEVELS])
def test_the_answer_is_what_central_differences_of_the_loss_give(name: str, level: int) -> None:
    for seed in range(10):
        problem = draw(family=name, level=level, seed=seed)
        start = FORWARD[name]({**problem.givens, "level": level, "asked": problem.asked})
        found = differences(*start)
        right = [float(x) for x in cells(problem.answer)]
        assert cells(found) == pytest.approx(right, rel=1e-5, abs=1e-6), problem.ticket
