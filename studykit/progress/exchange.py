"""The log as lines of JSON, out and in: for reading elsewhere, and for joining two machines.

Joining is a union by id. The order of joins and their repetition do not matter, because ids give
one order and memories are folded from the union.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from heapq import merge
from typing import Any, NamedTuple

from studykit.progress.cards import current, ensure_card
from studykit.progress.check import replay_renames
from studykit.progress.errors import ProgressError
from studykit.progress.log import ACTION_COLUMNS, ADD_ACTION, ADD_REVIEW, REVIEW_COLUMNS
from studykit.progress.refresh import refresh
from studykit.progress.store import Store

COLUMNS = {"review": REVIEW_COLUMNS, "action": ACTION_COLUMNS}
ADD = {"review": ADD_REVIEW, "action": ADD_ACTION}

# An id after the year 2500 would drag every later id of this machine with it.
_ID = re.compile(r"0[0-9a-f]{7}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_BATCH = 1000


class Joined(NamedTuple):
    """What a join did."""

    added: int
    known: int
    """Rows that were here already."""
    cards: int
    """Cards whose memory was made again."""


def lines_out(store: Store, after: str = "", machine: str | None = None) -> Iterator[str]:
    """Every row of the log from the one after the id `after`, as JSON lines in the log's order.

    With `machine`, only the rows made there. Fields that are empty are left out.
    """
    streams = (_rows(store, table, after, machine) for table in COLUMNS)
    for _, table, fields in merge(*streams, key=lambda row: row[0]):
        if fields.get("mistakes"):
            fields["mistakes"] = json.loads(fields["mistakes"])
        yield json.dumps({"row": table, **fields}, ensure_ascii=False)


def logged_ids(store: Store, machine: str | None = None) -> set[str]:
    """The ids of all rows of the log, or of those made on `machine`."""
    sql = " UNION ALL ".join(
        f"SELECT id FROM {table} WHERE ?1 IS NULL OR machine = ?1"  # noqa: S608 - names are ours
        for table in COLUMNS
    )
    return {id_ for (id_,) in store.database.rows(sql, (machine,))}


def lines_in(store: Store, lines: Iterable[str], source: str = "the log") -> Joined:
    """Join the rows of another log; all of them, or none if one cannot be read.

    `source` names the file in errors. Raises ProgressError with the line.
    """
    added = known = 0
    latest = ""
    renamed = False
    touched: set[str] = set()
    with store.database.write() as connection:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            where = f"{source}, line {number}"
            table, fields = _read(line, where)
            if _is_known(connection, table, fields["id"]):
                known += 1
                continue
            try:
                if table == "review" and fields.get("card"):
                    ensure_card(connection, fields["card"], fields.get("deck"))
                connection.execute(ADD[table], [fields.get(name) for name in COLUMNS[table]])
            except (sqlite3.IntegrityError, sqlite3.ProgrammingError, OverflowError) as error:
                raise ProgressError(
                    f"{where} holds a row that no studykit writes ({error}): nothing was joined."
                ) from error
            added += 1
            latest = max(latest, fields["id"])
            renamed |= fields.get("kind") == "rename" and table == "action"
            if fields.get("card"):
                touched.add(fields["card"])
        if renamed:
            replay_renames(connection)
        cards = {current(connection, card) for card in touched}
        for card in sorted(cards):
            if connection.execute("SELECT 1 FROM card WHERE id = ?", (card,)).fetchone():
                refresh(connection, card, store.fold)
    store.ids.seen(latest)
    return Joined(added, known, len(cards))


def _rows(
    store: Store, table: str, after: str, machine: str | None
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    columns = COLUMNS[table]
    identity = columns.index("id")
    sql = (
        f"SELECT {', '.join(columns)} FROM {table} WHERE id > ?1 "  # noqa: S608 - names are ours
        f"AND (?2 IS NULL OR machine = ?2) ORDER BY id LIMIT {_BATCH}"
    )
    while rows := store.database.rows(sql, (after, machine)):
        for row in rows:
            fields = {
                name: value for name, value in zip(columns, row, strict=True) if value is not None
            }
            yield row[identity], table, fields
        after = rows[-1][identity]


def _read(line: str, where: str) -> tuple[str, dict[str, Any]]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ProgressError(f"{where} is not JSON ({error}): nothing was joined.") from error
    table = fields.pop("row", None) if isinstance(fields, dict) else None
    if not isinstance(table, str) or table not in COLUMNS:
        raise ProgressError(f"{where} is no row of a studykit log: nothing was joined.")
    unknown = fields.keys() - set(COLUMNS[table])
    if unknown:
        raise ProgressError(
            f"{where} holds {', '.join(sorted(unknown))}, which a newer studykit wrote: "
            "update studykit here first; nothing was joined."
        )
    if not isinstance(fields.get("id"), str) or not _ID.fullmatch(fields["id"]):
        raise ProgressError(f"{where} has no proper id: nothing was joined.")
    if "mistakes" in fields:
        fields["mistakes"] = json.dumps(fields["mistakes"])
    return table, {"hints": 0, "elapsed_ms": 0, **fields} if table == "review" else fields


def _is_known(connection: sqlite3.Connection, table: str, id_: str) -> bool:
    found = connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (id_,))  # noqa: S608
    return found.fetchone() is not None
