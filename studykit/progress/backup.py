"""Backups of the progress file: complete copies beside it, thinned so that they never pile up.

Kept: everything of two days, then one a day for 12 days, one a week for 10 weeks, one a month for
9 months, as Anki does.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from studykit.progress.errors import ProgressError, explain
from studykit.progress.lock import take_lock
from studykit.progress.migrate import check_version
from studykit.progress.store import Store

KEEP_ALL_DAYS, KEEP_DAILY, KEEP_WEEKLY, KEEP_MONTHLY = 2, 12, 10, 9
EVERY_MS = 30 * 60_000
STAMP = "%Y%m%d-%H%M%S"


class Contents(NamedTuple):
    """What a progress file or a backup of one holds."""

    reviews: int
    """Answers, undone ones included."""
    last_ms: int | None
    """When the last of them was given; None without any."""


def contents_of(path: Path) -> Contents:
    """Look a progress file or a backup over, of this format or an older one.

    Raises ProgressError when it is damaged, of another program or of a newer studykit.
    """
    if not path.is_file():
        raise ProgressError(f"There is no file {path}: check its name.")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            check_version(file, path)
            if file.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise ProgressError(f"{path} is damaged: choose an older backup.")
            return Contents(*file.execute("SELECT count(*), max(at_ms) FROM review").fetchone())
    except sqlite3.Error as error:
        raise explain(error, path) from error


def backups_of(path: Path) -> list[tuple[datetime, Path]]:
    """(time, file) of every backup of the progress file, oldest first."""
    found = []
    for file in (path.parent / "backups").glob(f"{path.stem}-*.db"):
        try:
            made = datetime.strptime(file.stem.removeprefix(f"{path.stem}-"), STAMP)
        except ValueError:
            continue
        found.append((made.replace(tzinfo=UTC), file))
    return sorted(found)


def save_backup(
    connection: sqlite3.Connection, path: Path, at_ms: int, *, thin: bool = True
) -> Path:
    """Copy the progress file to `backups/`, then thin what lies there; the copy's path.

    Raises ProgressError.
    """
    made = datetime.fromtimestamp(at_ms // 1000, UTC)
    while (target := _named(path, made)).exists():
        made += timedelta(seconds=1)
    copy_to(connection, target)
    if thin:
        try:
            for file in superfluous(backups_of(path), made):
                file.unlink(missing_ok=True)
        except OSError as error:
            raise ProgressError(
                f"An old backup cannot be removed ({error}): remove it by hand."
            ) from error
    return target


def copy_to(connection: sqlite3.Connection, target: Path) -> None:
    """Copy an open progress file, while it is used or not, to `target` with its folder.

    It has this name only when it is complete. Raises ProgressError.
    """
    unfinished = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(unfinished, isolation_level=None)) as copy:
            connection.backup(copy)
            # The copy is one file without a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()
        unfinished.replace(target)
    except sqlite3.Error as error:
        unfinished.unlink(missing_ok=True)
        raise explain(error, target) from error
    except OSError as error:
        raise ProgressError(
            f"The backup {target} cannot be written ({error.strerror}): nothing was changed."
        ) from error


def _named(path: Path, made: datetime) -> Path:
    return path.parent / "backups" / f"{path.stem}-{made.strftime(STAMP)}.db"


def superfluous(backups: Iterable[tuple[datetime, Path]], when: datetime) -> list[Path]:
    """The backups that thinning removes at `when`: of each day, week and month the newest stays."""
    kept_days: set[str] = set()
    kept_weeks: set[str] = set()
    kept_months: set[str] = set()
    stages = (
        (kept_days, "%Y-%m-%d", KEEP_DAILY),
        (kept_weeks, "%G-%V", KEEP_WEEKLY),
        (kept_months, "%Y-%m", KEEP_MONTHLY),
    )
    removed = []
    for made, file in sorted(backups, reverse=True):
        if when - made <= timedelta(days=KEEP_ALL_DAYS):
            continue
        for kept, pattern, most in stages:
            span = made.strftime(pattern)
            if span in kept:
                removed.append(file)
                break
            if len(kept) < most:
                kept.add(span)
                break
        else:
            removed.append(file)
    return removed


def back_up(store: Store, at_ms: int, *, force: bool = False) -> Path | None:
    """Back the store up if anything was added since the last time and half an hour went by.

    `force` copies in any case: before an import or a repair. The copy's path, or None.
    """
    newest = store.setting("backed up at")
    logged = store.latest_id
    if not force and (
        store.setting("backed up to") == logged
        or (newest is not None and 0 <= at_ms - int(newest) < EVERY_MS)
    ):
        return None
    made = save_backup(store.database.connection, store.path, at_ms)
    store.set_setting("backed up at", str(at_ms))
    store.set_setting("backed up to", logged)
    return made


def restore_backup(path: Path, backup: Path, at_ms: int) -> Path | None:
    """Put a backup in the place of the progress file `path`, which is kept beside it.

    Returns where the former file went, None if there was none. Raises ProgressError when the backup
    is not sound or studykit is running.
    """
    contents_of(backup)
    path.parent.mkdir(parents=True, exist_ok=True)
    with take_lock(path):
        stamp = datetime.fromtimestamp(at_ms // 1000, UTC).strftime(STAMP)
        aside = path.with_name(f"{path.stem}-before-{stamp}{path.suffix}")
        arriving = path.with_name(f"{path.name}.new")
        try:
            with arriving.open("wb") as file:
                file.write(backup.read_bytes())
                file.flush()
                os.fsync(file.fileno())
            former = None
            # The log beside the file goes with it: played into the backup it would damage it.
            for end in ("", "-wal", "-shm"):
                if Path(f"{path}{end}").exists():
                    Path(f"{path}{end}").replace(f"{aside}{end}")
                    former = aside
            arriving.replace(path)
        except OSError as error:
            raise ProgressError(
                f"The backup cannot be put in the place of {path} ({error.strerror}): "
                "make its folder writable and do it again."
            ) from error
    return former
