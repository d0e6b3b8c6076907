"""The scratchpad over a problem, the map of weights, and wide formulas."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from studykit.tui.screens.pad import PadScreen, about
from studykit.tui.screens.reading import Reading
from studykit.tui.screens.study import StudyScreen
from studykit.tui.widgets.fields import AnswerLine
from tests.tui.screens import screen_text, settle, slowly, type_text
from tests.tui.test_grid import rows_of, studying
from tests.tui.test_steps import OPEN, from_scores, typed

SIZES = [(40, 12), (80, 24), (200, 60)]
VECTOR = "title: Mine\ncards:\n  - {id: p, kind: problem, family: matrix-product, level: 1}\n"
WIDE = """\
title: Mine
cards:
  - id: wide
    kind: basic
    front: "Look at this.\\n\\n$$A = \\\\begin{bmatrix}11111 & 22222 & 33333 & 44444 & 55555 & \
66666\\\\\\\\ 1 & 2 & 3 & 4 & 5 & 6\\\\end{bmatrix}$$\\n\\nWhat is it?"
    back: "A matrix."
"""


@pytest.mark.parametrize("size", SIZES)
async def test_the_pad_knows_the_givens_and_keeps_the_problem_in_sight(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with studying(tmp_path, size=size) as (app, pilot):
        await pilot.press("f7")
        await settle(pilot)
        assert isinstance(app.screen, PadScreen)
        await type_text(pilot, "Q[0] @ K[0]\n")
        shown = screen_text(app)
        assert "› Q[0] @ K[0]" in shown and "Compute the attention output" in shown
        value = app.screen.pad.lines[-1].value
        assert isinstance(value, float) and f"= {value:g}".replace("-", "−") in shown


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"d_k": 4.0, "A": [[1.0, 2.0]], "x": [1.0]}, "as in NumPy: A[0] is the first row."),
        ({"x": [1.0, 2.0]}, "as in NumPy: x[0] is the first entry."),
    ],
)
def test_an_empty_pad_explains_itself_by_a_name_of_the_problem(
    names: dict[str, object], says: str
) -> None:
    assert says in about(names)
    assert "NumPy" not in about({"n": 3.0})


async def test_the_lines_of_the_pad_outlive_it_and_go_with_the_question(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await pilot.press("f7")
        await settle(pilot)
        await type_text(pilot, "s = 2^5\n")
        await slowly(pilot, "escape", "f7")
        assert "s = 32" in screen_text(app)
        await type_text(pilot, "s + 1\n")
        assert "= 33" in screen_text(app)
        await slowly(pilot, "escape", "f3", "1", "f7")
        assert isinstance(app.screen, PadScreen)
        assert app.screen.pad.lines == [] and "s" not in app.screen.pad.names


async def test_what_cannot_be_read_stays_in_the_line_with_the_cursor_at_the_place(
    tmp_path: Path,
) -> None:
    async with studying(tmp_path) as (app, pilot):
        await pilot.press("f7")
        await settle(pilot)
        await type_text(pilot, "Q[0] @ foo\n")
        shown = screen_text(app)
        assert "“foo” is not a name known here" in shown and "^" in shown
        line = app.screen.query_one(Input)
        assert (line.value, line.cursor_position) == ("Q[0] @ foo", 7)


async def test_up_and_down_bring_earlier_lines(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await pilot.press("f7")
        await settle(pilot)
        await type_text(pilot, "1 + 1\n2 + 2\n")
        line = app.screen.query_one(Input)
        await pilot.press("up", "up")
        assert line.value == "1 + 1"
        await pilot.press("down")
        assert line.value == "2 + 2"
        await pilot.press("down")
        assert line.value == ""


async def test_a_result_is_taken_into_a_cell_or_the_whole_grid(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, "1 ")
        await pilot.press("f7")
        await settle(pilot)
        await type_text(pilot, "1/4\n")
        await slowly(pilot, "ctrl+r")
        await settle(pilot)
        assert isinstance(app.screen, StudyScreen)
        assert rows_of(app) == (("1", "0.25"), ("", ""))
        await pilot.press("f7")
        await settle(pilot)
        await type_text(pilot, "softmax(Q @ K.T / sqrt(d_k)) @ V\n")
        await slowly(pilot, "ctrl+r")
        await settle(pilot)
        await slowly(pilot, "f5")
        await settle(pilot)
        assert "✓ Right" in screen_text(app)


async def test_a_result_taken_behind_a_number_stands_apart_from_it(tmp_path: Path) -> None:
    async with studying(tmp_path, deck=VECTOR) as (app, pilot):
        for before, after in (("1/", "1/8  11"), ("12", "12 8  11")):
            line = app.screen.query_one(AnswerLine)
            line.load(before)
            await pilot.press("f7")
            await settle(pilot)
            await type_text(pilot, "[8, 11]\n")
            await slowly(pilot, "ctrl+r")
            await settle(pilot)
            assert line.value == after


async def test_own_steps_are_known_to_the_pad(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await pilot.press("f9")
        await settle(pilot)
        own = from_scores(app, slip=1.0)
        for name in ("scores", "scaled"):
            await type_text(pilot, typed(own[name]))
            await slowly(pilot, "f5")
            await settle(pilot)
        await pilot.press("f7")
        await settle(pilot)
        await type_text(pilot, "softmax(S)\n")
        await slowly(pilot, "ctrl+r")
        await settle(pilot)
        await slowly(pilot, "f5")
        await settle(pilot)
        assert "step 4 of 4" in screen_text(app)
        assert isinstance(app.screen, StudyScreen)
        assert app.screen.showing.done[-1].outcome.follow_through


async def test_a_card_without_numbers_has_no_pad(tmp_path: Path) -> None:
    async with studying(tmp_path, deck=OPEN) as (app, pilot):
        await slowly(pilot, "f7")
        assert isinstance(app.screen, StudyScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_the_map_shows_every_weight_with_its_number_once_the_answer_is_out(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with studying(tmp_path, size=size) as (app, pilot):
        await slowly(pilot, "escape", "l")
        assert isinstance(app.screen, StudyScreen)
        await slowly(pilot, "f3", "l")
        assert isinstance(app.screen, Reading)
        shown = screen_text(app)
        assert "query 1" in shown and "key 3" in shown
        places = 2 if size[0] < 60 else 3
        for row in from_scores_of(app):
            for weight in row:
                assert f"{weight:.{places}f}" in shown


def from_scores_of(app: object) -> list[list[float]]:
    from studykit.tui.app import StudyApp

    assert isinstance(app, StudyApp)
    return from_scores(app)["weights"]


async def test_a_wide_formula_moves_sideways_and_the_text_stands_still(tmp_path: Path) -> None:
    async with studying(tmp_path, deck=WIDE, size=(40, 16)) as (app, pilot):
        first = screen_text(app).split("\n")
        wide = [n for n, row in enumerate(first) if row.endswith("›")]
        assert len(wide) == 2 and "66666" not in "".join(first)
        await slowly(pilot, "right", "right")
        moved = screen_text(app).split("\n")
        assert "66666" in "".join(moved) and all(moved[n].startswith("‹") for n in wide)
        for text in ("Look at this.", "What is it?"):
            assert any(row.strip() == text for row in moved)
        await slowly(pilot, "left", "left")
        assert screen_text(app).split("\n")[: wide[1]] == first[: wide[1]]
