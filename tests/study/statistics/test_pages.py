"""Every page says the gist in words, and every figure is a table too; JSON keeps its keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from studykit.progress import Store
from studykit.study.statistics import MistakeCount, Statistics, statistics
from studykit.study.statistics.page import Figure, Series, Span
from studykit.study.statistics.pages import PAGES, pages
from studykit.study.statistics.report import as_json
from studykit.study.words import counted, duration, percent
from tests.progress.desk import DAY, answer, open_desk
from tests.study.statistics.logs import random_log

SHARE = ["recalled", "of", "share"]
SHAPE: dict[str, Any] = {
    "day": str,
    "goal": float,
    "totals": ["cards", "learned", "answers", "seconds", "days", "streak", "longest_streak"],
    "days": [["day", "again", "hard", "good", "easy", "new", "seconds"]],
    "retention": ["last_30_days", "always"],
    "retention_by_week": [["week", *SHARE]],
    "forecast": ["overdue", "days"],
    "stability": [["from", "to", "cards"]],
    "difficulty": [["from", "to", "cards"]],
    "time": [["kind", "answers", "seconds", "median_seconds"]],
    "calibration": ["of", "predicted", "actual", "log_loss", "brier", "rmse", "bins"],
    "mistakes": [["mistake", "family", "says", "times", "last"]],
    "mistakes_by_day": [["day", "times"]],
    "decks": [["id", "title", "cards", "learned", "recall", "last_30_days"]],
    "topics": [["topic", "judged", "right", "mistakes"]],
}


def empty(folder: Path) -> Statistics:
    with open_desk(folder) as store:
        return statistics(store, DAY)


def one_answer(folder: Path) -> Statistics:
    with open_desk(folder) as store:
        answer(store, "d0-0")
        return statistics(store, DAY)


def many_answers(folder: Path) -> Statistics:
    with random_log(folder, 3) as store:
        return statistics(store, last_day(store))


def last_day(store: Store) -> int:
    return max(review.day for review in store.reviews())


Make: TypeAlias = Callable[[Path], Statistics]
STATISTICS: tuple[Make, ...] = (empty, one_answer, many_answers)


@pytest.mark.parametrize("make", STATISTICS)
@pytest.mark.parametrize("span", ["month", "year"])
def test_every_page_says_something_and_its_parts_fit_together(
    tmp_path: Path, make: Make, span: Span
) -> None:
    found = pages(make(tmp_path), span)
    assert [page.id for page in found] == [write.__name__ for write in PAGES]
    for page in found:
        assert page.title and page.says and all(page.says)
        for figure in page.figures:
            for series in figure.series:
                assert len(series.values) == len(figure.places)
            assert not figure.at or len(figure.at) == len(figure.places)
            assert figure.empty or figure.table().rows
        for table in (*page.tables, *(figure.table() for figure in page.figures)):
            assert all(len(row) == len(table.head) for row in table.rows)


def test_without_an_answer_every_page_says_what_to_do(tmp_path: Path) -> None:
    for page in pages(empty(tmp_path)):
        told = " ".join(page.says)
        assert any(what in told for what in ("study a deck", "come back tomorrow", "Type answers"))
        assert all(figure.empty for figure in page.figures)


def test_sorts_of_mistakes_are_counted_as_in_the_mistake_log(tmp_path: Path) -> None:
    stats = empty(tmp_path)
    made = tuple(
        MistakeCount("no-scale", family, "You left out the scale.", 1, stats.day)
        for family in ("attention-output", "attention-scores")
    )
    stats = replace(stats, mistakes=made, mistakes_by_day=((stats.day, 2),))
    found = next(page for page in pages(stats) if page.id == "mistakes")
    assert found.says == ("2 mistakes of 1 sort diagnosed; the most frequent first.",)
    assert len(found.items) == 2


def test_what_is_due_is_said_in_words(tmp_path: Path) -> None:
    stats = many_answers(tmp_path)
    says = {
        (6, 6): "6 cards due today, all from earlier days.",
        (6, 2): "6 cards due today, 2 of them from earlier days.",
        (1, 0): "1 card due today.",
    }
    for (due, overdue), said in says.items():
        page = PAGES[2](replace(stats, forecast=(due, *[0] * 28, 5), overdue=overdue), "month")
        assert page.says[0] == said
        assert page.says[1].startswith("Fewer than one a day after that")


def test_a_year_begins_with_the_first_answer_but_has_a_dozen_weeks(tmp_path: Path) -> None:
    stats = one_answer(tmp_path)
    for weeks, shown in ((0, 12), (11, 12), (20, 21), (51, 52), (90, 52)):
        begun = stats.days[0]._replace(day=stats.day - 7 * weeks)
        (figure,) = PAGES[1](replace(stats, days=(begun, *stats.days)), "year").figures
        assert len(figure.places) == shown, weeks


@pytest.mark.parametrize(
    ("predicted", "actual", "says"),
    [
        (0.886, 0.903, "1 point more than predicted"),
        (0.9, 0.9, "as predicted"),
        (0.93, 0.9, "3 points less than predicted"),
    ],
)
def test_what_was_predicted_and_recalled_adds_up_as_it_is_shown(
    tmp_path: Path, predicted: float, actual: float, says: str
) -> None:
    stats = many_answers(tmp_path)
    found = replace(stats.calibration, predicted=predicted, actual=actual)
    assert says in PAGES[6](replace(stats, calibration=found), "month").says[0]


def test_the_figures_of_answers_and_time_add_up_to_the_log(tmp_path: Path) -> None:
    stats = many_answers(tmp_path)
    by_id = {page.id: page for page in pages(stats, "year")}
    (figure,) = by_id["answers"].figures
    shown = sum(value or 0 for series in figure.series for value in series.values)
    assert shown == stats.totals.answers
    (due,) = by_id["forecast"].figures
    assert list(due.series[0].values) == list(stats.forecast)


@pytest.mark.parametrize("make", STATISTICS)
def test_json_keeps_its_keys(tmp_path: Path, make: Make) -> None:
    found = as_json(make(tmp_path))
    assert json.loads(json.dumps(found)) == found
    assert list(found) == list(SHAPE)
    for key, shape in SHAPE.items():
        value = found[key]
        if isinstance(shape, type):
            assert isinstance(value, shape)
        elif isinstance(shape[0], list):
            assert all(list(one) == shape[0] for one in value)
        else:
            assert list(value) == shape
    for span in found["retention"].values():
        assert {name: list(share) for name, share in span.items()} == {
            "young": SHARE,
            "mature": SHARE,
            "all": SHARE,
        }
    assert len(found["forecast"]["days"]) == 30
    assert all(list(one) == ["day", "due"] for one in found["forecast"]["days"])
    for deck in found["decks"]:
        assert list(deck["last_30_days"]) == ["answers", "seconds", "retention"]
    for one in found["calibration"]["bins"]:
        assert list(one) == ["from", "to", "predicted", "actual", "of"]


def test_a_figure_leaves_empty_places_out_of_its_table() -> None:
    figure = Figure(
        "Shares", "line", "week", ("a", "b"), (Series("kept", (None, 0.934)),), percent=True
    )
    assert figure.table().rows == (("b", "93 %"),)
    assert not figure.empty


def test_numbers_are_written_for_people() -> None:
    assert (percent(None), percent(0.934), percent(1.0)) == ("–", "93 %", "100 %")
    assert (duration(48), duration(720), duration(11_100)) == ("48 s", "12 min", "3 h 05 min")
    assert (counted(1, "card"), counted(12_345, "card")) == (
        "1 card",
        "12\N{NO-BREAK SPACE}345 cards",
    )
