"""The values that go in and out of the progress file. Days are study days, times ms since 1970."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeAlias


class DeckRow(NamedTuple):
    """A deck file as it was last read."""

    id: str
    hash: str
    """Of the file's content; differs when its cards have to be read again."""
    title: str
    position: int
    path: str


class CardRow(NamedTuple):
    """What progress keeps of a card, in the order of its deck."""

    id: str
    kind: str
    text: str
    """What identifies it when it has no id of its own."""
    family: str | None = None
    requires: tuple[str, ...] = ()
    """Cards to know first."""


class KnownCard(NamedTuple):
    """A card seen before, for finding it again after its text was edited."""

    id: str
    text: str
    present: bool
    reps: int
    """Answers that would be lost with it."""


class Review(NamedTuple):
    """One answer. `id` and `machine` are given by the store."""

    card: str | None
    """None for a drawn problem outside the decks, of an interview."""
    day: int
    at_ms: int
    grade: int | None
    due: int | None
    """The day that this answer set; None when it does not form memory."""
    elapsed_ms: int = 0
    was: str = "due"
    """Why it was asked: new, learning, due or early; missed: it was not, an interview missed it."""
    kind: str = "study"
    """study, cram or interview; only study forms memory."""
    deck: str | None = None
    ticket: str | None = None
    answer: str | None = None
    result: str | None = None
    mistakes: tuple[str, ...] = ()
    hints: int = 0
    suggested: int | None = None
    session: str | None = None
    detail: str | None = None
    id: str = ""
    machine: str = ""


class Answered(NamedTuple):
    """What a fold reads of a logged answer."""

    day: int
    grade: int
    due: int
    kind: str


class MemoryRow(NamedTuple):
    """What is remembered of one card; the same fields in the same order as `memory.Memory`."""

    stability: float
    difficulty: float
    due: int
    last: int
    reps: int
    lapses: int
    learning: bool


class Standing(NamedTuple):
    """One card as it stands: its memory, and whether it is set aside."""

    memory: MemoryRow | None
    suspended: bool = False
    buried_until: int = 0
    """Not asked before this day."""


class Remembered(Protocol):
    """A memory handed in: `memory.Memory`, or a `MemoryRow`."""

    @property
    def stability(self) -> float: ...
    @property
    def difficulty(self) -> float: ...
    @property
    def due(self) -> int: ...
    @property
    def last(self) -> int: ...
    @property
    def reps(self) -> int: ...
    @property
    def lapses(self) -> int: ...
    @property
    def learning(self) -> bool: ...


Fold: TypeAlias = Callable[[Sequence[Answered]], Remembered | None]
"""Answers of one card in order → the memory they leave; handed in, for FSRS is not known here."""


class Undone(NamedTuple):
    """What an undo took back, or a redo brought again."""

    id: str
    kind: str
    """review, or the action: suspend, bury …"""
    card: str | None
    review: Review | None = None


class Counts(NamedTuple):
    """Cards of one deck on a day, before any daily limit."""

    new: int
    learning: int
    due: int
    total: int
    suspended: int


class DoneToday(NamedTuple):
    """What was answered on one study day, cram and interviews apart."""

    new: int
    """Cards answered for the first time."""
    reviews: int
    """Answers to due cards."""
    answers: int
    """All of them, learning included."""
    again: int
    elapsed_ms: int
