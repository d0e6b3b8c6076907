"""Every item of the notes that carries a fact has a card, and a missing one would be told."""

from __future__ import annotations

from studykit.decks import coverage, notes_items, render_coverage
from tests.content.shipped import FOLDER, cards

LAST = {"000": 17, "001": 37, "002": 49, "003": 51, "004": 29}
"""How many items each note has in the knowledge map."""


def test_the_list_holds_every_item_of_the_map_once() -> None:
    listed = [(item.id, item.note) for item in notes_items()]
    assert listed == [
        (f"N{note[-1]}.{number}", note)
        for note, last in LAST.items()
        for number in range(1, last + 1)
    ]


def test_the_shipped_decks_cover_every_item_that_carries_a_fact() -> None:
    covered = coverage([FOLDER])
    assert covered.uncovered == ()
    assert covered.unknown == {}
    assert covered.complete
    assert len(covered.covered) + len(covered.structural) == sum(LAST.values())
    assert {card for ids in covered.cards.values() for card in ids} <= set(cards())


def test_no_item_that_is_called_structural_has_a_card() -> None:
    covered = coverage([FOLDER])
    assert [item.id for item in covered.items if item.structural and covered.cards[item.id]] == []
    assert len(covered.structural) <= 6


def test_the_report_names_each_card_of_an_item() -> None:
    report = render_coverage(coverage([FOLDER]))
    assert "N0.1   000 title: vfn-02, " in report
    assert " 0 uncovered. Structural: 6." in report
