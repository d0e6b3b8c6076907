"""What an interview can ask: open questions over all topics, graded, each with a full answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import get_args

from studykit.decks.schema import Open, Seniority
from studykit.study.interview.pool import KINDS
from tests.content.shipped import decks, words

LONGEST_ANSWER = 150
OTHER_SCRIPT = re.compile("[\u0400-\u04ff\u4e00-\u9fff]")
"""Cyrillic and Chinese."""
TOPICS = [deck.id for deck in decks() if not deck.off]


def questions() -> Iterator[tuple[str, Open]]:
    """Every open question with its topic."""
    for deck in decks():
        for card in deck.cards:
            if isinstance(card, Open):
                yield card.topic or deck.id or "", card


def test_there_are_sixty_questions_and_four_for_every_topic() -> None:
    counts = Counter(topic for topic, _ in questions())
    assert sum(counts.values()) >= 60
    assert set(counts) == set(TOPICS)
    assert min(counts.values()) >= 4


def test_every_topic_has_questions_for_three_kinds_of_candidates() -> None:
    for topic in TOPICS:
        met = {card.seniority for one, card in questions() if one == topic}
        assert len(met) >= 3, (topic, met)
    every = Counter(card.seniority for _, card in questions())
    assert all(every[name] >= 8 for name in get_args(Seniority)), every


def test_a_model_answer_can_be_said_and_is_no_mere_repetition_of_the_short_one() -> None:
    for _, card in questions():
        assert 60 <= words(card.model) <= LONGEST_ANSWER, (card.id, words(card.model))
        assert card.back.strip() not in card.model


def test_weak_answers_say_what_is_missing() -> None:
    for _, card in questions():
        assert card.weak, card.id
        assert all(words(one.missing) >= 5 for one in card.weak), card.id


def test_nobody_is_asked_for_words_of_another_language() -> None:
    asked = [card for deck in decks() for card in deck.cards if type(card) in KINDS]
    assert asked
    for card in asked:
        text = f"{getattr(card, 'front', '')} {getattr(card, 'answer', '')}"
        assert not OTHER_SCRIPT.search(text), card.id
