"""Blanks in a cloze sentence: `{{…}}`, which may hold formulas with braces of their own.

`{{` inside a formula is TeX, not a blank. A blank ends at the first `}}` outside its formulas, so
`{{$e^{x^{2}}$}}` is one blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .mathtext import formula_end

MAX_BLANK = 1000
"""A longer blank is a missing }}."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the sentence: text, or what belongs in a blank."""

    text: str
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """Something wrong with the blanks: where in the text, which code, and what."""

    start: int
    code: str
    message: str


def parts(text: str) -> tuple[Part, ...]:
    """The sentence in order. What is not well-formed stays text."""
    return _scan(text)[0]


def slips(text: str) -> tuple[Slip, ...]:
    """Everything wrong with the blanks of a sentence, for the lint."""
    found, wrong = _scan(text)
    if not wrong and not any(part.blank for part in found):
        return (Slip(0, "cloze-without-blank", "a cloze card has at least one {{blank}}"),)
    return wrong


def _scan(text: str) -> tuple[tuple[Part, ...], tuple[Slip, ...]]:
    found: list[Part] = []
    wrong: list[Slip] = []
    before = at = 0
    while at < len(text):
        if text.startswith("{{", at):
            end = _end(text, at + 2)
            if end is None:
                wrong.append(Slip(at, "unbalanced-cloze", "this {{ has no }}"))
                at += 2
                continue
            inside = text[at + 2 : end]
            if not inside.strip():
                wrong.append(Slip(at, "empty-blank", "this blank is empty"))
            found += [Part(text[before:at]), Part(inside.strip(), blank=True)]
            before = at = end + 2
        elif text.startswith("}}", at):
            wrong.append(Slip(at, "unbalanced-cloze", "this }} has no {{"))
            at += 2
        elif (past := _past(text, at)) is not None:
            at = past
        else:
            at += 1
    found.append(Part(text[before:]))
    return tuple(part for part in found if part.text or part.blank), tuple(wrong)


_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)


def _past(text: str, at: int) -> int | None:
    """The offset after a formula, code or escaped sign that begins here, or None."""
    if text[at] == "`":
        code = _CODE.match(text, at)
        return code.end() if code else None
    if text[at] not in "$\\":
        return None
    end = formula_end(text, at)
    return at + 2 if end is None and text[at] == "\\" else end


def _end(text: str, start: int) -> int | None:
    """Where the `}}` stands that closes a blank, or None."""
    depth, at = 0, start
    while at < min(len(text), start + MAX_BLANK):
        past = _past(text, at)
        if past is not None:
            at = past
            continue
        if text[at] == "{":
            if depth == 0 and text.startswith("{{", at):
                return None
            depth += 1
        elif text[at] == "}":
            if depth == 0 and text.startswith("}}", at):
                return at
            depth = max(0, depth - 1)
        at += 1
    return None
