"""An answer is typed: read back, judged, helped by hints, and never lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Paste
from textual.widgets import Input, TextArea

from studykit.study.reading import Reading as SoFar
from studykit.tui.screens.home import HomeScreen
from studykit.tui.screens.study import StudyScreen
from tests.tui.cards import LINE, MATRIX, PLAIN
from tests.tui.fakes import Scripted, outcome, question
from tests.tui.screens import app_for, screen_text, session_of, settle, slowly, type_text


async def test_letters_go_to_the_field_while_typing(tmp_path: Path) -> None:
    app = app_for(tmp_path, [LINE])
    async with app.run_test() as pilot:
        await settle(pilot)
        await type_text(pilot, "huqe1")
        assert app.screen.query_one(Input).value == "huqe1"
        assert isinstance(app.screen, StudyScreen)


async def test_a_right_line_is_marked_right_and_read_back(tmp_path: Path) -> None:
    app = app_for(tmp_path, [LINE])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_text(pilot, "0.25\n")
        shown = screen_text(app)
        assert "✓ Right" in shown
        assert "1/4" in shown
        assert "Good · 5 d ↵" in shown


@pytest.mark.parametrize("card", [LINE, MATRIX])
async def test_what_is_pasted_after_esc_goes_into_the_answer_field(
    tmp_path: Path, card: Scripted
) -> None:
    app = app_for(tmp_path, [card])
    async with app.run_test() as pilot:
        await slowly(pilot, "escape")
        app.post_message(Paste("0.25"))
        await settle(pilot)
        assert isinstance(app.screen, StudyScreen)
        assert app.screen.typed == "0.25" and app.screen.typing


async def test_an_unreadable_answer_keeps_its_text_and_shows_the_place(tmp_path: Path) -> None:
    app = app_for(tmp_path, [LINE])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_text(pilot, "1/x\n")
        rows = [line.strip() for line in screen_text(app).split("\n")]
        assert "? I cannot read this" in rows
        assert "The letter x is no number." in rows
        raw = screen_text(app).split("\n")
        typed = max(n for n, line in enumerate(raw) if line.strip() == "1/x")
        assert raw[typed + 1].index("^") == raw[typed].index("x")
        field = app.screen.query_one(Input)
        assert (field.value, field.has_focus, field.cursor_position) == ("1/x", True, 3)
        assert session_of(app).outcome is None


async def test_that_a_text_cannot_be_read_stands_until_it_can(tmp_path: Path) -> None:
    card = replace(LINE, readings={"1/4": SoFar("Read as 1/4")})
    app = app_for(tmp_path, [card])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_text(pilot, "1/x\n")
        await pilot.press("backspace")
        await settle(pilot)
        assert "The letter x is no number." in screen_text(app)
        await type_text(pilot, "4")
        shown = screen_text(app)
        assert "I cannot read this" not in shown and "Read as 1/4" in shown


async def test_too_few_digits_are_asked_for_and_cost_nothing(tmp_path: Path) -> None:
    app = app_for(tmp_path, [LINE])
    async with app.run_test() as pilot:
        await settle(pilot)
        await type_text(pilot, "0.2\n")
        assert "≈ Not precise enough" in screen_text(app)
        await type_text(pilot, "5\n")
        assert "✓ Right" in screen_text(app)


async def test_a_wrong_answer_names_the_mistake(tmp_path: Path) -> None:
    app = app_for(tmp_path, [LINE])
    async with app.run_test() as pilot:
        await settle(pilot)
        await type_text(pilot, "7\n")
        shown = screen_text(app)
        assert "✗ Wrong" in shown
        assert "→ You left out the scale." in shown
        assert "Again · soon ↵" in shown


async def test_hints_come_one_by_one_also_while_typing(tmp_path: Path) -> None:
    app = app_for(tmp_path, [LINE])
    async with app.run_test() as pilot:
        await settle(pilot)
        await type_text(pilot, "3")
        await pilot.press("f2")
        assert "Hint 1  Scale first." in screen_text(app)
        assert app.screen.query_one(Input).value == "3"
        await pilot.press("f2", "f2")
        shown = screen_text(app)
        assert "Hint 2  Divide by two." in shown
        assert "There is no further hint." in shown


async def test_esc_leaves_the_field_then_the_screen_and_the_text_is_there_again(
    tmp_path: Path,
) -> None:
    app = app_for(tmp_path, [LINE])
    async with app.run_test() as pilot:
        await settle(pilot)
        await type_text(pilot, "1/3")
        await pilot.press("escape")
        assert isinstance(app.screen, StudyScreen)
        assert app.screen.focused is None
        await pilot.press("h")
        assert "Hint 1" in screen_text(app)
        await slowly(pilot, "escape")
        assert isinstance(app.screen, HomeScreen)
        app.begin(())
        await settle(pilot)
        assert app.screen.query_one(Input).value == "1/3"
        assert "Hint 1" in screen_text(app)


@pytest.mark.parametrize(("card", "wanted"), [(PLAIN[0], []), (LINE, [("late",)])])
async def test_what_judging_takes_is_loaded_while_a_typed_question_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, card: Scripted, wanted: list[tuple[str, ...]]
) -> None:
    loaded: list[tuple[str, ...]] = []
    monkeypatch.setattr("studykit.tui.screens.card.load", loaded.append)
    monkeypatch.setattr("studykit.tui.screens.card.missing", lambda formula: ("late",))
    app = app_for(tmp_path, [card])
    async with app.run_test() as pilot:
        await settle(pilot)
        await app.workers.wait_for_complete()
        assert loaded[:1] == wanted


async def test_a_matrix_is_typed_by_rows_and_an_empty_row_checks_it(tmp_path: Path) -> None:
    app = app_for(tmp_path, [MATRIX])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_text(pilot, "1 2.5\n3 40.25\n")
        assert session_of(app).outcome is None
        await type_text(pilot, "\n")
        rows = [line.strip() for line in screen_text(app).split("\n")]
        assert "◐ Partly right  3 of 4 cells are right." in rows
        assert "⎡ 1 ✓   2.5  ✗ ⎤" in rows
        assert "⎣ 3 ✓  40.25 ✓ ⎦" in rows


async def test_f5_checks_a_matrix_and_a_pasted_one_is_taken_whole(tmp_path: Path) -> None:
    from textual import events

    app = app_for(tmp_path, [MATRIX])
    async with app.run_test() as pilot:
        await settle(pilot)
        app.post_message(events.Paste("[[1, 2.5],\n [3, 40.25]]"))
        await settle(pilot)
        assert app.screen.query_one(TextArea).text == "[[1, 2.5],\n [3, 40.25]]"
        await pilot.press("f5")
        assert "◐ Partly right" in screen_text(app)


async def test_nothing_typed_is_no_attempt(tmp_path: Path) -> None:
    app = app_for(tmp_path, [LINE])
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        assert "Type an answer first" in screen_text(app)
        assert session_of(app).outcome is None


FOUR_HINTS = replace(
    LINE,
    question=replace(LINE.question, text="\n\n".join(f"Line {n}." for n in range(12)), hints=4),
    hints=tuple(f"Number {n} says which step comes next, and why it does." for n in range(1, 5)),
)


@pytest.mark.parametrize("size", [(40, 12), (80, 24)])
async def test_the_newest_hint_or_message_is_always_in_sight(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_for(tmp_path, [FOUR_HINTS])
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for number in range(1, 5):
            await pilot.press("f2")
            await settle(pilot)
            assert f"Number {number} says" in screen_text(app)
        await pilot.press("f2")
        await settle(pilot)
        assert "There is no further hint." in screen_text(app)
        await pilot.press("f5")
        await settle(pilot)
        assert "Type an answer first" in screen_text(app)
        await type_text(pilot, "1/x")
        await pilot.press("f5")
        await settle(pilot)
        assert "? I cannot read this" in screen_text(app)
        assert "The letter x is no number." in screen_text(app)
        await pilot.press("f2")
        await settle(pilot)
        assert "There is no further hint." in screen_text(app)


async def test_hints_above_the_newest_are_reached_by_scrolling(tmp_path: Path) -> None:
    app = app_for(tmp_path, [FOUR_HINTS])
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        await pilot.press("f2", "f2", "f2", "f2")
        await settle(pilot)
        assert "Number 1 says" not in screen_text(app)
        await pilot.press("pageup", "pageup", "pageup")
        await settle(pilot)
        assert "Number 1 says" in screen_text(app)
        await pilot.press("pagedown", "pagedown", "pagedown", "pagedown", "pagedown")
        await settle(pilot)
        assert "Line 11." in screen_text(app)


async def test_a_long_unreadable_answer_is_cut_to_the_place_and_its_message_wrapped(
    tmp_path: Path,
) -> None:
    text = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 x 20 21 22 23 24 25 26 27 28 29 30"
    says = "The letter x is no number, and so the matrix that you typed cannot be read."
    card = replace(
        MATRIX,
        answers={
            text: outcome("unreadable", back="", says=says, position=text.index("x"), intervals=())
        },
    )
    app = app_for(tmp_path, [card])
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        app.post_message(Paste(text))
        await settle(pilot)
        await pilot.press("f5")
        await settle(pilot)
        rows = screen_text(app).split("\n")
        mark = next(n for n, row in enumerate(rows) if row.strip() == "^")
        assert rows[mark - 1][rows[mark].index("^")] == "x"
        assert rows[mark - 1].strip().startswith("…")
        assert rows[mark - 1].endswith("…")
        assert " ".join(row.strip() for row in rows[mark + 1 : mark + 4]).startswith(says[:60])
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        assert screen.beside.max_scroll_x == 0


@pytest.mark.parametrize("card", [LINE, MATRIX])
async def test_the_caret_goes_when_the_text_is_edited(tmp_path: Path, card: Scripted) -> None:
    card = replace(card, answers={**LINE.answers, **card.answers})
    app = app_for(tmp_path, [card])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_text(pilot, "1/x")
        await pilot.press("f5")
        await settle(pilot)
        assert any(row.strip() == "^" for row in screen_text(app).split("\n"))
        await pilot.press("backspace")
        await settle(pilot)
        assert not any(row.strip() == "^" for row in screen_text(app).split("\n"))
        assert "The letter x is no number." in screen_text(app)
        await type_text(pilot, "4")
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        assert screen.typed == "1/4"


@pytest.mark.parametrize("card", [LINE, MATRIX])
async def test_ctrl_z_takes_back_typing_and_never_a_grade(tmp_path: Path, card: Scripted) -> None:
    app = app_for(tmp_path, [PLAIN[0], card])
    async with app.run_test() as pilot:
        await slowly(pilot, "space", "3")
        await type_text(pilot, "12")
        app.post_message(Paste("345"))
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        assert screen.typed == "12345"
        await pilot.press("ctrl+z")
        assert screen.typed == "12"
        await pilot.press("ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z")
        assert screen.typed == ""
        await pilot.press("escape", "ctrl+z")
        assert session_of(app).done == [("one", "good")]


async def test_a_grade_can_be_taken_back_while_the_next_card_has_the_focus(tmp_path: Path) -> None:
    app = app_for(tmp_path, [PLAIN[0], LINE])
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await slowly(pilot, "@")
        shown = screen_text(app)
        assert "Suspended. F8 takes it back." in shown
        assert "F8 Undo" in shown.split("\n")[-1]
        assert app.screen.query_one(Input).has_focus
        await slowly(pilot, "f8")
        assert session_of(app).done == []
        assert "Question one?" in screen_text(app)


FORMULA = replace(
    LINE,
    question=question("formula", kind="formula", asks="line", formula=True),
    readings={
        "a/b": SoFar("$$\\frac{a}{b}$$"),
        "a+b": SoFar("$a+b$"),
        "a/$": SoFar("", 2, "This sign is not known."),
    },
)


@pytest.mark.parametrize("size", [(40, 12), (80, 24)])
async def test_a_formula_is_drawn_in_two_dimensions_while_it_is_typed(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_for(tmp_path, [FORMULA])
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        place = field_row(screen_text(app))
        await type_text(pilot, "a/b")
        rows = screen_text(app).split("\n")
        row = next(n for n, line in enumerate(rows) if line.strip() == "a/b")
        assert [line.strip() for line in rows[row + 1 : row + 4]][::2] == ["a", "b"]
        assert row == place, "the field stands still while its reading grows"
        await type_text(pilot, "$")
        await pilot.press("backspace", "backspace")
        await type_text(pilot, "$")
        shown = screen_text(app).split("\n")
        assert shown[row + 1].rstrip().endswith("^ This sign is not known.")
        assert shown[row + 1].index("^") == shown[row].index("$")
        await pilot.press("backspace", "backspace", "backspace")
        await type_text(pilot, "a+b")
        assert "= a + b" in screen_text(app) or "= a+b" in screen_text(app)


def field_row(shown: str) -> int:
    """Where the line to type in stands."""
    rows = shown.split("\n")
    return next(n for n, row in enumerate(rows) if "your answer, then Enter" in row)
