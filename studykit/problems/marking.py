"""Marking: read what was typed, judge it, and say what went wrong.

Text that cannot be read is not wrong. A wrong answer is compared with what every applicable
mistake gives; a later step may be marked from the learner's own earlier value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from studykit.answers import (
    AnswerError,
    Matrix,
    Number,
    ShapesError,
    same_expression,
    same_matrix,
    same_number,
)
from studykit.answers.precision import in_words
from studykit.problems.diagnosis import Diagnosis, diagnose, named
from studykit.problems.follow import IMPOSSIBLE, Own, own_run
from studykit.problems.formula import Formula
from studykit.problems.given import Given
from studykit.problems.pipeline import Pipeline, pipeline
from studykit.problems.problem import Asks, Problem, Wrong
from studykit.problems.typed import Typed, read
from studykit.problems.values import Value, grid

Result = Literal["right", "partly", "wrong", "imprecise", "unreadable"]

_RESULTS: dict[str, Result] = {
    "right": "right",
    "partly": "partly",
    "wrong": "wrong",
    "imprecise": "imprecise",
}


@dataclass(frozen=True, slots=True)
class Marking:
    """What came of one typed answer.

    `cells` tells for each cell whether it is right (None where the shape differs or nothing could
    be read); `cause` and `position` belong to "unreadable"; `follow_through` is True where the
    answer is right for the learner's own earlier value.
    """

    result: Result
    reading: str | None = None
    cells: tuple[tuple[bool, ...], ...] | None = None
    says: str = ""
    cause: str | None = None
    position: int | None = None
    diagnosis: tuple[Diagnosis, ...] = ()
    given: tuple[tuple[str, ...], ...] = ()
    """The cells as they were typed, beside `cells`."""
    shown: str = ""
    """The reading in Markdown, to be drawn in two dimensions."""
    follow_through: bool = False
    helped: bool = False
    """Whether the cause helps with the answer, as that of a ShapesError does."""

    @classmethod
    def unread(cls, error: AnswerError) -> Marking:
        """No marking: the text cannot be read, or its shapes do not fit."""
        return cls(
            "unreadable",
            says=error.cause,
            cause=error.cause,
            position=error.position,
            helped=isinstance(error, ShapesError),
        )


def mark(
    problem: Problem,
    text: str,
    step: str | None = None,
    earlier: Mapping[str, Any] | None = None,
    *,
    decimal_comma: bool = False,
) -> Marking:
    """Mark what was typed as the answer, or as one step on the way to it.

    `earlier` holds the learner's own values of earlier steps, as text or numbers: an answer that
    follows from them by the right method is right by follow-through. Raises ProblemError for a
    step that the problem does not have.
    """
    name = step or problem.asked
    asks = problem.asks_at(name)
    try:
        typed = read(text, asks, decimal_comma=decimal_comma)
    except AnswerError as error:
        return Marking.unread(error)
    slack = problem.slack_at(name)
    way = pipeline(problem.family, problem.level, name)
    wrongs: tuple[Wrong, ...] = ()
    if asks.kind == "formula":
        wrongs = _wrongs(problem, way)
    try:
        marking = judge(typed, problem.values[name], asks, slack, wrongs)
    except AnswerError as error:  # a formula too long to work out
        return Marking.unread(error)
    marking = replace(marking, given=_beside(marking.cells, typed.texts), shown=typed.shown)
    given = Given(typed, asks, slack)
    if marking.result == "imprecise" and any(given(w.answer) for w in _wrongs(problem, way)):
        # 2.1 is short for the right 2.104, and all there is of a wrong 2.1.
        says = f"So few digits would fit a mistake too: {in_words(asks.precision)}."
        return replace(marking, says=says)
    if marking.result not in ("wrong", "partly"):
        return marking

    floats = problem.floats_at(name)
    own = own_run(problem, way, earlier or {}, decimal_comma=decimal_comma)
    if own is not None:
        followed = judge(typed, own.pool[name], asks, slack)
        if followed.result == "right" and own.earns:
            says = f"Right for your own {own.what}; the method of this step is right."
            given_cells = _beside(followed.cells, typed.texts)
            return replace(
                followed, says=says, given=given_cells, shown=typed.shown, follow_through=True
            )
        if followed.result == "right":
            says = f"This follows from your own {own.what}, but that makes the step too easy."
            return replace(marking, says=says)
    found = tuple(replace(one, step=one.step or name) for one in marking.diagnosis)
    if not found:
        wrongs = wrongs or _wrongs(problem, way)
        found = diagnose(given, floats[name], wrongs, way, floats)
    if not found and own is not None:
        found = _from_own(given, name, way, own)
    found = found or _arithmetic(marking, name, asks.symbol)
    if marking.result == "partly":
        zeros = _only_zeros(marking, floats[name])
        if zeros or any(one.method for one in found):
            # A wrong method may give some right cells too; that is luck.
            says = "Only zeros are right." if zeros else marking.says
            marking = replace(marking, result="wrong", says=says)
    return replace(marking, diagnosis=found, says=_says(marking.says, found))


def _from_own(given: Given, name: str, way: Pipeline, own: Own) -> tuple[Diagnosis, ...]:
    """The mistakes that lead here from the learner's own earlier values."""
    theirs = (Wrong(m, answer) for m, answer in way.wrongs(own.pool))
    try:
        return diagnose(given, own.pool[name], theirs, way, own.pool)
    except IMPOSSIBLE:
        return ()


