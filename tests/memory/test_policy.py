"""Intervals are what the buttons show, in order, spread out, and the same again after an undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.memory import (
    Choice,
    Grade,
    Memory,
    ScheduleError,
    Settings,
    choices,
    fold,
    fuzz_range,
    is_leech,
)
from studykit.memory.seeded import fraction
from tests.memory.laws import LAW, histories, retentions

DAY = 739_000
SETTINGS = Settings()
FROZEN_INTERVALS = [56, 56, 61, 62, 64, 58, 55, 63, 64, 58, 62, 63]
FROZEN_FRACTIONS = [0.902847, 0.808662, 0.489119, 0.446402]
REVIEWED = Memory(20.0, 5.0, DAY, DAY - 20, 4, 0, learning=False)


def walk(card: str, history: list[tuple[int, int]], settings: Settings) -> Memory | None:
    memory, day = None, DAY
    for grade, gap in history:
        day += gap
        memory = choices(memory, card, day, settings)[Grade(grade)].memory
    return memory


@LAW
@given(histories, st.integers(0, 400), retentions, st.sampled_from([3, 10, 100, 36500]), st.text())
def test_hard_good_and_easy_never_show_the_same_interval(
    history: list[tuple[int, int]], gap: int, retention: float, longest: int, card: str
) -> None:
    settings = Settings(retention=retention, maximum_interval=longest)
    memory = walk(card, history, settings)
    assert memory is not None
    shown = choices(memory, card, memory.last + gap, settings)
    days = [shown[grade].days for grade in Grade]
    assert days[0] == 0 < days[1] < days[2] < days[3] <= longest


@LAW
@given(histories, st.integers(0, 400), st.sampled_from(list(Grade)))
def test_the_interval_shown_is_the_interval_set_and_shown_again_after_an_undo(
    history: list[tuple[int, int]], gap: int, grade: Grade
) -> None:
    memory = walk("card", history, SETTINGS)
    assert memory is not None
    day = memory.last + gap
    shown = choices(memory, "card", day, SETTINGS)
    chosen = shown[grade]
    assert chosen.memory.due == day + chosen.days
    assert choices(memory, "card", day, SETTINGS) == shown


@LAW
@given(histories, st.integers(0, 400), st.text())
def test_fuzz_never_undoes_the_growth_of_an_interval(
    history: list[tuple[int, int]], late: int, card: str
) -> None:
    memory = walk(card, history, SETTINGS)
    assert memory is not None
    shown = choices(memory, card, memory.due + late, SETTINGS)
    for grade in (Grade.HARD, Grade.GOOD, Grade.EASY):
        wanted = SETTINGS.model.interval(shown[grade].memory.stability, SETTINGS.retention)
        if wanted >= memory.interval + 1:
            assert shown[grade].days > memory.interval


def test_again_stays_on_the_same_day_and_counts_a_lapse_once() -> None:
    again = choices(REVIEWED, "card", DAY, SETTINGS)[Grade.AGAIN]
    assert again.days == 0
    assert again.memory.learning
    assert again.memory.due == DAY
    assert again.memory.lapses == 1
    once_more = choices(again.memory, "card", DAY, SETTINGS)
    assert once_more[Grade.AGAIN].memory.lapses == 1
    assert not once_more[Grade.GOOD].memory.learning
    assert once_more[Grade.GOOD].days >= 1


def test_forgetting_a_new_card_is_no_lapse() -> None:
    assert choices(None, "card", DAY, SETTINGS)[Grade.AGAIN].memory.lapses == 0


def test_first_intervals_are_one_two_and_eight_days_without_fuzz() -> None:
    shown = choices(None, "card", DAY, Settings(fuzz=False))
    assert [shown[grade].days for grade in Grade] == [0, 1, 2, 8]


def test_known_seeds_give_known_intervals() -> None:
    """Frozen: a change here reschedules every learner's previews."""
    shown = [choices(REVIEWED, f"card-{n}", DAY, SETTINGS)[Grade.GOOD].days for n in range(12)]
    assert shown == FROZEN_INTERVALS
    assert [round(fraction("card", n), 6) for n in range(4)] == FROZEN_FRACTIONS


@pytest.mark.parametrize(
    ("ideal", "expected"),
    [
        (1.0, (1, 1)),
        (2.4, (2, 2)),
        (3.0, (2, 4)),
        (7.0, (5, 9)),
        (10.0, (8, 12)),
        (20.0, (17, 23)),
        (100.0, (93, 107)),
        (365.0, (345, 385)),
    ],
)
def test_fuzz_reaches_as_far_as_ankis(ideal: float, expected: tuple[int, int]) -> None:
    assert fuzz_range(ideal, 1, 36500) == expected


def test_fuzz_is_even_over_its_whole_range() -> None:
    picked = Counter(
        choices(REVIEWED, f"card-{n}", DAY, SETTINGS)[Grade.GOOD].days for n in range(4000)
    )
    low, high = min(picked), max(picked)
    model = SETTINGS.model
    ideal = model.interval(model.next(REVIEWED.strength, 3, 20).stability, 0.9)
    assert (low, high) == fuzz_range(ideal, 1, 36500)
    expected = 4000 / (high - low + 1)
    surprise = sum((picked[days] - expected) ** 2 / expected for days in range(low, high + 1))
    # Chi-squared with high − low degrees of freedom: this far beyond its mean means uneven.
    assert surprise < (high - low) + 4 * (2 * (high - low)) ** 0.5


