"""Easy days of the week, as a learner writes them: `sat sun`, or `sat=0.5 sun=0`."""

from __future__ import annotations

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HALF = 0.5
"""What a day named without a share gets of the reviews that could fall on it."""
NORMAL = (1.0,) * 7


def read_week(text: str) -> tuple[float, ...]:
    """The share of reviews for Monday to Sunday, 0 to 1. Raises ValueError with a sentence."""
    shares = list(NORMAL)
    for word in text.replace(",", " ").split():
        name, given, share = word.partition("=")
        day = name.lower()[:3]
        full = next((one for one in DAYS if one == day), None)
        if full is None or not _is_day(name.lower()):
            raise ValueError(f"{name} is no day of the week; write mon tue wed thu fri sat sun")
        shares[DAYS.index(full)] = _share(share, name) if given else HALF
    if max(shares) == 0:
        raise ValueError("at least one day must take reviews")
    return tuple(shares)


def _is_day(name: str) -> bool:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return any(len(name) >= 3 and one.startswith(name) for one in full)


def _share(text: str, name: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError(
            f"the share of {name} lies between 0 (none) and 1 (as usual), not {text!r}"
        )
    return share
