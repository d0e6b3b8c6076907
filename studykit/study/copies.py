"""A deck that was installed with the program is edited as a copy in the learner's folder.

The copy has the deck's id and so takes its place; the original would be overwritten by the next
update. In a checkout of the program the decks are the reader's own files and edited as they stand.
"""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

from studykit.decks.places import installed_decks
from studykit.study.errors import StudyError
from studykit.study.home import Home


def to_edit(home: Home, deck: Path) -> Path:
    """The file to edit for this deck. Raises StudyError when a copy cannot be made."""
    installed = installed_decks()
    if installed is None or installed not in deck.parents:
        return deck
    names = (f"{deck.stem}{'' if n == 1 else f'-{n}'}{deck.suffix}" for n in count(1))
    copy = next(path for name in names if not (path := home.decks / name).exists())
    try:
        home.decks.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(deck, copy)
    except OSError as error:
        raise StudyError(
            f"{deck.name} is part of the program, and a copy to edit cannot be made in "
            f"{home.decks} ({error.strerror or error}): make that folder writable."
        ) from error
    return copy


def drop_unchanged(copy: Path, deck: Path) -> None:
    """Remove the copy that was made of this deck if nothing was changed in it, so that updates
    reach the deck."""
    if copy != deck and copy.exists() and copy.read_bytes() == deck.read_bytes():
        copy.unlink()
