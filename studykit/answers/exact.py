"""The value of a tree without names: fractions stay fractions, roots and logarithms become floats.

Everything is bounded: no power is expanded beyond 4096 bits, no factorial beyond 170!, no sum
beyond a thousand terms.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from .errors import AnswerError
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

BIT_CAP = 4096
FACTORIAL_CAP = 170
TERM_CAP = 1000

Value = Fraction | float


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
                return _divide(self.value(node.top, bound), self.value(node.bottom, bound), node.at)
            case Power():
                return power(
                    self.value(node.base, bound), self.value(node.exponent, bound), node.at
                )
            case Factorial():
                return _factorial(self.value(node.body, bound), node.at)
            case Percent():
                return _checked(self.value(node.body, bound) / 100, node.at)
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
            total = _checked(total + self.value(term, bound), node.at)
        return total

    def _multiply(self, node: Multiply, bound: dict[str, int]) -> Value:
        product: Value = Fraction(1)
        for factor in node.factors:
            product = _checked(product * self.value(factor, bound), node.at)
        return product

    def _call(self, node: Call, bound: dict[str, int]) -> Value:
        arguments = [self.value(argument, bound) for argument in node.arguments]
        if node.name in {"max", "min"}:
            return (max if node.name == "max" else min)(arguments)
        if node.name == "logb":
            return _logarithm(arguments[0], arguments[1], node.at)
        if node.name == "root":
            return _root(arguments[0], arguments[1], node.at)
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
            return _checked(sum(values, Fraction(0)), node.at)
        if node.kind == "prod":
            product: Value = Fraction(1)
            for value in values:
                product = _checked(product * value, node.at)
            return product
        if not values:
            raise AnswerError("This range is empty.", node.at)
        if node.kind == "mean":
            return _checked(sum(values, Fraction(0)) / len(values), node.at)
        return (max if node.kind == "max" else min)(values)


def _checked(value: Value, at: int) -> Value:
    """Finite, or infinite on purpose; an exact value that grew too long becomes a float."""
    if isinstance(value, Fraction):
        if value.numerator.bit_length() + value.denominator.bit_length() > 4 * BIT_CAP:
            return _as_float(value, at)
        return value
    if math.isnan(value):
        raise AnswerError("This is undefined.", at)
    return value


def _as_float(value: Value, at: int) -> float:
    try:
        return float(value)
    except OverflowError:
        raise AnswerError("This is too large to be handled.", at) from None


def _divide(top: Value, bottom: Value, at: int) -> Value:
    if bottom == 0:
        raise AnswerError("This divides by zero.", at)
    return _checked(top / bottom, at)


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


def power(base: Value, exponent: Value, at: int) -> Value:
    """base^exponent over the reals; exact for integer exponents and perfect roots."""
    if base == 0 and exponent <= 0:
        what = "0^0 is undefined." if exponent == 0 else "This divides by zero."
        raise AnswerError(what, at)
    if exponent == 0:
        return Fraction(1)
    if isinstance(exponent, Fraction) and isinstance(base, Fraction):
        if exponent.denominator == 1:
            size = max(base.numerator.bit_length(), base.denominator.bit_length())
            if base in {0, 1} or (size - 1) * abs(exponent.numerator) <= BIT_CAP:
                if base not in {0, 1, -1} and abs(exponent.numerator) > BIT_CAP:
                    raise AnswerError("This power is too large to be handled.", at)
                if base == -1:
                    return Fraction(1 if exponent.numerator % 2 == 0 else -1)
                return base if base in {0, 1} else base**exponent.numerator
        elif exponent.denominator <= 16 and abs(exponent.numerator) <= 64 and base > 0:
            exact = _perfect_root(base, exponent.denominator)
            if exact is not None:
                return power(exact, Fraction(exponent.numerator), at)
    if base < 0 and isinstance(exponent, Fraction) and _odd(exponent.denominator):
        root = power(-base, exponent, at)
        return -root if exponent.numerator % 2 else root
    if base < 0 and not _infinite(exponent) and exponent != int(exponent):
        raise AnswerError("This root of a negative number is not real.", at)
    if _infinite(base) or _infinite(exponent):
        raise AnswerError("A power with infinity is undefined here.", at)
    try:
        value = math.pow(_as_float(base, at), _as_float(exponent, at))
    except OverflowError:
        raise AnswerError("This power is too large to be handled.", at) from None
    except ValueError:
        raise AnswerError("This is undefined.", at) from None
    if value == 0:
        raise AnswerError("This power is too small to be handled.", at)
    return _checked(value, at)


def _odd(degree: int) -> bool:
    """Roots of odd degree are real for negative numbers: (−8)^(1/3) = −2, as at school."""
    return 1 < degree < 100 and degree % 2 == 1


def _perfect_root(value: Fraction, degree: int) -> Fraction | None:
    parts = []
    for part in (value.numerator, value.denominator):
        if degree == 2:
            root = math.isqrt(part)
        elif part.bit_length() < 900:
            root = round(part ** (1 / degree))
        else:
            return None
        if root**degree != part:
            return None
        parts.append(root)
    return Fraction(parts[0], parts[1])


def _root(value: Value, degree: Value, at: int) -> Value:
    if degree == 0:
        raise AnswerError("There is no root of degree 0.", at)
    if value < 0 and degree == int(degree) and int(degree) % 2:
        return -power(-value, 1 / Fraction(int(degree)), at)
    if value == 0:
        return Fraction(0)
    return power(value, 1 / degree, at)


def _logarithm(value: Value, base: Value, at: int) -> Value:
    if value <= 0 or base <= 0 or base == 1:
        raise AnswerError("This logarithm is undefined.", at)
    if isinstance(value, Fraction) and isinstance(base, Fraction):
        guess = round(math.log(value) / math.log(base))
        if abs(guess) <= 64 and base**guess == value:
            return Fraction(guess)
    return math.log(value) / math.log(base)


def _factorial(value: Value, at: int) -> Value:
    if not isinstance(value, Fraction) or value.denominator != 1 or value < 0:
        raise AnswerError("A factorial needs a whole number.", at)
    if value > FACTORIAL_CAP:
        raise AnswerError(f"Factorials are read up to {FACTORIAL_CAP}!.", at)
    return Fraction(math.factorial(value.numerator))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _infinite(x: Value) -> bool:
    return isinstance(x, float) and math.isinf(x)


def _size(x: Value) -> Value:
    return -x if x < 0 else x


_FLOATS: Final[dict[str, Callable[[float], float]]] = {
    "exp": math.exp,
    "ln": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "log1p": math.log1p,
    "expm1": math.expm1,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "cot": lambda x: 1 / math.tan(x),
    "sec": lambda x: 1 / math.cos(x),
    "csc": lambda x: 1 / math.sin(x),
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "sech": lambda x: 1 / math.cosh(x),
    "asinh": math.asinh,
    "acosh": math.acosh,
    "atanh": math.atanh,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "silu": lambda x: x * _sigmoid(x),
    "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    "erf": math.erf,
}

_EXACT: Final[dict[str, Callable[[Value], Value]]] = {
    "abs": _size,
    "norm": _size,
    "norm1": _size,
    "sign": lambda x: Fraction((x > 0) - (x < 0)),
    "relu": lambda x: max(x, Fraction(0)),
    "step": lambda x: Fraction(int(x > 0)),
    "floor": lambda x: Fraction(math.floor(x)),
    "ceil": lambda x: Fraction(math.ceil(x)),
    "round": lambda x: Fraction(round(x)),
}

_AT: Final = {
    "exp": (0, Fraction(1)),
    "ln": (1, Fraction(0)),
    "sin": (0, Fraction(0)),
    "cos": (0, Fraction(1)),
    "tan": (0, Fraction(0)),
    "tanh": (0, Fraction(0)),
    "sigmoid": (0, Fraction(1, 2)),
}
"""Where a function of an exact number is itself exact, and a learner may well write it."""


def call(name: str, x: Value, at: int) -> Value:
    """A function of one number, exact where it can be. Raises AnswerError outside its domain."""
    if name in {"sqrt", "rsqrt"}:
        if x < 0:
            raise AnswerError("The root of a negative number is not real.", at)
        root = Fraction(0) if x == 0 else power(x, Fraction(1, 2), at)
        return root if name == "sqrt" else _divide(Fraction(1), root, at)
    if name == "cbrt":
        return _root(x, Fraction(3), at)
    if name in _EXACT:
        if _infinite(x) and name not in {"abs", "sign", "relu", "step"}:
            raise AnswerError("This is undefined at infinity.", at)
        return _EXACT[name](x)
    if isinstance(x, Fraction) and name in _AT and x == _AT[name][0]:
        return _AT[name][1]
    if name in {"log2", "log10"} and isinstance(x, Fraction) and x > 0:
        return _logarithm(x, Fraction(2 if name == "log2" else 10), at)
    function = _FLOATS.get(name)
    if function is None:
        raise AnswerError(f"{name} needs a vector or a matrix.", at)
    try:
        value = _checked(function(_as_float(x, at)), at)
    except OverflowError:
        raise AnswerError("This is too large to be handled.", at) from None
    except (ValueError, ZeroDivisionError):
        raise AnswerError(f"{name} is undefined there.", at) from None
    if value == 0 and name == "exp" and x != -math.inf:
        raise AnswerError("This is too small to be handled.", at)
    return value
