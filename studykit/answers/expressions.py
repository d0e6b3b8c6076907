"""Reading a typed formula: parsed, its shapes checked, ready to be compared and shown.

The names it may use, their domains and shapes, come from the question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .characters import Source, clean
from .declarations import Dim, Shape
from .errors import AnswerError, ShapesError
from .latex import from_latex, unwrapped
from .names import Names, names_from
from .numbers import settle_commas
from .parser import parse
from .shapes import Check
from .tree import Big, Constant, Listing, Name, Node, Power, walk


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula as read. `tree` has its products settled; `typed` is as it was written.

    `free` holds indices that stand for every entry, as in p_i(δ_ij − p_j), with their sizes.
    """

    text: str
    tree: Node
    shape: Shape
    names: Names = field(repr=False)
    typed: Node = field(repr=False)
    free: tuple[tuple[str, Dim], ...] = ()
    dims: tuple[Dim, ...] = field(default=(), repr=False)

    @property
    def used(self) -> frozenset[str]:
        """The declared names that occur."""
        return frozenset(
            n.name for n in walk(self.tree) if isinstance(n, Name) and n.name in self.names
        )

    @property
    def arrays(self) -> bool:
        """Whether working it out takes vectors or matrices."""
        return self.names.has_arrays or any(isinstance(n, Listing) for n in walk(self.tree))

    @property
    def raised(self) -> frozenset[str]:
        """The declared names that occur in an exponent."""
        return frozenset(
            inner.name
            for node in walk(self.tree)
            if isinstance(node, Power)
            for inner in walk(node.exponent)
            if isinstance(inner, Name) and inner.name in self.names
        )


def read_expression(
    text: str,
    names: Names | Mapping[str, str] | None = None,
    *,
    answer: str | None = None,
    decimal_comma: bool = False,
) -> Expression:
    """The formula that `text` writes over the declared names.

    `decimal_comma` states that a comma between digits is the decimal point; `answer` is the
    left-hand side that may stand before an =, such as "dL/dw". Raises AnswerError, with the
    position and a sentence, for text that is no formula, uses unknown names, could be read in two
    ways, or whose shapes do not fit.
    """
    known = names_from(names)
    source = clean(text)
    if answer is not None:
        source = _right_side(source, answer)
    typed = parse(settle_commas(from_latex(source), decimal_comma), known)
    for node in walk(typed):
        if isinstance(node, Constant) and node.name in {"inf", "undefined"}:
            raise AnswerError("Infinity has no place inside this formula.", node.at)
    check = Check(known)
    try:
        tree, shape = check.run(typed)
    except ShapesError as error:
        error.tree = typed
        raise
    free = tuple((index, check.ranges[index]) for index in check.free)
    return Expression(text, tree, shape, known, typed, free, _dims(tree, free, known))


def _right_side(source: Source, answer: str) -> Source:
    """Drop `dL/dw =` in front of the formula."""
    start, end = unwrapped(source.text)
    left, sign, _ = source.text[start:end].partition("=")
    if not sign or "".join(left.split()) != "".join(clean(answer).text.split()):
        return source
    start += len(left) + 1
    return Source(source.text[start:end], tuple(source.place(k) for k in range(start, end)))


def _dims(tree: Node, free: tuple[tuple[str, Dim], ...], names: Names) -> tuple[Dim, ...]:
    """Every size that evaluating the tree needs beyond those of its names."""
    dims = [dim for _, dim in free]
    for node in walk(tree):
        if isinstance(node, Big) and node.upper is not None:
            dims += [
                n.name
                for n in walk(node.upper)
                if isinstance(n, Name) and n.name in names and names.declared[n.name].role == "size"
            ]
    return tuple(dims)
