"""The decks: counts with words, broken decks, edited cards, and the ways into a session."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from studykit.decks.faults import Fault
from studykit.tui.app import StudyApp
from studykit.tui.screens.home import HomeScreen
from studykit.tui.screens.identity import IdentityScreen
from studykit.tui.screens.reading import Reading
from studykit.tui.screens.study import StudyScreen
from studykit.tui.screens.summary import SummaryScreen
from tests.tui.fakes import Scripted, outlook, question
from tests.tui.screens import SIZES, app_for, fake_of, screen_text, settle

CARDS = [Scripted(question("one")), Scripted(question("two"))]


def broken_row(root: Path) -> SimpleNamespace:
    return SimpleNamespace(
        id="masks",
        title="Masks",
        total=0,
        new=0,
        learning=0,
        due=0,
        suspended=0,
        order=2,
        path=root / "masks.yaml",
        broken=True,
        off=False,
    )


def edited() -> SimpleNamespace:
    return SimpleNamespace(
        deck="scaling",
        deck_title="Scaling",
        old_text="Why divide by the root?",
        new_text="Why divide by $\\sqrt{d_k}$?",
        likeness=0.92,
        reviews=14,
    )


async def test_decks_stand_with_their_counts_and_todays_progress(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        rows = screen_text(app).split("\n")
        heads = next(row for row in rows if "learning" in row)
        deck = next(row for row in rows if "Scaling" in row)
        assert heads.split() == ["Decks", "new", "learning", "due"]
        assert deck.split() == ["▸", "Scaling", "10", "2", "14"]
        for name, count in (("new", "10"), ("learning", "2"), ("due", "14")):
            assert heads.index(name) + len(name) == deck.index(count) + len(count)
        shown = screen_text(app)
        assert "12 reviews · 9 min · 5 of 6 checked answers right" in shown
        assert "4 days in a row" in shown


async def test_enter_studies_the_selected_deck_and_a_all_of_them(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        assert isinstance(app.screen, StudyScreen)
        await pilot.press("q", "a")
        assert isinstance(app.screen, StudyScreen)
        assert [decks for decks, _ in fake_of(app).sessions] == [("scaling",), ()]


async def test_a_deck_can_be_clicked(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        row = next(n for n, line in enumerate(screen_text(app).split("\n")) if "Scaling" in line)
        await pilot.click(offset=(6, row))
        await settle(pilot)
        assert isinstance(app.screen, StudyScreen)


async def test_a_broken_deck_is_named_and_its_faults_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "masks.yaml"
    path.write_text("title: Masks\ncards: [/nope]\n", encoding="utf-8")
    app = app_for(tmp_path, CARDS, study=False)
    fake_of(app).rows.append(broken_row(tmp_path))
    fault = Fault(str(path), 2, 8, "wrong-type", "A list of cards belongs here.", "Begin with -")
    fake_of(app).faults = (fault,)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        shown = screen_text(app)
        assert "✗ Masks" in shown
        assert "to mend" in shown
        await pilot.press("down", "enter")
        assert isinstance(app.screen, Reading)
        shown = screen_text(app)
        assert "A list of cards belongs here." in shown
        assert "cards: [/nope]" in shown
        assert "^" in shown
        await pilot.press("escape", "up", "enter")
        assert isinstance(app.screen, StudyScreen), "the good deck is served"


async def test_an_edited_card_is_asked_about_once_with_both_texts(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    fake_of(app).asked = [edited()]
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, IdentityScreen)
        shown = screen_text(app)
        assert "92 % alike. Keep its 14 reviews?" in shown
        line = next(row for row in shown.split("\n") if "Why divide by the root?" in row)
        assert line.count("Why divide by") == 2
        await pilot.press("y")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)
        assert [keep for _, keep in fake_of(app).decided] == [True]


async def test_edited_cards_can_wait_and_are_not_asked_again_by_themselves(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    fake_of(app).asked = [edited()]
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("enter", "q")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("c", "n")
        assert [keep for _, keep in fake_of(app).decided] == [False]


async def test_undo_from_the_decks_brings_the_last_card_back(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter", "space")
        await settle(pilot)
        await pilot.press("3")
        await settle(pilot)
        await pilot.press("q", "u")
        await settle(pilot)
        assert isinstance(app.screen, StudyScreen)
        assert "Question one?" in screen_text(app)


async def test_a_home_without_decks_says_where_they_belong(tmp_path: Path) -> None:
    app = app_for(tmp_path, study=False)
    fake_of(app).rows.clear()
    async with app.run_test(size=(200, 24)) as pilot:
        await settle(pilot)
        assert f"Put YAML decks into {tmp_path / 'decks'}." in screen_text(app)
        await pilot.press("enter", "a", "down")
        assert isinstance(app.screen, HomeScreen)


async def test_nothing_due_is_said_and_practice_offered(tmp_path: Path) -> None:
    app = app_for(tmp_path, [], study=False)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, SummaryScreen)
        assert "10 new cards are done; 9 more wait here." in screen_text(app)
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_q_and_ctrl_q_quit(tmp_path: Path, key: str) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)
        assert app._exit


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_the_decks_and_the_keys(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        rows = screen_text(app).split("\n")
        assert any("Scaling" in row and "14" in row for row in rows)
        assert any(("lrn" if size[0] < 58 else "learning") in row for row in rows)
        assert "? Help" in rows[-1]
        assert all(len(row) <= size[0] for row in rows)


PANELS = ("Due this week", "Weakest today", "Answers a day", "Mistakes lately")


@pytest.mark.parametrize(
    ("size", "week", "panels"),
    [
        ((40, 12), False, ()),
        ((80, 24), False, ("Due this week",)),
        ((60, 20), True, ("Weakest today",)),
        ((100, 50), False, PANELS),
        ((124, 40), False, PANELS),
        ((200, 60), False, PANELS),
    ],
)
async def test_as_much_of_the_outlook_is_shown_as_there_is_room_for(
    tmp_path: Path, size: tuple[int, int], week: bool, panels: tuple[str, ...]
) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    fake_of(app).rows *= 1 if size[0] > 80 else 3
    async with app.run_test(size=size) as pilot:
        await outlook_taken(app, pilot)
        shown = screen_text(app)
        assert ("Week   today 26" in shown) is week, "with the names of days"
        assert [panel for panel in PANELS if panel in shown] == [
            panel for panel in PANELS if panel in panels
        ]
        assert "Interview in 12 days" in shown
        assert all(len(row) <= size[0] for row in shown.split("\n"))


async def test_a_day_with_a_mock_interview_is_told(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    fake_of(app).ahead = outlook(mock=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await outlook_taken(app, pilot)
        assert "Interview in 12 days, a mock one today" in screen_text(app)


async def test_panels_follow_the_size_of_the_terminal(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    async with app.run_test(size=(200, 60)) as pilot:
        await outlook_taken(app, pilot)
        for size in ((80, 24), (40, 12), (150, 40), (200, 60)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            rows = screen_text(app).split("\n")
            assert any("Scaling" in row and "14" in row for row in rows)
            assert bool(app.screen.query("#side")) is (size[0] >= 124)
            assert ("Weakest today" in screen_text(app)) is (size[1] > 12)
            assert "? Help" in rows[-1]


async def test_the_outlook_is_taken_anew_after_studying(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await outlook_taken(app, pilot)
        fake_of(app).ahead = outlook(week=(7, 0, 0, 0, 0, 0, 99), interview=None)
        await pilot.press("enter", "q")
        await outlook_taken(app, pilot)
        shown = screen_text(app)
        assert re.search(r"today +7 ", shown) and "99" in shown
        assert "Interview" not in shown


@pytest.mark.parametrize("decks", range(1, 16))
async def test_the_week_stands_once_and_panels_do_not_touch_the_buttons(
    tmp_path: Path, decks: int
) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    fake_of(app).rows *= decks
    async with app.run_test(size=(110, 32)) as pilot:
        await outlook_taken(app, pilot)
        shown = screen_text(app)
        assert ("Week   today" in shown) is not ("Due this week" in shown)
        rows = shown.split("\n")
        buttons = next(at for at, row in enumerate(rows) if "Enter Study this deck" in row)
        assert not rows[buttons - 1].strip()


@pytest.mark.parametrize("width", [40, 43, 60, 99])
async def test_panels_under_the_decks_are_no_wider_than_the_terminal(
    tmp_path: Path, width: int
) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    async with app.run_test(size=(width, 50)) as pilot:
        await outlook_taken(app, pilot)
        assert "Due this week" in screen_text(app)
        assert not app.screen.query_one("#decks").show_horizontal_scrollbar


@pytest.mark.parametrize("size", SIZES)
async def test_a_deck_that_is_off_says_so_in_a_word(tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    fake_of(app).rows[0].off = True
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert re.search(r"Scaling  off +\d", screen_text(app))


async def test_nothing_studied_yet_says_what_will_stand_there(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    fake_of(app).ahead = outlook(week=(0,) * 7, answers={}, weak=(), slips=(), interview=None)
    async with app.run_test(size=(200, 60)) as pilot:
        await outlook_taken(app, pilot)
        shown = screen_text(app)
        assert "Once you study" in shown
        assert not any(panel in shown for panel in PANELS)


def test_the_calendar_shades_a_day_by_its_share_of_the_busiest() -> None:
    from studykit.tui.panels import SHADES, calendar

    day = 739_948
    answers = {day: 40, day - 1: 10, day - 2: 11, day - 7: 1}
    rows = [line.plain for line in calendar(outlook(answers=answers), 60)]
    by_name = {row[:3]: row for row in rows}
    assert by_name["Sat"].rstrip()[-3:] == f"{SHADES[1]} {SHADES[4]}"
    assert by_name["Fri"].rstrip()[-1] == SHADES[1]
    assert by_name["Thu"].rstrip()[-1] == SHADES[2]
    assert by_name["Sun"].rstrip()[-1] == SHADES[0], "tomorrow is not shaded"


async def outlook_taken(app: StudyApp, pilot: Pilot[None]) -> None:
    await settle(pilot)
    await app.workers.wait_for_complete()
    await settle(pilot)
