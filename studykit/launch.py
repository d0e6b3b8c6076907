"""Which front end to open: the app, or line mode where a full screen makes no sense.

Line mode is chosen by `--plain`, by the setting `plain`, when input or output is no terminal, and
under TERM=dumb. Neither front end is imported before it is chosen.
"""

from __future__ import annotations

from studykit.study.home import Home
from studykit.study.start import Start
from studykit.terminal import complain, full_screen


def launch(start: Start | None = None) -> int:
    """Open a front end and stay until it closes; returns the exit code."""
    from studykit.study.errors import StudyError
    from studykit.study.settings import load

    start = start or Start()
    try:
        home = Home.find(start.home)
        settings = load(home, start.flags)
        start = start._replace(tour=settings.tour)
        if start.plain or settings.plain or not full_screen():
            from studykit.cli.plain import run_plain

            return run_plain(home, settings, start)
        from studykit.tui import run_app

        return run_app(home, settings, start)
    except StudyError as error:
        complain(f"studykit: {error}")
        return 1


def keys(home: Home) -> tuple[list[dict[str, object]], list[str]]:
    """Every command of the app with its keys, and what is wrong with the learner's own.

    Each is {"id", "keys", "default", "says", "screens"}. Raises StudyError for a file that cannot
    be read.
    """
    from studykit.study.keys import load_keys
    from studykit.tui.keymap import checked, listed

    keymap, wrong = checked(load_keys(home))
    return listed(keymap), wrong
