"""What went wrong: which mistakes give exactly the learner's answer.

A mistake is reported only if its answer agrees with what was typed and the right answer does not.
The problem's own mistakes come first; then slips in writing the answer down (transposed, a minus
dropped, cut off, rounded too early); then two mistakes together, or a mistake and a slip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from studykit.problems.family import Mistake
from studykit.problems.given import Given
from studykit.problems.pipeline import Pipeline, Pool
from studykit.problems.problem import Wrong
from studykit.problems.values import Value, cells
from studykit.problems.writing_down import Slip, roundings, slips

PAIRS = 600
"""At most so many pairs of mistakes are tried, which bounds the time of a marking."""

TELLING = 3
"""With fewer cells than this, a mistake and a slip together explain too much by chance."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A mistake that explains the answer: its name, its step, one sentence for the learner."""

    mistake: str
    step: str
    says: str
    cause: str = ""
    method: bool = True
    """Whether the method was wrong, and not only what was written down."""
    besides: bool = False
    """Whether it was made together with the one before it, and is no other explanation."""


def named(mistake: Mistake) -> Diagnosis:
    """A family's mistake, as found."""
    return Diagnosis(mistake.name, mistake.step, mistake.says, mistake.cause)


def diagnose(
    given: Given, right: Value, wrongs: Iterable[Wrong], way: Pipeline, pool: Pool
) -> tuple[Diagnosis, ...]:
    """All mistakes whose answer was typed; empty if the right answer would explain it as well."""
    if given(right):
        return ()
    wrongs = tuple(wrongs)
    found = tuple(named(w.mistake) for w in wrongs if given(w.answer))
    if found:
        return found
    if given.asks.kind == "formula":
        return _two_mistakes(given, way, pool)
    slip = next(slips(given, right), None)
    if slip is not None:
        return (_written(slip, way),)
    rounded = tuple(_written(slip, way, "rounding") for slip in roundings(given, right, way, pool))
    return rounded or _two_mistakes(given, way, pool) or _mistake_and_slip(given, wrongs, way)


def _written(slip: Slip, way: Pipeline, cause: str = "writing down") -> Diagnosis:
    name, step, says = slip
    return Diagnosis(name, step or way.asked, says, cause, method=False)


def _two_mistakes(given: Given, way: Pipeline, pool: Pool) -> tuple[Diagnosis, ...]:
    """Two mistakes at different steps, the earlier one first."""
    tried = 0
    for first in way.slips:
        between = way.mistaken(first, pool)
        if between is None:
            continue
        later = set(way.follows(first.mistake.gives or first.mistake.step))
        for second in way.slips:
            if second.mistake.step not in later:
                continue
            tried += 1
            if tried > PAIRS:
                return ()
            answer = way.with_mistake(second, between)
            if answer is not None and given(answer):
                return _both(named(first.mistake), named(second.mistake))
    return ()


def _mistake_and_slip(
    given: Given, wrongs: Iterable[Wrong], way: Pipeline
) -> tuple[Diagnosis, ...]:
    """A mistake of the method whose answer was then written down wrongly."""
    if given.asks.kind == "shape":
        return ()
    for wrong in wrongs:
        for slip in _likely(given, wrong.answer):
            return _both(named(wrong.mistake), _written(slip, way))
    return ()


def _likely(given: Given, answer: Value) -> Iterator[Slip]:
    numbers = cells(answer)
    enough = sum(1 for x in numbers if x) >= TELLING
    return (slip for slip in slips(given, answer) if enough or slip[0] == "minus-dropped")


def _both(first: Diagnosis, second: Diagnosis) -> tuple[Diagnosis, ...]:
    return first, replace(second, besides=True)
