"""The kinds that are thought about, revealed and judged by oneself: basic, flaw and cloze."""

from __future__ import annotations

from studykit.decks.cloze import parts
from studykit.decks.schema import Basic, Cloze, Flaw
from studykit.study.kinds.asked import Asked, Showing, Shown, explanation
from studykit.study.question import Question

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
BLANK = "▁▁▁▁"


def ask_basic(card: Basic, showing: Showing) -> Asked:
    """Question and answer."""
    question = Question(
        card=showing.card,
        deck=showing.deck,
        deck_title=showing.deck_title,
        kind="basic",
        asks="reveal",
        text=card.front,
        status=showing.status,
    )
    return Shown(question, card.back, explanation(card, showing))


def ask_flaw(card: Flaw, showing: Showing) -> Asked:
    """A statement to find the error in and to correct."""
    question = Question(
        card=showing.card,
        deck=showing.deck,
        deck_title=showing.deck_title,
        kind="flaw",
        asks="reveal",
        text=f"*What is wrong here? Correct it.*\n\n{card.front}",
        status=showing.status,
    )
    return Shown(question, card.back, explanation(card, showing))


def ask_cloze(card: Cloze, showing: Showing) -> Asked:
    """A sentence with all its blanks open; the answer is the sentence with them filled."""
    pieces = parts(card.cloze)
    many = sum(piece.blank for piece in pieces) > 1
    open_text, filled, number = "", "", 0
    for piece in pieces:
        if not piece.blank:
            open_text += piece.text
            filled += piece.text
            continue
        number += 1
        open_text += BLANK + (str(number).translate(SUPERSCRIPTS) if many else "")
        filled += f"**{piece.text}**"
    question = Question(
        card=showing.card,
        deck=showing.deck,
        deck_title=showing.deck_title,
        kind="cloze",
        asks="reveal",
        text=open_text,
        status=showing.status,
    )
    return Shown(question, filled, explanation(card, showing))
