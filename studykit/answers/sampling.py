"""The points at which two formulas are compared: seeded, inside every declared domain, at several
magnitudes and signs. The same question is always probed at the same points.
"""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import replace
from functools import lru_cache
from typing import Any

from .declarations import Declared, Dim, Domain, size_names
from .derived import definitions, primitives
from .names import Names
from .point import Point

_SCALES = (1.0, 1.0, 1.0, 2.5, 0.4, 1.0, 6.0, 0.08, 1.0, 20.0, 400.0, 0.01, 400.0)
SCALAR_POINTS = len(_SCALES)
ARRAY_POINTS = 5
_ARRAY_SCALES = (1.0, 1.0, 1.6, 0.5, 1.0)
_MORE_SCALES = (1.5, 3.0, 0.5, 5.0, 8.0, 2.0)
_SIZES = (2, 3, 4, 5, 6, 7)
_PARTS = 1024


@lru_cache(maxsize=64)
def points(names: Names, used: frozenset[str], dims: tuple[Dim, ...]) -> tuple[Point, ...]:
    """Points for the names that two formulas use; `dims` are the sizes their indices run over."""
    wanted = _drawn(names, used)
    arrays = [one for one in wanted if one.shape and one.role == "value"]
    size_dims = [d for one in wanted for d in one.shape] + list(dims)
    in_dims = sorted({n for d in size_dims if isinstance(d, str) for n in size_names(d)})
    count = ARRAY_POINTS if arrays or in_dims else SCALAR_POINTS
    derived = definitions(names, used)
    drawn = (_point(names, wanted, in_dims, k, bool(arrays or in_dims)) for k in range(count))
    return tuple(replace(point, derived=derived) for point in drawn)


def _drawn(names: Names, used: frozenset[str]) -> list[Declared]:
    """The names that values are drawn for."""
    return [names.declared[name] for name in sorted(primitives(names, used)) if name in names]


@lru_cache(maxsize=64)
def more_points(names: Names, used: frozenset[str]) -> tuple[Point, ...]:
    """Further points for numbers: all positive where that is allowed, from small to large."""
    wanted = _drawn(names, used)
    if any(one.shape for one in wanted):
        return ()
    derived = definitions(names, used)
    found = []
    for k, scale in enumerate(_MORE_SCALES):
        values = {}
        for one in wanted:
            draw = random.Random(f"{one.name}:more:{k}")  # noqa: S311 - reproducible, not secret
            # k = 0 draws positive values.
            values[one.name] = _value(one.domain, draw, scale, 0)
        found.append(Point(values, {}, derived))
    return tuple(found)


@lru_cache(maxsize=64)
def raised_points(names: Names, used: frozenset[str], raised: frozenset[str]) -> tuple[Point, ...]:
    """Points where powers of negative numbers are real: (a^2)^(1/2) is not a.

    Only for numbers that may have any real value; the exponents are 2 and 1/2 by turns.
    """
    wanted = _drawn(names, used)
    plain = all(not one.shape and one.role == "value" and one.domain == Domain() for one in wanted)
    if definitions(names, used) or not plain:
        return ()
    found = []
    for first, second in ((2.0, 0.5), (0.5, 2.0)):
        turns = itertools.cycle((first, second))
        values = {
            name: next(turns) if name in raised else -1.0 - (7 * place % 5) / 3
            for place, name in enumerate(sorted(used))
        }
        found.append(Point(values, {}))
    return tuple(found)


def _point(names: Names, wanted: list[Declared], in_dims: list[str], k: int, small: bool) -> Point:
    # Different sizes get different numbers, so that a square is square by declaration only.
    pool = _SIZES[: max(4, len(in_dims))]
    sizes = {
        name: pool[(place + k) % len(pool)] + max(0, names.least(name) - pool[0])
        for place, name in enumerate(in_dims)
    }
    values: dict[str, Any] = {}
    scale = (_ARRAY_SCALES if small else _SCALES)[k]
    for one in wanted:
        if one.name in sizes or one.role in {"index", "function"}:
            continue
        draw = random.Random(f"{one.name}:{k}")  # noqa: S311 - reproducible, not secret
        if not one.shape:
            values[one.name] = _value(one.domain, draw, scale, k)
            continue
        point = Point({}, sizes)
        shape = [point.dim(d) for d in one.shape]
        values[one.name] = _array(one, draw, shape, scale)
    return Point(values, sizes)


def _array(one: Declared, draw: random.Random, shape: list[int], scale: float) -> list[Any]:
    if len(shape) == 1:
        return _row(one.domain, draw, shape[0], scale)
    return [_row(one.domain, draw, shape[1], scale) for _ in range(shape[0])]


def _row(domain: Domain, draw: random.Random, size: int, scale: float) -> list[float | complex]:
    if not domain.shares:
        return [_value(domain, draw, scale, 9) for _ in range(size)]
    # Parts of a power of two are exact, so that they sum to 1 in every arithmetic.
    cuts = sorted(draw.sample(range(1, _PARTS), size - 1))
    return [(b - a) / _PARTS for a, b in itertools.pairwise((0, *cuts, _PARTS))]


def _value(domain: Domain, draw: random.Random, scale: float, k: int) -> float | complex:
    low, high = domain.low, domain.high
    spread = scale * math.exp(draw.uniform(-0.7, 0.7)) * draw.uniform(0.5, 1.5)
    if domain.integer:
        return _whole(low, high, draw, k)
    if domain.complex:
        return complex(draw.gauss(0, spread), draw.gauss(0, spread))
    if math.isfinite(low) and math.isfinite(high):
        return low + (high - low) * draw.uniform(0.03, 0.97)
    if math.isfinite(low):
        return low + spread
    if math.isfinite(high):
        return high - spread
    if k in {0, 10}:
        return spread
    return -spread if k in {1, 12} or draw.random() < 0.5 else spread


def _whole(low: float, high: float, draw: random.Random, k: int) -> float:
    reach = (3, 5, 8, 12, 30)[k % 5]
    first = int(low) + 1 if math.isfinite(low) else -reach
    last = int(high) - 1 if math.isfinite(high) else max(first, 0) + reach
    return float(draw.randint(first, max(first, last)))
