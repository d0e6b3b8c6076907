r"""Find the formulas in card text, and delimiters that have lost their partner.

The rules are those of `typeset`, which shows the text; here the offsets matter. Inline `$…$` and
`\(…\)`, display `$$…$$` and `\[…\]`. A `$` beside a space inside, or beside a digit outside, is no
delimiter, so a price stays text. Code is passed over.
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
    r"|(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_OPENS = re.compile(r"\$\$|\$|\\\(|\\\[|\\\)|\\\]|\\.", re.DOTALL)
_CLOSERS = {
    "$": ("$", re.compile(r"\\.|\$", re.DOTALL)),
    "$$": ("$$", re.compile(r"\\.|\$\$", re.DOTALL)),
    "\\(": ("\\)", re.compile(r"\\\)")),
    "\\[": ("\\]", re.compile(r"\\\]")),
}
_BLANK_LINE = re.compile(r"\n[ ]*\n")


def formulas(text: str) -> tuple[list[Found], list[int]]:
    """Every formula of a text, and the offsets of delimiters without a partner."""
    found: list[Found] = []
    alone: list[int] = []
    at = 0
    # Where each closer stands last: behind it no search is worth while, and all stays linear.
    last = {mark: text.rfind(closer) for mark, (closer, _) in _CLOSERS.items()}
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
        end = formula_end(text, at) if at <= last.get(mark, -1) else None
        if end is not None:
            found.append(Found(at, text[match.end() : end - len(mark)].strip(), end))
            at = end
            continue
        if mark in ("\\(", "\\[", "\\)", "\\]", "$$") or (mark == "$" and not _is_price(text, at)):
            alone.append(at)
        at = match.end()
    return found, alone


def formula_end(text: str, at: int) -> int | None:
    """The offset after the formula that begins at `at`, or None when none begins there."""
    mark = next((mark for mark in ("$$", "$", "\\(", "\\[") if text.startswith(mark, at)), None)
    if mark is None:
        return None
    closer, pattern = _CLOSERS[mark]
    start = at + len(mark)
    tokens = pattern.finditer(text, start)
    close = next((match.start() for match in tokens if match.group() == closer), None)
    if close is None:
        return None
    inside = text[start:close]
    if not inside.strip() or _BLANK_LINE.search(inside):
        return None
    if mark == "$" and (
        inside[0].isspace()
        or inside[-1].isspace()
        or (at > 0 and text[at - 1].isdigit())
        or text[close + 1 : close + 2].isdigit()
    ):
        return None
    return close + len(closer)


def _is_price(text: str, at: int) -> bool:
    """A dollar sign that is money or stands for itself: before a digit, or between spaces."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    return after.isdigit() or before.isdigit() or not (after.strip() or before.strip())


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
