"""Chance comes from the ticket alone."""

from __future__ import annotations

from collections import Counter

from studykit.problems.dice import Dice


def test_the_same_text_gives_the_same_numbers_for_ever() -> None:
    dice = Dice("attention-output@1/2#7")
    assert [dice.below(1000) for _ in range(8)] == FIRST
    assert [Dice("another").below(1000) for _ in range(2)] == [Dice("another").below(1000)] * 2


FIRST = [658, 711, 705, 202, 348, 64, 977, 809]


def test_every_number_of_a_range_comes_about_equally_often() -> None:
    dice = Dice("fair")
    counts = Counter(dice.between(-3, 3) for _ in range(7000))
    assert set(counts) == set(range(-3, 4))
    assert max(counts.values()) - min(counts.values()) < 200


def test_shuffling_keeps_all_items_and_reaches_every_order() -> None:
    dice = Dice("orders")
    orders = {tuple(dice.shuffled("abc")) for _ in range(200)}
    assert len(orders) == 6
    assert len(set(dice.some(range(10), 4))) == 4
