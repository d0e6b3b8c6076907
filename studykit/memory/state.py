"""What is remembered of one card, and how it follows from the answers in the log.

`Memory` is a cache: `fold` makes it again from the logged answers, each of which carries the due
day that was set when it was given, so a rebuilt memory equals the stored one to the day.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from studykit.memory.days import elapsed_days
from studykit.memory.model import Grade, Model, Strength

STUDY = "study"
"""The kind of answer that forms memory; answers of a cram or an interview only stand in the log."""


class Memory(NamedTuple):
    """One card after at least one answer. Days are study days."""

    stability: float
    difficulty: float
    due: int
    last: int
    """Study day of the last answer."""
    reps: int
    """Answers that counted."""
    lapses: int
    """How often it was forgotten after it had been learned."""
    learning: bool
    """Graded Again and not yet known since: it comes back on the same day."""

    @property
    def strength(self) -> Strength:
        """S and D as the model takes them."""
        return Strength(self.stability, self.difficulty)

    @property
    def interval(self) -> int:
        """Days that were set at the last answer; 0 while learning."""
        return 0 if self.learning else max(0, self.due - self.last)


class Answer(Protocol):
    """What `fold` reads of a logged answer."""

    @property
    def day(self) -> int: ...
    @property
    def grade(self) -> int: ...
    @property
    def due(self) -> int: ...
    @property
    def kind(self) -> str: ...


def strengthened(memory: Memory | None, grade: int, day: int, model: Model) -> Strength:
    """S and D after an answer on `day`; a clock that went backwards counts as the same day."""
    if memory is None:
        return model.first(grade)
    return model.next(memory.strength, grade, elapsed_days(memory.last, day))


def answered(memory: Memory | None, grade: int, day: int, due: int, strength: Strength) -> Memory:
    """The memory after this answer, with its strength and due day already decided.

    A lapse is counted once, when a learned card is graded Again, not for each Again after it.
    `last` follows the clock even backwards: an answer dated 2099 by mistake must not freeze a card.
    """
    again = grade == Grade.AGAIN
    forgotten = again and memory is not None and not memory.learning
    return Memory(
        stability=strength.stability,
        difficulty=strength.difficulty,
        due=due,
        last=day,
        reps=(memory.reps if memory else 0) + 1,
        lapses=(memory.lapses if memory else 0) + forgotten,
        learning=again,
    )


def fold(answers: Iterable[Answer], model: Model) -> Memory | None:
    """The memory that these answers of one card leave, in their order; None without any."""
    memory: Memory | None = None
    for answer in answers:
        if answer.kind != STUDY:
            continue
        strength = strengthened(memory, answer.grade, answer.day, model)
        memory = answered(memory, answer.grade, answer.day, answer.due, strength)
    return memory
