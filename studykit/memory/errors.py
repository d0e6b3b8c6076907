"""The one exception of this room. Its text is one sentence for the person."""

from __future__ import annotations


class ScheduleError(ValueError):
    """A value that no schedule can be computed from: says which, and what is allowed."""
