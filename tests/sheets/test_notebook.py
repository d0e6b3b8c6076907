"""A notebook is valid, runs with or without studykit, and is marked when it is filled in."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import nbformat
import pytest

from studykit.problems import draw
from studykit.sheets.formats import write
from studykit.sheets.grading import grade
from studykit.sheets.machine import tickets
from studykit.sheets.responses import read
from tests.problems.support import typed
from tests.sheets.filling import right, sheet_of

SHEET = sheet_of(count=10)


def book(part: Any = "problems") -> dict[str, Any]:
    made: dict[str, Any] = json.loads(write(SHEET, "ipynb", part, worked=True))
    return made


def filled() -> dict[str, Any]:
    """Every answer and every step filled in right."""
    made = book()
    for cell in made["cells"]:
        marked = cell["metadata"].get("studykit")
        if marked:
            problem = draw(SHEET.items[marked["answer"] - 1].ticket)
            step = marked.get("step")
            text = right(problem)
            if step:
                value = next(one.value for one in problem.steps if one.name == step)
                text = typed(value, problem.asks_at(step))
            cell["source"] = "".join(cell["source"]).replace('"""\n\n"""', f'"""\n{text}\n"""')
    return made


def run(made: dict[str, Any], *, hidden: bool = False) -> str:
    """What the code cells print, run from top to bottom in a Python of their own."""
    cells = ["".join(c["source"]) for c in made["cells"] if c["cell_type"] == "code"]
    if hidden:
        cells.insert(0, "import sys; sys.modules['studykit.problems'] = None")
    program = "\n".join(cells)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("part", ["problems", "key", "both"])
def test_it_is_a_valid_notebook(part: str) -> None:
    made = book(part)
    nbformat.validate(made)
    names = [cell["id"] for cell in made["cells"]]
    assert len(set(names)) == len(names)


def test_its_cells_check_what_is_filled_in() -> None:
    said = run(filled())
    assert said.count("Answer: right.") == len(SHEET.items)
    assert "wrong" not in said and "unreadable" not in said


def test_it_runs_where_studykit_is_missing_and_where_nothing_is_filled_in() -> None:
    assert run(book(), hidden=True).count("install studykit") == len(SHEET.items)
    assert run(book()).count("Nothing is filled in yet.") == len(SHEET.items)


def test_a_filled_notebook_is_marked() -> None:
    sheet = tickets(write(SHEET, "json"))
    (marked,) = grade(sheet, read(json.dumps(filled()).encode(), "set.ipynb"))
    assert marked.points == len(SHEET.items)
    assert all(step.result == "right" for one in marked.marks for step in one.steps)
    (blank,) = grade(sheet, read(json.dumps(book()).encode(), "set.ipynb"))
    assert {one.result for one in blank.marks} == {"blank"}


@pytest.mark.parametrize(
    "source",
    [
        'answers[1] = r"""\n[[1, 2]]\n"""',
        "answers[1] = [[1, 2]]",
        "# mine\n[[1, 2]]",
        "answers[1] = '[[1, 2]]'",
    ],
)
def test_an_answer_is_found_however_its_cell_was_written(source: str) -> None:
    cell = {"cell_type": "code", "source": source, "metadata": {"studykit": {"answer": 1}}}
    (one,) = read(json.dumps({"cells": [cell]}).encode(), "a.ipynb")
    assert one.responses[1].answer.strip() == "[[1, 2]]"
