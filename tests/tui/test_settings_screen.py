"""Settings and keys on the screen: changed in place, checked while typed, kept in the file."""

from __future__ import annotations

import re

import pytest

from studykit.study import Collection
from studykit.study.keys import load_keys
from studykit.study.settings import load, store
from studykit.study.start import Start
from studykit.tui.app import StudyApp
from studykit.tui.keymap import checked, conflicts, listed, normal, places
from studykit.tui.screens.home import HomeScreen
from studykit.tui.screens.keys import KeysScreen, Press
from studykit.tui.screens.settings import SettingsScreen
from studykit.tui.screens.study import StudyScreen
from tests.study.desk import Desk
from tests.tui.screens import screen_text, settle, slowly, type_text
from tests.tui.test_goldens import compare


def app_over(collection: Collection, **start: object) -> StudyApp:
    return StudyApp(collection, Start(**start))  # type: ignore[arg-type]  # fields of Start


async def select(app: StudyApp, name: str) -> None:
    """Select the row of a setting or a command."""
    page = app.screen
    if isinstance(page, SettingsScreen):
        page.table.select(page.names.index(name))
    elif isinstance(page, KeysScreen):
        page.table.select([place.command.id for place in page.places].index(name))
    else:
        raise AssertionError(page)


async def test_a_number_is_typed_checked_and_written(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("o", "enter")
            await type_text(pilot, "x")
            assert "✗ new_per_day takes a whole number" in screen_text(app)
            await pilot.press("backspace")
            await type_text(pilot, "25")
            assert "✓ A whole number from 0 to 9999. Enter writes it." in screen_text(app)
            keys = screen_text(app).split("\n")[-1].strip()
            assert keys == "Enter Write it  Esc Leave it  F1 Help", "no letter that is typed"
            await pilot.press("enter")
            await settle(pilot)
            assert load(collection.home).new_per_day == 25
            assert collection.settings.new_per_day == 25
            assert "config.toml" in screen_text(app)
            await pilot.press("backspace")
            await settle(pilot)
            assert collection.settings.new_per_day == 10
            await pilot.press("escape")
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen)


