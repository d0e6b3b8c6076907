"""A break leaves a plain, not a mountain, and the cards that bear least delay come first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studykit.memory.spread import Waiting, spread
from tests.memory.laws import LAW

BACK = 1000
CARDS = st.lists(
    st.tuples(st.integers(BACK - 60, BACK - 1), st.integers(1, 200)), min_size=1, max_size=60
).map(lambda rows: [Waiting(f"c{at}", due, every) for at, (due, every) in enumerate(rows)])


@LAW
@given(waiting=CARDS, load=st.lists(st.integers(0, 30), min_size=1, max_size=12))
def test_every_card_gets_one_day_after_the_break(waiting: list[Waiting], load: list[int]) -> None:
    dues = spread(waiting, BACK, load)
    assert set(dues) == {one.card for one in waiting}
    assert all(BACK <= day < BACK + len(load) for day in dues.values())


@LAW
@given(waiting=CARDS, load=st.lists(st.integers(0, 30), min_size=1, max_size=12))
def test_days_are_filled_to_the_lowest_level_that_holds_all(
    waiting: list[Waiting], load: list[int]
) -> None:
    dues = spread(waiting, BACK, load)
    moved = [sum(day == BACK + after for day in dues.values()) for after in range(len(load))]
    highest = max(others + more for others, more in zip(load, moved, strict=True) if more)
    lower = highest - 1
    assert sum(max(0, lower - others) for others in load) < len(waiting)


def test_short_intervals_come_before_long_ones() -> None:
    waiting = [Waiting("long", BACK - 2, 100), Waiting("short", BACK - 2, 2)]
    assert spread(waiting, BACK, [0, 0]) == {"short": BACK, "long": BACK + 1}
