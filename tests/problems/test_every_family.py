"""What holds for every family at every level, over a sample of its tickets or 500 of each.

A right answer typed as asked is accepted; every applicable mistake gives an answer that is
rejected and named; the verdicts come through the real reading and judging.
"""

from __future__ import annotations

import os

import pytest

from studykit.problems import Problem, draw, families, mark, solution
from studykit.problems.diagnosis import diagnose
from studykit.problems.formula import Formula
from studykit.problems.given import Given
from studykit.problems.problem import tolerances
from studykit.problems.typed import Typed, read
from studykit.problems.values import cells, form
from tests.problems.support import IDS, LEVELS, typed

TICKETS = int(os.environ.get("STUDYKIT_TEST_TICKETS", "60"))
"""Tickets drawn of each family and level; `make test-all` draws 500."""

ENOUGH = 600
"""Tickets of a level within which its rarest mistake has to apply."""

THROUGH_THE_DOOR = int(os.environ.get("STUDYKIT_TEST_MARKED", "1"))
"""Mistakes of a ticket that are typed and marked; over all tickets each one has its turn. The
others are checked by the comparison that marking itself makes. `make test-all` types them all."""


@pytest.mark.parametrize(("name", "level"), LEVELS, ids=IDS)
def test_every_ticket_keeps_every_promise(name: str, level: int) -> None:
    """One test for each level, so that its tickets are drawn once."""
    problems = [draw(family=name, level=level, seed=seed) for seed in range(TICKETS)]
    for problem in problems:
        the_right_answer_typed_as_asked_is_right(problem)
    named = [every_applicable_mistake_is_rejected_and_named(problem) for problem in problems]
    first, total = (sum(counts) for counts in zip(*named, strict=True))
    assert first / total >= 0.97, f"named first: {first} of {total}"
    for problem in problems[:20]:
        the_worked_solution_ends_with_the_answer(problem)
    every_mistake_meant_for_this_level_turns_up(problems)
    assert len({problem.question for problem in problems}) >= 20


def the_right_answer_typed_as_asked_is_right(problem: Problem) -> None:
    marking = mark(problem, typed(problem.answer, problem.asks))
    assert marking.result == "right", (problem.ticket, marking)
    assert marking.diagnosis == ()


def every_applicable_mistake_is_rejected_and_named(problem: Problem) -> tuple[int, int]:
    """How many of the problem's mistakes were named first, and how many there are."""
    assert problem.wrongs, problem.ticket
    first = tried = 0
    for turn, wrong in enumerate(problem.wrongs):
        text = typed(wrong.answer, problem.asks)
        if (turn - problem.seed) % len(problem.wrongs) < THROUGH_THE_DOOR:
            marking = mark(problem, text)
            assert marking.result in ("wrong", "partly"), (problem.ticket, wrong.mistake.name)
            found = marking.diagnosis
        elif isinstance(wrong.answer, Formula):  # naming it would be marking it
            assert not agree(wrong.answer, problem), (problem.ticket, wrong.mistake.name)
            continue
        else:
            answer = quickly_read(text, problem)
            assert not accepted(answer, problem), (problem.ticket, wrong.mistake.name)
            found = diagnose(
                Given(answer, problem.asks, problem.slack),
                problem.floats[problem.asked],
                problem.wrongs,
                problem.pipeline,
                problem.floats,
            )
        names = [d.mistake for d in found]
        assert wrong.mistake.name in names, (problem.ticket, wrong.mistake.name, names)
        first, tried = first + (names[0] == wrong.mistake.name), tried + 1
    return first, tried


def the_worked_solution_ends_with_the_answer(problem: Problem) -> None:
    last = solution(problem).rsplit("**Answer:**", 1)[1]
    text = last.strip().strip("$").split("=", 1)[1]
    if isinstance(problem.answer, tuple):
        text = text.replace(r"\ ", " ")
    assert mark(problem, text.strip()).result == "right", (problem.ticket, text)


def every_mistake_meant_for_this_level_turns_up(problems: list[Problem]) -> None:
    met = {w.mistake.name for problem in problems for w in problem.wrongs}
    meant = {m.name for m in problems[0].family.mistakes_at(problems[0].level) if m.levels}
    assert meant <= met


def test_every_declared_mistake_turns_up_at_some_level() -> None:
    """Drawn until all have: how soon a rare one comes depends on the draws of its version."""
    for family in families().values():
        missing = {(m.name, m.step) for m in family.mistakes}
        for seed in range(ENOUGH):
            for level in family.levels:
                wrongs = draw(family=family.name, level=level, seed=seed).wrongs
                missing -= {(w.mistake.name, w.mistake.step) for w in wrongs}
            if not missing:
                break
        assert not missing, (family.name, missing)


def quickly_read(text: str, problem: Problem) -> Typed:
    """The typed text without the reader: decimals are a fixed point or a fraction here."""
    if problem.asks.kind == "shape":
        return read(text, problem.asks)
    rows = [row.split(",") for row in text.strip("[]").split("],")]
    rows = [[x.strip(" []") for x in row] for row in rows]
    units = tuple(
        10.0 ** -len(x.partition(".")[2]) if "." in x and "e" not in x else 0.0
        for row in rows
        for x in row
    )
    numbers = tuple(tuple(_float(x) for x in row) for row in rows)
    return Typed(numbers, units, "", ())


def _float(text: str) -> float:
    top, _, bottom = text.partition("/")
    return float(top) / float(bottom or 1)


def accepted(answer: Typed, problem: Problem) -> bool:
    """Whether it is within the tolerance of the right answer in every cell."""
    right = problem.floats[problem.asked]
    shape = form(right)
    expected = shape if len(shape) == 2 else (1, max(1, len(cells(right))))
    if answer.shape != expected:
        return False
    allowed = tolerances(cells(right), problem.asks.precision, problem.slack)
    return all(abs(x - y) <= t for x, y, t in zip(answer.cells, cells(right), allowed, strict=True))


def agree(wrong: Formula, problem: Problem) -> bool:
    """Whether a mistake's formula has the right one's value at every point that is looked at."""
    right = problem.floats[problem.asked]
    return form(right) == form(wrong) and cells(right) == pytest.approx(cells(wrong), rel=1e-9)
