"""Runs of twelve characters that occur in the source notes, kept as hashes.

The notes are not ours to ship, so `notes.shingles` holds five bytes of SHA-256 for each run of
twelve letters or digits (NFKC, lower case, everything else dropped) of their sentences. It is
written anew with `python -m tests.content.shingles FOLDER`, where FOLDER holds the five notes.
"""

from __future__ import annotations

import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

LENGTH = 12
BYTES = 5
STORE = Path(__file__).with_name("notes.shingles")
LAST_LINE_OF_TEXT = {"001": 43, "003": 128}
"""Where a note ends and the navigation of its web page begins."""


def normalised(text: str) -> str:
    """The text's letters and digits, nothing else."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def runs(text: str) -> set[str]:
    """Every run of twelve characters of a normalised text."""
    return {text[start : start + LENGTH] for start in range(len(text) - LENGTH + 1)}


def digest(run: str) -> bytes:
    """What is stored of a run."""
    return hashlib.sha256(run.encode()).digest()[:BYTES]


def stored() -> frozenset[bytes]:
    """The digests of all runs of the notes."""
    packed = STORE.read_bytes()
    return frozenset(packed[start : start + BYTES] for start in range(0, len(packed), BYTES))


def write(notes: Iterable[Path]) -> None:
    """Make the store from the notes' files."""
    digests: set[bytes] = set()
    for note in notes:
        lines = note.read_text("utf-8", "replace").splitlines()
        lines = lines[: LAST_LINE_OF_TEXT.get(note.name[:3], len(lines))]
        text = normalised("\n".join(line for line in lines if "http" not in line))
        digests |= {digest(run) for run in runs(text)}
    STORE.write_bytes(b"".join(sorted(digests)))


if __name__ == "__main__":
    write(sorted(Path(sys.argv[1]).glob("00*.txt")))
