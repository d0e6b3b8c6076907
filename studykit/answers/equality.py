"""Are two formulas the same function? Decided by their values at seeded points: in machine numbers
first, and at fifty digits wherever those disagree, vanish or leave a doubt.

Nothing is simplified, so nothing can hang and no equivalent form is refused.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .arithmetic import DIGITS, FLOATS, Undefined, Unknown, digits
from .arrays import Value, is_array
from .declarations import Dim, Shape
from .evaluation import Evaluator, quietly
from .expressions import Expression
from .point import Point, Work
from .sampling import more_points, points, raised_points

CLOSE = 1e-10
SURE = 1e-25
MANY_DIGITS = 400
CLEAR = 1e-6
"""A relative difference that rounding does not make, barring cancellation."""

LEAST = 3
COMBINATIONS = 12
CONFIRMED = 2

Place = tuple[Point, dict[str, int]]


@dataclass(slots=True)
class Comparison:
    """What comparing two formulas found.

    `same` is None when too few points told anything; `gap` is the largest relative difference.
    `pairs` holds (point, given, expected) in machine numbers, for diagnosis.
    """

    same: bool | None = None
    gap: float = 0.0
    pairs: list[tuple[Place, Value, Value]] = field(default_factory=list)
    beyond: bool = False
    """Whether the two differed where neither is real."""
    unknown: bool = False
    """Whether a value somewhere was too large to be worked out."""


def places(given: Expression, expected: Expression, *, more: bool = False) -> Iterator[Place]:
    """Every point, with every combination of the free indices (the first dozen).

    `more` gives further points instead, for formulas that are real at few of the others.
    """
    free: dict[str, Dim] = dict(expected.free) | dict(given.free)
    used = given.used | expected.used
    if more:
        chosen_points = more_points(given.names, used)
    else:
        chosen_points = points(given.names, used, given.dims + expected.dims)
        raised = given.raised | expected.raised
        if raised:
            chosen_points += raised_points(given.names, used, raised)
    for point in chosen_points:
        ranges = [range(1, point.dim(dim) + 1) for dim in free.values()]
        for chosen in itertools.islice(itertools.product(*ranges), COMBINATIONS):
            yield point, dict(zip(free, chosen, strict=True))


def fits(given: Shape, expected: Shape) -> bool:
    """Whether shapes agree; a vector without orientation fits a row or a column."""
    if given == expected:
        return True
    if len(given) == len(expected):
        return False
    flat, full = sorted((given, expected), key=len)
    return len(flat) == 1 and full in {(flat[0], 1), (1, flat[0])}


def compare(
    given: Expression,
    expected: Expression,
    *,
    tolerance: float = 0.0,
    work: Work | None = None,
    enough: int | None = None,
) -> Comparison:
    """Compare two formulas of fitting shapes. `enough` stops early, for quick looks.

    Raises AnswerError where that takes more than the work allowed.
    """
    with quietly(given.arrays or expected.arrays):
        return _compared(given, expected, tolerance, work or Work(), enough)


def _compared(
    given: Expression, expected: Expression, tolerance: float, work: Work, enough: int | None
) -> Comparison:
    found = Comparison()
    agreed: list[Place] = []
    limit = max(CLOSE, tolerance)
    for place in places(given, expected):
        verdict = _at(given, expected, place, limit, tolerance, work, found, enough is not None)
        if verdict is False:
            found.same = False
            if enough is not None or len(found.pairs) >= 4:
                return found
        elif verdict is True:
            agreed.append(place)
            if enough is not None and len(agreed) >= enough:
                break
    if found.same is not False and enough is None and len(agreed) < LEAST:
        for place in places(given, expected, more=True):
            verdict = _at(given, expected, place, limit, tolerance, work, found, False)
            if verdict is False:
                found.same = False
                break
            if verdict is True:
                agreed.append(place)
    if found.same is False:
        return found
    if len(agreed) < min(LEAST, enough or LEAST):
        # Real nowhere: then the complex values have to decide.
        found.same = False if found.beyond else None
        found.gap = 1.0
        return found
    found.same = True
    if not tolerance and enough is None:
        for place in agreed[:: max(1, len(agreed) // CONFIRMED)][:CONFIRMED]:
            if _exactly(given, expected, place, work, found) is False:
                found.same = False
    return found


def _at(
    given: Expression,
    expected: Expression,
    place: Place,
    limit: float,
    tolerance: float,
    work: Work,
    found: Comparison,
    quick: bool,
) -> bool | None:
    """Agreement at one place; None if it tells nothing.

    A clear difference need not be confirmed twice, nor where a quick look is enough.
    """
    a, b = (_value(e, place, work) for e in (given, expected))
    if a is None or b is None:
        return _exactly(given, expected, place, work, found)
    gap = _gap(a, b)
    if gap is not None and gap <= limit and not _all_zero(a, b):
        found.pairs.append((place, a, b))
        return True
    if tolerance and gap is not None:
        found.pairs.append((place, a, b))
        found.gap = max(found.gap, gap)
        return False
    if gap is not None and gap > CLEAR and (quick or found.same is False):
        found.pairs.append((place, a, b))
        return False
    verdict = _exactly(given, expected, place, work, found)
    if verdict is False:
        found.pairs.append((place, a, b))
    return verdict


def _value(expression: Expression, place: Place, work: Work) -> Value | None:
    point, indices = place
    try:
        return Evaluator(FLOATS, point, work, dict(indices)).value(expression.tree)
    except Undefined:
        return None


def _exactly(
    given: Expression, expected: Expression, place: Place, work: Work, found: Comparison
) -> bool | None:
    """The same at fifty digits. One side undefined where the other is not is a difference.

    A difference that rounding could have made, or a division by what may only have cancelled, is
    looked at again with many more digits: noise shrinks, a true difference stays.
    """
    try:
        a, b, noise = _precise(given, expected, place, work, DIGITS)
        off = None
        if a is None or b is None:
            if a is None and b is None:
                return None
            a, b, noise = _precise(given, expected, place, work, MANY_DIGITS)
        elif (gap := _gap(a, b)) is not None and gap > SURE and _off(a, b) <= noise:
            off = _off(a, b)
            a, b, noise = _precise(given, expected, place, work, MANY_DIGITS)
    except Unknown:
        found.unknown = True
        return None
    if a is None or b is None:
        found.gap = 1.0
        return None if a is None and b is None else False
    gap = _gap(a, b)
    if gap is not None and gap <= SURE:
        return True
    if off is not None and gap is not None and _off(a, b) <= min(noise, off * SURE):
        return True
    if gap is not None and not _complex_question(given) and _nonreal(a) and _nonreal(b):
        found.beyond = True
        return None
    found.gap = max(found.gap, float(gap) if gap is not None else 1.0)
    return False


def _complex_question(given: Expression) -> bool:
    """Whether any name may be complex; else a formula counts only where it is real."""
    return any(given.names.declared[name].domain.complex for name in given.used)


def _nonreal(value: Value) -> bool:
    entries = list(value.flat) if is_array(value) else [value]
    return any(
        hasattr(v, "imag") and abs(v.imag) > 1e-12 * abs(v.real) and v.imag != 0 for v in entries
    )


def _precise(
    given: Expression, expected: Expression, place: Place, work: Work, places: int
) -> tuple[Value | None, Value | None, Any]:
    """Both values at so many digits, and what rounding alone may leave between them."""
    point, indices = place
    kit = digits(places)
    values: list[Any] = []
    largest: Any = 0
    for expression in (given, expected):
        # These digits cost some thirty times as much as a float.
        work.left -= 200
        work.spend(0)
        evaluator = Evaluator(kit, point, work, dict(indices))
        try:
            values.append(evaluator.value(expression.tree))
        except Unknown:
            raise
        except Undefined:
            values.append(None)
        largest = max(largest, evaluator.largest)
    return values[0], values[1], largest * kit.number(Fraction(1, 10 ** (places - 8)))


def _off(a: Value, b: Value) -> Any:
    """The largest absolute difference of two values of one shape."""
    if not is_array(a):
        return abs(a - b)
    return max(abs(x - y) for x, y in zip(a.flat, b.flat, strict=True))


def _gap(a: Value, b: Value) -> float | None:
    """The largest relative difference of two values; None if their shapes differ."""
    if is_array(a) != is_array(b):
        return None
    if not is_array(a):
        gap: float = _relative(a, b)
        return gap
    if a.ndim != b.ndim:
        a, b = a.reshape(-1), b.reshape(-1)
    if a.shape != b.shape:
        return None
    worst = 0.0
    for x, y in zip(a.flat, b.flat, strict=True):
        gap = _relative(x, y)
        if not gap <= worst:
            worst = gap
    return worst


def _relative(x: Any, y: Any) -> Any:
    if x == y:
        return 0.0
    return abs(x - y) / max(abs(x), abs(y))


def _all_zero(a: Value, b: Value) -> bool:
    """Both vanish everywhere: they may have underflowed."""
    both: Sequence[Any] = [*a.flat, *b.flat] if is_array(a) else [a, b]
    return all(v == 0 for v in both)
