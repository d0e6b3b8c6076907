"""The guide is whole: every command and key is in it, and every link and picture is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studykit.cli.group import COMMANDS
from studykit.study import Home
from tests.cli.run import studykit
from tests.key_table import FILE, pages, text
from tests.screenshots import FOLDER, SHOTS, studied, taken
from tests.tui.test_commands import PAGES

ROOT = Path(__file__).parents[1]
GUIDE = sorted((ROOT / "docs").glob("*.md"))
PAGES_READ = [ROOT / "README.md", *GUIDE]
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", re.DOTALL)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """What a link to a heading of this page may end in."""
    heads = re.findall(r"^#+ (.*)$", read(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES_READ, ids=lambda page: page.name)
def test_every_link_and_picture_of_a_page_is_there(page: Path) -> None:
    for place, anchor in LINK.findall(read(page)):
        if "://" in place:
            continue
        target = (page.parent / place).resolve() if place else page
        assert target.is_file(), f"{page.name} links to {place}"
        if anchor:
            assert anchor in anchors(target), f"{page.name} links to {place}#{anchor}"


def test_the_index_leads_to_every_page_of_the_guide() -> None:
    linked = {place for place, _ in LINK.findall(read(ROOT / "docs" / "README.md"))}
    assert {page.name for page in GUIDE} - {"README.md"} <= linked


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_guide(command: str) -> None:
    assert f"| `studykit {command}` |" in read(ROOT / "docs" / "README.md")
    elsewhere = [page for page in GUIDE if page.name != "README.md"]
    assert any(f"studykit {command}" in read(page) for page in elsewhere), command


def test_every_picture_is_shown_and_every_picture_is_made_by_the_script() -> None:
    shown = {place for page in GUIDE for place, _ in LINK.findall(read(page))}
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(SHOTS)
    assert {f"pictures/{name}.svg" for name in SHOTS} <= shown


@pytest.mark.parametrize("name", SHOTS)
def test_a_picture_knows_nothing_of_the_machine_it_was_made_on(name: str) -> None:
    svg = read(FOLDER / f"{name}.svg").replace("&#160;", " ")
    assert not re.search(r"/(tmp|home|root|work|Users|var)/", svg)
    assert not re.search(r"url\(['\"]?[^#'\"]|href|@import|<script", svg), "it loads something"


async def test_the_script_takes_pictures_of_the_real_app(tmp_path: Path) -> None:
    home = Home(tmp_path)
    svg = (await taken(home, studied(home, days=2), SHOTS["diagnosis"])).replace("&#160;", " ")
    assert "You left out the scale" in svg


def test_the_page_of_keys_is_that_of_the_app() -> None:
    assert read(FILE) == text(), "run `make keys`"


def test_the_page_of_keys_has_every_screen_with_commands() -> None:
    assert set(PAGES) <= set(pages().values())


def test_the_deck_of_the_guide_has_nothing_to_mend(tmp_path: Path) -> None:
    (found,) = re.findall(r"```yaml\n(.*?)```", read(ROOT / "docs/writing-decks.md"), re.DOTALL)
    deck = tmp_path / "deck.yaml"
    deck.write_text(found, encoding="utf-8")
    ran = studykit("check", str(deck))
    assert ran.code == 0, ran.out
