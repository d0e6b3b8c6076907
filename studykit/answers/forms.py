"""Form demands: simplified, factored, expanded, without decimals. Decided by the shape of the tree,
so a right value in the wrong form is told apart from a wrong value.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd
from typing import Final

from .polynomials import factorable
from .tree import (
    Add,
    Call,
    Constant,
    Divide,
    Literal,
    Multiply,
    Name,
    Negate,
    Node,
    Power,
    children,
    walk,
)


def missing_form(tree: Node, form: str) -> str:
    """What keeps a tree from the demanded form, as a sentence; "" if nothing does.

    Forms: "simplified", "factored", "expanded", "no-decimals". Raises KeyError for another.
    """
    return FORMS[form](tree)


def _no_decimals(tree: Node) -> str:
    for node in walk(tree):
        if isinstance(node, Literal) and node.last is not None and node.last < 0:
            return f"Write {node.text} as a fraction or a root."
    return ""


def _closed(node: Node) -> bool:
    """Whether a node holds numbers only."""
    return all(not isinstance(n, Name | Constant) for n in walk(node))


def _integer(node: Node) -> int | None:
    if isinstance(node, Negate):
        inner = _integer(node.body)
        return None if inner is None else -inner
    if isinstance(node, Literal) and node.value.denominator == 1:
        return int(node.value)
    return None


def _simplified(tree: Node) -> str:
    for node in walk(tree):
        remark = _arithmetic(node) or _repeated(node)
        if remark:
            return remark
    return ""


def _arithmetic(node: Node) -> str:
    """Arithmetic on plain numbers that was left undone."""
    match node:
        case Divide():
            if _integer(node.bottom) in {1, -1}:
                return "A division by 1 can go."
            if (
                not isinstance(node.top, Add)
                and gcd(_number_in(node.top), _number_in(node.bottom)) > 1
            ):
                return "A fraction can be reduced."
            if node.top == node.bottom:
                return "A fraction can be cancelled."
            if isinstance(node.top, Divide) or isinstance(node.bottom, Divide):
                return "A fraction inside a fraction can be resolved."
        case Add():
            if sum(_integer(t) is not None for t in node.terms) > 1:
                return "Two numbers can be added."
            if any(_integer(t) == 0 for t in node.terms):
                return "A 0 can go."
        case Multiply():
            numbers = [n for n in map(_integer, node.factors) if n is not None]
            if len(numbers) > 1:
                return "Two numbers can be multiplied."
            if any(n in {0, 1} for n in numbers):
                return f"A factor {numbers[0]} can go."
        case Power():
            if _integer(node.exponent) in {0, 1}:
                return "A power can be written out."
            if _integer(node.base) is not None and _integer(node.exponent) is not None:
                return "A power of numbers can be worked out."
        case Negate(body=Negate()):
            return "Two signs cancel."
        case Call(name="sqrt", arguments=(inner,)):
            n = _integer(inner)
            if n is not None and any(n % (k * k) == 0 for k in range(2, 40) if k * k <= n):
                return "A root can be drawn."
        case Call(name="ln" | "exp", arguments=(inner,)):
            if _integer(inner) in {0, 1} and (node.name, _integer(inner)) != ("exp", 1):
                return f"{node.name} can be worked out here."
    return ""


def _repeated(node: Node) -> str:
    """Like terms and like factors that were left apart."""
    match node:
        case Add():
            seen: set[Node] = set()
            for term in node.terms:
                rest = _without_number(term)
                if rest in seen:
                    return "Like terms can be collected."
                seen.add(rest)
        case Multiply() if node.mark not in {"@", "⊙"}:
            bases = [f.base if isinstance(f, Power) else f for f in node.factors]
            if len(set(bases)) < len(bases):
                return "Like factors can be collected."
    return ""


def _without_number(term: Node) -> Node:
    if isinstance(term, Negate):
        return _without_number(term.body)
    if isinstance(term, Multiply):
        rest = tuple(f for f in term.factors if _integer(f) is None)
        return rest[0] if len(rest) == 1 else Multiply(rest, "*") if rest else term
    return Literal(Fraction(0), "0") if _integer(term) is not None else term


def _factored(tree: Node) -> str:
    node = tree.body if isinstance(tree, Negate) else tree
    if isinstance(node, Divide):
        return _factored(node.top)
    if isinstance(node, Add):
        # x^2 + 1 has no factors; what cannot be told is asked for as a product.
        whole = factorable(node) is False and not _common(node)
        return "" if whole else "Write it as a product of factors."
    if isinstance(node, Multiply):
        for factor in node.factors:
            base = factor.base if isinstance(factor, Power) else factor
            if isinstance(base, Add) and (_common(base) or factorable(base) or _broken(base)):
                return "One factor can be factored further."
    return ""


def _broken(node: Add) -> bool:
    """Whether a factor hides a division by a name: x(x − 4 + 4/x) is x² − 4x + 4."""
    return any(isinstance(term, Divide) and not _closed(term.bottom) for term in node.terms)


def _common(node: Add) -> bool:
    """Whether every term of a sum shares a factor that was not taken out."""
    parts = [_factors(term) for term in node.terms]
    if set.intersection(*({*p} for p in parts)):
        return True
    numbers = [_number_in(term) for term in node.terms]
    return gcd(*numbers) > 1


def _factors(term: Node) -> set[Node]:
    if isinstance(term, Negate):
        return _factors(term.body)
    if isinstance(term, Multiply):
        return {f for part in term.factors for f in _factors(part)}
    if isinstance(term, Power):
        return {term.base}
    return set() if _integer(term) is not None else {term}


def _number_in(term: Node) -> int:
    if isinstance(term, Negate):
        return _number_in(term.body)
    if isinstance(term, Multiply):
        product = 1
        for factor in term.factors:
            product *= _integer(factor) or 1
        return abs(product)
    return abs(_integer(term) or 1)


def _expanded(tree: Node) -> str:
    for node in walk(tree):
        if isinstance(node, Multiply) and any(isinstance(f, Add) for f in node.factors):
            return "A bracket can be multiplied out."
        if isinstance(node, Power) and isinstance(node.base, Add):
            exponent = _integer(node.exponent)
            if exponent is not None and exponent > 1:
                return "A power of a bracket can be multiplied out."
        if isinstance(node, Negate) and isinstance(node.body, Add):
            return "A bracket can be resolved."
    return ""


FORMS: Final[dict[str, Callable[[Node], str]]] = {
    "simplified": _simplified,
    "factored": _factored,
    "expanded": _expanded,
    "no-decimals": _no_decimals,
}


def has_decimals(tree: Node) -> bool:
    """Whether a decimal number stands somewhere in the tree."""
    return bool(_no_decimals(tree)) and bool(children(tree))
