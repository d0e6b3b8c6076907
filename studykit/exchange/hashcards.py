"""Markdown in the style of hashcards → drafts.

`Q:` and `A:` make a card, `C:` a sentence with `[blanks]`, each of which is asked on a card of its
own. A line of dashes or the next tag ends a card. https://github.com/eudoxia0/hashcards
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from studykit.decks.events import MAX_TEXT
from studykit.exchange.incoming import Draft, Incoming
from studykit.exchange.pictures import named

_TAG = re.compile(r"([QAC]):(.*)$", re.DOTALL)
_NAME = re.compile(r"""name\s*=\s*["'](.+?)["']\s*$""")
_HEADINGS = re.compile(r"#{1,6} [^\n]*(\n+#{1,6} [^\n]*)*")
"""Outside of cards; the last one names the deck of what follows."""
_RULE = re.compile(r" {0,3}(-{3,}|\*{3,}|_{3,})\s*$")


class _Part(NamedTuple):
    tag: str
    """Q, A or C; "" for text outside of cards."""
    line: int
    text: str


def read_hashcards(text: str, deck: str) -> Incoming:
    """The cards of a file; whatever is no card is refused with its line."""
    incoming = Incoming("Markdown in hashcards' style")
    lines = text.split("\n")
    deck, start = _front_matter(lines, deck)
    question: _Part | None = None
    for part in _parts(lines, start):
        where = f"line {part.line}"
        if len(part.text) > MAX_TEXT:
            incoming.refuse(where, part.text, f"longer than {MAX_TEXT:,} letters")
            continue
        if part.tag == "A" and question is not None:
            if question.text and part.text:
                front, back = (named(incoming, one.text) for one in (question, part))
                incoming.drafts.append(Draft(deck, front, back, where=f"line {question.line}"))
            else:
                side = "answer" if question.text else "question"
                incoming.refuse(f"line {question.line}", question.text, f"its {side} is empty")
            question = None
            continue
        if question is not None:
            incoming.refuse(f"line {question.line}", question.text, "it has no answer (A:)")
            question = None
        if part.tag == "Q":
            question = part
        elif part.tag == "C":
            _clozes(incoming, part, deck)
        elif part.tag == "A":
            incoming.refuse(where, part.text, "an answer (A:) without a question (Q:)")
        elif _HEADINGS.fullmatch(part.text):
            deck = part.text.rpartition("\n")[2].strip("# ")
        else:
            incoming.refuse(where, part.text, "text outside of a card")
    if question is not None:
        incoming.refuse(f"line {question.line}", question.text, "it has no answer (A:)")
    return incoming


def _front_matter(lines: list[str], deck: str) -> tuple[str, int]:
    """The deck's name, and the first line after the front matter."""
    if not lines or lines[0].strip() != "---":
        return deck, 0
    for at, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return deck, at + 1
        named = _NAME.match(line.strip())
        deck = named[1] if named else deck
    return deck, 0


def _parts(lines: list[str], start: int) -> Iterator[_Part]:
    tag, first, held = "", start + 1, list[str]()
    fenced = False

    def done() -> Iterator[_Part]:
        text = "\n".join(held).strip()
        if tag or text:
            yield _Part(tag, first, text)

    for at, line in enumerate(lines[start:], start=start + 1):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        found = None if fenced else _TAG.match(line)
        if found is not None:
            yield from done()
            tag, first, held = found[1], at, [found[2]]
        elif not fenced and _RULE.match(line):
            yield from done()
            tag, first, held = "", at + 1, []
        else:
            if not held and not line.strip():
                first = at + 1
                continue
            held.append(line)
    yield from done()


def _clozes(incoming: Incoming, part: _Part, deck: str) -> None:
    part = part._replace(text=named(incoming, part.text))
    blanks = list(_blanks(part.text))
    if not blanks:
        incoming.refuse(f"line {part.line}", part.text, "a cloze (C:) without [blanks]")
    for begin, end in blanks:
        pieces, at = list[str](), 0
        for start, stop in blanks:
            inside = part.text[start + 1 : stop - 1]
            asked = (start, stop) == (begin, end)
            pieces += [part.text[at:start], "{{" + inside + "}}" if asked else inside]
            at = stop
        sentence = "".join([*pieces, part.text[at:]])
        incoming.drafts.append(Draft(deck, sentence, cloze=True, where=f"line {part.line}"))


_SKIPPED = re.compile(r"\\.|`+[^`\n]*`+|\$\$.*?\$\$|\$[^$\n]*\$|\[|\]\(?", re.DOTALL)


def _blanks(text: str) -> Iterator[tuple[int, int]]:
    """Where blanks begin and end, their brackets included; formulas and links are none."""
    begin = -1
    for mark in _SKIPPED.finditer(text):
        sign = mark.group()
        if sign == "[":
            begin = mark.start()
        elif sign.startswith("]"):
            if begin >= 0 and mark.start() > begin + 1 and sign == "]":
                yield begin, mark.start() + 1
            begin = -1
