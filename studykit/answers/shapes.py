"""Shapes first: does this formula multiply, add and sum as written? Said as an interviewer would.

The check also settles what a written product means (matrix product, entry by entry, scaling) and
over what each index runs, so that evaluation has nothing left to decide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from . import shape_calls, shape_indices
from .declarations import Dim, Shape
from .errors import AnswerError, ShapesError
from .names import Names
from .notation import plain
from .shape_rules import broadcast, product, turned
from .shape_words import in_words, no_product, short, turn_hint
from .tree import (
    Add,
    Big,
    Call,
    Constant,
    Divide,
    Factorial,
    Index,
    Listing,
    Literal,
    Multiply,
    Name,
    Negate,
    Node,
    Percent,
    Power,
    Transpose,
)

FREE_INDICES = frozenset("ijklmnpqrstuvab")
"""Letters that may index without being declared."""

Shaped = tuple[Node, Shape]


@dataclass(slots=True)
class Check:
    """The shape check of one formula. `ranges` collects the size every index runs over."""

    names: Names
    ranges: dict[str, Dim] = field(default_factory=dict)
    bound: list[str] = field(default_factory=list)
    free: dict[str, None] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def run(self, tree: Node) -> Shaped:
        """The settled tree and its shape. Raises AnswerError where the shapes do not fit."""
        node, shape = self.visit(tree)
        self._settle_free(tree.at)
        return node, shape

    def _settle_free(self, at: int) -> None:
        for a, b in self.pairs * 2:
            for one, other in ((a, b), (b, a)):
                if one not in self.ranges and other in self.ranges:
                    self.ranges[one] = self.ranges[other]
        for index in self.free:
            if index not in self.ranges:
                raise AnswerError(f"It is not clear over what {index} runs.", at)

    def visit(self, node: Node) -> Shaped:
        """The node with its products settled, and its shape."""
        match node:
            case Literal() | Constant():
                return node, ()
            case Name():
                return self._name(node)
            case Negate() | Percent():
                body, shape = self.visit(node.body)
                return type(node)(body, node.at), shape
            case Factorial():
                body, shape = self.visit(node.body)
                if shape:
                    raise AnswerError("A factorial needs a number.", node.at)
                return Factorial(body, node.at), ()
            case Transpose(body=Transpose(body=inner)):
                return self.visit(inner)
            case Transpose():
                body, shape = self.visit(node.body)
                if not shape and isinstance(body, Name | Literal | Constant):
                    raise AnswerError(f"{plain(body)} is one number; it has no transpose.", node.at)
                return (Transpose(body, node.at), turned(shape)) if shape else (body, ())
            case Add():
                return self._add(node)
            case Multiply():
                return self._multiply(node)
            case Divide():
                return self._divide(node)
            case Power():
                return self._power(node)
            case Call():
                return shape_calls.call(self, node)
            case Index():
                return shape_indices.index(self, node)
            case Big():
                return shape_indices.big(self, node)
            case Listing():
                return shape_indices.listing(self, node)

    def _name(self, node: Name) -> Shaped:
        if node.name in self.bound:
            return node, ()
        one = self.names.declared.get(node.name)
        if one is None:
            self._use_free(node)
            return node, ()
        if one.role == "index":
            self.free.setdefault(node.name)
            if one.shape:
                self.ranges.setdefault(node.name, one.shape[0])
            return node, ()
        return node, one.shape

    def _use_free(self, node: Name) -> None:
        if node.name not in FREE_INDICES:
            raise AnswerError(f"{node.name} is not an index here.", node.at)
        self.free.setdefault(node.name)

    def _add(self, node: Add) -> Shaped:
        terms = [self.visit(term) for term in node.terms]
        shape: Shape = terms[0][1]
        for k, (term, other) in enumerate(terms[1:], 1):
            joint = broadcast(shape, other)
            if joint is None:
                inner = term.body if isinstance(term, Negate) else term
                left = plain(terms[0][0]) if k == 1 else "what stands before"
                doing = "subtracted" if isinstance(term, Negate) else "added"
                raise ShapesError(
                    f"{left} is {in_words(shape)} and {short(inner)} is {in_words(other)}, so they"
                    f" cannot be {doing}{turn_hint(shape, other, inner)}.",
                    node.terms[k].at,
                )
            shape = joint
        return Add(tuple(term for term, _ in terms), node.at), shape

    def _multiply(self, node: Multiply) -> Shaped:
        value, shape = self.visit(node.factors[0])
        for factor in node.factors[1:]:
            other, other_shape = self.visit(factor)
            value, shape = self.product_of(node, value, shape, other, other_shape, factor.at)
        if node.doubt and not shape:
            raise AnswerError(
                "What is divided here? Write (a/b)*c or a/(b*c) with brackets.", node.at
            )
        return value, shape

    def product_of(
        self, node: Multiply, left: Node, a: Shape, right: Node, b: Shape, at: int
    ) -> Shaped:
        """What the product of two settled nodes means, by its mark and their shapes."""
        if node.doubt and isinstance(left, Divide) and not b:
            raise AnswerError(
                "What is divided here? Write (a/b)*c or a/(b*c) with brackets.", node.at
            )
        if not a or not b:
            return _joined(left, right, "*", node.at), a or b
        entries, matrix = broadcast(a, b), product(a, b)
        if node.mark == "*" and len(a) != len(b) and entries is not None and matrix is not None:
            raise AnswerError(
                f"Is {short(left)}*{short(right)} a product or entry by entry? Write @ or ⊙.", at
            )
        if node.mark == "⊙" or (node.mark == "*" and entries is not None):
            if entries is None:
                raise ShapesError(
                    f"{short(left)} is {in_words(a)} and {short(right)} is {in_words(b)}, so they"
                    " cannot be multiplied entry by entry.",
                    at,
                )
            return _joined(left, right, "⊙", node.at), entries
        if len(a) == 1 and len(b) == 1 and a == b and node.mark == "":
            raise AnswerError(
                f"{short(left)} and {short(right)} are both vectors: write x^T y, x y^T or x ⊙ y.",
                at,
            )
        if matrix is None:
            raise ShapesError(no_product(left, a, right, b), at)
        mark = "·" if len(a) == 1 and len(b) == 1 else "@"
        return _joined(left, right, mark, node.at), matrix

    def _divide(self, node: Divide) -> Shaped:
        top, a = self.visit(node.top)
        bottom, b = self.visit(node.bottom)
        if isinstance(bottom, Literal) and bottom.value == 0:
            raise AnswerError("This divides by zero.", bottom.at)
        if b and not a and len(b) == 2 and b[0] == b[1]:
            raise AnswerError(
                f"{short(bottom)} is a matrix; write inv(…) for its inverse.", node.bottom.at
            )
        shape = broadcast(a, b)
        if shape is None:
            raise ShapesError(
                f"{short(top)} is {in_words(a)} and {short(bottom)} is {in_words(b)}, so they"
                " cannot be divided entry by entry.",
                node.at,
            )
        return Divide(top, bottom, node.at), shape

    def _power(self, node: Power) -> Shaped:
        base, a = self.visit(node.base)
        if a and isinstance(node.exponent, Name) and node.exponent.name == "T":
            return Transpose(base, node.at), turned(a)
        exponent, b = self.visit(node.exponent)
        if not a and not b:
            return Power(base, exponent, node.mark, node.at), ()
        square = len(a) == 2 and a[0] == a[1]
        if len(a) == 2 and not square and isinstance(exponent, Negate) and node.mark == "^":
            raise ShapesError(
                f"{short(base)} is {in_words(a)}; only a square matrix has an inverse.", node.at
            )
        if square and node.mark == "^":
            if exponent == Negate(Literal(Fraction(1), "1", 0)):
                return Call("inv", (base,), at=node.at), a
            raise AnswerError(
                f"Is this {short(base)} times itself or entry by entry? Write @ or ⊙.", node.at
            )
        shape = broadcast(a, b)
        if shape is None:
            raise ShapesError("The exponent does not fit the shape of its base.", node.at)
        return Power(base, exponent, "**", node.at), shape


def _joined(left: Node, right: Node, mark: str, at: int) -> Node:
    if isinstance(left, Multiply) and left.mark == mark:
        return Multiply((*left.factors, right), mark, at=at)
    return Multiply((left, right), mark, at=at)
