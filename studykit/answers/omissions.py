"""What was left out of a formula, or put in though it does not belong there.

Every part whose absence leaves a formula is taken out of the key, then of the learner's formula:
where both then agree, that part was the slip. Found by computing, as in `slips`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .functions import FUNCTIONS
from .notation import latex
from .tree import (
    ONE,
    Add,
    Call,
    Divide,
    Literal,
    Multiply,
    Negate,
    Node,
    Power,
    children,
    rebuild,
)

TREES = 40
"""Formulas tried on either side."""

Part = tuple[str, str]
"""Its kind, and what it is called."""


def omission(given: Node, key: Node, right: Callable[[Node, Node], bool]) -> tuple[str, str] | None:
    """A name and a sentence for the part that was left out or put in; None if there is no such.

    `right(given, key)` tells whether two formulas agree.
    """
    for ((kind, part), tree), _ in zip(_lessened(key), range(TREES), strict=False):
        if right(given, tree):
            return f"missing-{kind}", f"{part} is missing."
    for ((kind, part), tree), _ in zip(_lessened(given), range(TREES), strict=False):
        if right(tree, key):
            return f"extra-{kind}", f"{part} does not belong here."
    return None


def _lessened(root: Node) -> Iterator[tuple[Part, Node]]:
    """Every tree that lacks one part of `root`, with that part."""
    yield from _parts(root)
    below = children(root)
    for place, child in enumerate(below):
        for part, less in _lessened(child):
            yield part, rebuild(root, (*below[:place], less, *below[place + 1 :]))


def _parts(node: Node) -> Iterator[tuple[Part, Node]]:
    """The parts of this one node, and what is left without each."""
    match node:
        case Add():
            for term, rest in _each(node.terms):
                body = term.body if isinstance(term, Negate) else term
                left = Add(rest, node.at) if len(rest) > 1 else rest[0]
                yield ("term", f"The term ${latex(body)}$"), left
        case Multiply():
            for factor, rest in _each(node.factors):
                product = Multiply(rest, node.mark, node.doubt, node.at)
                left = product if len(rest) > 1 else rest[0]
                yield ("factor", f"The factor ${latex(factor)}$"), left
        case Divide() if node.top != ONE:
            yield ("factor", f"The division by ${latex(node.bottom)}$"), node.top
        case Power() if isinstance(node.exponent, Literal):
            yield ("power", f"The exponent ${latex(node.exponent)}$"), node.base
        case Call() if len(node.arguments) == 1 and node.name in FUNCTIONS:
            yield ("function", f"The function ${FUNCTIONS[node.name].tex}$"), node.arguments[0]
        case _:
            pass


def _each(parts: tuple[Node, ...]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """One part after another with all the others."""
    for place, part in enumerate(parts):
        yield part, (*parts[:place], *parts[place + 1 :])
