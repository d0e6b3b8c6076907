"""The shipped decks as the content tests see them: every deck, every card, every text of a card.

The glossary is apart: its cards are made from its terms, and its test looks at those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from studykit.decks import load_deck
from studykit.decks.schema import Card, Choice, Cloze, Deck, Formula, Open

FOLDER = Path(__file__).parents[2] / "decks"

MATHS = re.compile(r"\$\$.*?\$\$|\$.*?\$", re.DOTALL)


GLOSSARY = FOLDER / "glossary.yaml"


@cache
def decks() -> tuple[Deck, ...]:
    """Every deck of written cards, in the order of study."""
    read = [load_deck(path) for path in sorted(FOLDER.glob("*.yaml")) if path != GLOSSARY]
    return tuple(sorted(read, key=lambda deck: (deck.order, deck.title)))


@cache
def glossary() -> Deck:
    """The deck of terms."""
    return load_deck(GLOSSARY)


@cache
def cards() -> dict[str, Card]:
    """Every card by its id."""
    return {card.id or "": card for deck in decks() for card in deck.cards}


def texts(card: Card) -> Iterator[str]:
    """Every text of a card that a learner may read, in the order of the file."""
    match card:
        case Cloze():
            yield card.cloze
        case Choice():
            yield card.front
            yield card.answer
            for wrong in card.wrong:
                yield wrong.text
                yield wrong.why
        case Formula():
            yield card.front
            yield card.back
            for slip in card.wrong:
                yield slip.why
        case Open():
            yield card.front
            yield card.back
            yield from card.rubric
            for follow_up in card.follow_ups:
                yield follow_up.ask
                yield follow_up.answer
            yield card.model
            for weak in card.weak:
                yield weak.says
                yield weak.missing
        case _:
            yield card.front
            yield getattr(card, "back", "")
    yield card.explain
    yield card.note


def whole(card: Card) -> str:
    """All texts of a card as one, with line breaks and runs of spaces made single spaces."""
    return re.sub(r"\s+", " ", " ".join(texts(card)))


def words(text: str) -> int:
    """Words outside formulas."""
    return len(re.findall(r"[\w’'-]+", MATHS.sub(" ", text)))


def formulas() -> dict[str, Formula]:
    """Every formula card by its id."""
    return {name: card for name, card in cards().items() if isinstance(card, Formula)}
