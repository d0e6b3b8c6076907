"""Whether there is a terminal that a full screen can be drawn on."""

from __future__ import annotations

import os
import sys


def in_browser() -> bool:
    """Whether the screen is a page: its driver says so."""
    return os.environ.get("TEXTUAL_DRIVER", "").endswith("WebDriver")


def full_screen() -> bool:
    """Whether input and output are a terminal that knows escape codes, or a page in a browser."""
    if in_browser():
        return True
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
