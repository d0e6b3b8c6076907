"""What stands beside the decks follows from the log, and can be asked for by another thread."""

from __future__ import annotations

import threading
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from studykit.memory import Grade, recall_on
from studykit.memory.strategy import Strategy
from studykit.progress import Store
from studykit.study.errors import StudyError
from studykit.study.following import Following
from studykit.study.outlook import LEAST_LEARNED, WORST, outlook
from studykit.study.session import Session
from tests.progress.desk import DAY, open_desk
from tests.study.desk import Desk
from tests.study.statistics.logs import random_log


def last_day(store: Store) -> int:
    return max(review.day for review in store.reviews())


@pytest.mark.parametrize("seed", range(4))
def test_the_outlook_is_what_plain_python_makes_of_the_log(tmp_path: Path, seed: int) -> None:
    with random_log(tmp_path, seed) as store:
        day = last_day(store)
        found = outlook(store, day)
        learned = [memory for _, memory in store.memories() if memory is not None]
        due = Counter(max(one.due, day) - day for one in learned)
        assert list(found.week) == [due[ahead] for ahead in range(7)]
        answers = Counter(one.day for one in store.reviews() if one.kind == "study")
        first = min(found.answers)
        assert found.answers == {at: count for at, count in answers.items() if at >= first}
        assert 0 <= day - first < 7 * 26
        for weak in found.weak:
            known = [memory for _, memory in store.memories(weak.deck) if memory is not None]
            assert weak.learned == len(known) >= LEAST_LEARNED
            expected = recall_on(day, known)
            assert weak.recall == pytest.approx(sum(expected) / len(known), abs=2e-3)
        assert [one.recall for one in found.weak] == sorted(one.recall for one in found.weak)
        slips = Counter(
            (mistake, (review.ticket or "").partition("@")[0])
            for review in store.reviews()
            for mistake in review.mistakes
        )
        assert sorted((one.times for one in found.slips), reverse=True) == [
            times for _, times in slips.most_common(WORST)
        ]


def test_an_empty_log_foresees_nothing(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        found = outlook(store, DAY)
    assert sum(found.week) == 0
    assert (found.answers, found.weak, found.slips, found.days_left) == ({}, (), (), None)


def test_the_interview_counts_down_and_is_over_the_day_after(tmp_path: Path) -> None:
    strategy = Strategy(DAY + 3, new_a_day=1, last_new=DAY, retention=0.9, stretch=0, early=0)
    plan = Following(strategy, (), DAY, readiness=0.9, new_seconds=60.0, review_seconds=25.0)
    with open_desk(tmp_path) as store:
        seen = [outlook(store, DAY + after, plan) for after in (0, 1, 3, 4)]
    assert [one.days_left for one in seen] == [3, 2, 0, None]
    assert [one.mock for one in seen] == [False, True, False, False]


def test_a_thread_may_ask_while_answers_are_given(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        session.next()
        session.reveal()
        session.grade(Grade.GOOD)
        seen = []
        thread = threading.Thread(
            target=lambda: seen.append((collection.outlook(), collection.statistics()))
        )
        thread.start()
        session.next()
        session.reveal()
        session.grade(Grade.GOOD)
        thread.join()
        ((ahead, stats),) = seen
        assert sum(ahead.answers.values()) >= 1
        assert stats.totals.answers >= 1


def test_statistics_can_be_stopped_from_another_thread(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studykit.study import statistics as module

    desk.deck()
    with desk.open() as collection:
        collection.stop_statistics()

        def endless(store: Store, *_: object) -> object:
            collection.stop_statistics()
            sql = (
                "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
                "SELECT count(*) FROM n"
            )
            timer = threading.Timer(0.05, collection.stop_statistics)
            timer.start()
            return store.database.rows(sql)

        monkeypatch.setattr(module, "statistics", endless)
        with pytest.raises(StudyError):
            collection.statistics()


def test_studying_everything_mixes_the_decks(desk: Desk) -> None:
    """Cards of three decks, all due on one day, come in turn and not deck by deck."""
    for name in ("a", "b", "c"):
        cards = "".join(
            f"  - id: {name}{number}\n    kind: basic\n    front: What is {name} {number}?\n"
            f"    back: It is {number}.\n    sources: [note]\n"
            for number in range(12)
        )
        head = f"title: Deck {name}\nid: {name}\nsources: {{note: A note}}\ncards:\n"
        desk.deck(head + cards, f"{name}.yaml")
    with desk.open(new_per_day=99) as collection:
        answer_all(collection.session())
    desk.clock.days(40)
    with desk.open(new_per_day=0) as collection:
        order = answer_all(collection.session())
    assert sorted(Counter(order).values()) == [12, 12, 12]
    changes = sum(one != other for one, other in pairwise(order))
    assert changes >= 15, "by chance some 24 of 35; deck by deck it would be 2"


def answer_all(session: Session) -> list[str]:

    decks = []
    while (question := session.next()) is not None:
        decks.append(question.deck)
        session.reveal()
        session.grade(Grade.GOOD)
    return decks
