"""A formula on one row, exact: brackets stand where the two-dimensional form needs none.

`\\frac{QK^\\top}{\\sqrt{d_k}}` becomes `QKᵀ/√dₖ`, `e^{z_j}` becomes `e^(zⱼ)`, `W_Q` stays `W_Q`.
What has no one-row form that is read only one way (a matrix, a fraction in a fraction) raises
`NotLinear`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from studykit.typeset import symbols
from studykit.typeset.spacing import Item, ends_operand, is_number, items, vulgar
from studykit.typeset.tree import Atom, Fenced, Fraction, Marked, Node, Root, Row, Scripted

_WORDS = frozenset({"in", "to"})
"""Scripts of two letters that are words, and read better at full size: `d_in` beside `d_out`."""


class NotLinear(Exception):  # noqa: N818 - a fact about a formula, answered by drawing it in 2-D
    """The formula has no one-row form."""


def line(row: Row, *, tight: bool = False) -> str:
    """`row` as one row of text."""
    text = ""
    for gap, piece in pieces(row, tight=tight):
        if not isinstance(piece, str):
            raise NotLinear
        text += " " * gap + piece
    return text


def small(row: Row, table: Mapping[str, str]) -> str | None:
    """A script in small glyphs, or None where one is missing or a word of letters would shrink."""
    text = _glyphs(row, table)
    if text is None:
        return None
    letters = "".join(filter(str.isalpha, unicodedata.normalize("NFKC", text)))
    return None if len(letters) > 2 or letters in _WORDS else text


def letter_with_mark(marked: Marked) -> str:
    """`ŷ`: one character where Unicode has it, else the letter and a combining mark."""
    letter = line(marked.body)
    letter = {"ı": "i", "ȷ": "j"}.get(letter, letter)
    return unicodedata.normalize("NFC", letter + marked.mark)


def stands_alone(row: Row) -> bool:
    """Whether `row` is one thing to the eye, so that a root or a division takes it whole."""
    found = items(row, tight=True)
    if len(found) == 2 and isinstance(found[0].node, Atom) and found[0].node.text == "∂":
        return _alone(found[1].node)
    return len(found) == 1 and _alone(found[0].node)


def _alone(node: Node) -> bool:
    match node:
        case Atom(role=role):
            return role in {"ord", "word"}
        case Marked():
            return True
        case Fenced(left=left):
            return bool(left)
        case Scripted(base=base):
            return isinstance(base, Atom | Marked) and _alone(base)
        case Fraction():
            return vulgar(node) is not None
        case _:
            return False


def _glyphs(row: Row, table: Mapping[str, str]) -> str | None:
    parts = []
    for node in row.children:
        match node:
            case Atom(text=text, role=role) if role != "word" and all(c in table for c in text):
                parts.append("".join(table[c] for c in text))
            case Fenced(left="(", right=")", body=body):
                inner = _glyphs(body, table)
                if inner is None or "(" not in table:
                    return None
                parts.append(table["("] + inner + table[")"])
            case Row():
                inner = _glyphs(node, table)
                if inner is None:
                    return None
                parts.append(inner)
            case _:
                return None
    return "".join(parts) or None


def pieces(row: Row, *, tight: bool) -> Iterator[tuple[int, str | Item]]:
    """What stands in `row`, with the blanks before it; an item where it has no one-row form."""
    found = items(row, tight=tight)
    piece: str | Item = ""
    for index, item in enumerate(found):
        before = found[index - 1] if index else None
        after = found[index + 1] if index + 1 < len(found) else None
        last = piece
        try:
            piece = _piece(item.node, before, after, tight=tight)
        except NotLinear:
            piece = item
        gap = item.gap
        if before is not None and before.role == "sign" and item.role == "inner":
            gap = 0
        elif before is not None and not gap and isinstance(last, str) and isinstance(piece, str):
            gap = int(_runs_on(before.node, last, piece))
        yield gap, piece


def _runs_on(before: Node, written: str, piece: str) -> bool:
    """Whether `piece` would be read as part of the script just written: `W_Q` and `K`."""
    if not isinstance(before, Scripted) or not piece:
        return False
    if written.endswith(")"):
        return "^(" in written and piece[0] in "(["
    tail = written[max(written.rfind("_"), written.rfind("^")) :]
    return tail[:1] in {"_", "^"} and (piece[0].isalnum() or piece[0] in "√∂∇")


def _piece(node: Node, before: Item | None, after: Item | None, *, tight: bool) -> str:
    match node:
        case Atom(text=text):
            return text
        case Scripted():
            return _scripted(node, tight=tight)
        case Fenced(left=left, body=body, right=right):
            return left + line(body, tight=tight) + right
        case Fraction():
            return _fraction(node, before, after)
        case Root():
            return _root(node, after)
        case Marked():
            return letter_with_mark(node)
        case _:
            raise NotLinear


def _scripted(node: Scripted, *, tight: bool) -> str:
    base = node.base
    text = "" if base == Row(()) else _piece(base, None, None, tight=tight)
    if isinstance(base, Fraction | Root | Scripted) or (isinstance(base, Row) and text):
        text = f"({text})"
    for script, table, sign in ((node.sub, symbols.LOWERED, "_"), (node.sup, symbols.RAISED, "^")):
        if script is not None and script.children:
            text += small(script, table) or sign + _script(script, sign)
    return text


def _script(script: Row, sign: str) -> str:
    """A script after `_` or `^`, in brackets unless it is one word or one sign."""
    text = line(script, tight=True)
    nodes = script.children
    if all(map(_plain, nodes)) and (sign == "_" or len(nodes) == 1):
        return text
    only = nodes[0]
    if len(nodes) == 1 and isinstance(only, Fenced) and (only.left, only.right) == ("(", ")"):
        return text
    return f"({text})"


def _plain(node: Node) -> bool:
    return isinstance(node, Marked) or (
        isinstance(node, Atom) and node.text.replace(".", "").isalnum()
    )


def _fraction(node: Fraction, before: Item | None, after: Item | None) -> str:
    if node.choose:
        raise NotLinear
    sign = vulgar(node)
    if sign is not None and not (before and is_number(before.node)):
        return sign
    over, under = items(node.over, tight=True), items(node.under, tight=True)
    if any(isinstance(i.node, Fraction) and not vulgar(i.node) for i in (*over, *under)):
        raise NotLinear
    top = line(node.over)
    if not _product(over):
        top = f"({top})"
    bottom = line(node.under)
    alone = stands_alone(node.under) or _closed(under) or _applied(under) or _differential(node)
    if not alone or _slashed(under):
        bottom = f"({bottom})"
    text = f"{top}/{bottom}"
    bound = (before is not None and _binds(before.role)) or (
        after is not None and (ends_operand(after.role) or after.role == "slash")
    )
    return f"({text})" if bound else text


def _binds(role: str) -> bool:
    return role not in {"bin", "rel", "punct", "open", "sign"}


def _product(found: Sequence[Item]) -> bool:
    """Whether a numerator is a product, so that a slash after it divides all of it."""
    if [item.role for item in found] in (["word"], ["word", "fence"]):
        return True
    return bool(found) and all(item.role in {"ord", "fence"} for item in found)


def _applied(found: Sequence[Item]) -> bool:
    """Whether a denominator is a function of something: `1/π(w)`, `1/max(s, t)`.

    A letter before brackets is taken for one where nothing is reckoned in them: `n(n + 1)` is a
    product, which a slash would leave open.
    """
    if len(found) != 2 or not isinstance(found[1].node, Fenced) or found[1].node.left != "(":
        return False
    name, inside = found[0], items(found[1].node.body, tight=True)
    if name.role == "word":
        return True
    reckoned = any(item.role in {"bin", "sign", "slash", "inner"} for item in inside)
    return name.role == "ord" and not is_number(name.node) and _alone(name.node) and not reckoned


def _differential(node: Fraction) -> bool:
    """Whether it is a derivative: the d in `d/dx` is no factor."""
    over, under = items(node.over, tight=True), items(node.under, tight=True)
    if not over or len(under) != 2:
        return False
    first = over[0].node
    sign = first.base if isinstance(first, Scripted) and first.sub is None else first
    return sign == under[0].node == Atom("d") and under[0].gap == 0 and _alone(under[1].node)


def _slashed(found: Sequence[Item]) -> bool:
    return any(item.role == "slash" for item in found)


def _closed(found: Sequence[Item]) -> bool:
    """Whether a denominator is a root or a power of brackets: both end by themselves."""
    match [item.node for item in found]:
        case [Root()] | [Scripted(base=Fenced())]:
            return True
        case [Atom("∂"), Scripted(base=Fenced())]:
            return True
        case _:
            return False


def _root(node: Root, after: Item | None) -> str:
    sign = "√"
    if node.degree is not None:
        index = small(node.degree, symbols.RAISED)
        if index is None:
            raise NotLinear
        sign = index + sign
    body = line(node.body)
    bare = stands_alone(node.body) and not (after and not after.gap and ends_operand(after.role))
    only = node.body.children[0] if len(node.body.children) == 1 else None
    if bare or (isinstance(only, Fenced) and only.left == "("):
        return sign + body
    return f"{sign}({body})"
