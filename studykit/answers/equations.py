"""Equations: two formulas with = between. Two are the same if one is a multiple of the other.

`y = 2x + 1` is `2x − y + 1 = 0` is `4x + 2 = 2y`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from .arrays import is_array
from .characters import Source, clean
from .equality import compare, fits
from .errors import AnswerError
from .expressions import Expression
from .latex import from_latex
from .names import Names, names_from
from .parser import parse
from .shape_words import in_words
from .shapes import Check
from .tree import Add, Literal, Multiply, Negate, Node


@dataclass(frozen=True, slots=True)
class Equation:
    """Both sides as read; `difference` is left − right."""

    text: str
    left: Expression
    right: Expression
    difference: Expression = field(repr=False)

    @property
    def tree(self) -> Node:
        """The difference, which is what vanishes."""
        return self.difference.tree


def read_equation(text: str, names: Names | Mapping[str, str] | None = None) -> Equation:
    """The equation that `text` writes. Raises AnswerError if it is none, as `read_expression`."""
    known = names_from(names)
    source = from_latex(clean(text))
    signs = [k for k, c in enumerate(source.text) if c == "="]
    if len(signs) != 1:
        cause = "An equation is asked: write both sides with = between."
        if signs:
            cause = "One = is enough; write one equation."
        raise AnswerError(cause, source.place(signs[1]) if signs else 0)
    left, right = (
        _side(source, span, known) for span in ((0, signs[0]), (signs[0] + 1, len(source.text)))
    )
    if not fits(left.shape, right.shape):
        raise AnswerError(
            f"The left side is {in_words(left.shape)}, the right side {in_words(right.shape)}.",
            source.place(signs[0]),
        )
    check = Check(known)
    tree, shape = check.run(Add((left.typed, Negate(right.typed))))
    free = tuple((index, check.ranges[index]) for index in check.free)
    typed = Add((left.typed, Negate(right.typed)))
    dims = left.dims + right.dims
    return Equation(text, left, right, Expression(text, tree, shape, known, typed, free, dims))


def _side(source: Source, span: tuple[int, int], names: Names) -> Expression:
    a, b = span
    part = Source(source.text[a:b], tuple(source.place(k) for k in range(a, b)))
    if not part.text.strip():
        raise AnswerError("One side of the equation is empty.", source.place(a))
    typed = parse(part, names)
    check = Check(names)
    tree, shape = check.run(typed)
    free = tuple((index, check.ranges[index]) for index in check.free)
    return Expression(part.text, tree, shape, names, typed, free, tuple(d for _, d in free))


def same_equation(given: Equation, expected: Equation) -> bool:
    """Whether one equation is the other times a constant that is not zero."""
    one, other = given.difference, expected.difference
    if not fits(one.shape, other.shape):
        return False
    found = compare(one, other)
    if found.same:
        return True
    ratios = [a / b for _, a, b in found.pairs if a is not None and not is_array(a) and b]
    if not ratios or ratios[0] == 0 or isinstance(ratios[0], complex):
        return False
    factor = Fraction(ratios[0]).limit_denominator(1000)
    if factor == 0:
        return False
    size = Literal(abs(factor), f"{abs(factor).numerator}", None)
    scaled = Multiply((size if factor > 0 else Negate(size), other.tree), "*")
    return compare(one, replace(other, tree=scaled)).same is True
