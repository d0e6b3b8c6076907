"""What the functions compute, twice over: on floats and complex numbers, and at fifty digits.

A value that is undefined, or too large to be worth computing, raises Undefined: the point then
tells nothing. Real arguments outside a function's real domain take the principal complex value.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, Protocol

DIGITS = 50
LARGEST_EXPONENT = 20_000.0
FACTORIAL_CAP = 170

Scalar = Any
"""A float, complex, mpf or mpc: all that matters is that they calculate."""


class Undefined(ArithmeticError):  # noqa: N818 - a fact about a point, not a fault
    """No value at this point."""


class Unknown(Undefined):
    """A value may exist, but is too large to be worth computing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What work takes, in visits of a node with machine numbers, some 1.5 µs each."""

    visit: float
    """One node of the tree."""
    entry: float
    """One entry of an array in an operation."""
    function: float
    """One value of exp, sin or a power."""


class Kit(Protocol):
    """One arithmetic: conversions and the functions by name."""

    exact: bool
    cost: Cost

    def number(self, value: Fraction) -> Scalar: ...
    def constant(self, name: str) -> Scalar: ...
    def power(self, base: Scalar, exponent: Scalar) -> Scalar: ...
    def call(self, name: str, x: Scalar) -> Scalar: ...
    def real(self, x: Scalar) -> Scalar: ...


def _real(x: Scalar) -> float:
    if isinstance(x, complex):
        if abs(x.imag) > 1e-9 * abs(x.real):
            raise Undefined
        return x.real
    return float(x)


def _off_cut(x: complex) -> complex:
    """Rounding may leave −2 a hair below the branch cut; put it back on it."""
    if abs(x.imag) <= 1e-14 * abs(x.real):
        return complex(x.real, 0.0)
    return x


def _sigmoid(x: Scalar) -> Scalar:
    if isinstance(x, float):
        return 1 / (1 + math.exp(-x)) if x > -700 else math.exp(x)
    return 1 / (1 + cmath.exp(-x))


def _softplus(x: Scalar) -> Scalar:
    if isinstance(x, float):
        return max(x, 0.0) + math.log1p(math.exp(-abs(x)))
    return cmath.log(1 + cmath.exp(x))


def _pair(
    real: Callable[[float], float], other: Callable[[complex], complex], cut: bool = False
) -> Callable[[Scalar], Scalar]:
    def function(x: Scalar) -> Scalar:
        if isinstance(x, float):
            try:
                return real(x)
            except ValueError:
                x = complex(x, 0.0)
        return other(_off_cut(x) if cut else x)

    return function


def _on_reals(function: Callable[[float], float]) -> Callable[[Scalar], Scalar]:
    return lambda x: float(function(_real(x)))


_FLOAT: Final[dict[str, Callable[[Scalar], Scalar]]] = {
    "exp": _pair(math.exp, cmath.exp),
    "ln": _pair(math.log, cmath.log, True),
    "log2": _pair(math.log2, lambda z: cmath.log(z) / math.log(2), True),
    "log10": _pair(math.log10, cmath.log10, True),
    "log1p": _pair(math.log1p, lambda z: cmath.log(1 + z), True),
    "expm1": _pair(math.expm1, lambda z: cmath.exp(z) - 1),
    "sqrt": _pair(math.sqrt, cmath.sqrt, True),
    "rsqrt": lambda x: 1 / _FLOAT["sqrt"](x),
    "abs": abs,
    "sign": _on_reals(lambda x: (x > 0) - (x < 0)),
    "sin": _pair(math.sin, cmath.sin),
    "cos": _pair(math.cos, cmath.cos),
    "tan": _pair(math.tan, cmath.tan),
    "cot": lambda x: 1 / _FLOAT["tan"](x),
    "sec": lambda x: 1 / _FLOAT["cos"](x),
    "csc": lambda x: 1 / _FLOAT["sin"](x),
    "csch": lambda x: 1 / _FLOAT["sinh"](x),
    "coth": lambda x: 1 / _FLOAT["tanh"](x),
    "acot": lambda x: _FLOAT["atan"](1 / x),
    "asec": lambda x: _FLOAT["acos"](1 / x),
    "acsc": lambda x: _FLOAT["asin"](1 / x),
    "asin": _pair(math.asin, cmath.asin, True),
    "acos": _pair(math.acos, cmath.acos, True),
    "atan": _pair(math.atan, cmath.atan),
    "sinh": _pair(math.sinh, cmath.sinh),
    "cosh": _pair(math.cosh, cmath.cosh),
    "tanh": _pair(math.tanh, cmath.tanh),
    "sech": lambda x: 1 / _FLOAT["cosh"](x),
    "asinh": _pair(math.asinh, cmath.asinh),
    "acosh": _pair(math.acosh, cmath.acosh, True),
    "atanh": _pair(math.atanh, cmath.atanh, True),
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "silu": lambda x: x * _sigmoid(x),
    "gelu": _on_reals(lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2),
    "erf": _on_reals(math.erf),
    "relu": _on_reals(lambda x: max(x, 0.0)),
    "step": _on_reals(lambda x: float(x > 0)),
    "floor": _on_reals(math.floor),
    "ceil": _on_reals(math.ceil),
    "round": _on_reals(round),
}


class Floats:
    """Machine numbers: a float while it stays real, a complex number where it must."""

    exact = False
    cost = Cost(1, 1 / 16, 1)

    def number(self, value: Fraction) -> Scalar:
        return float(value)

    def constant(self, name: str) -> Scalar:
        match name:
            case "pi":
                return math.pi
            case "e":
                return math.e
            case "i":
                return 1j
            case _:
                raise Undefined

    def real(self, x: Scalar) -> Scalar:
        return _real(x)

    def power(self, base: Scalar, exponent: Scalar) -> Scalar:
        if isinstance(base, complex):
            base = _off_cut(base)
        if base == 0 and (isinstance(exponent, complex) or exponent <= 0):
            raise Undefined
        if isinstance(exponent, float) and exponent.is_integer() and abs(exponent) <= 64:
            return base ** int(exponent)
        return base**exponent

    def call(self, name: str, x: Scalar) -> Scalar:
        if name == "cbrt":
            return _odd_root(x, 3.0)
        if name == "factorial":
            n = _real(x)
            if not n.is_integer() or n < 0:
                raise Undefined
            if n > FACTORIAL_CAP:
                raise Unknown
            return float(math.factorial(int(n)))
        return _FLOAT[name](x)


def _odd_root(x: Scalar, degree: float) -> Scalar:
    if isinstance(x, float) and x < 0 and degree % 2 == 1:
        return -((-x) ** (1 / degree))
    return x ** (1 / degree)


class Digits:
    """The same at fifty digits, with mpmath; exponents are bounded so that nothing grows."""

    exact = True

    def __init__(self, places: int = DIGITS) -> None:
        from mpmath import MPContext  # it ships no types

        self.mp = MPContext()
        self.mp.dps = self.places = places
        self.cost = Cost(4, 2, 40) if places <= DIGITS else Cost(8, 6, 320)

    def number(self, value: Fraction) -> Scalar:
        return self.mp.mpf(value.numerator) / value.denominator

    def convert(self, value: Scalar) -> Scalar:
        """A machine number, exactly."""
        return self.mp.convert(value)

    def constant(self, name: str) -> Scalar:
        match name:
            case "pi":
                return +self.mp.pi
            case "e":
                return +self.mp.e
            case "i":
                return self.mp.mpc(0, 1)
            case _:
                raise Undefined

    def real(self, x: Scalar) -> Scalar:
        if isinstance(x, self.mp.mpc):
            if abs(x.imag) > abs(x.real) * self.mp.mpf(10) ** (-self.places // 2):
                raise Undefined
            return x.real
        return x

    def _bounded(self, x: Scalar) -> Scalar:
        if abs(x) > LARGEST_EXPONENT:
            raise Unknown
        return x

    def _off_cut(self, x: Scalar) -> Scalar:
        nearly_real = isinstance(x, self.mp.mpc) and abs(x.imag) <= abs(x.real) * self.mp.mpf(
            10
        ) ** (5 - self.places)
        return x.real if nearly_real else x

    def power(self, base: Scalar, exponent: Scalar) -> Scalar:
        base = self._off_cut(base)
        if base == 0:
            if self.real(exponent) <= 0:
                raise Undefined
            return base * 0
        if abs(exponent) * max(1, abs(self.mp.mag(base))) > LARGEST_EXPONENT:
            raise Unknown
        if not isinstance(exponent, self.mp.mpc) and exponent == int(exponent):
            return base ** int(exponent)
        return self.mp.power(base, exponent)

    def call(self, name: str, x: Scalar) -> Scalar:
        mp = self.mp
        match name:
            case "exp" | "sinh" | "cosh" | "tanh" | "expm1":
                return getattr(mp, name)(self._bounded(x))
            case "ln" | "sqrt" | "log10" | "asin" | "acos" | "acosh" | "atanh" | "log1p":
                x = self._off_cut(x)
                if x == 0 and name in {"ln", "log10"}:
                    raise Undefined
                if name == "log1p":
                    return mp.log(self._off_cut(1 + x))
                return getattr(mp, {"ln": "log"}.get(name, name))(x)
            case "log2":
                return self.call("ln", x) / mp.log(2)
            case "rsqrt":
                return 1 / self.call("sqrt", x)
            case "cbrt":
                x = self._off_cut(x)
                if not isinstance(x, mp.mpc) and x < 0:
                    return -mp.cbrt(-x)
                return mp.cbrt(x)
            case "abs":
                return abs(x)
            case "sin" | "cos" | "tan" | "cot" | "sec" | "csc":
                return getattr(mp, name)(self._bounded(x))
            case "atan" | "asinh":
                return getattr(mp, name)(x)
            case "sech":
                return 1 / mp.cosh(self._bounded(x))
            case "csch":
                return 1 / mp.sinh(self._bounded(x))
            case "coth":
                return 1 / mp.tanh(self._bounded(x))
            case "acot" | "asec" | "acsc":
                other = {"acot": "atan", "asec": "acos", "acsc": "asin"}[name]
                return self.call(other, 1 / x)
            case "sigmoid":
                return 1 / (1 + mp.exp(-self._bounded(x)))
            case "softplus":
                return mp.log(1 + mp.exp(self._bounded(x)))
            case "silu":
                return x / (1 + mp.exp(-self._bounded(x)))
            case _:
                return self._on_reals(name, self.real(x))

    def _on_reals(self, name: str, x: Scalar) -> Scalar:
        mp = self.mp
        match name:
            case "sign":
                return mp.mpf((x > 0) - (x < 0))
            case "relu":
                return x if x > 0 else mp.mpf(0)
            case "step":
                return mp.mpf(int(x > 0))
            case "floor":
                return mp.floor(x)
            case "ceil":
                return mp.ceil(x)
            case "round":
                return mp.nint(x)
            case "erf":
                return mp.erf(x) if abs(x) < 1000 else mp.sign(x)
            case "gelu":
                return x * (1 + self._on_reals("erf", x / mp.sqrt(2))) / 2
            case "factorial":
                if x != int(x) or x < 0:
                    raise Undefined
                if x > FACTORIAL_CAP:
                    raise Unknown
                return mp.mpf(math.factorial(int(x)))
            case _:
                raise Undefined


@lru_cache(maxsize=4)
def digits(places: int = DIGITS) -> Digits:
    """The arithmetic of that many digits, made once."""
    return Digits(places)


FLOATS: Final = Floats()
