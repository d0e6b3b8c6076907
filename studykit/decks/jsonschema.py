"""The JSON Schema of a deck file, for editors that complete and check YAML while it is written."""

from __future__ import annotations

import ast
import inspect
import json
from pathlib import Path
from typing import Any

import msgspec

from . import schema
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
    for name, told in _told_fields().items():
        for heir in _heirs(name):
            for field, text in told.items():
                definitions[heir]["properties"][field]["description"] = text
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "studykit deck",
        "$ref": "#/$defs/Deck",
        "$defs": {name: _any_scalar(definitions[name]) for name in sorted(definitions)},
    }


def _any_scalar(node: Any) -> Any:
    """A text may be written `0.5` or `no`: to the reader every scalar is text, to editors not."""
    if isinstance(node, list):
        return [_any_scalar(item) for item in node]
    if not isinstance(node, dict):
        return node
    wide = {key: _any_scalar(item) for key, item in node.items()}
    if wide.get("type") == "string":
        wide["type"] = ["string", "number", "boolean"]
    return wide


def _told_fields() -> dict[str, dict[str, str]]:
    """Struct → field → the docstring under the field in `schema`, for an editor to show."""
    told: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(schema)).body:
        if isinstance(node, ast.ClassDef):
            fields = told.setdefault(node.name, {})
            for field, text in zip(node.body, node.body[1:], strict=False):
                if (
                    isinstance(field, ast.AnnAssign)
                    and isinstance(field.target, ast.Name)
                    and isinstance(text, ast.Expr)
                    and isinstance(text.value, ast.Constant)
                ):
                    fields[field.target.id] = inspect.cleandoc(str(text.value.value))
    return told


def _heirs(struct: str) -> list[str]:
    """The definitions that have a struct's fields: its own, or for `Base` every kind's."""
    if struct == schema.Base.__name__:
        return [kind.__name__ for kind in KINDS.values()]
    return [struct]


def schema_text() -> str:
    """The schema as the text of its file."""
    return json.dumps(deck_schema(), indent=2, ensure_ascii=False) + "\n"


def write_schema(path: Path) -> None:
    """Write the schema file."""
    path.write_text(schema_text(), encoding="utf-8")
