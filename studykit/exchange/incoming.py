"""What a foreign file holds, in our terms and before anything is decided: the one form that every
reader gives and that `plan` works from.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Draft(NamedTuple):
    """A card as it would stand in a deck. Its texts are the small Markdown of cards."""

    deck: str
    """The name of its deck where it comes from."""
    front: str
    """The question; of a cloze the sentence, with `{{ }}` around its blanks."""
    back: str = ""
    cloze: bool = False
    explain: str = ""
    tags: tuple[str, ...] = ()
    id: str = ""
    """What it is known by; "" for one made from its text."""
    where: str = ""
    """Where it stands in the file: "line 12", "note 1700000000000"."""


class Refused(NamedTuple):
    """Something that is not taken, and why."""

    where: str
    what: str
    """Its beginning, to know it by."""
    why: str


@dataclass(slots=True)
class Incoming:
    """Everything that was found in a file."""

    kind: str
    """The format, as the learner would call it."""
    drafts: list[Draft] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    """What is left behind of cards that are taken: sentence → how often."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    """Answers and decisions, as rows of the log; each names its card."""

    def refuse(self, where: str, what: str, why: str) -> None:
        """Note that something is not taken."""
        self.refused.append(Refused(where, " ".join(what.split())[:60], why))
