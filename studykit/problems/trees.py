"""Building formulas as trees: sums, products and powers that come out as one would write them.

0 is left out of a sum and 1 of a product, numbers are gathered, a minus goes to the front. Nothing
else is simplified: a formula stays in the form its family gave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from studykit.answers.tree import (
    Add,
    Call,
    Divide,
    Literal,
    Multiply,
    Name,
    Negate,
    Node,
    Power,
    Transpose,
    children,
    rebuild,
    whole,
)

ZERO = whole(0)
NONE = Fraction(0)
UNIT = Fraction(1)


def number(value: int | Fraction) -> Node:
    """An exact number: 3, -3, 3/4."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return whole(exact.numerator)
    top, bottom = whole(abs(exact.numerator)), whole(exact.denominator)
    return Negate(Divide(top, bottom)) if exact < 0 else Divide(top, bottom)


def number_in(node: Node) -> Fraction | None:
    """The number that a node is, None for anything else."""
    match node:
        case Literal():
            return node.value
        case Negate():
            inner = number_in(node.body)
            return None if inner is None else -inner
        case Divide(Literal() as top, Literal() as bottom) if bottom.value:
            return top.value / bottom.value
        case _:
            return None


def plus(terms: Iterable[Node]) -> Node:
    """The sum; whole and broken numbers among the terms are added up, at the end."""
    flat = [t for term in terms for t in (term.terms if isinstance(term, Add) else (term,))]
    kept = [t for t in flat if number_in(t) is None]
    total = sum((n for t in flat if (n := number_in(t)) is not None), NONE)
    kept = _alike(kept)
    if total or not kept:
        kept.append(number(total))
    if isinstance(kept[0], Negate):  # 1 - x rather than -x + 1
        first = next((k for k, t in enumerate(kept) if not isinstance(t, Negate)), 0)
        kept.insert(0, kept.pop(first))
    return kept[0] if len(kept) == 1 else Add(tuple(kept))


def _alike(terms: list[Node]) -> list[Node]:
    """Terms that differ in their number alone, added up: 2x + 3x is 5x."""
    parts = [_front(term) for term in terms]
    if len({rest for _, rest in parts}) == len(terms):
        return terms
    found: dict[Node, Fraction] = {}
    for value, rest in parts:
        found[rest] = found.get(rest, NONE) + value
    return [times([number(value), rest]) for rest, value in found.items() if value]


def _front(term: Node) -> tuple[Fraction, Node]:
    """The number in front of a term, and the rest of it."""
    if isinstance(term, Negate):
        value, rest = _front(term.body)
        return -value, rest
    if isinstance(term, Multiply) and term.mark == "*":
        first = number_in(term.factors[0])
        if first is not None:
            others = term.factors[1:]
            return first, others[0] if len(others) == 1 else Multiply(others, "*")
    if isinstance(term, Divide):
        value, top = _front(term.top)
        return value, term if value == 1 else Divide(top, term.bottom)
    return UNIT, term


def minus(node: Node) -> Node:
    match node:
        case Negate():
            return node.body
        case Literal() if not node.value:
            return node
        case _:
            return Negate(node)


def times(factors: Iterable[Node], mark: str = "*") -> Node:
    """The product of numbers, and with one number or array among them."""
    factor, kept = UNIT, []
    for node in factors:
        while isinstance(node, Negate):
            factor, node = -factor, node.body
        if mark != "*" and isinstance(node, Multiply) and node.mark == "*":
            front = number_in(node.factors[0])
            if front is not None:  # 3·A times B is 3·(A B)
                factor *= front
                rest = node.factors[1:]
                node = rest[0] if len(rest) == 1 else Multiply(rest, "*")
        inner = node.factors if isinstance(node, Multiply) and node.mark == mark else (node,)
        for one in inner:
            value = number_in(one)
            if value is None:
                kept.append(one)
            else:
                factor *= value
    if factor == 0:
        return ZERO
    if mark == "*":
        kept = _powers(kept)
    size = abs(factor)
    if not kept:
        return number(factor)
    if mark == "*" and any(isinstance(node, Divide) for node in kept):
        above = [node.top if isinstance(node, Divide) else node for node in kept]
        below = [node.bottom for node in kept if isinstance(node, Divide)]
        return over(
            times([number(factor.numerator), *above]), times([number(factor.denominator), *below])
        )
    if size != 1 and mark == "*":
        kept.insert(0, number(size))
    product = kept[0] if len(kept) == 1 else Multiply(tuple(kept), mark)
    if size != 1 and mark != "*":
        product = Multiply((number(size), product), "*")
    return Negate(product) if factor < 0 else product


