"""Can a sum be factored over the rationals? Decided for polynomials in one name.

Degrees two and three factor exactly if they have a rational root; of higher degree, rational roots
and repeated factors are found, other factors are not looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd, lcm

from .tree import Add, Divide, Literal, Multiply, Name, Negate, Node, Power

DEGREE_CAP = 12
SIZE_CAP = 10**6
"""Coefficients up to here are searched for rational roots."""

Polynomial = list[Fraction]
"""Coefficients, the constant first."""


def factorable(node: Node) -> bool | None:
    """Whether a polynomial in one name has a factor besides numbers; None where it is none."""
    found = _read(node)
    if found is None:
        return None
    _, p = found
    if len(p) < 3:
        return False
    whole = _integers(p)
    if whole is None:
        return None
    if whole[0] == 0 or _rational_root(whole):
        return True
    return len(p) > 4 and len(_common(p, _derivative(p))) > 1


def _read(node: Node) -> tuple[str, Polynomial] | None:
    """The name and the coefficients; the name is "" for a number."""
    match node:
        case Literal():
            return "", [node.value]
        case Name():
            return node.name, [Fraction(0), Fraction(1)]
        case Negate():
            inner = _read(node.body)
            return None if inner is None else (inner[0], [-c for c in inner[1]])
        case Add():
            return _together(node.terms, _plus)
        case Multiply() if node.mark in {"", "*", "·"}:
            return _together(node.factors, _times)
        case Divide():
            bottom = _read(node.bottom)
            top = _read(node.top)
            if top is None or bottom is None or bottom[0] or not bottom[1][0]:
                return None
            return top[0], [c / bottom[1][0] for c in top[1]]
        case Power(exponent=Literal(value=n)) if n.denominator == 1 and 0 < n <= DEGREE_CAP:
            return _together((node.base,) * int(n), _times)
        case _:
            return None


def _together(
    nodes: tuple[Node, ...], join: Callable[[Polynomial, Polynomial], Polynomial]
) -> tuple[str, Polynomial] | None:
    """A sum or a product, where all its parts are polynomials in the same name."""
    name = ""
    total: Polynomial | None = None
    for node in nodes:
        found = _read(node)
        if found is None or (name and found[0] and found[0] != name):
            return None
        name = name or found[0]
        total = found[1] if total is None else join(total, found[1])
        if len(total) > DEGREE_CAP + 1:
            return None
    return (name, total) if total is not None else None


def _plus(p: Polynomial, q: Polynomial) -> Polynomial:
    size = max(len(p), len(q))
    zero = Fraction(0)
    total = [(p[k] if k < len(p) else zero) + (q[k] if k < len(q) else zero) for k in range(size)]
    return _trimmed(total)


def _times(p: Polynomial, q: Polynomial) -> Polynomial:
    out = [Fraction(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            out[i + j] += a * b
    return _trimmed(out)


def _trimmed(p: Polynomial) -> Polynomial:
    while len(p) > 1 and p[-1] == 0:
        p = p[:-1]
    return p


def _integers(p: Polynomial) -> list[int] | None:
    """The same up to a factor, in whole numbers without a common divisor."""
    scale = lcm(*(c.denominator for c in p))
    whole = [int(c * scale) for c in p]
    shared = gcd(*whole) or 1
    whole = [c // shared for c in whole]
    return whole if max(map(abs, whole)) <= SIZE_CAP else None


def _rational_root(p: list[int]) -> bool:
    """Whether some ±a/b is a root; a divides the first coefficient, b the last."""
    for a in _divisors(p[0]):
        for b in _divisors(p[-1]):
            if gcd(a, b) > 1:
                continue
            for x in (Fraction(a, b), Fraction(-a, b)):
                value = Fraction(0)
                for c in reversed(p):
                    value = value * x + c
                if value == 0:
                    return True
    return False


def _divisors(n: int) -> list[int]:
    n = abs(n)
    small = [d for d in range(1, int(n**0.5) + 1) if n % d == 0]
    return small + [n // d for d in small]


def _derivative(p: Polynomial) -> Polynomial:
    return [k * c for k, c in enumerate(p)][1:]


def _common(p: Polynomial, q: Polynomial) -> Polynomial:
    """The greatest common divisor, by Euclid."""
    while any(q):
        rest = list(p)
        while len(rest) >= len(q) and any(rest):
            factor = rest[-1] / q[-1]
            shift = len(rest) - len(q)
            for k, c in enumerate(q):
                rest[k + shift] -= factor * c
            rest = _trimmed(rest[:-1]) if len(rest) > 1 else [Fraction(0)]
        p, q = q, rest if any(rest) else [Fraction(0)]
    return _trimmed(p)
