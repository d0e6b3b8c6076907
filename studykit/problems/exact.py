"""Numbers that stay exact through attention: fractions, and logarithms of whole numbers.

A softmax is rational when its scores are logarithms: exp(ln 3) = 3. `Log` keeps sums like
3·ln 2 − ln 3 + 1 exactly; whatever cannot be kept so (a product of two logarithms, exp of a half)
becomes a float, and arithmetic goes on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

Rational = int | Fraction
Number: TypeAlias = "int | Fraction | float | Log"

_E = 0  # the "prime" whose logarithm is 1: holds the rational part


class Log:
    """Σ cₚ·ln p + c for primes p, with rational coefficients; never a plain rational."""

    __slots__ = ("_parts",)

    def __init__(self, parts: Mapping[int, Rational]) -> None:
        self._parts = dict(parts)

    def __float__(self) -> float:
        return math.fsum(
            float(c) * (1.0 if p == _E else math.log(p)) for p, c in self._parts.items()
        )

    def __repr__(self) -> str:
        return f"Log({self._parts})"

    def __hash__(self) -> int:
        return hash(frozenset(self._parts.items()))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Log):
            return self._parts == other._parts
        # Logarithms of primes are independent over the rationals: no Log is a rational number.
        return isinstance(other, float) and float(self) == other

    def __lt__(self, other: Number) -> bool:
        return float(self) < float(other)

    def __le__(self, other: Number) -> bool:
        return float(self) <= float(other)

    def __gt__(self, other: Number) -> bool:
        return float(self) > float(other)

    def __ge__(self, other: Number) -> bool:
        return float(self) >= float(other)

    def __neg__(self) -> Number:
        return self * -1

    def __abs__(self) -> Number:
        return -self if float(self) < 0 else self

    def __add__(self, other: Number) -> Number:
        if isinstance(other, float):
            return float(self) + other
        theirs = other._parts if isinstance(other, Log) else {_E: other}
        parts = dict(self._parts)
        for p, c in theirs.items():
            parts[p] = parts.get(p, 0) + c
        return _tidy(parts)

    __radd__ = __add__

    def __sub__(self, other: Number) -> Number:
        return self + (-other)

    def __rsub__(self, other: Number) -> Number:
        return (-self) + other

    def __mul__(self, other: Number) -> Number:
        if isinstance(other, (float, Log)):
            return float(self) * float(other)
        return _tidy({p: c * other for p, c in self._parts.items()})

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> Number:
        if isinstance(other, (float, Log)):
            return float(self) / float(other)
        return self * Fraction(1, other)

    def __rtruediv__(self, other: Number) -> float:
        return float(other) / float(self)

    def __pow__(self, exponent: int) -> float:
        return float(float(self) ** exponent)

    def exp(self) -> Number:
        """e to this: a fraction if every coefficient is whole and the rational part is 0."""
        if self._parts.get(_E) or any(c != int(c) for c in self._parts.values()):
            return math.exp(float(self))
        product = Fraction(1)
        for p, c in self._parts.items():
            product *= Fraction(p) ** int(c)
        return product

    def units(self, prime: int) -> Rational | None:
        """How many times ln(prime) this is; None if it is something else too."""
        return self._parts[prime] if self._parts.keys() == {prime} else None

    def tex(self) -> str:
        r"""`\ln 12`, `\ln\frac{2}{3}`, `\frac{1}{2}\ln 2 + 3`, `-2 + \ln 3`."""
        shift = self._parts.get(_E, 0)
        logs = {p: c for p, c in self._parts.items() if p != _E}
        if all(c == int(c) for c in logs.values()):
            text = _whole_log({p: int(c) for p, c in logs.items()})
        else:
            text = " + ".join(f"{_coefficient(c)}\\ln {p}" for p, c in sorted(logs.items()))
            text = text.replace("+ -", "- ")
        if not shift:
            return text
        return f"{text} {'-' if shift < 0 else '+'} {abs(shift)}"


def _whole_log(powers: Mapping[int, int]) -> str:
    r"""`\ln 12`, `-\ln 2`, `\ln(2/3)`; with a factor where the number would get long: `8\ln 3`."""
    times = 1
    if max(abs(c * math.log(p)) for p, c in powers.items()) > math.log(100):
        times = math.gcd(*powers.values())
    inside = math.prod((Fraction(p) ** (c // times) for p, c in powers.items()), start=Fraction(1))
    if inside.numerator == 1:
        times, inside = -times, 1 / inside
    lead = {1: "", -1: "-"}.get(times, f"{times}\\,")
    return rf"{lead}\ln {inside}" if inside.denominator == 1 else rf"{lead}\ln({inside})"


def _coefficient(c: Rational) -> str:
    return {1: "", -1: "-"}.get(int(c) if c == int(c) else 0, f"{c}\\,")


def _tidy(parts: dict[int, Rational]) -> Number:
    left = {p: c for p, c in parts.items() if c}
    if left.keys() <= {_E}:
        return left.get(_E, 0)
    return Log(left)


@lru_cache(maxsize=256)
def ln(x: Rational) -> Number:
    """The natural logarithm of a positive rational, kept exactly."""
    parts: dict[int, Rational] = {}
    for part, sign in ((x.numerator, 1), (x.denominator, -1)):
        n, p = part, 2
        while n > 1:
            while n % p == 0:
                parts[p] = parts.get(p, 0) + sign
                n //= p
            p = p + 1 if p * p <= n else max(n, p + 1)
    return _tidy(parts)


def exp(x: Number) -> Number:
    """e to the x, exact where it can be; exp(−∞) is 0."""
    if isinstance(x, Log):
        return x.exp()
    if x == 0:
        return 1
    return 0 if x == -math.inf else math.exp(x)


def tanh(x: Number) -> Number:
    """Exact for a logarithm of a rational: tanh(ln a) = (a² − 1)/(a² + 1)."""
    if isinstance(x, Log):
        square = exp(2 * x)
        return divide(square - 1, square + 1)
    return math.tanh(x)


def sqrt(x: Number) -> Number:
    """The root: exact for squares of rationals, else a float."""
    if isinstance(x, int):
        root = math.isqrt(x)
        return root if root * root == x else math.sqrt(x)
    if isinstance(x, Fraction):
        top, bottom = math.isqrt(x.numerator), math.isqrt(x.denominator)
        if top * top == x.numerator and bottom * bottom == x.denominator:
            return divide(top, bottom)
    return math.sqrt(float(x))


def divide(a: Number, b: Number) -> Number:
    """a / b, a fraction when both are rational (`/` would make a float of two ints)."""
    if isinstance(a, int) and isinstance(b, int):
        whole, rest = divmod(a, b)
        return Fraction(a, b) if rest else whole
    return a / b
