"""The doctor finds what is wrong, mends what needs no choice, and a second run finds nothing."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import pytest

from studykit.decks import events
from studykit.memory import Grade
from studykit.progress.backup import backups_of
from studykit.study.doctor import Finding, examine
from tests.study.desk import Desk


def found(desk: Desk) -> dict[str, Finding]:
    return {one.name: one for one in examine(desk.home, desk.clock)}


def unsound(desk: Desk) -> dict[str, str]:
    return {name: one.state for name, one in found(desk).items() if one.state != "sound"}


def study(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        for _ in range(3):
            session.next()
            session.reveal()
            session.grade(Grade.GOOD)


def tamper(desk: Desk, sql: str) -> None:
    with closing(sqlite3.connect(desk.home.db)) as connection:
        connection.execute(sql)
        connection.commit()


def test_nothing_is_found_on_an_empty_home_nor_after_studying(desk: Desk) -> None:
    assert unsound(desk) == {}
    study(desk)
    assert unsound(desk) == {}
    assert "3 answers" in found(desk)["progress"].says


def test_a_memory_that_does_not_follow_from_the_log_is_mended_after_a_backup(desk: Desk) -> None:
    study(desk)
    tamper(desk, "UPDATE memory SET stability = 99 WHERE card = 'one'")
    before = len(backups_of(desk.home.db))
    assert unsound(desk) == {"memory": "mended"}
    assert len(backups_of(desk.home.db)) == before + 1
    assert unsound(desk) == {}


def test_while_studykit_is_open_it_says_what_is_wrong_and_leaves_it(desk: Desk) -> None:
    study(desk)
    tamper(desk, "UPDATE memory SET lapses = 7 WHERE card = 'one'")
    with desk.open():
        assert unsound(desk) == {"memory": "wrong"}
        assert "Close studykit" in found(desk)["memory"].says
    assert unsound(desk) == {"memory": "mended"}


def test_a_damaged_cache_is_made_again(desk: Desk) -> None:
    study(desk)
    desk.home.cache.write_bytes(b"no database" * 500)
    assert unsound(desk) == {"cache": "mended"}
    assert unsound(desk) == {}


def test_a_damaged_progress_file_names_the_way_out(desk: Desk) -> None:
    study(desk)
    content = bytearray(desk.home.db.read_bytes())
    content[4096 : 4096 * 20] = b"\xff" * (4096 * 19)
    desk.home.db.write_bytes(content)
    assert "unreadable" in unsound(desk).values()
    assert found(desk)["backups"].state == "sound"


def test_a_broken_deck_and_wrong_settings_are_named(desk: Desk) -> None:
    study(desk)
    desk.deck("title: T\ncards: nothing\n", "broken.yaml")
    assert unsound(desk) == {"decks": "wrong"}
    desk.home.config.write_text("new_per_day = 'many'\n")
    findings = found(desk)
    assert findings["settings"].state == "wrong"
    assert str(desk.home.config) in findings["settings"].says


def test_yaml_without_libyaml_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "has_libyaml", lambda: False)
    assert unsound(desk) == {"libyaml": "wrong"}


def test_an_old_backup_is_pointed_out(desk: Desk) -> None:
    study(desk)
    newest = backups_of(desk.home.db)[-1][1]

    old = desk.clock() / 1000 - 40 * 86400
    os.utime(newest, (old, old))
    assert "40 days old" in found(desk)["backups"].says
