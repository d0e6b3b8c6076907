"""The value of a settled tree at one point, in either arithmetic.

Vectors and matrices are object arrays, so that floats and fifty-digit numbers share every line.
Work is counted: a formula that would take too long is refused, never waited for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .arithmetic import Kit, Scalar, Undefined
from .arrays import WHOLE, Value, aligned, is_array, matmul, stack
from .point import Point, Work
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

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.object_]


def quietly(arrays: bool) -> AbstractContextManager[object]:
    """Around an evaluation with arrays: NumPy does not warn of values that overflow.

    Such a point tells nothing, and a warning would be written over the screen.
    """
    if not arrays:
        return nullcontext()
    import numpy as np

    return np.errstate(all="ignore")


@dataclass(slots=True)
class Evaluator:
    """Evaluates settled trees at one point with one kit."""

    kit: Kit
    point: Point
    work: Work = field(default_factory=Work)
    indices: dict[str, int] = field(default_factory=dict)
    largest: Scalar = 0
    """The largest size met on the way, in exact arithmetic: the scale of rounding."""
    _values: dict[str, Value] = field(default_factory=dict)
    _literals: dict[int, Scalar] = field(default_factory=dict)

    def value(self, tree: Node) -> Value:
        """The value, checked to be finite. Raises Undefined."""
        try:
            found = self._visit(tree)
        except Undefined:
            raise
        except (ZeroDivisionError, OverflowError, ValueError) as error:
            raise Undefined from error
        for entry in found.flat if is_array(found) else (found,):
            if not _finite(entry):
                raise Undefined
        return found

    def _visit(self, node: Node) -> Value:
        self.work.spend(node.at, self.kit.cost.visit)
        value = _VISITORS[type(node)](self, node)
        if is_array(value):
            self.work.spend(node.at, self.kit.cost.entry * value.size)
        if self.kit.exact:
            size = max(map(abs, value.flat)) if is_array(value) else abs(value)
            self.largest = max(self.largest, size)
        return value

    # Leaves.

    def _literal(self, node: Literal) -> Scalar:
        key = id(node)
        if key not in self._literals:
            self._literals[key] = self.kit.number(node.value)
        return self._literals[key]

    def _constant(self, node: Constant) -> Scalar:
        return self.kit.constant(node.name)

    def _name(self, node: Name) -> Value:
        name = node.name
        if name in self.indices:
            return self.kit.number(Fraction(self.indices[name]))
        known = self._values.get(name)
        if known is None:
            known = self._values[name] = self._convert(name)
        return known

    def _convert(self, name: str) -> Value:
        if name in self.point.sizes:
            return self.kit.number(Fraction(self.point.sizes[name]))
        if name in self.point.derived:
            return self._derived(self.point.derived[name])
        if name not in self.point.values:
            raise Undefined
        raw = self.point.values[name]
        if isinstance(raw, list):
            return self._array(raw)
        return self._scalar(raw)

    def _derived(self, tree: Node) -> Value:
        """The value of a name's own formula, in which the indices of the outer one mean nothing."""
        outer, self.indices = self.indices, {}
        try:
            return self._visit(tree)
        finally:
            self.indices = outer

    def _scalar(self, raw: Scalar) -> Scalar:
        return self.kit.convert(raw) if self.kit.exact else raw  # type: ignore[attr-defined]

    def _array(self, raw: list[Any]) -> Array:
        import numpy as np

        if isinstance(raw[0], list):
            return np.array([[self._scalar(v) for v in row] for row in raw], dtype=object)
        out = np.empty(len(raw), dtype=object)
        out[:] = [self._scalar(v) for v in raw]
        return out

    # Operations.

    def _negate(self, node: Negate) -> Value:
        return -self._visit(node.body)

    def _percent(self, node: Percent) -> Value:
        return self._visit(node.body) / 100

    def _factorial(self, node: Factorial) -> Scalar:
        return self.kit.call("factorial", self._visit(node.body))

    def _add(self, node: Add) -> Value:
        total = self._visit(node.terms[0])
        for term in node.terms[1:]:
            a, b = aligned(total, self._visit(term))
            total = a + b
        return total

    def _multiply(self, node: Multiply) -> Value:
        result = self._visit(node.factors[0])
        for factor in node.factors[1:]:
            other = self._visit(factor)
            both = is_array(result) and is_array(other)
            if both and node.mark in {"@", "·"}:
                ops = result.size * other.size / result.shape[-1]
                self.work.spend(node.at, self.kit.cost.entry * ops)
                result = matmul(result, other)
            else:
                a, b = aligned(result, other)
                result = a * b
        return result

    def _divide(self, node: Divide) -> Value:
        a, b = aligned(self._visit(node.top), self._visit(node.bottom))
        return a / b

    def _power(self, node: Power) -> Value:
        odd = _odd_root(node.exponent)
        if odd is not None:
            base = self._visit(node.base)
            return self.each(lambda x: self._real_root(x, *odd), base)
        base, exponent = aligned(self._visit(node.base), self._visit(node.exponent))
        if is_array(base) or is_array(exponent):
            import numpy as np

            size = max(x.size for x in (base, exponent) if is_array(x))
            self.work.spend(node.at, self.kit.cost.function * size)
            return np.frompyfunc(self.kit.power, 2, 1)(base, exponent)
        if not isinstance(node.exponent, Literal):
            self.work.spend(node.at, self.kit.cost.function)
        return self.kit.power(base, exponent)

    def _real_root(self, x: Scalar, top: int, bottom: int) -> Scalar:
        """x^(p/q) with odd q, which is real for negative x, as at school."""
        power = self.kit.number(Fraction(top, bottom))
        if not isinstance(x, complex) and not hasattr(x, "_mpc_") and x < 0:
            root = self.kit.power(-x, power)
            return -root if top % 2 else root
        return self.kit.power(x, power)

    def _transpose(self, node: Transpose) -> Value:
        body = self._visit(node.body)
        if not is_array(body):
            return body
        return body.reshape(1, -1) if body.ndim == 1 else body.T

    def _listing(self, node: Listing) -> Value:
        return stack([self._visit(item) for item in node.items])

    def _index(self, node: Index) -> Value:
        body = self._visit(node.body)
        if not is_array(body):
            raise Undefined
        if body.ndim == 2 and len(node.indices) == 1 and 1 in body.shape:
            body = body.reshape(-1)
        for index in node.indices:
            k = self._entry(index)
            if not 1 <= k <= body.shape[0]:
                raise Undefined
            body = body[k - 1]
        return body

    def _entry(self, index: Node) -> int:
        match index:
            case Literal():
                return int(index.value)
            case Negate():
                return -self._entry(index.body)
            case Add():
                return sum(self._entry(term) for term in index.terms)
            case Name() if index.name in self.indices:
                return self.indices[index.name]
            case Name():
                k = self.kit.real(self._name(index))
                if k != int(k):
                    raise Undefined
                return int(k)
            case _:
                raise Undefined

    def _big(self, node: Big) -> Value:
        low = self.whole(node.lower) if node.lower is not None else 1
        high = self.whole(node.upper) if node.upper is not None else 0
        left_out = self.indices.get(node.without) if node.without is not None else None
        outer = self.indices.get(node.index)
        values = []
        for k in range(low, high + 1):
            self.work.spend(node.at, self.kit.cost.visit)
            if k == left_out:
                continue
            self.indices[node.index] = k
            values.append(self._visit(node.body))
        if outer is None:
            self.indices.pop(node.index, None)
        else:
            self.indices[node.index] = outer
        return self.gathered(node.kind, values)

    def whole(self, node: Node) -> int:
        """A value that must be a whole number, such as the end of a sum."""
        value = self.kit.real(self._visit(node))
        if value != int(value):
            raise Undefined
        return int(value)

    def gathered(self, kind: str, values: list[Value]) -> Value:
        """The sum, product, mean, maximum or minimum of values of one shape."""
        if kind == "prod":
            product = values[0] if values else self.kit.number(Fraction(1))
            for value in values[1:]:
                product = product * value
            return product
        if kind in {"max", "min"}:
            if not values:
                raise Undefined
            return (max if kind == "max" else min)(self.kit.real(v) for v in values)
        total = values[0] if values else self.kit.number(Fraction(0))
        for value in values[1:]:
            total = total + value
        if kind == "mean":
            return total / len(values)
        return total

    # Functions.

    def _call(self, node: Call) -> Value:
        name = node.name
        if name == "delta":
            a, b = (self._entry(argument) for argument in node.arguments)
            return self.kit.number(Fraction(int(a == b)))
        arguments = [self._visit(argument) for argument in node.arguments]
        if name in {"logb", "root"}:
            return self._two(name, *arguments)
        if name.startswith("?"):
            return self.each(lambda x: self._unknown(name, x), arguments[0])
        whole = WHOLE.get(name)
        if whole is not None:
            sizes = sum(x.size for x in arguments if is_array(x))
            self.work.spend(node.at, self.kit.cost.entry * 3 * sizes)
            return whole(self, node, arguments)
        if name in SLOW:
            size = arguments[0].size if is_array(arguments[0]) else 1
            self.work.spend(node.at, SLOW[name] * self.kit.cost.function * size)
        return self.each(lambda x: self.kit.call(name, x), arguments[0])

    def each(self, function: Callable[[Scalar], Scalar], x: Value) -> Value:
        """A function of one number, applied to every entry."""
        if not is_array(x):
            self.work.spend(0, self.kit.cost.function)
            return function(x)
        import numpy as np

        out = np.empty(x.shape, dtype=object)
        for place, entry in enumerate(x.flat):
            self.work.spend(0, self.kit.cost.function)
            out.flat[place] = function(entry)
        return out

    def _two(self, name: str, x: Value, y: Value) -> Value:
        if name == "logb":
            log = self.each(lambda v: self.kit.call("ln", v), x)
            return log / self.each(lambda v: self.kit.call("ln", v), y)
        degree = self.kit.real(y)
        if degree == 3:
            return self.each(lambda v: self.kit.call("cbrt", v), x)
        return self.each(lambda v: self.kit.power(v, 1 / degree), x)

    def _unknown(self, name: str, x: Scalar) -> Scalar:
        """An undeclared-in-detail function f: some fixed smooth function of its own."""
        seed = sum(map(ord, name))
        a = self.kit.number(Fraction(7 + seed % 13, 11))
        b = self.kit.number(Fraction(3 + seed % 7, 5))
        return self.kit.call("sin", a * x + b) + x * x / 7 + a


