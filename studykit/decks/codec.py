"""Cards and deck heads to the bytes that the cache keeps, and back."""

from __future__ import annotations

from typing import cast

import msgspec

from .cache import DamageError
from .schema import Card, Deck

_encoder = msgspec.msgpack.Encoder()
_cards: msgspec.msgpack.Decoder[Card] = msgspec.msgpack.Decoder(cast("type[Card]", Card))
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


def header_body(deck: Deck) -> bytes:
    """A deck without cards as stored."""
    return _encoder.encode(deck)


def deck_from(body: bytes) -> Deck:
    """The stored deck head. Raises `DamageError` on bytes that are no deck."""
    try:
        return _decks.decode(body)
    except msgspec.DecodeError as error:
        raise DamageError(str(error)) from None
