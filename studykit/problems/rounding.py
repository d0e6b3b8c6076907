"""What rounding does on the way: how much error it may add, and numbers too close to a tie.

A learner who rounds every intermediate number to one digit more than asked has done nothing
wrong, so that much error is allowed on top of half a unit in the last place asked.
"""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Figures, Places, Precision
from studykit.problems.pipeline import Pipeline, Pool
from studykit.problems.values import Value, cells, finite, mapped, rebuilt

TIE = 0.02
"""No cell of an answer comes nearer than this part of a unit to where rounding turns."""


def rounding_slack(pipeline: Pipeline, pool: Pool, precision: Precision) -> float:
    """The largest error in the answer from rounding every intermediate to one digit more.

    To first order the errors of single entries add up: each entry of each step is moved by half
    a unit of that digit, what follows is computed again, and the moves are summed per cell.
    Whatever is unchanged by the rounding (whole numbers) moves nothing.
    """
    if not isinstance(precision, Places | Figures):
        return 0.0
    answer = cells(pool[pipeline.asked])
    total = [0.0] * len(answer)
    for stage in pipeline.stages:
        name = stage.step.name
        value = pool[name]
        if name == pipeline.asked or not isinstance(value, float | list) or not finite(value):
            continue
        numbers = cells(value)
        for i, x in enumerate(numbers):
            unit = 10.0 ** -(_places(x, precision) + 1)
            if abs(x / unit - round(x / unit)) < 1e-6:
                continue
            moved = rebuilt([*numbers[:i], x + unit / 2, *numbers[i + 1 :]], value)
            other = cells(pipeline.after(pool, name, moved)[pipeline.asked])
            for j, (a, b) in enumerate(zip(answer, other, strict=True)):
                total[j] += abs(a - b)
    # One slack serves all cells. Where they differ in size (significant figures), that of the
    # smallest: a large cell's would swallow a small cell whole.
    return min(total) if isinstance(precision, Figures) else max(total)


def _places(x: float, precision: Precision) -> int:
    """Decimal places that the asked precision means for this number."""
    if isinstance(precision, Places):
        return precision.n
    if isinstance(precision, Figures) and x:
        return precision.n - 1 - math.floor(math.log10(abs(x)))
    return 0


def near_tie(numbers: list[Any], precision: Precision) -> bool:
    """Whether a cell lies so near to a rounding boundary that its last digit is in doubt."""
    if not isinstance(precision, Places | Figures):
        return False
    for x in numbers:
        places = _places(x, precision)
        if abs(abs(x) * 10.0**places % 1.0 - 0.5) < TIE:
            return True
    return False


def rounded(value: Value, places: int) -> Value:
    """Every number rounded, as somebody would who writes it down."""
    return mapped(lambda x: round(x, places) if math.isfinite(x) else x, value)


def figured(value: Value, figures: int) -> Value:
    """Every number rounded to so many significant figures."""

    def one(x: float) -> float:
        if not x or not math.isfinite(x):
            return x
        return round(x, figures - 1 - math.floor(math.log10(abs(x))))

    return mapped(one, value)


def truncated(x: float, unit: float) -> float:
    """A number cut off at a multiple of the unit."""
    return math.trunc(x / unit + math.copysign(1e-9, x)) * unit
