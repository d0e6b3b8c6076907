"""Files of every released format open; a migration is complete or did not happen."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from studykit.progress import ProgressError
from studykit.progress.check import check
from studykit.progress.migrate import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    bring_up_to_date,
    migrations,
    statements,
)
from studykit.progress.schema import main, schema_text
from tests.progress.desk import DAY, answer, open_desk

FIXTURES = Path(__file__).parent / "fixtures"
ROOM = Path(__file__).parents[2] / "studykit" / "progress"


def test_there_is_a_file_of_every_format_among_the_fixtures() -> None:
    files = sorted(file.name for file in FIXTURES.glob("*.db.gz"))
    assert files == [f"version-{number}.db.gz" for number in range(1, SCHEMA_VERSION + 1)]


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_a_file_of_an_earlier_format_opens_with_everything_in_it(
    tmp_path: Path, version: int
) -> None:
    content = gzip.decompress((FIXTURES / f"version-{version}.db.gz").read_bytes())
    (tmp_path / "studykit.db").write_bytes(content)
    with open_desk(tmp_path) as store:
        assert schema_text(store.database.connection) == (ROOM / "schema.sql").read_text()
        assert check(store).sound
        assert len(list(store.reviews())) == 14
        assert len(list(store.reviews(undone_too=True))) == 15
        assert store.counts(DAY) == {"d0": (2, 1, 1, 6, 1), "d1": (3, 0, 1, 6, 0)}
        assert store.setting("weights") == "kept"
        answer(store, "d1-0", 3, DAY + 30)
        assert check(store).sound


def test_the_schema_to_read_is_what_the_migrations_add_up_to(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main()
    assert capsys.readouterr().out == (ROOM / "schema.sql").read_text()


def test_migrations_are_numbered_without_a_gap_up_to_the_format() -> None:
    assert [number for number, _ in migrations()] == list(range(1, SCHEMA_VERSION + 1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Migrations of a made-up future: the second one is good, the third breaks halfway."""
    made = tmp_path / "migrations"
    made.mkdir()
    (made / "0002_colour.sql").write_text(
        "-- A colour; with a comment.\nALTER TABLE deck ADD COLUMN colour TEXT;\n"
        "CREATE TRIGGER t BEFORE DELETE ON deck BEGIN SELECT 1; SELECT 2; END;\n"
    )
    (made / "0003_broken.sql").write_text(
        "ALTER TABLE deck ADD COLUMN size INTEGER;\nINSERT INTO nowhere VALUES (1);\n"
    )
    return made


def test_a_migration_is_backed_up_before_and_keeps_everything(tmp_path: Path, folder: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0")
        connection, path = store.database.connection, store.path
        bring_up_to_date(connection, path, 1_790_000_000_000, wanted=2, folder=folder)
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT colour FROM deck").fetchall() == [(None,), (None,)]
        assert len(store.history("d0-0")) == 1
    (backup,) = (tmp_path / "backups").iterdir()
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert copy.execute("SELECT count(*) FROM review").fetchone() == (1,)


def test_a_migration_that_fails_halfway_leaves_the_file_as_it_was(
    tmp_path: Path, folder: Path
) -> None:
    with open_desk(tmp_path) as store:
        connection, path = store.database.connection, store.path
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            bring_up_to_date(connection, path, 0, wanted=3, folder=folder)
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        columns = [row[1] for row in connection.execute("PRAGMA table_info(deck)")]
        assert "colour" in columns
        assert "size" not in columns
        answer(store, "d0-0")


def test_an_older_file_is_not_migrated_by_a_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_desk(tmp_path) as store:
        path = store.path
    monkeypatch.setattr("studykit.progress.database.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    from studykit.progress import open_store

    with pytest.raises(ProgressError, match="older studykit"):
        open_store(path, mode="read")


def test_statements_are_split_where_sqlite_would() -> None:
    script = (
        "-- a; comment\nCREATE TABLE a (b TEXT); -- c;\nCREATE TRIGGER t BEFORE DELETE ON a "
        "BEGIN\n  SELECT 1;\n  SELECT ';';\nEND;\n"
    )
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements(script):
            connection.execute(statement)
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (2,)
    with pytest.raises(ValueError, match="inside a statement"):
        list(statements("CREATE TABLE a ("))


def test_the_header_names_the_program() -> None:
    assert APPLICATION_ID.to_bytes(4) == b"stky"
