"""Card text and TeX into terminal lines and plain text, and the one door for untrusted text.

Nothing heavy is imported here: the mathematics is loaded when the first formula is drawn.
"""

from studykit.typeset.clean import Stain, clean, stains
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
from studykit.typeset.plain import linear_source, plain
from studykit.typeset.spans import Display, Formula, Span, Words, spans
from studykit.typeset.width import columns

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
    "parse",
    "plain",
    "spans",
    "stains",
    "why_not_drawn",
]
