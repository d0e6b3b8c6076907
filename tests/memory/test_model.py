"""The model agrees with the formulas, and refuses what no schedule follows from."""

from __future__ import annotations

import math
import subprocess
import sys

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.memory import DEFAULT_WEIGHTS, Grade, Model, ScheduleError, Strength
from tests.memory import oracle
from tests.memory.laws import LAW, histories, retentions

MODEL = Model()

# (grade, days since the last answer, stability, difficulty, interval at 0.9): published values,
# which ts-fsrs, fsrs-rs and py-fsrs 6.3.2 give as well.
GOLDEN = [
    (Grade.GOOD, None, 2.3065, 2.1181, 2),
    (Grade.GOOD, 2, 10.9643, 2.1112, 11),
    (Grade.AGAIN, 0, 3.3253, 7.3922, 3),
    (Grade.GOOD, 0, 3.3253, 7.3801, 3),
    (Grade.HARD, 8, 8.9231, 8.2460, 9),
]


def test_the_golden_history_comes_out_to_every_published_digit() -> None:
    strength: Strength | None = None
    for grade, days, stability, difficulty, interval in GOLDEN:
        strength = (
            MODEL.first(grade)
            if strength is None or days is None
            else MODEL.next(strength, grade, days)
        )
        assert round(strength.stability, 4) == stability
        assert round(strength.difficulty, 4) == difficulty
        assert round(MODEL.interval(strength.stability, 0.9)) == interval


@LAW
@given(histories)
def test_any_history_agrees_with_an_independent_fsrs_6(history: list[tuple[int, int]]) -> None:
    (grade, _), *rest = history
    ours, theirs = MODEL.first(grade), oracle.first(grade)
    for grade, gap in rest:
        ours, theirs = MODEL.next(ours, grade, gap), oracle.following(*theirs, grade, gap)
    assert ours.stability == pytest.approx(theirs[0], rel=1e-11)
    assert ours.difficulty == pytest.approx(theirs[1], rel=1e-11)


@LAW
@given(st.floats(0.001, 36500), st.integers(0, 40000))
def test_recall_falls_as_the_package_says_though_it_is_not_asked(
    stability: float, days: int
) -> None:
    from datetime import UTC, datetime, timedelta

    noon = datetime(2000, 1, 1, 12, tzinfo=UTC)
    card = fsrs.Card(card_id=1, stability=stability, difficulty=5.0, due=noon, last_review=noon)
    package = fsrs.Scheduler().get_card_retrievability(card, noon + timedelta(days=days))
    assert MODEL.retrievability(stability, days) == pytest.approx(package, rel=1e-12)
    assert MODEL.retrievability(stability, days) == pytest.approx(oracle.recall(days, stability))


@LAW
@given(st.floats(0.001, 36500), retentions)
def test_recall_after_the_interval_is_the_retention_asked_for(
    stability: float, retention: float
) -> None:
    days = MODEL.interval(stability, retention)
    assert oracle.recall(days, stability) == pytest.approx(retention, rel=1e-9)
    assert days == pytest.approx(oracle.interval(retention, stability))


def test_an_interval_at_ninety_percent_is_the_stability() -> None:
    assert MODEL.interval(17.0, 0.9) == pytest.approx(17.0)


@pytest.mark.parametrize(
    ("retention", "times"),
    [(0.70, 9.29), (0.80, 3.32), (0.85, 1.91), (0.95, 0.403), (0.97, 0.223)],
)
def test_a_lower_retention_stretches_intervals_by_the_known_factor(
    retention: float, times: float
) -> None:
    assert MODEL.interval(1.0, retention) == pytest.approx(times, rel=3e-3)


@LAW
@given(histories, st.integers(0, 400))
def test_a_better_grade_never_leaves_less_stability(
    history: list[tuple[int, int]], gap: int
) -> None:
    (grade, _), *rest = history
    strength = MODEL.first(grade)
    for grade, days in rest:
        strength = MODEL.next(strength, grade, days)
    hard, good, easy = (MODEL.next(strength, grade, gap) for grade in (2, 3, 4))
    assert hard.stability <= good.stability <= easy.stability
    assert hard.difficulty >= good.difficulty >= easy.difficulty


def test_our_default_weights_are_those_of_the_package() -> None:
    assert fsrs.Scheduler().parameters == DEFAULT_WEIGHTS
    assert tuple(oracle.W) == DEFAULT_WEIGHTS


def test_a_hard_answer_on_the_same_day_does_not_lower_stability() -> None:
    assert MODEL.next(Strength(5.0, 5.0), Grade.HARD, 0).stability >= 5.0


def test_an_answer_before_the_last_one_counts_as_the_same_day() -> None:
    strength = Strength(5.0, 5.0)
    assert MODEL.next(strength, 3, -20) == MODEL.next(strength, 3, 0)
    assert MODEL.retrievability(5.0, -20) == 1.0


def test_an_absurd_clock_is_no_error() -> None:
    assert MODEL.next(Strength(5.0, 5.0), 3, 3_600_000).stability <= 36500


def test_stability_never_passes_a_century() -> None:
    strength = Strength(36500.0, 1.0)
    assert MODEL.next(strength, Grade.EASY, 40000).stability == 36500.0


@pytest.mark.parametrize("grade", [0, 5, -1, 9])
def test_a_grade_outside_one_to_four_is_refused(grade: int) -> None:
    with pytest.raises(ScheduleError, match="1, 2, 3 or 4"):
        MODEL.first(grade)


@pytest.mark.parametrize("retention", [0.0, 0.69, 0.98, 1.0, 1.5, math.nan])
def test_a_retention_outside_its_range_is_refused(retention: float) -> None:
    with pytest.raises(ScheduleError, match=r"0\.70 and 0\.97"):
        MODEL.interval(5.0, retention)


@pytest.mark.parametrize("stability", [0.0, -1.0, math.nan, math.inf])
def test_a_stability_that_is_no_number_of_days_is_refused(stability: float) -> None:
    with pytest.raises(ScheduleError, match="above 0"):
        MODEL.next(Strength(stability, 5.0), 3, 1)
    with pytest.raises(ScheduleError, match="above 0"):
        MODEL.interval(stability, 0.9)


@pytest.mark.parametrize("difficulty", [0.0, 10.5, math.nan])
def test_a_difficulty_outside_one_to_ten_is_refused(difficulty: float) -> None:
    with pytest.raises(ScheduleError, match="between 1 and 10"):
        MODEL.next(Strength(5.0, difficulty), 3, 1)


def test_weights_out_of_bounds_are_named() -> None:
    weights = (*DEFAULT_WEIGHTS[:20], 0.95)
    with pytest.raises(ScheduleError, match=r"w\[20\] = 0.95"):
        Model(weights).first(3)


@pytest.mark.parametrize("weights", [(), DEFAULT_WEIGHTS[:19], (*DEFAULT_WEIGHTS[:20], math.nan)])
def test_weights_that_are_not_twenty_one_numbers_are_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(ScheduleError):
        Model(weights)


def test_importing_the_room_does_not_load_fsrs_or_anything_heavy() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, studykit.memory; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not {"fsrs", "numpy", "msgspec", "sqlite3", "textual", "random"} & set(loaded)
