"""The kinds of cards and how each is asked: one file a kind (or a few alike), one line here.

A kind's module is imported when its first card is asked, so that the first frame waits for none of
them and a session without problems never loads the engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from studykit.study.kinds.asked import Asked, Showing

if TYPE_CHECKING:
    from studykit.decks.schema import Card

KINDS = {
    "Basic": ("revealed", "ask_basic"),
    "Cloze": ("revealed", "ask_cloze"),
    "Flaw": ("revealed", "ask_flaw"),
    "Choice": ("choice", "ask_choice"),
    "Formula": ("formula", "ask_formula"),
    "ProblemCard": ("problem", "ask_problem"),
    "Open": ("open", "ask_open"),
}
"""Struct of the card → module and function."""


def ask(card: Card, showing: Showing) -> Asked:
    """Put a card to the learner."""
    module, function = KINDS[type(card).__name__]
    asked: Asked = getattr(import_module(f"studykit.study.kinds.{module}"), function)(card, showing)
    return asked


__all__ = ["Asked", "Showing", "ask"]
