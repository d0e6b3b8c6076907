"""One drawn problem: what is asked, the way to the answer, and every wrong answer it tells apart.

A problem is rebuilt from its ticket, so nothing here is ever stored; what marking needs (the run
of the pipeline, the answers of all applicable mistakes) was computed when it was drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import zip_longest
from typing import Any, Literal

from studykit.answers import Exact, Figures, Places, Precision
from studykit.problems.family import Family, Mistake, ProblemError, Step, call
from studykit.problems.formula import Formula
from studykit.problems.pipeline import Pipeline, Pool, Stage, pipeline
from studykit.problems.rounding import rounding_slack
from studykit.problems.values import Value, cells, finite, form
from studykit.typeset.naming import names_line

Kind = Literal["number", "vector", "matrix", "shape", "formula"]
UNROUNDED = "logarithms and roots may stand as they are"
"""Said of a step that is no fraction on the way to an answer that is: nobody need round −ln 6."""


@dataclass(frozen=True, slots=True)
class Asks:
    """The form in which a value is to be given."""

    kind: Kind
    shape: tuple[Any, ...]
    """Sizes; for a formula their names, as in ("n", "d_k")."""
    precision: Precision
    convention: str = ""
    """What the form leaves open: "rows are queries, columns keys"."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The names that a formula may use, with their domains and shapes."""
    symbol: str = ""
    """What the value stands for, in TeX; before a formula it may be typed, with an =."""

    @property
    def words(self) -> str:
        """The line under the question: "a 2×3 matrix, to 3 decimal places; rows are queries"."""
        match self.kind:
            case "number":
                what = "one number"
            case "vector":
                what = f"{self.shape[-1]} numbers"
            case "matrix":
                what = f"a {self.shape[0]}×{self.shape[1]} matrix, row by row"
            case "shape":
                what = "a shape, like (2, 3)"
            case "formula":
                what = "a formula" + _of_shape(self.shape)
        bare = self.kind in ("shape", "formula")
        how = "" if bare else f", {precision_words(self.precision)}"
        return what + how + (f"; {self.convention}" if self.convention else "")


def _of_shape(shape: tuple[Any, ...]) -> str:
    match shape:
        case ():
            return ""
        case (n,):
            return f" for a vector of {n} entries"
        case _:
            return f" for a matrix, {'×'.join(map(str, shape))}"


