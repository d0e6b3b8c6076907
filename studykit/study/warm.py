"""What reading and judging a typed answer take, loaded while its question is read.

Loading it costs a quarter of a second at the first formula; without this the first key and the
first verdict of a session would wait for it.
"""

from __future__ import annotations

import sys
from importlib import import_module

READING = ("studykit.answers",)
FORMULA = ("numpy", "mpmath")
"""What formulas are evaluated with."""


def missing(*, formula: bool) -> tuple[str, ...]:
    """The modules that an answer of this kind will want and that are not loaded."""
    wanted = (*READING, *FORMULA) if formula else READING
    return tuple(name for name in wanted if name not in sys.modules)


def load(modules: tuple[str, ...]) -> None:
    """Import them, in a thread where somebody types meanwhile."""
    for name in modules:
        import_module(name)
