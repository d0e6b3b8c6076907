"""The sources page keeps step with the decks."""

from __future__ import annotations

import re

from studykit.decks import notes_items
from studykit.decks.schema import Flaw
from tests.content.shipped import FOLDER, cards, decks, glossary

PAGE = (FOLDER / "README.md").read_text("utf-8")
KINDS = ("basic", "cloze", "choice", "formula", "problem", "flaw", "open")


def test_the_table_of_decks_counts_the_cards() -> None:
    for deck in decks():
        kinds = [card.__struct_config__.tag for card in deck.cards]
        counts = [deck.order, len(kinds), *(kinds.count(kind) for kind in KINDS)]
        row = " | ".join(str(count) for count in counts)
        assert f"| `{deck.id}` | {row} |" in PAGE


def test_the_page_counts_the_terms_and_the_items_of_the_notes() -> None:
    page = " ".join(PAGE.split())
    items = notes_items()
    facts = sum(not item.structural for item in items)
    assert f"holds {len(glossary().terms)} terms" in page
    assert f"the {len(items)} items of the notes. {facts} carry a fact" in page


def test_every_card_the_page_names_exists() -> None:
    named = set(re.findall(r"\b[a-z]{3}-\d\d\b", PAGE))
    assert named <= set(cards())


def test_each_of_the_38_certain_errors_has_a_card_that_corrects_it() -> None:
    rows = re.findall(r"^\| (E\d\d) \|.*\| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert [name for name, _ in rows] == [f"E{number:02}" for number in range(1, 39)]
    for name, listed in rows:
        correcting = [cards()[card] for card in listed.split(", ")]
        assert any(isinstance(card, Flaw) or card.note for card in correcting), name
