"""Marks for filled sheets: by cell for the whole, by step with follow-through, with diagnoses.

A problem is worth one point. A right answer earns it. A matrix with wrong cells earns the share of
right ones. Where steps were given, each right one, or one that follows from the learner's own
numbers, earns its share up to three quarters, so a slip at the start costs little. Text that cannot
be read earns nothing and is listed, never taken for wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from studykit.problems import Diagnosis, Marking, Problem, ProblemError, draw, mark
from studykit.sheets.errors import SheetError
from studykit.sheets.responses import Filled, Response

BY_STEPS = 0.75
"""What all steps together can earn when the answer is not right."""
DRAWN = 4096
"""Problems kept for a class: each is drawn once, however many answers there are."""


@dataclass(frozen=True, slots=True)
class StepMark:
    """One step as it was marked."""

    name: str
    result: str
    says: str
    own: bool
    """Right by follow-through, from the learner's own earlier values."""


@dataclass(frozen=True, slots=True)
class ProblemMark:
    """One problem of one learner."""

    number: int
    ticket: str
    result: str
    """right, partly, wrong, unreadable, or blank."""
    points: float
    """0 to 1."""
    says: str
    cells: tuple[tuple[bool, ...], ...]
    diagnosis: tuple[Diagnosis, ...]
    steps: tuple[StepMark, ...]
    position: int | None = None
    """Where an unreadable answer stops making sense."""


@dataclass(frozen=True, slots=True)
class SheetMark:
    """One learner's sheet."""

    learner: str
    marks: tuple[ProblemMark, ...]

    @property
    def points(self) -> float:
        return round(sum(mark.points for mark in self.marks), 4)

    @property
    def unreadable(self) -> tuple[ProblemMark, ...]:
        """Answers that could not be read: to be looked at by a person."""
        return tuple(mark for mark in self.marks if mark.result == "unreadable")


@dataclass(frozen=True, slots=True)
class Overview:
    """A class at a glance."""

    learners: int
    of: int
    """Points that can be had."""
    mean: float
    median: float
    by_problem: Mapping[int, float]
    """Mean points of each problem."""
    mistakes: tuple[tuple[str, str, int], ...]
    """(name, sentence, learners), the most common first."""
    unreadable: int


@lru_cache(maxsize=DRAWN)
def drawn(ticket: str) -> Problem:
    """The problem of a ticket. Raises SheetError."""
    try:
        return draw(ticket)
    except ProblemError as error:
        raise SheetError(str(error)) from error


def grade(
    tickets: Iterable[tuple[int, str]], filled: Iterable[Filled], *, decimal_comma: bool = False
) -> Iterator[SheetMark]:
    """Mark the sheets of any number of learners, one after another. Raises SheetError."""
    problems = [(number, ticket, drawn(ticket)) for number, ticket in tickets]
    numbers = {number for number, _, _ in problems}
    for sheet in filled:
        stray = sorted(set(sheet.responses) - numbers)
        if stray:
            who = f" ({sheet.learner})" if sheet.learner else ""
            raise SheetError(f"The sheet has no problem {stray[0]}{who}.")
        yield SheetMark(
            sheet.learner,
            tuple(
                mark_problem(
                    number, problem, sheet.responses.get(number, Response()), decimal_comma
                )
                for number, _, problem in problems
            ),
        )


def mark_problem(
    number: int, problem: Problem, response: Response, decimal_comma: bool = False
) -> ProblemMark:
    """Mark one response."""
    steps, earned = _steps(problem, response, decimal_comma)
    text = response.answer
    if not text.strip():
        blank = not response.given
        return ProblemMark(
            number, problem.ticket, "blank" if blank else "partly" if earned else "wrong",
            round(BY_STEPS * earned, 4), "" if blank else "No final answer.", (), (), steps,
        )  # fmt: skip
    earlier = {name: given for name, given in response.steps.items() if given.strip()}
    found = mark(problem, text, earlier=earlier, decimal_comma=decimal_comma)
    if found.result in ("unreadable", "imprecise"):
        return ProblemMark(
            number, problem.ticket, "unreadable", round(BY_STEPS * earned, 4),
            found.cause or found.says, (), (), steps, found.position,
        )  # fmt: skip
    points = max(_share(found), BY_STEPS * earned)
    return ProblemMark(
        number, problem.ticket, found.result, round(points, 4), found.says, found.cells or (),
        found.diagnosis, steps,
    )  # fmt: skip


def overview(marks: Iterable[SheetMark]) -> Overview:
    """What a class came to; goes through the marks once."""
    totals: list[float] = []
    sums: Counter[int] = Counter()
    of, unreadable = 0, 0
    made: Counter[str] = Counter()
    says: dict[str, str] = {}
    for sheet in marks:
        totals.append(sheet.points)
        of = max(of, len(sheet.marks))
        unreadable += len(sheet.unreadable)
        mistakes = {}
        for one in sheet.marks:
            sums[one.number] += one.points  # type: ignore[assignment]  # a Counter adds floats too
            mistakes.update({d.mistake: d.says for d in one.diagnosis[:1]})
        made.update(mistakes.keys())
        says.update(mistakes)
    count = len(totals)
    ordered = sorted(totals)
    return Overview(
        learners=count,
        of=of,
        mean=sum(totals) / count if count else 0.0,
        median=ordered[(count - 1) // 2] if count else 0.0,
        by_problem={number: sums[number] / count for number in sorted(sums)} if count else {},
        mistakes=tuple((name, says[name], times) for name, times in made.most_common()),
        unreadable=unreadable,
    )


def _share(found: Marking) -> float:
    if found.result == "right":
        return 1.0
    if found.result != "partly" or not found.cells:
        return 0.0
    every = [cell for row in found.cells for cell in row]
    return sum(every) / len(every)


def _steps(
    problem: Problem, response: Response, decimal_comma: bool
) -> tuple[tuple[StepMark, ...], float]:
    """The steps that were given, and the share of all that they earn."""
    names = [step.name for step in problem.typed_steps[:-1]]
    # An older sheet may list a step that is not worth typing; it is read and earns nothing.
    stray = sorted(name for name in response.steps if name not in problem.pipeline.names[:-1])
    if stray:
        raise SheetError(
            f"{problem.ticket} has no step {stray[0]}; its steps are {', '.join(names) or 'none'}."
        )
    earlier: dict[str, str] = {}
    marks = []
    good = 0.0
    for name in names:
        text = response.steps.get(name, "")
        if not text.strip():
            continue
        found = mark(problem, text, step=name, earlier=dict(earlier), decimal_comma=decimal_comma)
        if found.result == "right":
            good += 1
        elif found.result == "partly":
            good += _share(found)
        if found.result not in ("unreadable", "imprecise"):
            earlier[name] = text
        marks.append(StepMark(name, found.result, found.cause or found.says, found.follow_through))
    return tuple(marks), good / len(names) if names else 0.0
