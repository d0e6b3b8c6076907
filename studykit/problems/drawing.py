"""From a ticket to a problem that tells right from wrong.

A draw is thrown away while its numbers are degenerate or while any applicable mistake gives an
answer that would pass as right. As long as it can be had, all mistakes also differ from each
other, so that an answer names one of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, ProblemError, call
from studykit.problems.formula import Formula, tells_nothing
from studykit.problems.own import line_in, told
from studykit.problems.pipeline import Pipeline, Pool, pipeline
from studykit.problems.problem import Problem, Wrong, allowances
from studykit.problems.registry import family_named, own
from studykit.problems.rounding import near_tie, rounding_slack
from studykit.problems.values import Value, cells, finite, floated, form

MARGIN = 2.0
"""A wrong answer stays at least this many tolerances away from the right one."""

ILL_CONDITIONED = 5.0
"""Rounding on the way may not add more than so many times the error of rounding the answer."""

DISTINCT_TRIES = 40
"""So many draws may go by in the hope that no two mistakes give the same answer."""

TRIES = 2000

_TICKET = re.compile(r"([a-z][a-z0-9-]*)@(\d{1,4})/(\d)#(\d{1,18})")


def draw(
    ticket: str | None = None,
    *,
    family: str | None = None,
    level: int | None = None,
    seed: int | None = None,
) -> Problem:
    """The problem of a ticket (`attention-output@1/2#7`), or of a family, level and seed.

    The same ticket gives the same problem on every machine. Level 1 and seed 0 unless given.
    Raises ProblemError for a ticket or family that does not exist.
    """
    if ticket is not None:
        name, version, level, seed = read_ticket(ticket)
        found = family_named(name)
        if version != found.version:
            raise ProblemError(
                f"version {version} of {name} is not drawn any more; "
                f"the present one is {name}@{found.version}/{level}#{seed}"
            )
    elif family is not None:
        found = family_named(family)
    else:
        raise ProblemError("say what to draw: a ticket, or a family")
    level = found.levels[0] if level is None else level
    if level not in found.precision:
        levels = ", ".join(map(str, found.levels))
        raise ProblemError(f"{found.name} has no level {level}; its levels are {levels}")
    if found.name in own().families:
        return _drawn_safely(found, level, seed or 0)
    return draw_from(found, level, seed or 0)


def _drawn_safely(family: Family, level: int, seed: int) -> Problem:
    """A problem of a learner's own family, whose functions may fail in any way."""
    try:
        problem = draw_from(family, level, seed)
        call(family.question[level], problem.values)
    except ProblemError:
        raise
    except Exception as error:
        path = own().files[family.name]
        raise ProblemError(
            f"{path.name}, line {line_in(path, error)}: drawing {family.name} raised {told(error)}"
        ) from error
    return problem


def read_ticket(ticket: str) -> tuple[str, int, int, int]:
    """Family, version, level and seed. Raises ProblemError."""
    match = _TICKET.fullmatch(ticket.strip())
    if match is None:
        raise ProblemError(f"“{ticket}” is no ticket; one looks like attention-output@1/2#7")
    name, version, level, seed = match.groups()
    return name, int(version), int(level), int(seed)


def draw_from(family: Family, level: int, seed: int) -> Problem:
    """The problem of this family, level and seed. Raises ProblemError if none can be found."""
    dice = Dice(f"{family.name}@{family.version}/{level}#{seed}")
    options = family.asked.get(level) or (family.steps_at(level)[-1].name,)
    for attempt in range(TRIES):
        asked = dice.pick(options)
        givens = family.draws(dice, level)
        if givens is None:
            continue
        way = pipeline(family, level, givens.pop("asked", asked))
        problem = _accepted(family, level, seed, givens, way, attempt < DISTINCT_TRIES)
        if problem is not None:
            return problem
    raise ProblemError(f"no problem of {family.name} at level {level} separates its mistakes")


def _accepted(
    family: Family,
    level: int,
    seed: int,
    givens: Mapping[str, Any],
    way: Pipeline,
    distinct: bool,
) -> Problem | None:
    """The problem, or None if these numbers would not do."""
    context = {"level": level, "asked": way.asked}
    try:
        floats = way.run({name: floated(value) for name, value in givens.items()} | context)
    except ArithmeticError:
        return None
    if family.fine is not None and not call(family.fine, floats):
        return None
    answer, precision = floats[way.asked], family.precision[level]
    numbers = cells(answer)
    if not finite(answer) or near_tie(numbers, precision) or _is_given(answer, givens, floats):
        return None

    shape, allowed = form(answer), allowances(answer, precision, 0.0)
    in_numbers = isinstance(precision, Exact) and not isinstance(answer, tuple | Formula)
    wrongs = []
    for mistake, wrong in way.wrongs(floats):
        if form(wrong) == shape and (
            _within(cells(wrong), numbers, allowed, MARGIN)
            or (in_numbers and _seems_rounded(cells(wrong), numbers))
        ):
            return None
        wrongs.append(Wrong(mistake, wrong))

    slack = rounding_slack(way, floats, precision)
    if slack > ILL_CONDITIONED * min(allowed):
        return None
    if slack:
        allowed = allowances(answer, precision, slack)
        if any(
            form(w.answer) == shape and _within(cells(w.answer), numbers, allowed, MARGIN)
            for w in wrongs
        ):
            return None
    if distinct and _some_coincide([w.answer for w in wrongs], MARGIN * max(allowed)):
        return None
    return Problem(
        family=family,
        level=level,
        seed=seed,
        givens=dict(givens),
        pipeline=way,
        values=way.run({**givens, **context}),
        floats=floats,
        wrongs=tuple(wrongs),
        slack=slack,
    )


def _within(a: list[Any], b: list[Any], allowed: list[float], margin: float) -> bool:
    return all(abs(x - y) <= margin * t for x, y, t in zip(a, b, allowed, strict=True))


def _seems_rounded(wrong: list[Any], right: list[Any]) -> bool:
    """Whether the wrong numbers, as typed, look like the right ones to fewer digits: 350 for 349.

    Marking would ask for more digits then, and not call the answer wrong.
    """
    return all(abs(x - y) <= _unit(x) / 2 for x, y in zip(wrong, right, strict=True))


def _unit(x: Any) -> float:
    """The place value of the last digit that is not 0 in the shortest way to write x."""
    if x == 0:
        return 0.0
    digits = f"{float(x):.6f}".rstrip("0")
    if not digits.endswith("."):
        return 10.0 ** -len(digits.partition(".")[2])
    whole = digits.rstrip(".")
    return 10.0 ** (len(whole) - len(whole.rstrip("0")))


def _some_coincide(answers: list[Value], allowed: float) -> bool:
    """Whether two answers of one shape agree in every cell."""
    ordered = sorted((form(x), cells(x)) for x in answers)
    return any(
        shape == other and all(abs(x - y) <= allowed for x, y in zip(a, b, strict=True))
        for (shape, a), (other, b) in pairwise(ordered)
    )


def _is_given(answer: Value, givens: Mapping[str, Any], floats: Pool) -> bool:
    """An answer that stands in the question could be copied from it."""
    if isinstance(answer, Formula):
        return tells_nothing(answer, [floats[name] for name in givens])
    return isinstance(answer, list) and any(floats[name] == answer for name in givens)
