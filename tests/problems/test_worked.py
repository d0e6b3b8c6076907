"""Questions, hints and solutions as a learner sees them on an 80×24 screen."""

from __future__ import annotations

import pytest

from studykit.problems import draw, families, hints, solution
from studykit.problems.formula import Formula
from studykit.problems.worked import says_something
from studykit.typeset import lay_out, line_width
from tests.problems.support import IDS, LEVELS


@pytest.mark.parametrize(("name", "level"), LEVELS, ids=IDS)
def test_a_question_fits_on_the_smallest_usual_screen(name: str, level: int) -> None:
    for seed in range(12):
        problem = draw(family=name, level=level, seed=seed)
        lines = lay_out(problem.question, 78)
        assert len(lines) <= 18, problem.ticket
        assert max(map(line_width, lines)) <= 78, problem.ticket


@pytest.mark.parametrize(("name", "level"), LEVELS, ids=IDS)
def test_solutions_and_hints_show_every_step(name: str, level: int) -> None:
    problem = draw(family=name, level=level, seed=1)
    text = solution(problem)
    ladder = hints(problem)
    for step in problem.steps:
        assert step.title in text
        assert step.formula in text or not says_something(step)
    told = [3 if says_something(step) else 2 for step in problem.steps]
    for place, (view, stage) in enumerate(zip(problem.steps, problem.pipeline.stages, strict=True)):
        is_answer = isinstance(view.value, Formula) and view.value.tex == problem.answer.tex
        if is_answer and stage.step.working is None:
            told[place] -= 1  # its last rung would be the answer
    assert len(ladder) == sum(told)
    assert all(hint.count("$") % 2 == 0 for hint in ladder)
    assert hints(problem, problem.asked) == ladder[len(ladder) - told[-1] + 1 :]


def test_every_family_says_what_it_is_for_and_what_it_exercises() -> None:
    for family in families().values():
        assert family.title
        assert family.topic
        assert family.says.endswith(".")
        assert family.items
        names = [(m.name, m.step, m.levels) for m in family.mistakes]
        assert len(set(names)) == len(names), family.name
        for mistake in family.mistakes:
            assert mistake.says.rstrip().endswith((".", "?")), (family.name, mistake.name)
            assert mistake.says.count("$") % 2 == 0
