"""Markdown in the style of Obsidian's spaced repetition plug-in → drafts.

`front::back` and, asked both ways, `front:::back`; `?` or `??` on a line of its own between the
sides; `==blanks==` in a paragraph, each asked on a card of its own. A blank line ends a card. What
is no card is a note of the learner, and is left there.
https://www.stephenmwangi.com/obsidian-spaced-repetition/flashcards/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from studykit.decks.events import MAX_TEXT
from studykit.exchange.incoming import Draft, Incoming
from studykit.exchange.pictures import named

_TAG = re.compile(r"(?<![\w#/&])#([^\W\d][\w/-]{0,60})")
_DECK = re.compile(r"#flashcards?(/[\w/-]+)?(?![\w-])")
_SCHEDULE = re.compile(r"<!--SR:.*?-->")
_HIGHLIGHT = re.compile(r"==(?=[^=\s])(.*?[^=\s])==")
_APART = re.compile(r"(:::?)")
_COVERED = re.compile(r"`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$", re.DOTALL)
_WIKI = re.compile(r"\[\[(?:[^\[\]|\n]+\|)?([^\[\]|\n]+)\]\]")


def read_obsidian(text: str, deck: str) -> Incoming:
    """The cards of a file."""
    incoming = Incoming("Markdown in the style of Obsidian's spaced repetition")
    lines = text.split("\n")
    start = _after_front_matter(lines)
    tags: tuple[str, ...] = ()
    for line, block in _blocks(lines, start):
        joined = "\n".join(block)
        if _SCHEDULE.search(joined):
            incoming.left["schedules of the plug-in (they hold no answers)"] += 1
            block = [_SCHEDULE.sub("", one).rstrip() for one in block]
            block = [one for one in block if one] or [""]
        found = _DECK.findall("\n".join(block))
        if found:
            named = found[0].strip("/").replace("/", "::")
            deck = named or deck
            block = [_DECK.sub("", one).rstrip() for one in block]
        heading = len(block) == 1 and block[0].startswith("#") and block[0].lstrip("#")[:1] == " "
        if not any(one.strip() for one in block) or heading:
            continue
        before = len(incoming.drafts) + len(incoming.refused)
        _read(incoming, line, block, deck)
        if len(incoming.drafts) + len(incoming.refused) == before:
            bare = " ".join(_TAG.sub("", " ".join(block)).split())
            if not bare:
                tags = tuple(dict.fromkeys((*tags, *_TAG.findall(" ".join(block)))))
            else:
                incoming.left["paragraphs of notes that hold no card"] += 1
    if tags:
        own = [draft._replace(tags=(*tags, *draft.tags)) for draft in incoming.drafts]
        incoming.drafts[:] = own
    return incoming


def _after_front_matter(lines: list[str]) -> int:
    if lines and lines[0].strip() == "---":
        for at, line in enumerate(lines[1:], start=1):
            if line.strip() == "---":
                return at + 1
    return 0


def _blocks(lines: list[str], start: int) -> Iterator[tuple[int, list[str]]]:
    """Paragraphs with the number of their first line; a blank line inside code ends none."""
    held: list[str] = []
    first, fenced = start + 1, False
    for at, line in enumerate(lines[start:], start=start + 1):
        if not line.strip() and not fenced:
            if held:
                yield first, held
            held, first = [], at + 1
            continue
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        held.append(line)
    if held:
        yield first, held


def _read(incoming: Incoming, line: int, block: list[str], deck: str) -> None:
    if sum(map(len, block)) > MAX_TEXT:
        incoming.refuse(f"line {line}", block[0], f"longer than {MAX_TEXT:,} letters")
        return
    for mark in ("?", "??"):
        bare = [one.strip() for one in block]
        if mark in bare:
            at = bare.index(mark)
            sides = ("\n".join(block[:at]), "\n".join(block[at + 1 :]))
            _both(incoming, line, sides, deck, reversed_too=mark == "??")
            return
    covered = _covered_lines(block)
    rest: list[str] = []
    for at, one in enumerate(block):
        parted = None if at in covered else _apart(one)
        if parted is None:
            rest.append(one)
        else:
            front, mark, back = parted
            _both(incoming, line + at, (front, back), deck, reversed_too=mark == ":::")
    _blanks(incoming, line, "\n".join(rest), deck)


def _covered_lines(block: list[str]) -> set[int]:
    """The lines of fenced code and of formulas over several lines."""
    covered: set[int] = set()
    fenced = displayed = False
    for at, line in enumerate(block):
        fence = line.lstrip().startswith(("```", "~~~"))
        odd = not fenced and line.count("$$") % 2 == 1
        if fenced or displayed or fence or odd:
            covered.add(at)
        fenced ^= fence
        displayed ^= odd
    return covered


def _apart(line: str) -> tuple[str, str, str] | None:
    """Front, mark and back of a one-line card; `::` in code or a formula parts nothing."""
    covered = [range(*found.span()) for found in _COVERED.finditer(line)]
    for mark in _APART.finditer(line):
        if not any(mark.start() in inside for inside in covered):
            return line[: mark.start()], mark[1], line[mark.end() :]
    return None


def _both(
    incoming: Incoming, line: int, sides: tuple[str, str], deck: str, *, reversed_too: bool
) -> None:
    where = f"line {line}"
    tags = tuple(dict.fromkeys(tag for side in sides for tag in _TAG.findall(_uncovered(side))))
    front, back = (_ours(incoming, side) for side in sides)
    if not front or not back:
        incoming.refuse(where, front or back, f"its {'back' if front else 'front'} is empty")
        return
    incoming.drafts.append(Draft(deck, front, back, tags=tags, where=where))
    if reversed_too:
        incoming.drafts.append(Draft(deck, back, front, tags=tags, where=f"{where}, reversed"))


def _blanks(incoming: Incoming, line: int, text: str, deck: str) -> None:
    if "==" not in text:
        return
    tags = tuple(dict.fromkeys(_TAG.findall(_uncovered(text))))
    sentence = _ours(incoming, text)
    covered = [range(*found.span()) for found in _COVERED.finditer(sentence)]
    marks = [
        mark
        for mark in _HIGHLIGHT.finditer(sentence)
        if not any(mark.start() in inside for inside in covered)
    ]
    for asked in marks:
        pieces, at = list[str](), 0
        for mark in marks:
            hidden = "{{" + mark[1] + "}}" if mark is asked else mark[1]
            pieces += [sentence[at : mark.start()], hidden]
            at = mark.end()
        whole = "".join([*pieces, sentence[at:]])
        incoming.drafts.append(Draft(deck, whole, cloze=True, tags=tags, where=f"line {line}"))


def _uncovered(text: str) -> str:
    return _COVERED.sub(" ", text)


def _ours(incoming: Incoming, text: str) -> str:
    """A side in our Markdown: links of a vault as their words, pictures by name, no tags."""
    text = _WIKI.sub(r"\1", named(incoming, text))
    parts, at = list[str](), 0
    for covered in _COVERED.finditer(text):
        parts += [_TAG.sub("", text[at : covered.start()]), covered.group()]
        at = covered.end()
    return "".join([*parts, _TAG.sub("", text[at:])]).strip()
