"""Drawing problems with every mistake checked, and marking answers to them."""

from __future__ import annotations

from studykit.problems import draw, families, mark
from tests.bench.measure import Row, each, median, ms, percentile
from tests.problems.support import everywhere, typed

DRAWS = 60


def rows() -> list[Row]:
    drawing: list[float] = []
    marking: list[float] = []
    formulas: list[float] = []
    for name, family in families().items():
        for level in family.levels:
            problem = draw(family=name, level=level, seed=10**6)
            drawing += each(lambda seed: draw(family=name, level=level, seed=seed), DRAWS)  # noqa: B023
            if problem.asks.kind == "formula":
                wrong = typed(problem.wrongs[0].answer, problem.asks)
                formulas += each(lambda _: mark(problem, wrong), DRAWS)  # noqa: B023
                continue
            text = everywhere("0.5", problem.asks)
            marking += each(lambda _: mark(problem, text), DRAWS)  # noqa: B023
    drew, drew99 = median(drawing), percentile(drawing, 0.99)
    marked, judged = median(marking), median(formulas)
    return [
        Row("draw a problem, median", ms(drew), "–", "–", "≤ 2 ms", drew <= 2e-3),
        Row("draw a problem, p99", ms(drew99), "–", "–", "≤ 20 ms", drew99 <= 20e-3),
        Row("mark an answer, median", ms(marked), "–", "–", "≤ 1 ms", marked <= 1e-3),
        Row("mark a wrong formula, median", ms(judged), "–", "–", "≤ 5 ms", judged <= 5e-3),
    ]
