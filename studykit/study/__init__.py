"""What a learner does, without a screen: sessions, settings, and everything they have, opened."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from studykit.study.errors import StudyError

if TYPE_CHECKING:
    from studykit.study.collection import Collection
    from studykit.study.home import Home
    from studykit.study.question import Outcome, Question
    from studykit.study.session import Session
    from studykit.study.settings import Settings
    from studykit.study.start import Start

_HOMES = {
    "Collection": "collection",
    "Home": "home",
    "Outcome": "question",
    "Question": "question",
    "Session": "session",
    "Settings": "settings",
    "Start": "start",
}

__all__ = [
    "Collection",
    "Home",
    "Outcome",
    "Question",
    "Session",
    "Settings",
    "Start",
    "StudyError",
]


def __getattr__(name: str) -> Any:
    """Names of this floor, each imported when it is first used."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
