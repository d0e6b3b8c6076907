"""What was asked for at the door: which cards to study, and how."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Booking(NamedTuple):
    """An interview or a rapid round that was asked for; None where nothing was said."""

    minutes: int | None = None
    seniority: str | None = None
    topics: tuple[str, ...] = ()
    seed: int | None = None
    rapid: bool = False
    fresh: bool = False
    """Begin anew, even if an interview is open."""
    report: Path | None = None
    """Where the scorecard goes besides the learner's folder."""


class Start(NamedTuple):
    """What was asked for on the command line, before anything is opened."""

    home: str | None = None
    paths: tuple[Path, ...] = ()
    decks: tuple[str, ...] = ()
    plain: bool = False
    study: bool = False
    """Straight into a session instead of the list of decks."""
    limit: int | None = None
    new: int | None = None
    tag: str = ""
    cram: bool = False
    interview: Booking | None = None
    theme: str | None = None
    tour: bool = False
    """Whether a newcomer is shown around."""

    @property
    def flags(self) -> Mapping[str, object]:
        """Settings that were typed on the command line, by name; None where one was not."""
        return {"new_per_day": self.new, "theme": self.theme}
