"""One definition of every command: keys, line of keys, help and palette cannot disagree."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from textual.app import App

import studykit.tui
from studykit.tui import commands
from studykit.tui.app import StudyApp
from studykit.tui.command import grouped
from studykit.tui.screens.base import Page
from studykit.tui.screens.browse import BrowseScreen
from studykit.tui.screens.faults import FaultsScreen
from studykit.tui.screens.help import Help
from studykit.tui.screens.home import HomeScreen
from studykit.tui.screens.identity import IdentityScreen
from studykit.tui.screens.keys import KeysScreen
from studykit.tui.screens.mistakes import MadeScreen, MistakesScreen
from studykit.tui.screens.reading import Reading
from studykit.tui.screens.settings import SettingsScreen
from studykit.tui.screens.stats import StatsScreen
from studykit.tui.screens.study import StudyScreen
from studykit.tui.screens.summary import SummaryScreen
from tests.tui.fakes import Scripted, question
from tests.tui.screens import app_for, screen_text, settle, slowly

PAGES: tuple[type[Page[None]], ...] = (
    HomeScreen,
    BrowseScreen,
    StatsScreen,
    MadeScreen,
    MistakesScreen,
    SettingsScreen,
    KeysScreen,
    StudyScreen,
    SummaryScreen,
    Reading,
    FaultsScreen,
    IdentityScreen,
)
ROOM = Path(studykit.tui.__file__).parent
CARDS = [Scripted(question("one"))]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_screen_is_carried_out_by_it(page: type[Page[None]]) -> None:
    for one in (*page.does, *commands.EVERYWHERE):
        name = re.sub(r"\(.*", "", one.runs)
        target: type[object] = page
        if name.startswith("app."):
            name, target = name.removeprefix("app."), StudyApp
        assert hasattr(target, f"action_{name}"), f"{page.__name__} lacks {one.runs}"


@pytest.mark.parametrize("page", PAGES)
def test_command_ids_of_a_screen_are_unique(page: type[Page[None]]) -> None:
    ids = [one.id for one in (*page.does, *commands.EVERYWHERE)]
    assert len(ids) == len(set(ids))


def test_one_id_has_the_same_keys_on_every_screen() -> None:
    """A learner's keys go by the id, so they must not take from one screen what another gave."""
    seen: dict[str, str] = {}
    for page in PAGES:
        for one in page.does:
            assert seen.setdefault(one.id, one.keys) == one.keys, one.id


def test_every_screen_with_commands_is_listed_for_rebinding() -> None:
    from studykit.tui import keymap

    listed = {keymap.page(name) for name in keymap.PAGES}
    assert set(PAGES) <= listed


def test_nothing_but_ctrl_keys_quits_only() -> None:
    assert commands.QUIT.keys == "ctrl+q"
    assert any(one.keys == "q" and one.runs == "app.quit" for one in commands.HOME)


def test_text_reaches_the_screen_through_one_door() -> None:
    """No Static, Label or notify takes a str that is not written in the source, outside text.py."""
    offences = []
    for path in ROOM.rglob("*.py"):
        if path.name == "text.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name == "notify" or name in ("Static", "Label", "Markdown", "from_markup"):
                plain = all(isinstance(one, ast.Constant) for one in node.args)
                if name != "Static" or not plain:
                    offences.append(f"{path.name}:{node.lineno}: {name}")
    assert offences == []


def test_only_our_own_words_become_content_directly() -> None:
    """`Content(...)` outside text.py takes literals."""
    for path in ROOM.rglob("*.py"):
        if path.name == "text.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Content":
                one = node.args[0] if node.args else ast.Constant("")
                assert isinstance(one, ast.Constant), f"{path.name}:{node.lineno}"


async def test_help_lists_every_command_of_the_screen(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS)
    async with app.run_test(size=(100, 120)) as pilot:
        await settle(pilot)
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        shown = screen_text(app)
        for group in grouped(StudyScreen.does):
            if len(group) == 1:
                assert group[0].says in shown, group[0].id
        for words in ("The four grades", "not recalled", "1-4", "Typing answers"):
            assert words in shown
        await pilot.press("q")
        assert isinstance(app.screen, StudyScreen)


