"""Backups as a learner asks for them: make one, list them, put one back.

Putting one back never loses the present file: it becomes a backup itself first, and where it is
too damaged for that, it is moved aside as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studykit.progress import ProgressError
from studykit.progress.backup import (
    Contents,
    backups_of,
    contents_of,
    copy_to,
    restore_backup,
    save_backup,
)
from studykit.progress.database import open_database
from studykit.study.errors import StudyError
from studykit.study.home import Home

LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Backup:
    """A complete copy of a progress file."""

    path: Path
    made: datetime
    """When, in local time."""
    size: int
    """Bytes."""
    contents: Contents


def make_backup(home: Home, target: Path | None, at_ms: int) -> Backup:
    """Copy the progress file to `target`, or among its backups; also while studykit is open.

    A folder as `target` gets a file with the usual name. Raises StudyError; nothing is overwritten.
    """
    if target is not None and target.is_dir():
        stamp = datetime.fromtimestamp(at_ms // 1000).strftime("%Y%m%d-%H%M%S")
        target = target / f"{home.db.stem}-{stamp}.db"
    if target is not None and target.exists():
        raise StudyError(f"{target} exists already: choose another name.")
    with _told(), closing(open_database(home.db, "read")) as database:
        if target is None:
            target = save_backup(database.connection, home.db, at_ms)
        else:
            copy_to(database.connection, target)
        return _look(target)


def backups(home: Home) -> list[Backup]:
    """Every sound backup that lies beside the progress file, newest first."""
    found = []
    for _, path in reversed(backups_of(home.db)):
        try:
            found.append(_look(path))
        except ProgressError:
            continue
    return found


def find_backup(home: Home, name: str) -> Backup:
    """The backup called `name`: "latest", a path, or the name of a file among the backups.

    Raises StudyError when there is none or it is not sound.
    """
    if name == LATEST:
        found = backups(home)
        if not found:
            raise StudyError(
                f"There is no sound backup in {home.backups}: `studykit backup` makes one."
            )
        return found[0]
    path = Path(name).expanduser()
    if not path.exists() and (home.backups / name).exists():
        path = home.backups / name
    with _told():
        return _look(path)


def present(home: Home) -> Contents | None:
    """What the progress file holds; None where there is none or it cannot be read."""
    try:
        return contents_of(home.db)
    except ProgressError:
        return None


def restore(home: Home, backup: Path, at_ms: int) -> Path | None:
    """Put a backup in the place of the progress file; where the former file went, if there was one.

    Raises StudyError while studykit is open, and where the backup is not sound: nothing is changed
    then.
    """
    with _told():
        contents_of(backup)
        saved = _save_present(home, at_ms)
        aside = restore_backup(home.db, backup, at_ms)
        if saved is None or aside is None:
            return aside
        for end in ("", "-wal", "-shm"):
            Path(f"{aside}{end}").unlink(missing_ok=True)
        return saved


def _save_present(home: Home, at_ms: int) -> Path | None:
    """Back the present file up without thinning, which could take the very backup asked for."""
    try:
        contents_of(home.db)
        with closing(open_database(home.db)) as database:
            saved = save_backup(database.connection, home.db, at_ms, thin=False)
        contents_of(saved)
    except ProgressError:
        return None
    return saved


def _look(path: Path) -> Backup:
    contents = contents_of(path)
    status = path.stat()
    return Backup(path, datetime.fromtimestamp(status.st_mtime), status.st_size, contents)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except ProgressError as error:
        raise StudyError(str(error)) from error
