"""The kinds that are thought about, revealed and judged by oneself: basic, flaw and cloze."""

from __future__ import annotations

from studykit.decks.cloze import parts
from studykit.decks.schema import Basic, Cloze, Flaw
from studykit.study.kinds.asked import Asked, Showing, Shown, explanation

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
BLANK = "▁▁▁▁"
FLAW_LEAD = "*What is wrong here? Correct it.*"


def ask_basic(card: Basic, showing: Showing) -> Asked:
    """Question and answer."""
    question = showing.ask("basic", "reveal", card.front)
    return Shown(question, card.back, explanation(card, showing), card.note)


def ask_flaw(card: Flaw, showing: Showing) -> Asked:
    """A statement to find the error in and to correct."""
    question = showing.ask("flaw", "reveal", f"{FLAW_LEAD}\n\n{card.front}")
    return Shown(question, card.back, explanation(card, showing), card.note)


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
    question = showing.ask("cloze", "reveal", open_text)
    return Shown(question, filled, explanation(card, showing), card.note)
