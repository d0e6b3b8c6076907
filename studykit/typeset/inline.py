"""One line or paragraph of card text → spans: words in a style, and formulas.

`code`, **strong**, *emphasis*, links, $inline$ and $$display$$ mathematics, backslash escapes. One
pass, linear in the length of the text, never an error: what is no mark is text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple


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
class Display:
    """TeX on rows of its own."""

    tex: str


_MARK = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])|(?P<hard>(?: {2,}|\\)\n *)|(?P<newline> *\n *)"
    r"|(?P<ticks>`+)|(?P<dollars>\$\$?)|(?P<stars>\*\*\*|\*\*|\*)"
    r"|(?P<link>\[(?P<label>[^\[\]\n]+)\]\((?P<target>[^()\s]*)\))"
)
_RUN = re.compile(r"`+")


def spans(text: str) -> tuple[Span, ...]:
    """The spans of one line or paragraph of text; display mathematics counts as inline here."""
    found = inline(text)
    return trimmed([Formula(s.tex) if isinstance(s, Display) else s for s in found])


def inline(text: str) -> list[Span | Display]:
    """The spans of a paragraph, and the display mathematics that splits it."""
    return _Inline(text).pieces()


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
        # A run whose first tick is escaped is shorter than any that was counted.
        places = self.ticks.get(length, [])
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


class _Stars(NamedTuple):
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


def trimmed(found: list[Span]) -> tuple[Span, ...]:
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
