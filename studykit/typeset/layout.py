"""Blocks → lines of styled pieces, wrapped to a width in terminal columns.

Paragraphs and list items wrap at blanks (and between East Asian characters); a formula in a
sentence stays whole where it fits and breaks at its relations where it cannot; a tall one stands on
the line's baseline and gives the line more rows. Display mathematics is indented, never wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from studykit.typeset.inline import Display, Formula, Span
from studykit.typeset.marks import Block, Code, Heading, Listing, Paragraph, parse
from studykit.typeset.maths import Drawing, draw
from studykit.typeset.width import columns

INDENT = 4
"""Columns before display mathematics, where there is room."""
UNWRAPPED = 1_000_000
MIN_WIDTH = 4


class Piece(NamedTuple):
    """A run of text in one style.

    Styles: "", "strong", "emphasis", "strong emphasis", "code", "math", "dim", "heading", "bullet".
    """

    text: str
    style: str = ""


Line = tuple[Piece, ...]


def lay_out(text: str, width: int) -> tuple[Line, ...]:
    """`text`, in the small Markdown, as lines at most `width` columns wide.

    Only display mathematics, and a tall formula in a sentence, may be wider.
    """
    return lay_out_blocks(parse(text), width)


def lay_out_blocks(blocks: Sequence[Block], width: int) -> tuple[Line, ...]:
    """The same for blocks already parsed."""
    return tuple(map(_merged, _blocks(blocks, max(width, MIN_WIDTH), tight=False)))


def natural_width(text: str) -> int:
    """The columns `text` takes when no line is wrapped."""
    return max(map(line_width, lay_out(text, UNWRAPPED)), default=0)


def line_width(line: Line) -> int:
    """The columns of one line."""
    return sum(columns(piece.text) for piece in line)


# -- blocks --------------------------------------------------------------------------------------


def _blocks(blocks: Sequence[Block], width: int, *, tight: bool) -> list[Line]:
    lines: list[Line] = []
    last: Block | None = None
    for block in blocks:
        if last is not None and not isinstance(last, Heading):
            listed = tight and isinstance(block, Listing)
            if not listed:
                lines.append(())
        lines.extend(_block(block, width))
        last = block
    return lines


def _block(block: Block, width: int) -> Iterable[Line]:
    match block:
        case Paragraph(spans=spans):
            return _paragraph(spans, width, "")
        case Heading(spans=spans):
            return _paragraph(spans, width, "heading")
        case Display(tex=tex):
            return _display(tex, width)
        case Code(lines=rows):
            return _code(rows, width)
        case Listing():
            return _listing(block, width)


def _display(tex: str, width: int) -> list[Line]:
    drawing = draw(tex)
    lead = " " * max(0, min(INDENT, width - drawing.width))
    return [(Piece(lead), Piece(row, "math")) for row in drawing.lines]


def _code(rows: Sequence[str], width: int) -> Iterator[Line]:
    for row in rows or ("",):
        for part in _cut(row, width):
            yield (Piece(part, "code"),)


def _listing(block: Listing, width: int) -> list[Line]:
    lines: list[Line] = []
    count = len(block.items)
    tight = all(len(item) < 2 or isinstance(item[-1], Listing) for item in block.items)
    room = len(f"{(block.start or 0) + count - 1}. ") if block.start is not None else 2
    for index, item in enumerate(block.items):
        label = "• " if block.start is None else f"{block.start + index}. ".rjust(room)
        hang = len(label) if width - len(label) >= MIN_WIDTH else 0
        inside = _blocks(item, width - hang, tight=True) or [()]
        # The label stands on the baseline of a first row that a tall formula has raised.
        first = next((i for i, line in enumerate(inside) if _on_baseline(line)), 0)
        if index and not tight:
            lines.append(())
        if not hang:
            # No room beside the label: it stands alone.
            lines.extend((Piece(part, "bullet"),) for part in _cut(label.strip(), width))
            lines.extend(inside)
            continue
        for row, line in enumerate(inside):
            lead = Piece(label, "bullet") if row == first else Piece(" " * hang)
            lines.append((lead, *line) if line or row == first else ())
    return lines


def _on_baseline(line: Line) -> bool:
    return any(piece.style != "raised" and piece.text.strip() for piece in line)


# -- lines of text -------------------------------------------------------------------------------


class _Chunk(NamedTuple):
    """What may not be broken: pieces of one row, or one tall drawing."""

    pieces: tuple[Piece | Drawing, ...]
    width: int
    space: int
    """Blanks before it when it does not start a line; -1 asks for a new line."""
    space_style: str = ""


def _paragraph(spans: Sequence[Span], width: int, style: str) -> Iterator[Line]:
    current: list[_Chunk] = []
    used = 0
    for chunk in _fitted(_chunks(spans, style), width):
        if current and (chunk.space < 0 or used + chunk.space + chunk.width > width):
            yield from _set(current)
            current, used = [], 0
        used += chunk.width + (chunk.space if current and chunk.space > 0 else 0)
        current.append(chunk)
    if current:
        yield from _set(current)


_PARTS = re.compile(r"\n| +|[^ \n]+")
# Where Chinese and Japanese may break: between wide characters, but not before closing marks or
# after opening ones.
_NEVER_FIRST = frozenset("、。，．：；？！）」』】〉》〕％”’…—,.:;?!)]}")
_NEVER_LAST = frozenset("（「『【〈《〔“‘([{")


def _chunks(spans: Sequence[Span], style: str) -> Iterator[_Chunk]:
    glued: list[Piece | Drawing] = []
    space, space_style = 0, ""
    for span in spans:
        if isinstance(span, Formula):
            drawing = draw(span.tex, inline=True)
            if len(drawing.lines) == 1:
                glued.append(Piece(drawing.lines[0], "math"))
            else:
                glued.append(drawing)
            continue
        look = " ".join(filter(None, (style, span.style))) if style != span.style else style
        for part in _PARTS.findall(span.text):
            if part[0] in " \n":
                if glued:
                    yield _chunk(glued, space, space_style)
                    glued = []
                    space = 0
                space = -1 if part == "\n" or space < 0 else 1
                space_style = look
                continue
            for run in _runs(part):
                if glued and _may_break(glued[-1], run):
                    yield _chunk(glued, space, space_style)
                    glued, space = [], 0
                glued.append(Piece(run, look))
    if glued:
        yield _chunk(glued, space, space_style)


def _chunk(pieces: Sequence[Piece | Drawing], space: int, style: str) -> _Chunk:
    return _Chunk(tuple(pieces), sum(map(_wide, pieces)), space, style)


def _wide(piece: Piece | Drawing) -> int:
    return columns(piece.text) if isinstance(piece, Piece) else piece.width


def _runs(word: str) -> Iterator[str]:
    """A word, cut into single characters where it is East Asian."""
    if word.isascii() or columns(word) == len(word):
        yield word
        return
    narrow = ""
    for character in word:
        if columns(character) == 2:
            if narrow:
                yield narrow
                narrow = ""
            yield character
        else:
            narrow += character
    if narrow:
        yield narrow


def _may_break(before: Piece | Drawing, run: str) -> bool:
    """Whether a line may end between the two without a blank: beside a wide character."""
    if isinstance(before, Piece):
        last, wide = before.text[-1], columns(before.text[-1]) == 2
    else:
        last, wide = "", False
    wide = wide or columns(run[0]) == 2
    return wide and run[0] not in _NEVER_FIRST and last not in _NEVER_LAST


def _fitted(chunks: Iterable[_Chunk], width: int) -> Iterator[_Chunk]:
    """Chunks too wide for any line, cut: formulas at their blanks, words at any character."""
    for chunk in chunks:
        tall = any(isinstance(piece, Drawing) for piece in chunk.pieces)
        if chunk.width <= width or tall:
            yield chunk
            continue
        space, room = chunk.space, width
        row: list[Piece] = []
        for piece in _breakable(chunk.pieces, width):
            size = columns(piece.text)
            if row and size > room:
                # A comma takes what stands before it along.
                closes = piece.text[0] in _NEVER_FIRST and _wide(row[-1]) + size <= width
                carried = [row.pop()] if closes and len(row) > 1 else []
                yield _chunk(row, space, chunk.space_style)
                first, *rest = [*carried, piece]
                row, space = [Piece(first.text.lstrip(" "), first.style), *rest], -1
                room = width - sum(map(_wide, row))
                continue
            row.append(piece)
            room -= size
        if row:
            yield _chunk(row, space, chunk.space_style)


def _breakable(pieces: Sequence[Piece | Drawing], width: int) -> Iterator[Piece]:
    for piece in pieces:
        if not isinstance(piece, Piece):
            continue
        parts = _formula_parts(piece.text) if piece.style == "math" else (piece.text,)
        for part in parts:
            for bit in _cut(part, width):
                yield Piece(bit, piece.style)


_RELATION = re.compile(r" (?=[=≤≥≈≠<>∈→←↦⇒⇔≪≫∝] )")


def _formula_parts(text: str) -> list[str]:
    """A one-row formula cut before its outer relations, else at its outer blanks."""
    for pattern in (_RELATION, re.compile(" ")):
        parts, start, depth, at = [], 0, 0, 0
        for at, character in enumerate(text):
            depth += (character in "([{⟨") - (character in ")]}⟩")
            if at and depth == 0 and pattern.match(text, at):
                parts.append(text[start:at])
                start = at
        parts.append(text[start:])
        if len(parts) > 1:
            return parts
    return [text]


def _cut(text: str, width: int) -> list[str]:
    """`text` in parts of at most `width` columns, cut between any two characters."""
    if columns(text) <= width:
        return [text]
    parts, current, used = [], "", 0
    for character in text:
        size = columns(character)
        if current and used + size > width:
            parts.append(current)
            current, used = "", 0
        current += character
        used += size
    return [*parts, current]


def _set(chunks: Sequence[_Chunk]) -> Iterator[Line]:
    """One line of text, on as many rows as its tallest formula needs."""
    pieces: list[Piece | Drawing] = []
    for index, chunk in enumerate(chunks):
        if index and chunk.space > 0:
            pieces.append(Piece(" " * chunk.space, chunk.space_style))
        pieces.extend(chunk.pieces)
    tall = [piece for piece in pieces if isinstance(piece, Drawing)]
    above = max((drawing.baseline for drawing in tall), default=0)
    below = max((len(drawing.lines) - 1 - drawing.baseline for drawing in tall), default=0)
    for row in range(-above, below + 1):
        yield _row(pieces, row)


def _row(pieces: Sequence[Piece | Drawing], row: int) -> Line:
    line: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Piece):
            line.append(piece if row == 0 else Piece(" " * columns(piece.text)))
            continue
        at = row + piece.baseline
        style = "math" if row == 0 else "raised"
        inside = 0 <= at < len(piece.lines)
        line.append(Piece(piece.lines[at], style) if inside else Piece(" " * piece.width))
    return tuple(line)


def _merged(line: Line) -> Line:
    """Neighbours of one style joined, blanks at the end dropped."""
    merged: list[Piece] = []
    for text, style in line:
        look = "math" if style == "raised" else style
        if merged and merged[-1].style == look:
            merged[-1] = Piece(merged[-1].text + text, look)
        elif text:
            merged.append(Piece(text, look))
    while merged and not merged[-1].text.strip():
        merged.pop()
    if merged:
        merged[-1] = Piece(merged[-1].text.rstrip(), merged[-1].style)
    return tuple(merged)
