r"""Find the formulas in card text, and delimiters that have lost their partner.

Inline `$…$` and `\(…\)`, display `$$…$$` and `\[…\]`. A `$` opens a formula only before something
other than a space, and closes one only after something other than a space and not before a digit,
so a price stays text. Code is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """One formula: the offset of its first delimiter, its TeX, and the offset after it."""

    start: int
    tex: str
    end: int


_PASS = re.compile(
    r"^(?P<fence>```|~~~)[^\n]*\n.*?(?:^(?P=fence)[^\n]*$|\Z)"
    r"|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_OPENS = re.compile(r"\$\$|\$|\\\(|\\\[|\\\)|\\\]|\\.", re.DOTALL)
_CLOSES = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}


def formulas(text: str) -> tuple[list[Found], list[int]]:
    """Every formula of a text, and the offsets of delimiters without a partner."""
    found: list[Found] = []
    alone: list[int] = []
    at = 0
    passed = {match.start(): match.end() for match in _PASS.finditer(text)}
    while at < len(text):
        if at in passed:
            at = passed[at]
            continue
        match = _OPENS.match(text, at)
        if match is None:
            at += 1
            continue
        mark = match.group()
        end = _end(text, mark, match.end())
        if end is not None:
            close = _CLOSES.get(mark, "$")
            found.append(Found(at, text[match.end() : end - len(close)], end))
            at = end
            continue
        if mark in ("\\(", "\\[", "\\)", "\\]", "$$") or (mark == "$" and not _is_price(text, at)):
            alone.append(at)
        at = match.end()
    return found, alone


def _end(text: str, mark: str, start: int) -> int | None:
    """The offset after the closing partner of a delimiter, or None."""
    blank = re.compile(r"\n[ ]*\n").search(text, start)
    limit = blank.start() if blank else len(text)
    if mark in _CLOSES:
        end = text.find(_CLOSES[mark], start, limit)
        return None if end < 0 else end + 2
    if mark != "$" or start >= len(text) or text[start].isspace():
        return None
    for match in re.compile(r"\\.|\$", re.DOTALL).finditer(text, start, limit):
        after = text[match.end() : match.end() + 1]
        if match.group() != "$" or match.start() == start:
            continue
        if not text[match.start() - 1].isspace() and not after.isdigit():
            return match.end()
    return None


def _is_price(text: str, at: int) -> bool:
    """A dollar sign that is money or stands for itself: before a digit, or between spaces."""
    after = text[at + 1 : at + 2]
    return after.isdigit() or (not after.strip() and not text[at - 1 : at].strip())


def braces_off(tex: str) -> int | None:
    """The offset of the first brace without a partner in a formula, or None."""
    depth: list[int] = []
    for match in re.finditer(r"\\.|[{}]", tex, re.DOTALL):
        if match.group() == "{":
            depth.append(match.start())
        elif match.group() == "}":
            if not depth:
                return match.start()
            depth.pop()
    return depth[-1] if depth else None
