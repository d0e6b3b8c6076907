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
from studykit.tui.screens.listing import MOVING
from studykit.tui.screens.searched import FILTER, Searched
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
    FILTER,
    *MOVING,
    BACK,
)
ABOUT = """\
**By hand.** The keys stand in config.toml: a table `[keys]` with a line for each command, such as \
`reveal = "x,space"`. `studykit keys` lists the commands.

**In an answer field** letters are only letters, so a command that shall be reached while typing \
needs a function key or one with Ctrl."""
KEYS_ROOM = 20
WHERE_TYPED = frozenset(("Everywhere", "Study", "Scratchpad"))
"""Screens on which answers are typed."""


class KeysScreen(Searched[None]):
    """One row a command."""

    does = KEYS
    BINDINGS = bindings(KEYS)
    about = ABOUT
    takes = "words, a key or a screen"

    def __init__(self) -> None:
        super().__init__()
        self.all: tuple[Place, ...] = tuple(places().values())
        self.places = self.all

    def on_mount(self) -> None:
        self._show(0)

    def _show(self, at: int) -> None:
        changed = len(self.keymap)
        self.bar.show(word("Keys", "bold"), word(f"{changed} changed" * bool(changed), "$quiet"))
        self.fill(len(self.places), at)

    def search(self) -> None:
        words = self.query_text.casefold().split()
        self.places = tuple(
            place for place in self.all if all(word in self._told(place) for word in words)
        )
        nothing = wrapped("No command fits.", self.app.size.width - 4)
        self.say([] if self.places else nothing)
        self._show(0)

    def _told(self, place: Place) -> str:
        """What is known of a command, to be searched."""
        command = place.command
        keys = self._keys(command)
        return " ".join((command.says, command.more, command.id, *keys, *place.screens)).casefold()

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
    def selected(self) -> Command | None:
        """The selected command; none where the filter leaves none."""
        return self.places[self.at].command if self.at < len(self.places) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        command = self.selected
        if action in ("change_key", "add_key"):
            return command is not None
        if action == "own_keys":
            return command is not None and command.id in self.keymap
        if action == "all_own_keys":
            return bool(self.keymap)
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        self.action_change_key()

    def action_change_key(self) -> None:
        if self.selected is not None:
            self._ask(self.selected, keys_of(self.selected, self.keymap)[1:])

    def action_add_key(self) -> None:
        if self.selected is not None:
            self._ask(self.selected, keys_of(self.selected, self.keymap))

    def _ask(self, command: Command, others: tuple[str, ...], why: str = "") -> None:
        """Wait for the first key of a command, to stand before these others."""
        asks = f"{why} Press the new key for it. Esc keeps what it is.".strip()
        self.app.push_screen(
            Press(command.says, asks), lambda key: self._give(command, key, others)
        )

    def _give(self, command: Command, key: str | None, others: tuple[str, ...]) -> None:
        if not key:
            return
        taken = conflicts(command.id, key, self.keymap)
        if taken:
            # The dialog stays open: another key, pressed at once, would be a command of the list.
            self._ask(command, others, f"{key_name(key)} is taken by {'; '.join(taken[:2])}.")
            return
        self._write(command, (key, *(one for one in others if one != key)))
        only = f" Where you type, {key_name(key)} is only a letter." * lettered(
            key, places()[command.id]
        )
        tell(self.app, f"{key_name(key)}: {command.says}.{only}")

    def action_own_keys(self) -> None:
        if self.selected is not None:
            self._write(self.selected, ())

    def action_all_own_keys(self) -> None:
        asks = "Your own keys are taken out of config.toml. Enter does it, any other key does not."
        self.app.push_screen(Press("All keys as they were", asks), self._reset)

    def _reset(self, key: str | None) -> None:
        if key != "enter":
            return
        try:
            forget_keys(self.studio.collection.home)
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        self.studio.rebind({})
        self._show(self.at)

    def _write(self, command: Command, keys: tuple[str, ...]) -> None:
        """Keys that are the command's own leave nothing in the file."""
        own = keys == keys_of(command, {})
        try:
            store_keys(self.studio.collection.home, command.id, () if own else keys)
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        keymap = {id_: value for id_, value in self.keymap.items() if id_ != command.id}
        if keys and not own:
            keymap[command.id] = ",".join(keys)
        self.studio.rebind(keymap)
        self._show(self.at)


class Press(ModalScreen[str | None], inherit_bindings=False):
    """Waits for one key and says which it was; none for Esc or a click."""

    BINDINGS = []  # noqa: RUF012

    def __init__(self, says: str, asks: str) -> None:
        super().__init__()
        self._says = says
        self._asks = asks

    def compose(self) -> ComposeResult:
        yield Board()

    def on_resize(self) -> None:
        width = self.app.size.width - 6
        self.query_one(Board).show(
            [
                EMPTY,
                *(row.stylize_before("bold") for row in wrapped(self._says, width)),
                EMPTY,
                *wrapped(self._asks, width),
            ]
        )

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.dismiss(None if event.key == "escape" else event.key)

    def on_click(self) -> None:
        self.dismiss(None)


def lettered(key: str, place: Place) -> bool:
    """Whether a letter is given to a command that is reached while typing."""
    own = keys_of(place.command, {})
    return (
        bool(WHERE_TYPED.intersection(place.screens))
        and len(key_name(key)) == 1
        and not any(len(key_name(one)) == 1 for one in own)
    )


def where_room(width: int) -> int:
    """Cells for the screens that have a command."""
    return min(28, width // 3) if width >= 70 else 0
