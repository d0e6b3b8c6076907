"""Fitted weights are taken only where they predict unseen answers better, and can be taken back."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from studykit.memory import DEFAULT_WEIGHTS, Grade, Model
from studykit.memory.weights import Weights
from studykit.progress import Review
from studykit.progress.check import check
from studykit.study import fitting
from studykit.study.collection import Collection
from studykit.study.errors import StudyError
from studykit.study.fitting import History, fit, take_back, targets
from tests.study.desk import Desk

CARDS = 120
TEXT = "title: Many\nid: many\ncards:\n" + "".join(
    f"  - {{id: c{number:03}, front: What is the number {number}?, back: It is {number}.}}\n"
    for number in range(CARDS)
)
FORGETFUL: Weights = (
    *(weight * 0.35 for weight in DEFAULT_WEIGHTS[:4]),
    *DEFAULT_WEIGHTS[4:8],
    DEFAULT_WEIGHTS[8] * 0.75,
    *DEFAULT_WEIGHTS[9:],
)
"""A learner who forgets much faster than the defaults say."""


def study(desk: Desk, collection: Collection, weights: Weights, rounds: int) -> None:
    """Answer every card several times, remembering by these weights."""
    dice = random.Random(7)
    truth = Model(weights)
    strengths = {}
    last: dict[str, int] = {}
    for turn in range(rounds):
        desk.clock.days(1 + turn)
        for number in range(CARDS):
            card = f"c{number:03}"
            day = collection.day
            if card not in strengths:
                grade = dice.choice([Grade.AGAIN, Grade.HARD, Grade.GOOD, Grade.GOOD])
                strengths[card] = truth.first(grade)
            else:
                passed = day - last[card]
                known = dice.random() < truth.retrievability(strengths[card].stability, passed)
                grade = Grade.GOOD if known else Grade.AGAIN
                strengths[card] = truth.next(strengths[card], grade, passed)
            last[card] = day
            memory = collection.store.fold(
                [*collection.store.history(card), _answer(card, day, grade)]  # type: ignore[list-item]
            )
            review = _answer(card, day, grade)._replace(
                at_ms=collection.clock(), due=memory.due if memory else day
            )
            collection.store.record(review, memory)


def _answer(card: str, day: int, grade: Grade) -> Review:
    return Review(card=card, day=day, at_ms=0, grade=int(grade), due=day + 1)


def never_called(_: Sequence[History]) -> Weights:
    raise AssertionError("nothing was to be fitted")


def test_few_answers_are_not_fitted(desk: Desk) -> None:
    desk.deck(TEXT)
    with desk.open() as collection:
        study(desk, collection, DEFAULT_WEIGHTS, 2)
        tried = fit(collection, trainer=never_called)
        assert not tried.adopted and "from 1000 on" in tried.says


def test_a_fit_that_predicts_unseen_answers_better_is_put_in_force_and_can_be_undone(
    desk: Desk,
) -> None:
    desk.deck(TEXT)
    with desk.open() as collection:
        study(desk, collection, FORGETFUL, 10)
        memories = collection.store.standings()
        tried = fit(collection)
        assert tried.adopted, tried.says
        assert tried.before is not None and tried.after is not None
        assert tried.after.log_loss is not None and tried.before.log_loss is not None
        assert tried.after.log_loss < tried.before.log_loss
        assert tried.after.rmse is not None and tried.before.rmse is not None
        assert tried.after.rmse < tried.before.rmse
        assert collection.scheduling.weights == pytest.approx(tried.weights)
        assert check(collection.store).sound, "every memory follows from the log"
        assert collection.store.standings() != memories
        take_back(collection)
        assert collection.scheduling.weights == DEFAULT_WEIGHTS
        assert collection.store.standings() == memories
    with desk.open() as collection:
        assert collection.scheduling.weights == DEFAULT_WEIGHTS


def test_a_fit_that_is_not_better_changes_nothing(desk: Desk) -> None:
    desk.deck(TEXT)
    with desk.open() as collection:
        study(desk, collection, DEFAULT_WEIGHTS, 9)
        before = collection.store.standings()
        tried = fit(collection, trainer=lambda _: FORGETFUL)
        assert not tried.adopted and "Not better" in tried.says
        assert collection.store.standings() == before
        assert collection.scheduling.weights == DEFAULT_WEIGHTS


def test_a_dry_run_says_what_would_come_of_it(desk: Desk) -> None:
    desk.deck(TEXT)
    with desk.open() as collection:
        study(desk, collection, FORGETFUL, 10)
        tried = fit(collection, adopt=False, trainer=lambda _: FORGETFUL)
        assert tried.weights is not None and not tried.adopted
        assert collection.scheduling.weights == DEFAULT_WEIGHTS


def test_the_fit_never_sees_the_answers_that_judge_it(desk: Desk) -> None:
    desk.deck(TEXT)
    seen: list[int] = []

    def counting(histories: Sequence[History]) -> Weights:
        seen.append(len(histories))
        return DEFAULT_WEIGHTS

    with desk.open() as collection:
        study(desk, collection, DEFAULT_WEIGHTS, 10)
        fit(collection, trainer=counting)
    whole = CARDS * 9
    assert seen == [whole * part // 5 for part in (1, 2, 3, 4)]


def test_without_the_package_it_says_what_to_install(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.deck(TEXT)
    monkeypatch.setitem(__import__("sys").modules, "fsrs_rs_python", None)
    with desk.open() as collection, pytest.raises(StudyError, match=r"studykit\[fit\]"):
        fit(collection)


def test_only_answers_on_a_later_day_are_predicted() -> None:
    log = [
        ("a", 10, 3, 12, "new", 0),
        ("a", 10, 3, 12, "due", 0),
        ("a", 14, 1, 14, "due", 0),
        ("a", 15, 0, 15, "", 0),
        ("a", 20, 2, 22, "new", 0),
        ("a", 23, 3, 40, "due", 0),
    ]
    assert targets(log) == [((3, 0), (3, 0), (1, 4)), ((2, 0), (3, 3))]


def test_nothing_is_taken_back_where_nothing_was_fitted(desk: Desk) -> None:
    desk.deck(TEXT)
    with desk.open() as collection, pytest.raises(StudyError, match="No fit"):
        take_back(collection)
    assert fitting.LEAST == 1000
