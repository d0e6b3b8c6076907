"""The tree that typed mathematics becomes: small frozen nodes, built by the parser and by nobody's
eval. Every node knows the offset `at` in the typed text it came from; equality ignores it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

At = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A number as written. `last` is the power of ten of its last written digit, if it has one."""

    value: Fraction
    text: str
    last: int | None = None
    at: int = At


@dataclass(frozen=True, slots=True)
class Constant:
    """π, e, ∞ or the imaginary unit: "pi", "e", "inf", "i"; "undefined" for a typed word."""

    name: str
    at: int = At


@dataclass(frozen=True, slots=True)
class Name:
    """A declared name or an index, in the spelling of its declaration."""

    name: str
    at: int = At


@dataclass(frozen=True, slots=True)
class Negate:
    body: Node
    at: int = At


@dataclass(frozen=True, slots=True)
class Add:
    """A sum; a subtracted term is a `Negate`."""

    terms: tuple[Node, ...]
    at: int = At


@dataclass(frozen=True, slots=True)
class Multiply:
    """A product. `mark` is how it was written: "" (side by side), "*", "·", "@" or "⊙".

    `doubt` marks `a/b c`, whose meaning rests on c being a matrix.
    """

    factors: tuple[Node, ...]
    mark: str = "*"
    doubt: bool = field(default=False, compare=False)
    at: int = At


@dataclass(frozen=True, slots=True)
class Divide:
    top: Node
    bottom: Node
    at: int = At


@dataclass(frozen=True, slots=True)
class Power:
    """`mark` is "^" or, in Python's notation, "**": on matrices they differ."""

    base: Node
    exponent: Node
    mark: str = field(default="^", compare=False)
    at: int = At


@dataclass(frozen=True, slots=True)
class Factorial:
    body: Node
    at: int = At


@dataclass(frozen=True, slots=True)
class Percent:
    body: Node
    at: int = At


@dataclass(frozen=True, slots=True)
class Transpose:
    body: Node
    at: int = At


@dataclass(frozen=True, slots=True)
class Call:
    """A known function applied to arguments. `axis` is 0 or 1 where the learner stated one."""

    name: str
    arguments: tuple[Node, ...]
    axis: int | None = None
    flat: bool = False
    at: int = At


@dataclass(frozen=True, slots=True)
class Index:
    """One entry of a vector or matrix, counted from 1: `z_i`, `W_{ij}`, `softmax(z)_i`."""

    body: Node
    indices: tuple[Node, ...]
    at: int = At


@dataclass(frozen=True, slots=True)
class Big:
    """A sum, product, mean or maximum over an index: kind "sum", "prod", "mean", "max" or "min".

    Without bounds the index runs over the size it is used with.
    """

    kind: str
    index: str
    body: Node
    lower: Node | None = None
    upper: Node | None = None
    without: str | None = None
    at: int = At


@dataclass(frozen=True, slots=True)
class Listing:
    """A list in square brackets, one level; a matrix is a list of lists."""

    items: tuple[Node, ...]
    at: int = At


Node = (
    Literal
    | Constant
    | Name
    | Negate
    | Add
    | Multiply
    | Divide
    | Power
    | Factorial
    | Percent
    | Transpose
    | Call
    | Index
    | Big
    | Listing
)

ONE: Final = Literal(Fraction(1), "1", 0)
TWO: Final = Literal(Fraction(2), "2", 0)


def whole(number: int, at: int = 0) -> Node:
    """An integer as a node; a negative one is a `Negate`."""
    literal = Literal(Fraction(abs(number)), str(abs(number)), 0, at)
    return Negate(literal, at) if number < 0 else literal


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Negate() | Factorial() | Percent() | Transpose():
            return (node.body,)
        case Add():
            return node.terms
        case Multiply():
            return node.factors
        case Divide():
            return (node.top, node.bottom)
        case Power():
            return (node.base, node.exponent)
        case Call():
            return node.arguments
        case Index():
            return (node.body, *node.indices)
        case Big():
            return tuple(n for n in (node.body, node.lower, node.upper) if n is not None)
        case Listing():
            return node.items
        case _:
            return ()


def rebuild(node: Node, below: tuple[Node, ...]) -> Node:
    """The same node over other children, in the order of `children`."""
    match node:
        case Negate():
            return Negate(below[0], node.at)
        case Factorial():
            return Factorial(below[0], node.at)
        case Percent():
            return Percent(below[0], node.at)
        case Transpose():
            return Transpose(below[0], node.at)
        case Add():
            return Add(below, node.at)
        case Multiply():
            return Multiply(below, node.mark, node.doubt, node.at)
        case Divide():
            return Divide(below[0], below[1], node.at)
        case Power():
            return Power(below[0], below[1], node.mark, node.at)
        case Call():
            return Call(node.name, below, node.axis, node.flat, node.at)
        case Index():
            return Index(below[0], below[1:], node.at)
        case Big():
            rest = list(below[1:])
            lower = rest.pop(0) if node.lower is not None else None
            upper = rest.pop(0) if node.upper is not None else None
            return Big(node.kind, node.index, below[0], lower, upper, node.without, node.at)
        case Listing():
            return Listing(below, node.at)
        case _:
            return node


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, top first, without recursion."""
    pending = [node]
    while pending:
        here = pending.pop()
        yield here
        pending.extend(reversed(children(here)))


def replaced(root: Node, change: Callable[[Node], Node | None]) -> Iterator[Node]:
    """Every tree that differs from `root` by `change` at one node."""
    other = change(root)
    if other is not None:
        yield other
    below = children(root)
    for place, child in enumerate(below):
        for changed in replaced(child, change):
            yield rebuild(root, (*below[:place], changed, *below[place + 1 :]))
