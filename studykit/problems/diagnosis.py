"""What went wrong: which mistakes give exactly the learner's answer.

A mistake is reported only if its answer agrees with what was typed and the right answer does not.
The problem's own mistakes come first; then slips in writing the answer down (transposed, a minus
dropped, cut off, rounded too early); then two mistakes together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from studykit.answers import Figures, Places
from studykit.problems.family import Mistake
from studykit.problems.formula import same
from studykit.problems.pipeline import Pipeline, Pool
from studykit.problems.problem import Asks, Wrong, tolerances
from studykit.problems.rounding import rounded, truncated
from studykit.problems.typed import Typed
from studykit.problems.values import Value, cells, finite, grid, indexes

PAIRS = 600
"""At most so many pairs of mistakes are tried, which bounds the time of a marking."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A mistake that explains the answer: its name, its step, one sentence for the learner."""

    mistake: str
    step: str
    says: str
    cause: str = ""


Fits = Callable[[Value], bool]


def fitting(typed: Typed, asks: Asks, slack: float) -> Fits:
    """A test whether a value is what was typed, as far as its digits tell.

    Half a unit of the last place asked is allowed, or of the last place typed if that is coarser
    (but still shows hundredths); and what rounding on the way may add.
    """
    if asks.kind == "formula":
        return lambda value: same(typed.expression, value.expression)
    hair = 1e-9
    written = [u / 2 if hair < u <= 0.01 else 0.0 for u in typed.units]
    if isinstance(asks.precision, Places):
        asked = 0.5 * 10.0**-asks.precision.n + slack
        written = [max(u, asked) for u in written]
    figures = asks.precision if isinstance(asks.precision, Figures) else None
    if figures is not None:  # a typed 0.00 says nothing about how small a number was meant
        written = [0.0] * len(written)
    rows, columns = typed.shape
    given = tuple(zip(typed.cells, written, strict=True))

    def fits(value: Value) -> bool:
        other = grid(value)
        if (len(other), len(other[0])) != (rows, columns):
            # A vector may be typed as a column.
            if asks.kind != "vector" or columns != 1 or (len(other), len(other[0])) != (1, rows):
                return False
            other = [[x] for x in other[0]]
        at = iter(given)
        for row in other:
            for y in row:
                x, t = next(at)
                if figures is not None and y:
                    t = max(t, tolerances([y], figures, slack)[0])
                if abs(x - y) > t + hair * (abs(y) + 1e-3):
                    return False
        return True

    return fits


def named(mistake: Mistake) -> Diagnosis:
    return Diagnosis(mistake.name, mistake.step, mistake.says, mistake.cause)


def diagnose(
    fits: Fits, right: Value, wrongs: Iterable[Wrong], asks: Asks, way: Pipeline, pool: Pool
) -> tuple[Diagnosis, ...]:
    """All mistakes whose answer was typed; empty if the right answer would explain it as well."""
    if fits(right):
        return ()
    found = tuple(named(w.mistake) for w in wrongs if fits(w.answer))
    if found:
        return found
    if asks.kind != "formula":
        slip = next(_slips(fits, right, asks, way, pool), None)
        if slip is not None:
            return (slip,)
    pair = _pair(fits, way, pool)
    return pair or ()


def _slips(fits: Fits, right: Value, asks: Asks, way: Pipeline, pool: Pool) -> Iterator[Diagnosis]:
    """Slips in writing down, whatever the family."""
    last = way.asked

    def slip(name: str, says: str, step: str = last) -> Diagnosis:
        return Diagnosis(name, step, says, "writing down")

    if asks.kind == "shape":
        if fits(tuple(reversed(right))):
            yield slip("axes-reversed", "These are the right sizes in the reverse order.")
        return
    rows = grid(right)
    if asks.kind == "matrix" and fits([list(column) for column in zip(*rows, strict=True)]):
        yield slip("transposed", "This is the right matrix transposed: rows and columns exchanged.")
    if isinstance(asks.precision, Places):
        yield from _early(fits, asks.precision.n, way, pool, slip)
        if fits(truncated(right, asks.precision.n)):
            yield slip("cut-off", "The digits were cut off; round the last one.")
    numbers = cells(right)
    if fits(_like(right, [-x for x in numbers])):
        yield slip("minus-dropped", "Every sign is the wrong way round.")
    for place, i in zip(indexes(right), range(len(numbers)), strict=True):
        if numbers[i] and fits(_like(right, [-x if j == i else x for j, x in enumerate(numbers)])):
            where = ", ".join(map(str, place))
            at = f" in [{where}]" if len(numbers) > 1 else ""
            yield slip("minus-dropped", f"The sign{at} is wrong, all else is right.")
    if fits(_like(right, [abs(x) for x in numbers])):
        yield slip("minus-dropped", "The minus signs are missing.")
    if fits(_like(right, [100 * x for x in numbers])):
        yield slip("percent", "These are percentages; plain numbers were asked for.")
    for power in (-3, -2, -1, 1, 2, 3):
        if fits(_like(right, [x * 10.0**power for x in numbers])):
            yield slip("power-of-ten", f"This is off by a factor of ten: {_times(power)}.")
    if len(rows) > 1:
        for a in range(len(rows)):
            for b in range(a):
                swapped = list(rows)
                swapped[a], swapped[b] = swapped[b], swapped[a]
                if fits(swapped):
                    yield slip("rows-swapped", f"Rows {b + 1} and {a + 1} are exchanged.")


def _early(
    fits: Fits, places: int, way: Pipeline, pool: Pool, slip: Callable[..., Diagnosis]
) -> Iterator[Diagnosis]:
    """Intermediates rounded to as many places as asked, or fewer: all of them, or one step's."""
    for digits in range(places, 0, -1):
        coarse = dict(pool)
        try:
            for stage in way.stages:
                value = stage.value(coarse)
                coarse[stage.step.name] = (
                    rounded(value, digits) if stage.step.name != way.asked else value
                )
            if finite(coarse[way.asked]) and fits(coarse[way.asked]):
                yield slip(
                    "rounded-early",
                    f"You rounded to {digits} places on the way; keep one digit more than asked.",
                )
                return
            for stage in way.stages[:-1]:
                name = stage.step.name
                if fits(way.after(pool, name, rounded(pool[name], digits))[way.asked]):
                    yield slip(
                        "rounded-early",
                        f"You rounded “{stage.step.title}” to {digits} places before going on; "
                        "keep one digit more than asked.",
                        name,
                    )
                    return
        except ArithmeticError:
            continue


def _pair(fits: Fits, way: Pipeline, pool: Pool) -> tuple[Diagnosis, ...]:
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
            if answer is not None and fits(answer):
                return named(first.mistake), named(second.mistake)
    return ()


def _like(value: Value, numbers: list[Any]) -> Value:
    rest = iter(numbers)
    return [[next(rest) for _ in row] for row in grid(value)]


def _times(power: int) -> str:
    return f"{10**power} times too large" if power > 0 else f"{10**-power} times too small"
