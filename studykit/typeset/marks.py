"""The small Markdown of cards → blocks of spans, the one form that every renderer starts from.

Paragraphs, headings, bullet and numbered lists, fenced code and display mathematics; what stands in
a line is read by `inline`. One pass, linear in the length of the text, never an error: what is no
mark is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from studykit.typeset.clean import clean
from studykit.typeset.inline import Display, Formula, Span, inline, spans, trimmed

MAX_NESTING = 8
"""Lists within lists; deeper ones are text."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Code:
    lines: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: numbered from `start`, or bulleted when `start` is None."""

    start: int | None
    items: tuple[tuple[Block, ...], ...]


Block = Paragraph | Heading | Display | Code | Listing

_ITEM = re.compile(r"( *)([-*•]|[0-9]{1,9}[.)]) +(?=\S)")
_HEADING = re.compile(r"(#{1,6}) +(.*?)(?: +#+)? *$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,}) *([\w+-]*) *$")
_OPENERS = {"$$": "$$", "\\[": "\\]"}


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of `text`. The text is cleaned first; no text makes this raise."""
    return _blocks(clean(text).split("\n"), 0)


# -- blocks --------------------------------------------------------------------------------------


def _blocks(lines: list[str], nesting: int) -> tuple[Block, ...]:
    found: list[Block] = []
    paragraph: list[str] = []
    unclosed: set[str] = set()
    at = 0

    def close() -> None:
        if paragraph:
            found.extend(_paragraph("\n".join(paragraph)))
            paragraph.clear()

    while at < len(lines):
        line = lines[at]
        stripped = line.strip()
        if not stripped:
            close()
            at += 1
            continue
        fence = _FENCE.match(line)
        if fence is not None:
            close()
            at = _code(lines, at, fence, found)
            continue
        opener = stripped[:2]
        closer = _OPENERS.get(opener, "")
        if closer and closer not in unclosed and closer not in stripped[2:]:
            # Display mathematics over several lines: a "- b" inside is no list.
            end = next((i for i in range(at + 1, len(lines)) if closer in lines[i]), None)
            if end is None:
                unclosed.add(closer)
            else:
                paragraph.extend(part for part in lines[at : end + 1] if part.strip())
                at = end + 1
                continue
        heading = _HEADING.match(stripped)
        if heading is not None:
            close()
            found.append(Heading(len(heading[1]), spans(heading[2])))
            at += 1
            continue
        item = _ITEM.match(line)
        if item is not None and nesting < MAX_NESTING and _may_start(item, paragraph):
            close()
            at = _listing(lines, at, nesting, found)
            continue
        paragraph.append(stripped + ("  " if line.endswith("  ") else ""))
        at += 1
    close()
    return tuple(found)


def _may_start(item: re.Match[str], paragraph: list[str]) -> bool:
    """A line like "1984. was a year" inside a paragraph is no list; "1." and a bullet are."""
    return not paragraph or item[2][0] in "-*•" or item[2][:-1] == "1"


def _code(lines: list[str], at: int, fence: re.Match[str], found: list[Block]) -> int:
    mark = fence[1]
    inside: list[str] = []
    at += 1
    while at < len(lines):
        closing = lines[at].strip()
        if len(closing) >= len(mark) and not closing.strip(mark[0]):
            at += 1
            break
        inside.append(lines[at].rstrip())
        at += 1
    found.append(Code(tuple(inside), fence[2]))
    return at


def _listing(lines: list[str], at: int, nesting: int, found: list[Block]) -> int:
    first = _ITEM.match(lines[at])
    assert first is not None  # noqa: S101 - the caller matched it
    indent = len(first[1])
    numbered = first[2][0].isdigit()
    gathered: list[tuple[Block, ...]] = []
    while at < len(lines):
        item = _ITEM.match(lines[at])
        if item is None or len(item[1]) > indent + 1 or item[2][0].isdigit() != numbered:
            break
        if len(item[1]) < indent:
            break
        depth = item.end()
        inside = [lines[at][depth:]]
        at += 1
        while at < len(lines):
            line = lines[at]
            lead = len(line) - len(line.lstrip(" "))
            if not line.strip():
                following = next((n for n in lines[at + 1 : at + 3] if n.strip()), "")
                if len(following) - len(following.lstrip(" ")) < min(depth, indent + 2):
                    break
                inside.append("")
            elif lead >= min(depth, indent + 2):
                inside.append(line[min(lead, depth) :])
            elif _ITEM.match(line) or _FENCE.match(line) or _HEADING.match(line):
                break
            else:
                inside.append(line.strip())
            at += 1
        gathered.append(_blocks(inside, nesting + 1))
        blank = at
        while blank < len(lines) and not lines[blank].strip():
            blank += 1
        following_item = _ITEM.match(lines[blank]) if blank < len(lines) else None
        if blank > at and following_item is not None and len(following_item[1]) == indent:
            at = blank
    start = int(first[2][:-1]) if numbered else None
    found.append(Listing(start, tuple(gathered)))
    return at


def _paragraph(text: str) -> list[Block]:
    """A paragraph, split where display mathematics stands in it."""
    found: list[Block] = []
    current: list[Span] = []
    for piece in inline(text):
        if isinstance(piece, Display):
            _end_paragraph(current, found)
            found.append(piece)
        else:
            current.append(piece)
    _end_paragraph(current, found)
    return found


def _end_paragraph(current: list[Span], found: list[Block]) -> None:
    if any(isinstance(span, Formula) or span.text.strip() for span in current):
        found.append(Paragraph(trimmed(current)))
    current.clear()
