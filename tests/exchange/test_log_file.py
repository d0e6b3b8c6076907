"""The log goes out complete: joined elsewhere it is the same, as a table it says the same."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from pathlib import Path

from studykit.exchange.log_file import COLUMNS, progress_lines, progress_table
from studykit.progress.exchange import lines_in
from tests.progress.desk import DAY, NOON, answer, open_desk

DOCS = Path(__file__).parents[2] / "docs" / "import-export.md"


def test_the_lines_make_the_same_progress_elsewhere(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b") as there:
        answer(here, "d0-0")
        here.suspend("d0-1", DAY, NOON)
        lines_in(there, progress_lines(here))
        assert list(progress_lines(there)) == list(progress_lines(here))
        assert there.standing("d0-0") == here.standing("d0-0")


def test_the_table_has_every_answer_and_says_which_were_taken_back(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here:
        answer(here, "d0-0", 1)
        answer(here, "d0-1", 3, DAY + 1, NOON + 1)
        here.undo_last(DAY + 1, NOON + 2)
        rows = list(csv.DictReader(StringIO("".join(progress_table(here)))))
    assert [(row["card"], row["grade"], row["undone"]) for row in rows] == [
        ("d0-0", "1", ""),
        ("d0-1", "3", "yes"),
    ]
    assert rows[0]["mistakes"] == "no-scale"
    assert rows[0]["answer"] == "[[1, 2]]"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", rows[0]["at"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", rows[0]["day"])


def test_an_answer_that_looks_like_a_formula_is_guarded(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here:
        from studykit.progress import Review

        for at, typed in enumerate(("=cmd()", "-3")):
            here.record(Review("d0-0", DAY, NOON + at, None, None, kind="cram", answer=typed), None)
        rows = list(csv.DictReader(StringIO("".join(progress_table(here)))))
    assert [row["answer"] for row in rows] == ["'=cmd()", "-3"]


def test_the_columns_are_documented() -> None:
    documented = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", DOCS.read_text(), re.MULTILINE))
    assert documented == COLUMNS
    assert json.dumps(COLUMNS)
