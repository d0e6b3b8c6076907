"""YAML decks into cards: read strictly, held against a schema, linted, cached, known again.

Nothing heavy is imported with this package: yaml and msgspec come in when a deck is parsed or a
card decoded.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cloze import Part, parts
    from .covering import Coverage, Item, coverage, notes_items, render_coverage
    from .crossings import check
    from .faults import CODES, Code, DeckError, Fault, render_fault, render_faults
    from .identity import Found, Known, Matching, Question, Rename, ids_of, is_derived, match
    from .intake import Identify
    from .jsonschema import deck_schema
    from .library import DeckInfo, Library
    from .loader import load_deck
    from .places import deck_files, shipped_decks
    from .schema import (
        Basic,
        Card,
        Choice,
        Cloze,
        Deck,
        Flaw,
        FollowUp,
        Formula,
        Open,
        ProblemCard,
        Term,
        Wrong,
        front_of,
    )

_HOMES = {
    "cloze": ("Part", "parts"),
    "covering": ("Coverage", "Item", "coverage", "notes_items", "render_coverage"),
    "crossings": ("check",),
    "faults": ("CODES", "Code", "DeckError", "Fault", "render_fault", "render_faults"),
    "identity": (
        "Found",
        "Known",
        "Matching",
        "Question",
        "Rename",
        "ids_of",
        "is_derived",
        "match",
    ),
    "intake": ("Identify",),
    "jsonschema": ("deck_schema",),
    "library": ("DeckInfo", "Library"),
    "loader": ("load_deck",),
    "places": ("deck_files", "shipped_decks"),
    "schema": (
        "Basic",
        "Card",
        "Choice",
        "Cloze",
        "Deck",
        "Flaw",
        "FollowUp",
        "Formula",
        "Open",
        "ProblemCard",
        "Term",
        "Wrong",
        "front_of",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "CODES",
    "Basic",
    "Card",
    "Choice",
    "Cloze",
    "Code",
    "Coverage",
    "Deck",
    "DeckError",
    "DeckInfo",
    "Fault",
    "Flaw",
    "FollowUp",
    "Formula",
    "Found",
    "Identify",
    "Item",
    "Known",
    "Library",
    "Matching",
    "Open",
    "Part",
    "ProblemCard",
    "Question",
    "Rename",
    "Term",
    "Wrong",
    "check",
    "coverage",
    "deck_files",
    "deck_schema",
    "front_of",
    "ids_of",
    "is_derived",
    "load_deck",
    "match",
    "notes_items",
    "parts",
    "render_coverage",
    "render_fault",
    "render_faults",
    "shipped_decks",
]


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
