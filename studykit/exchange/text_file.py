"""The text of a file from another program: its size, its encoding, its line ends."""

from __future__ import annotations

from pathlib import Path

from studykit.exchange.errors import ExchangeError
from studykit.typeset import clean

MAX_BYTES = 64 << 20


def read_text(path: Path) -> str:
    """The text with plain newlines and without a byte order mark. Raises ExchangeError.

    UTF-8, or UTF-16 where a byte order mark says so, as spreadsheets write "Unicode text".
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ExchangeError(f"{path.name} is larger than {MAX_BYTES >> 20} MB: split it.")
        data = path.read_bytes()
    except OSError as error:
        raise ExchangeError(f"{path} cannot be read: {error.strerror or error}.") from error
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExchangeError(
            f"{path.name} is not UTF-8 text (byte {error.start + 1}): save it as UTF-8."
        ) from error
    # Tabs part columns, and `clean` would make them blanks.
    return "\t".join(map(clean, text.split("\t")))