async def test_the_palette_offers_what_makes_sense_and_runs_it(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS)
    async with app.run_test(size=(100, 60)) as pilot:
        await settle(pilot)
        offered = {one.title: one for one in app.get_system_commands(app.screen)}
        assert "Show the answer" in offered
        assert "Grade Good" not in offered
        assert "Help" in offered
        offered["Show the answer"].callback()
        await settle(pilot)
        assert "The answer." in screen_text(app)
        offered = {one.title: one for one in app.get_system_commands(app.screen)}
        assert "Grade Good" in offered
        offered["Light or dark"].callback()
        await settle(pilot)
        assert app.theme == "studykit-light"


async def test_the_palette_opens_on_ctrl_p(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+p")
        await settle(pilot)
        await app.workers.wait_for_complete()
        await settle(pilot)
        assert "Bury until tomorrow" in screen_text(app)
        await pilot.press("escape")
        assert isinstance(app.screen, StudyScreen)


async def test_on_few_rows_the_palette_has_them_all(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS)
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+p")
        await settle(pilot)
        await app.workers.wait_for_complete()
        await settle(pilot)
        rows = screen_text(app).split("\n")
        assert "Search for commands" in rows[0]
        assert all(row.strip() for row in rows), "no row is empty"


async def test_our_own_themes_lead_their_list_and_the_one_in_force_is_marked(
    tmp_path: Path,
) -> None:
    app = app_for(tmp_path, CARDS)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.action_change_theme()
        await settle(pilot)
        await app.workers.wait_for_complete()
        await settle(pilot)
        text = screen_text(app)
        assert "studykit-dark ✓ in force" in text
        assert text.index("studykit-contrast-light") < text.index("ansi-dark")
        await pilot.press("down", "enter")
        await settle(pilot)
        assert app.theme == "studykit-light"


async def test_a_rebound_key_works_and_is_the_one_that_is_shown(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.rebind({"reveal": "f9"})
        await settle(pilot)
        assert "F9 Answer" in screen_text(app)
        await slowly(pilot, "space")
        assert "The answer." not in screen_text(app)
        await slowly(pilot, "f9")
        assert "The answer." in screen_text(app)


def test_both_themes_name_every_meaning() -> None:
    from studykit.tui.themes import MEANINGS_DARK, MEANINGS_LIGHT, themes

    assert MEANINGS_DARK.keys() == MEANINGS_LIGHT.keys()
    for theme in themes():
        assert MEANINGS_DARK.keys() <= theme.variables.keys()


@pytest.mark.parametrize("theme", ["nord", "textual-light", "ansi-dark", "ansi-light"])
async def test_themes_that_are_not_ours_work_too(tmp_path: Path, theme: str) -> None:
    app = app_for(tmp_path, CARDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.theme = theme
        await slowly(pilot, "space")
        assert "The answer." in screen_text(app)
    assert isinstance(app, App)


async def test_a_theme_that_was_chosen_is_there_again_after_a_restart(tmp_path: Path) -> None:
    from studykit.study.home import Home
    from studykit.study.settings import load

    home = Home(tmp_path)
    app = app_for(tmp_path, CARDS)
    async with app.run_test() as pilot:
        await settle(pilot)
        assert not home.config.exists(), "nothing was chosen"
        await pilot.press("ctrl+t")
        await settle(pilot)
    assert load(home).theme == "studykit-light"
    app = app_for(tmp_path, CARDS, settings=load(home))
    async with app.run_test() as pilot:
        await settle(pilot)
        assert app.theme == "studykit-light"


async def test_messages_stand_at_the_top_and_none_over_help(tmp_path: Path) -> None:
    app = app_for(tmp_path, [Scripted(question(name)) for name in ("one", "two", "three")])
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await slowly(pilot, "@", "minus", "space")
        rows = screen_text(app).split("\n")
        assert "Buried until tomorrow. F8 takes it back." in rows[1]
        assert "Suspended" not in screen_text(app), "one message at a time"
        assert "1 Again" in rows[-3]
        assert "4 Easy" in rows[-3]
        await slowly(pilot, "question_mark")
        assert isinstance(app.screen, Help)
        assert "Buried" not in screen_text(app)
