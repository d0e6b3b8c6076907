"""The progress of several machines joined through a folder that is synced by other means.

`FOLDER/log/MACHINE.jsonl` is written by that machine alone and only grows, so no two machines ever
write one file. Every merge reads all of them and adds what is missing: the order of merges and
their repetition do not matter. A file that is still arriving is read as far as it goes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studykit.exchange.errors import ExchangeError
from studykit.progress import ProgressError, Store
from studykit.progress.backup import back_up
from studykit.progress.exchange import lines_in, lines_out, logged_ids

FORMAT = 1
HEAD = "studykit log"
"""The first line of a file says this, and its format."""
MAX_BYTES = 4 << 30


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file of the folder as it was read."""

    path: Path
    rows: int
    """Rows that stood in no file before it."""
    added: int
    """Rows that were missing here."""
    torn: bool
    """Whether its end has not arrived yet."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did."""

    files: tuple[LogFile, ...]
    added: int
    """Rows that came from the folder."""
    written: int
    """Rows that went to the folder."""
    cards: int
    """Cards whose memory was made again."""
    backup: Path | None


def merge(store: Store, folder: Path, at_ms: int) -> Merged:
    """Join the store and the folder, both ways. Raises ExchangeError, with nothing joined from the
    file that is at fault."""
    if not folder.is_dir():
        raise ExchangeError(f"There is no folder {folder}: name the one that your machines share.")
    try:
        return _merge(store, folder / "log", at_ms)
    except ProgressError as error:
        raise ExchangeError(str(error)) from error
    except OSError as error:
        where = error.filename or folder
        raise ExchangeError(f"{where} cannot be used: {error.strerror or error}.") from error


def _merge(store: Store, folder: Path, at_ms: int) -> Merged:
    folder.mkdir(exist_ok=True)
    own = folder / f"{store.machine}.jsonl"
    here = logged_ids(store)
    shared: set[str] = set()
    files: list[LogFile] = []
    backup: Path | None = None
    cards = 0
    for path in sorted(folder.glob("*.jsonl")):
        lines, torn = _read(path)
        before, added = len(shared), 0
        missing = list(_missing(lines, here, shared))
        if any(missing):
            backup = backup or back_up(store, at_ms, force=True)
            joined = lines_in(store, missing, str(path))
            added, cards = joined.added, cards + joined.cards
            here |= shared
        files.append(LogFile(path, len(shared) - before, added, torn))
    written = _append(store, own, shared)
    return Merged(tuple(files), sum(file.added for file in files), written, cards, backup)


def _read(path: Path) -> tuple[list[str], bool]:
    """The complete lines of a file, its head left empty, and whether its end is missing."""
    if path.stat().st_size > MAX_BYTES:
        raise ExchangeError(f"{path} is larger than any log: nothing was joined from it.")
    whole, newline, rest = path.read_bytes().rpartition(b"\n")
    try:
        lines = whole.decode("utf-8").split("\n") if newline else []
    except UnicodeDecodeError as error:
        line = whole.count(b"\n", 0, error.start) + 1
        raise ExchangeError(f"{path}, line {line} is no UTF-8: nothing was joined.") from error
    if lines:
        _check_head(lines[0], path)
        lines[0] = ""
    return lines, bool(rest) or not newline


def _check_head(line: str, path: Path) -> None:
    try:
        head = json.loads(line)
    except (ValueError, RecursionError):
        head = None
    if not isinstance(head, dict) or head.get("file") != HEAD:
        raise ExchangeError(f"{path} is no log of studykit: move it out of the folder.")
    if head.get("format") != FORMAT:
        raise ExchangeError(
            f"{path} was written by a newer studykit (format {head.get('format')}): "
            "update studykit here first."
        )


def _missing(lines: list[str], here: set[str], shared: set[str]) -> Iterator[str]:
    """The lines, those that are known here left empty so that the others keep their number."""
    for line in lines:
        try:
            id_ = json.loads(line)["id"] if line else None
        except (ValueError, LookupError, TypeError, RecursionError):
            id_ = None  # the reader of lines says what is wrong with it
        if isinstance(id_, str):
            shared.add(id_)
        yield "" if id_ in here else line


def _append(store: Store, own: Path, shared: set[str]) -> int:
    """Add what the folder does not have to this machine's file; how many rows that was."""
    lines = [line for line in lines_out(store) if json.loads(line)["id"] not in shared]
    exists = own.exists()
    written = len(lines)
    if not lines and exists:
        return 0
    with own.open("r+b" if exists else "xb") as file:
        if exists:
            # What a former merge did not finish is written again.
            whole = own.read_bytes().rfind(b"\n") + 1
            file.seek(whole)
            file.truncate()
        if file.tell() == 0:
            lines.insert(0, json.dumps({"file": HEAD, "format": FORMAT, "machine": store.machine}))
        file.write("".join(f"{line}\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())
    return written
