"""The log: adding answers and actions, undo and redo, and reading it back.

Rows are only ever added. An undo adds a row that names the row it cancels, so it works after a
restart and after the last card, and it can itself be taken back.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from studykit.progress.refresh import remember
from studykit.progress.rows import Remembered, Review, Undone

REVIEW_COLUMNS = (
    "card", "day", "at_ms", "grade", "due", "elapsed_ms", "was", "kind", "deck", "ticket",
    "answer", "result", "mistakes", "hints", "suggested", "session", "detail", "id", "machine",
)  # fmt: skip
"""In the order of the fields of `Review`."""

ACTION_COLUMNS = (
    "id", "machine", "day", "at_ms", "kind", "card", "target", "due", "note", "batch",
)  # fmt: skip

UNDOABLE = ("suspend", "unsuspend", "bury", "unbury", "reset", "due")
"""Actions that an undo takes back; what was decided about a card's identity stays."""

_MISTAKES = REVIEW_COLUMNS.index("mistakes")
_SELECTED = ", ".join(REVIEW_COLUMNS)

ADD_REVIEW = f"""
INSERT INTO review ({_SELECTED}) VALUES ({", ".join("?" * len(REVIEW_COLUMNS))})
"""  # noqa: S608 - column names are ours

ADD_ACTION = f"""
INSERT INTO action ({", ".join(ACTION_COLUMNS)}) VALUES ({", ".join("?" * len(ACTION_COLUMNS))})
"""  # noqa: S608 - column names are ours


def add_review(connection: sqlite3.Connection, review: Review, memory: Remembered | None) -> None:
    """Add an answer that has its id and machine, and what is remembered after it."""
    if memory is not None and review.card is not None:
        remember(connection, review.card, memory)
    mistakes = json.dumps(review.mistakes) if review.mistakes else None
    values = (*review[:_MISTAKES], mistakes, *review[_MISTAKES + 1 :])
    connection.execute(ADD_REVIEW, values)


def add_action(connection: sqlite3.Connection, **fields: Any) -> None:
    """Add an action; `id`, `machine`, `day`, `at_ms` and `kind` are needed."""
    connection.execute(ADD_ACTION, [fields.get(name) for name in ACTION_COLUMNS])


def read_reviews(rows: Iterable[Sequence[Any]]) -> Iterator[Review]:
    """Reviews out of rows that were selected as `REVIEW_COLUMNS`."""
    for row in rows:
        mistakes = tuple(json.loads(row[_MISTAKES])) if row[_MISTAKES] else ()
        yield Review._make((*row[:_MISTAKES], mistakes, *row[_MISTAKES + 1 :]))


def select_reviews(where: str, *, undone_too: bool = False) -> str:
    """SQL for the reviews of a condition, to be read with `read_reviews`."""
    table = "review" if undone_too else "standing"
    return f"SELECT {_SELECTED} FROM {table} WHERE {where}"  # noqa: S608 - conditions are ours


def last_standing(connection: sqlite3.Connection, machine: str) -> tuple[str, str] | None:
    """(id, kind) of the last thing done on this machine that an undo would take back."""
    found = connection.execute(
        f"""
        SELECT * FROM (SELECT id, 'review' FROM standing WHERE machine = ?1
                       ORDER BY id DESC LIMIT 1)
        UNION ALL
        SELECT * FROM (SELECT id, kind FROM decided WHERE machine = ?1
                       AND kind IN {UNDOABLE} ORDER BY id DESC LIMIT 1)
        ORDER BY id DESC LIMIT 1
        """,  # noqa: S608 - the kinds are ours
        (machine,),
    ).fetchone()
    return None if found is None else (found[0], found[1])


def last_undone(connection: sqlite3.Connection, machine: str) -> tuple[str, str] | None:
    """(id, kind) of what a redo would bring again; None once something else was done since."""
    latest = last_standing(connection, machine)
    found = connection.execute(
        """
        SELECT target FROM action AS undo
        WHERE kind = 'undo' AND machine = ? AND id > ?
          AND NOT EXISTS (SELECT 1 FROM action WHERE target = undo.target AND id > undo.id)
        ORDER BY id DESC LIMIT 1
        """,
        (machine, latest[0] if latest else ""),
    ).fetchone()
    if found is None:
        return None
    kind = connection.execute(
        "SELECT 'review' FROM review WHERE id = ?1 UNION ALL SELECT kind FROM action WHERE id = ?1",
        (found[0],),
    ).fetchone()
    return (found[0], kind[0])


def undone(
    connection: sqlite3.Connection, id_: str, kind: str
) -> tuple[Undone, list[tuple[str, str | None]]]:
    """What cancelling a row means, and each (row, card) to cancel: a batch goes together."""
    if kind == "review":
        reviews = connection.execute(select_reviews("id = ?", undone_too=True), (id_,))
        review = next(read_reviews(reviews))
        return Undone(id_, kind, review.card, review), [(id_, review.card)]
    targets = connection.execute(
        "SELECT id, card FROM action WHERE id = ?1 "
        "OR batch = (SELECT batch FROM action WHERE id = ?1) ORDER BY id",
        (id_,),
    ).fetchall()
    return Undone(id_, kind, targets[0][1]), targets