def test_no_two_reviews_of_a_card_draw_alike_and_neighbours_differ() -> None:
    draws = {fraction(f"card-{card}", count) for card in range(200) for count in range(20)}
    assert len(draws) == 4000
    assert 0.0 <= min(draws) < max(draws) < 1.0


def test_a_crowded_day_is_avoided_up_to_ninety_days() -> None:
    crowded = choices(None, "any", DAY, SETTINGS)[Grade.EASY].days + DAY

    def load(day: int) -> int:
        return 500 if day == crowded else 1

    moved = [choices(None, f"card-{n}", DAY, SETTINGS, load)[Grade.EASY].days for n in range(300)]
    plain = [choices(None, f"card-{n}", DAY, SETTINGS)[Grade.EASY].days for n in range(300)]
    assert plain.count(crowded - DAY) > 20
    assert moved.count(crowded - DAY) == 0


def test_load_is_not_asked_for_intervals_beyond_ninety_days() -> None:
    old = Memory(400.0, 3.0, DAY, DAY - 400, 9, 0, learning=False)

    def load(day: int) -> int:
        raise AssertionError(f"asked for {day - DAY} days")

    assert choices(old, "card", DAY, SETTINGS, load)[Grade.GOOD].days > 90


def test_a_card_keeps_away_from_the_days_of_its_siblings() -> None:
    free = choices(REVIEWED, "card", DAY, SETTINGS)
    due = free[Grade.GOOD].memory.due
    spread = [
        choices(REVIEWED, f"card-{n}", DAY, SETTINGS, siblings=[due])[Grade.GOOD].memory.due
        for n in range(400)
    ]
    plain = [
        choices(REVIEWED, f"card-{n}", DAY, SETTINGS)[Grade.GOOD].memory.due for n in range(400)
    ]
    assert plain.count(due) > 10
    assert spread.count(due) <= 1

    def mean_distance(days: list[int]) -> float:
        return sum(abs(day - due) for day in days) / len(days)

    assert mean_distance(spread) > mean_distance(plain)


def test_the_longest_interval_still_leaves_three_different_ones() -> None:
    old = Memory(5000.0, 1.0, DAY, DAY - 3000, 9, 0, learning=False)
    shown = choices(old, "card", DAY, Settings(maximum_interval=100))
    assert [shown[grade].days for grade in Grade] == [0, 98, 99, 100]


def test_a_leech_is_named_at_the_eighth_lapse_and_every_fourth_after() -> None:
    named = []
    before: Memory | None = None
    for lapses in range(1, 21):
        after = Memory(1.0, 9.0, DAY, DAY, 2 * lapses, lapses, learning=True)
        if is_leech(before, after, SETTINGS):
            named.append(lapses)
        assert not is_leech(after, after._replace(learning=False), SETTINGS)
        before = after
    assert named == [8, 12, 16, 20]


class Logged:
    """An answer as the log gives it back."""

    def __init__(self, day: int, grade: int, due: int, kind: str = "study") -> None:
        self.day, self.grade, self.due, self.kind = day, grade, due, kind


@LAW
@given(histories, st.lists(st.integers(-30, 30), min_size=12, max_size=12))
def test_folding_the_log_gives_the_stored_memory_to_the_bit(
    history: list[tuple[int, int]], jumps: list[int]
) -> None:
    memory, day = None, DAY
    log: list[Logged] = []
    for (grade, gap), jump in zip(history, jumps, strict=False):
        day += gap + jump
        choice: Choice = choices(memory, "card", day, SETTINGS)[Grade(grade)]
        memory = choice.memory
        log.append(Logged(day, grade, memory.due))
        log.append(Logged(day, 1, day, kind="cram"))
        log.append(Logged(day, 4, day + 99, kind="interview"))
    assert fold(log, SETTINGS.model) == memory


def test_no_answers_leave_no_memory() -> None:
    assert fold([], SETTINGS.model) is None
    assert fold([Logged(DAY, 3, DAY, kind="cram")], SETTINGS.model) is None


def test_a_date_far_ahead_by_mistake_does_not_freeze_a_card() -> None:
    future = choices(REVIEWED, "card", DAY + 20_000, SETTINGS)[Grade.GOOD].memory
    back = choices(future, "card", DAY + 1, SETTINGS)[Grade.GOOD].memory
    assert back.last == DAY + 1
    assert choices(back, "card", DAY + 11, SETTINGS)[Grade.GOOD].memory.stability > back.stability


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Settings(retention=0.99), "retention"),
        (lambda: Settings(maximum_interval=2), "3 to 36500"),
        (lambda: Settings(maximum_interval=40_000), "3 to 36500"),
        (lambda: Settings(leech_at=0), "Leeches"),
        (lambda: Settings(weights=(1.0,)), "21 weights"),
    ],
)
def test_settings_out_of_range_are_refused(make: Callable[[], Settings], says: str) -> None:
    with pytest.raises(ScheduleError, match=says):
        make()
