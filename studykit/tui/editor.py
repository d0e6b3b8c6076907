"""How the learner's editor is told to open a file at a line.

Editors disagree: vi, nano and emacs take `+LINE FILE`, VS Code and its kin `-g FILE:LINE`, Sublime
and Helix `FILE:LINE`. An editor we do not know gets the file alone.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from shutil import which

PLUS = {
    *("vi", "vim", "nvim", "gvim", "view", "nano", "rnano", "emacs", "emacsclient", "pico", "joe"),
    *(
        "jed",
        "mg",
        "ne",
        "kak",
        "kakoune",
        "micro",
        "gedit",
        "vis",
        "zile",
        "ed",
        "sensible-editor",
    ),
    *("editor", "mcedit"),
}
GOTO = {"code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"}
USUAL = ("editor", "nano", "vim", "vi")
"""Tried in this order where nothing is set."""
COLON = {"subl", "hx", "helix", "zed", "lapce"}


def editor_command(setting: str, path: Path, line: int) -> list[str] | None:
    """The command that opens `path` at `line` (1-based), or None when no editor is known.

    `setting` wins over $VISUAL, which wins over $EDITOR, and that over what is installed. VS Code
    and its kin are told to wait, or the card would be read again before it was edited.
    """
    chosen = setting or os.environ.get("VISUAL") or os.environ.get("EDITOR") or usual()
    try:
        words = shlex.split(chosen)
    except ValueError:
        words = [chosen]
    if not words:
        return None
    name = Path(words[0]).name.removesuffix(".exe")
    if name in GOTO:
        wait = [] if {"-w", "--wait"} & set(words) else ["--wait"]
        return [*words, *wait, "-g", f"{path}:{line}"]
    if name in COLON:
        wait = ["--wait"] if name in ("subl", "zed") and "--wait" not in words else []
        return [*words, *wait, f"{path}:{line}"]
    if name in PLUS:
        return [*words, f"+{line}", str(path)]
    return [*words, str(path)]


def usual() -> str:
    """The first of the usual editors that is installed, or nothing."""
    return next((name for name in USUAL if which(name)), "")
