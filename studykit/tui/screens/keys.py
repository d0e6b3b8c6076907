"""Keys: every command of the app with the keys that reach it; press a new one to change it.

A key that does something else on the same screen is refused, and what it does is named. Ctrl+Q
always quits.
"""

from __future__ import annotations

from collections.abc import Hashable

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen

from studykit.study.errors import StudyError
from studykit.study.keys import forget_keys, store_keys
from studykit.tui.command import Command, bindings, key_name
from studykit.tui.commands import BACK
from studykit.tui.keymap import ALWAYS, Place, conflicts, keys_of, places
from studykit.tui.screens.listing import MOVING, Listing
from studykit.tui.text import EMPTY, fitted, joined, tell, word, wrapped
from studykit.tui.widgets.board import Board

CHANGE = Command(
    "change-key",
    "enter",
    "Press a new key",
    footer="New key",
    more="It takes the place of the first key of this command.",
)
KEYS = (
    CHANGE,
    Command("add-key", "a", "Add a key", footer="Add", more="Beside those it has."),
    Command(
        "own-keys",
        "backspace,delete",
        "Its own keys again",
        footer="Reset",
        more="Of this command.",
    ),
    Command("all-own-keys", "R", "All keys as they were", footer="Reset all"),
    *MOVING,
    BACK,
)
ABOUT = """\
**By hand.** The keys stand in config.toml: a table `[keys]` with a line for each command, such as \
`reveal = "x,space"`. `studykit keys` lists the commands.

**In an answer field** letters are only letters, so a command that shall be reached while typing \
needs a function key or one with Ctrl."""
KEYS_ROOM = 20


class KeysScreen(Listing[None]):
    """One row a command."""

    does = KEYS
    BINDINGS = bindings(KEYS)
    about = ABOUT

    def __init__(self) -> None:
        super().__init__()
        self.places: tuple[Place, ...] = tuple(places().values())

    def on_mount(self) -> None:
        self._show(0)

    def _show(self, at: int) -> None:
        changed = len(self.keymap)
        self.bar.show(word("Keys", "bold"), word(f"{changed} changed" * bool(changed), "$quiet"))
        self.fill(len(self.places), at)

    # What stands on the screen.

    def head(self, width: int) -> Content:
        where = fitted(word("where", "$quiet"), where_room(width))
        room = width - KEYS_ROOM - where_room(width)
        return joined(
            fitted(word("Command", "$quiet"), room),
            fitted(word("keys", "$quiet"), KEYS_ROOM),
            where,
        )

    def row(self, row: int, width: int) -> Content:
        place = self.places[row]
        changed = place.command.id in self.keymap
        room = width - KEYS_ROOM - where_room(width)
        keys = " ".join(self._keys(place.command))
        shown = word(f"{keys} *" if changed else keys, "bold" if changed else "")
        return joined(
            fitted(word(place.command.says), room - 1),
            " ",
            fitted(shown, KEYS_ROOM - 1),
            " ",
            fitted(word(", ".join(place.screens), "$quiet"), where_room(width)),
        )

    def state(self, row: int) -> Hashable:
        return self.places[row].command, self.keymap.get(self.places[row].command.id)

    def full(self, row: int, width: int) -> list[Content]:
        place = self.places[row]
        command = place.command
        own = " ".join(key_name(key) for key in keys_of(command, {}))
        found = [
            *(one.stylize_before("bold") for one in wrapped(command.says, width)),
            *wrapped(command.more, width),
            EMPTY,
            *wrapped(f"Keys: {' '.join(self._keys(command))}", width),
            *wrapped(f"Screens: {', '.join(place.screens)}", width),
            *wrapped(f"In config.toml its name is {command.id}.", width),
        ]
        if command.id in self.keymap:
            found += wrapped(f"* Changed; from the start it was {own}.", width)
        if command.id == "quit":
            found += wrapped(f"{key_name(ALWAYS)} quits whatever you choose.", width)
        return found

    def _keys(self, command: Command) -> list[str]:
        return [key_name(key) for key in keys_of(command, self.keymap)]

    # Changing.

    @property
    def selected(self) -> Command:
        return self.places[self.at].command

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "own_keys":
            return self.selected.id in self.keymap
        if action == "all_own_keys":
            return bool(self.keymap)
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        self.action_change_key()

    def action_change_key(self) -> None:
        self.app.push_screen(Press(self.selected.says), self._pressed)

    def action_add_key(self) -> None:
        self.app.push_screen(Press(self.selected.says), self._added)

    def _pressed(self, key: str | None) -> None:
        if key:
            self._give(key, keys_of(self.selected, self.keymap)[1:])

    def _added(self, key: str | None) -> None:
        if key:
            self._give(key, keys_of(self.selected, self.keymap))

    def _give(self, key: str, others: tuple[str, ...]) -> None:
        """Let `key` be the first key of the command, before these others."""
        command = self.selected
        if key == ALWAYS and command.id != "quit":
            tell(self.app, f"{key_name(ALWAYS)} always quits; press another key.", "warning")
            return
        taken = conflicts(command.id, key, self.keymap)
        if taken:
            what = "; ".join(taken[:2])
            tell(self.app, f"{key_name(key)} is taken by {what}. Press another key.", "warning")
            return
        keys = (key, *(one for one in others if one != key))
        self._write(command.id, keys)
        tell(self.app, f"{key_name(key)}: {command.says}.")

    def action_own_keys(self) -> None:
        self._write(self.selected.id, ())

    def action_all_own_keys(self) -> None:
        try:
            forget_keys(self.studio.collection.home)
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        self.studio.rebind({})
        self._show(self.at)

    def _write(self, command: str, keys: tuple[str, ...]) -> None:
        """Keys that are the command's own leave nothing in the file."""
        own = keys == keys_of(self.selected, {})
        try:
            store_keys(self.studio.collection.home, command, () if own else keys)
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        keymap = {id_: value for id_, value in self.keymap.items() if id_ != command}
        if keys and not own:
            keymap[command] = ",".join(keys)
        self.studio.rebind(keymap)
        self._show(self.at)


class Press(ModalScreen[str | None], inherit_bindings=False):
    """Waits for one key and says which it was; Esc keeps the old one."""

    BINDINGS = []  # noqa: RUF012

    def __init__(self, says: str) -> None:
        super().__init__()
        self._says = says

    def compose(self) -> ComposeResult:
        yield Board()

    def on_resize(self) -> None:
        width = self.app.size.width - 6
        self.query_one(Board).show(
            [
                EMPTY,
                *(row.stylize_before("bold") for row in wrapped(self._says, width)),
                EMPTY,
                *wrapped("Press the new key for it. Esc keeps what it is.", width),
            ]
        )

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.dismiss(None if event.key == "escape" else event.key)


def where_room(width: int) -> int:
    """Cells for the screens that have a command."""
    return min(28, width // 3) if width >= 70 else 0
