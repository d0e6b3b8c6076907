"""A study day is what a person calls today, whatever the clock does at night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.memory import ScheduleError, day_ends_at, day_text, elapsed_days, study_day
from tests.memory.laws import LAW

BERLIN = ZoneInfo("Europe/Berlin")
KIRITIMATI = ZoneInfo("Pacific/Kiritimati")
HONOLULU = ZoneInfo("Pacific/Honolulu")


def at(
    zone: tzinfo,
    year: int,
    month: int,
    day: int,
    hour: int,
    minute: int,
    second: int = 0,
    fold: int = 0,
) -> int:
    moment = datetime(year, month, day, hour, minute, second, tzinfo=zone, fold=fold)
    return int(moment.timestamp() * 1000)


def test_one_minute_before_four_is_still_yesterday_and_four_is_today() -> None:
    day = date(2026, 11, 20).toordinal()
    assert study_day(at(BERLIN, 2026, 11, 20, 3, 59), BERLIN) == day - 1
    assert study_day(at(BERLIN, 2026, 11, 20, 3, 59, 59) + 999, BERLIN) == day - 1
    assert study_day(at(BERLIN, 2026, 11, 20, 4, 0), BERLIN) == day


def test_the_rollover_hour_is_the_learners() -> None:
    day = date(2026, 11, 20).toordinal()
    assert study_day(at(UTC, 2026, 11, 20, 0, 0), UTC, rollover_hour=0) == day
    assert study_day(at(UTC, 2026, 11, 20, 5, 59), UTC, rollover_hour=6) == day - 1


def test_four_o_clock_is_the_wall_clocks_on_the_night_an_hour_is_skipped() -> None:
    # 29 March 2026: 02:00 becomes 03:00, so 04:00 is only three hours after midnight.
    day = date(2026, 3, 29).toordinal()
    assert study_day(at(BERLIN, 2026, 3, 29, 3, 30), BERLIN) == day - 1
    assert study_day(at(BERLIN, 2026, 3, 29, 4, 0), BERLIN) == day


def test_four_o_clock_is_the_wall_clocks_on_the_night_an_hour_is_repeated() -> None:
    day = date(2026, 10, 25).toordinal()
    for fold in (0, 1):
        assert study_day(at(BERLIN, 2026, 10, 25, 2, 30, fold=fold), BERLIN) == day - 1
    assert study_day(at(BERLIN, 2026, 10, 25, 4, 0), BERLIN) == day


def test_the_same_hour_a_day_later_is_always_one_day_across_the_year() -> None:
    start = datetime(2026, 1, 1, 21, 0, tzinfo=BERLIN)
    days = [
        study_day(int((start + timedelta(days=n)).timestamp() * 1000), BERLIN) for n in range(365)
    ]
    assert [later - day for day, later in pairwise(days)] == [1] * 364


def test_a_flight_across_the_date_line_moves_the_day_and_elapsed_days_stay_at_zero() -> None:
    moment = at(UTC, 2026, 11, 20, 12, 0)
    there, back = study_day(moment, KIRITIMATI), study_day(moment, HONOLULU)
    assert there - back == 1
    assert elapsed_days(there, back) == 0


def test_a_clock_set_back_counts_as_no_day() -> None:
    assert elapsed_days(739000, 738000) == 0
    assert elapsed_days(739000, 739005) == 5


@LAW
@given(
    st.integers(0, 4_000_000_000_000),
    st.sampled_from([UTC, BERLIN, KIRITIMATI, HONOLULU, timezone(timedelta(hours=5, minutes=45))]),
)
def test_the_day_ends_at_the_next_rollover(at_ms: int, zone: tzinfo) -> None:
    day, end = study_day(at_ms, zone), day_ends_at(at_ms, zone)
    assert at_ms < end
    assert study_day(end - 1, zone) == day
    assert study_day(end, zone) == day + 1


def test_without_a_zone_it_is_this_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        moment = at(UTC, 2026, 11, 19, 22, 15)
        assert study_day(moment) == date(2026, 11, 20).toordinal()
        assert study_day(moment - 1) == date(2026, 11, 19).toordinal()
        assert day_ends_at(moment - 1) == moment
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_day_is_written_as_its_date() -> None:
    assert day_text(date(2026, 11, 20).toordinal()) == "2026-11-20"


def test_an_instant_outside_the_calendar_is_refused() -> None:
    with pytest.raises(ScheduleError):
        study_day(10**18, UTC)


@pytest.mark.parametrize("hour", [-1, 24])
def test_a_rollover_hour_that_no_clock_shows_is_refused(hour: int) -> None:
    with pytest.raises(ScheduleError, match="0 to 23"):
        study_day(0, UTC, rollover_hour=hour)
