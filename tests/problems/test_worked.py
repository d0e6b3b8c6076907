"""Questions, hints and solutions as a learner sees them on an 80×24 screen."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from studykit.problems import draw, families, hints, solution
from studykit.problems.formula import Formula
from studykit.problems.worked import says_something, told
from studykit.typeset import draw as drawn
from studykit.typeset import lay_out, line_width
from tests.problems.support import IDS, LEVELS

TEX = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)


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
    rungs = 0
    for stage in told(problem):
        step = problem.view(stage.step)
        assert step.title in text
        assert step.formula in text or not says_something(step)
        is_answer = isinstance(step.value, Formula) and step.value.tex == problem.answer.tex
        # The last rung of some would be the answer.
        rungs += 2 + says_something(step) - (is_answer and stage.step.working is None)
    assert len(ladder) == rungs
    assert all(hint.count("$") % 2 == 0 for hint in ladder)
    assert set(hints(problem, problem.asked)) <= set(ladder)


@pytest.mark.parametrize(("name", "level"), LEVELS, ids=IDS)
def test_what_is_said_of_one_entry_names_that_entry(name: str, level: int) -> None:
    for step in draw(family=name, level=level, seed=1).steps:
        assert not re.fullmatch(r"\\left\(.*\\right\)_\{?[a-z]+\}?", step.formula), step


def test_an_entry_stands_on_the_left_where_the_formula_is_of_one() -> None:
    problem = draw("matrix-product@1/1#1")
    said = r"y_i = \sum_c A_{ic}x_c"
    assert f"${said}$" in hints(problem)
    assert f"$${said}$$" in solution(problem)


def test_a_working_that_is_its_own_result_is_not_written_twice() -> None:
    problem = draw("dot-cosine-projection@1/1#1")
    assert "Here: $7/5$" in hints(problem)
    assert "Here" not in solution(problem).partition("**4.")[2].partition("**5.")[0]


def test_a_given_is_neither_asked_for_nor_told_as_a_step() -> None:
    problem = draw("dot-cosine-projection@1/1#1")
    assert "The key" in [step.title for step in problem.steps]
    assert problem.typed_steps[0].name == "product"
    assert hints(problem)[0] == "Begin with: dot product."


def test_a_step_that_is_asked_by_itself_is_helped_without_saying_that_it_comes_next() -> None:
    problem = draw("attention-output@1/2#7")
    *_, formula, first = hints(problem)
    assert hints(problem, "output") == (formula, first)


def test_what_a_step_only_repeats_is_not_asked_before_it() -> None:
    asked = [step.name for step in draw("entropy-derivative@1/3#2").typed_steps]
    assert asked == ["derivative"]  # the factor in front of the entropy is 1
    asked = [step.name for step in draw("mask-matrix@1/1#0").typed_steps]
    assert asked == ["mask"]  # 1 means open, as in the list of open keys


@pytest.mark.parametrize(("name", "level"), LEVELS, ids=IDS)
def test_no_formula_and_no_matrix_is_typed_twice_in_a_row(name: str, level: int) -> None:
    for seed in range(12):
        problem = draw(family=name, level=level, seed=seed)
        steps = [one for one in problem.typed_steps if isinstance(one.value, Formula)]
        for one, after in pairwise(steps):
            assert one.value.tree != after.value.tree, problem.ticket


def test_the_help_of_a_step_that_is_not_asked_goes_to_the_next_one() -> None:
    problem = draw("entropy-derivative@1/3#2")
    assert [step.name for step in problem.steps] == ["score", "derivative"]
    assert hints(problem, "derivative") == hints(problem)[:2] + hints(problem)[3:]


def test_a_step_that_repeats_the_one_before_under_the_same_name_is_not_told() -> None:
    problem = draw("loss-derivative@1/2#1")
    assert [step.name for step in problem.steps] == ["slope", "weighted"]
    assert "factor in front" in problem.steps[-1].title
    assert problem.steps[-1].title not in solution(problem)
    assert hints(problem, "weighted") == hints(problem)


def undrawn(text: str) -> list[str]:
    """The formulas of a text that the terminal would show as their source."""
    formulas = [display or inline for display, inline in TEX.findall(text)]
    return [tex for tex in formulas if drawn(tex).how != "drawn"]


@pytest.mark.parametrize(("name", "level"), LEVELS, ids=IDS)
def test_every_formula_of_a_problem_is_drawn(name: str, level: int) -> None:
    problem = draw(family=name, level=level, seed=1)
    told = [one.says for one in problem.family.mistakes_at(level)]
    for text in (problem.question, solution(problem), *hints(problem), *told):
        assert undrawn(text) == [], problem.ticket


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
