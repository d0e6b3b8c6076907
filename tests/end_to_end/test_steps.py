"""A matrix typed in a real terminal with a slip: told what went wrong, then found step by step."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from pathlib import Path

import pytest

from studykit.problems import draw
from tests.cli.run import own_deck
from tests.terminal import Terminal

APP = [sys.executable, "-m", "studykit", "study", "slips"]
DECK = """\
title: Slips
id: slips
order: 0
sources: {n: A note}
cards:
  - {id: sl-out, kind: problem, family: attention-output, level: 2, sources: [n]}
  - {id: sl-two, kind: basic, front: What is next?, back: This., sources: [n]}
"""
F5 = "\x1b[15~"
PASTE = "\x1b[200~{}\x1b[201~"


def typed(rows: list[list[float]]) -> str:
    return ";".join(" ".join(f"{x:.5f}".rstrip("0").rstrip(".") for x in row) for row in rows)


def log() -> list[tuple[str, str, str]]:
    """Result, answer and detail of every review."""
    home = Path(os.environ["STUDYKIT_HOME"])
    with sqlite3.connect(home / "studykit.db") as connection:
        rows = connection.execute(
            "SELECT result, answer, detail FROM review ORDER BY id"
        ).fetchall()
    connection.close()
    return rows


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 12)])
def test_a_slip_in_the_scores_is_found_by_steps_and_kept_in_the_log(
    columns: int, rows: int
) -> None:
    own_deck(DECK, "slips.yaml")
    kept = ("PATH", "LANG", "STUDYKIT_HOME", "PYTHONPATH")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    with Terminal(APP, env=env, columns=columns, rows=rows) as terminal:
        terminal.wait_for("attention output")
        terminal.settle()
        problem = draw(family="attention-output", level=2, seed=seed_of("sl-out"))
        scores = [[float(x) for x in row] for row in problem.floats["scores"]]
        scores[0][1] += 1.0
        own = problem.pipeline.after(problem.floats, "scores", scores)

        # The whole answer, pasted as NumPy prints it: wrong by the slip in the scores.
        terminal.send(PASTE.format(f"array({own['output']!r})"))
        terminal.wait_for("row 2, column 2")
        terminal.send(F5)
        terminal.wait_for("Partly right")
        terminal.settle()
        terminal.send("f")
        terminal.wait_for("step 1 of 4")

        # A cell that cannot be read costs nothing and loses nothing.
        terminal.settle()
        terminal.send("x" + F5)
        terminal.wait_for("cannot read")
        terminal.send("\x7f")
        names = ("scores", "scaled", "weights", "output")
        for number, name in enumerate(names, 1):
            terminal.wait_for(f"step {number} of 4")
            terminal.settle()
            terminal.send(typed(own[name]))
            terminal.settle()
            terminal.send(F5)
        terminal.wait_for("By steps")
        terminal.wait_for("Method right")
        terminal.settle()
        terminal.send("1")
        terminal.wait_for("What is next?")
        terminal.send("q")
        terminal.settle()
        terminal.send("q")
        assert terminal.wait() == 0
    ((result, answer, detail),) = log()
    assert result == "partly" and answer
    steps = json.loads(detail)["steps"]
    assert [one["step"] for one in steps] == list(names)
    assert [one["result"] for one in steps] == ["partly", "right", "right", "right"]


def seed_of(card: str) -> int:
    """The seed of a card's first showing."""
    from studykit.study.kinds import Showing

    return Showing(card=card, deck="", deck_title="", status="new", turn=0).seed()
