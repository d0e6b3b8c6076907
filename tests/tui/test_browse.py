"""Browse: every path through the list of all cards and families."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from studykit.memory import Grade
from studykit.study import Collection
from studykit.study.start import Start
from studykit.tui.app import StudyApp
from studykit.tui.editing import Edited
from studykit.tui.screens.browse import BrowseScreen
from studykit.tui.screens.home import HomeScreen
from studykit.tui.screens.reading import Reading
from studykit.tui.screens.study import StudyScreen
from studykit.tui.screens.summary import SummaryScreen
from tests.study.desk import Desk
from tests.tui.screens import burst, screen_text, settle, slowly, type_text
from tests.tui.test_goldens import compare
from tests.tui.test_poison import MARKUP, safe

POISON_DECK = f"""\
title: '{MARKUP}'
id: poison
sources: {{note: '{MARKUP}'}}
cards:
  - id: bad
    kind: basic
    front: '{MARKUP} front'
    back: '{MARKUP} back'
    tags: ['{MARKUP}']
    sources: [note]
"""


@pytest.fixture(autouse=True)
def few_families(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three families, so that a family more changes no picture."""
    names = ("scaled-dot", "attention-output", "cross-entropy")
    monkeypatch.setattr("studykit.problems.registry.FAMILIES", names)


def browsing(collection: Collection) -> StudyApp:
    return StudyApp(collection, Start())


def browse_of(app: StudyApp) -> BrowseScreen:
    assert isinstance(app.screen, BrowseScreen), app.screen
    return app.screen


async def test_the_filter_narrows_at_every_key_and_esc_leads_back(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(120, 30)) as pilot:
            await settle(pilot)
            await pilot.press("b")
            await settle(pilot)
            assert "▸Cards 7   Families 3" in screen_text(app)
            assert "Filter by words, deck:scaling" in screen_text(app)
            await pilot.press("escape")
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen), "nothing was typed"
            await pilot.press("b")
            await settle(pilot)
            await type_text(pilot, "even?")
            assert "▸Cards 1 " in screen_text(app)
            assert "Which one is even?" in screen_text(app)
            await type_text(pilot, " is:nwe")
            text = screen_text(app)
            assert "did you mean new?" in text
            assert "Which one is even?" in text, "the last list stays while it cannot be read"
            await pilot.press(*["backspace"] * 6)
            await type_text(pilot, "tag:zzz")
            assert "There is no tag “zzz” here." in screen_text(app)
            browse_of(app).line.value = "cross-entropy"
            await settle(pilot)
            assert "No card fits; 1 family does. Tab shows it." in screen_text(app)
            browse_of(app).line.value = "even? tag:zzz"
            await settle(pilot)
            await pilot.press("escape")
            await settle(pilot)
            assert browse_of(app).line.value == "even? tag:zzz"
            await pilot.press("escape")
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen)


