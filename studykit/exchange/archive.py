"""Members of a zip from a stranger, read only after the whole archive was looked over.

Nothing is ever unpacked under a name from the archive. Counts, sizes and ratios have a limit, so
that a small file cannot become a large one here.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Any

from studykit.exchange.errors import ExchangeError

MAX_MEMBERS = 200_000
"""A collection of a diligent learner has some ten thousand pictures."""
MAX_DIRECTORY = 64 << 20
"""Bytes of the archive's table of contents."""
MAX_SIZE = 512 << 20
"""Bytes of one member once it is unpacked; a million answers take about 100 MB."""
MAX_RATIO = 100
"""Unpacked over packed, of what is larger than `SMALL`; a full collection reaches about 10."""
SMALL = 32 << 20
_CHUNK = 1 << 20
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")


class Archive:
    """An open archive that was found harmless."""

    def __init__(self, opened: zipfile.ZipFile, name: str) -> None:
        self._zip = opened
        self._name = name
        self.names = frozenset(opened.namelist())

    def read(self, member: str, most: int = SMALL) -> bytes:
        """A small member. Raises ExchangeError when it is damaged or larger than `most`."""
        held = BytesIO()
        self.copy(member, held, most)
        return held.getvalue()

    def copy(self, member: str, target: IO[bytes], most: int = MAX_SIZE) -> None:
        """Unpack a member into an open file. Raises ExchangeError."""
        info = self._zip.getinfo(member)
        if info.flag_bits & 1:
            raise ExchangeError(f"{self._name} is encrypted: export it again without a password.")
        most = min(most, max(SMALL, info.compress_size * MAX_RATIO))
        try:
            with self._zip.open(info) as source:
                copy_at_most(source, target, most, self._name)
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise damaged(self._name) from error
        except Exception as error:
            # Each way of packing has an error of its own (zlib.error, lzma.LZMAError).
            if isinstance(error, ExchangeError):
                raise
            raise damaged(self._name) from error


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a zip and look it over. Raises ExchangeError with one sentence."""
    name = path.name
    try:
        with path.open("rb") as file:
            if _directory_bytes(file) > MAX_DIRECTORY:
                raise ExchangeError(f"{name} lists more files than any collection has.")
            with zipfile.ZipFile(file) as opened:
                _look_over(opened, name)
                yield Archive(opened, name)
    except (zipfile.BadZipFile, struct.error, NotImplementedError, ValueError) as error:
        raise damaged(name) from error
    except OSError as error:
        raise ExchangeError(f"{path} cannot be read: {error.strerror or error}.") from error


def copy_at_most(source: Any, target: IO[bytes], most: int, name: str) -> None:
    """Copy a stream that may turn out longer than it says. Raises ExchangeError."""
    left = most
    while chunk := source.read(min(_CHUNK, left + 1)):
        left -= len(chunk)
        if left < 0:
            raise ExchangeError(f"{name} unpacks to far more than a collection holds: not read.")
        target.write(chunk)


def damaged(name: str) -> ExchangeError:
    """What is said of an archive that ends too early or makes no sense."""
    return ExchangeError(f"{name} is damaged or no Anki file: export it again.")


def _look_over(opened: zipfile.ZipFile, name: str) -> None:
    members = opened.infolist()
    if len(members) > MAX_MEMBERS:
        raise ExchangeError(f"{name} holds {len(members):,} files, more than any collection has.")
    if len({member.filename for member in members}) < len(members):
        raise ExchangeError(f"{name} holds two files of one name: export it again.")
    for member in members:
        inside = member.filename
        if (
            PurePosixPath(inside).is_absolute()
            or PureWindowsPath(inside).drive
            or ".." in PureWindowsPath(inside).parts
        ):
            raise ExchangeError(f"{name} holds a file that wants to lie outside of it: not read.")


def _directory_bytes(file: IO[bytes]) -> int:
    """How long the table of contents says it is, before anything reads it whole."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size - 0xFFFF))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + _END.size:
        raise zipfile.BadZipFile("no end")
    length = int(_END.unpack_from(tail, at)[5])
    if length == 0xFFFFFFFF:
        at = tail.rfind(b"PK\6\6")
        if at < 0 or len(tail) < at + _END_64.size:
            raise zipfile.BadZipFile("no long end")
        length = int(_END_64.unpack_from(tail, at)[8])
    file.seek(0)
    return length
