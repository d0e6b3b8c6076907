"""The tour of a newcomer: shown once, over the decks, and never in the way of anything else."""

from __future__ import annotations

import io

import pytest

from studykit.cli.line import Line
from studykit.cli.plain import WELCOME, LineMode
from studykit.memory import Grade
from studykit.study import Collection
from studykit.study.start import Start
from studykit.tui.app import StudyApp
from studykit.tui.screens.home import HomeScreen
from studykit.tui.screens.study import StudyScreen
from studykit.tui.screens.tour import TourScreen
from tests.study.desk import Desk
from tests.tui.screens import screen_text, settle
from tests.tui.test_goldens import compare


def newcomer(collection: Collection, **start: object) -> StudyApp:
    return StudyApp(collection, Start(tour=True, **start))  # type: ignore[arg-type]  # its fields


async def test_a_newcomer_sees_three_screens_once(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = newcomer(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert isinstance(app.screen, TourScreen)
            seen = [screen_text(app)]
            for key in ("enter", "space"):
                await pilot.press(key)
                await settle(pilot)
                seen.append(screen_text(app))
            assert ["1 of 3" in seen[0], "2 of 3" in seen[1], "3 of 3" in seen[2]] == [True] * 3
            await pilot.press("left")
            await settle(pilot)
            assert screen_text(app) == seen[1]
            await pilot.press("right", "right")
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen)
            await pilot.press("f10", "escape")
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen), "it can be seen again"
    with desk.open() as collection:
        app = newcomer(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen)


async def test_a_tour_that_was_skipped_does_not_come_back(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = newcomer(collection)
        async with app.run_test(size=(40, 12)) as pilot:
            await settle(pilot)
            await pilot.press("escape")
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen)
        assert not collection.first_time


async def test_whoever_studied_before_or_came_to_study_has_no_tour(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = newcomer(collection, study=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert isinstance(app.screen, StudyScreen)
        session = collection.session()
        session.next()
        session.reveal()
        session.grade(Grade.GOOD)
        app = newcomer(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen)


async def test_the_keys_it_names_are_those_in_force(desk: Desk) -> None:
    desk.deck()
    (desk.home.root / "config.toml").write_text('[keys]\nstudy-all = "z"\n')
    with desk.open() as collection:
        app = newcomer(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert "z studies all that waits" in screen_text(app)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_the_tour_looks_like_this(desk: Desk, size: tuple[int, int]) -> None:
    desk.deck()
    with desk.open() as collection:
        app = newcomer(collection)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            shown = [screen_text(app)]
            for _ in range(2):
                await pilot.press("enter")
                await settle(pilot)
                shown.append(screen_text(app))
            compare(f"tour-{size[0]}x{size[1]}", "\n".join(shown))


def test_line_mode_welcomes_a_newcomer_once(desk: Desk) -> None:
    desk.deck()
    for said in (True, False):
        out = io.StringIO()
        with desk.open() as collection:
            LineMode(Line(io.StringIO("q\n"), out), collection, Start(tour=True)).run()
        assert (WELCOME in " ".join(out.getvalue().split())) is said
