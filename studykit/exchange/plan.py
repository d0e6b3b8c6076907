"""What would become of a foreign file: which decks are written, which cards are here already, what
is not taken and why. Nothing is changed; `take` carries a plan out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studykit.decks.cloze import slips
from studykit.decks.events import MAX_TEXT
from studykit.decks.identity import derived_id, text_key
from studykit.decks.loader import deck_name
from studykit.decks.schema import ID_PATTERN
from studykit.exchange.deck_file import tidy
from studykit.exchange.errors import ExchangeError
from studykit.exchange.incoming import Draft, Incoming, Refused

_ID = re.compile(ID_PATTERN)
MAX_CARDS = 500_000


@dataclass(frozen=True, slots=True)
class PlannedDeck:
    """A deck to be written."""

    path: Path
    title: str
    drafts: tuple[Draft, ...]


@dataclass(slots=True)
class Plan:
    """Everything an import would do."""

    source: Path
    kind: str
    decks: list[PlannedDeck] = field(default_factory=list)
    known: int = 0
    """Cards that are in the learner's decks already; their texts stay as they are."""
    refused: list[Refused] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    rows: list[dict[str, Any]] = field(default_factory=list)
    """Rows of the log that are not here yet."""
    known_rows: int = 0

    @property
    def cards(self) -> int:
        """Cards to be written."""
        return sum(len(deck.drafts) for deck in self.decks)

    @property
    def answers(self) -> int:
        """Answers to be added to the log."""
        return sum(row["row"] == "review" for row in self.rows)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.decks and not self.rows


def plan(
    source: Path,
    incoming: Incoming,
    *,
    folder: Path,
    to: Path | None = None,
    known: Collection[str] = (),
    logged: Collection[str] = (),
) -> Plan:
    """Decide. `folder` takes one file a deck, unless all go into the one file `to`.

    `known`: ids of the cards that the learner has, `logged`: ids of the rows of the log. Raises
    ExchangeError when `to` exists: no file is ever written over.
    """
    if to is not None and to.exists():
        raise ExchangeError(f"{to} exists and is not written over: name another file.")
    made = Plan(source, incoming.kind, refused=list(incoming.refused), left=incoming.left)
    by_deck: dict[str, list[Draft]] = {}
    drafts = _named(incoming.drafts, made, known)
    together = to is not None and len({draft.deck for draft in drafts}) > 1
    for draft in drafts:
        by_deck.setdefault(source.stem if together else draft.deck, []).append(draft)
    taken: set[Path] = set()
    for name, held in by_deck.items():
        path = to or _free(folder, name, taken)
        taken.add(path)
        title = name.replace("::", " / ").strip() or source.stem
        made.decks.append(PlannedDeck(path, title, tuple(held)))
    deck_of = {draft.id: deck_name(deck.path) for deck in made.decks for draft in deck.drafts}
    mine = {*deck_of, *known}
    for row in incoming.rows:
        card = row["card"]
        if card not in mine:
            made.left["answers to cards that are not taken or no longer in the file"] += 1
        elif row["id"] in logged:
            made.known_rows += 1
        else:
            deck = deck_of.get(card) if row["row"] == "review" else None
            made.rows.append({**row, "deck": deck} if deck else row)
    return made


def _named(drafts: Sequence[Draft], made: Plan, known: Collection[str]) -> list[Draft]:
    """The drafts to be written, each with an id of its own; those not taken are noted."""
    if len(drafts) > MAX_CARDS:
        raise ExchangeError(f"{made.source.name} holds more than {MAX_CARDS:,} cards: split it.")
    kept: list[Draft] = []
    where: dict[str, str] = {}
    texts: dict[tuple[str, str, str], str] = {}
    for draft in map(tidy, drafts):
        why = _objection(draft)
        same = (draft.deck, text_key(draft.front), text_key(draft.back))
        if not why and same in texts and not draft.id:
            why = f"it says the same as {texts[same]}"
        name = draft.id or derived_id(_slug(draft.deck), draft.front)
        if not why and not _ID.match(name):
            name = derived_id(_slug(draft.deck), name)
        if not why and name in where and not draft.id:
            name = derived_id(_slug(draft.deck), f"{draft.front}\n{draft.back}")
        if not why and name in where:
            why = f"its id {name} is also that of {where[name]}"
        if why:
            made.refused.append(Refused(draft.where, " ".join(draft.front.split())[:60], why))
            continue
        where[name] = texts[same] = draft.where
        # A frozen problem is an instance of a card, see `faces`.
        if draft.id.partition("#")[0] in known or name in known:
            made.known += 1
        else:
            kept.append(draft._replace(id=name))
    return kept


def _objection(draft: Draft) -> str:
    """Why no card of ours can hold the draft; "" if one can."""
    if max(map(len, (draft.front, draft.back, draft.explain))) > MAX_TEXT:
        return f"longer than {MAX_TEXT:,} letters"
    if not draft.front or not (draft.back or draft.cloze):
        return f"its {'back' if draft.front else 'front'} is empty"
    if draft.cloze:
        wrong = slips(draft.front)
        if wrong:
            return wrong[0].message
    return ""


def _slug(name: str) -> str:
    return deck_name(Path(f"{name.replace('/', '-').replace('::', '-')}.yaml"))


def _free(folder: Path, name: str, taken: Collection[Path]) -> Path:
    """A file that does not exist; a second import of new cards gets a number."""
    slug, count = _slug(name), 1
    while (path := folder / f"{slug}{'' if count == 1 else f'-{count}'}.yaml") in taken or (
        path.exists()
    ):
        count += 1
    return path
