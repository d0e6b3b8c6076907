"""The model over arrays is the model of one card, card by card."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.memory import DEFAULT_WEIGHTS, Model, Strength
from studykit.memory.many import Many
from tests.memory.laws import LAW

ONE, ALL = Model(), Many()


def test_first_answers_leave_the_same_strength() -> None:
    stability, difficulty = ALL.first(np.array([1, 2, 3, 4]))
    for grade in (1, 2, 3, 4):
        assert (stability[grade - 1], difficulty[grade - 1]) == pytest.approx(ONE.first(grade))


@LAW
@given(
    cards=st.lists(
        st.tuples(
            st.floats(0.01, 2000),
            st.floats(1, 10),
            st.integers(1, 4),
            st.one_of(st.just(0), st.integers(1, 900)),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_later_answers_leave_the_same_strength(
    cards: list[tuple[float, float, int, int]],
) -> None:
    S, D, grades, elapsed = (np.array(column) for column in zip(*cards, strict=True))
    stability, difficulty = ALL.next(S, D, grades, elapsed)
    for at, (s, d, grade, days) in enumerate(cards):
        right = ONE.next(Strength(s, d), grade, days)
        assert (stability[at], difficulty[at]) == pytest.approx(right, rel=1e-9)


def test_recall_and_intervals_are_the_same() -> None:
    S = np.array([0.5, 2.3, 40.0, 900.0])
    days = np.array([0, 1, 30, 400])
    for at in range(4):
        assert ALL.recall(S, days)[at] == pytest.approx(
            ONE.retrievability(float(S[at]), int(days[at]))
        )
        for retention in (0.7, 0.9, 0.97):
            ideal = ONE.interval(float(S[at]), retention)
            assert ALL.intervals(S, retention)[at] == max(1, int(ideal + 0.5))


def test_other_weights_are_used() -> None:
    weights = tuple(weight * 1.1 for weight in DEFAULT_WEIGHTS)
    stability, _ = Many(weights).first(np.array([3]))
    assert stability[0] == pytest.approx(Model(weights).first(3).stability)
