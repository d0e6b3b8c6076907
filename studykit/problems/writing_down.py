"""Slips that have nothing to do with the method, whatever the family: cells in the wrong order,
signs, digits cut off or rounded too early, a factor of ten.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from studykit.answers import Exact, Figures, Places
from studykit.problems.given import Given
from studykit.problems.pipeline import Pipeline, Pool
from studykit.problems.rounding import figured, rounded, truncated
from studykit.problems.values import Value, cells, finite, form, grid

Slip = tuple[str, str, str]
"""Its name, the step where it happened ("" for the answer itself), and what to say."""


def slips(given: Given, right: Value) -> Iterator[Slip]:
    """The slips that turn this value into what was typed, the most telling first."""
    if given.asks.kind == "shape":
        if given(tuple(reversed(right))):
            yield "axes-reversed", "", "These are the right sizes in the reverse order."
        return
    yield from _signs(given, right)
    yield from _order(given, right)
    yield from _sizes(given, right)


def roundings(given: Given, right: Value, way: Pipeline, pool: Pool) -> Iterator[Slip]:
    """Digits cut off at the end, or numbers on the way rounded to too few digits."""
    if given.asks.kind == "shape":
        return
    if not isinstance(given.asks.precision, Exact) and _is_cut(given, right):
        yield "cut-off", "", "The digits were cut off; round the last one."
    yield from _early(given, way, pool)


def _is_cut(given: Given, right: Value) -> bool:
    """Whether each number was cut off at the last digit asked for."""
    key = given.in_form(right)
    if key is None:
        return False
    flat = [y for row in key for y in row]
    cut = [truncated(y, given.unit(y)) if given.unit(y) else y for y in flat]
    return all(abs(x - y) <= 1e-9 * max(1.0, abs(y)) for x, y in zip(given.cells, cut, strict=True))


# The order of the cells.


def _order(given: Given, right: Value) -> Iterator[Slip]:
    """Transposed, or rows, columns or cells exchanged."""
    if len(given.cells) == 1:
        return
    rows = grid(right)
    turned = [list(column) for column in zip(*rows, strict=True)]
    if given.asks.kind == "matrix" and given(turned):
        says = "This is the right matrix transposed: rows and columns exchanged."
        yield "transposed", "", says
    off = given.misses(right)
    key = given.in_form(right)
    if off is None or key is None or not any(off):
        return
    width = len(key[0])
    wrong = [divmod(k, width) for k, differs in enumerate(off) if differs]
    lines = sorted({i for i, _ in wrong})
    if len(key) > 1 and width > 1 and len(lines) > 1:
        moved = _moved(given, key, lines, by_rows=True)
        if moved:
            yield "rows-swapped", "", _exchanged("Rows", moved)
    columns = sorted({j for _, j in wrong})
    if len(key) > 1 and width > 1 and len(columns) > 1:
        moved = _moved(given, key, columns, by_rows=False)
        if moved:
            yield "columns-swapped", "", _exchanged("Columns", moved)
    if len(wrong) == 2:
        (a, b), (c, d) = wrong
        swapped = [list(row) for row in key]
        swapped[a][b], swapped[c][d] = key[c][d], key[a][b]
        if given(swapped):
            yield "cells-swapped", "", _two_cells(len(off), wrong, min(len(key), width) == 1)
    elif min(len(key), width) == 1 and given([row[::-1] for row in key][::-1]):
        yield "order-reversed", "", "These are the right numbers in the reverse order."


def _moved(
    given: Given, key: Sequence[Sequence[float]], lines: Sequence[int], *, by_rows: bool
) -> list[int]:
    """The rows (or columns) that stand in each other's places, if all of those that differ do."""
    free = list(lines)
    for at in lines:
        found = next((k for k in free if _in_place(given, key, k, at, by_rows=by_rows)), None)
        if found is None:
            return []
        free.remove(found)
    return list(lines)


def _in_place(
    given: Given, key: Sequence[Sequence[float]], k: int, at: int, *, by_rows: bool
) -> bool:
    """Whether row (or column) k of the key was typed as row (or column) `at`."""
    width = len(key[0])
    if by_rows:
        return not any(given.misses_cell(at * width + j, y) for j, y in enumerate(key[k]))
    return not any(given.misses_cell(i * width + at, row[k]) for i, row in enumerate(key))


def _exchanged(what: str, moved: Sequence[int]) -> str:
    if len(moved) == 2:
        return f"{what} {moved[0] + 1} and {moved[1] + 1} are exchanged."
    return f"{what} {', '.join(str(k + 1) for k in moved)} are right, but in another order."