def precision_words(precision: Precision) -> str:
    match precision:
        case Places(1):
            return "to 1 decimal place"
        case Places(n):
            return f"to {n} decimal places"
        case Figures(n):
            return f"to {n} significant figures"
        case Exact():
            return "exact (fractions are fine)"


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of this problem, with its value."""

    name: str
    title: str
    symbol: str
    left: str
    """What the formula is of: the symbol, or one entry of it."""
    formula: str
    value: Value


@dataclass(frozen=True, slots=True)
class Wrong:
    """An applicable mistake and the answer it gives here."""

    mistake: Mistake
    answer: Value


@dataclass(frozen=True, eq=False)
class Problem:
    """`values` holds givens and steps in exact numbers where they exist, `floats` in floats."""

    family: Family
    level: int
    seed: int
    givens: dict[str, Any]
    pipeline: Pipeline
    values: Pool
    floats: Pool
    wrongs: tuple[Wrong, ...]
    slack: float

    @property
    def ticket(self) -> str:
        return f"{self.family.name}@{self.family.version}/{self.level}#{self.seed}"

    @property
    def asked(self) -> str:
        """The name of the step whose value is the answer."""
        return self.pipeline.asked

    @property
    def answer(self) -> Value:
        return self.values[self.asked]

    @cached_property
    def asks(self) -> Asks:
        convention = self.family.convention_at(self.level)
        symbol = self.view(self.pipeline.stages[-1].step).symbol
        return asks_for(self.answer, self.family.precision[self.level], convention, symbol)

    @cached_property
    def question(self) -> str:
        """The task in Markdown, with the form of the answer in its last line."""
        body = call(self.family.question[self.level], self.values)
        asked = f"{body}\n\n*Answer:* {self.asks.words}."
        return f"{asked}\n\n{names_line(self.asks.names)}" if self.asks.names else asked

    @property
    def steps(self) -> tuple[StepView, ...]:
        return tuple(self.view(stage.step) for stage in self.pipeline.stages)

    def view(self, step: Step) -> StepView:
        """A step with this problem's own symbols."""
        symbol, entry, formula = (
            said if isinstance(said, str) else call(said, self.values)
            for said in (step.symbol, step.entry, step.formula)
        )
        value = self.values[step.name]
        return StepView(step.name, step.title, symbol, entry or symbol, formula, value)

    @property
    def typed_steps(self) -> tuple[StepView, ...]:
        """The steps that are worth typing.

        One that holds −∞ cannot be typed. What stands in the question is not asked, nor what the
        next step only repeats (times a factor of 1): that is asked there.
        """
        stages = [one for one in self.pipeline.stages if finite(self.values[one.step.name])]
        return tuple(
            self.view(one.step)
            for one, after in zip_longest(stages, stages[1:])
            if after is None
            or not (self.repeats(one, *self.givens) or self.repeats(after, one.step.name))
        )

    def repeats(self, stage: Stage, *before: str) -> bool:
        """Whether a stage gives what it takes from one of these: the same formula, or all numbers.

        A single number may well stand for two things: 64 entries of one byte are 64 bytes.
        """
        value = self.values[stage.step.name]
        taken = [self.values[name] for name in before if name in stage.needs]
        if isinstance(value, Formula):
            return any(isinstance(one, Formula) and one.tree == value.tree for one in taken)
        return isinstance(value, list) and value in taken

    def asks_at(self, step: str) -> Asks:
        """How a step on the way is to be given: with one digit more than the answer."""
        if step == self.asked:
            return self.asks
        if step not in self.pipeline.names:
            raise ProblemError(
                f"“{step}” is no step here; the steps are {', '.join(self.pipeline.names)}"
            )
        value = self.values[step]
        if not finite(value):
            raise ProblemError(f"the step “{step}” holds −∞ and cannot be typed")
        exact = is_exact(value)
        precision = Exact() if exact else one_digit_more(self.asks.precision)
        symbol = next(view.symbol for view in self.steps if view.name == step)
        asks = asks_for(value, precision, symbol=symbol)
        if exact or self.asks.precision != Exact():
            return asks
        return replace(asks, convention=UNROUNDED)

    def floats_at(self, step: str) -> Pool:
        """The run in floats, for marking this step."""
        return self.floats if step == self.asked else {**self.floats, "asked": step}

    def slack_at(self, step: str) -> float:
        """What rounding the earlier steps may add to the error of this one."""
        if step == self.asked:
            return self.slack
        way = pipeline(self.family, self.level, step)
        return rounding_slack(way, self.floats, self.asks.precision)


def asks_for(value: Value, precision: Precision, convention: str = "", symbol: str = "") -> Asks:
    if isinstance(value, Formula):
        return Asks("formula", value.shape, Exact(), convention, value.declared, symbol)
    shape = form(value)
    if isinstance(value, tuple):
        return Asks("shape", (len(value),), Exact(), convention, symbol=symbol)
    if len(shape) == 2 and shape[0] == 1:
        convention = ""  # what the rows are does not matter where there is only one
    kind: Kind = "matrix" if len(shape) == 2 and shape[0] > 1 else "vector"
    return Asks(kind if shape else "number", shape, precision, convention, symbol=symbol)


def is_exact(value: Value) -> bool:
    return isinstance(value, Formula) or all(isinstance(x, int | Fraction) for x in cells(value))


def one_digit_more(precision: Precision) -> Precision:
    match precision:
        case Places(n):
            return Places(n + 1)
        case Figures(n):
            return Figures(n + 1)
        case _:
            return Places(4)


def allowances(answer: Value, precision: Precision, slack: float) -> list[float]:
    """For each cell of an answer what it may be off; formulas agree in all digits or not at all."""
    if isinstance(answer, Formula):
        return [1e-7 * abs(x) + 1e-12 for x in cells(answer)]
    return tolerances(cells(answer), precision, slack)


def tolerances(answer: list[Any], precision: Precision, slack: float) -> list[float]:
    """How far a typed number may be from each cell of the answer and still be right.

    Exact answers have no tolerance; but one that is no whole number may well be typed as a
    decimal, so nothing within a thousandth of it may count as another answer.
    """
    match precision:
        case Places(n):
            return [0.5 * 10.0**-n + slack] * len(answer)
        case Figures(n):
            return [
                0.5 * 10.0 ** (math.floor(math.log10(abs(x))) - n + 1) + slack if x else slack
                for x in answer
            ]
        case _:
            return [(1e-9 if x == round(x) else 1e-3) * max(1.0, abs(x)) for x in answer]
