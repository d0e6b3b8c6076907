"""The value of a tree without names: fractions stay fractions, roots and logarithms become floats.

Everything is bounded: no power is expanded beyond 4096 bits, no factorial beyond 170!, no sum
beyond a thousand terms.
"""

from __future__ import annotations

import math
from fractions import Fraction

from .errors import AnswerError
from .reals import Value, call, checked, divide, factorial, logarithm, power, root
from .tree import (
    Add,
    Big,
    Call,
    Constant,
    Divide,
    Factorial,
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

TERM_CAP = 1000


def evaluate(tree: Node) -> Value:
    """The value of a closed tree; a Fraction where the arithmetic allows it.

    Raises AnswerError where the value is undefined, not real or too large.
    """
    return _Evaluator().value(tree, {})


class _Evaluator:
    def __init__(self) -> None:
        self.terms = 0

    def value(self, node: Node, bound: dict[str, int]) -> Value:
        match node:
            case Literal():
                return node.value
            case Negate():
                return -self.value(node.body, bound)
            case Add():
                return self._add(node, bound)
            case Multiply():
                return self._multiply(node, bound)
            case Divide():
                return divide(self.value(node.top, bound), self.value(node.bottom, bound), node.at)
            case Power():
                return power(
                    self.value(node.base, bound), self.value(node.exponent, bound), node.at
                )
            case Factorial():
                return factorial(self.value(node.body, bound), node.at)
            case Percent():
                return checked(self.value(node.body, bound) / 100, node.at)
            case Constant():
                return _constant(node)
            case Name():
                if node.name in bound:
                    return Fraction(bound[node.name])
                raise AnswerError(f"{node.name} has no value here.", node.at)
            case Call():
                return self._call(node, bound)
            case Big():
                return self._big(node, bound)
            case Transpose():
                raise AnswerError("A number has no transpose.", node.at)
            case Listing(items=(item,)):
                return self.value(item, bound)
            case Listing():
                raise AnswerError("One number is asked here, not a list.", node.at)
            case _:
                raise AnswerError("This has no single value.", node.at)

    def _add(self, node: Add, bound: dict[str, int]) -> Value:
        total: Value = Fraction(0)
        for term in node.terms:
            total = checked(total + self.value(term, bound), node.at)
        return total

    def _multiply(self, node: Multiply, bound: dict[str, int]) -> Value:
        product: Value = Fraction(1)
        for factor in node.factors:
            product = checked(product * self.value(factor, bound), node.at)
        return product

    def _call(self, node: Call, bound: dict[str, int]) -> Value:
        arguments = [self.value(argument, bound) for argument in node.arguments]
        if node.name in {"max", "min"}:
            return (max if node.name == "max" else min)(arguments)
        if node.name == "logb":
            return logarithm(arguments[0], arguments[1], node.at)
        if node.name == "root":
            return root(arguments[0], arguments[1], node.at)
        if node.name == "delta":
            return Fraction(int(arguments[0] == arguments[1]))
        return call(node.name, arguments[0], node.at)

    def _big(self, node: Big, bound: dict[str, int]) -> Value:
        if node.lower is None and node.upper is not None:
            low: Value = Fraction(1)
        elif node.lower is not None:
            low = self.value(node.lower, bound)
        else:
            raise AnswerError("This sum needs its range, as in sum_{k=1}^{4}.", node.at)
        assert node.upper is not None  # noqa: S101 - bounds come in pairs
        high = self.value(node.upper, bound)
        if low != int(low) or high != int(high):
            raise AnswerError("A sum runs between whole numbers.", node.at)
        values = []
        for k in range(int(low), int(high) + 1):
            self.terms += 1
            if self.terms > TERM_CAP:
                raise AnswerError(f"This sum has more than {TERM_CAP} terms.", node.at)
            values.append(self.value(node.body, bound | {node.index: k}))
        if node.kind == "sum":
            return checked(sum(values, Fraction(0)), node.at)
        if node.kind == "prod":
            product: Value = Fraction(1)
            for value in values:
                product = checked(product * value, node.at)
            return product
        if not values:
            raise AnswerError("This range is empty.", node.at)
        if node.kind == "mean":
            return checked(sum(values, Fraction(0)) / len(values), node.at)
        return (max if node.kind == "max" else min)(values)


def _constant(node: Constant) -> Value:
    match node.name:
        case "pi":
            return math.pi
        case "e":
            return math.e
        case "inf":
            return math.inf
        case _:
            raise AnswerError("“undefined” can stand only alone.", node.at)
