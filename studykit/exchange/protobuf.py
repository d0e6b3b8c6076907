"""The little of Protocol Buffers that Anki's newer files need: the fields of one message.

The wire format is Google's: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator


class WireError(ValueError):
    """The bytes are no message."""


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(number, value) of each field: an int for a varint, else its bytes. Raises WireError."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, value
            continue
        if wire == 2:
            size, at = _varint(data, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise WireError(f"wire type {wire}")
        if at + size > len(data):
            raise WireError("a field ends behind the message")
        yield number, data[at : at + size]
        at += size


def text_of(data: bytes, number: int) -> str:
    """The text of a field; "" where it is not there."""
    found = [value for at, value in fields(data) if at == number and isinstance(value, bytes)]
    return found[-1].decode("utf-8", "replace") if found else ""


def number_of(data: bytes, number: int) -> int:
    """The number of a field; 0 where it is not there."""
    found = [value for at, value in fields(data) if at == number and isinstance(value, int)]
    return found[-1] if found else 0


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise WireError("a number does not end")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
