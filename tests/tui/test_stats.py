"""The pages of statistics: plots with their gist, the same as text, on every size and log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studykit.study.outlook import Slipped, Weak
from studykit.study.statistics import Statistics, statistics
from studykit.tui.app import StudyApp
from studykit.tui.screens.stats import TITLES, StatsScreen
from studykit.tui.widgets.board import Pane
from tests.progress.desk import DAY, answer, open_desk
from tests.study.statistics.logs import random_log
from tests.tui.fakes import outlook
from tests.tui.screens import SIZES, app_for, fake_of, screen_text, settle
from tests.tui.test_goldens import compare
from tests.tui.test_poison import MARKUP, POISON, safe


def summed_up(folder: Path) -> Statistics:
    with random_log(folder, 3) as store:
        return statistics(store, max(review.day for review in store.reviews()))


def nothing_yet(folder: Path) -> Statistics:
    with open_desk(folder) as store:
        return statistics(store, DAY)


def one_answer(folder: Path) -> Statistics:
    with open_desk(folder) as store:
        answer(store, "d0-0")
        return statistics(store, DAY)


def app_with(folder: Path, stats: Statistics | None) -> StudyApp:
    app = app_for(folder, study=False)
    fake_of(app).summed_up = stats
    return app


def colours(app: StudyApp) -> set[str]:
    """Every colour of a letter on the screen."""
    strips = app.screen._compositor.render_strips()
    styles = [part.style for strip in strips for part in strip if part.text.strip()]
    return {style.color.name for style in styles if style and style.color}


async def open_stats(app: StudyApp, pilot: object) -> None:
    from textual.pilot import Pilot

    assert isinstance(pilot, Pilot)
    await settle(pilot)
    await pilot.press("s")
    await app.workers.wait_for_complete()
    await settle(pilot)
    assert isinstance(app.screen, StatsScreen)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_every_page_looks_as_it_did(tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_with(tmp_path, summed_up(tmp_path / "log"))
    async with app.run_test(size=size) as pilot:
        await open_stats(app, pilot)
        shown = []
        for number in range(1, len(TITLES) + 1):
            await pilot.press(str(number))
            await settle(pilot)
            shown.append(screen_text(app))
            assert app.screen.query_one(Pane).max_scroll_x == 0, "left and right turn pages"
        compare(f"stats-{size[0]}x{size[1]}", "\n\n".join(shown))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("make", [nothing_yet, one_answer])
async def test_a_log_with_next_to_nothing_has_every_page(
    tmp_path: Path, make: object, size: tuple[int, int]
) -> None:
    assert callable(make)
    app = app_with(tmp_path, make(tmp_path / "log"))
    async with app.run_test(size=size) as pilot:
        await open_stats(app, pilot)
        for title in TITLES:
            rows = screen_text(app).split("\n")
            assert title in rows[1]
            assert "? Help" in rows[-1]
            assert all(len(row) <= size[0] for row in rows)
            await pilot.press("right")
            await settle(pilot)
        assert "learned" in screen_text(app), "the first page again"


async def test_every_plot_is_also_text(tmp_path: Path) -> None:
    app = app_with(tmp_path, summed_up(tmp_path / "log"))
    async with app.run_test(size=(80, 24)) as pilot:
        await open_stats(app, pilot)
        await pilot.press("2")
        await settle(pilot)
        assert "┤" in screen_text(app)
        await pilot.press("t")
        await settle(pilot)
        shown = screen_text(app)
        assert "┤" not in shown
        assert "Again  Hard  Good  Easy" in shown
        await pilot.press("t", "m")
        await settle(pilot)
        assert "Answers a week, by grade" in screen_text(app)


async def test_pages_turn_both_ways_and_by_a_click(tmp_path: Path) -> None:
    app = app_with(tmp_path, summed_up(tmp_path / "log"))
    async with app.run_test(size=(120, 40)) as pilot:
        await open_stats(app, pilot)
        await pilot.press("left")
        assert isinstance(app.screen, StatsScreen)
        assert TITLES[app.screen.at] == "Decks"
        await pilot.press("l", "tab")
        assert TITLES[app.screen.at] == "Answers"
        column = screen_text(app).split("\n")[1].index("Memory")
        await pilot.click(offset=(column + 1, 1))
        await settle(pilot)
        assert TITLES[app.screen.at] == "Memory"
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, StatsScreen)
        assert fake_of(app).stopped == 1


async def test_a_progress_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    app = app_with(tmp_path, None)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_stats(app, pilot)
        assert "The progress file cannot be read." in screen_text(app)


async def test_a_change_of_theme_draws_the_plot_in_its_colours(tmp_path: Path) -> None:
    app = app_with(tmp_path, summed_up(tmp_path / "log"))
    async with app.run_test(size=(80, 24)) as pilot:
        await open_stats(app, pilot)
        await pilot.press("3")
        await settle(pilot)
        before, text = colours(app), screen_text(app)
        await pilot.press("ctrl+t")
        await settle(pilot)
        assert screen_text(app) == text
        assert not before & colours(app)


@pytest.mark.parametrize("words", [False, True])
async def test_a_title_or_a_mistake_full_of_markup_is_plain_text(
    tmp_path: Path, words: bool
) -> None:
    stats = summed_up(tmp_path / "log")
    deck = replace(stats.decks[0], title=POISON, recall=0.1)
    slip = replace(stats.mistakes[0], mistake=POISON, family=POISON, says=POISON)
    topic = replace(stats.topics[0], topic=POISON)
    poisoned = replace(stats, decks=(deck,), mistakes=(slip,), topics=(topic,))
    app = app_with(tmp_path, poisoned)
    fake_of(app).ahead = outlook(
        weak=(Weak("deck", POISON, 0.5, 9),), slips=(Slipped(POISON, POISON, 3),)
    )
    async with app.run_test(size=(200, 60)) as pilot:
        await app.workers.wait_for_complete()
        await settle(pilot)
        assert MARKUP in screen_text(app)
        assert safe(screen_text(app))
        await open_stats(app, pilot)
        if words:
            await pilot.press("t")
        for title in TITLES:
            await settle(pilot)
            shown = screen_text(app)
            assert safe(shown), title
            assert ("[@click=app.quit]" in shown) is (title in ("Mistakes", "Decks")), title
            await pilot.press("right")


async def test_plots_are_drawn_in_every_theme(tmp_path: Path) -> None:
    app = app_with(tmp_path, summed_up(tmp_path / "log"))
    async with app.run_test(size=(80, 24)) as pilot:
        await open_stats(app, pilot)
        await pilot.press("2")
        await settle(pilot)
        plain = screen_text(app)
        for theme in app.available_themes:
            app.theme = theme
            await settle(pilot)
            assert screen_text(app) == plain, theme
