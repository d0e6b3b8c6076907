"""What a command is: one `Command` feeds the binding, the line of keys, the palette and help.

A command is data. The screen that lists it carries it out in `action_<name>` and says in
`check_action` whether it makes sense at the moment; nothing else knows a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from textual.binding import Binding, BindingType
from textual.keys import key_to_character

KEY_NAMES = {
    "question_mark": "?",
    "escape": "Esc",
    "space": "Space",
    "enter": "Enter",
    "tab": "Tab",
    "minus": "-",
    "equals_sign": "=",
    "slash": "/",
    "asterisk": "*",
    "comma": ",",
    "at": "@",
    "plus": "+",
    "backslash": "\\",
    "underscore": "_",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "home": "Home",
    "end": "End",
}


class Command(NamedTuple):
    """Something a learner can do: its keys, what it is called and where it is offered."""

    id: str
    """Stable name, by which a learner rebinds it."""
    keys: str
    """Keys with commas between, the one to show first."""
    says: str
    """What it does, as a heading in the palette and in help."""
    action: str = ""
    """Textual action; the id with underscores unless given."""
    footer: str = ""
    """Its word in the line of keys; empty: not shown there."""
    more: str = ""
    """A sentence of help."""
    group: str = ""
    """Commands of one group share a line: "1-4 Grade"."""

    @property
    def runs(self) -> str:
        return self.action or self.id.replace("-", "_")

    def bound(self, keymap: Mapping[str, str]) -> tuple[str, ...]:
        """Its keys by Textual's names, after rebinding."""
        return split(keymap.get(self.id, self.keys))

    def shown(self, keymap: Mapping[str, str]) -> tuple[str, ...]:
        """The same as a learner reads them."""
        return spelled(self.bound(keymap))


@lru_cache(maxsize=256)
def split(keys: str) -> tuple[str, ...]:
    """Keys with commas between."""
    return tuple(key.strip() for key in keys.split(","))


@lru_cache(maxsize=256)
def spelled(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Keys as they are printed; asked for every command of the line of keys at every key."""
    return tuple(map(key_name, keys))


def key_name(key: str) -> str:
    """A key as it is printed on the keyboard: "ctrl+p" → "Ctrl+P"."""
    if key in KEY_NAMES:
        return KEY_NAMES[key]
    if len(key) == 1:
        return key
    character = key_to_character(key)
    if character is not None and character.isprintable():
        return character
    return "+".join(KEY_NAMES.get(part, part.capitalize()) for part in key.split("+"))


def bindings(
    commands: Iterable[Command], keymap: Mapping[str, str] | None = None
) -> list[BindingType]:
    """The commands as Textual bindings, with the keys that a learner changed by their ids."""
    changed = keymap or {}
    return [
        Binding(
            changed.get(one.id, one.keys),
            one.runs,
            one.says,
            show=False,
            id=one.id,
            tooltip=one.more,
        )
        for one in commands
    ]


def grouped(commands: Iterable[Command]) -> list[tuple[Command, ...]]:
    """Commands with those of one group brought together, in the order of their first."""
    found: dict[str, list[Command]] = {}
    for one in commands:
        found.setdefault(one.group or one.id, []).append(one)
    return [tuple(group) for group in found.values()]


def key_span(group: tuple[Command, ...], keymap: Mapping[str, str]) -> str:
    """The keys of a group: "1-4" or "+/-" for several, the first key for one command."""
    first, last = (one.shown(keymap)[0] for one in (group[0], group[min(len(group), 9) - 1]))
    return first if len(group) == 1 else span(first, last)


def span(first: str, last: str) -> str:
    """Several keys in short: "1-4", and "+/-" where there is nothing between them."""
    return f"{first}-{last}" if first.isalnum() and last.isalnum() else f"{first}/{last}"
