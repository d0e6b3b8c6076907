"""A session on the screen: every way to answer, the guards on grading, and leaving without loss."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Paste
from textual.widgets import Input, TextArea

from studykit.memory import Grade
from studykit.study.question import Slip
from studykit.study.reading import Reading as SoFar
from studykit.tui.screens.home import HomeScreen
from studykit.tui.screens.reading import Reading
from studykit.tui.screens.study import StudyScreen
from studykit.tui.screens.summary import SummaryScreen
from studykit.tui.widgets.board import Board
from tests.tui.fakes import Scripted, outcome, question
from tests.tui.screens import (
    SIZES,
    app_for,
    burst,
    screen_text,
    session_of,
    settle,
    slowly,
    type_text,
)

PLAIN = [Scripted(question(name)) for name in ("one", "two", "three")]
CHOICE = Scripted(
    question("pick", kind="choice", asks="choice", options=("To normalise.", "To tame.", "No.")),
    chosen=[
        outcome(
            "right" if number == 1 else "wrong",
            picked=number,
            right_option=1,
            option_notes=("Softmax does that.", "", "It has a reason."),
        )
        for number in range(3)
    ],
)
LINE = Scripted(
    question("line", kind="problem", asks="line", expects="a number, 2 decimal places", hints=2),
    answers={
        "0.25": outcome("right", reading="1/4"),
        "0.2": outcome("imprecise", back="", says="Give 2 decimal places.", intervals=()),
        "1/x": outcome(
            "unreadable", back="", says="The letter x is no number.", position=2, intervals=()
        ),
        "*": outcome("wrong", slips=(Slip("no-scale", "scaled", "You left out the scale."),)),
    },
    hints=("Scale first.", "Divide by two."),
    revealed=outcome(has_solution=True),
    worked="First **scale**, then sum.",
)
MATRIX = Scripted(
    question("matrix", kind="problem", asks="matrix", shape=(2, 2), expects="2×2 matrix"),
    answers={
        "*": outcome(
            "partly",
            says="3 of 4 cells are right.",
            cells=((True, False), (True, True)),
            given=(("1", "2.5"), ("3", "40.25")),
            has_solution=True,
        )
    },
)
OPEN = Scripted(
    question("open", kind="open", asks="rubric", rubric=("Names P", "Acts on rows", "Concludes"))
)


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
