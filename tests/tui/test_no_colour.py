"""NO_COLOR in a real terminal: greys alone, and every meaning still there as a word or a sign."""

from __future__ import annotations

import os
import re
import sys

from tests.cli.run import own_deck
from tests.study.desk import DECK
from tests.terminal import Terminal

COLOUR = re.compile(rb"[34]8;2;(\d+);(\d+);(\d+)")


def test_without_colour_only_greys_are_sent_and_the_verdict_is_still_told() -> None:
    own_deck(DECK)
    kept = ("PATH", "LANG", "STUDYKIT_HOME", "PYTHONPATH")
    env = {name: os.environ[name] for name in kept if name in os.environ} | {"NO_COLOR": "1"}
    app = [sys.executable, "-m", "studykit", "study", "small", "--tag", "parity"]
    with Terminal(app, env=env) as terminal:
        terminal.wait_for("Which one is even?")
        terminal.send("1")
        text = terminal.wait_for("Again")
        assert "✓ Right" in text or "✗ Wrong" in text
        assert "✓" in text.replace("✓ Right", ""), "the right option has its sign"
        sent = COLOUR.findall(terminal.output)
    assert sent, "styles are still sent"
    assert all(red == green == blue for red, green, blue in sent)
