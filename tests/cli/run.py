"""Run the real command line in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


def studykit(*arguments: str, typed: str = "", **environment: str) -> Ran:
    """stdout, stderr and exit code of `studykit ARGUMENTS`, with `typed` on its standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "studykit", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
        timeout=120,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def own_deck(text: str, name: str = "own.yaml") -> Path:
    """A deck file in the learner's folder."""
    folder = Path(os.environ["STUDYKIT_HOME"]) / "decks"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
