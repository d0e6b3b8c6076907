"""Where a learner's own families of problems lie, where the settings allow them to be loaded.

They are code that runs with all the learner's rights, so nothing is loaded unless the setting
`own_families` says so. Reading the settings decides it; the room `problems` asks here.
"""

from __future__ import annotations

from pathlib import Path

_allowed: Path | None = None


def allow(folder: Path | None) -> None:
    """Let families be loaded from this folder alone; from none at all for None."""
    global _allowed
    _allowed = folder


def allowed() -> Path | None:
    return _allowed
