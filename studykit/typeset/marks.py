"""The small Markdown of cards → blocks of spans, the one form that every renderer starts from.

Paragraphs, headings, bullet and numbered lists, fenced code; in a line `code`, **strong**,
*emphasis*, links, $inline$ and $$display$$ mathematics, backslash escapes. One pass, linear in the
length of the text, never an error: what is no mark is text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from studykit.typeset.clean import clean

MAX_NESTING = 8
"""Lists within lists; deeper ones are text."""


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text; `style` is "", "strong", "emphasis", "strong emphasis", "code" or "dim".

    A newline in it is a line break that the author asked for.
    """

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """TeX in a line of text, without its dollars."""

    tex: str


Span = Words | Formula


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Display:
    """TeX on rows of its own."""

    tex: str


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
    for piece in _Inline(text).pieces():
        if isinstance(piece, Display):
            _end_paragraph(current, found)
            found.append(piece)
        else:
            current.append(piece)
    _end_paragraph(current, found)
    return found


def _end_paragraph(current: list[Span], found: list[Block]) -> None:
    if any(isinstance(span, Formula) or span.text.strip() for span in current):
        found.append(Paragraph(_trimmed(current)))
    current.clear()


def _trimmed(found: list[Span]) -> tuple[Span, ...]:
    kept = list(found)
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
        while kept:
            span = kept[end]
            if not isinstance(span, Words):
                break
            text = strip(span.text)
            if text:
                kept[end] = Words(text, span.style)
                break
            kept.pop(end)
    return tuple(kept)


# -- spans ---------------------------------------------------------------------------------------

_MARK = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])|(?P<hard>(?: {2,}|\\)\n *)|(?P<newline> *\n *)"
    r"|(?P<ticks>`+)|(?P<dollars>\$\$?)|(?P<stars>\*\*\*|\*\*|\*)"
    r"|(?P<link>\[(?P<label>[^\[\]\n]+)\]\((?P<target>[^()\s]*)\))"
)
_RUN = re.compile(r"`+")


def spans(text: str) -> tuple[Span, ...]:
    """The spans of one line or paragraph of text; display mathematics counts as inline here."""
    found = _Inline(text).pieces()
    return _trimmed([Formula(s.tex) if isinstance(s, Display) else s for s in found])


