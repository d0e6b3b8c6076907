"""Backups are complete, made when something was added, thinned by age, and can be put back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from studykit.progress import ProgressError, open_store
from studykit.progress.backup import back_up, backups_of, restore_backup, superfluous
from studykit.progress.check import check
from tests.progress.desk import DAY, NOON, answer, folded, open_desk

HOUR = 3_600_000
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def kept(backups: list[datetime]) -> list[datetime]:
    listed = [(made, Path(f"{made:%Y%m%d-%H%M%S}")) for made in backups]
    gone = set(superfluous(listed, NOW))
    return [made for made, file in listed if file not in gone]


def test_everything_of_two_days_is_kept() -> None:
    backups = [NOW - timedelta(hours=hours) for hours in range(48)]
    assert kept(backups) == backups


def test_of_a_year_of_daily_backups_some_of_every_age_are_kept() -> None:
    backups = [NOW - timedelta(days=days) for days in range(365)]
    ages = [(NOW - made).days for made in kept(backups)]
    assert ages[:15] == list(range(15))  # two days whole, then twelve daily ones
    weekly, monthly = ages[15:25], ages[25:]
    assert all(1 <= later - age <= 7 for age, later in pairwise(weekly))
    assert all(28 <= later - age <= 31 for age, later in pairwise(monthly[1:]))
    assert len(monthly) == 9
    assert ages[-1] > 300


def test_of_many_backups_on_one_day_the_newest_stays() -> None:
    day = NOW - timedelta(days=5)
    backups = [day + timedelta(hours=hours) for hours in range(6)]
    assert kept(backups) == [backups[-1]]


def test_thinning_again_removes_nothing_more() -> None:
    backups = [NOW - timedelta(hours=7 * count) for count in range(900)]
    once = kept(backups)
    assert kept(once) == once
    assert 2 * 3 < len(once) < 50


def test_a_backup_is_a_whole_progress_file(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0")
        made = back_up(store, NOON)
        assert made is not None
        answer(store, "d0-1")
        assert [file for _, file in backups_of(store.path)] == [made]
        assert sorted(file.name for file in made.parent.iterdir()) == [made.name]
    with open_store(made, mode="read") as copy:
        assert [review.card for review in copy.reviews()] == ["d0-0"]


def test_a_backup_is_made_only_after_something_was_added_and_half_an_hour(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0")
        assert back_up(store, NOON) is not None
        assert back_up(store, NOON + 24 * HOUR) is None
        answer(store, "d0-1")
        assert back_up(store, NOON + 60_000) is None
        assert back_up(store, NOON + 60_000, force=True) is not None
        answer(store, "d0-2")
        assert back_up(store, NOON + HOUR) is not None
        assert len(backups_of(store.path)) == 3


def test_a_backup_is_put_back_and_the_former_file_is_kept(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0")
        made = back_up(store, NOON)
        assert made is not None
        answer(store, "d0-1")
        with pytest.raises(ProgressError, match="open in another studykit"):
            restore_backup(store.path, made, NOON)
    path = tmp_path / "studykit.db"
    path.write_bytes(path.read_bytes()[:5000])
    former = restore_backup(path, made, NOON)
    assert former is not None
    assert former.stat().st_size == 5000
    with open_desk(tmp_path) as store:
        assert [review.card for review in store.reviews()] == ["d0-0"]
        assert check(store).sound


def test_a_backup_goes_where_nothing_is_left(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as store:
        answer(store, "d0-0")
        made = back_up(store, NOON)
        assert made is not None
    assert restore_backup(tmp_path / "b" / "studykit.db", made, NOON) is None
    with open_store(tmp_path / "b" / "studykit.db", folded) as store:
        assert store.counts(DAY)["d0"].new == 5


def test_a_damaged_backup_is_refused_and_the_file_stays(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0")
        made = back_up(store, NOON)
        assert made is not None
    made.write_bytes(made.read_bytes()[:9000])
    with pytest.raises(ProgressError):
        restore_backup(tmp_path / "studykit.db", made, NOON)
    with open_desk(tmp_path) as store:
        assert len(list(store.reviews())) == 1


def test_a_backup_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("")
    with open_desk(tmp_path) as store:
        answer(store, "d0-0")
        with pytest.raises(ProgressError, match="backups"):
            back_up(store, NOON)


def test_foreign_files_among_the_backups_are_left_alone(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0")
        (tmp_path / "backups").mkdir()
        note = tmp_path / "backups" / "studykit-before-exam.db"
        note.write_text("mine")
        back_up(store, NOON)
        assert note.read_text() == "mine"
        assert len(backups_of(store.path)) == 1
