"""Whole and entry by entry are two ways to write the same answer: p − y, and p_i − y_i.

Before two formulas are compared, the one written as a whole is taken at the indices of the other,
and differently named indices are brought together.
"""

from __future__ import annotations

from dataclasses import replace

from .equality import fits
from .expressions import Expression
from .tree import Big, Index, Name, Node, children, rebuild


def matched(given: Expression, expected: Expression) -> tuple[Expression, Expression] | None:
    """Both formulas in comparable form; None if their shapes cannot be brought together."""
    given = _renamed(given, expected)
    if fits(given.shape, expected.shape):
        return given, expected
    if not expected.shape and not given.free and given.shape:
        at = _at(given, expected)
        return (at, expected) if at is not None else None
    if not given.shape and not expected.free and expected.shape:
        at = _at(expected, given)
        return (given, at) if at is not None else None
    return None


def _at(whole: Expression, entry: Expression) -> Expression | None:
    """A vector or matrix taken at the free indices of a formula for its entries."""
    shape = tuple(d for d in whole.shape if d != 1) if 1 in whole.shape else whole.shape
    if tuple(dim for _, dim in entry.free) != shape or not shape:
        return None
    tree = Index(whole.tree, tuple(Name(index) for index, _ in entry.free))
    return replace(whole, tree=tree, shape=(), free=entry.free)


def _renamed(given: Expression, expected: Expression) -> Expression:
    """The given formula with its own free indices called as in the expected one."""
    theirs = dict(expected.free)
    own = [(i, d) for i, d in given.free if i not in theirs]
    open_ones = [(i, d) for i, d in expected.free if i not in dict(given.free)]
    if not own or [d for _, d in own] != [d for _, d in open_ones]:
        return given
    names = {a: b for (a, _), (b, _) in zip(own, open_ones, strict=True)}
    if any(i in given.names and given.names.declared[i].role != "index" for i in names):
        return given
    free = tuple((names.get(i, i), d) for i, d in given.free)
    return replace(given, tree=_rename(given.tree, names), free=free)


def _rename(node: Node, names: dict[str, str]) -> Node:
    if isinstance(node, Name):
        return replace(node, name=names.get(node.name, node.name))
    if isinstance(node, Big):
        # An inner sum may already use the new letter; it moves out of the way.
        inner = {a: b for a, b in names.items() if a != node.index}
        index = node.index
        if index in inner.values():
            index = index + "′"
            inner[node.index] = index
        moved = rebuild(node, tuple(_rename(child, inner) for child in children(node)))
        without = inner.get(node.without, node.without) if node.without is not None else None
        assert isinstance(moved, Big)  # noqa: S101 - rebuild keeps the kind of node
        return replace(moved, index=index, without=without)
    return rebuild(node, tuple(_rename(child, names) for child in children(node)))
