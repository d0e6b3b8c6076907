"""Whatever is wrong with the file gives one plain sentence, and nothing is lost by it."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from studykit.progress import ProgressError, open_store
from studykit.progress.backup import back_up
from studykit.progress.check import check
from studykit.progress.migrate import SCHEMA_VERSION
from tests.progress.desk import DAY, NOON, answer, folded, open_desk

NOBODY = 65534


def said(path: Path, mode: str = "write") -> str:
    """The sentence that opening gives; the file is the same afterwards."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(ProgressError) as caught:
        open_store(path, folded, "read" if mode == "read" else "write")
    assert (path.read_bytes() if path.is_file() else None) == before
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(".")
    assert str(path) in text or str(path.parent) in text
    return text


@pytest.fixture(scope="module")
def three_hundred(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The content of a file with 300 answers."""
    folder = tmp_path_factory.mktemp("learned")
    with open_desk(folder) as store:
        for number in range(300):
            answer(store, f"d0-{number % 6}", 1 + number % 4, DAY + number, NOON + number)
    return (folder / "studykit.db").read_bytes()


@pytest.fixture
def learned(tmp_path: Path, three_hundred: bytes) -> Path:
    """A file with 300 answers, closed."""
    path = tmp_path / "studykit.db"
    path.write_bytes(three_hundred)
    return path


@contextmanager
def unprivileged() -> Iterator[Path]:
    """A folder of root's in which this process has no more rights than anybody."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        if os.geteuid() == 0:
            os.seteuid(NOBODY)
            try:
                yield folder
            finally:
                os.seteuid(0)
        else:
            yield folder
            folder.chmod(0o755)


@contextmanager
def privileged() -> Iterator[None]:
    """Back to the owner's rights for a moment."""
    if os.getuid() == 0:
        os.seteuid(0)
        try:
            yield
        finally:
            os.seteuid(NOBODY)
    else:
        yield


@pytest.mark.parametrize("mode", ["write", "read"])
def test_a_newer_schema_is_refused_and_never_guessed_at(learned: Path, mode: str) -> None:
    with closing(sqlite3.connect(learned)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    assert "newer studykit" in said(learned, mode)


@pytest.mark.parametrize("mode", ["write", "read"])
@pytest.mark.parametrize("content", [b"not a database at all\n" * 400, b"\x00" * 9000, b"x"])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes, mode: str) -> None:
    path = tmp_path / "studykit.db"
    path.write_bytes(content)
    assert "not a progress file" in said(path, mode)


@pytest.mark.parametrize("mode", ["write", "read"])
def test_another_programs_database_is_refused(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "studykit.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (id)")
    assert "another program" in said(path, mode)


def test_an_empty_file_is_damage_and_not_a_fresh_start(learned: Path) -> None:
    with open_desk(learned.parent) as store:
        made = back_up(store, NOON)
    learned.write_bytes(b"")
    text = said(learned)
    assert "empty" in text
    assert str(made) in text


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("mode", ["write", "read"])
def test_a_file_cut_short_is_refused(learned: Path, share: float, mode: str) -> None:
    content = learned.read_bytes()
    learned.write_bytes(content[: int(len(content) * share)])
    assert "damaged or cut short" in said(learned, mode)


def test_damage_inside_is_found_by_the_check_or_told_in_a_sentence(learned: Path) -> None:
    content = bytearray(learned.read_bytes())
    draw = random.Random(7)
    for _ in range(400):
        content[draw.randrange(4096, len(content))] = draw.randrange(256)
    learned.write_bytes(bytes(content))
    try:
        with open_desk(learned.parent) as store:
            assert not check(store).sound
    except ProgressError as error:
        assert "damaged" in str(error)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "studykit.db"
    path.mkdir()
    assert "is a folder" in said(path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be made" in said(tmp_path / "file" / "home" / "studykit.db")


def test_a_missing_folder_is_made_on_the_first_run(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a" / "b") as store:
        answer(store, "d0-0")
    assert (tmp_path / "a" / "b" / "studykit.db").is_file()


def test_reading_before_the_first_run_says_there_is_nothing_yet(tmp_path: Path) -> None:
    assert "first run" in said(tmp_path / "studykit.db", "read")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_loses_only_the_answer_it_refused(learned: Path) -> None:
    with open_desk(learned.parent) as store:
        connection = store.database.connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        stored = len(list(store.reviews()))
        with pytest.raises(ProgressError) as caught:
            for number in range(2000):
                answer(store, "d1-0", 3, DAY + number, NOON + number)
                stored += 1
        assert "is full" in str(caught.value)
        assert len(list(store.reviews())) == stored
        assert check(store).sound
        connection.execute(f"PRAGMA max_page_count = {pages + 100}")
        answer(store, "d1-0")
        assert len(list(store.reviews())) == stored + 1


def test_a_read_only_folder_is_named_and_can_still_be_read(learned: Path) -> None:
    with unprivileged() as folder:
        path = folder / "studykit.db"
        with privileged():
            path.write_bytes(learned.read_bytes())
            path.chmod(0o644)
            folder.chmod(0o555)
        assert "make the folder writable" in said(path)
        with open_store(path, mode="read") as reader:
            assert len(list(reader.reviews())) == 300


def test_a_read_only_file_is_named_before_anything_is_answered(learned: Path) -> None:
    with unprivileged() as folder:
        path = folder / "studykit.db"
        with privileged():
            path.write_bytes(learned.read_bytes())
            path.chmod(0o444)
            folder.chmod(0o777)
        assert "is read-only" in said(path)


def test_a_file_that_turns_read_only_while_it_is_open_loses_nothing(learned: Path) -> None:
    with open_desk(learned.parent) as store:
        store.database.connection.execute("PRAGMA query_only = ON")
        with pytest.raises(ProgressError, match="read-only"):
            answer(store, "d0-0")
        store.database.connection.execute("PRAGMA query_only = OFF")
        answer(store, "d0-0")
        assert len(list(store.reviews())) == 301


def test_a_second_program_is_told_who_has_it_open(learned: Path) -> None:
    opener = "import sys; from tests.progress.desk import *; open_desk(Path(sys.argv[1]))"
    with open_desk(learned.parent) as store:
        second = subprocess.run(
            [sys.executable, "-c", opener, str(learned.parent)],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert f"{learned} is open in another studykit (process {os.getpid()})" in second.stderr
        answer(store, "d0-0")
    with open_desk(learned.parent) as store:
        assert len(list(store.reviews())) == 301


def test_readers_work_while_a_program_writes(learned: Path) -> None:
    with open_desk(learned.parent) as store:
        with open_store(learned, mode="read") as reader:
            assert reader.counts(DAY) == store.counts(DAY)
            id_ = answer(store, "d1-0")
            assert [review.id for review in reader.reviews()][-1] == id_
            with pytest.raises(ProgressError, match="read-only"):
                reader.set_setting("a", "b")
        answer(store, "d1-1")


def test_a_transaction_that_fails_halfway_leaves_nothing(learned: Path) -> None:
    with open_desk(learned.parent) as store:
        with pytest.raises(KeyboardInterrupt), store.database.write() as connection:
            connection.execute("UPDATE memory SET lapses = 99")
            raise KeyboardInterrupt
        assert check(store).sound


def test_a_log_left_by_a_file_that_was_deleted_is_not_played_into_a_fresh_one(
    tmp_path: Path,
) -> None:
    store = open_desk(tmp_path)
    answer(store, "d0-0")
    log = (tmp_path / "studykit.db-wal").read_bytes()
    store.close()
    (tmp_path / "studykit.db").unlink()
    (tmp_path / "studykit.db-wal").write_bytes(log)
    with open_desk(tmp_path) as fresh:
        assert list(fresh.reviews()) == []
        assert check(fresh).sound
    assert (tmp_path / "studykit.db.lost-wal").read_bytes() == log
