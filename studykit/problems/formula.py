"""A step's value that is a formula: a tree over declared names, with its values at two points.

Families write formulas as a learner types them (`formula("A^T dO", names)`) and combine them with
+, -, *, /, @ and .T. Two formulas that differ at a seeded point of `answers` are two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from studykit.problems.arithmetic import ShapeError

if TYPE_CHECKING:
    from studykit.answers import Expression
    from studykit.answers.declarations import Shape
    from studykit.answers.point import Point
    from studykit.answers.tree import Node

Declared = Mapping[str, str]
"""Name → what `answers` takes as a declaration: "positive", "n×d_k"."""

Sample = tuple[tuple[int, ...], tuple[float, ...]]
"""The shape of a value, and entries row by row."""


@dataclass(frozen=True, eq=False)
class Formula:
    """A formula over the names that its problem declares."""

    tree: Node
    declared: Declared

    @cached_property
    def expression(self) -> Expression:
        """Ready to be compared. Raises ShapeError where the shapes do not fit."""
        from studykit.answers import AnswerError, Expression
        from studykit.answers.names import names_from
        from studykit.answers.shapes import Check

        names = names_from(self.declared)
        check = Check(names)
        try:
            tree, shape = check.run(self.tree)
        except AnswerError as error:
            raise ShapeError(error.cause) from error
        free = tuple((index, check.ranges[index]) for index in check.free)
        return Expression("", tree, shape, names, self.tree, free)

    @property
    def shape(self) -> Shape:
        """() for a number, else its sizes: ("n", "d_k")."""
        return self.expression.shape

    @cached_property
    def text(self) -> str:
        """As it can be typed."""
        from studykit.answers import echo

        return echo(self.expression)

    @cached_property
    def tex(self) -> str:
        from studykit.answers.notation import latex
        from studykit.problems.trees import opened

        return latex(opened(self.expression.tree))

    @cached_property
    def sample(self) -> Sample | None:
        """Its values at two points together; None where it has no finite real one.

        At one point alone 2/n and 1 may agree, for sizes are small there.
        """
        here, there = (self.at(point) for point in self.points[:2])
        return None if here is None or there is None else (here[0], here[1] + there[1])

    def at(self, point: Point) -> Sample | None:
        """Shape and entries at a point."""
        from studykit.answers import AnswerError
        from studykit.answers.arithmetic import FLOATS, Undefined
        from studykit.answers.evaluation import Evaluator, quietly

        try:
            with quietly(self.expression.arrays):
                value = Evaluator(FLOATS, point).value(self.expression.tree)
        except (AnswerError, ShapeError, Undefined):
            return None
        numbers = list(value.flat) if hasattr(value, "flat") else [value]
        if any(isinstance(x, complex) and x.imag for x in numbers):
            return None
        reals = tuple(float(x.real) for x in numbers)
        return (tuple(getattr(value, "shape", ())), reals) if all(map(isfinite, reals)) else None

    @property
    def points(self) -> tuple[Point, ...]:
        """The same ones for all formulas of one problem."""
        from studykit.answers.names import names_from
        from studykit.answers.sampling import points

        names = names_from(self.declared)
        return points(names, frozenset(names.declared), ())

    def put(self, **values: Formula | int | Fraction) -> Formula:
        """The same with other formulas in the place of names."""
        from studykit.problems.trees import put

        return self._with(put(self.tree, {name: _tree(value) for name, value in values.items()}))

    def declaring(self, declared: Declared) -> Formula:
        """The same over other names."""
        return Formula(self.tree, declared)

    def _with(self, tree: Node) -> Formula:
        return Formula(tree, self.declared)

    def __add__(self, other: Formula | int | Fraction) -> Formula:
        from studykit.problems.trees import plus

        return self._with(plus([self.tree, _tree(other)]))

    def __sub__(self, other: Formula | int | Fraction) -> Formula:
        from studykit.problems.trees import minus, plus

        return self._with(plus([self.tree, minus(_tree(other))]))

    def __neg__(self) -> Formula:
        from studykit.problems.trees import minus

        return self._with(minus(self.tree))

    def __mul__(self, other: Formula | int | Fraction) -> Formula:
        from studykit.problems.trees import times

        return self._with(times([self.tree, _tree(other)]))

    __rmul__ = __mul__

    def __truediv__(self, other: Formula | int | Fraction) -> Formula:
        from studykit.problems.trees import over

        return self._with(over(self.tree, _tree(other)))

    def __matmul__(self, other: Formula) -> Formula:
        """The matrix product."""
        from studykit.problems.trees import times

        return self._with(times([self.tree, other.tree], "@"))

    def to(self, exponent: str) -> Formula:
        """Raised to the power of a name: `ratio.to("k")`."""
        from studykit.answers.tree import Name
        from studykit.problems.trees import power

        return self._with(power(self.tree, Name(exponent)))

    def hadamard(self, other: Formula) -> Formula:
        """Entry by entry."""
        from studykit.problems.trees import times

        return self._with(times([self.tree, other.tree], "⊙"))

    def called(self, function: str) -> Formula:
        """A function of it: `called("rowsum")`."""
        from studykit.answers.tree import Call

        return self._with(Call(function, (self.tree,)))

    @property
    def T(self) -> Formula:
        from studykit.problems.trees import transposed

        return self._with(transposed(self.tree))


def _tree(value: Formula | int | Fraction) -> Node:
    from studykit.problems.trees import number

    return value.tree if isinstance(value, Formula) else number(value)


def formula(text: str, declared: Declared) -> Formula:
    """The formula that a family writes, in the learner's own notation."""
    return Formula(_read(text, tuple(declared.items())), declared)


@lru_cache(maxsize=1024)
def _read(text: str, declared: tuple[tuple[str, str], ...]) -> Node:
    from studykit.answers import read_expression

    return read_expression(text, dict(declared)).tree


def same(one: Expression, other: Expression) -> bool:
    """Whether two formulas are the same function, as marking decides it."""
    from studykit.answers import AnswerError
    from studykit.answers.formulas import same_value

    try:
        return same_value(one, other)
    except AnswerError:  # too long to work out: nothing follows from it
        return False


def tells_nothing(answer: Formula, givens: Iterable[Any]) -> bool:
    """Whether a formula is no answer to ask for: a constant, or one that the question shows."""
    if answer.sample is None:
        return True
    _, numbers = answer.sample
    if max(numbers) - min(numbers) <= 1e-9 * max(map(abs, numbers)):
        return True
    return any(isinstance(g, Formula) and g.sample == answer.sample for g in givens)
