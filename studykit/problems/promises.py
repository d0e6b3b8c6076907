"""What every family promises, tried on a few of its tickets: for families that are not shipped.

The shipped ones are held to the same, and more, by the tests.
"""

from __future__ import annotations

from collections.abc import Iterator

from studykit.problems.drawing import draw_from
from studykit.problems.family import Family, ProblemError
from studykit.problems.marking import mark
from studykit.problems.own import told
from studykit.problems.problem import Problem
from studykit.problems.worked import hints, solution
from studykit.problems.written import written

TICKETS = 20
NAMED_FIRST = 0.97
"""The least share of mistakes that are named, when their answer is typed, before any other."""


def broken_promises(family: Family) -> Iterator[str]:
    """Each promise that a family breaks, as a sentence; one of a sort for each level."""
    drawn: dict[int, list[Problem]] = {}
    for level in family.levels:
        try:
            problems = [draw_from(family, level, seed) for seed in range(TICKETS)]
            yield from _at_level(level, problems)
        except ProblemError as error:
            yield f"{error}."
        except Exception as error:
            yield f"Level {level} raised {told(error)}"
        else:
            drawn[level] = problems
    met = {
        (wrong.mistake.name, wrong.mistake.step)
        for problems in drawn.values()
        for problem in problems
        for wrong in problem.wrongs
    }
    for mistake in family.mistakes:
        # Of a level that failed, and was told, nobody knows what applies there.
        known = drawn.keys() >= set(mistake.levels or family.levels)
        if known and (mistake.name, mistake.step) not in met:
            yield f"The mistake {mistake.name} at {mistake.step} never applies."


def _at_level(level: int, problems: list[Problem]) -> Iterator[str]:
    if len({problem.question for problem in problems}) < TICKETS // 2:
        yield f"Level {level} asks the same again and again: draw from more numbers."
    if any(not problem.wrongs for problem in problems):
        yield f"Level {level} has problems to which no mistake applies."
    total = first = 0
    for problem in problems:
        marking = mark(problem, written(problem.answer, problem.asks))
        if marking.result != "right":
            yield f"{problem.ticket}: the right answer is marked {marking.result}."
            return
        if not solution(problem) or not hints(problem):
            yield f"{problem.ticket} has no worked solution."
            return
        named, all_ = _named_first(problem)
        total, first = total + all_, first + named
    if first < NAMED_FIRST * total:
        yield f"Level {level}: of {total} mistakes typed, only {first} are named first."


def _named_first(problem: Problem) -> tuple[int, int]:
    first = 0
    for wrong in problem.wrongs:
        marking = mark(problem, written(wrong.answer, problem.asks))
        if marking.result in ("wrong", "partly") and marking.diagnosis:
            first += marking.diagnosis[0].mistake == wrong.mistake.name
    return first, len(problem.wrongs)
