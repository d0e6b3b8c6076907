"""Derivatives and expansions by SymPy, of trees that families build; no text ever reaches it.

A tree is turned into SymPy's own objects node by node, with every name a plain symbol, and the
result back into a tree. Results are kept by tree, so a family differentiates a pattern with letters
for its numbers once and puts the drawn numbers in afterwards. SymPy is loaded with the first call.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from studykit.answers.tree import (
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
)
from studykit.problems.formula import Formula
from studykit.problems.trees import minus, number, over, plus, power, root, times

# Any: SymPy's own types say little, and the import has to wait.
Expr = Any


def derivative(f: Formula, by: str) -> Formula:
    """∂f/∂by of a scalar formula."""
    return Formula(_derived(f.tree, by), f.declared)


def expanded(f: Formula) -> Formula:
    """Multiplied out, with like terms added up."""
    return Formula(_expanded(f.tree), f.declared)


@lru_cache(maxsize=512)
def _derived(tree: Node, by: str) -> Node:
    import sympy

    return tree_of(sympy.diff(symbolic(tree), _symbol(by)))


@lru_cache(maxsize=512)
def _expanded(tree: Node) -> Node:
    import sympy

    return tree_of(sympy.expand(symbolic(tree)))


@cache
def _symbol(name: str) -> Expr:
    import sympy

    return sympy.Symbol(name, real=True)


@cache
def _functions() -> dict[str, Callable[..., Expr]]:
    """The functions a pattern may hold; σ and softplus have derivatives as one writes them."""
    import sympy

    class sigmoid(sympy.Function):  # type: ignore[misc]  # noqa: N801
        nargs = 1

        def fdiff(self, argindex: int = 1) -> Expr:
            (u,) = self.args
            return sigmoid(u) * (1 - sigmoid(u))

    class softplus(sympy.Function):  # type: ignore[misc]  # noqa: N801
        nargs = 1

        def fdiff(self, argindex: int = 1) -> Expr:
            return sigmoid(self.args[0])

    known = {"exp": sympy.exp, "ln": sympy.log, "tanh": sympy.tanh, "sqrt": sympy.sqrt}
    return known | {"sigmoid": sigmoid, "softplus": softplus}


def symbolic(node: Node) -> Expr:
    """The tree as SymPy's objects. Raises TypeError for a node that no pattern holds."""
    import sympy

    match node:
        case Literal():
            return sympy.Rational(node.value.numerator, node.value.denominator)
        case Constant(name="pi"):
            return sympy.pi
        case Constant(name="e"):
            return sympy.E
        case Name():
            return _symbol(node.name)
        case Negate():
            return -symbolic(node.body)
        case Add():
            return sympy.Add(*map(symbolic, node.terms))
        case Multiply():
            return sympy.Mul(*map(symbolic, node.factors))
        case Divide():
            return symbolic(node.top) / symbolic(node.bottom)
        case Power():
            return symbolic(node.base) ** symbolic(node.exponent)
        case Call() if node.name in _functions():
            return _functions()[node.name](*map(symbolic, node.arguments))
        case _:
            raise TypeError(f"{type(node).__name__} has no place in a pattern")


def tree_of(expr: Expr) -> Node:
    """SymPy's expression as a tree: powers below zero stand under a line, e^x as a power."""
    import sympy

    if expr.is_Rational:
        return number(Fraction(int(expr.p), int(expr.q)))
    if expr.is_Symbol:
        return Name(expr.name)
    if expr is sympy.pi:
        return Constant("pi")
    if expr is sympy.E:
        return Constant("e")
    if expr.is_Add:
        return plus(map(tree_of, expr.as_ordered_terms()))
    if expr.is_Mul:
        return _product(expr)
    if isinstance(expr, sympy.exp):
        return Power(Constant("e"), tree_of(expr.args[0]))
    if expr.is_Pow:
        return _power(expr.base, expr.exp)
    names = {"log": "ln"}
    name = type(expr).__name__
    return Call(names.get(name, name), tuple(map(tree_of, expr.args)))


def _product(expr: Expr) -> Node:
    coefficient, rest = expr.as_coeff_Mul()
    top, bottom = [number(abs(int(coefficient.p)))], [number(int(coefficient.q))]
    for factor in rest.as_ordered_factors():
        if factor.is_Pow and factor.exp.could_extract_minus_sign():
            bottom.append(_power(factor.base, -factor.exp))
        else:
            top.append(tree_of(factor))
    whole = over(times(top), times(bottom))
    return minus(whole) if coefficient < 0 else whole


def _power(base: Expr, exponent: Expr) -> Node:
    import sympy

    if exponent == sympy.Rational(1, 2):
        return root(tree_of(base))
    if exponent.could_extract_minus_sign():
        return over(number(1), _power(base, -exponent))
    return power(tree_of(base), tree_of(exponent))
