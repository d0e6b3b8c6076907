"""Follow-through: what the right method gives from the learner's own earlier values.

A wrong number early on must not cost every later step. But an earlier value so plain that wrong
methods give the same from it (all zeros, all alike) proves nothing and earns nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studykit.answers import AnswerError
from studykit.problems.arithmetic import ShapeError
from studykit.problems.formula import Formula, same
from studykit.problems.pipeline import Pipeline, Pool
from studykit.problems.problem import Problem, allowances, is_exact, tolerances
from studykit.problems.typed import read
from studykit.problems.values import Value, cells, finite, floated, form, rebuilt

IMPOSSIBLE = (ArithmeticError, ShapeError, TypeError, IndexError)
"""What comes of numbers that a step cannot take, as half a key or a root of −1: from them nothing
follows."""


@dataclass(frozen=True, slots=True)
class Own:
    """The run from the learner's values; `what` names these: $S$, or "earlier values"."""

    pool: Pool
    what: str
    earns: bool


def own_run(
    problem: Problem, way: Pipeline, earlier: Mapping[str, Any], *, decimal_comma: bool = False
) -> Own | None:
    """The run with the learner's wrong earlier values in place; None if there are none.

    Values that are right are left out, so that their rounding is not carried on; so are values
    that cannot be read, do not fit the step's shape, or belong to no earlier step.
    """
    own: dict[str, Value] = {}
    for stage in way.stages:
        name = stage.step.name
        if name in earlier and name != way.asked:
            value = _value(problem, name, earlier[name], decimal_comma=decimal_comma)
            if value is not None and not _is_right(problem, name, value):
                own[name] = value
    if not own:
        return None
    pool = dict(problem.floats_at(way.asked))
    what = "earlier values" if len(own) > 1 else f"${problem.asks_at(next(iter(own))).symbol}$"
    try:
        for stage in way.stages:
            name = stage.step.name
            pool[name] = own[name] if name in own else stage.value(pool)
        return Own(pool, what, _earns(problem, way, pool, own)) if finite(pool[way.asked]) else None
    except IMPOSSIBLE:
        return None


def _value(problem: Problem, step: str, given: Any, *, decimal_comma: bool) -> Value | None:
    """The learner's value in the form of the step's own; None if it has another shape."""
    right = problem.floats[step]
    if isinstance(given, str):
        if not finite(right):
            return None
        try:
            typed = read(given, problem.asks_at(step), decimal_comma=decimal_comma)
        except AnswerError:
            return None
        if isinstance(right, Formula):
            return Formula(typed.expression.tree, right.declared)
        numbers: list[Any] = typed.cells
        if len(numbers) != len(cells(right)) or (
            len(form(right)) == 2 and typed.shape != form(right) and form(right)[0] != 1
        ):
            return None
        return rebuilt([int(x) for x in numbers] if isinstance(right, tuple) else numbers, right)
    value = floated(given)
    return value if form(value) == form(right) else None


def _is_right(problem: Problem, step: str, value: Value) -> bool:
    right = problem.floats[step]
    if isinstance(right, Formula):
        return same(value.expression, right.expression)
    if is_exact(problem.values[step]):
        allowed = [1e-9 * max(1.0, abs(x)) for x in cells(right)]
    else:
        allowed = tolerances(cells(right), problem.asks_at(step).precision, problem.slack_at(step))
    return all(
        x == y or abs(x - y) <= t
        for x, y, t in zip(cells(value), cells(right), allowed, strict=True)
    )


def _earns(problem: Problem, way: Pipeline, pool: Pool, own: Mapping[str, Value]) -> bool:
    """Whether the right answer from these values could not be had by a wrong method too."""
    for name, value in own.items():
        if len(set(cells(value))) == 1 < len(set(cells(problem.floats[name]))):
            return False
    later = {name for step in own for name in way.follows(step)} - own.keys()
    answer = pool[way.asked]
    allowed = allowances(answer, problem.asks.precision, problem.slack)
    for mistake, wrong in way.wrongs(pool):
        if (mistake.gives or mistake.step) not in later or form(wrong) != form(answer):
            continue
        if all(
            abs(x - y) <= t for x, y, t in zip(cells(wrong), cells(answer), allowed, strict=True)
        ):
            return False
    return True
