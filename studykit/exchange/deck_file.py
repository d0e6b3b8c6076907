"""Drafts → the YAML of a deck, as somebody would write it by hand, and proved by reading it back.

Texts are block scalars, in which nothing needs an escape; short words are quoted. What the reader
of decks does not take as meant is left out, with the reader's reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from studykit.decks.loader import read_deck
from studykit.decks.schema import Card, Cloze
from studykit.exchange.errors import ExchangeError
from studykit.exchange.incoming import Draft, Refused
from studykit.typeset import clean

_INDENT = " " * 6
_BEGINS = "  - id: "


def deck_text(title: str, about: str, drafts: Sequence[Draft]) -> str:
    """The YAML of a deck. Every draft has its id."""
    head = [f"title: {_quoted(title if clean(title).split() else 'Imported')}"]
    if about:
        head.append(f"about: {_quoted(about)}")
    return "\n".join([*head, "cards:", *map(_entry, drafts)]) + "\n"


def write_deck(
    path: Path, title: str, about: str, drafts: Sequence[Draft]
) -> tuple[list[Draft], list[Refused]]:
    """Write a deck to a file that does not exist; the drafts in it, and those it cannot hold.

    The file has this name only when it reads back as the drafts it was made from. Nothing is
    written when none can be held. Raises ExchangeError.
    """
    unfinished = path.with_name(f"{path.name}.part")
    kept, refused = list(drafts), list[Refused]()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        while kept:
            unfinished.write_text(deck_text(title, about, kept), encoding="utf-8", newline="\n")
            wrong = _unread(unfinished, kept)
            if not wrong:
                unfinished.replace(path)
                break
            refused += [
                Refused(draft.where, " ".join(draft.front.split())[:60], wrong[draft.id])
                for draft in kept
                if draft.id in wrong
            ]
            kept = [draft for draft in kept if draft.id not in wrong]
    except OSError as error:
        raise ExchangeError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return kept, refused


def _unread(path: Path, drafts: Sequence[Draft]) -> dict[str, str]:
    """Id → why the reader does not take a draft as it was meant."""
    reading = read_deck(path)
    found = {placed.card.id: placed.card for placed in reading.cards}
    wrong = {}
    starts = {}
    for number, line in enumerate((reading.source.text if reading.source else "").split("\n"), 1):
        if line.startswith(_BEGINS):
            starts[number] = line.removeprefix(_BEGINS).strip("'")
    said: dict[str, str] = {}
    for fault in reading.faults:
        if fault.breaks:
            above = [at for at in starts if at <= fault.line]
            if above:
                said.setdefault(starts[max(above)], fault.message)
    for draft in drafts:
        card = found.get(draft.id)
        if card is None or not _is(card, draft):
            wrong[draft.id] = said.get(draft.id, "its text cannot be written as it is")
    return wrong


def _is(card: Card, draft: Draft) -> bool:
    if isinstance(card, Cloze):
        same = draft.cloze and card.cloze == draft.front
    else:
        same = not draft.cloze and (card.front, getattr(card, "back", "")) == (
            draft.front,
            draft.back,
        )
    return same and card.explain == draft.explain and card.tags == draft.tags


def tidy(draft: Draft) -> Draft:
    """The draft with its texts as a block scalar gives them back: cleaned, no
    blanks at the ends of lines but the two that break a line."""
    front, back, explain = (_tidied(text) for text in (draft.front, draft.back, draft.explain))
    tags = tuple(clean(tag).replace("\n", " ").strip() for tag in draft.tags)
    return draft._replace(
        front=front, back=back, explain=explain, tags=tuple(tag for tag in tags if tag)
    )


def _tidied(text: str) -> str:
    lines = [re.sub(r"(?<=\S) $|(?<=\S) {3,}$", "", line) for line in clean(text).split("\n")]
    lines = [line if line.strip() else "" for line in lines]
    return "\n".join(lines).strip("\n").rstrip()


def _entry(draft: Draft) -> str:
    lines = [f"{_BEGINS}{_quoted(draft.id)}"]
    if draft.cloze:
        lines.append("    kind: cloze")
    if draft.tags:
        lines.append(f"    tags: [{', '.join(map(_quoted, draft.tags))}]")
    sides = [("cloze", draft.front)] if draft.cloze else [("front", draft.front)]
    if not draft.cloze:
        sides.append(("back", draft.back))
    sides.append(("explain", draft.explain))
    lines += [_block(name, text) for name, text in sides if text]
    return "\n".join(lines) + "\n"


def _block(name: str, text: str) -> str:
    """A field as a block scalar; the figure says how far it is indented where it must be said."""
    figure = "2" if text.startswith((" ", "\n")) else ""
    body = "\n".join(f"{_INDENT}{line}" if line else "" for line in text.split("\n"))
    return f"    {name}: |{figure}\n{body}"


_BARE = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")


def _quoted(text: str) -> str:
    if _BARE.fullmatch(text):
        return text
    return "'" + " ".join(clean(text).split()).replace("'", "''") + "'"
