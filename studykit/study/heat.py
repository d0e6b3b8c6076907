"""Attention weights as a map: rows are queries, columns keys, each cell shaded and with its number.

The number always stands beside the shade, so that nothing hangs on seeing it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studykit.problems import Problem

Rows = tuple[tuple[float, ...], ...]

SHADES = "·░▒▓█"
"""From next to nothing to nearly all of the weight, a fifth each."""
_ATTENTION = re.compile(r"weights|[Aa](_?\d+)?")
_SHARES = re.compile(r"weights|[AaPp](_?\d+)?")


@dataclass(frozen=True, slots=True)
class WeightMap:
    """One matrix of weights, each row of which sums to 1."""

    title: str
    symbol: str
    """In TeX."""
    rows: Rows
    row_names: tuple[str, ...]
    column_names: tuple[str, ...]


def shade(weight: float) -> int:
    """Which of the shades a weight has, from 0."""
    return max(0, min(len(SHADES) - 1, int(weight * len(SHADES))))


def maps(problem: Problem) -> tuple[WeightMap, ...]:
    """The weights among a problem's givens and steps."""
    steps = {one.name: one for one in problem.steps}
    found = []
    for name, value in problem.values.items():
        rows = _rows(value) if _SHARES.fullmatch(name) else None
        if rows is not None:
            step = steps.get(name)
            title, symbol = (step.title, step.symbol) if step else ("Given weights", name)
            found.append(_named(title, symbol, rows, attention=bool(_ATTENTION.fullmatch(name))))
    return tuple(found)


def _named(title: str, symbol: str, rows: Rows, *, attention: bool) -> WeightMap:
    row, column = ("query ", "key ") if attention else ("", "")
    return WeightMap(
        title,
        symbol,
        rows,
        tuple(f"{row}{n}" for n in range(1, len(rows) + 1)),
        tuple(f"{column}{n}" for n in range(1, len(rows[0]) + 1)),
    )


def _rows(value: Any) -> Rows | None:
    """The value as rows of floats, if it holds shares that sum to 1 in each."""
    if not isinstance(value, list) or not value:
        return None
    rows = value if isinstance(value[0], list) else [value]
    try:
        found = tuple(tuple(float(x) for x in row) for row in rows)
    except (TypeError, ValueError):
        return None
    shares = all(abs(sum(row) - 1) < 1e-6 and min(row) >= 0 and len(row) > 1 for row in found)
    return found if shares else None


def as_text(one: WeightMap) -> list[str]:
    """The map as lines of text, for line mode."""
    cells = [[f"{SHADES[shade(x)]} {x:.3f}" for x in row] for row in one.rows]
    left = max(map(len, one.row_names))
    width = max(max(map(len, one.column_names)), 7)
    head = " " * left + "".join(f"  {name:>{width}}" for name in one.column_names)
    return [
        head,
        *(
            f"{name:>{left}}" + "".join(f"  {cell:>{width}}" for cell in row)
            for name, row in zip(one.row_names, cells, strict=True)
        ),
    ]
