"""A session on the screen: ways to answer, grades, and leaving without loss."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from studykit.memory import Grade
from studykit.tui.screens.home import HomeScreen
from studykit.tui.screens.reading import Reading
from studykit.tui.screens.study import StudyScreen
from studykit.tui.screens.summary import SummaryScreen
from studykit.tui.widgets.board import Board
from tests.tui.cards import CHOICE, LINE, MATRIX, OPEN, PLAIN
from tests.tui.fakes import Scripted, outcome, question
from tests.tui.screens import SIZES, app_for, screen_text, session_of, settle, slowly, type_text


async def test_the_answer_is_shown_on_space_and_graded_with_a_number(tmp_path: Path) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Question one?" in screen_text(app)
        assert "The answer." not in screen_text(app)
        await slowly(pilot, "space")
        shown = screen_text(app)
        assert "The answer." in shown
        assert all(label in shown for label in ("1 Again · soon", "3 Good · 5 d ↵", "4 Easy"))
        await slowly(pilot, "2")
        assert session_of(app).done == [("one", "hard")]
        assert "Question two?" in screen_text(app)


LONG = " ".join(["Which of these is meant, and what makes you think so?"] * 4)


async def test_on_few_rows_the_answer_and_a_verdict_on_a_choice_come_into_sight(
    tmp_path: Path,
) -> None:
    choice = Scripted(replace(CHOICE.question, text=LONG), chosen=CHOICE.chosen)
    basic = Scripted(question("basic", text=LONG))
    app = app_for(tmp_path, [choice, basic])
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        await slowly(pilot, "1")
        rows = screen_text(app).split("\n")
        assert any("✗ Wrong  2 is right." in row for row in rows)
        assert any("✗ 1" in row for row in rows), "what was chosen"
        assert any("✓ 2" in row for row in rows), "what is right"
        await slowly(pilot, "enter", "space")
        assert "The answer." in screen_text(app)


async def test_enter_reveals_and_then_accepts_good_where_one_judges_oneself(tmp_path: Path) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test() as pilot:
        await slowly(pilot, "enter", "enter")
        assert session_of(app).done == [("one", "good")]


async def test_a_choice_marks_right_and_wrong_by_symbol_and_says_why(tmp_path: Path) -> None:
    app = app_for(tmp_path, [CHOICE])
    async with app.run_test(size=(80, 24)) as pilot:
        await slowly(pilot, "1")
        shown = screen_text(app)
        assert "✗ 1  To normalise." in shown
        assert "✓ 2  To tame." in shown
        assert "Softmax does that." in shown
        assert "✗ Wrong" in shown
        assert "1 Again · soon ↵" in shown


async def test_a_choice_can_be_clicked(tmp_path: Path) -> None:
    app = app_for(tmp_path, [CHOICE])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        row = next(n for n, line in enumerate(screen_text(app).split("\n")) if "To tame." in line)
        await pilot.click(offset=(10, row))
        assert "✓ Right" in screen_text(app)


async def test_the_grade_of_enter_is_marked_by_a_sign_on_a_narrow_screen_too(
    tmp_path: Path,
) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test(size=(40, 12)) as pilot:
        await slowly(pilot, "space")
        assert screen_text(app).count("↵") == 1
        assert "3 Good 5 d ↵" in screen_text(app)


async def test_grades_can_be_clicked(tmp_path: Path) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test(size=(80, 24)) as pilot:
        await slowly(pilot, "space")
        rows = screen_text(app).split("\n")
        row = next(n for n, line in enumerate(rows) if "4 Easy" in line)
        await pilot.click(offset=(rows[row].index("4 Easy") + 2, row))
        assert session_of(app).done == [("one", "easy")]


async def test_a_shown_answer_is_still_shown_after_leaving_and_coming_back(tmp_path: Path) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test() as pilot:
        await slowly(pilot, "space", "escape")
        assert isinstance(app.screen, HomeScreen)
        app.begin(())
        await settle(pilot)
        assert "The answer." in screen_text(app)
        await slowly(pilot, "1")
        assert session_of(app).done == [("one", "again")]


async def test_rubric_points_are_ticked_by_number_and_propose_the_grade(tmp_path: Path) -> None:
    app = app_for(tmp_path, [OPEN])
    async with app.run_test(size=(80, 24)) as pilot:
        await slowly(pilot, "space", "1", "3")
        shown = screen_text(app)
        assert "1 ✓ Names P" in shown
        assert "2 ○ Acts on rows" in shown
        assert session_of(app).done == []
        await slowly(pilot, "2", "enter")
        assert "Good · 5 d ↵" in screen_text(app)
        await slowly(pilot, "enter")
        assert session_of(app).done == [("open", "good")]


async def test_a_cloze_is_filled_in_place(tmp_path: Path) -> None:
    text = "Each ▁▁▁ is compared with every key."
    card = Scripted(
        question("gap", kind="cloze", text=text),
        outcome(back="Each **query** is compared with every key."),
    )
    app = app_for(tmp_path, [card])
    async with app.run_test() as pilot:
        await settle(pilot)
        assert text in screen_text(app)
        await slowly(pilot, "space")
        shown = screen_text(app)
        assert shown.count("is compared with every key.") == 1
        assert "Each query is compared" in shown


async def test_the_worked_solution_waits_for_the_answer(tmp_path: Path) -> None:
    app = app_for(tmp_path, [LINE])
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("escape", "w")
        assert isinstance(app.screen, StudyScreen)
        await slowly(pilot, "f3", "w")
        assert isinstance(app.screen, Reading)
        assert "First scale, then sum." in screen_text(app)
        await pilot.press("escape")
        assert isinstance(app.screen, StudyScreen)


@pytest.mark.parametrize("key", ["w", "f4", "i"])
async def test_a_page_closes_with_the_key_that_opens_it(tmp_path: Path, key: str) -> None:
    app = app_for(tmp_path, [LINE])
    async with app.run_test() as pilot:
        await slowly(pilot, "f3", key)
        assert isinstance(app.screen, Reading)
        await slowly(pilot, "l")
        assert isinstance(app.screen, Reading), "the key of another page"
        await slowly(pilot, key)
        assert isinstance(app.screen, StudyScreen)
        assert session_of(app).done == []


async def test_why_a_card_is_due_is_told(tmp_path: Path) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test() as pilot:
        await slowly(pilot, "i")
        assert "Due because it is time." in screen_text(app)


@pytest.mark.parametrize(("key", "what"), [("minus", "bury"), ("@", "suspend"), ("!", "suspend")])
async def test_a_card_can_be_put_away_and_taken_back(tmp_path: Path, key: str, what: str) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test() as pilot:
        await slowly(pilot, key)
        assert session_of(app).done == [("one", what)]
        assert "Question two?" in screen_text(app)
        await slowly(pilot, "u")
        assert session_of(app).done == []
        assert "Question one?" in screen_text(app)


async def test_the_last_card_can_be_undone_from_the_summary(tmp_path: Path) -> None:
    app = app_for(tmp_path, PLAIN[:1])
    async with app.run_test(size=(80, 24)) as pilot:
        await slowly(pilot, "space", "4")
        assert isinstance(app.screen, SummaryScreen)
        shown = screen_text(app)
        assert "1 review in 2 min" in shown
        assert "7 cards due by tomorrow." in shown
        assert "2 ×" in shown
        await pilot.press("u")
        await settle(pilot)
        assert isinstance(app.screen, StudyScreen)
        assert "Question one?" in screen_text(app)
        assert session_of(app).done == []


async def test_a_grade_that_could_not_be_saved_says_so_and_keeps_the_card(tmp_path: Path) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test(notifications=True) as pilot:
        await slowly(pilot, "space")
        session_of(app).full_disk = True
        await slowly(pilot, "3")
        assert "The disk is full" in screen_text(app)
        assert "The answer." in screen_text(app)
        session_of(app).full_disk = False
        await slowly(pilot, "3")
        assert session_of(app).done == [("one", "good")]


async def test_remaining_counts_carry_words(tmp_path: Path) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "0 new  0 learning  3 due" in screen_text(app)


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_question_grades_and_keys(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    long = replace(LINE.question, text="Why? " * 60)
    app = app_for(tmp_path, [replace(LINE, question=long), CHOICE])
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert app.screen.query_one(Input).region.height == 1
        await type_text(pilot, "7\n")
        shown = screen_text(app)
        for label in ("1 Again", "2 Hard", "3 Good", "4 Easy", "soon", "11 d", "✗ Wrong"):
            assert label in shown, label
        assert "? Help" in shown.split("\n")[-1]
        assert all(len(line) <= size[0] for line in shown.split("\n"))


async def test_a_resize_lays_the_text_out_again(tmp_path: Path) -> None:
    app = app_for(tmp_path, [Scripted(question("long", text="word " * 40))])
    async with app.run_test(size=(200, 60)) as pilot:
        await settle(pilot)
        wide = screen_text(app).count("\n")
        rows = [line for line in screen_text(app).split("\n") if "word" in line]
        assert max(len(line.strip()) for line in rows) <= 90
        await pilot.resize_terminal(40, 12)
        await settle(pilot)
        assert screen_text(app).count("\n") < wide
        assert all(len(line) <= 40 for line in screen_text(app).split("\n"))


@pytest.mark.parametrize(("card", "text"), [(LINE, "0.3"), (MATRIX, "1 2\n3")])
async def test_a_resize_keeps_what_was_typed(tmp_path: Path, card: Scripted, text: str) -> None:
    app = app_for(tmp_path, [card])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_text(pilot, text)
        await pilot.resize_terminal(40, 12)
        await settle(pilot)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        await pilot.press("f5")
        await settle(pilot)
        assert app.sitting is not None
        assert app.sitting.showing is not None
        assert app.sitting.showing.draft.typed == text


async def test_a_wide_formula_scrolls_and_never_wraps(tmp_path: Path) -> None:
    text = "$$" + " + ".join(f"x_{{{n}}}" for n in range(60)) + "$$"
    app = app_for(tmp_path, [Scripted(question("wide", text=text))])
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        before = screen_text(app)
        assert "›" in before and "‹" not in before, "it goes on to the right"
        for _ in range(8):
            await pilot.press("right")
        await settle(pilot)
        after = screen_text(app)
        assert "›" in after and "‹" in after
        assert before.count("+") < 59
        for _ in range(40):
            await pilot.press("right")
        assert "›" not in screen_text(app) and "‹" in screen_text(app)


async def test_the_sign_of_a_wide_formula_stands_beside_the_scroll_bar(tmp_path: Path) -> None:
    text = "$$" + " + ".join(f"x_{{{n}}}" for n in range(60)) + "$$\n\n" + LONG
    app = app_for(tmp_path, [Scripted(question("wide", text=text + "\n\n" + LONG))])
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        assert app.screen.query_one(Board).max_scroll_y
        assert "›" in screen_text(app)


async def test_grades_have_the_intervals_of_the_session_and_the_proposed_one_is_marked(
    tmp_path: Path,
) -> None:
    card = Scripted(question("hinted"), outcome(suggested=Grade.HARD))
    app = app_for(tmp_path, [card])
    async with app.run_test(size=(80, 24)) as pilot:
        await slowly(pilot, "space")
        shown = screen_text(app)
        assert "2 Hard · 2 d ↵" in shown
        await slowly(pilot, "enter")
        assert session_of(app).done == [("hinted", "hard")]


async def test_a_warning_about_a_card_forgotten_too_often_is_shown(tmp_path: Path) -> None:
    app = app_for(tmp_path, PLAIN)
    async with app.run_test(notifications=True) as pilot:
        await slowly(pilot, "space")
        session_of(app).notice = "Forgotten 8 times."
        await slowly(pilot, "1")
        assert "Forgotten 8 times." in screen_text(app)


@pytest.mark.parametrize("size", [(1, 1), (20, 6)])
async def test_no_size_is_too_small_to_survive(tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_for(tmp_path, [LINE, MATRIX, CHOICE])
    async with app.run_test(size=size) as pilot:
        for key in ("f2", "f3", "1", "f3", "3", "2", "question_mark", "escape"):
            await slowly(pilot, key)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "✓ Right" in screen_text(app)


async def test_a_long_card_scrolls_by_key_and_by_wheel(tmp_path: Path) -> None:
    from textual import events

    text = "\n\n".join(f"Paragraph {number}." for number in range(40))
    app = app_for(tmp_path, [Scripted(question("long", text=text))])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("pagedown")
        await settle(pilot)
        assert "Paragraph 0." not in screen_text(app)
        await pilot.press("home")
        await settle(pilot)
        assert "Paragraph 0." in screen_text(app)
        wheel = events.MouseScrollDown(None, 10, 10, 0, 1, 0, False, False, False, 10, 10)
        for _ in range(3):
            app.post_message(wheel)
        await settle(pilot)
        assert "Paragraph 0." not in screen_text(app)


async def test_what_is_left_is_counted_once_a_question(tmp_path: Path) -> None:
    app = app_for(tmp_path, [*PLAIN, LINE])
    async with app.run_test() as pilot:
        await settle(pilot)
        session = session_of(app)
        assert session.counted == 1
        await slowly(pilot, "space")
        assert session.counted == 1
        await slowly(pilot, "3")
        assert session.counted == 2
