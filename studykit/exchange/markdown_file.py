"""Markdown with cards in it → drafts, in either of the two common styles.

hashcards (and repeater): `Q:`, `A:` and `C:` at the beginning of a line. Obsidian's spaced
repetition: `front::back`, `front:::back`, `?`, `??` and `==blanks==`. A file with a `Q:` or `C:` is
of the first kind.
"""

from __future__ import annotations

import re
from pathlib import Path

from studykit.exchange.hashcards import read_hashcards
from studykit.exchange.incoming import Incoming
from studykit.exchange.obsidian import read_obsidian
from studykit.exchange.text_file import read_text

_TAGGED = re.compile(r"^[QC]:", re.MULTILINE)


def read_markdown(path: Path) -> Incoming:
    """The cards of a Markdown file. Raises ExchangeError."""
    text = read_text(path).replace("\t", "    ")
    if _TAGGED.search(text):
        return read_hashcards(text, path.stem)
    return read_obsidian(text, path.stem)
