"""What was begun and not graded yet: typed text, notes, the steps behind.

It lies in a small file of its own beside the log, so that closing the app in the middle of a
question, or a crash, loses none of it. A draft is never an answer: it is put back into the fields,
to be checked or changed. A file that is gone or cannot be read is no draft.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

import msgspec

MOST = 20
"""Questions whose drafts are kept; the one touched longest ago makes room."""


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a learner is with one question."""

    typed: dict[str, str] = {}
    """What stands in the fields: by the name of the step, "" for the whole."""
    notes: str = ""
    steps: tuple[str, ...] = ()
    """What was typed for the steps behind; "" for one that was shown."""
    walking: bool = False
    """Whether a step is asked, and not the whole."""
    hints: int = 0
    hints_of_whole: int = 0
    spent_ms: int = 0
    """Time that went into it, where that is limited; being away is not counted."""
    judged: str | None = None
    """What was judged where a verdict stands; "" for an answer that was shown."""


EMPTY = Draft()


class Drafts:
    """The drafts of one learner, by the name of their question."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: dict[str, Draft] | None = None

    def of(self, name: str) -> Draft:
        """What was begun on this question; empty where nothing was."""
        return self._read().get(_key(name), EMPTY)

    def keep(self, name: str, draft: Draft) -> None:
        """Put a draft down. One that is empty is dropped, one that stands there costs nothing."""
        kept, key = self._read(), _key(name)
        if kept.get(key, EMPTY) == draft:
            return
        kept.pop(key, None)
        if draft != EMPTY:
            kept[key] = draft
        while len(kept) > MOST:
            del kept[next(iter(kept))]
        self._write(kept)

    def drop(self, name: str) -> None:
        """Forget it: the question is graded."""
        self.keep(name, EMPTY)

    def _read(self) -> dict[str, Draft]:
        if self._kept is None:
            try:
                text = self._path.read_bytes()
                self._kept = msgspec.json.decode(text, type=dict[str, Draft])
            except (OSError, msgspec.DecodeError):
                self._kept = {}
        return self._kept

    def _write(self, kept: dict[str, Draft]) -> None:
        """Whole or not at all. No flush to the disk: only a power cut could lose it, and an answer
        must not wait for it."""
        half = self._path.with_suffix(".new")
        try:
            half.write_bytes(msgspec.json.encode(kept))
            half.replace(self._path)
        except OSError:
            # A full disk is told of where an answer cannot be saved; studying goes on meanwhile.
            half.unlink(missing_ok=True)


def _key(name: str) -> str:
    """A short name that gives nothing of the question away."""
    return blake2b(name.encode(), digest_size=16).hexdigest()
