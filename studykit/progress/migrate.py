"""Schema versions: numbered SQL files applied in order, each in one transaction with its number.

A file from a newer studykit is refused, never guessed at; an older one is backed up first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from studykit.progress.errors import ProgressError, rescue

APPLICATION_ID = 0x73746B79
"""`stky` in the header of the file, so that no other program's database is taken for ours."""

SCHEMA_VERSION = 1
"""The number of the last file in `migrations`; a test holds both equal."""

MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(
    connection: sqlite3.Connection,
    path: Path,
    at_ms: int,
    wanted: int = SCHEMA_VERSION,
    folder: Path = MIGRATIONS,
) -> None:
    """Apply what is missing up to version `wanted`; a file with content is backed up before.

    Raises ProgressError for a newer file or one of another program, sqlite3.Error otherwise.
    """
    version = check_version(connection, path, wanted)
    if version == wanted:
        return
    if version:
        from studykit.progress.backup import save_backup

        save_backup(connection, path, at_ms)
    for number, file in migrations(folder):
        if version < number <= wanted:
            _apply(connection, number, file.read_text(encoding="utf-8"))


def check_version(connection: sqlite3.Connection, path: Path, newest: int = SCHEMA_VERSION) -> int:
    """The schema version of the file. Raises ProgressError if it is not ours or above `newest`."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise ProgressError(
            f"{path} is a database of another program, not a progress file of studykit: "
            f"{rescue(path)}"
        )
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > newest:
        raise ProgressError(
            f"{path} was written by a newer studykit (its format {version}, ours {newest}): "
            "install the newer studykit to go on; nothing was changed."
        )
    return int(version)


def migrations(folder: Path = MIGRATIONS) -> list[tuple[int, Path]]:
    """(number, file) of every migration, in order."""
    return sorted((int(file.name[:4]), file) for file in folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def statements(script: str) -> Iterator[str]:
    """The single statements of a script; `executescript` would commit between them."""
    begun = ""
    for line in script.splitlines(keepends=True):
        begun += line
        if ";" in line and sqlite3.complete_statement(begun):
            yield begun.strip()
            begun = ""
    if begun.strip():
        raise ValueError(f"a migration ends inside a statement: {begun.strip()[:60]}")


def _apply(connection: sqlite3.Connection, number: int, script: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements(script):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
