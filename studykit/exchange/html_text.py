r"""The HTML of an Anki field → the small Markdown of cards, its mathematics as TeX in dollars.

Nothing of a field is ever run: scripts and styles are dropped and named, pictures and sounds leave
their name, unknown tags leave their text. What would be a mark in Markdown is escaped.
"""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import NamedTuple

from studykit.typeset import clean

OPEN, CLOSE = "\ue000", "\ue001"
"""Around what is to be a blank, where the text is a cloze; they pass through."""
_MATH, _END = "\ue002", "\ue003"
_PRIVATE = re.compile("[\ue002\ue003]")
_HELD = re.compile(f"([ \\n]{{0,4}}){_MATH}([0-9]+){_END}([ \\n]{{0,4}})")
_STRAY = re.compile(r"<(?![/!]?[a-zA-Z][^<>]{0,4000}>)")
"""A sign that begins no tag. Python's parser looks for an end of each up to the end of the text."""
MAX_DEPTH = 8
"""Lists within lists; deeper ones are not set further in."""
_CLOSERS = {
    "\\(": ("\\)", False),
    "\\[": ("\\]", True),
    "[$$]": ("[/$$]", True),
    "[$]": ("[/$]", False),
    "[latex]": ("[/latex]", False),
    "<anki-mathjax>": ("</anki-mathjax>", False),
    '<anki-mathjax block="true">': ("</anki-mathjax>", True),
}
"""How a formula begins in a field → how it ends, and whether it stands on rows of its own."""
_OPENER = re.compile("|".join(map(re.escape, sorted(_CLOSERS, key=len, reverse=True))))
_EMPTY_LINES = re.compile(r"\n\s*\n+")
_MANY_LINES = re.compile(r"\n{3,}")
_BARE_DOLLAR = re.compile(r"(?<!\\)\$")
_SOUND = re.compile(r"\[sound:([^\[\]\n]{1,200})\]")
_MARKED = re.compile(r"\\|`|\$|\*(?=\S)|(?<=\S)\*|\[(?=[^\[\]\n]+\]\()|\{\{|\}\}")
_BREAKS = frozenset(
    {
        *("p", "div", "section", "article", "header", "footer", "blockquote", "table", "center"),
        *("dl", "dd", "dt"),
    }
)
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_AROUND = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "tt": "`", "kbd": "`"}
_DROPPED = {"script": "scripts", "style": "style sheets", "iframe": "frames", "object": "frames"}
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SCRIPTS = {"sup": (_RAISED, "^"), "sub": (_LOWERED, "_")}


class Converted(NamedTuple):
    """Markdown, and what had to be left behind."""

    text: str
    media: tuple[str, ...]
    """Names of pictures and sounds."""
    dropped: tuple[str, ...]
    """Sorts of things that are never taken: scripts, frames …"""


def markdown_of(html: str) -> Converted:
    """The Markdown of a field; no input makes this raise, and the time is linear in its length."""
    text, maths = _without_maths(_PRIVATE.sub("", clean(html)))
    reader = _Reader()
    reader.feed(_harmless(text))
    reader.close()
    told = _tidy("".join(reader.parts))
    told = _HELD.sub(lambda found: _in_place(found, maths[int(found[2])]), told)
    told = _MANY_LINES.sub("\n\n", told).strip("\n").rstrip()
    return Converted(told, tuple(reader.media), tuple(reader.dropped))


def plain_of(html: str) -> str:
    """The bare words of a piece of HTML, line breaks kept."""
    reader = _Reader(marks=False)
    reader.feed(_harmless(html))
    reader.close()
    return "".join(reader.parts).strip()


def _harmless(html: str) -> str:
    """The HTML without comments, and what begins no tag as text."""
    parts = html.split("<!--")
    for at, part in enumerate(parts[1:], start=1):
        _, end, rest = part.partition("-->")
        parts[at] = rest if end else f"&lt;!--{part}"
    return _STRAY.sub("&lt;", "".join(parts))


class _Maths(NamedTuple):
    tex: str
    displayed: bool = False
    passage: bool = False
    """Not a formula but text with formulas in dollars, as LaTeX fields may hold it."""


def _without_maths(html: str) -> tuple[str, list[_Maths]]:
    """The HTML with a sign in the place of each formula, and the formulas."""
    maths: list[_Maths] = []
    parts: list[str] = []
    unclosed: set[str] = set()
    at = 0
    for opener in _OPENER.finditer(html):
        if opener.start() < at:
            continue
        mark = opener.group()
        closer, displayed = _CLOSERS[mark]
        end = -1 if closer in unclosed else html.find(closer, opener.end())
        if end < 0:
            unclosed.add(closer)
            continue
        tex = _EMPTY_LINES.sub("\n", plain_of(html[opener.end() : end])).strip()
        parts += [html[at : opener.start()], f"{_MATH}{len(maths)}{_END}"]
        maths.append(_latex(tex) if mark == "[latex]" else _Maths(tex, displayed))
        at = end + len(closer)
    parts.append(html[at:])
    return "".join(parts), maths


def _latex(tex: str) -> _Maths:
    """A passage of LaTeX: text with formulas in it, an environment, or one formula."""
    for name in ("math", "displaymath"):
        tex = tex.removeprefix(f"\\begin{{{name}}}").removesuffix(f"\\end{{{name}}}").strip()
    return _Maths(tex, displayed=tex.startswith("\\begin"), passage="$" in tex)


