"""The learner's own keys: the table `[keys]` of config.toml, by command.

    [keys]
    reveal = "x,space"

What commands and keys there are only the app knows; it checks what stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studykit.study.config import KEYS, change_config, read_config
from studykit.study.errors import StudyError
from studykit.study.home import Home

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def load_keys(home: Home) -> dict[str, tuple[str, ...]]:
    """Command id → its keys as they were written. Raises StudyError for what are no keys."""
    table = read_config(home).get(KEYS, {})
    if not isinstance(table, dict):
        raise StudyError(f'{home.config}: keys must be a table: [keys], then lines id = "key".')
    found = {}
    for command, keys in table.items():
        several = keys.split(",") if isinstance(keys, str) else keys
        if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
            raise StudyError(f'{home.config}: [keys] {command} takes keys like "x,space".')
        found[str(command)] = tuple(one.strip() for one in several if one.strip())
    return found


def store_keys(home: Home, command: str, keys: tuple[str, ...]) -> None:
    """Write the keys of one command; without keys its own come back."""

    def change(document: TOMLDocument) -> None:
        import tomlkit

        table = document.get(KEYS)
        if table is None:
            table = document[KEYS] = tomlkit.table()
            table = document[KEYS]
        if keys:
            table[command] = ",".join(keys)
        elif command in table:
            table.remove(command)
        if not table:
            document.remove(KEYS)

    change_config(home, change)


def forget_keys(home: Home) -> None:
    """All commands get their own keys back."""

    def change(document: TOMLDocument) -> None:
        if KEYS in document:
            document.remove(KEYS)

    change_config(home, change)
