"""The room is cheap to open, and tells how the learner has been going."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from studykit.progress.pace import judged, recent_times, streak
from tests.progress.desk import DAY, NOON, answer, open_desk


def test_importing_the_room_loads_nothing_heavy() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, studykit.progress; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    heavy = {"fsrs", "numpy", "msgspec", "textual", "yaml", "click", "studykit.memory"}
    assert not heavy & set(loaded)


def test_a_progress_file_waits_for_the_disk_keeps_a_log_and_checks_its_keys(
    tmp_path: Path,
) -> None:
    with open_desk(tmp_path, durable=True) as store:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "application_id")
        values = [store.database.value(f"PRAGMA {name}") for name in pragmas]
        assert values == ["wal", 2, 1, int.from_bytes(b"stky")]
        strict = store.database.rows("SELECT name FROM pragma_table_list WHERE strict = 1")
        assert len(strict) == 8


def test_days_in_a_row_count_up_to_today_or_yesterday(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        assert streak(store.database, DAY) == 0
        for back in (1, 2, 3, 5):
            answer(store, "d0-0", 3, DAY - back)
        assert streak(store.database, DAY) == 3
        answer(store, "d0-1", 3, DAY)
        assert streak(store.database, DAY) == 4
        assert streak(store.database, DAY + 2) == 0


def test_usual_times_are_those_of_cards_that_were_known(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0", 3)
        answer(store, "d0-1", 1)
        answer(store, "d0-2", 4)
        store.undo_last(DAY, NOON)
        assert recent_times(store.database, "basic") == [4000]
        assert recent_times(store.database, "cloze") == []


def test_only_answers_that_the_program_judged_are_right_or_wrong(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        answer(store, "d0-0", 3)
        assert judged(store.database, DAY) == (0, 0)
        last = next(store.reviews())
        for result in ("right", "wrong", "self"):
            store.record(last._replace(result=result), None)
        store.record(last._replace(result="wrong", kind="cram"), None)
        assert judged(store.database, DAY) == (1, 2)
