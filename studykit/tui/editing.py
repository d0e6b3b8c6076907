"""Out to the learner's editor at a card's line, and back with the deck read again."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual.app import SuspendNotSupported

from studykit.study.copies import drop_unchanged
from studykit.study.errors import StudyError
from studykit.tui.editor import editor_command
from studykit.tui.text import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studykit.decks.faults import Fault
    from studykit.tui.app import StudyApp


class Edited(NamedTuple):
    """The file that was edited, and what is wrong with it by now."""

    path: Path
    faults: Sequence[Fault]


def edit(app: StudyApp, path: Path, line: int) -> Edited | None:
    """Open the deck `path` at `line`, wait for the editor, and read the deck again.

    A deck of the installed program is edited as a copy. None when no editor could be opened; that
    is said on the screen.
    """
    if app.is_web:
        tell(app, "In the browser the editor is off: cards are edited in the terminal.")
        return None
    try:
        file = app.collection.to_edit(path)
        elsewhere = f"Edit {path}:{line} elsewhere."
        if file != path:
            # The copy is gone again by the time that this is read.
            elsewhere = f"Copy {path} to {file} and edit line {line} there."
        ended = opened(app, file, line, elsewhere)
        drop_unchanged(file, path)
        if not ended:
            return None
        faults = app.collection.refresh(file)
    except StudyError as error:
        tell(app, str(error), "error")
        return None
    if file != path and file.exists():
        tell(app, f"This is your own copy by now: {file}. Updates no longer change this deck.")
    return Edited(file, faults)


def opened(app: StudyApp, path: Path, line: int, elsewhere: str) -> bool:
    """Whether an editor was there for this file, and has ended; what went wrong is said.

    `elsewhere` says what to do where the terminal cannot be lent.
    """
    command = editor_command(app.collection.settings.editor, path, line)
    if command is None:
        tell(
            app, "There is no editor: set $EDITOR, or `studykit config set editor NAME`.", "warning"
        )
        return False
    try:
        with app.suspend():
            ended = run(command)
    except SuspendNotSupported:
        tell(app, f"This terminal cannot be lent to an editor. {elsewhere}")
        return False
    if isinstance(ended, OSError):
        tell(app, f"Cannot start {command[0]}: {ended.strerror or ended}.", "error")
        return False
    if ended != 0:
        tell(
            app,
            f"{command[0]} ended with code {ended}; the deck is read as it was left.",
            "warning",
        )
    return True


def run(command: list[str]) -> int | OSError:
    """The code `command` ended with, or why it did not start.

    Nothing may be raised while the terminal is lent: Textual takes it back only from a block that
    ends by itself. So Ctrl+C, which the terminal sends to the editor and to us, is the editor's.
    """
    ours = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.call(command)  # noqa: S603  (the learner's own editor)
    except OSError as error:
        return error
    finally:
        signal.signal(signal.SIGINT, ours)
