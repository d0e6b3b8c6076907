"""When to ask again: the FSRS model, study days, policy, queue and forecast.

Pure functions over plain values: nothing is read or written here, and the `fsrs` package is
imported only when the first grade is computed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studykit.memory.days import ROLLOVER_HOUR, day_ends_at, day_text, elapsed_days, study_day
    from studykit.memory.errors import ScheduleError
    from studykit.memory.forecast import Readiness, due_by_day, readiness, recall_on
    from studykit.memory.model import Grade, Model, Strength, model_for
    from studykit.memory.policy import Choice, Load, Settings, choices, fuzz_range, is_leech
    from studykit.memory.queue import (
        UNLIMITED,
        DueOrder,
        Left,
        NewFrom,
        NewOrder,
        Next,
        Order,
        Queue,
        Sort,
        Source,
    )
    from studykit.memory.state import STUDY, Answer, Memory, fold
    from studykit.memory.weights import (
        DEFAULT_WEIGHTS,
        Weights,
        weights_from_json,
        weights_to_json,
    )

_HOMES = {
    "days": (
        "ROLLOVER_HOUR",
        "day_ends_at",
        "day_text",
        "elapsed_days",
        "study_day",
    ),
    "errors": ("ScheduleError",),
    "forecast": (
        "Readiness",
        "due_by_day",
        "readiness",
        "recall_on",
    ),
    "model": (
        "Grade",
        "Model",
        "Strength",
        "model_for",
    ),
    "policy": (
        "Choice",
        "Load",
        "Settings",
        "choices",
        "fuzz_range",
        "is_leech",
    ),
    "queue": (
        "UNLIMITED",
        "DueOrder",
        "Left",
        "NewFrom",
        "NewOrder",
        "Next",
        "Order",
        "Queue",
        "Sort",
        "Source",
    ),
    "state": (
        "STUDY",
        "Answer",
        "Memory",
        "fold",
    ),
    "weights": (
        "DEFAULT_WEIGHTS",
        "Weights",
        "weights_from_json",
        "weights_to_json",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "DEFAULT_WEIGHTS",
    "ROLLOVER_HOUR",
    "STUDY",
    "UNLIMITED",
    "Answer",
    "Choice",
    "DueOrder",
    "Grade",
    "Left",
    "Load",
    "Memory",
    "Model",
    "NewFrom",
    "NewOrder",
    "Next",
    "Order",
    "Queue",
    "Readiness",
    "ScheduleError",
    "Settings",
    "Sort",
    "Source",
    "Strength",
    "Weights",
    "choices",
    "day_ends_at",
    "day_text",
    "due_by_day",
    "elapsed_days",
    "fold",
    "fuzz_range",
    "is_leech",
    "model_for",
    "readiness",
    "recall_on",
    "study_day",
    "weights_from_json",
    "weights_to_json",
]


def __getattr__(name: str) -> Any:
    """Names of this room, each imported when it is first used: a list of decks needs few."""
    if name in _HOME_OF:
        return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
