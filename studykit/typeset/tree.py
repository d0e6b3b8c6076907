"""What a formula is made of: the nodes that the parser builds and the layouts walk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Atom:
    """One sign, number or upright word. `role` decides the spaces around it."""

    text: str
    role: str = "ord"


@dataclass(frozen=True, slots=True)
class Space:
    """Explicit space, in columns."""

    columns: int


@dataclass(frozen=True, slots=True)
class Row:
    """Things side by side; the content of a group."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Scripted:
    base: Node
    sub: Row | None
    sup: Row | None
    limits: bool
    """Whether the scripts stand under and over the base in display style."""


@dataclass(frozen=True, slots=True)
class Fraction:
    over: Row
    under: Row
    choose: bool = False
    """A binomial: no bar, parentheses around."""


@dataclass(frozen=True, slots=True)
class Root:
    body: Row
    index: Row | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """An accent over one letter."""

    body: Row
    mark: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """A line or brace over or under several letters."""

    body: Row
    place: str


@dataclass(frozen=True, slots=True)
class Stacked:
    """Small rows set over and under a base (`\\overset`, `\\xrightarrow`)."""

    base: Row
    over: Row | None = None
    under: Row | None = None


@dataclass(frozen=True, slots=True)
class Fenced:
    left: str
    body: Row
    right: str


@dataclass(frozen=True, slots=True)
class Grid:
    cells: tuple[tuple[Row, ...], ...]
    left: str
    right: str
    align: str
    """One letter a column, the last one repeated; "rl" repeats as a pair for aligned equations."""


Node = Atom | Space | Row | Scripted | Fraction | Root | Marked | Ruled | Stacked | Fenced | Grid

EMPTY = Row(())