def _beside(
    cells: tuple[tuple[bool, ...], ...] | None, texts: tuple[tuple[str, ...], ...]
) -> tuple[tuple[str, ...], ...]:
    """The typed cells in the rows of their marks: a column is marked as the row that it is taken
    for."""
    if cells is None or len(cells) == len(texts):
        return texts
    return tuple(zip(*texts, strict=True))


def _wrongs(problem: Problem, way: Pipeline) -> tuple[Wrong, ...]:
    """What every applicable mistake gives for the step that a way leads to."""
    if way.asked == problem.asked:
        return problem.wrongs
    floats = problem.floats_at(way.asked)
    return tuple(Wrong(m, answer) for m, answer in way.wrongs(floats))


def judge(
    typed: Typed, expected: Value, asks: Asks, slack: float, wrongs: Sequence[Wrong] = ()
) -> Marking:
    """The verdict on what was read, before any explanation.

    A formula is compared with `wrongs` at the same time, and explained.
    """
    match typed.source:
        case Number() as number:
            verdict = same_number(number, expected, asks.precision, slack)
            right = ((verdict.result == "right",),)
            return Marking(_RESULTS[verdict.result], typed.reading, right, verdict.says)
        case Matrix() as matrix:
            of = same_matrix(
                matrix, grid(expected), asks.precision, slack, vector=asks.kind == "vector"
            )
            return Marking(_RESULTS[of.result], typed.reading, of.cells, of.says)
        case tuple() as sizes:
            return _judge_shape(sizes, expected, typed.reading)
        case _:
            return _judge_formula(typed, expected, wrongs)


def _judge_formula(typed: Typed, expected: Formula, wrongs: Sequence[Wrong]) -> Marking:
    """The verdict on a formula, with the mistake or the slip of the pen that explains it."""
    mistakes = {f"mistake {k}": w.mistake for k, w in enumerate(wrongs)}
    known = {
        key: (w.answer.expression, w.mistake.says) for key, w in zip(mistakes, wrongs, strict=True)
    }
    of = same_expression(typed.expression, expected.expression, wrong=known)
    found: tuple[Diagnosis, ...] = ()
    if of.slip in mistakes:
        found = (named(mistakes[of.slip]),)
    elif of.slip:
        found = (Diagnosis(of.slip, "", of.says, "writing down", method=False),)
    return Marking(_RESULTS[of.result], typed.reading, None, of.says, diagnosis=found)


def _judge_shape(sizes: tuple[int, ...], expected: tuple[int, ...], reading: str) -> Marking:
    if len(sizes) != len(expected):
        says = f"{len(expected)} axes expected, yours has {len(sizes)}."
        return Marking("wrong", reading, None, says)
    right = tuple(a == b for a, b in zip(sizes, expected, strict=True))
    result: Result = "right" if all(right) else "partly" if any(right) else "wrong"
    return Marking(result, reading, (right,))


def _arithmetic(marking: Marking, step: str, symbol: str) -> tuple[Diagnosis, ...]:
    """One cell wrong among at least three right ones: the method holds, a number does not."""
    if marking.cells is None:
        return ()
    wrong = [
        (i + 1, j + 1)
        for i, row in enumerate(marking.cells)
        for j, right in enumerate(row)
        if not right
    ]
    if len(wrong) != 1 or sum(map(len, marking.cells)) < 4:
        return ()
    row, column = wrong[0]
    where = f"row {row}, column {column}" if len(marking.cells) > 1 else f"entry {column}"
    says = f"The method is right; there is a slip of arithmetic in {where} of ${symbol}$."
    return (Diagnosis("arithmetic-slip", step, says, "arithmetic", method=False),)


def _says(verdict: str, found: tuple[Diagnosis, ...]) -> str:
    """One sentence or two: what the verdict says, then the mistake or what several share."""
    if not found:
        return verdict
    if len(found) == 1:
        return found[0].says
    if any(d.besides for d in found):
        return " And: ".join(d.says for d in found)
    causes = {d.cause for d in found}
    lead = f"Something about the {causes.pop()}: " if len(causes) == 1 and found[0].cause else ""
    return lead + " Or: ".join(d.says for d in found)


def _only_zeros(marking: Marking, right: Value) -> bool:
    """Whether every right cell is a zero, which any method has by luck."""
    if marking.cells is None or isinstance(right, tuple):
        return False
    keys = [y for row in grid(right) for y in row]
    flags = [flag for row in marking.cells for flag in row]
    return not any(y for y, flag in zip(keys, flags, strict=True) if flag)
