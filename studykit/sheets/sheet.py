"""A sheet as plain values: what every format writes, and what marking reads back.

Texts are the small Markdown of `typeset`, with formulas in TeX. Nothing here depends on the day or
the machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studykit.problems import Problem, answer, problem_json, solution

PAPERS = ("a4", "letter")


@dataclass(frozen=True, slots=True)
class SheetStep:
    """A step on the way, to be answered by itself if one likes."""

    name: str
    title: str
    symbol: str
    value: str
    """TeX."""


@dataclass(frozen=True, slots=True)
class Item:
    """One problem of a sheet with its key."""

    number: int
    """From 1."""
    problem: Problem
    title: str
    question: str
    """Markdown; its last paragraph says what form the answer takes."""
    symbol: str
    answer: str
    """TeX, rounded as asked."""
    steps: tuple[SheetStep, ...]
    """Those before the last; none where there is a single one."""
    worked: str
    """Markdown: the worked solution."""

    @property
    def ticket(self) -> str:
        return self.problem.ticket

    @property
    def level(self) -> int:
        return self.problem.level

    @property
    def kind(self) -> str:
        """What the answer is: number, vector, matrix, shape or formula."""
        return self.problem.asks.kind

    @property
    def data(self) -> dict[str, object]:
        """The problem for programs: givens, steps, answer."""
        return problem_json(self.problem)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A practice set."""

    title: str
    seed: int
    items: tuple[Item, ...]
    paper: str = PAPERS[0]
    """What it is printed on."""

    @property
    def about(self) -> str:
        """One line under the title."""
        many = f"{len(self.items)} problem{'s' if len(self.items) != 1 else ''}"
        return f"{many}, seed {self.seed}"


def make_sheet(
    problems: Iterable[Problem],
    *,
    seed: int,
    title: str = "Practice set",
    paper: str = PAPERS[0],
) -> Sheet:
    """The sheet of these problems, in their order."""
    return Sheet(
        title=title,
        seed=seed,
        items=tuple(item(number, problem) for number, problem in enumerate(problems, 1)),
        paper=paper,
    )


def item(number: int, problem: Problem) -> Item:
    """One problem, made ready to be written."""
    last = problem.steps[-1]
    return Item(
        number=number,
        problem=problem,
        title=problem.family.title,
        question=problem.question,
        symbol=last.symbol,
        answer=answer(problem),
        steps=tuple(
            SheetStep(step.name, step.title, step.symbol, answer(problem, step.name))
            for step in problem.typed_steps[:-1]
        ),
        worked=solution(problem),
    )
