"""Card text as Markdown that every reader of Markdown takes the same way.

A displayed formula gets lines of its own, and what is text is escaped, raw HTML above all.
"""

from __future__ import annotations

import re

from studykit.typeset.inline import Display, Formula, Span, Words
from studykit.typeset.marks import Block, Code, Heading, Listing, Paragraph, parse

_MARKS = re.compile(r"[\\`*_$<~|]")
_BLANK_LINES = re.compile(r"\n\s*\n")
_BEGINS = re.compile(r"^( *)(#{1,6}(?= )|[-+>=](?=[ =-]|$)|\d{1,9}(?=[.)]( |$)))", re.MULTILINE)
_STYLES = {"strong": "**", "emphasis": "*"}


def markdown(text: str) -> str:
    """`text` with one way of writing each thing."""
    return _blocks(parse(text))


def markdown_line(text: str) -> str:
    """`text` to stand within a line or a heading."""
    return " ".join(markdown(text).split())


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph(spans=spans):
            return _BEGINS.sub(_held, _line(spans))
        case Heading(level=level, spans=spans):
            return f"{'#' * level} {' '.join(_line(spans).split())}"
        case Display(tex=tex):
            return f"$$\n{_tex(tex)}\n$$"
        case Code(lines=lines, language=language):
            fence = "`" * max(3, 1 + max(map(_ticks, lines), default=0))
            return "\n".join([f"{fence}{language}", *lines, fence])
        case Listing(start=start, items=items):
            entries = []
            for count, entry in enumerate(items):
                mark = "- " if start is None else f"{start + count}. "
                entries.append(mark + _blocks(entry).replace("\n", "\n" + " " * len(mark)))
            return "\n".join(entries)


def _line(spans: tuple[Span, ...]) -> str:
    # A bracket that did not make a link here makes none elsewhere.
    return "".join(map(_span, spans)).replace("](", "] (")


def _span(span: Span) -> str:
    if isinstance(span, Formula):
        return f"${_tex(span.tex)}$"
    return _styled(span)


def _styled(words: Words) -> str:
    if words.style == "code":
        ticks = "`" * (1 + _ticks(words.text))
        blank = " " if words.text[:1] in ("`", " ") or words.text[-1:] in ("`", " ") else ""
        return f"{ticks}{blank}{words.text}{blank}{ticks}"
    shown = _MARKS.sub(lambda mark: "\\" + mark[0], words.text).replace("\n", "\\\n")
    inside = shown.strip()
    if not inside:
        return shown
    for style in words.style.split():
        around = _STYLES.get(style, "")
        shown = shown.replace(inside, around + inside + around)
        inside = around + inside + around
    return shown


def _tex(tex: str) -> str:
    """A formula without blank lines, which would end it, and without an HTML tag."""
    held = _BLANK_LINES.sub("\n", tex.strip())
    return re.sub(r"<(?=[!/?a-zA-Z])", "< ", held)


def _ticks(text: str) -> int:
    """The longest run of backticks."""
    return max(map(len, re.findall("`+", text)), default=0)


def _held(begins: re.Match[str]) -> str:
    """A line that would begin a heading or a list, made to begin with text."""
    mark = begins[2]
    return f"{begins[1]}{mark}\\" if mark.isdigit() else f"{begins[1]}\\{mark}"
