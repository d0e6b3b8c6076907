"""Cards and deck heads to the bytes that the cache keeps, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec

from .cache import DamageError
from .schema import Card, Deck

_encoder = msgspec.msgpack.Encoder()
_cards: msgspec.msgpack.Decoder[Card] = msgspec.msgpack.Decoder(cast("type[Card]", Card))
_rows = msgspec.msgpack.Decoder(list[Card])
_decks = msgspec.msgpack.Decoder(Deck)


def body_of(card: Card) -> bytes:
    """A card as stored."""
    return _encoder.encode(card)


def card_from(body: bytes) -> Card:
    """The stored card. Raises `DamageError` on bytes that are no card."""
    try:
        return _cards.decode(body)
    except msgspec.DecodeError as error:
        raise DamageError(str(error)) from None


def cards_from(bodies: Sequence[bytes]) -> list[Card]:
    """Many stored cards in one go. Raises `DamageError` on bytes that are no cards."""
    # One list in MessagePack is its head (0xdd and the length in four bytes), then its entries.
    listed = b"".join((b"\xdd", len(bodies).to_bytes(4, "big"), *bodies))
    try:
        return _rows.decode(listed)
    except msgspec.DecodeError as error:
        raise DamageError(str(error)) from None


def header_body(deck: Deck) -> bytes:
    """A deck without cards as stored."""
    return _encoder.encode(deck)


def deck_from(body: bytes) -> Deck:
    """The stored deck head. Raises `DamageError` on bytes that are no deck."""
    try:
        return _decks.decode(body)
    except msgspec.DecodeError as error:
        raise DamageError(str(error)) from None
