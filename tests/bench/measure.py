"""How the benchmarks measure: interleaved runs, medians, and a row for the table."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, beside what, and the bar to hold."""

    what: str
    ours: str
    yardstick: str
    ratio: str
    bar: str
    held: bool


def seconds(call: Callable[[], object]) -> float:
    """Wall time of one call, in seconds."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def interleaved(runs: int, *calls: Callable[[], float]) -> list[list[float]]:
    """`runs` figures of each call, taken in turn so that a noisy spell strikes all alike."""
    figures: list[list[float]] = [[] for _ in calls]
    for _ in range(runs):
        for call, column in zip(calls, figures, strict=True):
            column.append(call())
    return figures


def each(call: Callable[[int], object], times: int) -> list[float]:
    """Seconds of `times` calls, each timed alone, the garbage collector at rest."""
    gc.collect()
    gc.disable()
    try:
        return [seconds(lambda turn=turn: call(turn)) for turn in range(times)]  # type: ignore[misc]
    finally:
        gc.enable()


def median(figures: Sequence[float]) -> float:
    return statistics.median(figures)


def percentile(figures: Sequence[float], share: float) -> float:
    """The figure below which `share` of all lie."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ms(value: float) -> str:
    """Seconds as milliseconds, with the digits that mean something."""
    return f"{value * 1000:.3g} ms"


def us(value: float) -> str:
    return f"{value * 1e6:.3g} µs"
