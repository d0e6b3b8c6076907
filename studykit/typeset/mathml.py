"""A formula as MathML, which every browser lays out without a script.

Built from our own tree, so that nothing reaches the page but the elements written here, with every
sign escaped. What lies outside our TeX is shown as its source.
"""

from __future__ import annotations

from html import escape

from studykit.typeset.clean import clean
from studykit.typeset.tex import TeXError, parse_tex
from studykit.typeset.tree import (
    EMPTY,
    Atom,
    Fenced,
    Fraction,
    Grid,
    Marked,
    Node,
    Root,
    Row,
    Ruled,
    Scripted,
    Space,
    Stacked,
)

COLUMN = 0.3
"""Width of a terminal column of explicit space, in em."""

_MARKS = dict(
    zip(
        "\u0302\u0303\u0304\u20d7\u0307\u0308\u030c\u0306\u0301\u0300\u030a",
        "^~¯→˙¨ˇ˘´`˚",
        strict=True,
    )
)
"""Combining mark → the sign that stands above by itself."""
_RULES = {
    "over": ("mover", "¯"),
    "under": ("munder", "_"),
    "overbrace": ("mover", "⏞"),
    "underbrace": ("munder", "⏟"),
}
_OPERATORS = frozenset({"bin", "rel", "punct", "inner", "big"})
_STILL = '<mo stretchy="false">'
_THIN = '<mspace width="0.17em"/>'


def mathml(source: str, *, display: bool = False) -> str:
    """`source`, TeX without its dollars, as a `math` element; outside our TeX as escaped code."""
    source = clean(source)
    try:
        tree = parse_tex(source)
    except TeXError:
        return f"<code>{escape(source)}</code>"
    kind = ' display="block"' if display else ""
    return f"<math{kind}>{_row(tree, display)}</math>"


def _row(row: Row, display: bool) -> str:
    """The children as one element."""
    parts: list[str] = []
    before: Node | None = None
    for child in row.children:
        if _needs_space(before, child):
            parts.append(_THIN)
        prefix = _is(child, "bin") and (before is None or _opens(before))
        parts.append(_node(child, display, prefix))
        before = child
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def _node(node: Node, display: bool, prefix: bool = False) -> str:
    match node:
        case Atom(text=text, role=role):
            return _atom(text, role, prefix)
        case Space(columns=columns):
            return f'<mspace width="{columns * COLUMN:.2f}em"/>'
        case Row():
            return _row(node, display)
        case Scripted():
            return _scripted(node, display)
        case Fraction(over=over, under=under, choose=choose):
            line = ' linethickness="0"' if choose else ""
            inside = f"<mfrac{line}>{_row(over, False)}{_row(under, False)}</mfrac>"
            return _fenced("(", inside, ")") if choose else inside
        case Root(body=body, degree=None):
            return f"<msqrt>{_row(body, display)}</msqrt>"
        case Root(body=body, degree=degree):
            return f"<mroot>{_row(body, display)}{_row(degree or EMPTY, False)}</mroot>"
        case Marked(body=body, mark=mark):
            accent = f"{_STILL}{_MARKS[mark]}</mo>"
            return f'<mover accent="true">{_row(body, display)}{accent}</mover>'
        case Ruled(body=body, place=place):
            tag, sign = _RULES[place]
            return f'<{tag}>{_row(body, display)}<mo stretchy="true">{sign}</mo></{tag}>'
        case Stacked(base=base, over=over, under=under):
            return _with(_row(base, display), under, over, ("munder", "mover", "munderover"))
        case Fenced(left=left, body=body, right=right):
            return _fenced(left, _row(body, display), right, stretchy=_tall(body))
        case Grid():
            return _grid(node)


