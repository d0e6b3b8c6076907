"""Plots as text: they stay in their room, marks lie evenly, a bar ends where its value does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest

from studykit.study.statistics.page import Figure, Series
from studykit.tui.axes import nice_step
from studykit.tui.bars import column, heights
from studykit.tui.plots import draw


def of_bars(*values: Sequence[float]) -> Figure:
    names = ("again", "hard", "good", "easy")
    series = tuple(
        Series(name, tuple(row), name)  # type: ignore[arg-type]
        for name, row in zip(names, values, strict=False)
    )
    return Figure("Bars", "bars", "day", tuple(map(str, range(len(values[0])))), series)


def of_shares(*values: float | None, goal: float = 0.9) -> Figure:
    return Figure(
        "Shares",
        "line",
        "week from",
        tuple(map(str, range(len(values)))),
        (Series("recalled", values, "good"), Series("goal", (goal,) * len(values), "goal")),
        percent=True,
    )


def of_points(*pairs: tuple[float, float]) -> Figure:
    at = tuple(one for one, _ in pairs)
    return Figure(
        "Points",
        "points",
        "predicted",
        tuple(map(str, at)),
        (
            Series("as predicted", at, "goal"),
            Series("recalled", tuple(b for _, b in pairs), "good"),
        ),
        percent=True,
        at=at,
        behind=tuple(5 + 20 * number for number in range(len(pairs))),
    )


def plain(figure: Figure, width: int, height: int) -> list[str]:
    return [line.plain for line in draw(figure, width, height)]


def marks(rows: Sequence[str]) -> dict[int, int]:
    """Number of the row → what its mark on the left axis says; the corner is the lower axis."""
    found = [(number, re.match(r" *(\d+)(?: %)?[┤└]", row)) for number, row in enumerate(rows)]
    return {number: int(match[1]) for number, match in found if match}


@pytest.mark.parametrize("count", [1, 2, 7, 30, 52])
@pytest.mark.parametrize("width", [20, 60, 190])
def test_bars_stay_inside_their_room_and_rise_with_their_values(count: int, width: int) -> None:
    rows = plain(of_bars([float(at) for at in range(count)]), width, 16)
    if count == 1:
        assert "Nothing yet." in rows[1], "a single 0"
        return
    assert len(rows) <= 16
    if width >= count + 4:
        assert all(len(row) <= width for row in rows)
    tall = [sum(row[at : at + 1] == "█" for row in rows) for at in range(4, len(rows[-2]))]
    risen = [height for height in tall if height]
    assert risen == sorted(risen)


@pytest.mark.parametrize("highest", [1, 3, 7, 34, 137, 2050])
@pytest.mark.parametrize("height", [9, 16, 30, 50])
def test_a_bar_ends_in_the_row_of_its_mark_and_marks_lie_evenly(highest: int, height: int) -> None:
    step = nice_step(highest, 4)
    wanted = int(highest / step) * step
    rows = plain(of_bars([wanted, highest]), 40, height)
    assert len(rows) <= height
    found = marks(rows)
    apart = {below - above for above, below in pairwise(sorted(found))}
    assert len(apart) <= 1
    if wanted in found.values():
        row = next(number for number, says in found.items() if says == wanted)
        first = rows[-2].index("└") + 1
        assert rows[row][first] == "█"
        assert row == 1 or rows[row - 1][first] == " "


def test_a_single_series_is_exact_to_an_eighth_of_a_row() -> None:
    assert column([0], 2) == []
    assert column([0.01], 2) == [("▁", 0)], "next to nothing is something"
    assert column([3], 2) == [("█", 0), ("▄", 0)]
    assert column([3.75], 2) == [("█", 0), ("▇", 0)]
    assert column([4], 2) == [("█", 0), ("█", 0)]


def test_no_series_that_is_there_goes_unseen_on_another() -> None:
    assert heights([1, 1, 30, 1], 5) == [1, 1, 4, 1]
    assert heights([0, 0, 9, 0], 3) == [0, 0, 3, 0]
    assert sum(heights([1, 2, 21, 3], 2.5)) == round(27 / 2.5)


@pytest.mark.parametrize("height", [9, 12, 16, 23, 30])
@pytest.mark.parametrize("least", [0.02, 0.35, 0.61, 0.86, 1.0])
def test_marks_of_per_cent_lie_evenly_and_reach_below_what_is_drawn(
    least: float, height: int
) -> None:
    for figure in (of_shares(0.95, None, least, 0.9), of_points((0.7, least), (0.95, 0.9))):
        rows = plain(figure, 70, height)
        assert len(rows) <= height
        found = marks(rows)
        assert 100 in found.values()
        assert min(found.values()) <= 100 * least
        apart = {below - above for above, below in pairwise(sorted(found))}
        assert len(apart) == 1
        assert all(len(row) <= 70 for row in rows)
        assert "●" in "".join(rows)


def test_a_curve_passes_through_its_points_and_the_goal_lies_across() -> None:
    rows = plain(of_shares(0.8, 1.0, 0.8), 40, 12)
    top, goal, foot = (row for row in rows if "%" in row)
    assert "●" in top and foot.count("●") == 2
    assert goal.count("─") > 20
    assert any("\u2800" < sign < "\u28ff" for sign in goal), "the curve crosses it"


def test_steps_are_round_numbers() -> None:
    assert nice_step(7, 4) == 2
    assert nice_step(137, 4) == 50
    for highest in (1, 3, 99, 1234, 98765):
        assert nice_step(highest, 5) * 5 >= highest