def _powers(factors: list[Node]) -> list[Node]:
    """Equal factors gathered: d·d·x is d^2·x."""
    bases = [node.base if isinstance(node, Power) else node for node in factors]
    if len(set(bases)) == len(factors):
        return factors
    found: dict[Node, Fraction] = {}
    for node in factors:
        n = number_in(node.exponent) if isinstance(node, Power) else None
        base = node.base if isinstance(node, Power) and n is not None else node
        found[base] = found.get(base, NONE) + (1 if n is None else n)
    return [power(base, number(n)) for base, n in found.items() if n]


def _cancelled(top: Node, bottom: Node) -> tuple[Node, Node]:
    """Both without the factors that stand in both."""
    above = list(top.factors) if isinstance(top, Multiply) and top.mark == "*" else [top]
    below = (
        list(bottom.factors) if isinstance(bottom, Multiply) and bottom.mark == "*" else [bottom]
    )
    for node in list(below):
        if node in above and number_in(node) is None:
            above.remove(node)
            below.remove(node)
        elif isinstance(node, Power) and node.base in above and number_in(node.exponent) == 2:
            above.remove(node.base)
            below[below.index(node)] = node.base
    return times(above), times(below)


def over(top: Node, bottom: Node) -> Node:
    """The quotient; a minus goes to the front of it, and what stands above and below goes."""
    if isinstance(top, Negate):
        return minus(over(top.body, bottom))
    if isinstance(bottom, Negate):
        return minus(over(top, bottom.body))
    if isinstance(bottom, Divide):
        return over(times([top, bottom.bottom]), bottom.top)
    top, bottom = _cancelled(top, bottom)
    a, b = number_in(top), number_in(bottom)
    if b == 1 or (a == 0 and b != 0):
        return top
    if a is not None and b:
        return number(a / b)
    if isinstance(top, Divide):
        return over(top.top, times([top.bottom, bottom]))
    return Divide(top, bottom)


def power(base: Node, exponent: Node) -> Node:
    n = number_in(exponent)
    if n == 1:
        return base
    if isinstance(base, Power) and n is not None and number_in(base.exponent) is None:
        return Power(base.base, times([exponent, base.exponent]))
    value = number_in(base)
    if value is not None and n is not None and n.denominator == 1 and 0 <= n <= 64:
        return number(value**n.numerator)
    return Power(base, exponent)


def put(node: Node, values: Mapping[str, Node]) -> Node:
    """The formula with names replaced, and folded where numbers meet."""
    if isinstance(node, Name):
        return values.get(node.name, node)
    below = tuple(put(child, values) for child in children(node))
    if below == children(node):
        return node
    match node:
        case Add():
            return plus(below)
        case Negate():
            return times([Negate(below[0])])
        case Multiply() if node.mark in ("*", ""):
            return times(below)
        case Divide():
            return over(*below)
        case Power():
            return power(*below)
        case Call(name="sqrt"):
            return root(below[0])
        case _:
            return rebuild(node, below)


def root(node: Node) -> Node:
    """√x; the root of a square number is that number."""
    value = number_in(node)
    if value is not None and value.denominator == 1 and value >= 0:
        side = round(value.numerator**0.5)
        if side * side == value:
            return whole(side)
    return Call("sqrt", (node,))


def transposed(node: Node) -> Node:
    return node.body if isinstance(node, Transpose) else Transpose(node)


def opened(node: Node) -> Node:
    """For the eye: 2·(A B) as 2 A B. A factor before a product of matrices needs no brackets."""
    node = rebuild(node, tuple(map(opened, children(node))))
    match node:
        case Multiply(factors=(*front, Multiply(mark="@") as product), mark="*"):
            return Multiply((*front, *product.factors), "@")
        case _:
            return node
