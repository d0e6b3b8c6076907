"""A deck of the installed program is edited as a copy that takes its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studykit.memory import Grade
from studykit.study.collection import Collection
from studykit.study.copies import drop_unchanged
from studykit.study.home import Home
from studykit.study.settings import Settings

DECK = """\
title: Shipped
id: shipped
cards:
  - {id: one, kind: basic, front: What is first?, back: The first.}
  - {id: two, kind: basic, front: What is second?, back: The second.}
"""


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that is installed with one deck."""
    folder = tmp_path / "package" / "shipped"
    folder.mkdir(parents=True)
    monkeypatch.setattr("studykit.decks.places.PACKAGE", folder.parent)
    (folder / "deck.yaml").write_text(DECK, encoding="utf-8")
    return folder / "deck.yaml"


@pytest.fixture
def collection(tmp_path: Path, shipped: Path) -> Iterator[Collection]:
    assert shipped.exists()
    home = Home(tmp_path / "home")
    with Collection.open(home, settings=Settings(), clock=lambda: 1_790_000_000_000) as opened:
        yield opened


def ask_first(collection: Collection) -> str:
    question = collection.session().next()
    assert question is not None
    return question.text


def test_an_edited_copy_takes_the_place_of_the_deck_and_keeps_progress(
    collection: Collection, shipped: Path
) -> None:
    session = collection.session()
    session.next()
    session.reveal()
    session.grade(Grade.GOOD)
    place, line = collection.place("two")
    copy = collection.to_edit(place)
    assert (place, copy) == (shipped, collection.home.decks / "deck.yaml")
    assert "two" in copy.read_text(encoding="utf-8").splitlines()[line - 1]
    copy.write_text(DECK.replace("What is second?", "What comes second?"), encoding="utf-8")
    assert collection.refresh(copy) == ()
    assert ask_first(collection) == "What comes second?"
    assert shipped.read_text(encoding="utf-8") == DECK
    assert collection.place("two")[0] == copy and collection.to_edit(copy) == copy
    assert [(deck.id, deck.total, deck.new) for deck in collection.decks()] == [("shipped", 2, 1)]


def test_a_copy_in_which_nothing_was_changed_is_dropped(
    collection: Collection, shipped: Path
) -> None:
    copy = collection.to_edit(collection.place("one")[0])
    assert copy.exists()
    drop_unchanged(copy, shipped)
    assert not copy.exists() and shipped.exists()
    assert collection.refresh(copy) == ()
    assert collection.place("one")[0] == shipped
    assert ask_first(collection) == "What is first?"


def test_a_copy_of_ones_own_making_is_never_dropped(collection: Collection, shipped: Path) -> None:
    collection.home.decks.mkdir(exist_ok=True)
    own = collection.home.decks / "deck.yaml"
    own.write_bytes(shipped.read_bytes())
    assert collection.refresh(own) == ()
    drop_unchanged(own, collection.to_edit(own))
    assert own.exists()


def test_another_deck_of_that_name_is_left_alone(collection: Collection, shipped: Path) -> None:
    collection.home.decks.mkdir(exist_ok=True)
    own = collection.home.decks / "deck.yaml"
    own.write_text("title: Mine\ncards: []\n", encoding="utf-8")
    assert collection.to_edit(shipped) == collection.home.decks / "deck-2.yaml"
    assert own.read_text(encoding="utf-8").startswith("title: Mine")


def test_a_checkout_is_edited_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studykit.decks.places.PACKAGE", tmp_path / "package")
    deck = tmp_path / "decks" / "deck.yaml"
    deck.parent.mkdir()
    deck.write_text(DECK, encoding="utf-8")
    with Collection.open(Home(tmp_path / "home"), settings=Settings()) as collection:
        assert collection.to_edit(collection.place("one")[0]) == deck
