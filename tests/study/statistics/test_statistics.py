"""Statistics added up by SQLite and by one replay equal what plain Python makes of the log."""

from __future__ import annotations

import statistics as plain_statistics
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from math import log
from pathlib import Path

import pytest

from studykit.memory import Memory, fold, recall_on
from studykit.progress import Answered, Review, Store
from studykit.study.statistics import longest_run, statistics
from studykit.study.statistics.recalls import MATURE_DAYS, Share, recalls
from tests.progress.desk import DAY, SCHEDULE, answer, open_desk
from tests.study.statistics.logs import random_log

SEEDS = range(6)


@dataclass(frozen=True)
class Seen:
    """One answer, and the memory of its card before it."""

    review: Review
    card: str
    before: Memory | None


@pytest.fixture(params=SEEDS)
def log_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    store = random_log(tmp_path, request.param)
    request.addfinalizer(store.close)
    return store


def today(store: Store) -> int:
    return max(review.day for review in store.reviews()) + 1


def counted(store: Store) -> list[Review]:
    return [review for review in store.reviews() if review.kind == "study"]


def replayed(store: Store) -> list[Seen]:
    """Every answer with its card's memory before it, made by folding from the start each time."""
    aliases = store.former_ids()
    resets = [
        (row[0], aliases.get(row[1], row[1]))
        for row in store.database.rows("SELECT id, card FROM decided WHERE kind = 'reset'")
    ]
    found = []
    earlier: dict[str, list[Review]] = defaultdict(list)
    for review in counted(store):
        assert review.card is not None
        card = aliases.get(review.card, review.card)
        since = max((id_ for id_, reset in resets if reset == card and id_ < review.id), default="")
        answers = [
            Answered(one.day, one.grade or 0, one.due or 0, one.kind)
            for one in earlier[card]
            if one.id > since
        ]
        found.append(Seen(review, card, fold(answers, SCHEDULE.model)))
        earlier[card].append(review)
    return found


def test_days_hold_the_answers_that_stand_by_grade(log_store: Store) -> None:
    stats = statistics(log_store, today(log_store))
    for tally in stats.days:
        answers = [one for one in counted(log_store) if one.day == tally.day]
        grades = Counter(one.grade for one in answers)
        assert tally[1:5] == (grades[1], grades[2], grades[3], grades[4])
        assert tally.new == sum(one.was == "new" for one in answers)
        assert tally.elapsed_ms == sum(one.elapsed_ms for one in answers)
    assert [one.day for one in stats.days] == sorted({one.day for one in counted(log_store)})
    assert stats.totals.answers == len(counted(log_store))
    assert stats.totals.days == len(stats.days)


def test_true_retention_counts_the_first_answer_of_a_day_to_a_due_card(log_store: Store) -> None:
    day = today(log_store)
    stats = statistics(log_store, day)
    for since, retention in ((0, stats.retention), (day - 29, stats.recent_retention)):
        sums = {"young": [0, 0], "mature": [0, 0]}
        for one in replayed(log_store):
            if one.before is None or one.review.was != "due" or one.review.day < since:
                continue
            if one.review.day <= one.before.last:
                continue
            age = "mature" if one.before.due - one.before.last >= MATURE_DAYS else "young"
            sums[age][0] += (one.review.grade or 0) > 1
            sums[age][1] += 1
        assert retention.young == Share(*sums["young"])
        assert retention.mature == Share(*sums["mature"])
        assert retention.all == Share(*map(sum, zip(*sums.values(), strict=True)))


