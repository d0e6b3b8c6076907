"""Counts, shares and durations as people write them, and what undo says."""

from __future__ import annotations

TAKEN_BACK = "Taken back. Here is that card again."
"""A grade or a card put away; often not of the card that stood on the screen."""
NOTHING_TO_UNDO = "There is nothing to undo: nothing was graded yet."


def counted(number: int, one: str, many: str = "") -> str:
    """1 card, 2 cards, 12 345 cards; the thousands stay on one line."""
    digits = f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{digits} {one if number == 1 else many or one + 's'}"


def percent(share: float | None) -> str:
    """93 %; a dash where there is nothing to divide by."""
    return "–" if share is None else f"{100 * share:.0f} %"


def duration(seconds: float) -> str:
    """48 s, 12 min, 3 h 05 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"
