"""The full-screen app. The only room that knows Textual; it is loaded when the app is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studykit.study.home import Home
    from studykit.study.settings import Settings
    from studykit.study.start import Start

__all__ = ["run_app"]


def run_app(home: Home, settings: Settings, start: Start) -> int:
    """Open the app and stay until it closes; returns the exit code.

    Raises StudyError when the collection cannot be opened: nothing was drawn then. The garbage
    collector rests until the first frame stands: importing Textual makes it run some eighty times
    over objects that all stay.
    """
    import gc

    gc.disable()
    from studykit.study.collection import Collection

    with Collection.open(home, paths=start.paths, settings=settings) as collection:
        from studykit.tui.app import StudyApp

        app = StudyApp(collection, start)
        try:
            app.run()
        finally:
            gc.enable()
        return app.return_code or 0
