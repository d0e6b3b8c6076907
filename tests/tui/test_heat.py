"""The map of the attention weights as lines of text."""

from __future__ import annotations

from studykit.problems import draw
from studykit.study.heat import maps
from studykit.tui.heat import heat_lines


def test_the_legend_of_the_map_breaks_nowhere_at_eighty_columns() -> None:
    shown = [
        line.plain for line in heat_lines(maps(draw("attention-output@1/2#3")), 75, roomy=False)
    ]
    about = next(at for at, line in enumerate(shown) if line.startswith("Rows are queries"))
    assert shown[about].endswith("sums to 1.")
    assert shown[about + 1].endswith("1, a fifth each")
