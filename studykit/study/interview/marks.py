"""What one answer in an interview is worth, read back from the log.

Rubric points, automatic verdicts and one's own judgement come to one score between 0 and 1; help
and slowness cost a little. Everything is in the logged row, so a scorecard can be made at any time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from studykit.memory import Grade
from studykit.progress import Review
from studykit.study.interview.terms import Phase, Terms, read_terms
from studykit.study.turn import ticks_of

HINT_COSTS = 0.15
SLOW_COSTS = 0.1
SELF: dict[int, float] = {Grade.AGAIN: 0.0, Grade.HARD: 0.6, Grade.GOOD: 1.0, Grade.EASY: 1.0}
"""What one's own judgement is worth."""
PARTLY = 0.5
METHOD = 0.5
"""A wrong result by the right method, as the steps have shown."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One answer of an interview."""

    card: str
    kind: str
    topic: str
    phase: Phase
    difficulty: int
    follow_up: int | None
    score: float
    """0 to 1."""
    seconds: int
    allowed: int
    slow: bool
    """Whether it took longer than allowed."""
    hints: int
    result: str
    ticket: str
    answer: str
    ticks: tuple[int, ...]
    """Rubric points that were made, from 0."""
    points: int
    mistakes: tuple[str, ...]
    notes: str


def mark_of(review: Review) -> Mark:
    """The mark of a logged answer of kind "interview"."""
    kept = json.loads(review.detail or "{}")
    asked = kept["asked"]
    ticks = sorted(ticks_of(review.answer)) if asked["points"] else []
    seconds = review.elapsed_ms // 1000
    score = _score(review, len(ticks), asked["points"])
    score -= HINT_COSTS * review.hints
    slow = seconds > asked["allowed"]
    score -= SLOW_COSTS * slow
    return Mark(
        card=review.card or "",
        kind=asked["kind"],
        topic=asked["topic"],
        phase=asked["phase"],
        difficulty=asked["difficulty"],
        follow_up=asked["follow_up"],
        score=round(max(0.0, score), 3),
        seconds=seconds,
        allowed=asked["allowed"],
        slow=slow,
        hints=review.hints,
        result=review.result or "self",
        ticket=review.ticket or "",
        answer=review.answer or "",
        ticks=tuple(ticks),
        points=asked["points"],
        mistakes=review.mistakes,
        notes=kept.get("notes", ""),
    )


def terms_of(review: Review) -> Terms:
    """The terms of the interview to which a logged answer belongs."""
    return read_terms(json.dumps(json.loads(review.detail or "{}")["terms"]))


def _score(review: Review, ticked: int, points: int) -> float:
    if points:
        return ticked / points
    match review.result:
        case "right":
            return 1.0
        case "partly":
            return PARTLY
        case "wrong":
            return METHOD if (review.grade or 1) > Grade.AGAIN else 0.0
    if review.answer is None and review.suggested == Grade.AGAIN:
        return 0.0
    return SELF[review.grade or 1]
