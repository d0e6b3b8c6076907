"""Writing what was made: beside the place first, then put there whole."""

from __future__ import annotations

from pathlib import Path

from studykit.sheets.errors import SheetError


def put(data: bytes, place: Path) -> None:
    """Write a file, or leave what stands there untouched. Raises SheetError."""
    beside = place.with_name(place.name + ".part")
    try:
        beside.write_bytes(data)
        beside.replace(place)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise SheetError(f"Cannot write {place}: {error.strerror or error}.") from error


def get(place: Path) -> bytes:
    """The content of a file. Raises SheetError."""
    try:
        return place.read_bytes()
    except OSError as error:
        raise SheetError(f"Cannot read {place}: {error.strerror or error}.") from error
