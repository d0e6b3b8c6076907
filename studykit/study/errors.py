"""The one exception of the study floor."""

from __future__ import annotations


class StudyError(Exception):
    """Something a learner can act on. The text says what was wrong, where, and what to do."""
