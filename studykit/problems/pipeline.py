"""The steps of one family and level, put in order once, to be run many times.

A run takes the givens and adds every step's value. A mistake or a learner's own number stands in
for one step; then only what depends on that step is computed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from studykit.problems.arithmetic import ShapeError
from studykit.problems.family import Does, Family, Mistake, ProblemError, Step, needs
from studykit.problems.values import Value, finite

Pool = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    step: Step
    needs: tuple[str, ...]

    def value(self, pool: Mapping[str, Any]) -> Value:
        """The step worked out. Raises ArithmeticError where these numbers have no value."""
        return _worked(self.step.does, self.needs, pool)


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake made ready: what it needs, and what has to be computed again after it."""

    mistake: Mistake
    needs: tuple[str, ...]
    when: Does | None
    when_needs: tuple[str, ...]


def _worked(does: Does, needs: Sequence[str], pool: Mapping[str, Any]) -> Value:
    try:
        return does(*[pool[name] for name in needs])
    except ShapeError:
        raise
    except ValueError as error:
        # So Python says that a logarithm of 0 or a root of −1, out of rounded or mistaken numbers,
        # has no value.
        raise ArithmeticError(str(error)) from error


class Pipeline:
    """The steps that lead to the one asked for, in order."""

    def __init__(self, family: Family, level: int, asked: str) -> None:
        steps = family.steps_at(level)
        every = {step.name: needs(step.does, step.takes) for step in steps}
        if asked not in every:
            raise ProblemError(f"{family.name} has no step “{asked}” at level {level}")
        used = _ancestors(asked, every)
        self.asked = asked
        self.stages = tuple(Stage(s, every[s.name]) for s in steps if s.name in used)
        self._after = {
            stage.step.name: tuple(
                later
                for later in self.stages[i + 1 :]
                if stage.step.name in _ancestors(later.step.name, every)
            )
            for i, stage in enumerate(self.stages)
        }
        self.slips = tuple(
            Slip(m, needs(m.does, m.takes), m.when, needs(m.when) if m.when else ())
            for m in family.mistakes_at(level)
            if m.step in used and (m.gives or m.step) in used
        )

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(stage.step.name for stage in self.stages)

    def run(self, givens: Mapping[str, Any]) -> Pool:
        """The givens and the value of every step."""
        pool = dict(givens)
        for stage in self.stages:
            pool[stage.step.name] = stage.value(pool)
        return pool

    def after(self, pool: Mapping[str, Any], step: str, value: Value) -> Pool:
        """The same run with another value for one step, and everything that follows from it."""
        other = dict(pool)
        other[step] = value
        for stage in self._after[step]:
            other[stage.step.name] = stage.value(other)
        return other

    def follows(self, step: str) -> tuple[str, ...]:
        """The steps that depend on this one."""
        return tuple(stage.step.name for stage in self._after[step])

    def mistaken(self, slip: Slip, pool: Mapping[str, Any]) -> Pool | None:
        """The run of somebody who makes this mistake; None where it cannot be made.

        It cannot where the problem lacks what it needs, its condition does not hold, shapes do
        not fit, or the wrong way divides by zero or overflows: then it gives no answer.
        """
        if any(name not in pool for name in slip.needs + slip.when_needs):
            return None
        if slip.when is not None and not slip.when(*[pool[name] for name in slip.when_needs]):
            return None
        try:
            wrong = _worked(slip.mistake.does, slip.needs, pool)
            other = self.after(pool, slip.mistake.gives or slip.mistake.step, wrong)
        except (ArithmeticError, ShapeError):
            return None
        return other if finite(other[self.asked]) else None

    def with_mistake(self, slip: Slip, pool: Mapping[str, Any]) -> Value | None:
        """The answer this mistake leads to, or None."""
        other = self.mistaken(slip, pool)
        return None if other is None else other[self.asked]

    def wrongs(self, pool: Mapping[str, Any]) -> Iterator[tuple[Mistake, Value]]:
        """Every applicable mistake with the answer it gives."""
        for slip in self.slips:
            answer = self.with_mistake(slip, pool)
            if answer is not None:
                yield slip.mistake, answer


def _ancestors(name: str, every: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The step itself and all steps it depends on."""
    found, todo = set(), [name]
    while todo:
        step = todo.pop()
        if step in every and step not in found:
            found.add(step)
            todo.extend(every[step])
    return found


@cache
def pipeline(family: Family, level: int, asked: str) -> Pipeline:
    """The compiled pipeline; families are few and live as long as the program."""
    return Pipeline(family, level, asked)
