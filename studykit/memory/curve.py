"""The forgetting curve of FSRS-6: how likely a recall is after t days, and when it falls to r.

    F       = 0.9^(−1/w₂₀) − 1
    R(t, S) = (1 + F·t/S)^(−w₂₀)            R(S, S) = 0.9
    I(r, S) = S/F · (r^(−1/w₂₀) − 1)        I(0.9, S) = S

Source: the FSRS-6 algorithm page of open-spaced-repetition. Pure arithmetic without the `fsrs`
package, because the queue and the forecast ask for thousands of values; tests hold both equal.
"""

from __future__ import annotations

import math

from studykit.memory.errors import ScheduleError

RETENTION_MIN, RETENTION_MAX = 0.70, 0.97
STABILITY_MIN, STABILITY_MAX = 0.001, 36500.0


def curve_factor(decay: float) -> float:
    """F for decay w₂₀: 0.98035 with the default weights."""
    return float(0.9 ** (-1.0 / decay)) - 1.0


def recall(elapsed: float, stability: float, decay: float) -> float:
    """R(t, S): probability of recall `elapsed` days after the last answer; 1 at t ≤ 0."""
    days = max(0.0, elapsed)
    curve = 1.0 + curve_factor(decay) * days / check_stability(stability)
    return float(curve**-decay)


def days_until(retention: float, stability: float, decay: float) -> float:
    """I(r, S): days, not rounded, until recall has fallen to `retention`."""
    growth = float(check_retention(retention) ** (-1.0 / decay)) - 1.0
    return check_stability(stability) / curve_factor(decay) * growth


def check_retention(retention: float) -> float:
    """The same value if 0.70 ≤ retention ≤ 0.97.

    Outside of it intervals become absurd (retention 1 never lets a card go). Raises ScheduleError.
    """
    if not RETENTION_MIN <= retention <= RETENTION_MAX:
        raise ScheduleError(
            f"The retention to aim for must lie between {RETENTION_MIN:.2f} and "
            f"{RETENTION_MAX:.2f}, not {retention:g}."
        )
    return retention


def check_stability(stability: float) -> float:
    """The same value if it is finite and above 0. Raises ScheduleError."""
    if not (math.isfinite(stability) and stability > 0):
        raise ScheduleError(f"A stability must be finite and above 0, not {stability:g}.")
    return stability
