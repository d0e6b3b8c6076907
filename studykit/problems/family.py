"""What a family of problems declares: how givens are drawn, the steps, the mistakes, the wording.

Every function here names, as its parameters, the givens and earlier steps it needs (`level` too).
From that the mechanism knows what follows from what; nothing else is declared about the order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from studykit.answers import Precision
from studykit.problems.dice import Dice

Does = Callable[..., Any]


class ProblemError(ValueError):
    """A ticket, family, level or step that does not exist, or a family that cannot be drawn."""


@dataclass(frozen=True, slots=True)
class Step:
    r"""One named stage of the way from the givens to the answer.

    `formula` is the right-hand side in TeX (`QK^\top`), `symbol` the letter of the result (`S`).
    Where the formula is that of one entry, `entry` is its left-hand side (`S_{ij}`). Each may be
    a function of this draw that gives it (`\partial L/\partial w` or by `x`).
    `working` gives, in TeX, the first entry with this draw's numbers (`1\cdot 3 + 2\cdot 1`).
    `levels` names the levels that have this step; empty means all. `takes` names what `does` is
    given, where that is not the names of its parameters.
    """

    name: str
    title: str
    symbol: str | Callable[..., str]
    formula: str | Callable[..., str]
    does: Does
    working: Callable[..., str] | None = None
    levels: tuple[int, ...] = ()
    takes: tuple[str, ...] = ()
    entry: str | Callable[..., str] = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong way to do one step, computed like the right one.

    It applies where every name its functions ask for is there, `when` (if any) holds, and it
    can be computed at all. `says` is one sentence for the learner who made it; `cause` groups
    mistakes that come from one misunderstanding.
    """

    name: str
    step: str
    does: Does
    says: str
    when: Callable[..., bool] | None = None
    levels: tuple[int, ...] = ()
    cause: str = ""
    gives: str = ""
    takes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Family:
    """A generator of problems of one sort.

    draws      givens for a level, from the dice; None to draw again. A given "asked" names the
               step to ask for, where that decides what is given
    question   for each level the task in Markdown, with the givens as TeX
    convention what the form of the answer leaves open ("rows are queries, columns keys"); for each
               level where they differ
    precision  of the answer, for each level; its keys are the levels
    fine       False for numbers that would make the problem degenerate
    asked      for a level, the steps one of which is asked for; the last step unless given
    """

    name: str
    version: int
    title: str
    topic: str
    says: str
    draws: Callable[[Dice, int], dict[str, Any] | None]
    steps: tuple[Step, ...]
    mistakes: tuple[Mistake, ...]
    question: Mapping[int, Callable[..., str]]
    precision: Mapping[int, Precision]
    convention: str | Mapping[int, str] = ""
    fine: Callable[..., bool] | None = None
    asked: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    """Items of the notes' knowledge map that the family exercises ("N1.26")."""

    @cached_property
    def levels(self) -> tuple[int, ...]:
        return tuple(sorted(self.precision))

    def convention_at(self, level: int) -> str:
        if isinstance(self.convention, str):
            return self.convention
        return self.convention.get(level, "")

    def steps_at(self, level: int) -> tuple[Step, ...]:
        return tuple(s for s in self.steps if not s.levels or level in s.levels)

    def mistakes_at(self, level: int) -> tuple[Mistake, ...]:
        return tuple(m for m in self.mistakes if not m.levels or level in m.levels)


def needs(does: Does, takes: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The names of what a function is given: `takes`, or the names of its parameters."""
    if takes:
        return takes
    code = does.__code__
    names: tuple[str, ...] = code.co_varnames[: code.co_argcount]
    return names


def at_levels(levels: tuple[int, ...], mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """The same mistakes, for these levels only."""
    return tuple(replace(m, levels=levels) for m in mistakes)


def named(mistakes: Iterable[Mistake], *names: str) -> tuple[Mistake, ...]:
    """Those of the mistakes that have one of these names."""
    return tuple(m for m in mistakes if m.name in names)


def without(mistakes: Iterable[Mistake], *names: str) -> tuple[Mistake, ...]:
    """All of the mistakes but those of these names."""
    return tuple(m for m in mistakes if m.name not in names)


def call(does: Does, pool: Mapping[str, Any]) -> Any:
    """The function, with its parameters taken from the givens and steps by name.

    A parameter named `givens` gets all of them, for wording that depends on what is there.
    """
    return does(*[pool if name == "givens" else pool[name] for name in needs(does)])
