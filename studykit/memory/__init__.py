"""When to ask again: the FSRS model, study days, policy, queue and forecast.

Pure functions over plain values: nothing is read or written here, and the `fsrs` package is
imported only when the first grade is computed.
"""

from studykit.memory.days import ROLLOVER_HOUR, day_ends_at, day_text, elapsed_days, study_day
from studykit.memory.errors import ScheduleError
from studykit.memory.forecast import Readiness, due_by_day, readiness, recall_on
from studykit.memory.model import Grade, Model, Strength, model_for
from studykit.memory.policy import Choice, Load, Settings, choices, fuzz_range, is_leech
from studykit.memory.queue import (
    UNLIMITED,
    DueOrder,
    Left,
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
