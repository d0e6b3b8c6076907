"""An app killed in the middle of a problem asks it again as it was left."""

from __future__ import annotations

import os
import signal
import sys

from tests.cli.run import own_deck
from tests.end_to_end.test_steps import DECK, F5, log
from tests.terminal import Terminal

APP = [sys.executable, "-m", "studykit", "study", "slips"]
F9 = "\x1b[20~"


def test_steps_and_half_typed_numbers_survive_a_kill() -> None:
    own_deck(DECK, "slips.yaml")
    kept = ("PATH", "LANG", "STUDYKIT_HOME", "PYTHONPATH")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    with Terminal(APP, env=env) as terminal:
        terminal.wait_for("attention output")
        terminal.send(F9)
        terminal.wait_for("step 1 of 4")
        terminal.settle()
        terminal.send("1 2 3;4 5 6" + F5)
        terminal.wait_for("step 2 of 4")
        terminal.settle()
        terminal.send("0.125 11")
        terminal.wait_for("row 1, column 2")
        terminal.send("\x1b")
        terminal.wait_for("Type")
        terminal.settle()
        os.killpg(terminal.process.pid, signal.SIGKILL)
        terminal.wait()
    with Terminal(APP, env=env) as terminal:
        shown = terminal.wait_for("step 2 of 4")
        assert "0.125" in shown and "11" in shown
    assert log() == []
