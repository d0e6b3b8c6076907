"""What an interview is about, fixed when it begins, and how long each question may take."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

Seniority = Literal["junior", "mid", "senior", "research"]
SENIORITIES: tuple[Seniority, ...] = ("junior", "mid", "senior", "research")
Phase = Literal["warm-up", "core", "deep dive", "what if"]
PHASES: tuple[Phase, ...] = ("warm-up", "core", "deep dive", "what if")

START_AT: dict[Seniority, int] = {"junior": 2, "mid": 3, "senior": 4, "research": 5}
"""Difficulty at which the core begins."""
REACH = 2
"""How far from there answers may move it: nobody asks a junior what only research answers, or a
senior what the alphabet is."""

WARM_UP, CORE = 0.12, 0.65
"""Shares of the time after which the warm-up and the core are over."""

ALLOWED: dict[str, tuple[int, ...]] = {
    "choice": (60, 60, 60, 90, 90),
    "flaw": (90, 90, 120, 120, 150),
    "formula": (120, 120, 180, 240, 300),
    "problem": (150, 240, 300, 360, 420),
    "open": (180, 210, 240, 300, 360),
}
"""Seconds that a question of a kind may take, by difficulty 1 to 5."""
FOLLOW_UP = 90
"""Seconds for a follow-up."""


@dataclass(frozen=True, slots=True)
class Terms:
    """One interview as it was agreed. The same terms and answers give the same questions."""

    id: str
    """Session of its answers in the log."""
    seed: int
    minutes: int
    seniority: Seniority
    topics: tuple[str, ...]
    """Decks asked about, in no order."""
    begun_ms: int

    def text(self) -> str:
        """What is kept of it, for `read_terms`."""
        return json.dumps(asdict(self))


def read_terms(text: str) -> Terms:
    """The terms that were kept as `text`."""
    fields = json.loads(text)
    return Terms(**{**fields, "topics": tuple(fields["topics"])})


def allowed_seconds(kind: str, difficulty: int, *, follow_up: bool = False) -> int:
    """How long an answer may take before it counts as slow."""
    if follow_up:
        return FOLLOW_UP
    return ALLOWED[kind][difficulty - 1]
