"""Archives that lie, burst or are broken are refused in one sentence, and nothing is unpacked."""

from __future__ import annotations

import sqlite3
import struct
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.exchange import archive
from studykit.exchange.anki_collection import open_anki_file
from studykit.exchange.anki_import import read_anki
from studykit.exchange.errors import ExchangeError
from studykit.memory.days import study_day
from tests.progress.desk import LAW


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name.replace("__", "."), data)
    return path


def refused(path: Path, says: str = ".") -> None:
    with pytest.raises(ExchangeError, match=says) as caught:
        read_anki(path, study_day)
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said


def collection(path: Path, *statements: str) -> bytes:
    path.unlink(missing_ok=True)
    base = (
        "CREATE TABLE col (models, decks)",
        """INSERT INTO col VALUES ('{"1": {"name": "Basic", "type": 0, "flds": [{"name": "F"},
        {"name": "B"}], "tmpls": [{"qfmt": "{{F}}", "afmt": "{{B}}"}]}}',
        '{"1": {"name": "d"}}')""",
        "CREATE TABLE notes (id, guid, mid, tags, flds)",
        "CREATE TABLE cards (id, nid, did, ord, mod, queue, flags, odid)",
        "CREATE TABLE revlog (id, cid, ease, ivl, factor, time, type)",
        "INSERT INTO notes VALUES (1, 'g', 1, '', 'front' || char(31) || 'back')",
        "INSERT INTO cards VALUES (1, 1, 1, 0, 0, 0, 0, 0)",
    )
    db = sqlite3.connect(path)
    for statement in (*base, *statements):
        db.execute(statement)
    db.commit()
    db.close()
    return path.read_bytes()


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"not a zip at all", b"PK\5\6" + b"\0" * 18, b"PK\6\6"]
)
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.apkg"
    path.write_bytes(data)
    refused(path)


def test_the_sound_file_of_these_tests_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.apkg", collection__anki2=collection(tmp_path / "c"))
    (draft,) = read_anki(path, study_day).drafts
    assert (draft.front, draft.back) == ("front", "back")


@LAW
@given(cut=st.floats(0, 1), at=st.floats(0, 0.999), byte=st.integers(0, 255))
def test_a_truncated_or_altered_archive_never_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, cut: float, at: float, byte: int
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    whole = zipped(folder / "x.apkg", collection__anki2=collection(folder / "c")).read_bytes()
    altered = bytearray(whole)
    altered[int(at * len(altered))] = byte
    for data in (whole[: int(cut * len(whole))], bytes(altered)):
        (folder / "y.apkg").write_bytes(data)
        try:
            read_anki(folder / "y.apkg", study_day)
        except ExchangeError as error:
            assert str(error)


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "..\\evil", "C:\\evil"])
def test_a_member_that_wants_out_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.apkg"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("collection.anki2", collection(tmp_path / "c"))
        made.writestr(name, b"x")
    refused(path, "outside")


def test_a_bomb_stops_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "x.apkg", collection__anki2=b"\0" * (archive.SMALL + 1))
    assert path.stat().st_size < archive.SMALL // archive.MAX_RATIO
    refused(path, "far more")
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    refused(zipped(tmp_path / "y.apkg", a=b"", b=b"", c=b"", d=b""), "more than any collection")


def test_a_compressed_bomb_inside_stops_at_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import zstandard

    from studykit.exchange import anki_collection

    monkeypatch.setattr(anki_collection, "MAX_SIZE", 1 << 20)
    packed = zstandard.compress(b"\0" * (2 << 20))
    refused(zipped(tmp_path / "x.apkg", collection__anki21b=packed), "far more")


def test_a_huge_table_of_contents_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_DIRECTORY", 40)
    path = zipped(tmp_path / "x.apkg", collection__anki2=b"")
    refused(path, "lists more files")
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 0xFFFFFFFF, 0, 0)
    (tmp_path / "y.apkg").write_bytes(end)
    refused(tmp_path / "y.apkg", "damaged")


def test_an_archive_without_a_collection_is_named(tmp_path: Path) -> None:
    refused(zipped(tmp_path / "x.apkg", word__xml=b"<x/>"), "no Anki collection")


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE revlog",
        "DROP TABLE notes",
        "UPDATE col SET models = '{'",
        "UPDATE col SET models = '[]'",
        "UPDATE col SET models = NULL",
        "UPDATE col SET models = '{\"1\": {}}'",
        "UPDATE col SET decks = '{\"x\": 1}'",
        "DELETE FROM col",
        "INSERT INTO notes VALUES ('id', 1, 1, 1, 1)",
        "INSERT INTO revlog VALUES (1, 1, 'grade', 1, 1, 1, 1)",
        "UPDATE notes SET flds = x'00ff'",
    ],
)
def test_tables_that_make_no_sense_are_refused(tmp_path: Path, statement: str) -> None:
    data = collection(tmp_path / "c", statement)
    refused(zipped(tmp_path / "x.apkg", collection__anki2=data), "damaged")


def test_a_view_in_the_place_of_a_table_is_never_run(tmp_path: Path) -> None:
    endless = (
        "CREATE VIEW notes AS WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
        "SELECT x AS id, 'g' AS guid, 1 AS mid, '' AS tags, '' AS flds FROM n"
    )
    data = collection(tmp_path / "c", "DROP TABLE notes", endless)
    refused(zipped(tmp_path / "x.apkg", collection__anki2=data), "damaged")


def test_the_newest_form_without_its_package_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    refused(zipped(tmp_path / "x.apkg", collection__anki21b=b"x"), r"studykit\[anki\]")


def test_bytes_that_are_not_zstd_are_refused(tmp_path: Path) -> None:
    refused(zipped(tmp_path / "x.apkg", collection__anki21b=b"nothing"), "damaged")


def test_the_copy_is_gone_when_the_file_is_closed(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.apkg", collection__anki2=collection(tmp_path / "c"))
    with open_anki_file(path) as file:
        assert len(list(file.notes())) == 1
    with pytest.raises(ExchangeError):
        list(file.notes())