def _in_place(found: re.Match[str], maths: _Maths) -> str:
    """A formula with the marks that make it one where it stands."""
    before, after = found[1], found[3]
    if not maths.tex or maths.passage:
        return f"{before}{maths.tex}{after}"
    tex = _BARE_DOLLAR.sub(r"\\$", maths.tex)
    if maths.displayed:
        return f"\n\n$${tex}$$\n\n"
    line = " ".join(tex.split())
    whole = found.string
    beside = before[-1:] or whole[found.start() - 1 : found.start()]
    beside += after[:1] or whole[found.end() : found.end() + 1]
    # A dollar beside a digit is a price.
    shown = f"\\({line}\\)" if any(map(str.isdigit, beside)) else f"${line}$"
    return f"{before}{shown}{after}"


class _Reader(HTMLParser):
    """Gathers the text of a field with our marks. Character references come decoded."""

    def __init__(self, marks: bool = True) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.media: list[str] = []
        self.dropped: Counter[str] = Counter()
        self._marks = marks
        self._silent: list[str] = []
        self._fenced = 0
        self._ticked = ""
        self._lists: list[int | None] = []
        self._scripts: list[tuple[str, int]] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _DROPPED:
            self._silent.append(tag)
            self.dropped[_DROPPED[tag]] += 1
        elif tag in ("img", "source", "audio", "video", "embed"):
            self._medium(given.get("src") or "")
        elif tag == "br":
            self._put("\n")
        elif not self._marks:
            if tag in _BREAKS:
                self._put("\n")
        elif tag == "pre":
            self._fenced += 1
            self._put("\n\n```\n")
        elif self._fenced or self._ticked:
            return
        elif tag in _AROUND:
            self._put(_AROUND[tag])
            self._ticked = tag if _AROUND[tag] == "`" else ""
        elif tag in ("ul", "ol"):
            start = given.get("start") or "1"
            number = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1
            self._lists.append(number if tag == "ol" else None)
            self._put("\n\n" if len(self._lists) == 1 else "\n")
        elif tag == "li":
            self._entry()
        elif tag in _HEADINGS:
            self._put(f"\n\n{_HEADINGS[tag]}")
        elif tag in _SCRIPTS:
            self._scripts.append((tag, len(self.parts)))
        elif tag == "a":
            self._links.append(re.sub(r"[()\s]", "", given.get("href") or ""))
            self._put("[" if self._links[-1] else "")
        elif tag == "hr" or tag in _BREAKS:
            self._put("\n\n")
        elif tag == "tr":
            self._put("\n")
        elif tag in ("td", "th"):
            self._put(" | ")

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif not self._marks:
            if tag in _BREAKS:
                self._put("\n")
        elif tag == "pre" and self._fenced:
            self._fenced -= 1
            self._put("\n```\n\n")
        elif self._fenced or (self._ticked and tag != self._ticked):
            return
        elif tag in _AROUND and (_AROUND[tag] != "`" or self._ticked):
            self._ticked = ""
            self._put(_AROUND[tag])
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self._put("\n\n" if not self._lists else "\n")
        elif tag in _SCRIPTS and self._scripts and self._scripts[-1][0] == tag:
            self._script(*self._scripts.pop())
        elif tag == "a" and self._links:
            target = self._links.pop()
            self._put(f"]({target})" if target else "")
        elif tag in _BREAKS or tag in _HEADINGS:
            self._put("\n\n")

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if not self._marks:
            self._put(data)
            return
        for at, piece in enumerate(_SOUND.split(data)):
            if at % 2:
                self._medium(piece)
            elif self._fenced or self._ticked:
                self._put(piece)
            else:
                self._put(_escaped(piece))

    def _put(self, text: str) -> None:
        if not self._silent:
            self.parts.append(text)

    def _medium(self, name: str) -> None:
        name = " ".join(name.split())[:80]
        if name.startswith("data:"):
            name = "a picture inside the text"
        self.media.append(name)
        if self._marks:
            self._put(f" ({_escaped(name)}) ")

    def _entry(self) -> None:
        depth = min(max(0, len(self._lists) - 1), MAX_DEPTH)
        number = self._lists[-1] if self._lists else None
        if number is not None:
            self._lists[-1] = number + 1
        indent = "  " if number is None else "   "
        self._put(f"\n{indent * depth}{'-' if number is None else f'{number}.'} ")

    def _script(self, tag: str, start: int) -> None:
        table, mark = _SCRIPTS[tag]
        inside = "".join(self.parts[start:])
        small = inside.translate(table)
        fits = bool(inside) and all(ord(sign) in table for sign in inside)
        del self.parts[start:]
        self._put(small if fits else f"{mark}({inside})" if len(inside) > 1 else f"{mark}{inside}")


def _escaped(text: str) -> str:
    """Text in which nothing is a mark. Newlines of the source are blanks, as in a browser."""
    text = re.sub(r"\s*\n\s*", " ", text.replace("\xa0", " "))
    return _MARKED.sub(lambda mark: "".join(f"\\{sign}" for sign in mark[0]), text)


def _tidy(text: str) -> str:
    """No blank lines in rows, no blanks at the ends of lines, no empty emphasis."""
    text = re.sub(r"\*{4,}", "", text)
    lines: list[str] = []
    fenced = False
    for line in text.split("\n"):
        if line.strip() == "```":
            fenced = not fenced
        elif not fenced:
            lead = re.match(r" *(?=[-0-9])", line)
            line = (lead[0] if lead else "") + re.sub(r"[ \t]+", " ", line).strip()
        if line.strip() or fenced or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip("\n").rstrip()
