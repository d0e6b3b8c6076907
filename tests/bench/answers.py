"""Reading and judging what a learner types, and the worst that somebody might."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from fractions import Fraction

from studykit.answers import (
    AnswerError,
    Places,
    read_expression,
    read_matrix,
    read_number,
    same_expression,
    same_matrix,
    same_number,
)
from tests.answers.test_equality import DIFFERENT, SAME, pairs
from tests.answers.test_hostile import HOSTILE
from tests.answers.test_hostile import NAMES as HOSTILE_NAMES
from tests.answers.test_matrices import READ
from tests.answers.test_numbers import EXACT, ROUGH
from tests.bench.measure import Row, median, ms

TIMES = 5


def rows() -> list[Row]:
    numbers = [quickest(number, text) for text in [*EXACT, *ROUGH]]
    matrices = [quickest(matrix, text) for text in READ]
    formulas = [
        quickest(lambda text, names=names, key=key: formula(text, names, key), text)  # type: ignore[misc]
        for names, text, key in pairs(SAME) + pairs(DIFFERENT)
    ]
    worst = max(quickest(way, text) for text in HOSTILE for way in ways())
    peak = max(memory(text) for text in HOSTILE)
    return [
        bar("read and judge a number, median", median(numbers), 1e-3),
        bar("read and judge a matrix, median", median(matrices), 1e-3),
        bar("read and judge a formula, median", median(formulas), 5e-3),
        bar("the worst hostile input", worst, 0.2),
        Row("its memory", f"{peak:.1f} MB", "–", "–", "≤ 64 MB", peak <= 64),
    ]


def bar(what: str, figure: float, most: float) -> Row:
    return Row(what, ms(figure), "–", "–", f"≤ {most * 1000:.0f} ms", figure <= most)


def number(text: str) -> None:
    same_number(read_number(text), Fraction(1, 3), Places(3))


def matrix(text: str) -> None:
    read = read_matrix(text)
    same_matrix(read, [[0.5] * read.shape[1]] * read.shape[0], Places(3))


def formula(text: str, names: dict[str, str], key: str) -> None:
    same_expression(read_expression(text, names), read_expression(key, names))


def ways() -> Iterator[Callable[[str], None]]:
    """Every door through which a hostile text may come."""
    yield number
    yield matrix
    yield lambda text: formula(text, HOSTILE_NAMES, "x^2 + y")


def attempted(way: Callable[[str], None], text: str) -> None:
    try:
        way(text)
    except AnswerError:
        return


def quickest(way: Callable[[str], None], text: str) -> float:
    """CPU seconds of the best of a few runs, so that a busy machine does not count."""
    figures = []
    for _ in range(TIMES):
        started = time.process_time()
        attempted(way, text)
        figures.append(time.process_time() - started)
    return min(figures)


def memory(text: str) -> float:
    """Megabytes at the peak of all ways of reading one text."""
    tracemalloc.start()
    for way in ways():
        attempted(way, text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20
