"""One studykit at a time writes a progress file: a lock of the operating system beside it.

The system lets go of it when the process ends, however it ends, so no stale lock is ever left.
Readers take no lock: `studykit decks --json` works while the app runs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

from studykit.progress.errors import ProgressError

if sys.platform == "win32":
    import msvcrt

    # Windows locks bytes against reading too, so the locked byte lies far behind the text.
    _LOCKED_BYTE = 1 << 20

    def _lock(file: BinaryIO) -> None:
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError from error
        finally:
            file.seek(0)

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def take_lock(path: Path) -> BinaryIO:
    """Hold the lock of the progress file `path` until the returned file is closed.

    Raises ProgressError when another process holds it, or the folder cannot be written.
    """
    beside = path.with_name(f"{path.name}.lock")
    try:
        file = beside.open("a+b", buffering=0)
    except OSError as error:
        raise ProgressError(
            f"{path.parent} cannot be written ({error.strerror}): make the folder writable, or "
            "choose another place with STUDYKIT_HOME."
        ) from error
    try:
        _lock(file)
        file.truncate(0)
        file.write(f"{os.getpid()}\n".encode())
    except BlockingIOError:
        holder = _holder(file)
        file.close()
        raise ProgressError(
            f"{path} is open in another studykit{holder}: close that first."
        ) from None
    except OSError as error:
        file.close()
        raise ProgressError(
            f"{beside} cannot be locked ({error.strerror}): keep the progress file on a disk of "
            "this computer, or choose another place with STUDYKIT_HOME."
        ) from error
    return file


def _holder(file: BinaryIO) -> str:
    file.seek(0)
    written = file.read(32).strip()
    return f" (process {written.decode()})" if written.isdigit() else ""
