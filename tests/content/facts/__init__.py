"""What the decks claim, computed a second time: one module for each deck.

`FORMULAS` gives, for a formula card, the value of the right answer from random values of its names,
found on another path than the card's own expression (a definition, a loop, a finite difference).
`DERIVED` does the same where the values must fit together and so are made by the check itself.
`NUMBERS` lists a card's numeric statements beside an expression; the last numbers of the quoted
piece must equal its value at the printed precision. `GIVEN` names decimals that are merely data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

Values = Mapping[str, Any]
Formulas = Mapping[str, Callable[[Values], Any]]
Derived = Mapping[str, Callable[[np.random.Generator], tuple[Values, Any]]]
Numbers = Mapping[str, Sequence[tuple[str, Any]]]
Given = Mapping[str, str]

NAMES = (
    "linear_maps",
    "softmax",
    "qkv_roles",
    "scaling",
    "multi_head",
    "v_functions",
    "qk_bilinear",
    "gd_backprop",
    "attention_gradients",
    "masks_encdec",
    "embeddings_position",
    "block",
    "modern",
)


def modules() -> list[ModuleType]:
    """The fact modules, one a deck."""
    return [import_module(f"{__name__}.{name}") for name in NAMES]


def gather(table: str) -> dict[str, Any]:
    """One table of all modules together, by card id."""
    together: dict[str, Any] = {}
    for module in modules():
        entries = getattr(module, table)
        twice = together.keys() & entries.keys()
        if twice:
            message = f"{table} has two entries for {sorted(twice)}"
            raise ValueError(message)
        together.update(entries)
    return together
