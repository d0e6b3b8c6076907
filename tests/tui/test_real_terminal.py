"""The real program in a real pseudo-terminal: silence when idle, and a terminal left as found."""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal

LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l")
"""Alternate screen left, cursor shown, mouse off."""
DECK = """\
title: Terminal
sources: {me: myself}
cards:
  - id: first
    kind: basic
    front: What is the first question?
    back: The first answer.
  - id: second
    kind: formula
    front: And the second?
    back: The second answer.
"""
POISON = r"""
title: "Bad [/nope] deck"
cards:
  - id: bad
    kind: basic
    front: "Copy \x1b]52;c;aGk=\x07 me [@click=app.quit]now[/]"
    back: "\x9b31m red"
"""
CRASH = """
from pathlib import Path
import sys
from tests.tui.screens import app_for
from tests.tui.fakes import Scripted, question

app = app_for(Path(sys.argv[1]), [Scripted(question("one"))], study=False)
app.collection.session = lambda **_: 1 / 0
app.run()
sys.exit(app.return_code)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "terminal.yaml").write_text(DECK, encoding="utf-8")
    return tmp_path


def opened(home: Path, *arguments: str, **env: str) -> Terminal:
    return Terminal(
        [sys.executable, "-m", "studykit", *arguments],
        env={"STUDYKIT_HOME": str(home), "PATH": os.environ["PATH"], **env},
    )


@pytest.fixture
def decks(home: Path) -> Iterator[Terminal]:
    with opened(home) as terminal:
        terminal.wait_for("Study everything")
        yield terminal


def quiet(terminal: Terminal, seconds: float) -> bool:
    """Whether nothing is written for so long; waits for output, never for the time alone."""
    before = len(terminal.output)
    with pytest.raises(AssertionError, match="s passed"):
        terminal.wait_for("\0", seconds)
    return len(terminal.output) == before


def settled(terminal: Terminal) -> None:
    """Until what a key set off is drawn."""
    for _ in range(50):
        if quiet(terminal, 0.2):
            return
    raise AssertionError("the program never rests")


def test_nothing_is_written_when_nothing_happens(decks: Terminal) -> None:
    settled(decks)
    assert quiet(decks, 1.2)
    decks.send("a")
    decks.wait_for("Show the answer")
    settled(decks)
    assert quiet(decks, 0.8)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_focused_field_does_not_blink(home: Path, level: int) -> None:
    """One line, a grid, rows; with what they read as beneath."""
    card = f"{{id: p, kind: problem, family: attention-output, level: {level}}}"
    deck = f"title: Field\ncards:\n  - {card}\n"
    (home / "decks" / "field.yaml").write_text(deck, encoding="utf-8")
    with opened(home, "study", "field") as terminal:
        terminal.wait_for("Check")
        settled(terminal)
        terminal.send("1/3")
        settled(terminal)
        assert quiet(terminal, 0.8)


def test_an_open_scratchpad_does_not_blink(home: Path) -> None:
    deck = "title: Field\ncards:\n  - {id: p, kind: problem, family: attention-output, level: 2}\n"
    (home / "decks" / "field.yaml").write_text(deck, encoding="utf-8")
    with opened(home, "study", "field") as terminal:
        terminal.wait_for("Check")
        settled(terminal)
        terminal.send("\x1b[18~")  # F7
        terminal.wait_for("Scratchpad")
        terminal.send("exp(1.5)\r")
        terminal.wait_for("= 4.48169")
        settled(terminal)
        assert quiet(terminal, 0.8)


@pytest.mark.parametrize("key", ["q", "\x11"])
def test_quitting_leaves_the_terminal_as_it_was(decks: Terminal, key: str) -> None:
    decks.send(key)
    assert decks.wait() == 0
    assert all(one in decks.output for one in LEFT)


def test_a_terminated_app_leaves_the_terminal_as_it_was(decks: Terminal) -> None:
    decks.process.send_signal(signal.SIGTERM)
    assert decks.wait() == 128 + signal.SIGTERM
    assert all(one in decks.output for one in LEFT)


def test_a_crash_leaves_the_terminal_as_it_was_and_names_the_log(tmp_path: Path) -> None:
    with Terminal([sys.executable, "-c", CRASH, str(tmp_path)], columns=120) as terminal:
        terminal.wait_for("Study everything")
        terminal.send("a")
        assert terminal.wait() == 1
        assert all(one in terminal.output for one in LEFT)
        said = terminal.output.rpartition(LEFT[0])[2].decode()
        assert "studykit stopped: ZeroDivisionError" in said
        assert "crash.log" in said
        assert "ZeroDivisionError" in (tmp_path / "crash.log").read_text(encoding="utf-8")


def test_a_card_is_edited_at_its_line_and_read_again(home: Path, tmp_path: Path) -> None:
    editor = tmp_path / "nano"
    editor.write_text(
        '#!/bin/sh\necho "$1" > "$(dirname "$0")/line"\n'
        'sed -i "s/the first question/the changed question/" "$2"\n',
        encoding="utf-8",
    )
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    with opened(home, "study", "terminal", EDITOR=str(editor)) as terminal:
        terminal.wait_for("What is the first question?")
        terminal.send("e")
        terminal.wait_for("What is the changed question?")
        assert (tmp_path / "line").read_text(encoding="utf-8").strip() == "+4"
        terminal.send("\x11")
        assert terminal.wait() == 0


def test_an_edit_that_breaks_the_deck_shows_the_fault(home: Path, tmp_path: Path) -> None:
    editor = tmp_path / "nano"
    editor.write_text('#!/bin/sh\nsed -i "s/kind: basic/kind: basics/" "$2"\n', encoding="utf-8")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    with opened(home, "study", "terminal", EDITOR=str(editor)) as terminal:
        terminal.wait_for("What is the first question?")
        terminal.send("e")
        terminal.wait_for("terminal.yaml")
        terminal.wait_for("^")
        terminal.send("\x11")
        assert terminal.wait() == 0


def test_an_editor_that_does_not_start_gives_the_screen_back(home: Path) -> None:
    with opened(home, "study", "terminal", EDITOR="no-such-editor") as terminal:
        terminal.wait_for("What is the first question?")
        terminal.send("e")
        terminal.wait_for("Cannot start no-such-editor")
        terminal.send(" ")
        terminal.wait_for("The first answer.")
        terminal.send("\x11")
        assert terminal.wait() == 0


def test_ctrl_c_in_the_editor_ends_the_editor_and_not_the_session(
    home: Path, tmp_path: Path
) -> None:
    """As `code --wait` is ended, or a pager: the terminal sends it to every program in front."""
    editor = tmp_path / "waits"
    editor.write_text("#!/bin/sh\necho waiting\nread nothing\n", encoding="utf-8")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    with opened(home, "study", "terminal", EDITOR=str(editor)) as terminal:
        terminal.wait_for("What is the first question?")
        terminal.send("e")
        terminal.wait_for("waiting")
        os.killpg(terminal.process.pid, signal.SIGINT)
        terminal.wait_for("ended with code")
        terminal.send(" ")
        terminal.wait_for("The first answer.")
        terminal.send("\x11")
        assert terminal.wait() == 0


def test_a_poisoned_deck_sends_nothing_to_the_terminal(home: Path) -> None:
    (home / "decks" / "bad.yaml").write_text(POISON, encoding="utf-8")
    with opened(home, "study", "bad") as terminal:
        terminal.wait_for("Copy")
        terminal.wait_for("[@click=app.quit]now[/]")
        terminal.send(" ")
        terminal.wait_for("red")
        terminal.send("\x11")
        assert terminal.wait() == 0
        assert b"\x1b]52" not in terminal.output
        assert b"]52;c;aGk=" in terminal.output, "the harmless rest is shown as text"


def test_a_session_goes_on_after_leaving_and_undo_reaches_back(home: Path) -> None:
    with opened(home, "study", "terminal") as terminal:
        terminal.wait_for("What is the first question?")
        terminal.send(" ")
        terminal.wait_for("The first answer.")
        settled(terminal)  # What has not been on the screen is not graded.
        terminal.send("3")
        terminal.wait_for("And the second?")
        terminal.send("\x11")
        assert terminal.wait() == 0
    with opened(home) as terminal:
        terminal.wait_for("1 review")
        terminal.send("u")
        terminal.wait_for("What is the first question?")
        terminal.send("\x11")
        assert terminal.wait() == 0
