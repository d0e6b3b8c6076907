"""Every number a card states is computed again, and every decimal is accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from tests.content.facts import gather
from tests.content.shipped import cards, whole

NUMBERS = gather("NUMBERS")
GIVEN = gather("GIVEN")

NUMBER = re.compile(
    r"(?P<sign>-?)(?:\\frac(?:\{(?P<a>\d+)\}\{(?P<b>\d+)\}|(?P<c>\d)(?P<d>\d))"
    r"|(?P<over>\d+/\d+)"
    r"|(?P<plain>\d+(?:\.\d+)?)(?:\\cdot10\^\{(?P<power>-?\d+)\})?)"
)
DECIMAL = re.compile(r"\d+\.\d+")


def read(piece: str) -> Iterator[tuple[float, float]]:
    """The numbers written in a piece of card text, each with half a unit of its last place."""
    for found in NUMBER.finditer(piece):
        sign = -1 if found["sign"] else 1
        if found["plain"] is None:
            parts = (found["a"] or found["c"], found["b"] or found["d"])
            exact = Fraction(found["over"]) if found["over"] else Fraction(*map(int, parts))
            yield sign * float(exact), 1e-9
            continue
        scale = 10.0 ** int(found["power"] or 0)
        places = len(found["plain"].partition(".")[2])
        rounded = places > 0 or "approx" in piece or "about" in piece
        yield sign * float(found["plain"]) * scale, (0.5 * 10.0**-places * scale if rounded else 0)


@pytest.mark.parametrize("name", sorted(NUMBERS))
def test_the_numbers_of_a_card_are_what_they_should_be(name: str) -> None:
    text = whole(cards()[name])
    for piece, value in NUMBERS[name]:
        assert piece in text, f"{name} no longer says {piece!r}"
        expected = np.ravel(value)
        stated = list(read(piece))[-len(expected) :]
        assert len(stated) == len(expected), piece
        for (number, tolerance), right in zip(stated, expected, strict=True):
            assert abs(number - right) <= tolerance + 1e-9, (piece, number, right)


@pytest.mark.parametrize("name", sorted(cards()))
def test_every_decimal_of_a_card_is_computed_or_declared_as_given(name: str) -> None:
    known = " ".join([*(piece for piece, _ in NUMBERS.get(name, ())), GIVEN.get(name, "")])
    assert set(DECIMAL.findall(whole(cards()[name]))) <= set(DECIMAL.findall(known))


def test_no_number_is_declared_as_given_that_its_card_does_not_hold() -> None:
    for name, numbers in GIVEN.items():
        assert set(numbers.split()) <= set(DECIMAL.findall(whole(cards()[name]))), name
