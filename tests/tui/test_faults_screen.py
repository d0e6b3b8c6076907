"""The page of what is wrong with a deck."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.decks import check
from studykit.tui.screens.faults import written


@pytest.mark.parametrize("width", [38, 76])
def test_all_that_is_said_of_a_fault_fits_the_screen(tmp_path: Path, width: int) -> None:
    deck = tmp_path / "mine.yaml"
    long = "a text that is much longer than a narrow screen is wide, and then a little more"
    deck.write_text(f"title: Mine\ncards:\n  - front: [{long}\n  - back: {long}: {long}\n")
    rows = [row.plain for row in written(check([deck]), width)]
    beneath = rows[: next(n for n, row in enumerate(rows) if row.startswith("The file is"))]
    assert max(map(len, beneath)) <= width
    said = " ".join(" ".join(rows).split())
    assert "is written in single quotes or as a | block." in said
    assert "    front: |" in rows and "      your text" in rows, "an example keeps its indentation"
