"""A formula in two dimensions: the tree of `tex` → a box of characters.

Fractions have bars, sums their limits, brackets grow. A script is small glyphs on the same row
where every glyph is exact and common, else a row of its own above or below: a capital is never
shrunk.
"""

from __future__ import annotations

from collections.abc import Sequence

from studykit.typeset import boxes, symbols
from studykit.typeset.boxes import NOTHING, Box, beside, text_box
from studykit.typeset.linear import (
    NotLinear,
    letter_with_mark,
    line,
    pieces,
    small,
    stands_alone,
)
from studykit.typeset.matrices import matrix_lines
from studykit.typeset.spacing import Item, ends_operand, is_number, items, vulgar
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
from studykit.typeset.width import columns, padded


def box(row: Row, *, display: bool, tight: bool = False) -> Box:
    """`row` as a box. `display` puts limits under and over; `tight` is the spacing of scripts."""
    found = items(row, tight=tight)
    parts: list[Box] = []
    for index, item in enumerate(found):
        if item.gap:
            parts.append(text_box(" " * item.gap))
        after = found[index + 1] if index + 1 < len(found) else None
        before = found[index - 1] if index else None
        parts.append(_node(item.node, before, after, display=display, tight=tight))
    return beside(parts)


def sentence_box(row: Row) -> Box:
    """`row` for a line of text: on one row but for what cannot be, such as a matrix."""
    parts: list[Box] = []
    for gap, piece in pieces(row, tight=False):
        parts.append(text_box(" " * gap))
        if isinstance(piece, str):
            parts.append(text_box(piece))
        else:
            parts.append(_node(piece.node, None, None, display=True, tight=False))
    return beside(parts)


def _node(
    node: Node, before: Item | None, after: Item | None, *, display: bool, tight: bool
) -> Box:
    match node:
        case Atom(text=text):
            return text_box(text)
        case Scripted():
            return _scripted(node, display=display, tight=tight)
        case Fraction():
            return _fraction(node, before)
        case Root():
            return _root(node, after)
        case Fenced(left=left, body=body, right=right):
            inside = box(body, display=display, tight=tight)
            return boxes.fenced(left, inside, right)
        case Grid():
            return _grid(node)
        case Marked():
            return text_box(letter_with_mark(node))
        case Ruled():
            return _ruled(node, display=display)
        case Stacked():
            return _stacked(node)
        case Row():
            return box(node, display=display, tight=tight)
        case Space(columns=count):
            return text_box(" " * count)


def _fraction(node: Fraction, before: Item | None) -> Box:
    sign = vulgar(node)
    if sign is not None and not (before and is_number(before.node)):
        return text_box(sign)
    over, under = box(node.over, display=False), box(node.under, display=False)
    if node.choose:
        blank = text_box(" ")
        inside = boxes.covered(boxes.stacked((over, blank, under), 1))
        return boxes.fenced("(", inside, ")")
    return boxes.fraction(over, under)


def _root(node: Root, after: Item | None) -> Box:
    body = box(node.body, display=False)
    bound = after is not None and not after.gap and ends_operand(after.role)
    index = None if node.degree is None else small(node.degree, symbols.RAISED)
    if not body.base and stands_alone(node.body) and not bound and (index or not node.degree):
        return beside((text_box((index or "") + "√"), body))
    drawn = boxes.root(body)
    if node.degree is None:
        return drawn
    return beside((text_box(index) if index else _script(node.degree), drawn))


def _script(row: Row) -> Box:
    """The content of a script; a fraction in it is written with a slash where that is exact."""
    if any(isinstance(node, Fraction) for node in row.children):
        try:
            return text_box(line(row, tight=True))
        except NotLinear:
            pass
    return box(row, display=False, tight=True)


