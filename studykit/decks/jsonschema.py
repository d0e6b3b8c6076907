"""The JSON Schema of a deck file, for editors that complete and check YAML while it is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from .schema import Deck
from .validate import DEFAULT_KIND, KINDS

SCHEMA_FILE = "deck.schema.json"
"""Its name beside the shipped decks."""


def deck_schema() -> dict[str, Any]:
    """The schema as plain data; the same on every call and machine."""
    (_,), definitions = msgspec.json.schema_components([Deck], ref_template="#/$defs/{name}")
    # A card without `kind` is a basic one: the loader says so, msgspec's schema cannot.
    basic = definitions[KINDS[DEFAULT_KIND].__name__]
    basic["required"] = [name for name in basic["required"] if name != "kind"]
    for kind, struct in KINDS.items():
        definitions[struct.__name__]["properties"]["kind"] = {"const": kind}
    definitions["Deck"]["properties"]["cards"]["items"].pop("discriminator", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "studykit deck",
        "$ref": "#/$defs/Deck",
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def schema_text() -> str:
    """The schema as the text of its file."""
    return json.dumps(deck_schema(), indent=2, ensure_ascii=False) + "\n"


def write_schema(path: Path) -> None:
    """Write the schema file."""
    path.write_text(schema_text(), encoding="utf-8")
