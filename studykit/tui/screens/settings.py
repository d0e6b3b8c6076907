"""Settings: every one with its value, where that comes from and what it does, changed in place.

What is typed is checked at every key and written to config.toml with Enter. A value that a flag or
the environment overrides says so.
"""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from studykit.study import settings
from studykit.study.errors import StudyError
from studykit.tui.command import Command, bindings
from studykit.tui.commands import BACK
from studykit.tui.screens.listing import MOVING, Listing
from studykit.tui.text import EMPTY, Part, fitted, joined, tell, word, wrapped
from studykit.tui.widgets.filter import Filter

if TYPE_CHECKING:
    from studykit.study.settings import Held

CHANGE = Command(
    "change",
    "enter,space",
    "Change this setting",
    footer="Change",
    more="Goes to the next value, or lets you type one; Enter writes it, Esc leaves it.",
)
UNSET = Command(
    "unset",
    "backspace,delete",
    "Back to the default",
    footer="Default",
    more="Takes it out of config.toml.",
)
SETTINGS = (
    CHANGE,
    UNSET,
    Command("keys", "K", "Change keys", action="app.keys", footer="Keys", more="Of any command."),
    *(one for one in MOVING if one.id != "read-back"),
    BACK,
)
BOLD = "What is bold was set by you; the rest is as it comes."
NAME = 18
"""Cells of a setting's name."""
ABOUT = """\
**What is in force.** A flag on the command line beats `STUDYKIT_…` in the environment, which \
beats config.toml, which beats the default. `studykit config show` prints the same.

**config.toml** may be edited by hand; comments stay when something is changed here. \
`studykit config path` says where it is."""


