"""The decks as a whole: complete cards, known sources, an order of study without circles."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import combinations

import pytest

from studykit.decks import check
from studykit.decks.schema import Choice, Cloze, Flaw, Open, ProblemCard, front_of
from studykit.problems import families
from studykit.typeset import draw
from tests.content.shipped import FOLDER, MATHS, cards, decks, texts, words

ITEM = re.compile(r"N[0-4]\.\d{1,2}")
LONGEST_BACK = 40


def test_card_ids_are_unique_in_the_whole_collection() -> None:
    every = [card.id for deck in decks() for card in deck.cards]
    assert len(set(every)) == len(every)
    assert None not in every


def test_a_deck_has_a_title_in_three_languages_and_its_own_place_in_the_order() -> None:
    assert all(set(deck.titles) == {"ru", "zh"} and deck.title and deck.about for deck in decks())
    places = [deck.order for deck in decks()]
    assert sorted(set(places)) == places


@pytest.mark.parametrize("name", sorted(cards()))
def test_a_card_has_a_source_an_explanation_and_something_it_covers_or_goes_beyond(
    name: str,
) -> None:
    card = cards()[name]
    assert card.sources
    assert words(card.explain) >= 15
    assert all(ITEM.fullmatch(item) for item in card.covers)
    assert card.covers or any(source.startswith("beyond: ") for source in card.sources)


def test_every_source_is_a_key_of_its_deck_with_a_section_or_a_named_work_beyond() -> None:
    for deck in decks():
        used = set()
        for card in deck.cards:
            for source in card.sources:
                key, _, section = source.partition(" ")
                assert section, (card.id, source)
                if key != "beyond:":
                    assert key in deck.sources, (card.id, source)
                    used.add(key)
        assert used == set(deck.sources), deck.id


def test_a_card_cites_the_note_of_each_item_it_covers() -> None:
    for name, card in cards().items():
        cited = {source[:3] for source in card.sources}
        for item in card.covers:
            assert f"00{item[1]}" in cited, (name, item)


def test_a_back_is_at_most_forty_words_outside_formulas() -> None:
    long = {
        name: words(getattr(card, "back", ""))
        for name, card in cards().items()
        if words(getattr(card, "back", "")) > LONGEST_BACK
    }
    assert long == {}


def test_prerequisites_exist_and_form_no_circle() -> None:
    state: dict[str, str] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name in cards(), f"{path[-1]} requires {name}, which no deck has"
        assert state.get(name) != "open", " → ".join((*path, name))
        if name in state:
            return
        state[name] = "open"
        for before in cards()[name].requires:
            visit(before, (*path, name))
        state[name] = "done"

    for name in cards():
        visit(name, ())


def test_a_card_stands_after_those_of_its_deck_that_it_requires() -> None:
    for deck in decks():
        place = {card.id: number for number, card in enumerate(deck.cards)}
        for card in deck.cards:
            late = [name for name in card.requires if place.get(name, -1) > place[card.id]]
            assert late == [], card.id


def test_the_right_choice_is_not_given_away_by_its_length() -> None:
    longest = 0
    choices = [card for card in cards().values() if isinstance(card, Choice)]
    for card in choices:
        right = len(card.answer.strip())
        wrong = [len(option.text.strip()) for option in card.wrong]
        assert right <= 1.3 * max(wrong) + 3, card.id
        assert right >= 0.6 * min(wrong) - 3, card.id
        longest += right > max(wrong)
        assert len(
            {card.answer.strip(), *(option.text.strip() for option in card.wrong)}
        ) == 1 + len(wrong)
    assert longest <= 0.5 * len(choices)


def test_every_distractor_says_why_it_is_wrong() -> None:
    for card in cards().values():
        if isinstance(card, Choice):
            assert len(card.wrong) >= 2, card.id
            assert all(words(option.why) >= 4 for option in card.wrong), card.id


def test_an_open_card_has_rubric_points_and_two_follow_up_questions() -> None:
    for card in cards().values():
        if isinstance(card, Open):
            assert len(card.rubric) >= 3, card.id
            assert len(card.follow_ups) >= 2, card.id


def test_a_cloze_has_short_blanks_and_balanced_braces() -> None:
    for card in cards().values():
        if isinstance(card, Cloze):
            blanks = re.findall(r"\{\{(.+?)\}\}(?!\})", card.cloze, re.DOTALL)
            assert len(blanks) == card.cloze.count("{{") >= 1, card.id
            assert all(len(MATHS.sub("x", blank)) <= 40 for blank in blanks), card.id


def test_a_flaw_states_no_quotation_and_its_correction_differs_from_it() -> None:
    for card in cards().values():
        if isinstance(card, Flaw):
            assert '"' not in card.front, card.id
            assert SequenceMatcher(None, card.front, card.back).ratio() < 0.9, card.id


def test_no_two_fronts_are_nearly_the_same() -> None:
    fronts = {
        name: set(re.findall(r"[a-z]{3,}|\$[^$]+\$", front_of(card).lower()))
        for name, card in cards().items()
        if not isinstance(card, ProblemCard)
    }
    alike = [
        (one, other)
        for (one, first), (other, second) in combinations(fronts.items(), 2)
        if first and second and len(first & second) / len(first | second) > 0.8
    ]
    assert alike == []


@pytest.mark.parametrize("name", sorted(cards()))
def test_every_formula_of_a_card_is_drawn_without_fallback(name: str) -> None:
    for piece in texts(cards()[name]):
        assert piece.count("$") % 2 == 0, piece
        for tex in MATHS.findall(piece):
            assert draw(tex.strip("$").strip()).how == "drawn", tex


def test_no_sentence_begins_a_line_with_a_number_and_becomes_a_list() -> None:
    numbered = re.compile(r"^\s*\d+\. ", re.MULTILINE)
    for name, card in cards().items():
        assert not any(numbered.search(text) for text in texts(card)), name


def test_the_lint_finds_nothing_to_object_to() -> None:
    known = {name: family.levels for name, family in families().items()}
    assert check(sorted(FOLDER.glob("*.yaml")), families=known, reads=None) == []
