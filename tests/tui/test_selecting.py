"""Text of a board is selected with the mouse and copied, and nothing else comes of it."""

from __future__ import annotations

from pathlib import Path

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from studykit.tui.app import StudyApp
from studykit.tui.text import character_at
from studykit.tui.widgets.board import Board
from tests.tui.fakes import Scripted, outcome, question
from tests.tui.screens import app_for, screen_text, session_of, settle

MATRIX = "Compute $\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}$ by hand."
CARD = Scripted(question("one", asks="line", kind="formula", text=MATRIX))
CHOICE = Scripted(
    question("two", kind="choice", asks="choice", text="Which?", options=("the first", "second")),
    chosen=[outcome("right"), outcome("wrong")],
)


def place(app: StudyApp, text: str) -> tuple[int, int]:
    """Where a text begins on the screen."""
    for y, line in enumerate(screen_text(app).splitlines()):
        if text in line:
            return line.index(text), y
    raise AssertionError(f"{text!r} is not on the screen")


async def drag(app: StudyApp, pilot: Pilot[None], first: str, last: str) -> None:
    """From the first character of a text to the last one of another."""
    x, y = place(app, last)
    await pilot.mouse_down(offset=place(app, first))
    await pilot.hover(offset=(x + len(last) - 1, y))
    await pilot.mouse_up(offset=(x + len(last) - 1, y))
    await settle(pilot)


async def test_a_matrix_is_selected_and_copied_while_the_field_has_the_focus(
    tmp_path: Path,
) -> None:
    app = app_for(tmp_path, [CARD])
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await drag(app, pilot, "⎡1", "4⎦")
        assert isinstance(app.screen.focused, Input)
        await pilot.press("ctrl+c")
        await settle(pilot)
        rows = [row.strip() for row in app.clipboard.splitlines()]
        assert rows[0].startswith("⎡1  2⎤") and rows[-1].endswith("⎣3  4⎦")
        assert "Copied" in screen_text(app)


async def test_words_of_one_line_are_selected_to_the_last_letter(tmp_path: Path) -> None:
    app = app_for(tmp_path, [Scripted(question(text="A **bold** word\nand 日本 more."))])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await drag(app, pilot, "bold", "word")
        assert app.screen.get_selected_text() == "bold word"


async def test_a_double_click_selects_all_and_no_empty_lines_around_it_are_copied(
    tmp_path: Path,
) -> None:
    app = app_for(tmp_path, [Scripted(question(text="A **bold** word\n\nand more."))])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.click("#question", offset=(6, 1), times=2)
        await pilot.press("ctrl+c")
        await settle(pilot)
        assert app.clipboard == "A bold word\n\nand more."


async def test_what_is_selected_shows_without_colours(tmp_path: Path) -> None:
    app = app_for(tmp_path, [Scripted(question(text="A plain word."))])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await drag(app, pilot, "plain", "plain")
        board = app.screen.query_one("#question", Board)
        marked = [
            part.text
            for strip in board.strips(range(3))
            for part in strip
            if part.style is not None and part.style.reverse
        ]
        assert marked == ["plain"]


async def test_selecting_an_option_chooses_nothing_and_a_click_still_does(tmp_path: Path) -> None:
    app = app_for(tmp_path, [CHOICE])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await drag(app, pilot, "first", "first")
        assert app.screen.get_selected_text() == "first"
        assert session_of(app).outcome is None
        await pilot.click(offset=place(app, "first"))
        await settle(pilot)
        assert session_of(app).outcome is not None


async def test_another_text_is_not_selected(tmp_path: Path) -> None:
    app = app_for(tmp_path, [Scripted(question("one")), Scripted(question("two"))])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await drag(app, pilot, "Question", "one?")
        await pilot.press("space")
        await settle(pilot)
        assert app.screen.get_selected_text() is None


async def test_a_wide_formula_that_was_moved_is_copied_from_where_it_stands(
    tmp_path: Path,
) -> None:
    wide = "$$" + " + ".join(f"x_{{{n}}} y_{{{n}}}" for n in range(10, 40)) + "$$"
    app = app_for(tmp_path, [Scripted(question(text=wide))])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("right")
        await settle(pilot)
        await drag(app, pilot, "y₁₃", "y₁₃")
        assert app.screen.get_selected_text() == "y₁₃"


async def test_a_place_beside_the_text_is_its_nearest_end() -> None:
    class Alone(App[None]):
        def compose(self):  # type: ignore[no-untyped-def]
            yield Board()

    app = Alone()
    async with app.run_test(size=(80, 24)):
        board = app.query_one(Board)
        assert board.place_at(5, 3) == (0, 0)


def test_a_wide_character_is_one_place() -> None:
    assert [character_at("a日b", cell) for cell in (-1, 0, 1, 2, 3, 4)] == [0, 0, 1, 1, 2, 3]