async def test_letters_in_the_filter_are_only_letters_and_arrows_move_the_list(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("b", "e", "down", "down", "q")
            await settle(pilot)
            page = browse_of(app)
            assert page.line.value == "eq"
            await pilot.press("backspace", "backspace", "down", "enter")
            await settle(pilot)
            assert not page.typing
            at = page.table.at
            assert at > 0
            assert collection.store.standings() == {}
            await pilot.press("enter")
            await settle(pilot)
            assert isinstance(app.screen, Reading)
            await pilot.press("q")
            await settle(pilot)
            assert browse_of(app).table.at == at


async def test_another_filter_begins_at_the_top_and_a_click_leaves_it_for_the_list(
    desk: Desk,
) -> None:
    desk.deck()
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("b", "down", "down")
            await type_text(pilot, "one")
            page = browse_of(app)
            assert page.table.at == 0
            assert len(page.shown) > 1
            await pilot.click(page.table, offset=(5, 1))
            await settle(pilot)
            assert page.table.at == 1
            assert not page.typing
            assert "/ Filter" in screen_text(app)
            await pilot.click(page.table, offset=(5, 1))
            await settle(pilot)
            assert isinstance(app.screen, Reading)
            assert screen_text(app).split("\n")[:3] == ["  Card", "", "  two"], "its id stands once"


async def test_the_palette_offers_what_a_card_takes_while_the_filter_is_typed(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(120, 30), notifications=True) as pilot:
            await settle(pilot)
            await pilot.press("b")
            await settle(pilot)
            assert screen_text(app).endswith("  Tab Families  Esc Back  F1 Help")
            offered = {one.title: one for one in app.get_system_commands(app.screen)}
            assert {"Open", "Practise this now", "Mark", "Make new again"} <= offered.keys()
            offered["Suspend"].callback()
            await settle(pilot)
            assert set(collection.store.standings()) == {"one"}
            assert "F8 takes it back." in screen_text(app), "u would be typed"


async def test_letters_typed_on_the_heels_of_a_key_that_leads_to_the_filter_are_no_commands(
    desk: Desk,
) -> None:
    desk.deck()
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("b")
            await settle(pilot)
            await burst(app, pilot, "slash", "i", "@", "R", "-", "e", "p")
            assert browse_of(app).line.value == "i@R-ep", "a slash out of habit is no text"
            await pilot.press("escape")
            await burst(app, pilot, "slash", "i", "@")
            assert browse_of(app).line.value == "i@R-epi@"
            assert collection.store.standings() == {}


async def test_a_letter_typed_on_the_heels_of_enter_is_a_command_for_the_list(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("b")
            await settle(pilot)
            await type_text(pilot, "one")
            app.post_message(events.Key("enter", None))
            app.post_message(events.Key("at", "@"))
            await settle(pilot)
            assert browse_of(app).line.value == "one"
            assert collection.store.standing("one").suspended


async def test_cards_are_suspended_buried_reset_and_that_is_taken_back(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(120, 30), notifications=True) as pilot:
            await settle(pilot)
            await pilot.press("b")
            await settle(pilot)
            await pilot.press("enter", "@")
            await settle(pilot)
            assert "Suspended: one. u takes it back." in screen_text(app)
            assert "suspended" in screen_text(app)
            await pilot.press("j", "minus")
            await settle(pilot)
            assert "buried" in screen_text(app)
            await pilot.press("u", "u")
            await settle(pilot)
            assert collection.store.standings() == {}
            await pilot.press("R")
            await settle(pilot)
            assert "nothing to reset: it was never answered" in screen_text(app)
            await pilot.press("g", "space", "space", "@")
            await settle(pilot)
            assert "2 marked" in screen_text(app)
            assert set(collection.store.standings()) == {"one", "two"}
            await pilot.press("u", "asterisk")
            await settle(pilot)
            assert "7 marked" in screen_text(app)
            await pilot.press("escape")
            await settle(pilot)
            assert "marked" not in screen_text(app)
            assert collection.store.standings() == {}


async def test_a_card_is_practised_outside_the_schedule(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("b", "enter", "p")
            await settle(pilot)
            assert isinstance(app.screen, StudyScreen)
            top = screen_text(app).split("\n")[0]
            assert top.endswith("1 left") and "due" not in top, "it is not due"
            await slowly(pilot, "space", "3")
            await settle(pilot)
            assert isinstance(app.screen, SummaryScreen)
            await slowly(pilot, "enter")
            await settle(pilot)
            browse_of(app)
            (logged,) = collection.store.reviews()
            assert (logged.card, logged.kind, logged.due) == ("one", "cram", None)
            assert app.sitting is None, "practice is not taken up again as a session"


async def test_a_family_is_practised_at_a_level_until_one_leaves(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await pilot.press("b", "tab", "enter")
            await settle(pilot)
            text = screen_text(app)
            assert "One scaled score" in text
            assert "An example of level 1" in text
            await pilot.press("2")
            await settle(pilot)
            assert isinstance(app.screen, StudyScreen)
            for number in range(2):
                head = screen_text(app).split("\n")[0]
                assert "One scaled score" in head and head.endswith(f"{number} practised")
                await slowly(pilot, "f3", "1")
                await settle(pilot)
            await slowly(pilot, "escape", "escape")
            await settle(pilot)
            browse_of(app)
            logged = list(collection.store.reviews())
            assert len({one.ticket for one in logged}) == 2
            assert all(one.ticket and "scaled-dot@1/2#" in one.ticket for one in logged)
            assert all(one.card is None and one.kind == "cram" for one in logged)


async def test_a_session_that_was_left_forgets_a_card_that_is_suspended(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await slowly(pilot, "a", "escape")
            await settle(pilot)
            await pilot.press("b", "enter", "@", "escape")
            await settle(pilot)
            await slowly(pilot, "a")
            await settle(pilot)
            assert isinstance(app.screen, StudyScreen)
            assert app.screen.showing.question.card == "two"


async def test_editing_from_the_list_reads_the_deck_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.deck()

    def edited(app: StudyApp, where: Path, line: int) -> object:
        assert (where, line) == (path, 5)
        path.write_text(path.read_text().replace("What is one?", "What is unity?"))
        return Edited(where, app.collection.refresh(where))

    monkeypatch.setattr("studykit.tui.editing.edit", edited)
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(120, 24)) as pilot:
            await settle(pilot)
            await pilot.press("b", "enter", "e")
            await settle(pilot)
            assert "What is unity?" in screen_text(app)
            await pilot.press("i")
            await settle(pilot)
            assert "was not answered yet" in screen_text(app)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_browse_looks_like_this(desk: Desk, size: tuple[int, int]) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        for grade in (Grade.GOOD, Grade.AGAIN):
            session.next()
            session.reveal()
            session.grade(grade)
        desk.clock.days(9)
        app = browsing(collection)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await pilot.press("b")
            await type_text(pilot, "-kind:formula")
            await pilot.press("enter", "j")
            await settle(pilot)
            compare(f"browse-{size[0]}x{size[1]}", screen_text(app))
            await pilot.press("tab", "slash", *["backspace"] * 13)
            await type_text(pilot, "mistake:no-scale")
            await settle(pilot)
            compare(f"browse-families-{size[0]}x{size[1]}", screen_text(app))


async def test_browse_reads_no_markup_and_passes_no_escape(desk: Desk) -> None:
    desk.deck(POISON_DECK, "poison.yaml")
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(200, 60), notifications=True) as pilot:
            await settle(pilot)
            await pilot.press("b")
            await settle(pilot)
            seen = [screen_text(app)]
            await pilot.press("slash")
            await type_text(pilot, "[/nope] [@click=app.quit]x[/] [b")
            seen.append(screen_text(app))
            await type_text(pilot, " zz[/]")
            assert "zz[/]" in screen_text(app)
            await pilot.press(*["backspace"] * 6, "enter", "@", "enter")
            await settle(pilot)
            seen.append(screen_text(app))
        for text in seen:
            assert "[/nope] [@click=app.quit]x[/] [b" in text
            assert safe(text)


async def test_a_large_collection_is_read_in_parts_and_drawn_by_the_screenful(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studykit.study.columns.PART", 50)
    cards = "".join(
        f"  - {{id: c{number}, kind: basic, front: Card {number}, back: b, sources: [n]}}\n"
        for number in range(400)
    )
    desk.deck(f"title: Big\nid: big\nsources: {{n: N}}\ncards:\n{cards}", "big.yaml")
    with desk.open() as collection:
        app = browsing(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("b", "down", "down", "enter")
            for _ in range(20):
                await settle(pilot)
            page = browse_of(app)
            assert len(page.shown) == 400
            assert page.table.at == 2, "what was selected stays so while more is read"
            await pilot.press("G")
            await settle(pilot)
            assert "▸ Card 399" in screen_text(app)
            assert len(page.table._strips) < 60
