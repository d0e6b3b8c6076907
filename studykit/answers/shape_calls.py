"""The shape of a function's value, from the shapes of its arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .declarations import Dim, Shape
from .errors import AnswerError, ShapesError
from .functions import FUNCTIONS
from .shape_rules import broadcast, turned
from .shape_words import in_words, short
from .tree import Call, Literal, Multiply, Name, Node, Transpose

if TYPE_CHECKING:
    from .shapes import Check

SIZE_CAP = 12
"""The largest literal size of a made matrix, as in eye(3)."""

_REDUCTIONS = {"sum", "mean", "prod", "max", "min", "var", "std", "logsumexp"}
_ROWS = {"rowsum": "sum", "rowmean": "mean", "rowmax": "max"}
_COLUMNS = {"colsum": "sum", "colmean": "mean", "colmax": "max"}

Shaped = tuple[Node, Shape]


def call(check: Check, node: Call) -> Shaped:
    """A call with its arguments settled, and its shape."""
    name = node.name
    if name in {"ones", "zeros", "eye"}:
        return _made(check, node)
    if name == "delta":
        for argument in node.arguments:
            if check.visit(argument)[1]:
                raise AnswerError("δ needs two indices, as in δ_ij.", node.at)
        letters = [a.name for a in node.arguments if isinstance(a, Name)]
        if len(letters) == 2:
            check.pairs.append((letters[0], letters[1]))
        return node, ()
    visited = [check.visit(argument) for argument in node.arguments]
    arguments = tuple(a for a, _ in visited)
    shapes = [s for _, s in visited]
    settled = replace(node, arguments=arguments)
    if name == "abs" and shapes[0] and not node.flat:
        raise AnswerError(
            f"Are these the lengths of the entries or of all of {short(arguments[0])}?"
            " Write abs(…) or ‖…‖.",
            node.at,
        )
    if name == "abs":
        return replace(settled, flat=bool(shapes[0])), shapes[0]
    if name in {"root", "logb"} and shapes[1]:
        raise AnswerError(f"The second argument of {name} is a number.", node.at)
    together = name in {"max", "min"} and len(shapes) > 1
    if together or name.startswith("?") or not FUNCTIONS[name].whole:
        shape = shapes[0]
        for other in shapes[1:]:
            joint = broadcast(shape, other)
            if joint is None:
                raise ShapesError(f"The arguments of {name} differ in shape.", node.at)
            shape = joint
        return settled, shape
    return _whole(check, settled, arguments, shapes)


def _made(check: Check, node: Call) -> Shaped:
    """ones(n), zeros(2, n), eye(n)."""
    dims: list[Dim] = []
    for argument in node.arguments:
        match argument:
            case Name() if argument.name in check.names:
                dims.append(argument.name)
            case Literal() if argument.value.denominator == 1 and 0 < argument.value <= SIZE_CAP:
                dims.append(int(argument.value))
            case _:
                raise AnswerError(f"{node.name} needs a size up to {SIZE_CAP}.", argument.at)
    if node.name == "eye":
        dims = [dims[0], dims[0]]
    return node, tuple(dims)


def _whole(check: Check, node: Call, arguments: tuple[Node, ...], shapes: list[Shape]) -> Shaped:
    name, shape = node.name, shapes[0]
    if name in {"dot", "outer", "matmul", "hadamard"}:
        return _two(check, node, arguments, shapes)
    if not shape and name in {"norm", "norm1"}:
        return Call("abs", arguments, at=node.at), ()
    if not shape and name in {"max", "min", "tr", "transpose"}:
        return arguments[0], ()
    if not shape:
        raise ShapesError(
            f"{name} needs a vector or a matrix; {short(arguments[0])} is one number.", node.at
        )
    if name in {"softmax", "logsoftmax"}:
        return node, shape
    if name in _REDUCTIONS:
        return _reduced(node, shape)
    if name in _ROWS or name in _COLUMNS:
        if len(shape) != 2:
            raise ShapesError(f"{name} needs a matrix; use sum for a vector.", node.at)
        if name in _ROWS:
            return Call(_ROWS[name], arguments, 1, at=node.at), (shape[0], 1)
        return Call(_COLUMNS[name], arguments, 0, at=node.at), (1, shape[1])
    if name in {"norm", "norm1"}:
        return node, ()
    if name == "transpose":
        return Transpose(arguments[0], node.at), turned(shape)
    if name == "diag" and (len(shape) == 1 or 1 in shape):
        n = shape[0] if len(shape) == 1 else shape[0] if shape[1] == 1 else shape[1]
        return node, (n, n)
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ShapesError(
            f"{name} needs a square matrix; {short(arguments[0])} is {in_words(shape)}.",
            node.at,
        )
    return node, {"diag": shape[:1], "inv": shape}.get(name, ())


def _reduced(node: Call, shape: Shape) -> Shaped:
    """A sum, mean … of a vector, of a whole matrix, or along one axis."""
    if len(shape) == 1:
        return replace(node, axis=None), ()
    if node.axis is None:
        if node.name == "logsumexp":
            return replace(node, axis=1), (shape[0], 1)
        return node, ()
    left = shape[0] if node.axis == 1 else shape[1]
    if node.flat:
        return node, (left,)
    return node, (left, 1) if node.axis == 1 else (1, left)


def _two(check: Check, node: Call, arguments: tuple[Node, ...], shapes: list[Shape]) -> Shaped:
    a, b = shapes
    left, right = arguments
    if node.name == "outer":
        if len(a) != 1 or len(b) != 1:
            raise ShapesError("outer needs two vectors.", node.at)
        return Multiply((left, Transpose(right)), "@", at=node.at), (a[0], b[0])
    mark = {"dot": "·", "matmul": "@", "hadamard": "⊙"}[node.name]
    return check.product_of(Multiply((left, right), mark, at=node.at), left, a, right, b, node.at)
