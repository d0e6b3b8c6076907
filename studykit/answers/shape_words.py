"""What is said about shapes: their names, and why a product or a sum does not fit."""

from __future__ import annotations

from .declarations import Shape
from .notation import plain
from .shape_rules import broadcast, product, turned
from .tree import Call, Name, Node, Transpose


def in_words(shape: Shape) -> str:
    """ "a number", "a vector of n", "n×d_k"."""
    match shape:
        case ():
            return "a number"
        case (n,):
            return f"a vector of {n}"
        case _:
            return "×".join(str(d) for d in shape)


def short(node: Node) -> str:
    text = plain(node)
    return text if len(text) <= 28 else "the part before" if len(text) > 60 else f"“{text}”"


def no_product(left: Node, a: Shape, right: Node, b: Shape) -> str:
    one, other = short(left), short(right)
    said = (
        f"{one} is {in_words(a)} and {other} is {in_words(b)}, so"
        f" {_held(left, one)}·{_held(right, other)} does not multiply"
    )
    if len(a) == 2 and product(turned(a), b) is not None:
        return f"{said}; with {_transposed(left, one)} it would."
    if len(b) == 2 and product(a, turned(b)) is not None:
        return f"{said}; with {_transposed(right, other)} it would."
    if len(a) == 2 and len(b) == 2 and product(turned(a), turned(b)) is not None:
        return f"{said}; the order is the other way round."
    if product(b, a) is not None:
        return f"{said}; the order is the other way round."
    if broadcast(a, b) is not None:
        return f"{said}; for entry by entry write ⊙."
    return f"{said}."


def _transposed(node: Node, text: str) -> str:
    if isinstance(node, Transpose):
        return f"{plain(node.body)} without the transpose"
    return f"{_held(node, text)}ᵀ"


def _held(node: Node, text: str) -> str:
    return text if isinstance(node, Name | Call | Transpose) else f"({text})"


def turn_hint(a: Shape, b: Shape, node: Node) -> str:
    if len(b) == 2 and a == b[::-1]:
        return f"; you need {_transposed(node, plain(node))}"
    if {len(a), len(b)} == {1, 2} and min(a, b, key=len)[0] == max(a, b, key=len)[0]:
        return "; a column does: keepdims=True, or rowsum"
    return ""
