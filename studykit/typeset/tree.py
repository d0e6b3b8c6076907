"""What a formula is made of: the nodes that the parser builds and the layouts walk.

Named tuples, since they are made four times faster than data classes when the program starts.
"""

from __future__ import annotations

from typing import NamedTuple


class Atom(NamedTuple):
    """One sign, number or upright word. `role` decides the spaces around it."""

    text: str
    role: str = "ord"


class Space(NamedTuple):
    """Explicit space, in columns."""

    columns: int


class Row(NamedTuple):
    """Things side by side; the content of a group."""

    children: tuple[Node, ...]


class Scripted(NamedTuple):
    base: Node
    sub: Row | None
    sup: Row | None
    limits: bool
    """Whether the scripts stand under and over the base in display style."""


class Fraction(NamedTuple):
    over: Row
    under: Row
    choose: bool = False
    """A binomial: no bar, parentheses around."""


class Root(NamedTuple):
    body: Row
    degree: Row | None = None


class Marked(NamedTuple):
    """An accent over one letter."""

    body: Row
    mark: str


class Ruled(NamedTuple):
    """A line or brace over or under several letters."""

    body: Row
    place: str


class Stacked(NamedTuple):
    """Small rows set over and under a base (`\\overset`, `\\xrightarrow`)."""

    base: Row
    over: Row | None = None
    under: Row | None = None


class Fenced(NamedTuple):
    left: str
    body: Row
    right: str


class Grid(NamedTuple):
    cells: tuple[tuple[Row, ...], ...]
    left: str
    right: str
    align: str
    """One letter a column, the last one repeated; "rl" repeats as a pair for aligned equations."""


Node = Atom | Space | Row | Scripted | Fraction | Root | Marked | Ruled | Stacked | Fenced | Grid

EMPTY = Row(())
