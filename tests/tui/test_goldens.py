"""What the screens look like, as text. After a change of design: UPDATE_GOLDENS=1 pytest, and read
the difference."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studykit.study.question import Slip
from tests.tui.fakes import Scripted, outcome, question
from tests.tui.screens import app_for, fake_of, screen_text, settle, slowly

GOLDENS = Path(__file__).parent / "goldens"
TEXT = """\
Compute the attention weights, one row for each query.

$$Q = \\begin{bmatrix}1 & 0\\\\ 0 & 1\\end{bmatrix} \\qquad \
K = \\begin{bmatrix}2 & -1\\\\ 0.5 & 3\\end{bmatrix}$$"""
PROBLEM = Scripted(
    question(
        "weights",
        kind="problem",
        asks="matrix",
        text=TEXT,
        status="new",
        shape=(2, 2),
        expects="2×2 matrix, 3 decimal places",
        hints=3,
        ticket="attention-weights@1/2#7",
    ),
    outcome(
        "partly",
        says="3 of 4 cells are right.",
        cells=((True, False), (True, True)),
        given=(("0.351", "-12.5"), ("3", "0.25")),
        slips=(Slip("no-scale", "scaled", "The scores were not divided by $\\sqrt{d_k}$."),),
        back="$$A = \\begin{bmatrix}0.351 & 0.649\\\\ 3 & 0.25\\end{bmatrix}$$",
        has_solution=True,
    ),
)
CHOICE = Scripted(
    question(
        "why",
        kind="choice",
        asks="choice",
        text="Why are the scores divided by $\\sqrt{d_k}$?",
        options=(
            "To make the rows sum to one.",
            "To keep the variance of a score at one, so that softmax does not saturate.",
            "To save memory when $d_k$ is large.",
        ),
    ),
    chosen=[
        outcome(
            "wrong",
            picked=0,
            right_option=1,
            option_notes=("That is softmax.", "", "A division changes no shape."),
        )
    ],
)
OPEN = Scripted(
    question(
        "open",
        kind="open",
        asks="rubric",
        text="Why is attention permutation equivariant?",
        rubric=("Names the permutation matrix $P$", "Softmax acts row by row", "Concludes"),
    ),
    outcome(back="Permuting tokens permutes the rows of $Q$, $K$ and $V$ alike."),
)


def compare(name: str, text: str) -> None:
    """Compare with the golden file of that name, or write it when asked to."""
    path = GOLDENS / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDENS"):
        path.write_text(text + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text + "\n"


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24), (200, 60)])
async def test_the_decks(tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_for(tmp_path, [CHOICE], study=False)
    rows = fake_of(app).rows
    rows[0].title = "Why divide by the square root of d_k"
    titles = ("Queries, keys and values: roles and the attention equation", "Softmax", "Masks")
    for number, title in enumerate(titles):
        row = dict(vars(rows[0]), id=f"d{number}", title=title, new=number * 7, due=0)
        rows.append(type(rows[0])(**row))
    rows[-1].broken = True
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await settle(pilot)
        await pilot.press("down")
        await settle(pilot)
        compare(f"decks-{size[0]}x{size[1]}", screen_text(app))


@pytest.mark.parametrize("size", [(40, 12), (80, 24)])
@pytest.mark.parametrize(
    ("name", "card", "keys"),
    [
        ("problem", PROBLEM, ()),
        ("problem-judged", PROBLEM, ("f3",)),
        ("choice", CHOICE, ()),
        ("choice-judged", CHOICE, ("1",)),
        ("open-ticked", OPEN, ("space", "1", "3")),
        ("help", CHOICE, ("question_mark",)),
    ],
)
async def test_a_card(
    tmp_path: Path, name: str, card: Scripted, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    app = app_for(tmp_path, [card])
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await slowly(pilot, *keys)
        await settle(pilot)
        compare(f"{name}-{size[0]}x{size[1]}", screen_text(app))


async def test_the_summary(tmp_path: Path) -> None:
    app = app_for(tmp_path, [CHOICE])
    async with app.run_test(size=(80, 24)) as pilot:
        await slowly(pilot, "1")
        await slowly(pilot, "3")
        await app.workers.wait_for_complete()
        await settle(pilot)
        compare("summary-80x24", screen_text(app))
