"""Answers found a second way: plain loops over the givens, with fractions where the key is exact.

Written apart from the families: nothing here imports their steps, their arithmetic or the engine.
A module for each topic has its `KEYS`: family → function that takes a problem's givens, its "level"
and the step "asked", and returns the answer.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tests.problems.keys.tools import Key

KEYS: dict[str, Key] = {}
for module in iter_modules(__path__):
    KEYS |= getattr(import_module(f"{__name__}.{module.name}"), "KEYS", {})
