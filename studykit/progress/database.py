"""The SQLite file itself: opening it safely, and the one function through which it is written.

Write-ahead log and synchronous=FULL: an answer is on the disk when `write` is left. One writing
connection under a lock; readers open the file read-only beside it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias

from studykit.progress.errors import ProgressError, explain, rescue
from studykit.progress.lock import take_lock
from studykit.progress.migrate import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    bring_up_to_date,
    check_version,
)

Mode: TypeAlias = Literal["write", "read"]
Values: TypeAlias = Sequence[object] | Mapping[str, object]

WAIT_SECONDS = 1.0
"""How long to wait for a reader that is just recovering the file; a second writer never waits."""

CHECKPOINT_PAGES = 4000
"""Pages of log before SQLite itself copies them into the file, in the middle of an answer."""

CACHE_KILOBYTES = 4000
"""Pages kept in memory, enough that an answer among 100 000 cards reads few from the disk."""


class Database:
    """An open progress file. Use `open_database`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: BinaryIO | None) -> None:
        self.path = path
        self.connection = connection
        self._lock = lock

    @property
    def written(self) -> int | None:
        """How many rows were changed so far; None for a reader, whose file others change."""
        return None if self._lock is None else self.connection.total_changes

    def rows(self, sql: str, values: Values = ()) -> list[Any]:
        """All rows of a query, as tuples."""
        try:
            return self.connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise explain(error, self.path) from error

    def row(self, sql: str, values: Values = ()) -> Any:
        """The first row of a query, or None."""
        try:
            return self.connection.execute(sql, values).fetchone()
        except sqlite3.Error as error:
            raise explain(error, self.path) from error

    def value(self, sql: str, values: Values = ()) -> Any:
        """The first value of a query, or None."""
        row = self.row(sql, values)
        return None if row is None else row[0]

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, the only way to write: all of it is on the disk at the end, or nothing.

        Raises ProgressError for what SQLite refuses; any exception inside undoes everything.
        """
        connection = self.connection
        if connection.in_transaction:
            raise RuntimeError("a transaction inside a transaction")
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            _roll_back(connection)
            raise explain(error, self.path) from error
        except BaseException:
            _roll_back(connection)
            raise

    def checkpoint(self, *, empty: bool = False) -> None:
        """Copy the write-ahead log into the file; for a moment in which nobody waits.

        `empty`: leave none of it behind, unless somebody reads it at this moment.
        """
        self.rows(f"PRAGMA wal_checkpoint({'TRUNCATE' if empty else 'PASSIVE'})")

    def interrupt(self) -> None:
        """Let a query that runs in another thread end with an error; without one, nothing."""
        # Closed meanwhile: then nothing runs.
        with suppress(sqlite3.ProgrammingError):
            self.connection.interrupt()

    def close(self) -> None:
        """Close the file and let go of the lock. May be called twice."""
        self.connection.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def open_database(path: Path, mode: Mode = "write", at_ms: int = 0) -> Database:
    """Open the progress file `path`; mode "write" makes it if it is missing and migrates it.

    `at_ms` names the backup that is made before a migration. Raises ProgressError.
    """
    if mode == "read":
        return _open_to_read(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProgressError(
            f"The folder {path.parent} cannot be made ({error.strerror}): make it, or choose "
            "another place with STUDYKIT_HOME."
        ) from error
    lock = take_lock(path)
    try:
        if _is_missing(path):
            _make(path)
        elif not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            raise ProgressError(f"{path} is read-only: make it writable to go on; it is unchanged.")
        connection = _connect(path)
        try:
            with _explained(path):
                _prepare(connection)
                bring_up_to_date(connection, path, at_ms)
        except BaseException:
            connection.close()
            raise
    except BaseException:
        lock.close()
        raise
    return Database(path, connection, lock)


def _open_to_read(path: Path) -> Database:
    if _is_missing(path):
        raise ProgressError(f"There is no progress file {path}: it is made on the first run.")
    with _explained(path):
        connection = _connect(path, "mode=ro")
        try:
            try:
                _check_header(connection, path)
            except sqlite3.OperationalError:
                # A read-only folder has no room for the shared memory of the log. Without a log
                # left over the file alone is complete, and nobody can be writing it.
                if path.with_name(f"{path.name}-wal").exists():
                    raise
                connection.close()
                connection = _connect(path, "immutable=1")
                _check_header(connection, path)
        except BaseException:
            connection.close()
            raise
    return Database(path, connection, None)


def _check_header(connection: sqlite3.Connection, path: Path) -> None:
    if check_version(connection, path) < SCHEMA_VERSION:
        raise ProgressError(
            f"{path} was written by an older studykit: open `studykit` once to bring it up to date."
        )


def _is_missing(path: Path) -> bool:
    """Whether there is no file. A file of no bytes is damage, not a fresh start."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return True
    except OSError as error:
        raise ProgressError(
            f"{path} cannot be looked at ({error.strerror}): make its folder readable."
        ) from error
    if path.is_dir():
        raise ProgressError(f"{path} is a folder, not a progress file: move it away.")
    if size == 0:
        raise ProgressError(f"{path} is empty, 0 bytes: {rescue(path)}")
    return False


def _make(path: Path) -> None:
    """Make a fresh file under another name and rename it: it is there complete, or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        for leftover in (fresh, *(Path(f"{fresh}{end}") for end in ("-wal", "-shm"))):
            leftover.unlink(missing_ok=True)
        # A log left over from a file that is gone must not be played into the fresh one.
        for end in ("-wal", "-shm"):
            stale = Path(f"{path}{end}")
            if stale.exists():
                stale.replace(f"{path}.lost{end}")
    except OSError as error:
        raise ProgressError(
            f"{path} cannot be made ({error.strerror}): make its folder writable."
        ) from error
    with _explained(path), closing(_connect(fresh)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
        _prepare(connection)
        bring_up_to_date(connection, fresh, 0)
        connection.execute("INSERT INTO meta VALUES ('machine', ?)", (os.urandom(5).hex(),))
    fresh.replace(path)


def _connect(path: Path, query: str = "mode=rwc") -> sqlite3.Connection:
    with _explained(path):
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?{query}",
            uri=True,
            timeout=WAIT_SECONDS,
            isolation_level=None,
            cached_statements=256,
        )


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, path) from error


def _roll_back(connection: sqlite3.Connection) -> None:
    # A full disk has SQLite roll back by itself; a second ROLLBACK would then be an error.
    if connection.in_transaction:
        connection.execute("ROLLBACK")
