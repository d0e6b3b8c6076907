"""Which grade the evidence speaks for: correctness, hints and time, never more than a proposal.

Hard is not a fail: it stands for a right answer that cost help or much time. Example: a right
answer in 70 s where one's own median is 30 s suggests Hard; in 12 s, on a card seen before, Easy.
"""

from __future__ import annotations

from studykit.memory import Grade
from studykit.study.question import Result

SLOW = 2.0
"""Times one's own median from which a right answer counts as hard."""
FAST = 0.5
"""Times one's own median up to which a right answer counts as easy, once the card is known."""
LEAST_HISTORY = 5
"""Answers of that kind before the median means anything."""


def suggest(
    result: Result,
    *,
    hints: int,
    elapsed_ms: int,
    median_ms: int | None,
    seen: int,
    almost: bool = False,
) -> Grade | None:
    """The grade to propose, or None where only the learner can tell.

    `median_ms` is the learner's own median for this kind of card (None while there is too little
    history), `seen` the number of earlier reviews of the card. `almost`: by steps, every one
    was done the right way and only arithmetic failed, or the answer came out right though a step
    before it was off by no mistake with a name; the method is what was to be remembered, so Hard.
    """
    if result == "self":
        return None
    if result in ("wrong", "partly"):
        return Grade.HARD if almost else Grade.AGAIN
    if result != "right":
        raise ValueError(f"{result} is no verdict to grade")
    if hints:
        return Grade.HARD
    if median_ms is not None and elapsed_ms > SLOW * median_ms:
        return Grade.HARD
    if median_ms is not None and seen and elapsed_ms <= FAST * median_ms:
        return Grade.EASY
    return Grade.GOOD


def suggest_rubric(ticked: int, points: int) -> Grade:
    """For an open answer, from the share of rubric points it covered.

    All points Good, at least two thirds Hard, fewer Again; Easy stays the learner's own word.
    """
    if ticked >= points:
        return Grade.GOOD
    return Grade.HARD if 3 * ticked >= 2 * points else Grade.AGAIN
