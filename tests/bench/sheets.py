"""A sheet of 200 problems in every format, and 10 000 answers of a class marked."""

from __future__ import annotations

from itertools import cycle

from studykit.sheets.choose import Wishes, choose, picks_of
from studykit.sheets.formats import FORMATS, write
from studykit.sheets.grading import grade
from studykit.sheets.responses import Filled, Response
from studykit.sheets.sheet import Sheet, make_sheet
from tests.bench.measure import Row, ms, seconds
from tests.problems.support import typed

BARS = {"json": 2.0, "html": 3.0, "pdf": 6.0}
"""Seconds; the other formats are held to that of HTML."""
LEARNERS, PROBLEMS = 100, 100


def sheet(count: int, seed: int) -> Sheet:
    return make_sheet(choose(Wishes(picks=picks_of(), count=count, seed=seed)), seed=seed)


def rows() -> list[Row]:
    small = sheet(60, 1)
    found = []
    for form in FORMATS:
        write(small, form)  # what a format needs is imported
        took = seconds(lambda form=form: write(sheet(200, 11), form, worked=True))  # type: ignore[misc]
        bar = BARS.get(form, BARS["html"])
        found.append(
            Row(f"200 problems as {form}", ms(took), "–", "–", f"≤ {bar:g} s", took <= bar)
        )
    took = seconds(lambda: _marked(sheet(PROBLEMS, 12)))
    found.append(Row("10 000 answers marked", ms(took), "–", "–", "≤ 30 s", took <= 30))
    return found


def _marked(asked: Sheet) -> None:
    """Right answers, wrong ones and unreadable ones in turn."""
    given = {}
    for item in asked.items:
        problem = item.problem
        values = [problem.answer, *(wrong.answer for wrong in problem.wrongs[:3])]
        given[item.number] = cycle([*(typed(value, problem.asks) for value in values), "(("])
    filled = (
        Filled(str(at), {number: Response(next(texts)) for number, texts in given.items()})
        for at in range(LEARNERS)
    )
    for _ in grade(((item.number, item.ticket) for item in asked.items), filled):
        pass
