"""The day of the interview that a learner prepares for, as `studykit plan` keeps it."""

from __future__ import annotations

from datetime import date

from studykit.progress import Store

SETTING = "interview day"
"""Under this name the progress file holds the date, as 2027-01-15; empty or missing: none."""


def interview_day(store: Store) -> int | None:
    """Its study day; None where no date was set."""
    kept = store.setting(SETTING)
    try:
        return date.fromisoformat(kept).toordinal() if kept else None
    except ValueError:
        return None
