"""Carries an import out: decks first, then the history, after a backup.

If it is broken off in between, the same import again adds what is missing and nothing twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studykit.exchange.deck_file import write_deck
from studykit.exchange.errors import ExchangeError
from studykit.exchange.incoming import Refused
from studykit.exchange.plan import Plan
from studykit.progress import ProgressError, Store
from studykit.progress.backup import back_up
from studykit.progress.exchange import lines_in


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did."""

    decks: tuple[Path, ...]
    cards: int
    rows: int
    """Answers and decisions added to the log."""
    memories: int
    """Cards whose memory was made from their history."""
    refused: tuple[Refused, ...]
    """Cards that turned out unwritable, besides those of the plan."""
    backup: Path | None


def take(plan: Plan, store: Store, at_ms: int) -> Taken:
    """Write the decks of a plan and join its history. Raises ExchangeError."""
    paths, cards, refused = list[Path](), 0, list[Refused]()
    unwritten: set[str] = set()
    for deck in plan.decks:
        about = f"Imported from {plan.source.name}."
        kept, wrong = write_deck(deck.path, deck.title, about, deck.drafts)
        refused += wrong
        cards += len(kept)
        unwritten |= {draft.id for draft in deck.drafts} - {draft.id for draft in kept}
        if kept:
            paths.append(deck.path)
    rows = [row for row in plan.rows if row["card"] not in unwritten]
    if not rows:
        return Taken(tuple(paths), cards, 0, 0, tuple(refused), None)
    try:
        backup = back_up(store, at_ms, force=True)
        joined = lines_in(store, _lines(rows), plan.source.name)
    except ProgressError as error:
        raise ExchangeError(str(error)) from error
    return Taken(tuple(paths), cards, joined.added, joined.cards, tuple(refused), backup)


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    return map(json.dumps, rows)
