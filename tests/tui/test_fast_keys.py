"""Keys that come fast: none grades a card nobody has looked at, and none is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studykit.tui.screens.study import StudyScreen
from tests.tui.cards import CHOICE, LINE, MATRIX, PLAIN
from tests.tui.fakes import Scripted
from tests.tui.screens import app_for, burst, screen_text, session_of, settle, slowly, type_text


async def test_grading_keys_are_dead_until_the_answer_is_shown(tmp_path: Path) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test() as pilot:
        await slowly(pilot, "1", "2", "3", "4")
        assert session_of(app).done == []
        assert "Question one?" in screen_text(app)


async def test_a_grade_that_comes_before_the_answer_is_drawn_waits_for_it_and_counts_once(
    tmp_path: Path,
) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test() as pilot:
        await settle(pilot)
        await burst(app, pilot, "space", "4", "4", "3")
        assert session_of(app).done == [("one", "easy")]
        assert session_of(app).outcome is None, "the next card waits to be answered"


@pytest.mark.parametrize("key", ["f5", "ctrl+s", "enter"])
async def test_what_was_typed_right_before_the_key_that_checks_is_part_of_the_answer(
    tmp_path: Path, key: str
) -> None:
    app = app_for(tmp_path, [LINE])
    async with app.run_test() as pilot:
        await settle(pilot)
        await burst(app, pilot, "0", ".", "2", "5", key)
        assert "✓ Right" in screen_text(app)


async def test_a_key_typed_after_enter_is_no_part_of_the_answer_but_grades_it(
    tmp_path: Path,
) -> None:
    app = app_for(tmp_path, [LINE])
    async with app.run_test() as pilot:
        await settle(pilot)
        await type_text(pilot, "0.25")
        await burst(app, pilot, "enter", "3")
        assert session_of(app).done == [("line", "good")]


@pytest.mark.parametrize("grid", [False, True])
@pytest.mark.parametrize("check", ["enter", "f5"])
async def test_a_key_typed_after_a_matrix_was_checked_grades_it(
    tmp_path: Path, grid: bool, check: str
) -> None:
    card = Scripted(replace(MATRIX.question, grid=grid), answers=MATRIX.answers)
    app = app_for(tmp_path, [card])
    async with app.run_test() as pilot:
        await settle(pilot)
        await type_text(pilot, "1 2;3 4" if grid else "1 2\n3 4\n")
        await burst(app, pilot, check, "2")
        assert session_of(app).done == [("matrix", "hard")]


async def test_a_space_pressed_twice_shows_the_answer_and_grades_nothing(tmp_path: Path) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test() as pilot:
        await settle(pilot)
        await burst(app, pilot, "space", "space")
        assert session_of(app).done == []
        assert "The answer." in screen_text(app)


async def test_a_grade_that_came_early_is_forgotten_with_an_undo(tmp_path: Path) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test() as pilot:
        await slowly(pilot, "space", "3")
        await burst(app, pilot, "space", "4", "u")
        assert session_of(app).done == []
        assert "Question one?" in screen_text(app)


async def test_a_double_press_never_grades_the_next_card(tmp_path: Path) -> None:
    app = app_for(tmp_path, [*PLAIN[:1], CHOICE, *PLAIN[1:]])
    async with app.run_test() as pilot:
        await slowly(pilot, "space")
        await burst(app, pilot, "3", "3", "3")
        assert session_of(app).done == [("one", "good")]
        assert session_of(app).outcome is None, "the choice was not answered by the second press"


async def test_a_double_press_on_a_choice_does_not_grade_it(tmp_path: Path) -> None:
    app = app_for(tmp_path, [CHOICE, *PLAIN])
    async with app.run_test() as pilot:
        await slowly(pilot, "2")
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        await pilot.press("2")
        assert session_of(app).done == []
        await slowly(pilot, "2")
        assert session_of(app).done == [("pick", "hard")]


async def test_the_enter_that_checked_does_not_also_accept(tmp_path: Path) -> None:
    app = app_for(tmp_path, [LINE, *PLAIN])
    async with app.run_test() as pilot:
        await settle(pilot)
        await type_text(pilot, "0.25\n\n")
        await pilot.press("enter")
        assert session_of(app).done == []
        await slowly(pilot, "enter")
        assert session_of(app).done == [("line", "good")]


@pytest.mark.parametrize("card", [LINE, MATRIX])
async def test_an_answer_typed_outside_the_field_neither_reveals_nor_grades(
    tmp_path: Path, card: Scripted
) -> None:
    app = app_for(tmp_path, [card])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await slowly(pilot, "escape", "1", "space", "2", "space", "3")
        assert session_of(app).outcome is None
        assert session_of(app).done == []
        await slowly(pilot, "enter")
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        assert screen.typing
        await slowly(pilot, "escape", "f3")
        assert "1 Again" in screen_text(app)
