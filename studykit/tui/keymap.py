"""The learner's own keys: which commands there are on which screen, and what a change would break.

A command keeps its id; only its keys change. Ctrl+Q always quits, whatever was rebound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingsMap
from textual.keys import Keys, key_to_character

from studykit.tui.command import KEY_NAMES, Command, bindings, key_name
from studykit.tui.commands import EVERYWHERE

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from studykit.tui.screens.base import Page

PAGES = {
    "Decks": ("home", "HomeScreen"),
    "Study": ("study", "StudyScreen"),
    "Summary": ("summary", "SummaryScreen"),
    "Browse": ("browse", "BrowseScreen"),
    "Statistics": ("stats", "StatsScreen"),
    "Mistakes": ("mistakes", "MistakesScreen"),
    "One mistake": ("mistakes", "MadeScreen"),
    "Settings": ("settings", "SettingsScreen"),
    "Keys": ("keys", "KeysScreen"),
    "Changed card": ("identity", "IdentityScreen"),
    "Broken deck": ("faults", "FaultsScreen"),
    "Tour": ("tour", "TourScreen"),
    "Text": ("reading", "Reading"),
    "Scratchpad": ("pad", "PadScreen"),
    "Plan": ("plan", "PlanScreen"),
    "Interview": ("interview", "InterviewScreen"),
}
"""What a screen with commands is called, and where it is; each is imported when it is needed."""
ALWAYS = "ctrl+q"
"""Quits whatever was rebound."""
COPIES = "ctrl+c"
"""Copies what is selected; Textual's own key, on every screen and in every field."""
SHOWN = {name: key for key, name in KEY_NAMES.items()}
LOWER = {name.lower(): key for name, key in SHOWN.items()}
KNOWN = {one.value for one in Keys} | set(KEY_NAMES)
MODIFIERS = ("ctrl", "shift", "alt")


@dataclass(frozen=True, slots=True)
class Place:
    """A command, and the screens that have it; "Everywhere" for those of the app."""

    command: Command
    screens: tuple[str, ...]


def page(name: str) -> type[Page[None]]:
    """The screen of this name."""
    module, cls = PAGES[name]
    found: type[Page[None]] = getattr(import_module(f"studykit.tui.screens.{module}"), cls)
    return found


def places() -> dict[str, Place]:
    """Every command by id, in the order of the screens."""
    found = {one.id: Place(one, ("Everywhere",)) for one in EVERYWHERE}
    for name in PAGES:
        for one in page(name).does:
            here = found.get(one.id)
            screens = (*here.screens, name) if here else (name,)
            found[one.id] = Place(here.command if here else one, screens)
    return found


def rekey(node: DOMNode, commands: Iterable[Command], keymap: Mapping[str, str]) -> None:
    """Give a screen or the app these keys for its commands.

    Textual's own keymap drops every other command from a key that one of them leaves; here
    several share a key and the state decides.
    """
    commands = tuple(commands)
    ours = {one.id for one in commands}
    changed = BindingsMap(bindings(commands, keymap))
    for key, found in node._bindings.key_to_bindings.items():
        kept = [binding for binding in found if binding.id not in ours]
        if kept:
            changed.key_to_bindings.setdefault(key, []).extend(kept)
    node._bindings = changed


def normal(key: str) -> str | None:
    """A key as it may be written, "?", "Ctrl+R", "Esc", "f5", by its name; None for no key."""
    key = key.strip()
    if key in SHOWN:
        return SHOWN[key]
    if len(key) == 1:
        return _named(key) if key.isprintable() else None
    *modifiers, last = key.lower().split("+")
    last = SHOWN.get(last.capitalize(), LOWER.get(last, last))
    if any(one not in MODIFIERS for one in modifiers) or not last:
        return None
    if len(last) == 1:
        last = _named(last)
    elif last not in KNOWN and key_to_character(last) is None:
        return None
    return "+".join((*modifiers, last))


def _named(character: str) -> str:
    """The name that Textual gives to the key of a character."""
    return next(iter(BindingsMap([Binding(character, "none")]).key_to_bindings))


def conflicts(command: str, key: str, keymap: Mapping[str, str]) -> list[str]:
    """What already listens to `key` where `command` is: "Undo the last grade (Study)"."""
    found = []
    known = places()
    if command not in known:
        return []
    own = known[command]
    if key == COPIES:
        found.append("Copy what is selected (Everywhere)")
    for id_, other in known.items():
        if id_ == command or key not in keys_of(other.command, keymap):
            continue
        both = "Everywhere" in (*own.screens, *other.screens)
        shared = [name for name in other.screens if both or name in own.screens]
        if shared and not _share_already(own.command, other.command):
            found.append(f"{other.command.says} ({', '.join(shared)})")
    return found


def _share_already(one: Command, other: Command) -> bool:
    """Whether two commands share a key from the start: the state decides between them."""
    return bool(set(keys_of(one, {})) & set(keys_of(other, {})))


def keys_of(command: Command, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of a command by their names."""
    return tuple(normal(key) or key for key in command.bound(keymap))


def checked(written: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, str], list[str]]:
    """What of the learner's keys can be used, and a sentence on each that cannot."""
    known = places()
    keymap: dict[str, str] = {}
    wrong = []
    for command, keys in written.items():
        if command not in known:
            near = get_close_matches(command, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "`studykit keys` lists them."
            wrong.append(f"There is no command {command}; {hint}")
            continue
        names = [normal(key) for key in keys]
        bad = [key for key, name in zip(keys, names, strict=True) if name is None]
        if bad or not names:
            said = f"{bad[0]!r} is no key" if bad else "it has no key"
            wrong.append(f"{command} keeps its own keys: {said}. Write one like x, f5 or ctrl+r.")
            continue
        if ALWAYS in names and command != "quit":
            wrong.append(f"{command} keeps its own keys: {key_name(ALWAYS)} always quits.")
            continue
        keymap[command] = ",".join(name for name in names if name)
    for command in list(keymap):
        for key in keymap[command].split(","):
            others = conflicts(command, key, keymap)
            if others:
                wrong.append(f"{key_name(key)} is {command} and also {', '.join(others)}.")
    return keymap, wrong


def listed(keymap: Mapping[str, str]) -> list[dict[str, object]]:
    """Every command with the keys in force and its own, as `studykit keys` prints them."""
    return [
        {
            "id": id_,
            "keys": [key_name(key) for key in keys_of(place.command, keymap)],
            "default": [key_name(key) for key in keys_of(place.command, {})],
            "says": place.command.says,
            "screens": list(place.screens),
        }
        for id_, place in places().items()
    ]
