"""Figures of statistics as lines of the terminal; loaded when a plot is shown."""

from __future__ import annotations

from textual.content import Content

from studykit.study.statistics.page import Figure, Meaning
from studykit.tui.bars import TEXTURES, bars
from studykit.tui.curves import FEW, FEWEST, POINT, line, points
from studykit.tui.text import in_a_row, joined

STYLES: dict[Meaning, str] = {
    "again": "$wrong",
    "hard": "$partly",
    "good": "$right",
    "easy": "$new",
    "new": "$new",
    "due": "$due",
    "goal": "$quiet",
    "plain": "$foreground",
}
LEAST_ROWS = 4


def draw(figure: Figure, width: int, height: int) -> list[Content]:
    """The figure in `height` lines at most: its title, the plot, and what stands for what.

    `width` columns at most; a figure without anything in it says so.
    """
    title = joined((figure.title, "bold"))
    if figure.empty:
        return [title, joined(("  Nothing yet.", "$quiet"))]
    legend = _legend(figure)
    rows = max(LEAST_ROWS, height - 3 - len(legend))
    write = {"bars": bars, "line": line, "points": points}[figure.kind]
    styles = [STYLES[one.meaning] for one in figure.series]
    return [title, *write(figure, width, rows, styles), *legend]


def _legend(figure: Figure) -> list[Content]:
    """What each texture or sign means; nothing where there is only one."""
    signs = {
        "bars": [texture * 2 for texture in TEXTURES],
        "line": [POINT, "──"],
        "points": ["⠤⠒", POINT],
    }[figure.kind]
    named = [(sign, one.name, one.meaning) for sign, one in zip(signs, figure.series, strict=False)]
    if figure.kind == "points":
        named.append((FEW, f"fewer than {FEWEST} answers", named[1][2]))
    if len(named) < 2:
        return []
    parts = [
        joined((f"{sign} ", STYLES[meaning]), (name, "$quiet")) for sign, name, meaning in named
    ]
    return [in_a_row(parts, 3).pad_left(2)]
