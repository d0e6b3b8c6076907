"""The 21 weights of FSRS-6: the defaults we ship, and how fitted ones are written down.

The defaults are ours to keep, so that an upgrade of the `fsrs` package never moves anybody's
schedule unasked; a test holds them equal to the package's.
"""

from __future__ import annotations

import json
import math
from typing import TypeAlias

from studykit.memory.errors import ScheduleError

Weights: TypeAlias = tuple[float, ...]

MODEL = "fsrs-6"

# fmt: off
DEFAULT_WEIGHTS: Weights = (
    0.212, 1.2931, 2.3065, 8.2956,            # S₀ for Again, Hard, Good, Easy
    6.4133, 0.8334, 3.0194, 0.001,            # difficulty
    1.8722, 0.1666, 0.796,                    # stability after recall
    1.4835, 0.0614, 0.2629, 1.6483,           # stability after forgetting
    0.6014, 1.8729,                           # Hard, Easy
    0.5425, 0.0912, 0.0658,                   # answers on the same day
    0.1542,                                   # decay of the forgetting curve
)
# fmt: on


def checked(weights: Weights) -> Weights:
    """The same weights, if they are 21 finite numbers; `Model` checks each one's bounds.

    Raises ScheduleError.
    """
    if len(weights) != len(DEFAULT_WEIGHTS):
        raise ScheduleError(f"FSRS-6 has {len(DEFAULT_WEIGHTS)} weights, not {len(weights)}.")
    if not all(math.isfinite(weight) for weight in weights):
        raise ScheduleError("FSRS weights must be finite numbers.")
    return weights


def weights_to_json(weights: Weights) -> str:
    """The text that is stored: `{"model": "fsrs-6", "w": […]}`; the model's name lets it change."""
    return json.dumps({"model": MODEL, "w": list(checked(weights))})


def weights_from_json(text: str) -> Weights:
    """Read what `weights_to_json` wrote. Raises ScheduleError for anything else."""
    try:
        stored = json.loads(text)
    except ValueError as error:
        raise ScheduleError(f"The stored FSRS weights are not JSON: {error}.") from error
    if not isinstance(stored, dict) or stored.get("model") != MODEL:
        raise ScheduleError(f"The stored weights are not those of {MODEL}.")
    listed = stored.get("w")
    if not isinstance(listed, list) or not all(
        isinstance(weight, int | float) and not isinstance(weight, bool) for weight in listed
    ):
        raise ScheduleError("The stored FSRS weights are not a list of numbers.")
    return checked(tuple(float(weight) for weight in listed))