class _Inline:
    """One pass over a paragraph. Stars are resolved at the end, when their partners are known."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.ticks: dict[int, list[int]] = {}
        for run in _RUN.finditer(text):
            self.ticks.setdefault(len(run.group()), []).append(run.start())
        self.no_closer: set[str] = set()

    def pieces(self) -> list[Span | Display]:
        text, at, start = self.text, 0, 0
        found: list[Span | Display | _Stars] = []
        while (match := _MARK.search(text, at)) is not None:
            taken = self.mark(match)
            if taken is None:
                at = match.start() + 1 if match["dollars"] else match.end()
                continue
            if start < match.start():
                found.append(Words(text[start : match.start()]))
            at = start = taken[0]
            found.extend(taken[1:])
        if start < len(text):
            found.append(Words(text[start:]))
        return _resolved(found)

    def mark(self, match: re.Match[str]) -> _Taken | None:
        """Where the mark ends and what it stands for; None when it is plain text."""
        if match["escape"]:
            return self.escape(match)
        if match["hard"]:
            return match.end(), Words("\n")
        if match["newline"]:
            return match.end(), Words(" ")
        if match["ticks"]:
            return self.code(match)
        if match["dollars"]:
            return self.dollars(match)
        if match["stars"]:
            return self.stars(match)
        label, target = match["label"], match["target"]
        if target in {"", label}:
            return match.end(), Words(label)
        return match.end(), Words(label), Words(f" ({target})", "dim")

    def stars(self, match: re.Match[str]) -> _Taken | None:
        before = self.text[match.start() - 1 : match.start()]
        after = self.text[match.end() : match.end() + 1]
        opens = bool(after) and not after.isspace()
        closes = bool(before) and not before.isspace()
        product = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
        if product or not (opens or closes):
            return None
        return match.end(), _Stars(match.group(), opens, closes)

    def escape(self, match: re.Match[str]) -> _Taken | None:
        sign = match.group()[1]
        if sign in "([":
            end = self.find("\\" + ("]" if sign == "[" else ")"), match.end())
            tex = "" if end is None else self.text[match.end() : end].strip()
            if end is None or not tex:
                return None
            return end + 2, Display(tex) if sign == "[" else Formula(tex)
        return None if sign in ")]" else (match.end(), Words(sign))

    def find(self, closer: str, start: int) -> int | None:
        """Where `closer` stands next, unescaped. A failed search is remembered: all are linear."""
        if closer in self.no_closer:
            return None
        at = self.text.find(closer, start)
        while at > 0 and closer[0] == "$" and self.escaped(at):
            at = self.text.find(closer, at + 1)
        if at < 0:
            self.no_closer.add(closer)
            return None
        return at

    def escaped(self, at: int) -> bool:
        count = 0
        while at - 1 - count >= 0 and self.text[at - 1 - count] == "\\":
            count += 1
        return count % 2 == 1

    def code(self, match: re.Match[str]) -> _Taken | None:
        length = len(match.group())
        places = self.ticks[length]
        index = bisect_left(places, match.end())
        if index == len(places):
            return None
        inside = self.text[match.end() : places[index]].replace("\n", " ")
        if inside.strip() and inside[0] == inside[-1] == " ":
            inside = inside[1:-1]
        return places[index] + length, Words(inside, "code")

    def dollars(self, match: re.Match[str]) -> _Taken | None:
        text, start = self.text, match.end()
        if match.group() == "$$":
            end = self.find("$$", start)
            if end is None or not text[start:end].strip():
                return None
            return end + 2, Display(text[start:end].strip())
        # A price is no formula: no blank inside the dollars, no digit right outside them.
        if text[start : start + 1].isspace() or text[match.start() - 1 : match.start()].isdigit():
            return None
        end = self.find("$", start)
        if end is None or end == start or text[end - 1].isspace():
            return None
        if text[end + 1 : end + 2].isdigit():
            return None
        return end + 1, Formula(text[start:end])


@dataclass(frozen=True, slots=True)
class _Stars:
    text: str
    opens: bool
    closes: bool


_Taken = tuple[int, *tuple[Span | Display | _Stars, ...]]


def _resolved(found: list[Span | Display | _Stars]) -> list[Span | Display]:
    """Stars paired into styles; a star without a partner stays a star."""
    pairs = _pairs(found)
    styled: list[Span | Display] = []
    active: set[str] = set()
    run: list[str] = []

    def close() -> None:
        if run:
            styled.append(Words("".join(run), _style(active)))
            run.clear()

    for index, piece in enumerate(found):
        if isinstance(piece, _Stars):
            turned = pairs.get(index)
            if turned is None:
                run.append(piece.text)
            else:
                close()
                active ^= turned
        elif isinstance(piece, Words) and not piece.style:
            run.append(piece.text)
        else:
            close()
            styled.append(piece)
    close()
    return styled


def _pairs(found: list[Span | Display | _Stars]) -> dict[int, set[str]]:
    """Index of each star run that has a partner → the styles it turns on or off."""
    open_at: dict[str, int] = {}
    order: list[str] = []
    pairs: dict[int, set[str]] = {}
    names = {"*": {"emphasis"}, "**": {"strong"}, "***": {"strong", "emphasis"}}
    for index, piece in enumerate(found):
        if not isinstance(piece, _Stars):
            continue
        if piece.closes and piece.text in open_at:
            while order:
                inner = order.pop()
                start = open_at.pop(inner)
                if inner == piece.text:
                    pairs[start] = pairs[index] = names[inner]
                    break
        elif piece.opens and piece.text not in open_at:
            open_at[piece.text] = index
            order.append(piece.text)
    return pairs


def _style(active: set[str]) -> str:
    return " ".join(name for name in ("strong", "emphasis") if name in active)
