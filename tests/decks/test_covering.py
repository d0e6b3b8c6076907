"""What the cards cover of a list of items, and what is told when something is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.decks import Item, Library, check, coverage, notes_items, render_coverage
from studykit.decks.faults import DeckError
from tests.decks.conftest import Write

ITEMS = (
    Item("N0.1", "000", "title"),
    Item("N0.2", "000", "title", structural="a heading"),
    Item("N1.1", "001", "§1"),
)
DECK = """title: T
cards:
- {id: a, front: a, back: b, covers: [N0.1]}
- {id: b, front: c, back: d, covers: [N0.1, N7.7]}
- {front: e, back: f, covers: [N1.1]}
"""


def test_every_item_has_its_cards_whether_they_have_ids_or_not(write: Write) -> None:
    covered = coverage([write(DECK)], ITEMS)
    assert covered.cards == {"N0.1": ("a", "b"), "N0.2": (), "N1.1": ("deck.yaml:5",)}
    assert [item.id for item in covered.covered] == ["N0.1", "N1.1"]
    assert [item.id for item in covered.structural] == ["N0.2"]
    assert covered.uncovered == ()


def test_an_item_that_does_not_exist_is_told_with_its_card(write: Write) -> None:
    covered = coverage([write(DECK)], ITEMS)
    assert covered.unknown == {"N7.7": ("b",)}
    assert not covered.complete
    assert "N7.7   no such item: b" in render_coverage(covered)


def test_a_fact_without_a_card_is_told(write: Write) -> None:
    path = write("title: T\ncards:\n- {id: a, front: a, back: b, covers: [N0.1]}\n")
    covered = coverage([path], ITEMS)
    assert [item.id for item in covered.uncovered] == ["N1.1"]
    assert not covered.complete
    report = render_coverage(covered)
    assert "N1.1   001 §1: NO CARD" in report
    assert "N0.2   000 title: (a heading)" in report
    assert report.endswith(
        "2 items carry a fact: 1 covered (cards: 1), 1 uncovered. Structural: 1."
    )


def test_a_broken_card_covers_nothing(write: Write) -> None:
    path = write("title: T\ncards:\n- {id: a, front: a, covers: [N0.1, N1.1]}\n")
    assert len(coverage([path], ITEMS).uncovered) == 2


def test_a_list_of_items_beside_decks_is_neither_a_deck_nor_a_fault(
    write: Write, tmp_path: Path
) -> None:
    write("{}", "notes-items.json")
    write(DECK)
    assert check([tmp_path]) == []
    assert len(Library([tmp_path]).decks()) == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"items": [{"id": "N0.1"}]}', '{"items": 3}'])
def test_a_list_that_is_none_is_refused_with_its_path(write: Write, text: str) -> None:
    path = write(text, "items.json")
    with pytest.raises(DeckError, match=r"items\.json:1:1: is no list of items"):
        notes_items(path)
