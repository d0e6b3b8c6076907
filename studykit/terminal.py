"""Whether there is a terminal that a full screen can be drawn on."""

from __future__ import annotations

import os
import sys


def full_screen() -> bool:
    """Whether input and output are a terminal, and not one that knows no escape codes."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
