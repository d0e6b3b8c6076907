"""What a problem looks like as text: the grid, its faults, steps, the pad, the map of weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.screens import screen_text, settle, slowly, type_text
from tests.tui.test_goldens import compare
from tests.tui.test_grid import studying
from tests.tui.test_steps import STEPS, from_scores, typed

SIZES = [(40, 12), (80, 24), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_matrix_problem_in_each_of_its_states(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with studying(tmp_path, size=size) as (app, pilot):

        def look(state: str) -> None:
            compare(f"{state}-{size[0]}x{size[1]}", screen_text(app))

        await type_text(pilot, "1/3 -2.5 x")
        look("grid")
        await slowly(pilot, "f5")
        await settle(pilot)
        look("grid-fault")
        await slowly(pilot, "f7")
        await settle(pilot)
        await type_text(pilot, "S = Q @ K.T / sqrt(d_k)\nsoftmax(S[0]\n")
        look("pad")
        await slowly(pilot, "escape", "f9")
        own = from_scores(app, slip=1.0)
        for name in STEPS:
            await settle(pilot)
            await type_text(pilot, typed(own[name]))
            if name == "weights":
                look("steps")
            await slowly(pilot, "f5")
        await settle(pilot)
        look("steps-done")
        await slowly(pilot, "l")
        await settle(pilot)
        look("weights")
