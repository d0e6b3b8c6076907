"""A learner makes a backup, lists them and puts one back; the present file is never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.memory import Grade
from studykit.progress.backup import contents_of
from studykit.study import backups as shelf
from studykit.study.collection import Collection
from studykit.study.errors import StudyError
from tests.study.desk import Desk


def study(desk: Desk, cards: int = 1) -> None:
    with desk.open() as collection:
        session = collection.session()
        for _ in range(cards):
            session.next()
            session.reveal()
            session.grade(Grade.GOOD)


def answers(desk: Desk) -> int:
    with desk.open() as collection:
        return len(list(collection.store.reviews()))


def test_a_backup_holds_every_answer_and_is_put_back(desk: Desk) -> None:
    desk.deck()
    study(desk, 2)
    made = shelf.make_backup(desk.home, None, desk.clock())
    assert made.contents.reviews == 2
    assert made.path.parent == desk.home.backups
    desk.clock.days(1)
    study(desk, 3)
    assert answers(desk) == 5
    kept = shelf.restore(desk.home, made.path, desk.clock())
    assert answers(desk) == 2
    assert kept is not None
    assert contents_of(kept).reviews == 5, "what was there is a backup itself"


def test_restoring_and_changing_ones_mind_brings_everything_back(desk: Desk) -> None:
    desk.deck()
    study(desk, 1)
    made = shelf.make_backup(desk.home, None, desk.clock())
    study(desk, 2)
    kept = shelf.restore(desk.home, made.path, desk.clock())
    assert kept is not None
    shelf.restore(desk.home, kept, desk.clock())
    assert answers(desk) == 3


def test_a_backup_can_be_made_and_none_put_back_while_studykit_is_open(desk: Desk) -> None:
    desk.deck()
    study(desk, 1)
    with desk.open():
        made = shelf.make_backup(desk.home, None, desk.clock())
        with pytest.raises(StudyError, match="open in another studykit"):
            shelf.restore(desk.home, made.path, desk.clock())
    assert answers(desk) == 1


def test_a_named_file_is_never_overwritten_and_a_folder_gets_a_name(
    desk: Desk, tmp_path: Path
) -> None:
    desk.deck()
    study(desk, 1)
    target = tmp_path / "else" / "mine.db"
    assert shelf.make_backup(desk.home, target, desk.clock()).path == target
    with pytest.raises(StudyError, match="exists already"):
        shelf.make_backup(desk.home, target, desk.clock())
    made = shelf.make_backup(desk.home, target.parent, desk.clock())
    assert made.path.parent == target.parent and made.path.name.startswith("studykit-")


def test_two_backups_of_one_second_are_two_files(desk: Desk) -> None:
    desk.deck()
    study(desk, 1)
    first = shelf.make_backup(desk.home, None, desk.clock())
    second = shelf.make_backup(desk.home, None, desk.clock())
    assert first.path != second.path
    assert {one.path for one in shelf.backups(desk.home)} >= {first.path, second.path}


def test_a_backup_is_found_as_latest_by_name_or_by_path(desk: Desk) -> None:
    with pytest.raises(StudyError, match="no sound backup"):
        shelf.find_backup(desk.home, "latest")
    desk.deck()
    study(desk, 1)
    first = shelf.make_backup(desk.home, None, desk.clock())
    desk.clock.days(1)
    second = shelf.make_backup(desk.home, None, desk.clock())
    assert shelf.find_backup(desk.home, "latest").path == second.path
    assert shelf.find_backup(desk.home, first.path.name).path == first.path
    assert shelf.find_backup(desk.home, str(first.path)).path == first.path


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 40])
def test_what_is_no_backup_changes_nothing(desk: Desk, tmp_path: Path, content: bytes) -> None:
    desk.deck()
    study(desk, 1)
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(content)
    before = desk.home.db.read_bytes()
    with pytest.raises(StudyError):
        shelf.restore(desk.home, wrong, desk.clock())
    assert desk.home.db.read_bytes() == before


def test_a_progress_file_that_is_damaged_is_moved_aside_whole(desk: Desk) -> None:
    desk.deck()
    study(desk, 1)
    made = shelf.make_backup(desk.home, None, desk.clock())
    broken = desk.home.db.read_bytes()[:9000]
    desk.home.db.write_bytes(broken)
    assert shelf.present(desk.home) is None
    kept = shelf.restore(desk.home, made.path, desk.clock())
    assert kept is not None and kept.read_bytes() == broken
    assert answers(desk) == 1


def test_without_progress_there_is_nothing_to_back_up(desk: Desk) -> None:
    with pytest.raises(StudyError, match="no progress file"):
        shelf.make_backup(desk.home, None, desk.clock())


def test_a_collection_opens_on_a_restored_file(desk: Desk, tmp_path: Path) -> None:
    desk.deck()
    study(desk, 3)
    made = shelf.make_backup(desk.home, tmp_path / "kept.db", desk.clock())
    for path in desk.home.root.glob("studykit.db*"):
        path.unlink()
    assert shelf.restore(desk.home, made.path, desk.clock()) is None
    with desk.open() as collection:
        assert isinstance(collection, Collection)
        assert collection.today().reviews == 3
