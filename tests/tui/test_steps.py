"""Step by step on the screen: own values stay in sight, are followed through, and come back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studykit.problems import draw
from studykit.tui.app import StudyApp
from studykit.tui.screens.study import StudyScreen
from studykit.tui.screens.summary import SummaryScreen
from tests.tui.screens import screen_text, settle, slowly, type_text
from tests.tui.test_grid import grid, key, rows_of, studying

STEPS = ("scores", "scaled", "weights", "output")


def typed(rows: list[list[float]]) -> str:
    """Rows as they are typed into a grid."""
    return ";".join(" ".join(f"{x:.6f}".rstrip("0").rstrip(".") for x in row) for row in rows)


def in_a_line(app: StudyApp) -> str:
    """The words of the screen, without line ends and scroll bars."""
    return " ".join(re.sub(r"[\u2580-\u259f]", " ", screen_text(app)).split())


def from_scores(app: StudyApp, slip: float = 0.0) -> dict[str, list[list[float]]]:
    """Every step's value from scores with a slip in row 1, column 2."""
    assert app.sitting is not None and app.sitting.showing is not None
    problem = draw(app.sitting.showing.question.ticket)
    scores = [[float(x) for x in row] for row in problem.floats["scores"]]
    scores[0][1] += slip
    pool = problem.pipeline.after(problem.floats, "scores", scores)
    return {name: pool[name] for name in STEPS}


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_a_slip_is_followed_through_to_the_sentence_that_names_it(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with studying(tmp_path, size=size) as (app, pilot):
        await pilot.press("f9")
        await settle(pilot)
        assert "step 1 of 4" in screen_text(app)
        own = from_scores(app, slip=1.0)
        for number, name in enumerate(STEPS, 1):
            assert f"step {number} of 4" in screen_text(app)
            assert grid(app).has_focus and not any(any(row) for row in rows_of(app))
            await type_text(pilot, typed(own[name]))
            await slowly(pilot, "f5")
            await settle(pilot)
        shown = in_a_line(app)
        assert "◐ Partly right" in shown
        assert "Method right; an arithmetic slip in QKᵀ, row 1, column 2." in shown
        await slowly(pilot, "enter")
        assert isinstance(app.screen, SummaryScreen), "Hard was accepted, not Again"


async def test_buttons_in_two_lines_leave_the_line_of_keys_in_sight(tmp_path: Path) -> None:
    async with studying(tmp_path, size=(60, 20)) as (app, pilot):
        for _ in range(2):
            await pilot.press("f9")
            await settle(pilot)
            assert "F1 Help" in screen_text(app).split("\n")[-1]
        await pilot.resize_terminal(48, 21)
        await settle(pilot)
        assert "F1 Help" in screen_text(app).split("\n")[-1]


async def test_after_a_wrong_answer_steps_are_offered_and_its_verdict_stays(
    tmp_path: Path,
) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, "1 1 1 1")
        await slowly(pilot, "enter")
        assert "✗ Wrong" in screen_text(app) and "f Steps" in screen_text(app)
        await slowly(pilot, "f")
        await settle(pilot)
        assert "step 1 of 4" in screen_text(app) and "Answer\n" not in screen_text(app)
        right = from_scores(app)
        for name in STEPS:
            await type_text(pilot, typed(right[name]))
            await slowly(pilot, "f5")
            await settle(pilot)
        await pilot.resize_terminal(100, 50)
        await settle(pilot)
        shown = screen_text(app)
        assert "✗ Wrong" in shown and "By steps   Every step is right." in shown
        assert "1 Again · soon ↵" in shown and "f Steps" not in shown


async def test_the_whole_and_its_steps_keep_what_was_typed_for_each(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, "1 2")
        await pilot.press("f9")
        await settle(pilot)
        await type_text(pilot, "7 8 9")
        await pilot.press("f9")
        await settle(pilot)
        assert rows_of(app) == (("1", "2"), ("", ""))
        await pilot.press("f9")
        await settle(pilot)
        assert rows_of(app)[0] == ("7", "8", "9")


