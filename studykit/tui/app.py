"""The app: opens on the decks, moves between screens, and leaves the terminal as it found it.

What is due and how answers are judged belongs to the collection and its session; screens show it.
"""

from __future__ import annotations

import gc
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.events import Key
from textual.screen import Screen

from studykit.tui.command import bindings
from studykit.tui.commands import EVERYWHERE
from studykit.tui.screens.base import HEIGHTS, WIDTHS, Page
from studykit.tui.screens.home import HomeScreen
from studykit.tui.text import hush, tell
from studykit.tui.themes import CONTRAST, DARK, LIGHT, meanings, themes

if TYPE_CHECKING:
    from rich.console import RenderableType

    from studykit.study.collection import Collection
    from studykit.study.counts import DeckCounts
    from studykit.study.practice import Practice
    from studykit.study.start import Booking, Start
    from studykit.tui.showing import Sitting

LEAVE_SIGNALS = ("SIGTERM", "SIGHUP")


class StudyApp(App[None]):
    """studykit on a full screen."""

    TITLE = "studykit"
    CSS_PATH = "studykit.tcss"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS = [  # noqa: RUF012
        *bindings(EVERYWHERE),
        # Without an id, so that no rebinding takes it away; first, so that no screen does.
        Binding("ctrl+q", "app.quit", show=False, priority=True),
    ]

    def __init__(self, collection: Collection, start: Start) -> None:
        super().__init__()
        self.collection = collection
        self.start = start
        self.keymap_by_id: dict[str, str] = {}
        self.sitting: Sitting | None = None
        self.animation_level = "none"
        for theme in themes():
            self.register_theme(theme)
        wanted = collection.settings.theme
        self.set_reactive(App.theme, wanted if wanted in self.available_themes else DARK)
        self.stylesheet.set_variables(self.get_css_variables())
        self._dressed = False
        self._kept_theme = self.theme

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our meanings for themes that do not know them."""
        theme = self.current_theme
        return meanings(dark=theme.dark, ansi=theme.ansi)

    def refresh_css(self, animate: bool = True) -> None:
        """Apply the theme. At the start the stylesheet has its colours already; Textual would
        parse all of it a second time."""
        if self._dressed:
            super().refresh_css(animate)
        else:
            self._dressed = True
            self.stylesheet.update(self, animate=animate)

    def get_default_screen(self) -> Screen[None]:
        return HomeScreen()

    def on_mount(self) -> None:
        self._leave_on_signals()
        self.call_after_refresh(self._take_own_keys)
        wanted = self.collection.settings.theme
        if wanted and wanted not in self.available_themes:
            tell(
                self,
                f"There is no theme called {wanted}; this is {DARK}. Settings list them.",
                "warning",
            )
        if self.start.interview is not None:
            self.call_after_refresh(self.begin_interview, self.start.interview)
        elif self.start.study:
            self.begin(self.collection.asked_for(self.start))

    def on_ready(self) -> None:
        """The first frame stands: what exists by then stays, so the collector need not look."""
        self._dressed = True
        gc.freeze()
        gc.enable()
        if self.start.tour and isinstance(self.screen, HomeScreen) and self.collection.first_time:
            self.call_after_refresh(self.action_tour)

    def _leave_on_signals(self) -> None:
        """A terminated app leaves the terminal as it found it."""
        if sys.platform == "win32" or self.is_headless:
            return
        import asyncio

        loop = asyncio.get_running_loop()
        for name in LEAVE_SIGNALS:
            number = getattr(signal, name)
            loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))

    def on_key(self, event: Key) -> None:
        """A letter typed on the heels of the key that opened a field belongs to that field, though
        it was sent to the screen before."""
        insert = getattr(self.focused, "insert_text_at_cursor", None)
        if insert is not None and event.is_printable and event.character:
            event.prevent_default()
            insert(event.character)

    def rebind(self, keys: Mapping[str, str]) -> None:
        """Use these keys, by command id, instead of the usual ones."""
        from studykit.tui.keymap import rekey

        self.keymap_by_id = dict(keys)
        rekey(self, EVERYWHERE, keys)
        for screen in self.screen_stack:
            if isinstance(screen, Page):
                rekey(screen, screen.does, keys)
                if screen.is_mounted:
                    screen.keys_changed()

    def _take_own_keys(self) -> None:
        """The learner's keys hold from the first key press; what is wrong with them is told once
        the first frame stands."""
        from studykit.study.errors import StudyError
        from studykit.study.keys import load_keys

        try:
            written = load_keys(self.collection.home)
        except StudyError as error:
            tell(self, str(error), "error")
            return
        if written:
            from studykit.tui.keymap import checked

            keymap, wrong = checked(written)
            self.rebind(keymap)
            if wrong:
                more = f" ({len(wrong) - 1} more: `studykit keys`.)" if len(wrong) > 1 else ""
                tell(self, f"[keys] in config.toml: {wrong[0]}{more}", "warning")

    # Moving between screens.

    def begin(self, decks: tuple[str, ...], *, cram: bool = False, replace: bool = False) -> None:
        """Study these decks (none: all). A session that was left is taken up again."""
        from studykit.study.errors import StudyError
        from studykit.tui.showing import Sitting

        old = self.sitting
        if not replace and old is not None and old.decks == decks and old.showing is not None:
            self.show_study(old)
            return
        chosen = [one for one in self.collection.decks() if one.id in decks]
        if chosen and all(one.broken for one in chosen):
            self.show_faults(chosen[0])
            return
        start = self.start
        first = start.study and old is None
        try:
            session = self.collection.session(
                decks=decks,
                limit=start.limit if first else None,
                tag=start.tag if first else "",
                cram=cram or (first and start.cram),
                new=start.new,
            )
            self.sitting = Sitting(session, decks)
            self.sitting.advance()
        except StudyError as error:
            tell(self, str(error), "error")
            return
        self.show_study(self.sitting)

    def show_faults(self, deck: DeckCounts) -> None:
        """What is wrong with a deck that cannot be served."""
        from studykit.tui.screens.faults import FaultsScreen

        faults = [one for one in self.collection.faults if one.file == str(deck.path)]
        self.push_screen(FaultsScreen(deck.title, deck.path, faults))

    def show_study(self, sitting: Sitting) -> None:
        """The study screen, or the summary where nothing is left; over the decks, in one place."""
        from studykit.tui.screens.study import StudyScreen
        from studykit.tui.screens.summary import SummaryScreen

        if not sitting.aside:
            self.sitting = sitting
        screen: Page[None]
        if sitting.showing:
            screen = StudyScreen(sitting)
        else:
            screen = sitting.closing() if sitting.closing else SummaryScreen(sitting)
        if not sitting.showing:
            self.call_after_refresh(self.collection.rest)
        if isinstance(self.screen, (StudyScreen, SummaryScreen)):
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def practise(self, practice: Practice, closing: Callable[[], Page[None]] | None = None) -> None:
        """Study outside the schedule, over the present screen; a session that was left waits.

        `closing` makes the screen at the end, in place of the summary.
        """
        from studykit.study.errors import StudyError
        from studykit.tui.showing import Sitting

        try:
            session = self.collection.session(practice=practice)
            sitting = Sitting(session, aside=True, closing=closing)
            sitting.advance()
        except StudyError as error:
            tell(self, str(error), "error")
            return
        self.show_study(sitting)

    def action_stats(self) -> None:
        from studykit.tui.screens.stats import StatsScreen

        self.push_screen(StatsScreen())

    def action_browse(self) -> None:
        from studykit.tui.screens.browse import BrowseScreen

        self.push_screen(BrowseScreen())

    def begin_interview(self, booking: Booking) -> None:
        """The interview or the rapid round that was asked for on the command line."""
        from studykit.study.errors import StudyError
        from studykit.study.interview.conduct import booked
        from studykit.study.interview.rapid import rapid_fire
        from studykit.tui.screens.interview import interview, rapid

        try:
            if booking.rapid:
                rapid(self, rapid_fire(self.collection, booking.seed))
            else:
                interview(self, booked(self.collection, booking), booking.report)
        except StudyError as error:
            tell(self, str(error), "error")

    def action_plan(self) -> None:
        from studykit.tui.screens.plan import PlanScreen

        self.push_screen(PlanScreen())

    def action_interview(self) -> None:
        from studykit.tui.screens.interview import InterviewScreen

        self.push_screen(InterviewScreen())

    def action_mistakes(self) -> None:
        from studykit.tui.screens.mistakes import MistakesScreen

        self.push_screen(MistakesScreen())

    def action_settings(self) -> None:
        from studykit.tui.screens.settings import SettingsScreen

        self.push_screen(SettingsScreen())

    def action_tour(self) -> None:
        from studykit.tui.screens.tour import TourScreen

        self.push_screen(TourScreen())

    def action_keys(self) -> None:
        from studykit.tui.screens.keys import KeysScreen

        self.push_screen(KeysScreen())

    # Commands of every screen.

    def action_help(self) -> None:
        from studykit.tui.screens.help import Help

        page = self.screen
        if isinstance(page, Page) and not isinstance(page, Help):
            hush(self)
            self.push_screen(Help("Help", page.every_command(), self.keymap_by_id, page.about))

    def action_command_palette(self) -> None:
        super().action_command_palette()
        self.call_after_refresh(self._hold_still)

    def search_themes(self) -> None:
        from studykit.tui.theme_list import theme_list

        self.push_screen(theme_list())
        self.call_after_refresh(self._hold_still)

    def _hold_still(self) -> None:
        """A blinking cursor would write to the terminal twice a second."""
        from textual.widgets import Input

        for field in self.screen.query(Input):
            field.cursor_blink = False

    def watch_theme(self, theme: str) -> None:
        """A theme that was chosen is there again the next time."""
        if theme == self._kept_theme:
            return
        self._kept_theme = theme
        from studykit.study.errors import StudyError
        from studykit.study.settings import store

        try:
            store(self.collection.home, "theme", theme)
            self.collection.change(replace(self.collection.settings, theme=theme))
        except StudyError as error:
            tell(self, str(error), "warning")

    def settings_changed(self) -> None:
        """Go by what the configuration says at this moment. Raises StudyError."""
        from studykit.study.settings import load

        before = self.collection.settings
        settings = load(self.collection.home, self.start.flags)
        self.collection.change(settings)
        if replace(before, theme="", editor="", plain=False) != replace(
            settings, theme="", editor="", plain=False
        ):
            # A session that was left would go on within the limits it began with.
            self.sitting = None
        wanted = settings.theme or DARK
        if settings.theme != before.theme and wanted in self.available_themes:
            self._kept_theme = wanted
            self.theme = wanted

    def action_switch_theme(self) -> None:
        """The other one of a pair; high contrast stays high contrast."""
        pair = CONTRAST if self.theme in CONTRAST else (DARK, LIGHT)
        self.theme = pair[self.current_theme.dark]

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every command that makes sense on the screen below the palette."""
        if not isinstance(screen, Page):
            return
        for one in screen.every_command():
            if one.group in ("scroll", "page", "sideways", "ends", "decks"):
                continue
            if not screen.allowed(one):
                continue
            keys = " ".join(one.shown(self.keymap_by_id))

            def run(action: str = one.runs) -> None:
                self.call_later(self.run_action, action, screen)

            yield SystemCommand(one.says, f"{keys}  {one.more}".rstrip(), run)
        yield SystemCommand("Theme", "Choose among all themes", self.action_change_theme)

    # When something breaks.

    def panic(self, *renderables: RenderableType) -> None:
        """Leave the details in a file and one paragraph on the terminal."""
        error = sys.exc_info()[1]
        if error is None:
            super().panic(*renderables)
            return
        self._report(error)

    def _fatal_error(self) -> None:
        error = sys.exc_info()[1]
        if error is None:
            super()._fatal_error()
        else:
            self._report(error)

    def _report(self, error: BaseException) -> None:
        from studykit.typeset import clean

        path = self.collection.home.root / "crash.log"
        trace = "".join(traceback.format_exception(error))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(trace, encoding="utf-8", errors="replace")
            where = f"The details are in {path}."
        except OSError:
            where = trace
        said = clean(f"{type(error).__name__}: {error}")
        super().panic(Text(f"studykit stopped: {said}\n{where}\nEverything you graded is saved."))
