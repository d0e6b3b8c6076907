"""The same layout as plain text, for pipes and line mode, and a form for screen readers."""

from __future__ import annotations

import re

from studykit.typeset.clean import clean
from studykit.typeset.inline import Display, Formula, Span, Words, spans
from studykit.typeset.layout import UNWRAPPED, lay_out_blocks
from studykit.typeset.marks import Block, Code, Heading, Listing, Paragraph, parse
from studykit.typeset.maths import draw

_MATRIX = re.compile(
    r"\\begin\{[bpBvV]?matrix\}((?:(?!\\begin|\\end).)*)\\end\{[bpBvV]?matrix\}", re.DOTALL
)


def plain(text: str, width: int | None = None, *, source: bool = False) -> str:
    """`text` laid out to `width` columns (not wrapped when None), without styles.

    With `source`, for screen readers and terminals without these signs, mathematics is its TeX in
    dollars and a matrix is a list of rows, `[[1, 2], [3, 4]]`.
    """
    blocks = parse(text)
    if source:
        blocks = tuple(map(_spoken, blocks))
    lines = lay_out_blocks(blocks, UNWRAPPED if width is None else width)
    return "\n".join("".join(piece.text for piece in line) for line in lines)


def one_line(text: str) -> str:
    """`text` on a single line, for lists: formulas in their one-row form, else as their source."""
    parts = []
    for span in spans(text):
        if isinstance(span, Formula):
            drawing = draw(span.tex, inline=True)
            single = len(drawing.lines) == 1
            parts.append(drawing.lines[0] if single else linear_source(span.tex))
        else:
            parts.append(clean(span.text))
    return " ".join("".join(parts).split())


def linear_source(tex: str) -> str:
    """`tex` on one line, its matrices as lists of rows."""
    return " ".join(_MATRIX.sub(_listed, tex).split())


def _listed(match: re.Match[str]) -> str:
    rows = [row for row in re.split(r"\\\\", match[1]) if row.strip()]
    cells = (", ".join(cell.strip() for cell in row.split("&")) for row in rows)
    return "[" + ", ".join(f"[{row}]" for row in cells) + "]"


def _spoken(block: Block) -> Block:
    match block:
        case Paragraph(spans=spans):
            return Paragraph(tuple(map(_spoken_span, spans)))
        case Heading(level=level, spans=spans):
            return Heading(level, tuple(map(_spoken_span, spans)))
        case Display(tex=tex):
            return Paragraph((Words(f"$${linear_source(tex)}$$"),))
        case Listing(start=start, items=entries):
            return Listing(start, tuple(tuple(map(_spoken, entry)) for entry in entries))
        case Code():
            return block


def _spoken_span(span: Span) -> Span:
    return Words(f"${linear_source(span.tex)}$") if isinstance(span, Formula) else span
