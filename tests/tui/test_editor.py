"""How each editor is told where the card stands, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.study.collection import Collection
from studykit.study.home import Home
from studykit.study.start import Start
from studykit.tui.app import StudyApp
from studykit.tui.editor import editor_command
from tests.tui.screens import settle

FILE = Path("/decks/a deck.yaml")


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("vim", ["vim", "+7", "/decks/a deck.yaml"]),
        ("/usr/bin/nvim -p", ["/usr/bin/nvim", "-p", "+7", "/decks/a deck.yaml"]),
        ("nano", ["nano", "+7", "/decks/a deck.yaml"]),
        ("emacsclient -t", ["emacsclient", "-t", "+7", "/decks/a deck.yaml"]),
        ("code", ["code", "--wait", "-g", "/decks/a deck.yaml:7"]),
        ("code -w", ["code", "-w", "-g", "/decks/a deck.yaml:7"]),
        ("hx", ["hx", "/decks/a deck.yaml:7"]),
        ("subl", ["subl", "--wait", "/decks/a deck.yaml:7"]),
        ("my-editor --x", ["my-editor", "--x", "/decks/a deck.yaml"]),
    ],
)
def test_an_editor_opens_the_file_at_the_line(setting: str, expected: list[str]) -> None:
    assert editor_command(setting, FILE, 7) == expected


def test_the_setting_wins_over_visual_and_visual_over_editor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDITOR", "ed")
    assert editor_command("", FILE, 1) == ["ed", "+1", str(FILE)]
    monkeypatch.setenv("VISUAL", "vi")
    assert editor_command("", FILE, 1) == ["vi", "+1", str(FILE)]
    assert editor_command("nano", FILE, 1) == ["nano", "+1", str(FILE)]


def test_no_editor_at_all_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert editor_command("", FILE, 1) is None


def test_where_nothing_is_set_the_first_usual_editor_that_is_installed_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("vi", "nano"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)
        assert editor_command("", FILE, 7) == [name, "+7", str(FILE)]


async def test_where_no_editor_can_be_opened_what_can_be_edited_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = tmp_path / "package" / "shipped" / "deck.yaml"
    deck.parent.mkdir(parents=True)
    monkeypatch.setattr("studykit.decks.places.PACKAGE", deck.parents[1])
    monkeypatch.setenv("EDITOR", "vi")
    deck.write_text("title: T\ncards:\n  - {id: one, kind: basic, front: F?, back: B.}\n", "utf-8")
    home = Home(tmp_path / "home")
    app = StudyApp(Collection.open(home), Start(study=True))
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        (told,) = app._notifications
        assert told.message == (
            "This terminal cannot be lent to an editor. "
            f"Copy {deck} to {home.decks / 'deck.yaml'} and edit line 3 there."
        )
    assert not (home.decks / "deck.yaml").exists()
