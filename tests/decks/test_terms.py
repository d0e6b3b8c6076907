"""A glossary in a deck file: its terms become cards with ids, lines and faults of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.decks import Library, check
from studykit.decks.faults import DeckError
from studykit.decks.loader import load_deck, read_deck
from studykit.decks.schema import Basic, Term
from studykit.decks.terms import made_from, term_id
from tests.decks.conftest import Write

GLOSSARY = r"""title: Words
id: words
off: true
cards:
- id: own
  front: What is this?
  back: A card.
terms:
- en: query vector
  ru: вектор запроса
  zh: 查询向量
  means: What a position looks for, $q_i=x_iW_Q$.
  also: [query]
  sources: ['001 §1']
  requires: [own]
- en: softmax
  means: The exponentials of scores, divided by their sum.
"""


def test_a_term_gives_a_card_for_its_meaning_and_one_for_the_other_languages(write: Write) -> None:
    deck = load_deck(write(GLOSSARY))
    assert [card.id for card in deck.cards] == [
        "own",
        "term-query-vector",
        "term-query-vector-notes",
        "term-softmax",
    ]
    meaning, translation = deck.cards[1:3]
    assert isinstance(meaning, Basic)
    assert isinstance(translation, Basic)
    assert meaning.front == "What does **query vector** mean?"
    assert meaning.back == "What a position looks for, $q_i=x_iW_Q$."
    assert meaning.requires == ("own",)
    assert "Also called *query*." in meaning.explain
    assert "Russian: **вектор запроса**" in meaning.explain
    assert translation.front == "**query vector** in Russian and Chinese?"
    assert translation.back == "Russian: **вектор запроса**\n\nChinese: **查询向量**"
    assert translation.requires == ("term-query-vector",)
    assert translation.sources == meaning.sources == ("001 §1",)


def test_the_terms_themselves_are_kept_beside_their_cards(write: Write) -> None:
    deck = load_deck(write(GLOSSARY))
    assert [term.en for term in deck.terms] == ["query vector", "softmax"]
    assert load_deck(write("title: T\ncards: [{front: a, back: b}]\n")).terms == ()


def test_a_deck_may_hold_terms_alone(write: Write) -> None:
    reading = read_deck(write("title: T\nterms: [{en: key, means: What queries meet.}]\n"))
    assert reading.faults == []
    assert [placed.card.id for placed in reading.cards] == ["term-key"]


def test_a_card_made_from_a_term_stands_on_the_line_of_the_term(
    write: Write, tmp_path: Path
) -> None:
    path = write(GLOSSARY)
    assert [placed.line for placed in read_deck(path).cards] == [5, 9, 9, 16]
    library = Library([path], tmp_path / "cache.db")
    assert library.line("term-query-vector-notes") == (path, 9)
    assert library.card("term-softmax").requires == ()
    assert library.ids("words")[-1] == "term-softmax"
    assert library.deck("words").cards == 4


@pytest.mark.parametrize(
    ("english", "name"),
    [
        ("Key–value cache (KV cache)", "term-key-value-cache-kv-cache"),
        ("k" * 90, "term-" + "k" * 53),
        ("注意力", None),
    ],
)
def test_the_id_comes_from_the_english_words(english: str, name: str | None) -> None:
    assert term_id(None, english) == name
    assert term_id("mine", english) == "mine"


def test_a_term_whose_name_has_no_latin_letters_gets_derived_ids(write: Write) -> None:
    reading = read_deck(write("title: T\nterms: [{en: 注意力, ru: внимание, means: Weights.}]\n"))
    assert reading.faults == []
    assert [placed.card.id for placed in reading.cards] == [None, None]
    assert all(placed.card.requires == () for placed in reading.cards)


def test_long_ids_leave_room_for_the_second_card() -> None:
    first, second = made_from(Term(en="key", means="m", ru="ключ", id="k" * 64))
    assert (len(first.id or ""), second.id) == (64, "k" * 58 + "-notes")


def test_every_broken_term_is_told_at_its_place_and_the_good_ones_are_kept(write: Write) -> None:
    path = write(
        "title: T\nterms:\n- en: key\n  mean: x\n- just text\n- en: value\n  means: Content.\n"
        "- {en: key, means: ''}\n"
    )
    reading = read_deck(path)
    assert [placed.card.id for placed in reading.cards] == ["term-value"]
    assert [(fault.line, fault.code) for fault in reading.faults] == [
        (4, "unknown-field"),
        (5, "wrong-type"),
        (8, "empty-text"),
    ]
    assert "Did you mean `means`?" in reading.faults[0].suggestion


def test_a_list_is_wanted_under_terms(write: Write) -> None:
    with pytest.raises(DeckError, match="`terms` is a list of terms, this is a text"):
        load_deck(write("title: T\nterms: none\ncards: [{front: a, back: b}]\n"))


def test_a_term_that_takes_the_id_of_a_card_or_term_is_told(write: Write) -> None:
    path = write(
        "title: T\ncards: [{id: term-key, front: a, back: b}]\n"
        "terms:\n- {en: key, means: x}\n- {en: value, means: y}\n- {en: Value, means: z}\n"
    )
    faults = read_deck(path).faults
    assert [(fault.line, fault.code) for fault in faults] == [
        (4, "duplicate-id"),
        (6, "duplicate-id"),
    ]
    assert "line 2" in faults[0].message


def test_a_term_that_is_no_yaml_hides_neither_the_cards_nor_the_other_terms(write: Write) -> None:
    path = write(
        "title: T\ncards:\n- front: a\n  back: b: c\n- front: d\n  back: e\n"
        "terms:\n- en: key\n  means: x: y\n- en: value\n  means: Content.\n"
    )
    reading = read_deck(path)
    assert [placed.line for placed in reading.cards] == [5, 10]
    assert [(fault.line, fault.code) for fault in reading.faults] == [(4, "yaml"), (9, "yaml")]


def test_the_lint_looks_into_terms(write: Write) -> None:
    path = write(
        "title: T\nsources: {'001': Note}\nterms:\n"
        "- {en: key, means: 'Cost $5 and \\(k', sources: ['002 §1'], requires: [none]}\n"
        "- en: value\n  means: $\\frac{1$\n"
    )
    assert [(fault.line, fault.code) for fault in check([path])] == [
        (4, "unbalanced-math"),
        (4, "unknown-source"),
        (4, "dangling-prerequisite"),
        (5, "missing-source"),
        (6, "unbalanced-braces"),
    ]


def test_terms_that_share_most_words_are_not_taken_for_one_question(write: Write) -> None:
    path = write("title: T\nterms: [{en: a local minimum, means: x}, {en: a minimum, means: y}]\n")
    assert check([path]) == []


def test_a_card_may_require_a_term_even_one_that_is_broken(write: Write) -> None:
    path = write(
        "title: T\ncards: [{id: a, front: a, back: b, requires: [term-key, term-value]}]\n"
        "terms: [{en: key, means: x}, {en: value}]\n"
    )
    assert [fault.code for fault in check([path])] == ["missing-field"]


def test_a_deck_that_is_off_says_so_and_is_listed_last(write: Write, tmp_path: Path) -> None:
    write("title: Off\nid: first\norder: 1\noff: true\ncards: [{front: a, back: b}]\n", "d/1.yaml")
    write("title: On\nid: second\norder: 2\noff: false\ncards: [{front: c, back: d}]\n", "d/2.yaml")
    for _ in range(2):
        library = Library([tmp_path / "d"], tmp_path / "cache.db")
        assert [(info.id, info.off) for info in library.decks()] == [
            ("second", False),
            ("first", True),
        ]
        assert library.header("first").off
        library.close()


@pytest.mark.parametrize("written", ["yes", "1", "True", "''", "[true]"])
def test_off_is_true_or_false(write: Write, written: str) -> None:
    path = write(f"title: T\noff: {written}\ncards: [{{front: a, back: b}}]\n")
    with pytest.raises(DeckError, match="`off` is true or false"):
        load_deck(path)
    assert not read_deck(path).header.off