def _scripted(node: Scripted, *, display: bool, tight: bool) -> Box:
    base = _node(node.base, None, None, display=display, tight=tight)
    sub = node.sub if node.sub is not None and node.sub.children else None
    sup = node.sup if node.sup is not None and node.sup.children else None
    if node.limits and display:
        return _with_limits(base, sub, sup)
    if isinstance(node.base, Ruled):
        return _with_limits(base, sub, sup)
    if isinstance(node.base, Fraction | Root) and not base.tall:
        base = boxes.fenced("(", base, ")")
    return beside((base, _beside_base(base, sub, sup)))


def _with_limits(base: Box, sub: Row | None, sup: Row | None) -> Box:
    parts = [base]
    if sub is not None:
        parts.append(_script(sub))
    if sup is not None:
        parts.insert(0, _script(sup))
    return boxes.covered(boxes.stacked(parts, 0 if sup is None else 1))


def _beside_base(base: Box, sub: Row | None, sup: Row | None) -> Box:
    """The column of scripts that stands right of `base`, on its baseline."""
    low = None if sub is None else small(sub, symbols.LOWERED)
    high = None if sup is None else small(sup, symbols.RAISED)
    if not base.tall:
        on_row = (low or "") + (high or "")
        above = NOTHING.lines if sup is None or high else _script(sup).lines
        under = NOTHING.lines if sub is None or low else _script(sub).lines
        above, under = _filled(above), _filled(under)
        rows = [*above, on_row, *under]
        return _column(rows, len(above), core=(len(above), len(above)))
    above = () if sup is None else (high,) if high else _script(sup).lines
    under = () if sub is None else (low,) if low else _script(sub).lines
    between = base.bottom - base.top + 1 - bool(above) - bool(under)
    rows = [*above, *[""] * between, *under]
    first = base.base - base.top + max(len(above) - 1, 0)
    return _column(rows, first, core=(first, first))


def _filled(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(lines) if any(lines) else ()


def _column(rows: Sequence[str], base: int, core: tuple[int, int]) -> Box:
    width = max(map(columns, rows))
    return Box(tuple(padded(row, width) for row in rows), width, base, *core)


def _ruled(node: Ruled, *, display: bool) -> Box:
    body = box(node.body, display=display)
    width = body.width
    half = max(0, (width - 3) // 2)
    rest = max(0, width - 3 - half)
    match node.place:
        case "over":
            return boxes.stacked((text_box("_" * width), body), 1)
        case "under":
            return boxes.stacked((body, text_box("‾" * width)), 0)
        case "overbrace":
            return boxes.stacked((text_box(f"╭{'─' * half}┴{'─' * rest}╮"), body), 1)
        case _:
            return boxes.stacked((body, text_box(f"╰{'─' * half}┬{'─' * rest}╯")), 0)


def _stacked(node: Stacked) -> Box:
    base = box(node.base, display=False)
    over = _script(node.over) if node.over is not None else NOTHING
    under = _script(node.under) if node.under is not None else NOTHING
    if base.lines in {("⟶",), ("⟵",)}:
        # An arrow is at least as long as what stands on it.
        shaft = "─" * (max(over.width, under.width) - 1)
        base = text_box(shaft + "⟶" if base.lines == ("⟶",) else "⟵" + shaft)
    parts = [part for part in (over, base, under) if part.width]
    return boxes.stacked(parts, int(bool(over.width)))


def _grid(node: Grid) -> Box:
    equations = node.align == "rl"
    cells = [[box(cell, display=equations) for cell in row] for row in node.cells]
    count = max(len(row) for row in cells)
    flat = all(len(cell.lines) == 1 for row in cells for cell in row)
    if flat and node.align == "c":
        texts = [[cell.lines[0] for cell in row] for row in cells]
        lines = matrix_lines(texts, left=node.left, right=node.right)
        return boxes.block(lines, (len(lines) - 1) // 2)
    if equations:
        align = ("rl" * count)[:count]
        gaps = [1 if j % 2 == 0 else 3 for j in range(count)]
    else:
        align = (node.align + node.align[-1] * count)[:count]
        gaps = [2] * count
    filled = [[*row, *[NOTHING] * (count - len(row))] for row in cells]
    return boxes.fenced(node.left, boxes.table(filled, align, gaps), node.right)
