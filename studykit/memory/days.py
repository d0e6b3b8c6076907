"""Study days: the local date with a rollover hour, as an int (`date.toordinal()`).

Late at night still belongs to the evening before. What is due is a day, never an instant, so
neither a change to summer time nor a flight can make a card due twice.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from studykit.memory.errors import ScheduleError

ROLLOVER_HOUR = 4


def study_day(at_ms: int, zone: tzinfo | None = None, rollover_hour: int = ROLLOVER_HOUR) -> int:
    """The study day of an instant in ms since the epoch; `zone` None is this machine's zone.

    The wall clock decides: 03:59 is still yesterday and 04:00 is today, on the nights when an
    hour is skipped or repeated too.
    """
    local = _local(at_ms, zone)
    return local.date().toordinal() - (local.hour < _check_hour(rollover_hour))


def day_ends_at(at_ms: int, zone: tzinfo | None = None, rollover_hour: int = ROLLOVER_HOUR) -> int:
    """When the study day of this instant is over, in ms since the epoch."""
    following = date.fromordinal(study_day(at_ms, zone, rollover_hour) + 1)
    end = datetime.combine(following, time(rollover_hour), tzinfo=zone)
    return int(end.timestamp()) * 1000


def elapsed_days(last: int, day: int) -> int:
    """Study days since the last answer; 0 when the clock or the traveller went backwards."""
    return max(0, day - last)


def day_text(day: int) -> str:
    """A study day as ISO date: 2026-11-20."""
    return date.fromordinal(day).isoformat()


def _local(at_ms: int, zone: tzinfo | None) -> datetime:
    try:
        # Whole seconds, then a timedelta: a float of milliseconds could round 03:59:59.999 up.
        return datetime.fromtimestamp(at_ms // 1000, zone) + timedelta(milliseconds=at_ms % 1000)
    except (ValueError, OverflowError, OSError) as error:
        raise ScheduleError(f"{at_ms} ms is no instant this calendar knows.") from error


def _check_hour(hour: int) -> int:
    if not 0 <= hour <= 23:
        raise ScheduleError(f"The hour at which a day begins is 0 to 23, not {hour}.")
    return hour
