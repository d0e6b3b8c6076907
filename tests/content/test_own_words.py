"""The decks are our own words: nothing of twelve characters or more is lifted from a note."""

from __future__ import annotations

import re

from tests.content.shingles import LENGTH, digest, normalised, runs, stored
from tests.content.shipped import cards, glossary, texts

TERMS_OF_THE_TRADE = (
    "scaled dot-product attention",
    "scaled dot-product",
    "self-attention",
    "single-head attention",
    "multi-head attention",
    "multi-head",
    "многоголовое",
    "внимание",
    "самовнимание",
    "learning rate",
    "backpropagation",
    "transformer",
    "softmax",
    "самообслуживание",
    "внимания",
)
"""Names of things, which the notes use too and nobody owns; they are cut out before comparing."""


def test_no_run_of_twelve_characters_is_taken_from_a_note() -> None:
    known = stored()
    assert len(known) > 10_000
    names = "|".join(normalised(term) for term in TERMS_OF_THE_TRADE)
    written = {name: list(texts(card)) for name, card in cards().items()}
    # The terms themselves are names of things; what they mean is said in our words.
    written |= {term.en: [term.means] for term in glossary().terms}
    taken = {
        (name, run)
        for name, said in written.items()
        for text in said
        for piece in re.split(names, normalised(text))
        for run in runs(piece)
        if digest(run) in known
    }
    assert taken == set()


def test_the_store_knows_a_run_when_it_sees_one() -> None:
    lifted = normalised("скалярное произведение")[:LENGTH]
    assert digest(lifted) in stored()
    assert digest("zzzzzzzzzzzz") not in stored()