class SettingsScreen(Listing[None]):
    """One row a setting."""

    does = SETTINGS
    BINDINGS = bindings(SETTINGS)
    about = ABOUT
    DEFAULT_CSS = """
    SettingsScreen {
        layers: below above;
        #value { layer: above; position: absolute; display: none; padding: 0; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.names = settings.names()
        self.held: dict[str, Held] = {}
        self.editing = ""
        """The setting whose value is being typed."""

    def above(self) -> list[Widget]:
        self._hold()
        self.field = Filter(self._write_typed, id="value")
        return [self.field]

    def on_mount(self) -> None:
        self.bar.show(word("Settings", "bold"))
        self._take_over()
        # The list of themes closes before the theme it chose is in force.
        self.app.theme_changed_signal.subscribe(self, lambda _: self._read())

    def _take_over(self) -> None:
        """What another program wrote to the file meanwhile is in force from here on, as it says
        below; what is wrong with the file is told when it is read."""
        with suppress(StudyError):
            self.studio.settings_changed()

    def on_screen_resume(self) -> None:
        self._read()

    def _laid_out(self) -> None:
        super()._laid_out()
        if self.editing:
            self._place()
            self._check(self.field.value)

    def _read(self) -> None:
        self._hold()
        self.fill(len(self.names), self.at)

    def _hold(self) -> None:
        """Ask what is in force at this moment."""
        home, flags = self.studio.collection.home, self.studio.start.flags
        try:
            self.held = settings.held(home, flags)
        except StudyError as error:
            tell(self.app, str(error), "error")
            self.held = {
                name: settings.Held(
                    getattr(self.studio.collection.settings, name), "default", "config.toml"
                )
                for name in self.names
            }

    @property
    def name_at(self) -> str:
        """The selected setting."""
        return self.names[self.at]

    # What stands on the screen.

    def head(self, width: int) -> Content:
        value, source = columns(width)
        parts = [("Setting".ljust(NAME), "$quiet"), ("value".ljust(value), "$quiet")]
        return joined(*parts, ("from" if source else "", "$quiet"))

    def row(self, row: int, width: int) -> Content:
        name = self.names[row]
        held = self.held[name]
        value, source = columns(width)
        plain = held.level == "default"
        said = settings.shown(held.value).strip('"') or "–"
        parts: list[Part] = [
            fitted(word(name), NAME),
            fitted(word(said, "$quiet" if plain else "bold"), value - 1),
            " ",
        ]
        if source:
            parts.append(word(origin(held), "$quiet"))
        return joined(*parts)

    def state(self, row: int) -> Hashable:
        return self.names[row], self.held[self.names[row]]

    def full(self, row: int, width: int) -> list[Content]:
        name = self.names[row]
        held = self.held[name]
        default = settings.default(name)
        found = [
            *wrapped(sentence(settings.says(name)), width),
            *wrapped(settings.more(name), width),
            EMPTY,
            *wrapped(
                f"It takes {settings.takes(name)}; "
                f"the default is {settings.shown(default) if default != '' else 'nothing'}.",
                width,
            ),
            EMPTY,
        ]
        return [*found, *wrapped(whence(held), width)]

    def look(self) -> None:
        if not self.editing:
            # What the pane says stands here where there is none.
            says = BOLD if self.pane.display else sentence(settings.says(self.name_at))
            rows = wrapped(says, self.app.size.width - 4)
            self._say([row.stylize_before("$quiet") for row in rows])
        super().look()

    def _say(self, rows: list[Content]) -> None:
        """Two rows above the list, always, so that the list stays where it is."""
        self.say([*rows, EMPTY, EMPTY][:2])

    # Changing.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "unset":
            return not self.editing and self.held[self.name_at].in_file is not None
        return super().check_action(action, parameters)

    @property
    def typing(self) -> bool:
        return bool(self.editing)

    def label_of(self, command: Command) -> str:
        if self.editing:
            return {"change": "Write it", "back": "Leave it"}.get(command.id, command.footer)
        return command.footer

    def action_open(self) -> None:
        self.action_change()

    def action_move(self, where: str) -> None:
        if not self.editing:
            super().action_move(where)

    def action_choose(self, row: int) -> None:
        self._end()
        super().action_choose(row)

    def action_change(self) -> None:
        if self.editing:
            self._write_typed()
            return
        name = self.name_at
        if name == "theme":
            self.app.action_change_theme()
            return
        choices = settings.choices(name)
        if choices:
            now = settings.shown(self.held[name].value).strip('"')
            self._write(name, choices[(choices.index(now) + 1) % len(choices)])
            return
        self.editing = name
        held = self.held[name]
        value = held.value if held.in_file is None else held.in_file
        field = self.field
        field.value = str(value)
        field.select_on_focus = True
        field.display = True
        self._place()
        self.set_focus(field)
        self._check(field.value)
        self.keys_changed()

    def _place(self) -> None:
        """Let the field stand over the value it changes."""
        room, _ = columns(self.table.room)
        region = self.table.region
        self.field.styles.width = max(12, room)
        self.field.styles.offset = (
            region.x + 2 + NAME,
            region.y + self.at - self.table.scroll_offset.y,
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.editing:
            self._check(event.value)

    def _check(self, text: str) -> bool:
        """Whether what is typed can be written; says so above the list."""
        name = self.editing
        width = self.app.size.width - 4
        try:
            settings.parse(name, text, "")
        except StudyError as error:
            said = str(error).removeprefix(": ").removeprefix(f"{name}: ")
            rows = wrapped(f"✗ {said}", width)
            self._say([row.stylize_before("$wrong") for row in rows])
            return False
        rows = wrapped(f"✓ {sentence(settings.takes(name))} Enter writes it.", width)
        self._say([row.stylize_before("$right") for row in rows])
        return True

    def _write_typed(self) -> None:
        """Write what is typed; what is wrong with it stands above the list already."""
        if self._check(self.field.value):
            self._write(self.editing, self.field.value)

    def _write(self, name: str, value: str) -> None:
        home = self.studio.collection.home
        try:
            settings.store(home, name, value)
            self.studio.settings_changed()
        except StudyError as error:
            tell(self.app, str(error).removeprefix("config set: "), "error")
            return
        self._end()
        self._read()
        self._tell_stronger(name)

    def action_unset(self) -> None:
        name = self.name_at
        try:
            settings.forget(self.studio.collection.home, name)
            self.studio.settings_changed()
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        self._read()
        self._tell_stronger(name)

    def _tell_stronger(self, name: str) -> None:
        held = self.held[name]
        if held.level in ("environment", "flag"):
            tell(
                self.app,
                f"Written, but {held.where} is stronger: leave it out and this holds.",
                "warning",
            )

    def _end(self) -> None:
        """Put the field away."""
        if self.editing:
            self.editing = ""
            self.field.display = False
            self.set_focus(None)
            self.look()

    def action_back(self) -> None:
        if self.editing:
            self._end()
        else:
            self.dismiss()


def columns(width: int) -> tuple[int, int]:
    """Cells for the value, and for its source; none for that where columns are few."""
    source = 20 if width >= 56 else 0
    return max(8, min(32, width - NAME - source)), source


def origin(held: Held) -> str:
    """Where a value comes from, in a word."""
    return "config.toml" if held.level == "file" else held.where


def sentence(says: str) -> str:
    """A line of the table as a sentence."""
    return says[:1].upper() + says[1:] + ("" if says.endswith(".") else ".")


def whence(held: Held) -> str:
    """Where the value comes from, and what that overrides."""
    if held.level == "default":
        return "Nothing sets it: the default is in force."
    if held.level == "file":
        return f"It comes from {held.where}. Backspace takes it out."
    what = "flag" if held.level == "flag" else "environment variable"
    below = (
        "the default" if held.in_file is None else f"config.toml ({settings.shown(held.in_file)})"
    )
    return (
        f"It comes from the {what} {held.where}, which is stronger than {below}. What you change "
        f"here is written, and holds once {held.where} is not given."
    )