def test_calibration_holds_every_prediction_beside_what_happened(log_store: Store) -> None:
    stats = statistics(log_store, today(log_store))
    pairs = []
    for one in replayed(log_store):
        if one.before is not None and one.review.day > one.before.last:
            (predicted,) = recall_on(one.review.day, [one.before])
            pairs.append((predicted, (one.review.grade or 0) > 1))
    calibration = stats.calibration
    assert calibration.of == len(pairs)
    by_bin = {
        int(key): list(group) for key, group in groupby(sorted(pairs), lambda p: p[0] * 20 // 1)
    }
    assert len(calibration.bins) == len(by_bin)
    for found in calibration.bins:
        inside = by_bin[round(found.low * 20)]
        assert (found.of, found.recalled) == (len(inside), sum(known for _, known in inside))
        assert found.predicted == pytest.approx(sum(p for p, _ in inside) / len(inside))
    assert calibration.log_loss == pytest.approx(
        -sum(log(p if known else 1 - p) for p, known in pairs) / len(pairs)
    )
    assert calibration.brier == pytest.approx(
        sum((p - known) ** 2 for p, known in pairs) / len(pairs)
    )


def test_what_is_due_and_how_strong_cards_are_follows_from_each_memory(log_store: Store) -> None:
    day = today(log_store)
    stats = statistics(log_store, day)
    learned = [memory for _, memory in log_store.memories() if memory is not None]
    due = Counter(max(one.due, day) - day for one in learned)
    assert list(stats.forecast) == [due[ahead] for ahead in range(30)]
    assert stats.overdue == sum(one.due < day for one in learned)
    for bins, values in (
        (stats.stability, [one.stability for one in learned]),
        (stats.difficulty, [one.difficulty for one in learned]),
    ):
        for one in bins:
            assert one.cards == sum(one.low <= value < one.high for value in values)
        assert sum(one.cards for one in bins) == len(learned) == stats.totals.learned


def test_decks_hold_their_recall_today_and_what_was_done_lately(log_store: Store) -> None:
    day = today(log_store)
    stats = statistics(log_store, day)
    aliases = log_store.former_ids()
    for deck in stats.decks:
        known = [memory for _, memory in log_store.memories(deck.id) if memory is not None]
        assert deck.learned == len(known)
        expected = recall_on(day, known)
        assert deck.recall == pytest.approx(sum(expected) / len(known), abs=2e-3)
        own = {card for card, _ in log_store.memories(deck.id)}
        recent = [
            one
            for one in counted(log_store)
            if one.day > day - 30 and aliases.get(one.card or "", one.card) in own
        ]
        assert deck.answers == len(recent)
        assert deck.seconds == sum(one.elapsed_ms for one in recent) // 1000


def test_mistakes_are_counted_by_family_and_by_day(log_store: Store) -> None:
    stats = statistics(log_store, today(log_store))
    expected: Counter[tuple[str, str]] = Counter()
    days: Counter[int] = Counter()
    for review in log_store.reviews():
        family = (review.ticket or "").partition("@")[0]
        expected.update((family, mistake) for mistake in review.mistakes)
        days[review.day] += len(review.mistakes)
    assert {(one.family, one.mistake): one.times for one in stats.mistakes} == expected
    assert dict(stats.mistakes_by_day) == {day: times for day, times in days.items() if times}
    assert [one.times for one in stats.mistakes] == sorted(expected.values(), reverse=True)
    scale = [
        one
        for one in stats.mistakes
        if (one.family, one.mistake) == ("attention-output", "no-scale")
    ]
    assert all(one.says != one.mistake for one in scale), "the family's own sentence"


def test_problems_are_summed_up_by_topic(log_store: Store) -> None:
    stats = statistics(log_store, today(log_store))
    judged = [one for one in log_store.reviews() if one.ticket]
    (topic,) = stats.topics
    assert topic.judged == len(judged)
    assert topic.right == sum(one.result == "right" for one in judged)
    assert topic.mistakes == sum(len(one.mistakes) for one in judged)


def test_the_time_of_a_kind_is_its_total_and_the_answer_in_the_middle(log_store: Store) -> None:
    stats = statistics(log_store, today(log_store))
    (basic,) = stats.times
    seconds = [min(one.elapsed_ms // 1000, 600) for one in counted(log_store)]
    assert (basic.kind, basic.answers, basic.seconds) == ("basic", len(seconds), sum(seconds))
    assert basic.median == plain_statistics.median_low(seconds)


def test_an_empty_log_has_statistics_too(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        stats = statistics(store, DAY)
    assert stats.totals.answers == stats.totals.learned == 0
    assert stats.totals.cards == 12
    assert stats.retention.all.share is None
    assert stats.calibration.log_loss is None
    assert sum(stats.forecast) == 0
    assert all(deck.recall is None for deck in stats.decks)


def test_one_answer_is_no_retention_and_no_prediction_yet(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0")
        stats = statistics(store, DAY)
    assert stats.totals.answers == stats.totals.learned == stats.totals.streak == 1
    assert stats.retention.all.of == stats.calibration.of == 0
    assert sum(stats.forecast) == 1
    assert stats.decks[0].recall == 1.0


def test_cards_that_left_their_deck_count_in_the_past_alone(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0")
        store.keep_decks(["d1"])
        stats = statistics(store, DAY)
    assert stats.totals.answers == 1
    assert stats.totals.learned == 0
    assert [deck.id for deck in stats.decks] == ["d1"]


def test_a_clock_that_went_backwards_predicts_nothing(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0", day=DAY)
        answer(store, "d0-0", day=DAY - 30)
        stats = statistics(store, DAY)
    assert stats.calibration.of == 0
    assert stats.totals.days == 2


def test_a_run_ends_with_a_day_missed() -> None:
    assert longest_run([]) == 0
    assert longest_run([DAY]) == 1
    assert longest_run([DAY - 9, DAY - 8, DAY - 7, DAY - 2, DAY - 1]) == 3


def test_a_streak_survives_a_day_that_is_not_over(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0", day=DAY - 1)
        answer(store, "d0-1", day=DAY, kind="cram")
        streaks = [statistics(store, DAY + after).totals.streak for after in (0, 1, 2)]
        assert statistics(store, DAY).totals.longest_streak == 2
    assert streaks == [2, 2, 0]


def test_no_steps_are_no_recalls() -> None:
    seen = recalls([], {}, DAY)
    assert (seen.retention.all.of, seen.times, seen.decks) == (0, (), {})
