"""What is typed on the screen is put down at calm moments, and stands there again."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import TextArea

from studykit.study.collection import Collection
from studykit.study.home import Home
from studykit.study.settings import Settings
from studykit.study.start import Start
from studykit.tui.app import StudyApp
from studykit.tui.screens import typing
from studykit.tui.screens.study import StudyScreen
from tests.tui.screens import screen_text, settle, type_text
from tests.tui.test_grid import NOON_MS, key, rows_of, studying
from tests.tui.test_steps import OPEN


def again(home: Path) -> Collection:
    return Collection.open(Home(home), settings=Settings(), clock=lambda: NOON_MS)


async def test_a_half_filled_grid_is_filled_again_after_a_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with studying(tmp_path) as (app, pilot):
        monkeypatch.setattr(typing, "SOON", 0.001)
        await type_text(pilot, "1/2 -3 4")
        while not (drafts := Home(tmp_path).drafts).exists() or b"4" not in drafts.read_bytes():
            await type_text(pilot, " ")
        left = drafts.read_bytes()
    Home(tmp_path).drafts.write_bytes(left)  # as a crash leaves it
    with again(tmp_path) as collection:
        app = StudyApp(collection, Start(study=True, decks=("mine",)))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert rows_of(app) == (("1/2", "-3"), ("4", ""))


async def test_steps_behind_stand_there_again_and_the_next_is_asked(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await pilot.press("f9", "f3")
        await type_text(pilot, "7")
        assert "step 2 of 4" in screen_text(app)
    with again(tmp_path) as collection:
        app = StudyApp(collection, Start(study=True, decks=("mine",)))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert "step 2 of 4" in screen_text(app)
            assert rows_of(app)[0][0] == "7"


async def test_notes_stand_there_again(tmp_path: Path) -> None:
    async with studying(tmp_path, deck=OPEN) as (app, pilot):
        await pilot.press("t")
        await type_text(pilot, "minus infinity")
        await pilot.press("escape")
    with again(tmp_path) as collection:
        app = StudyApp(collection, Start(study=True, decks=("mine",)))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert app.screen.query_one(TextArea).text == "minus infinity"


async def test_typing_writes_nothing_until_a_calm_moment(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, "1 2 3 4")
        assert not Home(tmp_path).drafts.exists()
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        screen.put_down()
        assert Home(tmp_path).drafts.exists()


async def test_a_graded_answer_leaves_nothing_behind(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, ";".join(" ".join(row) for row in key(app)))
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        screen.put_down()
        await pilot.press("f5")
        await settle(pilot)
        screen.clock = lambda: 1e9
        await pilot.press("enter")
        await settle(pilot)
        assert Home(tmp_path).drafts.read_bytes() == b"{}"
