r"""Card text and formulas as source for Typst, which makes pages of it.

Text stands in string literals and every sign of a formula is a letter, a digit or an escape, so no
text is ever read as a command: `#panic()` is eight signs and no more.
"""

from __future__ import annotations

from studykit.typeset.clean import clean
from studykit.typeset.inline import Display, Formula, Span, Words
from studykit.typeset.marks import Block, Code, Heading, Listing, Paragraph, parse
from studykit.typeset.mathml import COLUMN, column_side
from studykit.typeset.tex import TeXError, parse_tex
from studykit.typeset.tree import (
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

_MARKS = dict(
    zip(
        "\u0302\u0303\u0304\u20d7\u0307\u0308\u030c\u0306\u0301\u0300\u030a",
        (
            *("hat", "tilde", "macron", "arrow", "dot", "dot.double"),
            *("caron", "breve", "acute", "grave", "circle"),
        ),
        strict=True,
    )
)
_RULES = {"over": "overline", "under": "underline"}
# A minus is left to Typst, which knows one before a number from one between two.
_CLASSES = {
    "rel": "relation",
    "punct": "punctuation",
    "bar": "normal",
}
_NOTHING = '""'


def string(text: str) -> str:
    """A text as a Typst string literal."""
    text = clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def text(plain: str) -> str:
    """A text as markup that shows it as it stands."""
    # Without the semicolon, "abc".len() after it would be a call.
    return f"#{string(plain)};" if plain else ""


def typst(text: str) -> str:
    """Card text as Typst markup."""
    return _blocks(parse(text))


def typst_line(text: str) -> str:
    """Card text as Typst markup to stand within a line."""
    blocks = parse(text)
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return _line(blocks[0].spans)
    return _blocks(blocks)


def equation(source: str, *, display: bool = False) -> str:
    """TeX as a Typst equation; outside our TeX its source as code."""
    source = clean(source)
    try:
        tree = parse_tex(source)
    except TeXError:
        return f"#raw({string(source)});"
    inside = _row(tree)
    return f"$ {inside} $" if display else f"${inside}$"


# -- text ----------------------------------------------------------------------------------------


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph(spans=spans):
            return _line(spans)
        case Heading(spans=spans):
            return f"#strong[{_line(spans)}]"
        case Display(tex=tex):
            return equation(tex, display=True)
        case Code(lines=lines):
            return f"#raw({string(chr(10).join(lines))}, block: true);"
        case Listing(start=None, items=items):
            return f"#list({''.join(f'[{_blocks(one)}],' for one in items)});"
        case Listing(start=start, items=items):
            inside = "".join(f"[{_blocks(one)}]," for one in items)
            return f"#enum(start: {start}, {inside});"


def _line(spans: tuple[Span, ...]) -> str:
    return "".join(
        equation(span.tex) if isinstance(span, Formula) else _styled(span) for span in spans
    )


def _styled(words: Words) -> str:
    if words.style == "code":
        return f"#raw({string(words.text)});"
    shown = "#linebreak();".join(text(part) for part in words.text.split("\n"))
    for style in words.style.split():
        match style:
            case "strong":
                shown = f"#strong[{shown}];"
            case "emphasis":
                shown = f"#emph[{shown}];"
    return shown


# -- formulas ------------------------------------------------------------------------------------


def _row(row: Row | None) -> str:
    if row is None or not row.children:
        return _NOTHING
    return " ".join(map(_node, row.children))


def _node(node: Node) -> str:
    match node:
        case Atom(text=text, role=role):
            return _atom(text, role)
        case Space(columns=columns):
            return f"#h({columns * COLUMN:.2f}em);"
        case Row():
            return _row(node)
        case Scripted(base=base, sub=sub, sup=sup, limits=limits):
            return _attached(_node(base), sub, sup, limits)
        case Fraction(over=over, under=under, choose=choose):
            return f"{'binom' if choose else 'frac'}({_row(over)}, {_row(under)})"
        case Root(body=body, degree=None):
            return f"sqrt({_row(body)})"
        case Root(body=body, degree=degree):
            return f"root({_row(degree)}, {_row(body)})"
        case Marked(body=body, mark=mark):
            return f"accent({_row(body)}, {_MARKS[mark]})"
        case Ruled(body=body, place=place):
            return f"{_RULES.get(place, place)}({_row(body)})"
        case Stacked(base=base, over=over, under=under):
            return _attached(_row(base), under, over, True)
        case Fenced(left=left, body=body, right=right):
            return f"lr({_signs(left)} {_row(body)} {_signs(right)})"
        case Grid():
            return _grid(node)


def _atom(text: str, role: str) -> str:
    if role == "text":
        return string(text)
    if role == "word":
        # An operator keeps its distance: log p, but softmax(S).
        return f"op({string(text)})"
    shown = _signs(text)
    return f"class({string(_CLASSES[role])}, {shown})" if role in _CLASSES else shown


def _signs(text: str) -> str:
    """Letters and numbers as they are, one by one; every other sign as its number."""
    if text.replace(".", "", 1).isdecimal() and text.isascii():
        return text
    return " ".join(
        sign if sign.isascii() and sign.isalnum() else f"\\u{{{ord(sign):x}}}" for sign in text
    )


def _attached(base: str, sub: Row | None, sup: Row | None, limits: bool) -> str:
    places = [f", {place}: {_row(row)}" for place, row in (("b", sub), ("t", sup)) if row]
    if limits:
        base = f"limits({base}, inline: #false)"
    return f"attach({base}{''.join(places)})"


def _grid(grid: Grid) -> str:
    if grid.align == "rl" and not grid.left:
        return _aligned(grid)
    width = max(map(len, grid.cells))
    rows = "; ".join(
        ", ".join(_row(one) for one in (*row, *([None] * (width - len(row))))) for row in grid.cells
    )
    ends = ", ".join(string(sign) if sign else "none" for sign in (grid.left, grid.right))
    side = {"l": "left", "r": "right"}.get(grid.align[0], "center")
    return f"mat(delim: #({ends}), align: #{side}, {rows})"


def _aligned(grid: Grid) -> str:
    """Equations under one another, meeting at their signs."""
    width = max(map(len, grid.cells))
    sides = ", ".join(
        "left" if column_side(grid.align, at) == "l" else "right" for at in range(width)
    )
    cells = "".join(
        f"[${_row(one)}$]," for row in grid.cells for one in (*row, *([None] * (width - len(row))))
    )
    return (
        f"#box(baseline: 50% - 0.4em, grid(columns: {width}, align: ({sides},), "
        f"column-gutter: 0.25em, row-gutter: 0.8em, {cells}));"
    )