async def test_esc_leaves_a_value_as_it_was_and_a_wrong_one_is_not_written(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await settle(pilot)
            await pilot.press("o")
            await settle(pilot)
            await select(app, "easy_days")
            await pilot.press("enter")
            await type_text(pilot, "caturday\n")
            assert "✗ caturday is no day of the week" in screen_text(app)
            assert not app._notifications, "nothing covers the line that says what is wrong"
            assert isinstance(app.screen, SettingsScreen)
            assert app.screen.editing == "easy_days", "what was typed is still there"
            await pilot.press("escape")
            await settle(pilot)
            assert app.screen.editing == ""
            assert not collection.home.config.exists()


async def test_what_is_typed_outlives_another_size_of_the_terminal(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(120, 30)) as pilot:
            await settle(pilot)
            await pilot.press("o", "j", "enter")
            await type_text(pilot, "77")
            for size in ((40, 12), (200, 60)):
                await pilot.resize_terminal(*size)
                await settle(pilot)
                row = next(row for row in screen_text(app).split("\n") if "▸" in row)
                assert row.split()[:3] == ["▸", "reviews_per_day", "77"]
            await pilot.press("enter")
            await settle(pilot)
            assert load(collection.home).reviews_per_day == 77


async def test_a_choice_goes_to_its_next_value(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("o")
            await settle(pilot)
            await select(app, "new_order")
            await pilot.press("enter")
            await settle(pilot)
            assert load(collection.home).new_order == "first"
            await select(app, "plain")
            await pilot.press("space")
            await settle(pilot)
            assert load(collection.home).plain is True


async def test_a_value_that_is_overridden_says_by_what(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.deck()
    monkeypatch.setenv("STUDYKIT_RETENTION", "0.85")
    store(desk.home, "retention", 0.8)
    with desk.open() as collection:
        app = app_over(collection, new=3)
        async with app.run_test(size=(120, 30), notifications=True) as pilot:
            await settle(pilot)
            await pilot.press("o")
            await settle(pilot)
            text = screen_text(app)
            assert "--new" in text
            await pilot.press("j", "j")
            await settle(pilot)
            text = " ".join(row[60:].strip() for row in screen_text(app).split("\n"))
            assert "STUDYKIT_RETENTION, which is stronger than config.toml (0.8)" in text
            await pilot.press("enter")
            await type_text(pilot, "0.9\n")
            assert "STUDYKIT_RETENTION is stronger" in " ".join(screen_text(app).split())
            assert collection.settings.retention == 0.85


async def test_what_another_program_wrote_meanwhile_holds_once_it_is_shown(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            store(desk.home, "new_per_day", 3)
            await pilot.press("o")
            await settle(pilot)
            assert "config.toml" in screen_text(app)
            assert collection.settings.new_per_day == 3


async def test_a_left_session_does_not_outlive_a_change_of_its_limits(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await slowly(pilot, "a", "escape")
            await settle(pilot)
            assert app.sitting is not None
            await pilot.press("o", "enter")
            await type_text(pilot, "2\n")
            await pilot.press("escape")
            await slowly(pilot, "a")
            await settle(pilot)
            assert isinstance(app.screen, StudyScreen)
            assert app.screen.sitting.session.remaining().new == 2


async def test_a_key_is_pressed_works_and_is_kept(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await settle(pilot)
            await pilot.press("o", "K")
            await settle(pilot)
            await type_text(pilot, "browse cards")
            assert "▸ Browse cards and families" in screen_text(app)
            await pilot.press("enter", "enter")
            await settle(pilot)
            assert isinstance(app.screen, Press)
            await pilot.press("x")
            await settle(pilot)
            assert load_keys(collection.home) == {"browse": ("x",)}
            assert "x *" in screen_text(app)
            await pilot.press("escape", "escape", "x")
            await settle(pilot)
            assert "Browse" in screen_text(app).split("\n")[0], app.screen
            await pilot.press("escape", "b")
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen)
            assert "x Browse" in screen_text(app)
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("x")
            await settle(pilot)
            assert "Browse" in screen_text(app).split("\n")[0]


async def test_a_key_that_is_taken_is_refused_by_name(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await settle(pilot)
            await pilot.press("o", "K")
            await settle(pilot)
            await select(app, "browse")
            await pilot.press("enter", "enter")
            for key, said in (
                ("m", "m is taken by Mistakes you made"),
                ("question_mark", "Help"),
                ("ctrl+c", "Ctrl+C is taken by Copy what is selected"),
            ):
                await pilot.press(key)
                await settle(pilot)
                assert said in " ".join(screen_text(app).split()), key
                assert isinstance(app.screen, Press), "another key may be pressed at once"
            await pilot.click(offset=(2, 20))
            await settle(pilot)
            assert isinstance(app.screen, KeysScreen)
            assert not collection.home.config.exists()


async def test_a_letter_for_what_is_done_while_typing_is_told_to_be_only_a_letter_there(
    desk: Desk,
) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(120, 30), notifications=True) as pilot:
            await settle(pilot)
            await pilot.press("o", "K", "enter")
            await settle(pilot)
            await select(app, "check")
            await pilot.press("enter", "z")
            await settle(pilot)
            assert "Where you type, z is only" in screen_text(app)
            await select(app, "hint")
            await pilot.press("enter", "Z")
            await settle(pilot)
            assert "only a letter" not in screen_text(app)


async def test_a_filter_that_no_command_fits_says_so_and_changes_nothing(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("o", "K")
            await type_text(pilot, "zzz")
            assert "No command fits." in screen_text(app)
            await pilot.press("enter", "enter", "a", "backspace")
            await settle(pilot)
            assert isinstance(app.screen, KeysScreen)
            assert not collection.home.config.exists()


async def test_keys_are_added_and_all_are_reset(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("o", "K", "enter")
            await settle(pilot)
            await select(app, "hint")
            await pilot.press("a", "ctrl+k")
            await settle(pilot)
            assert load_keys(collection.home) == {"hint": ("ctrl+k", "h", "f2")}
            await pilot.press("backspace")
            await settle(pilot)
            assert load_keys(collection.home) == {}
            await pilot.press("enter", "ctrl+r")
            await settle(pilot)
            assert load_keys(collection.home) == {"hint": ("ctrl+r", "f2")}
            await pilot.press("R", "x")
            await settle(pilot)
            assert load_keys(collection.home), "only Enter takes them all away"
            await pilot.press("R", "enter")
            await settle(pilot)
            assert load_keys(collection.home) == {}
            assert app.keymap_by_id == {}


async def test_a_key_that_one_command_leaves_still_serves_the_others(desk: Desk) -> None:
    """Space reveals, ends ticking and accepts; giving one of them another key leaves the rest."""
    desk.deck()
    (desk.home.root / "config.toml").write_text('[keys]\nreveal = "x"\n')
    with desk.open() as collection:
        app = app_over(collection, study=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert isinstance(app.screen, StudyScreen)
            await slowly(pilot, "space")
            phases = [app.screen.showing.phase]
            for key in ("x", "space"):
                await slowly(pilot, key)
                phases.append(app.screen.showing.phase)
            assert phases == ["ask", "grade", "ask"], "space accepts the suggested grade"
            assert len(list(collection.store.reviews())) == 1


async def test_ctrl_q_quits_whatever_was_rebound(desk: Desk) -> None:
    desk.deck()
    (desk.home.root / "config.toml").write_text('[keys]\nquit = "f12"\nbrowse = "ctrl+q"\n')
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await settle(pilot)
            assert "always quits." in screen_text(app)
            await pilot.press("b")
            await settle(pilot)
            await pilot.press("ctrl+q")
            await settle(pilot)
            assert app._exit


def test_what_is_wrong_with_keys_is_said_and_the_rest_holds() -> None:
    keymap, wrong = checked(
        {
            "reveal": ("x",),
            "revael": ("y",),
            "zzz": ("y",),
            "hint": ("nokey",),
            "undo": ("x",),
            "edit": (),
        }
    )
    assert keymap == {"reveal": "x", "undo": "x"}
    said = " ".join(wrong)
    assert "There is no command revael; did you mean reveal?" in said
    assert "There is no command zzz; `studykit keys` lists them." in said
    assert "'nokey' is no key" in said
    assert "edit keeps its own keys: it has no key" in said
    assert "x is reveal and also Undo the last grade (Study)" in said


def test_the_shipped_keys_conflict_only_where_the_state_decides() -> None:
    """No two commands of a screen have a key alike unless they do from the start; and the keys
    that are listed can be written back."""
    assert checked({id_: tuple(one.command.keys.split(",")) for id_, one in places().items()}) == (
        {
            id_: ",".join(normal(key) or "" for key in one.command.keys.split(","))
            for id_, one in places().items()
        },
        [],
    )
    for row in listed({}):
        for key in row["keys"]:  # type: ignore[attr-defined]  # a list of keys
            assert normal(key) is not None, row


def test_a_conflict_is_seen_only_where_both_commands_are() -> None:
    assert conflicts("browse", "m", {}) == ["Mistakes you made (Decks)"]
    assert conflicts("browse", "w", {}) == [], "the worked solution is on another screen"
    assert conflicts("browse", "f1", {}) == ["Help (Everywhere)"]
    assert conflicts("nothing", "m", {}) == []


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_settings_look_like_this(desk: Desk, size: tuple[int, int]) -> None:
    desk.deck()
    store(desk.home, "retention", 0.85)
    with desk.open() as collection:
        app = app_over(collection, new=3)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await pilot.press("o", "j")
            await settle(pilot)
            compare(f"settings-{size[0]}x{size[1]}", screen_text(app))
            await pilot.press("enter")
            await type_text(pilot, "-3")
            await settle(pilot)
            compare(f"settings-typed-{size[0]}x{size[1]}", screen_text(app))


@pytest.mark.parametrize("theme", ["studykit-contrast", "studykit-contrast-light", "ansi-dark"])
async def test_every_theme_shows_every_screen(desk: Desk, theme: str) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(120, 30)) as pilot:
            app.theme = theme
            for keys in (("b",), ("m",), ("o",), ("K",)):
                await pilot.press(*keys)
                await settle(pilot)
                assert screen_text(app).strip()
                if keys != ("o",):
                    await pilot.press("escape")
            assert load(collection.home).theme == theme


async def test_light_and_dark_stay_in_high_contrast(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test() as pilot:
            app.theme = "studykit-contrast"
            await pilot.press("ctrl+t")
            await settle(pilot)
            assert app.theme == "studykit-contrast-light"
            await pilot.press("ctrl+t")
            await settle(pilot)
            assert app.theme == "studykit-contrast"


@pytest.mark.parametrize("way", ["picked", "switched"])
async def test_a_theme_stands_among_the_settings_as_soon_as_it_is_chosen(
    desk: Desk, way: str
) -> None:
    desk.deck()
    with desk.open() as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 30)) as pilot:
            await settle(pilot)
            await pilot.press("o")
            await settle(pilot)
            if way == "picked":
                await select(app, "theme")
                await pilot.press("enter")
                await settle(pilot)
                await type_text(pilot, "contrast-l")
                await settle(pilot)
                await pilot.press("enter")
            else:
                app.theme = "studykit-contrast"
                await settle(pilot)
                await pilot.press("ctrl+t")
            await settle(pilot)
            shown = re.search(r"theme +(\S+) +config.toml", screen_text(app))
            assert shown and shown[1] == "studykit-contrast-light"


def test_the_guide_names_keys_that_can_be_used() -> None:
    import re
    import tomllib
    from pathlib import Path

    guide = (Path(__file__).parents[2] / "docs" / "settings-and-keys.md").read_text("utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    keys = tomllib.loads(block)["keys"]
    assert checked({id_: tuple(value.split(",")) for id_, value in keys.items()})[1] == []
