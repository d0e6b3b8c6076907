"""The one exception of this room, and the sentence that each failure of SQLite becomes.

Whoever reads it has just answered a card: it says what is wrong, where, what to do, and that
nothing already answered is lost.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path


class ProgressError(Exception):
    """The progress file cannot do what was asked; the text is one sentence for the person."""


def explain(error: sqlite3.Error, path: Path) -> ProgressError:
    """The sentence for an error of SQLite on the progress file `path`."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_FULL:
            says = (
                f"The disk that holds {path} is full: this was not saved, everything before it is; "
                "free some space and do it again."
            )
        case sqlite3.SQLITE_READONLY:
            says = (
                f"{path} cannot be written because it or its folder is read-only: make both "
                "writable, or choose another place with STUDYKIT_HOME."
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            says = (
                f"Another program is using {path}: this was not saved, everything before it is; "
                "close the other program and try again."
            )
        case sqlite3.SQLITE_NOTADB:
            says = f"{path} is not a progress file of studykit: {rescue(path)}"
        case sqlite3.SQLITE_CORRUPT:
            says = f"{path} is damaged or cut short ({error}): {rescue(path)}"
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            says = (
                f"{path} cannot be opened: check that its folder exists and that you may read and "
                "write there."
            )
        case sqlite3.SQLITE_IOERR:
            says = (
                f"The disk failed while {path} was used ({error}): this was not saved; check the "
                "disk and try again."
            )
        case _:
            says = f"{path} refused this and is unchanged: {' '.join(str(error).split())}."
    return ProgressError(says)


def rescue(path: Path) -> str:
    """What to do about a file that cannot be read, naming the newest backup if there is one."""
    backups = sorted((path.parent / "backups").glob(f"{path.stem}-*.db"))
    if backups:
        return f"nothing was changed; its newest backup is {backups[-1]}."
    return "nothing was changed; move it away to start afresh, there is no backup beside it."
