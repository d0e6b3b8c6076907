"""The proposed grade follows from correctness, hints and time."""

from __future__ import annotations

import pytest

from studykit.memory import Grade
from studykit.study.question import Interval
from studykit.study.suggest import suggest, suggest_rubric


@pytest.mark.parametrize(
    ("result", "hints", "elapsed", "median", "seen", "grade"),
    [
        ("wrong", 0, 10, 10, 3, Grade.AGAIN),
        ("partly", 0, 10, 10, 3, Grade.AGAIN),
        ("right", 0, 10, 10, 3, Grade.GOOD),
        ("right", 1, 2, 10, 3, Grade.HARD),
        ("right", 0, 21, 10, 3, Grade.HARD),
        ("right", 0, 5, 10, 3, Grade.EASY),
        ("right", 0, 5, 10, 0, Grade.GOOD),
        ("right", 0, 500, None, 3, Grade.GOOD),
        ("self", 0, 10, 10, 3, None),
    ],
)
def test_the_evidence_proposes_a_grade(
    result: str, hints: int, elapsed: int, median: int | None, seen: int, grade: Grade | None
) -> None:
    assert (
        suggest(result, hints=hints, elapsed_ms=elapsed, median_ms=median, seen=seen)  # type: ignore[arg-type]
        is grade
    )


def test_a_question_still_open_has_no_grade() -> None:
    with pytest.raises(ValueError, match="no verdict"):
        suggest("unreadable", hints=0, elapsed_ms=1, median_ms=None, seen=0)


def test_a_rubric_needs_two_thirds_to_pass() -> None:
    assert suggest_rubric(6, 6) is Grade.GOOD
    assert suggest_rubric(4, 6) is Grade.HARD
    assert suggest_rubric(3, 6) is Grade.AGAIN


def test_an_interval_is_short_on_a_button() -> None:
    labels = [Interval(Grade.GOOD, days).label for days in (0, 1, 30, 31, 64, 365, 800)]
    assert labels == ["soon", "1 d", "30 d", "1.0 mo", "2.1 mo", "1.0 y", "2.2 y"]
