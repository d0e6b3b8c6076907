"""A matrix typed into the grid of a real problem: keys, paste, faults, rows and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from studykit.problems import draw
from studykit.study.collection import Collection
from studykit.study.home import Home
from studykit.study.settings import Settings
from studykit.study.start import Start
from studykit.tui.app import StudyApp
from studykit.tui.screens.study import StudyScreen
from studykit.tui.widgets.grid import AnswerGrid
from tests.tui.fakes import Scripted, outcome, question
from tests.tui.screens import SIZES, app_for, burst, screen_text, settle, slowly, type_text

NOON_MS = 1_790_000_000_000
DECK = """\
title: Mine
cards:
  - {id: one, kind: problem, family: attention-output, level: 2}
"""


@asynccontextmanager
async def studying(
    home: Path, *, deck: str = DECK, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[StudyApp, Pilot[None]]]:
    """The app at a problem whose answer is a 2×2 matrix, or over another deck."""
    (home / "decks").mkdir()
    (home / "decks" / "mine.yaml").write_text(deck, encoding="utf-8")
    with Collection.open(Home(home), settings=Settings(), clock=lambda: NOON_MS) as collection:
        app = StudyApp(collection, Start(study=True, decks=("mine",)))
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            yield app, pilot


def grid(app: StudyApp) -> AnswerGrid:
    return app.screen.query_one(AnswerGrid)


def rows_of(app: StudyApp) -> tuple[tuple[str, ...], ...]:
    return grid(app).cells.all


def key(app: StudyApp, places: int = 3) -> list[list[str]]:
    """The right answer, cell by cell."""
    assert app.sitting is not None and app.sitting.showing is not None
    problem = draw(app.sitting.showing.question.ticket)
    return [[f"{x:.{places}f}" for x in row] for row in problem.floats[problem.asked]]


async def paste(app: StudyApp, pilot: Pilot[None], text: str) -> None:
    app.post_message(events.Paste(text))
    await settle(pilot)


async def test_a_matrix_is_typed_cell_by_cell_and_enter_on_the_last_checks(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        assert grid(app).has_focus
        for number in (n for row in key(app) for n in row):
            await type_text(pilot, number)
            await pilot.press("enter")
        await settle(pilot)
        assert "✓ Right" in screen_text(app)


async def test_a_space_goes_to_the_next_cell_and_a_semicolon_to_the_next_row(
    tmp_path: Path,
) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, "1;3 4")
        assert rows_of(app) == (("1", ""), ("3", "4"))
        await pilot.press("ctrl+u")
        assert rows_of(app) == (("1", ""), ("3", ""))


async def test_a_number_too_many_is_refused_and_touches_no_other_cell(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, "1 2 3 4 5")
        assert rows_of(app) == (("1", "2"), ("3", "4 5"))
        await pilot.press("f5")
        assert "I cannot read this" in screen_text(app)
        await pilot.press("backspace", "backspace")
        assert rows_of(app) == (("1", "2"), ("3", "4"))


async def test_what_was_typed_right_before_f5_is_part_of_the_matrix(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await burst(app, pilot, "1", "tab", "2", "tab", "3", "tab", "4", "f5")
        assert "empty" not in screen_text(app)
        assert "✗ Wrong" in screen_text(app)


async def test_arrows_tab_and_backspace_move_between_cells(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await pilot.press("1", "tab", "2", "down", "4", "shift+tab", "3")
        assert rows_of(app) == (("1", "2"), ("3", "4"))
        await pilot.press("up", "backspace", "9", "right", "5", "ctrl+z", "ctrl+z")
        assert rows_of(app) == (("", "2"), ("3", "4"))


async def test_expressions_may_stand_in_a_cell_and_are_read_while_typed(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, "1/3")
        assert "   row 1, column 1: 1/3 = 0.333333" in screen_text(app)
        await type_text(pilot, "+")
        assert "row 1, column 1" in screen_text(app)
        assert "✗" not in screen_text(app)


@pytest.mark.parametrize(
    "text",
    [
        "1 -2\n3 0.25",
        "[[1, -2], [3, 0.25]]",
        "tensor([[1.00, -2.00],\n        [3.00, 0.25]], dtype=torch.float64)",
        r"\begin{bmatrix}1 & -2\\ 3 & \frac{1}{4}\end{bmatrix}",
        "1,-2\n3,0.25\n",
        "1\t-2\n3\t1/4",
    ],
)
async def test_a_whole_matrix_is_pasted_from_anywhere(tmp_path: Path, text: str) -> None:
    async with studying(tmp_path) as (app, pilot):
        await pilot.press("9")
        await paste(app, pilot, text)
        values = [[cell.replace("1/4", "0.25") for cell in row] for row in rows_of(app)]
        assert [[float(cell) for cell in row] for row in values] == [[1, -2], [3, 0.25]]
        await pilot.press("ctrl+z")
        assert rows_of(app) == (("9", ""), ("", ""))


async def test_a_number_and_a_row_are_pasted_where_the_cursor_is(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await paste(app, pilot, "7")
        await pilot.press("tab", "tab")
        await paste(app, pilot, "3 4")
        assert rows_of(app) == (("7", ""), ("3", "4"))


async def test_a_matrix_of_another_shape_becomes_rows_and_can_be_judged(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await paste(app, pilot, "1 2 3\n4 5 6")
        shown = screen_text(app)
        assert "What you pasted is 2×3, the grid 2×2" in shown
        assert "1 2 3" in shown and "4 5 6" in shown
        await pilot.press("f5")
        await settle(pilot)
        assert "2×2" in screen_text(app) and "✗ Wrong" in screen_text(app)


async def test_grid_and_rows_exchange_what_was_typed(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, "1/2 -2 3")
        await pilot.press("f6")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, StudyScreen) and screen.showing.entry == "rows"
        assert screen.typed == "1/2  -2\n3  ?"
        await pilot.press("backspace")
        await type_text(pilot, "4\n")
        await pilot.press("f6")
        await settle(pilot)
        assert rows_of(app) == (("1/2", "-2"), ("3", "4"))
        assert grid(app).has_focus


async def test_rows_that_do_not_fit_stay_rows_and_say_why(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await pilot.press("f6")
        await type_text(pilot, "1 2 3\n4 5 6")
        await pilot.press("f6")
        await settle(pilot)
        assert "Yours is 2×3, the grid 2×2; it stays as rows." in screen_text(app)
        assert isinstance(app.screen, StudyScreen)
        assert app.screen.typed == "1 2 3\n4 5 6"


async def test_cells_that_are_empty_or_unreadable_are_marked_and_cost_nothing(
    tmp_path: Path,
) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, "1 x 3")
        await pilot.press("f5")
        await settle(pilot)
        shown = screen_text(app)
        assert "? I cannot read this" in shown and "Row 1, column 2:" in shown
        assert "x?" in shown.replace(" ", "")
        assert (grid(app).cells.row, grid(app).cells.column) == (0, 1)
        assert set(grid(app).faults) == {(0, 1), (1, 1)}
        assert app.sitting is not None and app.sitting.session.outcome is None
        assert rows_of(app) == (("1", "x"), ("3", ""))
        await pilot.press("backspace", "2")
        assert set(grid(app).faults) == {(1, 1)}
        await pilot.press("f5")
        await settle(pilot)
        assert "Row 2, column 2 is empty." in screen_text(app)
        await pilot.press("4")
        await settle(pilot)
        assert "is empty" not in screen_text(app)


async def test_the_third_level_begins_with_rows_because_a_grid_would_tell_the_shape(
    tmp_path: Path,
) -> None:
    async with studying(tmp_path, deck=DECK.replace("level: 2", "level: 3")) as (app, pilot):
        assert isinstance(app.screen, StudyScreen) and app.screen.showing.entry == "rows"
        await pilot.press("f6")
        await settle(pilot)
        assert grid(app).has_focus


async def test_a_resize_and_leaving_keep_the_cells(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, "1 2 3")
        await pilot.resize_terminal(40, 12)
        await settle(pilot)
        assert rows_of(app) == (("1", "2"), ("3", ""))
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert not isinstance(app.screen, StudyScreen)
        assert app.sitting is not None
        app.show_study(app.sitting)
        await settle(pilot)
        assert rows_of(app) == (("1", "2"), ("3", ""))


@pytest.mark.parametrize("size", SIZES)
async def test_eight_by_eight_cells_are_reached_on_every_size(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    card = Scripted(
        question("big", kind="problem", asks="matrix", shape=(8, 8), grid=True, ticket="t"),
        answers={"*": outcome("right")},
    )
    app = app_for(tmp_path, [card])
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for number in range(64):
            await type_text(pilot, f"{number}.5")
            assert f"{number}.5" in screen_text(app), number
            if number < 63:
                await pilot.press("enter")
        await pilot.press("ctrl+home")
        assert " 0.5" in screen_text(app)
        await pilot.press("ctrl+end", "enter")
        await settle(pilot)
        assert "✓ Right" in screen_text(app)


async def test_a_cell_is_chosen_with_the_mouse(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, "11 22 33 44")
        lines = screen_text(app).split("\n")
        row = next(n for n, line in enumerate(lines) if "33" in line)
        await pilot.click(offset=(lines[row].index("33") + 1, row))
        assert (grid(app).cells.row, grid(app).cells.column) == (1, 0)


async def test_a_key_in_the_grid_repaints_no_more_than_its_row_and_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with studying(tmp_path) as (_, pilot):
        await pilot.press("1")
        await settle(pilot)
        drawn: list[int] = []
        original = AnswerGrid.render_line

        def counted(self: AnswerGrid, y: int) -> object:
            drawn.append(y)
            return original(self, y)

        monkeypatch.setattr(AnswerGrid, "render_line", counted)
        await pilot.press("2")
        await settle(pilot)
        assert drawn == [0]


async def test_typing_and_undo_bring_the_cells_back(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, "1 2 3 4")
        await pilot.press("f5")
        await settle(pilot)
        await slowly(pilot, "1", "f8")
        await settle(pilot)
        assert rows_of(app) == (("1", "2"), ("3", "4"))


def test_help_says_how_the_grid_is_typed_into_and_left() -> None:
    from studykit.tui.commands import STUDY
    from studykit.tui.screens.help import written

    said = " ".join(" ".join(line.plain for line in written(STUDY, {}, 60)).split())
    for told in ("from cell to cell", "Paste a whole matrix", "F6 changes to plain rows and back"):
        assert told in said
