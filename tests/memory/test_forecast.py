"""A forecast says per card how likely it is recalled on a day, and per day what is due."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.memory import Memory, Model, due_by_day, readiness, recall_on
from tests.memory.laws import LAW

DAY = 739_000


def remembered(stability: float, last: int) -> Memory:
    return Memory(stability, 5.0, last + 1, last, 1, 0, learning=False)


@LAW
@given(st.lists(st.tuples(st.floats(0.01, 1000), st.integers(0, 300)), max_size=20))
def test_recall_on_a_day_is_what_the_model_says_of_each_card(
    cards: list[tuple[float, int]],
) -> None:
    memories = [remembered(stability, DAY - ago) for stability, ago in cards]
    expected = [Model().retrievability(stability, ago) for stability, ago in cards]
    assert recall_on(DAY, memories) == pytest.approx(expected, rel=1e-12)


def test_a_card_never_answered_counts_as_unknown() -> None:
    assert recall_on(DAY, [None]) == [0.0]


def test_recall_falls_from_day_to_day_and_is_certain_on_the_day_itself() -> None:
    memory = remembered(10.0, DAY)
    values = [recall_on(DAY + days, [memory])[0] for days in (-5, 0, 1, 10, 100)]
    assert values[:2] == [1.0, 1.0]
    assert values[3] == pytest.approx(0.9)
    assert values == sorted(values, reverse=True)


def test_readiness_tells_the_mean_and_what_nine_of_ten_cards_reach() -> None:
    recalls = [0.1, *[0.9] * 9, 0.5, *[1.0] * 9]
    ready = readiness(recalls)
    assert ready.mean == pytest.approx(sum(recalls) / 20)
    assert ready.tenth == 0.5
    assert sum(recall >= ready.tenth for recall in recalls) >= 18
    assert ready.cards == 20
    assert readiness([]) == (0.0, 0.0, 0)


def test_overdue_cards_count_on_the_first_day_and_later_ones_not_at_all() -> None:
    dues = [DAY - 10, DAY, DAY + 1, DAY + 1, DAY + 3, DAY + 99]
    assert due_by_day(dues, DAY, 4) == [2, 2, 0, 1]
