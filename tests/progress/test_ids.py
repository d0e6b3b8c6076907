"""Ids are uuid7, and each is greater than every one before it, whatever the clock does."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from studykit.progress.ids import Ids
from tests.progress.desk import LAW, NOON


@LAW
@given(st.lists(st.integers(NOON - 10**6, NOON + 10**6), min_size=1, max_size=50))
def test_ids_only_rise_even_when_the_clock_falls(clock: list[int]) -> None:
    ids = Ids()
    made = [ids.next(at_ms) for at_ms in clock]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert Ids(made[-1]).next(0) > made[-1]


def test_an_id_is_a_uuid_of_version_seven_and_tells_its_time() -> None:
    made = uuid.UUID(Ids().next(NOON))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == NOON


def test_more_ids_than_fit_into_a_millisecond_still_rise() -> None:
    ids = Ids()
    made = [ids.next(NOON) for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == 10_000


def test_an_earlier_id_from_elsewhere_changes_nothing() -> None:
    ids = Ids()
    last = ids.next(NOON)
    ids.seen(Ids().next(NOON - 5000))
    ids.seen("")
    assert ids.next(NOON) > last
