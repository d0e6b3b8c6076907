"""Anki's log of answers → rows of ours, with ids that follow from the answer itself.

The same answer gives the same row on every import and on every machine, so nothing is ever counted
twice. Memory is not taken over but folded from the answers, as with our own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from studykit.exchange.anki_collection import AnkiAnswer

MACHINE = "anki"
"""Who gave these answers: an undo here never takes them back."""
LEARNING, REVIEW, RELEARNING, FILTERED, BY_HAND, RESCHEDULED = range(6)
_WAS = {LEARNING: "learning", RELEARNING: "learning"}
LATEST_MS = 13_500_000_000_000
"""In the year 2397; a later clock was wrong."""
_MAX_DUE = 4_000_000

Days = Callable[[int], int]
"""The study day of an instant in ms."""


class Owner(NamedTuple):
    """The card of ours that an Anki card became."""

    card: str
    forms_memory: bool = True
    """False for a frozen problem: knowing its numbers by heart is not the skill."""


def log_rows(
    answers: Iterator[AnkiAnswer],
    owners: Mapping[int, Owner],
    study_day: Days,
    left: Counter[str],
) -> list[dict[str, Any]]:
    """Rows of our log, oldest first. What has no place in it is counted in `left`."""
    rows = []
    seen: set[str] = set()
    for answer in answers:
        owner = owners.get(answer.card)
        if owner is None:
            left["answers to cards that are not taken or no longer in the file"] += 1
            continue
        if not 0 < answer.at_ms < LATEST_MS:
            left["answers with an impossible date"] += 1
            continue
        row = _row(answer, owner, study_day(answer.at_ms), fresh=owner.card not in seen)
        if row is None:
            left["entries of Anki's log without a grade"] += 1
            continue
        if row["row"] == "review":
            seen.add(owner.card)
        rows.append(row)
    return rows


def _row(answer: AnkiAnswer, owner: Owner, day: int, fresh: bool) -> dict[str, Any] | None:
    common = {"machine": MACHINE, "day": day, "at_ms": answer.at_ms, "card": owner.card}
    due = min(day + max(0, answer.interval), _MAX_DUE)
    if answer.grade in (1, 2, 3, 4):
        # An answer of a filtered deck that does not reschedule only looks a card over.
        counts = owner.forms_memory and not (answer.kind == FILTERED and answer.factor == 0)
        row = {
            "row": "review",
            "id": row_id(answer.at_ms, owner.card, "answer"),
            **common,
            "kind": "study" if counts else "cram",
            "was": "new" if fresh else _WAS.get(answer.kind, "due"),
            "grade": answer.grade,
            "elapsed_ms": max(0, answer.elapsed_ms),
        }
        return {**row, "due": due} if counts else row
    if not owner.forms_memory or fresh:
        return None
    if answer.kind == BY_HAND and answer.factor == 0:
        return {"row": "action", "id": row_id(answer.at_ms, owner.card, "reset"), **common,
                "kind": "reset"}  # fmt: skip
    if answer.kind in (BY_HAND, RESCHEDULED) and answer.interval > 0:
        return {"row": "action", "id": row_id(answer.at_ms, owner.card, "due"), **common,
                "kind": "due", "due": due}  # fmt: skip
    return None


def suspension(card: str, at_ms: int, study_day: Days) -> dict[str, Any]:
    """The row that sets a card aside, as it is in Anki."""
    return {
        "row": "action",
        "id": row_id(at_ms, card, "suspend"),
        "machine": MACHINE,
        "day": study_day(at_ms),
        "at_ms": at_ms,
        "kind": "suspend",
        "card": card,
    }


def row_id(at_ms: int, card: str, what: str) -> str:
    """A uuid7 whose chance is a hash of the content: the same row always has the same id."""
    digest = sha256(f"anki/{card}/{what}/{at_ms}".encode()).hexdigest()
    variant = "89ab"[int(digest[3], 16) % 4]
    digits = f"{at_ms:012x}7{digest[:3]}{variant}{digest[4:19]}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
