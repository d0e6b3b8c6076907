"""Over what an index runs: from the entries it picks, the sum that binds it, or its declaration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from .declarations import Dim, Shape
from .errors import AnswerError
from .shape_words import in_words, short
from .tree import Add, Big, Index, Listing, Literal, Multiply, Name, Negate, Node

if TYPE_CHECKING:
    from .shapes import Check

Shaped = tuple[Node, Shape]


def index(check: Check, node: Index) -> Shaped:
    """An entry, or a row where one index of a matrix is given."""
    body, shape = check.visit(node.body)
    if not shape:
        raise AnswerError(f"{short(body)} is one number; it has no entries.", node.at)
    dims = shape
    if len(shape) == 2 and len(node.indices) == 1 and 1 in shape:
        dims = tuple(d for d in shape if d != 1)
    if len(node.indices) > len(dims):
        raise AnswerError(f"{short(body)} is {in_words(shape)}: too many indices.", node.at)
    for index, dim in zip(node.indices, dims, strict=False):
        _runs(check, index, dim, node.at)
    return Index(body, node.indices, node.at), dims[len(node.indices) :]


def _runs(check: Check, index: Node, dim: Dim, at: int) -> None:
    """Note that an index runs over `dim`."""
    letter = index.terms[0] if isinstance(index, Add) else index
    if not isinstance(letter, Name):
        if isinstance(index, Negate) or (isinstance(index, Literal) and index.value < 1):
            raise AnswerError("Entries are counted from 1.", at)
        if isinstance(index, Literal) and isinstance(dim, int) and index.value > dim:
            raise AnswerError(f"There are only {dim} entries.", at)
        return
    one = check.names.declared.get(letter.name)
    if letter.name not in check.bound and one is not None and one.role != "index":
        if one.shape:
            raise AnswerError(f"{letter.name} is not an index here.", at)
        return
    if letter.name not in check.bound:
        if one is None:
            check._use_free(letter)
        check.free.setdefault(letter.name)
    known = check.ranges.setdefault(letter.name, dim)
    if known != dim:
        raise AnswerError(
            f"{letter.name} runs to {known} in one place and to {dim} in another.", at
        )


@contextmanager
def _binding(check: Check, index: str) -> Iterator[None]:
    """Within a sum its index means nothing outside."""
    outer = check.ranges.pop(index, None)
    was_free = index in check.free
    check.bound.append(index)
    yield
    check.bound.pop()
    check.ranges.pop(index, None)
    if outer is not None:
        check.ranges[index] = outer
    if not was_free:
        check.free.pop(index, None)


def big(check: Check, node: Big) -> Shaped:
    """A sum with both its ends, and its shape."""
    declared = check.names.declared.get(node.index)
    lower = _end(check, node.lower)
    upper = _end(check, node.upper)
    with _binding(check, node.index):
        body, shape = check.visit(node.body)
        dim = check.ranges.get(node.index)
        _pass_on(check, node.index)
    if shape and node.kind not in {"sum", "mean"}:
        raise AnswerError(f"{node.kind} runs over numbers, not over vectors.", node.at)
    if upper is None:
        if dim is None and declared is not None and declared.shape:
            dim = declared.shape[0]
        if dim is None:
            dim = _partner(check, node)
        upper = _dim_node(dim, node.at)
    if node.without is not None and node.without not in check.bound:
        _runs(check, Name(node.without), dim if dim is not None else 1, node.at)
    return replace(node, body=body, lower=lower, upper=upper), shape


def _end(check: Check, node: Node | None) -> Node | None:
    """One end of a sum's range."""
    if node is None:
        return None
    settled, shape = check.visit(node)
    if shape:
        raise AnswerError("A sum runs between whole numbers.", node.at)
    return settled


def _pass_on(check: Check, index: str) -> None:
    """In Σ_j δ_ij z_j the range of j is also that of i."""
    for a, b in check.pairs:
        if index in (a, b) and index in check.ranges:
            check.ranges.setdefault(b if a == index else a, check.ranges[index])


def _partner(check: Check, node: Big) -> Dim:
    for a, b in check.pairs:
        other = b if a == node.index else a if b == node.index else None
        if other is not None and other in check.ranges:
            return check.ranges[other]
    raise AnswerError(
        f"It is not clear over what {node.index} runs; write sum_{{{node.index}=1}}^{{n}}.",
        node.at,
    )


def listing(check: Check, node: Listing) -> Shaped:
    """A list of numbers or of equally long lists."""
    visited = [check.visit(item) for item in node.items]
    shapes = {shape for _, shape in visited}
    if len(shapes) > 1 or any(len(s) > 1 for s in shapes):
        raise AnswerError("The entries of this list differ in shape.", node.at)
    inner = shapes.pop()
    return Listing(tuple(i for i, _ in visited), node.at), (len(visited), *inner)


def _dim_node(dim: Dim, at: int) -> Node:
    if isinstance(dim, int):
        return Literal(Fraction(dim), str(dim), 0, at)
    factors = tuple(Name(part, at) for part in dim.split("*"))
    return factors[0] if len(factors) == 1 else Multiply(factors, "*", at=at)
