"""The text of a deck file: bytes in, one string out, and offsets turned into editor positions.

Lines are counted as editors count them (after LF, CRLF or CR). YAML also breaks lines at U+0085,
U+2028 and U+2029; those are replaced by spaces here, so the parser never sees another count.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, islice
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from studykit.typeset import clean, stains

from .faults import DeckError, Fault

MAX_BYTES = 64 * 1024 * 1024
"""A deck of 100 000 ordinary cards takes about 40 MB."""

_SEPARATOR = re.compile("[\x85\u2028\u2029]")
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_STAND_IN = "\u2060"
"""Takes the place of what YAML refuses to read; cleaning the parsed text removes it again."""
_PLAIN = bytes(range(0x20, 0x7F)) + b"\n"
MAX_STAINS = 50
"""After so many bad characters the rest goes without a word: it is no text file."""


class Source:
    """One file's text as the parser gets it; `position` takes offsets into that text."""

    def __init__(self, file: str, text: str, stained: bool = False) -> None:
        self.file = file
        self.text = text
        self.stained = stained
        """True when some parsed text may need cleaning, not only double-quoted escapes."""

    @cached_property
    def _starts(self) -> list[int]:
        lengths = (len(line) + 1 for line in self.text.split("\n"))
        return list(accumulate(lengths, initial=0))[:-1]

    def position(self, index: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1; the column counts characters."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, as `position` gave them."""
        return self._starts[line - 1] + column - 1

    def line_of(self, index: int) -> int:
        """The line of an offset, from 1."""
        return bisect_right(self._starts, index)

    def fault(self, index: int, code: str, message: str, suggestion: str = "") -> Fault:
        """A fault at an offset of this file."""
        line, column = self.position(index)
        return Fault(self.file, line, column, code, message, suggestion)


def lines_of(text: str) -> list[str]:
    """The lines as `Source` counts them, without their ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises `DeckError` when it cannot be read or is too large."""
    try:
        status = path.stat()
        # Asked before the file is opened: opening a pipe would wait for its other end.
        if not S_ISREG(status.st_mode):
            what = "is a folder" if S_ISDIR(status.st_mode) else "is not an ordinary file"
            raise _unreadable(path, f"cannot be read: {what}")
        if status.st_size > MAX_BYTES:
            limit = MAX_BYTES // (1024 * 1024)
            said = f"the file is larger than {limit} MB"
            raise _unreadable(path, said, "Split the deck into several files.")
        return path.read_bytes()
    except FileNotFoundError:
        raise _unreadable(path, "cannot be read: there is no such file") from None
    except OSError as error:
        said = error.strerror or "input/output error"
        raise _unreadable(path, f"cannot be read: {said}") from None


def _unreadable(path: Path, said: str, suggestion: str = "") -> DeckError:
    return DeckError([Fault(str(path), 1, 1, "unreadable", said, suggestion)])


def content_hash(data: bytes) -> str:
    """What a deck's content is known by in the cache."""
    import hashlib

    return hashlib.sha256(data).hexdigest()


def decode(file: str, data: bytes) -> tuple[Source, list[Fault]]:
    """The text of a file's bytes, with faults for what had to be replaced in it.

    Raises `DeckError` when the bytes are not UTF-8. Replaced characters keep their place, so
    every offset still points where the author sees it.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DeckError([_not_utf8(file, data, error)]) from None
    if b"\r" in data:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        data = text.encode()
    # Only what is not plain ASCII can need cleaning, and of most decks that is little.
    rest = data.translate(None, _PLAIN).decode()
    if clean(rest) == rest:
        return Source(file, text), []
    source = Source(file, _REFUSED.sub(_STAND_IN, _SEPARATOR.sub(" ", text)), stained=True)
    faults = [
        source.fault(
            match.start(),
            "line-separator",
            f"a line separator (U+{ord(match.group()):04X}) is read as a space",
            "Use an ordinary line break or a space.",
        )
        for match in islice(_SEPARATOR.finditer(text), MAX_STAINS)
    ]
    faults += [
        source.fault(
            stain.offset,
            "unsafe-character",
            f"{article(stain.says)} was removed",
            "Delete it; editors may not show it.",
        )
        for stain in stains(text)[:MAX_STAINS]
        if stain.character != "\x85"
    ]
    return source, faults


def article(noun: str) -> str:
    """The noun with `a` or `an` before it."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _not_utf8(file: str, data: bytes, error: UnicodeDecodeError) -> Fault:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        said = "the file is UTF-16, not UTF-8"
        return Fault(file, 1, 1, "not-utf-8", said, "Save it as UTF-8.")
    before = lines_of(data[: error.start].decode("utf-8"))
    return Fault(
        file,
        len(before),
        len(before[-1]) + 1,
        "not-utf-8",
        f"the byte 0x{data[error.start]:02X} is not UTF-8",
        "Save the file as UTF-8.",
    )
