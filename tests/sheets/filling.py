"""Sheets filled in by somebody who knows everything, with one change where it is wanted."""

from __future__ import annotations

from studykit.problems import Problem, draw
from studykit.problems.values import cells, form
from studykit.sheets.choose import Wishes, choose, picks_of
from studykit.sheets.responses import Filled, Response
from studykit.sheets.sheet import Sheet, make_sheet
from tests.problems.support import typed


def sheet_of(count: int = 12, seed: int = 5, **wishes: object) -> Sheet:
    chosen = Wishes(picks=picks_of(), count=count, seed=seed, **wishes)  # type: ignore[arg-type]
    return make_sheet(choose(chosen), seed=seed)


def right(problem: Problem) -> str:
    """The answer as it is asked for."""
    return typed(problem.answer, problem.asks)


def key_of(sheet: Sheet, learner: str = "") -> Filled:
    return Filled(
        learner,
        {item.number: Response(right(draw(item.ticket))) for item in sheet.items},
    )


def corrupted(problem: Problem) -> tuple[str, int]:
    """The right matrix with its last cell far off, and how many cells it has."""
    numbers = cells(problem.answer)
    off = max(map(abs, (float(x) for x in numbers))) * 3 + 17
    rows, columns = form(problem.answer)
    text = typed(problem.answer, problem.asks)
    head, _, _ = text.rpartition(",") if columns > 1 else text.rpartition("[")
    glue = ", " if columns > 1 else "["
    return f"{head}{glue}{off:.0f}]]", rows * columns