async def test_a_step_can_be_shown_hinted_and_left(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await slowly(pilot, "f9", "f2")
        assert "Hint 1" in screen_text(app)
        await slowly(pilot, "f3")
        await settle(pilot)
        shown = screen_text(app)
        assert "step 2 of 4" in shown and "Hint 1" not in shown
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        assert screen.showing.done[0].outcome.result == "self"
        await pilot.resize_terminal(100, 50)
        await settle(pilot)
        assert "○ 1" in screen_text(app)
        await slowly(pilot, "f9", "f3")
        assert "Answer" in screen_text(app) and "Again" in screen_text(app)


async def test_an_undo_brings_the_steps_back(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await pilot.press("f9")
        await settle(pilot)
        own = from_scores(app, slip=2.0)
        for name in STEPS:
            await type_text(pilot, typed(own[name]))
            await slowly(pilot, "f5")
            await settle(pilot)
        await slowly(pilot, "3", "u")
        await settle(pilot)
        assert "step 4 of 4" in screen_text(app)
        assert rows_of(app) == tuple(
            tuple(f"{x:.6f}".rstrip("0").rstrip(".") for x in row) for row in own["output"]
        )
        await slowly(pilot, "f5")
        await settle(pilot)
        assert "an arithmetic slip in QKᵀ" in in_a_line(app)


async def test_a_right_answer_offers_no_steps(tmp_path: Path) -> None:
    async with studying(tmp_path) as (app, pilot):
        await type_text(pilot, ";".join(" ".join(row) for row in key(app)))
        await slowly(pilot, "f5")
        await settle(pilot)
        assert "✓ Right" in screen_text(app)
        await slowly(pilot, "f")
        assert isinstance(app.screen, StudyScreen) and app.screen.showing.step is None


OPEN = """\
title: Mine
cards:
  - id: open
    kind: open
    front: Why divide by the root of the key width?
    back: The variance of a score grows with the width.
    rubric: [variance, saturation]
"""


async def test_notes_on_an_open_card_are_typed_shown_and_kept(tmp_path: Path) -> None:
    async with studying(tmp_path, deck=OPEN) as (app, pilot):
        assert app.screen.focused is None
        await slowly(pilot, "t")
        await type_text(pilot, "the variance q.k\nis d_k [b]")
        await slowly(pilot, "escape", "space")
        shown = screen_text(app)
        assert "You noted" in shown and "the variance q.k" in shown and "is d_k [b]" in shown
        await slowly(pilot, "1", "enter", "1")
        assert app.sitting is not None
        await slowly(pilot, "f8")
        await settle(pilot)
        assert app.sitting.showing is not None
        assert app.sitting.showing.notes == "the variance q.k\nis d_k [b]"
        assert "the variance q.k" in screen_text(app)


async def test_earlier_notes_stand_beside_the_answer_when_an_open_card_comes_again(
    tmp_path: Path,
) -> None:
    async with studying(tmp_path, deck=OPEN) as (app, pilot):
        await slowly(pilot, "t")
        await type_text(pilot, "the variance")
        await slowly(pilot, "escape", "space", "1", "enter", "1")
        assert "the variance" not in screen_text(app), "asked again, it is to be recalled"
        await slowly(pilot, "space")
        assert "Last time  the variance" in screen_text(app)


@pytest.mark.parametrize(("size", "rows"), [((40, 12), 2), ((80, 24), 8), ((200, 60), 10)])
async def test_notes_have_as_much_room_as_the_screen_can_spare(
    tmp_path: Path, size: tuple[int, int], rows: int
) -> None:
    async with studying(tmp_path, deck=OPEN, size=size) as (app, pilot):
        await settle(pilot)
        assert app.screen.query_one("#notes").size.height == rows


async def test_enter_and_space_reveal_an_open_card_without_notes(tmp_path: Path) -> None:
    async with studying(tmp_path, deck=OPEN) as (app, pilot):
        await slowly(pilot, "enter")
        assert "Tick what you covered" in screen_text(app)
        assert "You noted" not in screen_text(app)
