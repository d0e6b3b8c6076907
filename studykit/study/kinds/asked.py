"""One card while it is being asked: what every kind can do, and what it refuses.

A kind gives a Question and turns what the learner does into an Outcome. It knows nothing of grades,
intervals or storage: the session adds those.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from studykit.decks.schema import Base
from studykit.study.errors import StudyError
from studykit.study.question import Asks, Kind, Outcome, Question, Status
from studykit.study.reading import NOTHING, Reading

if TYPE_CHECKING:
    from studykit.study.heat import WeightMap
    from studykit.study.kinds.steps import Walk


@dataclass(frozen=True, slots=True)
class Showing:
    """The circumstances of one showing of a card."""

    card: str
    deck: str
    deck_title: str
    status: Status
    turn: int
    """How often the card was answered before: it decides the drawn problem and the order of
    options, so that an undo or a restart shows the same again."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """What the deck calls its sources, by their short keys."""
    drawn: int | None = None
    """The seed itself, for a problem that no card asks."""
    decimal_comma: bool = False
    """Whether a comma in a typed number is its decimal point."""

    def ask(self, kind: Kind, asks: Asks, text: str, **more: Any) -> Question:
        """The question of this showing; `more` are the fields that this kind has besides."""
        return Question(
            card=self.card,
            deck=self.deck,
            deck_title=self.deck_title,
            kind=kind,
            asks=asks,
            text=text,
            status=self.status,
            **more,
        )

    def seed(self) -> int:
        """A number below a million that depends on card and turn alone."""
        if self.drawn is not None:
            return self.drawn
        digest = hashlib.sha256(f"{self.card}\n{self.turn}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % 1_000_000


class Asked(Protocol):
    """A card being asked."""

    @property
    def question(self) -> Question: ...

    def reveal(self) -> Outcome:
        """The answer, without one given."""
        ...

    def answer(self, text: str) -> Outcome: ...

    def reading(self, text: str) -> Reading:
        """What the text reads as so far."""
        ...

    def choose(self, index: int) -> Outcome: ...

    def tick(self, ticks: Collection[int]) -> Outcome: ...

    def hint(self, number: int) -> str | None:
        """The hint with this number, from 0; None after the last."""
        ...

    def solution(self) -> str: ...

    def correction(self) -> str:
        """What the source note says and what is right, in Markdown; empty where it does not err."""
        ...

    def givens(self) -> Mapping[str, Any]:
        """What a calculator may know by name."""
        ...

    def weights(self) -> tuple[WeightMap, ...]:
        """The attention weights of a problem."""
        ...

    def walk(self) -> Walk:
        """The way through its steps, from the first."""
        ...


class Shown:
    """A card that is thought about and revealed; the base of all kinds."""

    def __init__(self, question: Question, back: str, explain: str = "", note: str = "") -> None:
        self.question = question
        self._back = back
        self._explain = explain
        self._note = note.strip()

    def reveal(self) -> Outcome:
        return Outcome(result="self", back=self._back, explain=self._explain)

    def answer(self, text: str) -> Outcome:
        raise StudyError("This card is not answered by typing; reveal it and grade yourself.")

    def reading(self, text: str) -> Reading:
        return NOTHING

    def choose(self, index: int) -> Outcome:
        raise StudyError("This card has no options to choose from; show its answer.")

    def tick(self, ticks: Collection[int]) -> Outcome:
        raise StudyError("This card has no rubric to tick; grade it.")

    def hint(self, number: int) -> str | None:
        return None

    def solution(self) -> str:
        raise StudyError("This card has no worked solution; its answer is all there is.")

    def correction(self) -> str:
        if not self._note:
            return ""
        parts = ("**The note.**", self._note, "**What is right.**", self._back, self._explain)
        return "\n\n".join(part for part in parts if part)

    def givens(self) -> Mapping[str, Any]:
        return {}

    def weights(self) -> tuple[WeightMap, ...]:
        return ()

    def walk(self) -> Walk:
        raise StudyError("This card has no steps; answer it whole.")


def unread(cause: str, position: int | None, *, helped: bool) -> Outcome:
    """Why a typed answer cannot be read or its shapes do not fit; the question stays open."""
    says = f"{cause} (This counts as a hint, not as an attempt.)" if helped else cause
    return Outcome(result="unreadable", back="", says=says, position=position, helped=helped)


def explanation(card: Base, showing: Showing) -> str:
    """What is shown below the answer: why it is so, and where it comes from."""
    parts = [card.explain.strip()]
    if card.sources:
        cited = (_cited(source, showing.sources) for source in card.sources)
        parts.append(f"*Source:* {'; '.join(cited)}")
    return "\n\n".join(part for part in parts if part)


def _cited(source: str, names: Mapping[str, str]) -> str:
    """`001 §5` as "Note 001 §5", from the first words of what the deck calls that source."""
    key, _, section = source.partition(" ")
    if key not in names:
        return source
    return f"{names[key].split(',')[0]} {section}".strip()
