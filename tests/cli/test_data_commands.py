"""Backups and the doctor from the command line: exit codes, questions and JSON."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.run import studykit


def database() -> Path:
    return Path(os.environ["STUDYKIT_HOME"]) / "studykit.db"


def test_a_backup_is_made_listed_and_restored() -> None:
    assert studykit("backup").code == 1
    studykit("decks")
    made = studykit("backup")
    assert made.code == 0
    assert Path(made.out.strip()).is_file()
    listed = json.loads(studykit("backup", "--list", "--json").out)
    assert [list(one) for one in listed] == [["file", "made", "bytes", "reviews"]]
    assert listed[0]["file"] == made.out.strip()
    refused = studykit("restore", "latest", typed="n\n")
    assert refused.code == 1 and "Nothing was changed" in refused.err
    assert studykit("restore", "latest", typed="").code == 1, "no answer is a no"
    done = studykit("restore", "latest", typed="y\n")
    assert done.code == 0 and "Restored 0 answers" in done.err
    assert studykit("restore", listed[0]["file"], "--yes").code == 0
    assert studykit("restore", "nowhere.db", "--yes").code == 1
    assert studykit("backup", "--list", "x.db").code == 2


def test_the_doctor_finds_mends_and_then_finds_nothing() -> None:
    clean = json.loads(studykit("doctor", "--json").out)
    assert clean["ok"] is True
    assert next(list(one) for one in clean["checks"]) == ["name", "state", "says"]
    assert clean["facts"]["opens"] == "line mode"
    with closing(sqlite3.connect(database())) as connection:
        connection.execute("UPDATE card SET fresh = 0 WHERE id = (SELECT min(id) FROM card)")
        connection.commit()
    ran = studykit("doctor")
    assert ran.code == 1 and "✓ mended" in ran.out
    assert studykit("doctor").code == 0
    database().write_bytes(b"x" * 9000)
    ran = studykit("doctor", "--json")
    assert ran.code == 2
    assert json.loads(ran.out)["ok"] is False


def test_statistics_are_printed_as_text_and_as_json() -> None:
    ran = studykit("stats")
    assert ran.code == 0
    for title in ("Overview", "Forecast", "Calibration", "Decks"):
        assert f"\n{title}\n" in f"\n{ran.out}"
    assert "Nothing was answered yet" in ran.out
    found = json.loads(studykit("stats", "--json").out)
    assert found["totals"]["answers"] == 0
    assert found["totals"]["cards"] == sum(deck["cards"] for deck in found["decks"]) > 0
