"""The blanks that mathematics wants between neighbours, after TeX's own table.

Relations and binary operators have a blank on either side, a comma one after it, functions and sums
stand apart from their operands; inside a script everything is tight. Both layouts use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from studykit.typeset import symbols
from studykit.typeset.tree import Atom, Fenced, Fraction, Node, Row, Scripted, Space, Stacked

_OPERANDS = frozenset({"ord", "fence", "close", "inner", "text"})
_BEFORE_SIGN = frozenset({"", "bin", "rel", "open", "punct", "big", "word", "slash", "bar"})


class Item(NamedTuple):
    """A node with its role among its neighbours and the blanks before it."""

    node: Node
    role: str
    gap: int


def items(row: Row, *, tight: bool) -> list[Item]:
    """The nodes of `row`, groups opened, spaces turned into gaps."""
    nodes = list(_flat(row))
    roles = [_role(node) for node in nodes]
    _settle_bars(nodes, roles)
    found: list[Item] = []
    explicit = 0
    last = ""
    for index, node in enumerate(nodes):
        if isinstance(node, Space):
            explicit = max(explicit, node.columns)
            continue
        role = roles[index]
        if found and isinstance(node, Fraction) and is_number(found[-1].node):
            role = "inner"
        if role == "bin":
            following = next((r for r in roles[index + 1 :] if r != "space"), "")
            starts = last in _BEFORE_SIGN and not (found and _is_name(found[-1].node))
            if last in {"word", "text"} and explicit:  # else −∞
                starts = not isinstance(nodes[min(index + 1, len(nodes) - 1)], Space)
            if starts or following in {"", "rel", "punct", "close"}:
                role = "sign"
        gap = max(explicit, _gap(last, role, tight=tight)) if found else 0
        found.append(Item(node, role, gap))
        last, explicit = role, 0
    return found


def _is_name(node: Node) -> bool:
    """Whether a word is a quantity, as dA in dA − A, and no function, as log in log −x."""
    base = node.base if isinstance(node, Scripted) else node
    return isinstance(base, Atom) and base.role == "word" and base.text not in symbols.NAMES


def vulgar(fraction: Fraction) -> str | None:
    """The one character of a fraction like ½."""
    over, under = fraction.over.children, fraction.under.children
    if fraction.choose or len(over) != 1 or len(under) != 1:
        return None
    top, bottom = over[0], under[0]
    if isinstance(top, Atom) and isinstance(bottom, Atom):
        return symbols.VULGAR.get((top.text, bottom.text))
    return None


def is_number(node: Node) -> bool:
    """Whether a fraction right after `node` would be read as a mixed number with it."""
    return isinstance(node, Atom) and node.text[0].isdigit()


def ends_operand(role: str) -> bool:
    """Whether a root or a fraction right before something of this role would seem to take it in."""
    return role not in {"", "bin", "rel", "punct", "close", "sign", "slash"}


def _flat(row: Row) -> Iterator[Node]:
    for node in row.children:
        if isinstance(node, Row):
            yield from _flat(node)
        else:
            yield node


def _role(node: Node) -> str:
    match node:
        case Atom(text="/"):
            return "slash"
        case Atom(role=role):
            return role
        case Space():
            return "space"
        case Scripted(base=base):
            return _role(base)
        case Fraction():
            return "ord" if vulgar(node) else "inner"
        case Fenced(left=left):
            return "fence" if left and left in "([{" else "ord"
        case Stacked(base=Row(children=(only,))):
            return _role(only)
        case _:
            return "ord"


def _settle_bars(nodes: list[Node], roles: list[str]) -> None:
    """`|x|`: the first bar of a kind opens, the next one closes."""
    open_bars: set[str] = set()
    for index, role in enumerate(roles):
        if role != "bar":
            continue
        node = nodes[index]
        atom = node.base if isinstance(node, Scripted) else node
        sign = atom.text if isinstance(atom, Atom) else ""
        roles[index] = "close" if sign in open_bars else "bar"
        open_bars ^= {sign}


def _gap(last: str, role: str, *, tight: bool) -> int:
    if "slash" in {last, role}:
        return 0
    if last == "word":
        return 0 if role in {"fence", "open", "punct", "close"} else 1
    if role == "word":
        return (
            1
            if last in (_OPERANDS - {"text"}) | {"big"}
            else int(last in {"punct", "bin", "rel"} and not tight)
        )
    if "inner" in {last, role} and {last, role} <= _OPERANDS | {"sign", "big"}:
        return 1
    if tight:
        return int(last == "big" or (role == "big" and last in _OPERANDS))
    if "rel" in {last, role}:
        return 0 if last == role else 1
    if "bin" in {last, role} or last in {"punct", "big"}:
        return int(role not in {"punct", "close"})
    return int(role == "big" and last in _OPERANDS)
