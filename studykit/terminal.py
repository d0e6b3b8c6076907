"""Whether there is a terminal that a full screen can be drawn on, and the last word where not."""

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


def complain(text: str) -> None:
    """Say why the program does not open: to whom has no terminal, on the page."""
    if in_browser():
        # As Textual's driver for pages writes: its first line, then a packet of what is shown.
        shown = f"{text}\r\nThen reload this page.".encode()
        sys.stdout.buffer.write(b"__GANGLION__\nD" + len(shown).to_bytes(4, "big") + shown)
    else:
        sys.stderr.write(f"{text}\n")
