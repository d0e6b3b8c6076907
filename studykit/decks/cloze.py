"""Blanks in a cloze sentence: `{{…}}`, which may hold formulas with braces of their own.

`{{` inside a formula is TeX, not a blank. A blank ends at the first `}}` that leaves its dollar
signs paired, so `{{$e^{x^{2}}$}}` is one blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .mathtext import formulas


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
            found += [Part(text[before:at]), Part(inside, blank=True)]
            before = at = end + 2
        elif text.startswith("}}", at):
            wrong.append(Slip(at, "unbalanced-cloze", "this }} has no {{"))
            at += 2
        elif text[at] in "$\\`" and (past := _past_formula(text, at)):
            at = past
        else:
            at += 1
    found.append(Part(text[before:]))
    return tuple(part for part in found if part.text or part.blank), tuple(wrong)


def _past_formula(text: str, at: int) -> int:
    """The offset after a formula, code or escape that begins here, or 0."""
    if text[at] == "`":
        code = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL).match(text, at)
        return code.end() if code else 0
    line = text[at:]
    found, _ = formulas(line.split("\n\n", 1)[0])
    if found and found[0].start == 0:
        return at + found[0].end
    return at + 2 if text[at] == "\\" else 0


def _end(text: str, start: int) -> int | None:
    """Where the `}}` stands that closes a blank, or None."""
    end = text.find("}}", start)
    while end >= 0:
        inside = text[start:end]
        if "{{" in inside and not _in_formula(inside):
            return None
        dollars = len(re.findall(r"(?<!\\)\$", inside))
        longer = text.startswith("}", end + 2) and inside.count("{") > inside.count("}")
        if dollars % 2 == 0 and not longer:
            return end
        end = text.find("}}", end + 1)
    return None


def _in_formula(inside: str) -> bool:
    """Whether the last `{{` of a stretch stands after an open dollar sign or in a formula."""
    at = inside.rfind("{{")
    return len(re.findall(r"(?<!\\)\$", inside[:at])) % 2 == 1
