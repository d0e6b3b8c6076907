"""Card text and TeX into terminal lines and plain text, and the one door for untrusted text.

Only the door is loaded with the package; the rest is loaded when it is first asked for, since a
deck is read long before its first card is shown.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from studykit.typeset.clean import Stain, clean, stains

if TYPE_CHECKING:
    from studykit.typeset.inline import Display, Formula, Span, Words, spans
    from studykit.typeset.layout import (
        Line,
        Piece,
        lay_out,
        lay_out_blocks,
        line_width,
        natural_width,
    )
    from studykit.typeset.marks import Block, Code, Heading, Listing, Paragraph, parse
    from studykit.typeset.maths import Drawing, draw, why_not_drawn
    from studykit.typeset.matrices import matrix_lines
    from studykit.typeset.plaintext import linear_source, one_line, plain
    from studykit.typeset.width import columns

_HOMES = {
    "inline": ("Display", "Formula", "Span", "Words", "spans"),
    "layout": ("Line", "Piece", "lay_out", "lay_out_blocks", "line_width", "natural_width"),
    "marks": ("Block", "Code", "Heading", "Listing", "Paragraph", "parse"),
    "maths": ("Drawing", "draw", "why_not_drawn"),
    "matrices": ("matrix_lines",),
    "plaintext": ("linear_source", "one_line", "plain"),
    "width": ("columns",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Block",
    "Code",
    "Display",
    "Drawing",
    "Formula",
    "Heading",
    "Line",
    "Listing",
    "Paragraph",
    "Piece",
    "Span",
    "Stain",
    "Words",
    "clean",
    "columns",
    "draw",
    "lay_out",
    "lay_out_blocks",
    "line_width",
    "linear_source",
    "matrix_lines",
    "natural_width",
    "one_line",
    "parse",
    "plain",
    "spans",
    "stains",
    "why_not_drawn",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
