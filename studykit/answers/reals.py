"""Powers, roots, logarithms and functions of one number: fractions where they stay exact, else
floats; an AnswerError where a value is undefined, not real or too large.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from .errors import AnswerError

BIT_CAP = 4096
FACTORIAL_CAP = 170

Value = Fraction | float


def checked(value: Value, at: int) -> Value:
    """Finite, or infinite on purpose; an exact value that grew too long becomes a float."""
    if isinstance(value, Fraction):
        if value.numerator.bit_length() + value.denominator.bit_length() > 4 * BIT_CAP:
            return as_float(value, at)
        return value
    if math.isnan(value):
        raise AnswerError("This is undefined.", at)
    return value


def as_float(value: Value, at: int) -> float:
    """Raises AnswerError where no float is large enough."""
    try:
        return float(value)
    except OverflowError:
        raise AnswerError("This is too large to be handled.", at) from None


def divide(top: Value, bottom: Value, at: int) -> Value:
    """A quotient. Raises AnswerError for a division by zero."""
    if bottom == 0:
        raise AnswerError("This divides by zero.", at)
    return checked(top / bottom, at)


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
        value = math.pow(as_float(base, at), as_float(exponent, at))
    except OverflowError:
        raise AnswerError("This power is too large to be handled.", at) from None
    except ValueError:
        raise AnswerError("This is undefined.", at) from None
    if value == 0:
        raise AnswerError("This power is too small to be handled.", at)
    return checked(value, at)


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


def root(value: Value, degree: Value, at: int) -> Value:
    """The root of any degree; of odd degree also of a negative number."""
    if degree == 0:
        raise AnswerError("There is no root of degree 0.", at)
    if value < 0 and degree == int(degree) and int(degree) % 2:
        return -power(-value, 1 / Fraction(int(degree)), at)
    if value == 0:
        return Fraction(0)
    return power(value, 1 / degree, at)


def logarithm(value: Value, base: Value, at: int) -> Value:
    """A logarithm, exact for powers of the base."""
    if value <= 0 or base <= 0 or base == 1:
        raise AnswerError("This logarithm is undefined.", at)
    if isinstance(value, Fraction) and isinstance(base, Fraction):
        guess = round(math.log(value) / math.log(base))
        if abs(guess) <= 64 and base**guess == value:
            return Fraction(guess)
    return math.log(value) / math.log(base)


def factorial(value: Value, at: int) -> Value:
    """n! for whole numbers up to the cap."""
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
    "csch": lambda x: 1 / math.sinh(x),
    "coth": lambda x: 1 / math.tanh(x),
    "acot": lambda x: math.atan(1 / x),
    "asec": lambda x: math.acos(1 / x),
    "acsc": lambda x: math.asin(1 / x),
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
        square = Fraction(0) if x == 0 else power(x, Fraction(1, 2), at)
        return square if name == "sqrt" else divide(Fraction(1), square, at)
    if name == "cbrt":
        return root(x, Fraction(3), at)
    if name in _EXACT:
        if _infinite(x) and name not in {"abs", "sign", "relu", "step"}:
            raise AnswerError("This is undefined at infinity.", at)
        return _EXACT[name](x)
    if isinstance(x, Fraction) and name in _AT and x == _AT[name][0]:
        return _AT[name][1]
    if name in {"log2", "log10"} and isinstance(x, Fraction) and x > 0:
        return logarithm(x, Fraction(2 if name == "log2" else 10), at)
    function = _FLOATS.get(name)
    if function is None:
        raise AnswerError(f"{name} needs a vector or a matrix.", at)
    try:
        value = checked(function(as_float(x, at)), at)
    except OverflowError:
        raise AnswerError("This is too large to be handled.", at) from None
    except (ValueError, ZeroDivisionError):
        raise AnswerError(f"{name} is undefined there.", at) from None
    if value == 0 and name == "exp" and x != -math.inf:
        raise AnswerError("This is too small to be handled.", at)
    return value
