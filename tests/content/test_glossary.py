"""The glossary: enough terms, each in three languages, each with a meaning that fits a card."""

from __future__ import annotations

import re

import pytest

from studykit.decks import Term
from studykit.typeset import draw
from tests.content.shipped import MATHS, cards, glossary, words

LEAST = 115
LONGEST_MEANING = 25

MISTAKEN = (
    *("самообслуживание", "заголов", "ценить", "сплайсинг", "разделение", "операция остатка"),
    *("查询矩阵", "点乘"),
)
"""Words by which the notes, or their translation, call things that have other names."""

TERMS = {term.en: term for term in glossary().terms}


def test_there_are_enough_terms_and_none_twice() -> None:
    assert len(TERMS) == len(glossary().terms) >= LEAST
    for field in ("ru", "zh"):
        names = [getattr(term, field) for term in TERMS.values()]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("term", TERMS.values(), ids=list(TERMS))
def test_a_term_is_said_in_three_languages_and_in_the_words_of_the_field(term: Term) -> None:
    assert re.search("[а-яё]", term.ru)
    assert re.search("[\u4e00-\u9fff]", term.zh)
    assert not re.search("[а-яёА-ЯЁ\u4e00-\u9fff]", term.en + term.means)
    assert not [word for word in MISTAKEN if word in term.ru or word in term.zh]


@pytest.mark.parametrize("term", TERMS.values(), ids=list(TERMS))
def test_a_meaning_is_short_does_not_repeat_the_term_and_is_drawn(term: Term) -> None:
    assert words(term.means) + 3 * len(MATHS.findall(term.means)) >= 4
    assert words(term.means) <= LONGEST_MEANING
    assert not term.means.lower().startswith(term.en.lower())
    for tex in MATHS.findall(term.means):
        assert draw(tex.strip("$").strip()).how == "drawn", tex


def test_each_term_names_a_source_of_the_deck_or_a_public_work() -> None:
    used = set()
    for term in TERMS.values():
        assert term.sources, term.en
        for source in term.sources:
            key, _, section = source.partition(" ")
            assert section, source
            assert key == "beyond:" or key in glossary().sources, source
            used.add(key)
    assert used - {"beyond:"} == set(glossary().sources)


def test_each_term_gives_two_cards_with_ids_that_no_other_card_has() -> None:
    deck = glossary()
    assert (deck.id, deck.off) == ("terms", True)
    ids = [card.id for card in deck.cards]
    assert len(set(ids)) == len(ids) == 2 * len(TERMS)
    assert not set(ids) & set(cards())
    assert {"term-query", "term-query-notes"} <= set(ids)
