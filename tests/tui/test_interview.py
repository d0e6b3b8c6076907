"""An interview in the app: chosen, asked, left and taken up, and its scorecard; the plan beside."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from studykit.study import collection as collection_module
from studykit.study.collection import Collection
from studykit.study.home import Home
from studykit.study.interview import conduct
from studykit.study.start import Booking, Start
from studykit.tui.app import StudyApp
from studykit.tui.screens.interview import InterviewScreen, ScorecardScreen
from studykit.tui.screens.plan import PlanScreen
from studykit.tui.screens.reading import Reading
from studykit.tui.screens.study import StudyScreen
from studykit.tui.widgets.board import Board
from tests.study.desk import Clock
from tests.study.test_interview import deck_text
from tests.tui.screens import SIZES, screen_text, settle


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    monkeypatch.setattr(collection_module, "shipped_decks", lambda: shipped)
    home = Home(tmp_path / "home")
    home.decks.mkdir(parents=True)
    for number, topic in enumerate(("roles", "scale")):
        (home.decks / f"{topic}.yaml").write_text(deck_text(topic, number), encoding="utf-8")
    return Collection.open(home, clock=Clock())


async def pass_until(app: StudyApp, pilot: Pilot[None], asks: str) -> None:
    """Give up one question after another, until one of this sort is asked."""
    while isinstance(app.screen, StudyScreen) and app.screen.showing.question.asks != asks:
        for key in ("space", "enter"):
            await pilot.press(key)
            await settle(pilot)
    assert isinstance(app.screen, StudyScreen), f"no question asks for {asks}"


async def test_an_interview_is_chosen_asked_left_and_taken_up_again(opened: Collection) -> None:
    app = StudyApp(opened, Start())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("v")
        await settle(pilot)
        assert isinstance(app.screen, InterviewScreen)
        await pilot.press("right", "minus", "minus", "space", "enter")
        await settle(pilot)
        assert isinstance(app.screen, StudyScreen)
        terms = conduct.unfinished(opened)
        assert terms is not None
        assert (terms.seniority, terms.minutes, terms.topics) == ("senior", 35, ("scale",))
        assert "Interview · warm-up · 0:00 of" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, InterviewScreen)
        assert "An interview is open: senior, 0 questions answered" in screen_text(app)
        assert "Enter Go on" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, StudyScreen)


async def test_the_scorecard_stands_at_the_end_and_is_kept(
    opened: Collection, tmp_path: Path
) -> None:
    report = tmp_path / "report.md"
    booking = Booking(minutes=5, seed=3, report=report)
    app = StudyApp(opened, Start(interview=booking))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for turn in range(90):
            if isinstance(app.screen, ScorecardScreen):
                break
            opened.clock.seconds(20)  # type: ignore[attr-defined]
            await pilot.press(("space", "enter")[turn % 2])
            await settle(pilot)
        assert isinstance(app.screen, ScorecardScreen)
        assert "Mock interview" in screen_text(app)
        assert report.read_text(encoding="utf-8").startswith("# Mock interview")
        assert conduct.unfinished(opened) is None
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, ScorecardScreen)


async def test_both_clocks_are_in_sight_on_a_narrow_screen(opened: Collection) -> None:
    app = StudyApp(opened, Start(interview=Booking(minutes=45, seed=3)))
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        assert "warm-up · 0:00 of 1:30 · 0 of 45 min" in screen_text(app)
        await pilot.press("escape", "v")
        await settle(pilot)
        assert "Enter Go on" in screen_text(app) and "Esc Back" in screen_text(app)


async def test_an_interview_that_was_left_can_be_ended_for_its_scorecard(
    opened: Collection,
) -> None:
    app = StudyApp(opened, Start(interview=Booking(minutes=30, seed=3)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("space")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("escape", "v")
        await settle(pilot)
        assert "1 question answered" in screen_text(app)
        await pilot.press("e")
        await settle(pilot)
        assert isinstance(app.screen, ScorecardScreen)
        assert "Mock interview" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert "An interview is open" not in screen_text(app)


@pytest.mark.parametrize("how", ["escape", "ctrl+q"])
async def test_notes_outlast_leaving_the_interview_and_the_app(
    opened: Collection, how: str
) -> None:
    booking = Booking(minutes=30, seed=3)
    app = StudyApp(opened, Start(interview=booking))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pass_until(app, pilot, "rubric")
        await pilot.press("t", *"half a thought", *((how, how) if how == "escape" else (how,)))
        await settle(pilot)
    again = StudyApp(opened, Start(interview=Booking()))
    async with again.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "half a thought" in screen_text(again)


async def test_ticks_outlast_leaving_the_app(opened: Collection) -> None:
    app = StudyApp(opened, Start(interview=Booking(minutes=30, seed=3)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pass_until(app, pilot, "rubric")
        await pilot.press("space")
        await settle(pilot)
        await pilot.press("1", "3", "ctrl+q")
        await settle(pilot)
    again = StudyApp(opened, Start(interview=Booking()))
    async with again.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert screen_text(again).count("✓") == 2


async def test_a_verdict_in_an_interview_is_gone_on_from_and_not_graded_by_hand(
    opened: Collection,
) -> None:
    app = StudyApp(opened, Start(interview=Booking(minutes=30, seed=3)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pass_until(app, pilot, "choice")
        await pilot.press("1")
        await settle(pilot)
        assert "Enter Next" in screen_text(app) and "1-4 Grade" not in screen_text(app)
        await pilot.press("minus", "e")
        await settle(pilot)
        assert isinstance(app.screen, StudyScreen)
        assert app.screen.showing.outcome is not None


async def test_a_rapid_round_ends_with_what_it_came_to(opened: Collection) -> None:
    app = StudyApp(opened, Start(interview=Booking(rapid=True, seed=1)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Rapid fire · 2:00 left" in screen_text(app)
        for _ in range(12):
            if isinstance(app.screen, Reading):
                break
            opened.clock.seconds(30)  # type: ignore[attr-defined]
            await pilot.press("f3" if app.screen.showing.has_field else "space")  # type: ignore[attr-defined]
            await settle(pilot)
            study = app.screen
            await pilot.press("enter")
            await settle(pilot)
        assert "in two minutes" in screen_text(app)
        assert isinstance(study, StudyScreen)
        study.look_at_the_clock()  # Once more, on the heels of the last question.


async def test_a_plan_is_moved_followed_and_stopped(opened: Collection) -> None:
    app = StudyApp(opened, Start())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)
        await app.workers.wait_for_complete()
        await settle(pilot)
        before = app.screen.date
        await pilot.press("right_square_bracket", "plus")
        await app.workers.wait_for_complete()
        await settle(pilot)
        assert app.screen.date == before + 7
        assert "35 min + a day" in screen_text(app) and "On the day" in screen_text(app)
        await pilot.press("w")
        await app.workers.wait_for_complete()
        await settle(pilot)
        assert "What if" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert opened.plan is not None and opened.plan.date == before + 7
        await pilot.press("x")
        await settle(pilot)
        assert opened.plan is None


@pytest.mark.parametrize("size", SIZES)
async def test_the_days_of_a_plan_are_whole_at_every_size(
    opened: Collection, size: tuple[int, int]
) -> None:
    app = StudyApp(opened, Start())
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await app.workers.wait_for_complete()
        await settle(pilot)
        await pilot.press("end")
        await settle(pilot)
        text = screen_text(app)
        assert "mock" in text and "Enter Follow" in text
        last_but_one = next(row for row in text.splitlines() if "03-21 " in row)
        assert last_but_one.split()[-1] in ("mock", "min"), last_but_one


@pytest.mark.parametrize("size", SIZES)
async def test_both_screens_fit_every_size(opened: Collection, size: tuple[int, int]) -> None:
    app = StudyApp(opened, Start())
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for key in ("v", "p"):
            await pilot.press(key)
            await settle(pilot)
            await app.workers.wait_for_complete()
            await settle(pilot)
            rows = screen_text(app).splitlines()
            assert len(rows) == size[1]
            assert max(map(len, rows)) <= size[0]
            assert "Back" in rows[-1]
            if key == "v":
                board = app.screen.query_one(Board)
                assert not board.max_scroll_x, "what is too long ends in an ellipsis"
            await pilot.press("escape")
            await settle(pilot)
