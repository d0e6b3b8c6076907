"""A formula card: derived on paper or in the head, revealed, and judged by oneself."""

from __future__ import annotations

from studykit.decks.schema import Formula
from studykit.study.kinds.asked import Asked, Showing, Shown, explanation
from studykit.study.question import Question


def ask_formula(card: Formula, showing: Showing) -> Asked:
    question = Question(
        card=showing.card,
        deck=showing.deck,
        deck_title=showing.deck_title,
        kind="formula",
        asks="reveal",
        text=card.front,
        status=showing.status,
    )
    return Shown(question, card.back, explanation(card, showing))