_VISITORS: dict[type, Callable[[Evaluator, Any], Value]] = {
    Literal: Evaluator._literal,
    Constant: Evaluator._constant,
    Name: Evaluator._name,
    Negate: Evaluator._negate,
    Percent: Evaluator._percent,
    Factorial: Evaluator._factorial,
    Add: Evaluator._add,
    Multiply: Evaluator._multiply,
    Divide: Evaluator._divide,
    Power: Evaluator._power,
    Transpose: Evaluator._transpose,
    Call: Evaluator._call,
    Index: Evaluator._index,
    Big: Evaluator._big,
    Listing: Evaluator._listing,
}


SLOW = {"erf": 10, "gelu": 10}
"""Functions that take so many times the work of others."""

ODD_CAP = 100
"""Roots of a higher degree are not meant: x^0.3334 is no root."""


def _odd_root(exponent: Node) -> tuple[int, int] | None:
    """p and q of an exponent written p/q with an odd q > 1."""
    sign = -1 if isinstance(exponent, Negate) else 1
    inner = exponent.body if isinstance(exponent, Negate) else exponent
    match inner:
        case Divide(top=Literal(value=p), bottom=Literal(value=q)):
            fraction = p / q if q else Fraction(0)
        case Literal(value=fraction):
            pass  # x^0.2 is x^(1/5)
        case _:
            return None
    if fraction.denominator % 2 == 0 or not 1 < fraction.denominator < ODD_CAP:
        return None
    return sign * fraction.numerator, fraction.denominator


def _finite(x: Scalar) -> bool:
    if isinstance(x, float):
        return math.isfinite(x)
    if isinstance(x, complex):
        return math.isfinite(x.real) and math.isfinite(x.imag)
    return bool(x == x and abs(x) != math.inf)