def _atom(text: str, role: str, prefix: bool) -> str:
    shown = escape(text)
    if role == "text":
        # A blank at the edge of an mtext would be dropped.
        return f"<mtext>{shown.replace(' ', chr(160))}</mtext>"
    if role == "word":
        return f"<mi>{shown}</mi>" if len(text) > 1 else f'<mi mathvariant="normal">{shown}</mi>'
    if role in _OPERATORS:
        return f'<mo form="prefix">{shown}</mo>' if prefix else f"<mo>{shown}</mo>"
    if role in ("open", "close", "bar"):
        return f"{_STILL}{shown}</mo>"
    if text[:1].isdigit():
        return f"<mn>{shown}</mn>"
    if text in ".!/":
        return f'<mo lspace="0" rspace="0">{shown}</mo>'
    return f"<mi>{shown}</mi>" if text.isalpha() else f'<mi mathvariant="normal">{shown}</mi>'


def _scripted(node: Scripted, display: bool) -> str:
    match node.sup:
        case Row(children=(Atom(text=text),)) if not text.strip("′"):
            # As a script a prime all but vanishes where the reader has no mathematical font.
            base = (
                _scripted(node._replace(sup=None), display)
                if node.sub
                else _node(node.base, display)
            )
            return f'<mrow>{base}<mo class="prime" lspace="0" rspace="0">{text}</mo></mrow>'
    above = node.limits and display
    tags = ("munder", "mover", "munderover") if above else ("msub", "msup", "msubsup")
    return _with(_node(node.base, display), node.sub, node.sup, tags)


def _with(base: str, low: Row | None, high: Row | None, tags: tuple[str, str, str]) -> str:
    """`base` with what stands at its foot and at its head."""
    base = base or "<mrow></mrow>"
    parts = [_row(one, False) for one in (low, high) if one is not None]
    tag = tags[2] if len(parts) == 2 else tags[0] if low is not None else tags[1]
    return f"<{tag}>{base}{''.join(parts)}</{tag}>"


def _fenced(left: str, inside: str, right: str, *, stretchy: bool = True) -> str:
    grows = "true" if stretchy else "false"
    ends = [
        f'<mo fence="true" stretchy="{grows}" form="{form}">{escape(sign)}</mo>' if sign else ""
        for sign, form in ((left, "prefix"), (right, "postfix"))
    ]
    return f"<mrow>{ends[0]}{inside}{ends[1]}</mrow>"


def _grid(grid: Grid) -> str:
    rows = []
    for row in grid.cells:
        cells = []
        for at, one in enumerate(row):
            side = column_side(grid.align, at)
            kind = "" if side == "c" else f' class="{side}"'
            cells.append(f"<mtd{kind}>{_row(one, not grid.left)}</mtd>")
        rows.append(f"<mtr>{''.join(cells)}</mtr>")
    return _fenced(grid.left, f"<mtable>{''.join(rows)}</mtable>", grid.right)


def column_side(align: str, at: int) -> str:
    """Where the cells of a column stand: l, c or r. Of "rl" both letters repeat."""
    return align[at % 2] if align == "rl" else align[min(at, len(align) - 1)]


def _tall(node: Node) -> bool:
    """Whether brackets around it must grow; around letters and scripts they keep their size."""
    match node:
        case Row(children=children):
            return any(map(_tall, children))
        case Scripted(base=base, limits=limits):
            return limits or _tall(base)
        case Fenced(body=body):
            return _tall(body)
        case Atom(role=role):
            return role == "big"
        case Space() | Marked():
            return False
        case _:
            return True


def _is(node: Node | None, role: str) -> bool:
    inner = node.base if isinstance(node, Scripted) else node
    return isinstance(inner, Atom) and inner.role == role


def _opens(node: Node) -> bool:
    """Whether a sign after this one is a sign of its own: the minus in `x = −3`."""
    return any(_is(node, role) for role in ("bin", "rel", "open", "punct"))


def _needs_space(before: Node | None, node: Node) -> bool:
    """A function's name stands a little off its neighbours: `log p`, but `softmax(S)`."""
    if before is None or isinstance(before, Space) or isinstance(node, Space):
        return False
    if any(_is(one, role) for one in (before, node) for role in ("bin", "rel", "punct", "text")):
        return False
    if _is(before, "word"):
        return not (isinstance(node, Fenced) and node.left) and not _is(node, "open")
    return _is(node, "word") and not _is(before, "open")
