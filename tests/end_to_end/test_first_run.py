"""A newcomer's first evening in a real terminal: study, err, be told why, quit, come back, undo."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from studykit.problems import draw
from tests.cli.run import own_deck, studykit
from tests.terminal import Terminal

APP = [sys.executable, "-m", "studykit"]

DECK = """\
title: First evening
id: evening
order: 0
sources: {n: A note}
cards:
  - {id: ev-scale, kind: problem, family: attention-output, level: 2, sources: [n]}
""" + "".join(
    f"  - {{id: ev-{number}, kind: basic, front: 'Front {number}?', back: 'Back {number}.',"
    " sources: [n]}\n"
    for number in range(1, 10)
)


def environment() -> dict[str, str]:
    kept = ("PATH", "LANG", "STUDYKIT_HOME", "PYTHONPATH")
    return {name: os.environ[name] for name in kept if name in os.environ}


def counts() -> dict[str, int]:
    decks = json.loads(studykit("decks", "--json").out)
    found: dict[str, int] = next(deck for deck in decks if deck["id"] == "evening")
    return found


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 12)])
def test_a_forgotten_scale_is_named_and_progress_survives_a_restart(
    columns: int, rows: int
) -> None:
    own_deck(DECK, "evening.yaml")
    env = environment()
    with Terminal(APP, env=env, columns=columns, rows=rows) as terminal:
        terminal.wait_for("First evening")
        terminal.send("\r")
        terminal.wait_for("attention output")
        terminal.settle()
        # A wrong method, typed as a learner would who forgot to divide by √d_k.
        ticket = _shown_ticket()
        problem = draw(ticket)
        wrong = next(one.answer for one in problem.wrongs if one.mistake.name == "no-scale")
        for row in wrong:
            terminal.send(" ".join(f"{float(cell):.3f}" for cell in row) + "\r")
        terminal.send("\x1b[15~")  # F5
        terminal.wait_for("Wrong" if columns >= 80 else "✗")
        terminal.wait_for("√")
        terminal.settle()
        terminal.send("1")
        for number in range(1, 10):
            terminal.wait_for(f"Front {number}?")
            terminal.send(" ")
            terminal.wait_for(f"Back {number}.")
            terminal.settle()
            terminal.send("3")
            if number == 5:
                # Five other cards have come between: what was graded Again is asked once more.
                terminal.wait_for("attention output")
                terminal.settle()
                terminal.send("\x1bOR")  # F3 shows the answer
                terminal.wait_for("Again")
                terminal.settle()
                terminal.send("3")
        terminal.wait_for(f"Front {number}?", gone=True)
        terminal.settle()
        terminal.send("\x11")
        assert terminal.wait() == 0
    assert b"\x1b[?1049l" in terminal.output and b"\x1b[?25h" in terminal.output
    found = counts()
    assert (found["new"], found["learning"], found["total"]) == (0, 0, 10)
    with Terminal(APP, env=env, columns=columns, rows=rows) as terminal:
        terminal.wait_for("First evening")
        terminal.settle()
        terminal.send("u")
        terminal.wait_for("Front 9?")
        terminal.settle()
        terminal.send("q")
        terminal.wait_for("First evening")
        terminal.settle()
        terminal.send("q")
        assert terminal.wait() == 0
    found = counts()
    assert (found["new"], found["learning"]) == (1, 0)


def _shown_ticket() -> str:
    """The ticket of the first showing of that card."""
    from studykit.study.kinds import Showing

    showing = Showing("ev-scale", "evening", "First evening", "new", 0)
    return draw(family="attention-output", level=2, seed=showing.seed()).ticket


def test_a_killed_program_keeps_every_graded_answer(own_home: Path) -> None:
    own_deck(DECK.replace("level: 2", "level: 1"), "evening.yaml")
    with Terminal(APP, env=environment()) as terminal:
        terminal.wait_for("First evening")
        terminal.send("\r")
        terminal.wait_for("Compute the")
        terminal.settle()
        terminal.send("\x1bOR")  # F3 shows the answer
        terminal.wait_for("Again")
        terminal.settle()
        terminal.send("1")
        terminal.wait_for("Front 1?")
        terminal.process.kill()
        terminal.process.wait()
    assert own_home.exists()
    found = counts()
    assert (found["new"], found["learning"]) == (9, 1)


def test_a_terminal_that_cannot_draw_gets_line_mode() -> None:
    own_deck(DECK, "evening.yaml")
    with Terminal(APP, env={**environment(), "TERM": "dumb"}) as terminal:
        terminal.wait_for("A number for one deck")
        terminal.send("q\n")
        assert terminal.wait() == 0
    assert b"\x1b" not in terminal.output
