"""Answers found a second way: plain loops over the givens, with fractions where the key is exact.

Written apart from the families: nothing here imports their steps, their arithmetic or the engine.
A module for each topic has its `KEYS`: family → function that takes a problem's givens, its "level"
and the step "asked", and returns the answer. Where that is a gradient a module may have `FORWARD`
instead: the loss itself, from which the key is found by a complex step. Where the answer is a
formula, the key returns a function from the values of its names and sizes to the formula's value.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tests.problems.keys.slopes import Forward
from tests.problems.keys.tools import Key

KEYS: dict[str, Key] = {}
FORWARD: dict[str, Forward] = {}
GRADIENT_LEVELS: dict[str, tuple[int, ...]] = {}
for module in iter_modules(__path__):
    found = import_module(f"{__name__}.{module.name}")
    KEYS |= getattr(found, "KEYS", {})
    FORWARD |= getattr(found, "FORWARD", {})
    GRADIENT_LEVELS |= getattr(found, "GRADIENT_LEVELS", {})