def _two_cells(count: int, wrong: Sequence[tuple[int, int]], flat: bool) -> str:
    if count == 2:
        return "The two numbers are exchanged."
    one, other = (f"[{i + 1}, {j + 1}]" if not flat else f"[{max(i, j) + 1}]" for i, j in wrong)
    return f"The entries {one} and {other} are exchanged."


# Signs.


def _signs(given: Given, right: Value) -> Iterator[Slip]:
    """The right numbers but for signs."""
    key = given.in_form(right)
    if key is None:
        return
    flat = [y for row in key for y in row]
    turned = [x * y < 0 for x, y in zip(given.cells, flat, strict=True)]
    if not any(turned):
        return
    signed = [-y if t else y for y, t in zip(flat, turned, strict=True)]
    width = len(key[0])
    if not given([signed[k : k + width] for k in range(0, len(flat), width)]):
        return
    if len(flat) == 1:
        yield "minus-dropped", "", "The sign is the wrong way round."
    elif all(t for t, y in zip(turned, flat, strict=True) if y):
        yield "minus-dropped", "", "Every sign is the wrong way round."
    elif sum(turned) > 1 and all(t == (y < 0) for t, y in zip(turned, flat, strict=True)):
        yield "minus-dropped", "", "The minus signs are missing."
    else:
        vector = min(len(key), width) == 1
        places = [divmod(k, width) for k, t in enumerate(turned) if t]
        where = " and ".join(
            f"entry {max(i, j) + 1}" if vector else f"row {i + 1}, column {j + 1}"
            for i, j in places[:4]
        )
        what = f"The sign in {where} is" if len(places) == 1 else f"The signs in {where} are"
        if len(places) > 4:
            what = "Some signs are"
        yield "minus-dropped", "", f"{what} wrong, all else is right."


# Factors of ten.


def _sizes(given: Given, right: Value) -> Iterator[Slip]:
    """Percentages, or every number off by one power of ten."""
    power = _power(given, right)
    if power == 0 or not given.reads(right, 10.0**power):
        return
    if power == 2:
        yield "percent", "", "These are percentages; plain numbers were asked for."
    yield "power-of-ten", "", f"This is off by a factor of ten: {_times(power)}."


def _power(given: Given, right: Value) -> int:
    """The power of ten, up to 3, between what was typed and a value, by the first cell that tells;
    0 where there is none."""
    key = given.in_form(right) or []
    flat = (y for row in key for y in row)
    ratio = next((x / y for x, y in zip(given.cells, flat, strict=False) if x and y), 0.0)
    power = round(math.log10(ratio)) if 0 < ratio < math.inf else 0
    return power if -3 <= power <= 3 else 0


def _times(power: int) -> str:
    return f"{10**power} times too large" if power > 0 else f"{10**-power} times too small"


# Rounding on the way.


def _early(given: Given, way: Pipeline, pool: Pool) -> Iterator[Slip]:
    """Intermediates rounded to as many digits as asked, or fewer: all of them, or one step's."""
    for digits, what in _coarse(given):
        short = figured if what.startswith("figure") else rounded
        coarse = dict(pool)
        try:
            for stage in way.stages:
                value = stage.value(coarse)
                last = stage.step.name == way.asked
                coarse[stage.step.name] = value if last else short(value, digits)
            if _is_early(given, coarse[way.asked], pool[way.asked]):
                says = f"You rounded to {digits} {what} on the way; keep one digit more than asked."
                yield "rounded-early", "", says
                return
            for stage in way.stages[:-1]:
                name = stage.step.name
                other = way.after(pool, name, short(pool[name], digits))[way.asked]
                if _is_early(given, other, pool[way.asked]):
                    yield (
                        "rounded-early",
                        name,
                        f"You rounded “{stage.step.title}” to {digits} {what} before going on; "
                        "keep one digit more than asked.",
                    )
                    return
        except ArithmeticError:
            continue


def _coarse(given: Given) -> Iterator[tuple[int, str]]:
    match given.asks.precision:
        case Places(n):
            yield from ((d, "places" if d > 1 else "place") for d in range(n, 0, -1))
        case Figures(n):
            yield from ((d, "figures" if d > 1 else "figure") for d in range(n, 0, -1))
        case _:
            yield from ((d, "places" if d > 1 else "place") for d in (3, 2, 1))


def _is_early(given: Given, value: Value, right: Value) -> bool:
    """Whether rounding on the way gave what was typed, and did change the answer."""
    if not finite(value) or form(value) != form(right):
        return False
    changed = any(
        abs(x - y) > 1e-9 * max(1.0, abs(y))
        for x, y in zip(cells(value), cells(right), strict=True)
    )
    return changed and given.reads(value)
