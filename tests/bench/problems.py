"""Drawing problems with every mistake checked, and marking answers to them."""

from __future__ import annotations

from studykit.problems import draw, families, mark
from tests.bench.measure import Row, each, median, ms, percentile

DRAWS = 60


def rows() -> list[Row]:
    drawing: list[float] = []
    marking: list[float] = []
    for name, family in families().items():
        for level in family.levels:
            problem = draw(family=name, level=level, seed=10**6)
            cells = problem.asks.shape
            text = "; ".join([" ".join(["0.5"] * (cells[-1] if cells else 1))] * _rows(cells))
            if problem.asks.kind == "number":
                text = "0.5"
            drawing += each(lambda seed: draw(family=name, level=level, seed=seed), DRAWS)  # noqa: B023
            marking += each(lambda _: mark(problem, text), DRAWS)  # noqa: B023
    drew, drew99, marked = median(drawing), percentile(drawing, 0.99), median(marking)
    return [
        Row("draw a problem, median", ms(drew), "–", "–", "≤ 2 ms", drew <= 2e-3),
        Row("draw a problem, p99", ms(drew99), "–", "–", "≤ 20 ms", drew99 <= 20e-3),
        Row("mark an answer, median", ms(marked), "–", "–", "≤ 1 ms", marked <= 1e-3),
    ]


def _rows(shape: tuple[int, ...]) -> int:
    return shape[0] if len(shape) == 2 else 1
