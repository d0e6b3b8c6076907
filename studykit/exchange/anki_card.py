r"""The two sides of an Anki card out of its note and template, as HTML; blanks as signs of ours.

Anki's templates: `{{Field}}`, `{{#Field}}…{{/Field}}`, `{{^Field}}…{{/Field}}`, filters before a
colon. https://docs.ankiweb.net/templates/intro.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from studykit.exchange.anki_collection import NoteType
from studykit.exchange.html_text import CLOSE, OPEN

_TAG = re.compile(r"\{\{(.{1,200}?)\}\}", re.DOTALL)
_ANSWER_LINE = re.compile(r"<hr[^<>]{0,40}\bid=[\"']?answer\b[^<>]{0,40}>", re.IGNORECASE)
_CLOZE = re.compile(r"\{\{c([0-9]{1,3})::|\}\}")


class Sides(NamedTuple):
    """HTML. In a cloze, `question` is the sentence with its blanks and `answer` what else is shown
    with the answer."""

    question: str
    answer: str


def sides(kind: NoteType, values: Mapping[str, str], ord_: int) -> Sides | None:
    """What a card asks and tells; None where its note type has no such card."""
    at = 0 if kind.cloze else ord_
    if not 0 <= at < len(kind.templates):
        return None
    template = kind.templates[at]
    number = ord_ + 1
    question = _render(template.question, values, number)
    shown = _after_line(template.answer)
    answer = _render(shown, {**values, "FrontSide": ""}, None if kind.cloze else number)
    return Sides(question, answer)


def _after_line(template: str) -> str:
    """The part of an answer that stands under the question it repeats."""
    line = _ANSWER_LINE.search(template)
    return template[line.end() :] if line else template


def _render(template: str, values: Mapping[str, str], cloze: int | None) -> str:
    """A template filled in. `cloze`: whose blanks are open; None leaves cloze fields out."""
    parts: list[str] = []
    shown: list[bool] = []
    at = 0
    for tag in _TAG.finditer(template):
        if all(shown):
            parts.append(template[at : tag.start()])
        at = tag.end()
        name = tag[1].strip()
        if name[:1] in ("#", "^"):
            filled = bool(values.get(name[1:].strip(), "").strip())
            shown.append(filled is (name[0] == "#"))
        elif name[:1] == "/":
            if shown:
                shown.pop()
        elif all(shown):
            parts.append(_field(name, values, cloze))
    if all(shown):
        parts.append(template[at:])
    return "".join(parts)


def _field(name: str, values: Mapping[str, str], cloze: int | None) -> str:
    *filters, field = (part.strip() for part in name.split(":"))
    if "type" in filters or any(one.startswith("tts") for one in filters):
        return ""
    value = values.get(field, "")
    if "cloze" in filters:
        return "" if cloze is None else blanked(value, cloze)
    return value


def blank_numbers(text: str) -> list[int]:
    """The numbers of a cloze field's blanks; each makes a card."""
    return sorted({int(mark[1]) for mark in _CLOZE.finditer(text) if mark[1]})


def blanked(text: str, number: int) -> str:
    """A cloze field with the blanks of one card between our signs, the others filled in.

    A hint stands behind its blank in brackets.
    """
    parts: list[str] = []
    stack: list[tuple[bool, int]] = []
    at = 0
    for mark in _CLOZE.finditer(text):
        parts.append(text[at : mark.start()])
        at = mark.end()
        if mark[1]:
            stack.append((int(mark[1]) == number, len(parts)))
        elif stack:
            asked, start = stack.pop()
            inside, _, hint = "".join(parts[start:]).partition("::")
            del parts[start:]
            told = f"{OPEN}{inside}{CLOSE}" if asked and OPEN not in inside else inside
            parts.append(f"{told} ({hint})" if hint and asked else told)
        else:
            parts.append(mark[0])
    parts.append(text[at:])
    return "".join(parts)
