"""The app over a real collection: grades are on the disk, and edited cards are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual import events

from studykit.study.collection import Collection
from studykit.study.home import Home
from studykit.study.settings import Settings
from studykit.study.start import Start
from studykit.tui.app import StudyApp
from studykit.tui.screens.faults import FaultsScreen
from studykit.tui.screens.home import HomeScreen
from studykit.tui.screens.identity import IdentityScreen
from studykit.tui.screens.study import StudyScreen
from studykit.tui.screens.summary import SummaryScreen
from studykit.tui.widgets.grid import AnswerGrid
from tests.tui.screens import screen_text, settle, slowly

NOON_MS = 1_790_000_000_000
DECK = """\
title: Mine
cards:
  - kind: cloze
    cloze: Softmax runs along each {{row}} and each row sums to {{one}}.
  - kind: choice
    front: Why is there a square root?
    answer: To keep the variance at one.
    wrong:
      - {text: To make rows sum to one., why: That is softmax.}
  - kind: problem
    family: attention-output
    level: 2
"""


def opened(home: Path, now_ms: int = NOON_MS) -> Collection:
    return Collection.open(Home(home), settings=Settings(), clock=lambda: now_ms)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "mine.yaml").write_text(DECK, encoding="utf-8")
    yield tmp_path


def app_over(collection: Collection, deck: str = "mine") -> StudyApp:
    return StudyApp(collection, Start(study=bool(deck), decks=(deck,) if deck else ()))


async def test_cloze_choice_and_problem_are_studied_graded_and_kept(home: Path) -> None:
    with opened(home) as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert "3 new  0 learning  0 due" in screen_text(app)
            assert "Softmax runs along each ▁▁▁▁¹ and each row sums to ▁▁▁▁²." in screen_text(app)
            await slowly(pilot, "space")
            assert "Softmax runs along each row and each row sums to one." in screen_text(app)
            await slowly(pilot, "3")
            assert "Why is there a square root?" in screen_text(app)
            rows = screen_text(app).split("\n")
            right = next(row for row in rows if "variance" in row)
            await slowly(pilot, right.split()[0])
            assert "✓ Right" in screen_text(app)
            await slowly(pilot, "enter")
            app.post_message(events.Paste("1 2\n3 x"))
            await settle(pilot)
            await pilot.press("f5")
            assert "? I cannot read this" in screen_text(app)
            assert app.screen.query_one(AnswerGrid).cells.all == (("1", "2"), ("3", "x"))
            await pilot.press("backspace", "4", "f5")
            await settle(pilot)
            assert "Wrong" in screen_text(app) or "Partly right" in screen_text(app)
            await slowly(pilot, "w")
            assert "Worked solution" in screen_text(app)
            await slowly(pilot, "escape", "1")
    with opened(home) as collection:
        today = collection.today()
        assert (today.reviews, today.new, today.judged) == (3, 3, 2)
        app = app_over(collection, deck="")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert "3 reviews" in screen_text(app)
            await pilot.press("u")
            await settle(pilot)
            assert isinstance(app.screen, StudyScreen)
            assert app.screen.query_one(AnswerGrid).has_focus
        assert collection.today().reviews == 2


async def test_an_edited_card_without_id_is_asked_about_and_keeps_its_reviews(home: Path) -> None:
    with opened(home) as collection:
        app = app_over(collection)
        async with app.run_test() as pilot:
            await slowly(pilot, "space", "3")
    deck = home / "decks" / "mine.yaml"
    deck.write_text(DECK.replace("runs along each", "works along every"), encoding="utf-8")
    with opened(home) as collection:
        app = app_over(collection, deck="")
        async with app.run_test(size=(100, 24)) as pilot:
            await settle(pilot)
            assert isinstance(app.screen, IdentityScreen), screen_text(app)
            shown = screen_text(app)
            assert "Keep its 1 review?" in shown
            await pilot.press("y")
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen)
        row = next(one for one in collection.decks() if one.id == "mine")
        assert (row.total, row.new) == (3, 2)
        assert collection.questions() == ()


async def test_a_deck_file_named_at_the_door_is_studied_alone(home: Path) -> None:
    path = home / "elsewhere.yaml"
    path.write_text(
        "title: Elsewhere\ncards:\n  - {id: e, kind: basic, front: Alone?, back: 'Yes.'}\n",
        encoding="utf-8",
    )
    with Collection.open(
        Home(home), paths=(path,), settings=Settings(), clock=lambda: NOON_MS
    ) as collection:
        app = StudyApp(collection, Start(study=True, paths=(path,)))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert "Alone?" in screen_text(app)
            assert "1 new  0 learning  0 due" in screen_text(app)


async def test_a_card_forgotten_comes_back_and_the_summary_counts_it(home: Path) -> None:
    (home / "decks" / "mine.yaml").write_text(
        "title: Mine\ncards:\n  - {id: one, kind: basic, front: Front?, back: Back.}\n",
        encoding="utf-8",
    )
    with opened(home) as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await slowly(pilot, "space", "1")
            assert "0 new  1 learning  0 due" in screen_text(app)
            await slowly(pilot, "space", "3")
            shown = screen_text(app)
            assert "2 reviews" in shown
            assert "1 new card begun." in shown
            await pilot.press("u")
            await settle(pilot)
            assert "Front?" in screen_text(app)
        assert collection.today().reviews == 1


async def test_a_deck_broken_in_the_editor_shows_its_faults_and_can_be_mended_from_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = home / "decks" / "mine.yaml"
    written = [
        "title: [\n",
        "title: {\n",
        DECK.replace("Softmax runs", "Softmax works"),
        "cards: [",
    ]

    def editor(command: list[str]) -> int:
        assert command[-1] == str(deck)
        deck.write_text(written.pop(0), encoding="utf-8")
        return 0

    monkeypatch.setenv("EDITOR", "an-editor")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setattr("studykit.tui.editing.subprocess.call", editor)
    monkeypatch.setattr(StudyApp, "suspend", lambda _: nullcontext())
    with opened(home) as collection:
        app = app_over(collection)
        async with app.run_test(size=(100, 24)) as pilot:
            await settle(pilot)
            await pilot.press("e")
            await settle(pilot)
            assert isinstance(app.screen, FaultsScreen), screen_text(app)
            assert "title: [" in screen_text(app)
            await pilot.press("e")
            await settle(pilot)
            assert isinstance(app.screen, FaultsScreen)
            assert "title: {" in screen_text(app)
            await pilot.press("e")
            await settle(pilot)
            assert isinstance(app.screen, StudyScreen)
            assert "Softmax works along each" in screen_text(app)
            await pilot.press("e")
            await settle(pilot)
            assert isinstance(app.screen, FaultsScreen)
            await pilot.press("escape")
            await settle(pilot)
            assert isinstance(app.screen, SummaryScreen)
            assert "Well done" not in screen_text(app)
            await pilot.press("escape")
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen)
            assert "to mend" in screen_text(app)


async def test_the_decks_stand_on_the_one_that_was_asked_for_at_the_door(home: Path) -> None:
    with opened(home) as collection:
        app = app_over(collection)
        async with app.run_test(size=(80, 24)) as pilot:
            await slowly(pilot, "q")
            assert isinstance(app.screen, HomeScreen)
            assert app.screen.selected is not None and app.screen.selected.id == "mine"
            assert app.screen.at > 0
