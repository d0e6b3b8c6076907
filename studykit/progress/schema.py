"""Writes `schema.sql`, the whole schema in one file to read; a test holds it to the migrations.

python -m studykit.progress.schema > studykit/progress/schema.sql
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from studykit.progress.migrate import APPLICATION_ID, SCHEMA_VERSION, bring_up_to_date


def schema_text(connection: sqlite3.Connection) -> str:
    """Every table, index, view and trigger of a progress file, as it was declared."""
    rows = connection.execute(
        "SELECT type, sql FROM sqlite_master WHERE sql IS NOT NULL"
    ).fetchall()
    parts = [
        f"{sql};"
        for kind in ("table", "index", "view", "trigger")
        for type_, sql in rows
        if type_ == kind
    ]
    head = f"-- The progress file, format {SCHEMA_VERSION}: what the migrations add up to."
    return "\n\n".join([head, *parts]) + "\n"


def main() -> None:
    """Print the schema of a fresh file."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        fresh.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        bring_up_to_date(fresh, Path(":memory:"), 0)
        sys.stdout.write(schema_text(fresh))


if __name__ == "__main__":
    main()
